'use strict';
/* The widget and the real daemon with the sample academy: pages, policy headers, answers, restarts. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const h = require('./harness');

let browser, daemon;
before(async () => {
	browser = await h.browser_start();
	daemon = await h.kefud_start();
});
after(async () => {
	await browser.close();
	await daemon.remove();
});

const last = (locator) => locator.last().textContent();

test('the demo page comes with a policy that allows nothing inline and no other host', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'));
	assert.match(policy, /default-src 'self'/);
	assert.doesNotMatch(policy, /unsafe|\*/);
	await chat.open();
	assert.equal(await page.title(), '知行课堂 · 把想学的，学会');
	await done();
});

test('the widget is sent compressed, and not again when it has not changed', async () => {
	const {page, done} = await h.page_open(browser, daemon.url);
	const answer = await page.request.get(`${daemon.url}widget.js`, {headers: {'accept-encoding': 'gzip'}});
	assert.equal(answer.headers()['content-encoding'], 'gzip');
	const again = await page.request.get(`${daemon.url}widget.js`, {headers: {'accept-encoding': 'gzip',
		'if-none-match': answer.headers().etag}});
	assert.equal(again.status(), 304);
	await done();
});

test('a Chinese question gets a Chinese answer and an English one an English answer', async () => {
	const {chat, done} = await h.page_open(browser, daemon.url);
	await chat.open();
	assert.match(await last(chat.theirs), /知行课堂/);
	await chat.say('退款政策是什么');
	await h.counted(chat.theirs, 2);
	assert.match(await last(chat.theirs), /7 天内.*20%/s);
	await chat.say('What is your refund policy?');
	await h.counted(chat.theirs, 3);
	assert.match(await last(chat.theirs), /within 7 days.*20%/is);
	assert.deepEqual(await chat.under.allTextContents(), ['', '']);
	await done();
});

test('the page in English opens a chat in English', async () => {
	const {chat, done} = await h.page_open(browser, `${daemon.url}?lang=en`, {locale: 'en-US'});
	await chat.open();
	assert.match(await last(chat.theirs), /Zhixing Academy/);
	await done();
});

test('a pressed suggestion is shown as said and answered', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	const wire = h.wire_tap(page);
	await chat.open();
	const title = await chat.replies.first().textContent();
	await chat.replies.first().click();
	await h.counted(chat.theirs, 2);
	assert.equal(await last(chat.mine), title);
	const click = wire.sent.find((frame) => frame.type === 'click');
	assert.equal(wire.got.find((frame) => frame.to === click.id).type, 'reply');
	await done();
});

test('a wish for a course brings cards with title, price, reason and link', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	await page.locator('.chips button').first().click(); /* the page's own "Python" */
	await chat.cards.first().waitFor();
	assert.equal(await last(chat.mine), '推荐一门 Python 课');
	for (const card of await chat.cards.all()) {
		assert.match(await card.getAttribute('href'), /^https:\/\/zhixing\.example\/course\/\w+$/);
		assert.match(await card.locator('.price').textContent(), /^(¥\d+(\.\d\d)?|免费)$/);
		assert.notEqual(await card.locator('.reason').textContent(), '');
		assert.equal(await card.locator('.tile').textContent(),
			(await card.locator('.title').textContent()).slice(0, 1));
	}
	assert.match((await chat.cards.allTextContents()).join(), /Python/);
	await done();
});

test('a course that is sent away is not recommended again', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('推荐一门 Python 课');
	await chat.cards.first().waitFor();
	const title = await chat.inside('.card .title').first().textContent();
	const cards = await chat.cards.count();
	await chat.inside('.away').first().click();
	await h.counted(chat.cards, cards - 1);
	const event = await h.until('the event', () => wire.sent.find((frame) => frame.name === 'dismiss'));
	await h.until('its ack', () => wire.got.some((frame) => frame.type === 'ack' && frame.to === event.id));
	await chat.say('推荐一门 Python 课');
	await h.counted(chat.inside('.cards'), 2);
	const again = await chat.inside('.cards').last().locator('.title').allTextContents();
	assert.ok(again.length > 0 && !again.includes(title), `${title} in ${again}`);
	assert.ok((await chat.inside('.format').allTextContents()).includes('视频'));
	await done();
});

test('a vote is acknowledged and survives a reload', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('怎么开发票');
	await h.counted(chat.theirs, 2);
	await chat.votes('good').last().click();
	const sent = await h.until('the vote', () => wire.sent.find((frame) => frame.type === 'feedback'));
	await h.until('its ack', () => wire.got.some((frame) => frame.type === 'ack' && frame.to === sent.id));
	await page.reload();
	await h.until('a hello', () => wire.got.filter((frame) => frame.type === 'welcome').length === 2);
	assert.equal(await chat.votes('good').last().getAttribute('aria-pressed'), 'true');
	assert.equal(wire.sent.filter((frame) => frame.type === 'feedback').length, 1);
	await done();
});

test('a reload shows the conversation at once and goes on with it', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('我要退款');
	await h.counted(chat.theirs, 2);
	const before_it = await chat.theirs.allTextContents();
	await page.reload();
	await chat.panel.waitFor();
	assert.deepEqual(await chat.theirs.allTextContents(), before_it);
	await h.until('a resumed welcome', () => wire.got.some((frame) => frame.type === 'welcome' && frame.resumed));
	await chat.say('谢谢');
	await h.counted(chat.theirs, 3);
	assert.equal(await chat.mine.count(), 2);
	await done();
});

test('a daemon killed and started again loses no message and doubles none', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url, {}, /WebSocket connection|ERR_CONNECTION/);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('退款政策是什么');
	await h.counted(chat.theirs, 2);
	await daemon.stop('SIGKILL');
	await chat.banner.waitFor();
	await chat.say('怎么开发票');
	await chat.say('课程可以看多久');
	assert.deepEqual(await chat.under.allTextContents(), ['', '发送中…', '发送中…']);
	await daemon.start();
	await h.counted(chat.theirs, 4);
	await chat.banner.waitFor({state: 'hidden'});
	assert.deepEqual(await chat.mine.allTextContents(), ['退款政策是什么', '怎么开发票', '课程可以看多久']);
	const replies = wire.got.filter((frame) => frame.type === 'reply').map((frame) => frame.to);
	assert.equal(new Set(replies).size, 3);
	assert.match((await chat.theirs.allTextContents())[2], /发票/);
	await chat.say('谢谢');
	await h.counted(chat.theirs, 5);
	await done();
});

test('a daemon stopped politely and started again keeps the session', async () => {
	const {page, chat, done} = await h.page_open(browser, daemon.url, {}, /WebSocket connection|ERR_CONNECTION/);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('我要退款');
	await h.counted(chat.theirs, 2);
	await daemon.stop('SIGTERM');
	await daemon.start();
	await h.until('a resumed welcome', () => wire.got.some((frame) => frame.type === 'welcome' && frame.resumed));
	const [first, second] = wire.got.filter((frame) => frame.type === 'welcome');
	assert.equal(second.session, first.session);
	assert.equal(await chat.theirs.count(), 2);
	await done();
});

test('two windows take the conversation from each other only when looked at', async () => {
	const {page, context, chat, done} = await h.page_open(browser, daemon.url);
	const wire = h.wire_tap(page);
	await chat.open();
	await chat.say('怎么开发票');
	await h.counted(chat.theirs, 2);
	const second = await context.newPage();
	await second.goto(daemon.url);
	await second.locator('kefu-chat .launcher').click();
	await second.locator('kefu-chat textarea').fill('谢谢');
	await second.locator('kefu-chat textarea').press('Enter');
	await h.counted(second.locator('kefu-chat .row.bot:not(.typing)'), 3);
	await h.counted(chat.theirs, 3);
	await chat.say('课程可以看多久');
	await h.counted(chat.theirs, 4);
	await h.counted(second.locator('kefu-chat .row.bot:not(.typing)'), 4);
	assert.ok(wire.got.filter((frame) => frame.type === 'welcome').length <= 3);
	await done();
});

'use strict';
/* The learner's side of people beside the bot, with the real daemon and a person of the staff on its other end. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const h = require('./harness');

const PASSWORD = 'a long password of theirs';
const EXCUSE = /WebSocket connection|ERR_CONNECTION|401/;
let browser, daemon, desk;
before(async () => {
	browser = await h.browser_start();
	daemon = await h.kefud_start('--rate', '1000');
	h.staff_add(daemon, 'xiaoli', 'agent', PASSWORD);
	desk = await desk_open('xiaoli');
});
after(async () => {
	await browser.close();
	await daemon.remove();
});

/* Somebody of the staff: {send(frame), got(fn)}, on a page of the daemon's own, as the desk's page would. */
async function desk_open(name) {
	const {page} = await h.page_open(browser, `${daemon.url}admin/`, {}, EXCUSE);
	const send = (frame) => page.evaluate((one) => window.desk.send(JSON.stringify(one)), frame);
	const connect = () => page.evaluate(() => new Promise((done) => {
		window.heard = [];
		window.desk = new WebSocket(`ws://${location.host}/admin/ws`, 'kefu.desk.v1');
		window.desk.onmessage = (event) => window.heard.push(JSON.parse(event.data));
		window.desk.onopen = done;
	}));
	await page.evaluate(async ([who, password]) => {
		const answer = await fetch('/admin/api/login', {method: 'POST', headers: {'content-type': 'application/json'},
			body: JSON.stringify({name: who, password})});
		if (!answer.ok)
			throw new Error(await answer.text());
	}, [name, PASSWORD]);
	const begin = async () => {
		await connect();
		await send({type: 'hello'});
		await send({type: 'presence', state: 'online'});
	};
	await begin();
	return {send, begin, page, got: (what, fn) => h.until(what, async () => (await page.evaluate(() => window.heard)).find(fn))};
}

/* A learner asks for a person; the conversation as the desk knows it. */
async function asked(desk_side) {
	const opened = await h.page_open(browser, daemon.url, {}, EXCUSE);
	opened.wire = h.wire_tap(opened.page);
	const known = new Set((await desk_side.page.evaluate(() => window.heard)).filter((one) => one.chat).map((one) => one.chat.session));
	await opened.chat.open();
	await opened.chat.say('转人工');
	await opened.chat.queue.waitFor();
	const {chat} = await desk_side.got('the chat in the queue', (one) => one.type === 'chat' && one.chat.state === 'queued' &&
		!known.has(one.chat.session));
	opened.session = chat.session;
	return opened;
}

test('a person takes the conversation, types, speaks, is spoken to, and closes it', async () => {
	const {chat, session, done} = await asked(desk);
	assert.match(await chat.queue.textContent(), /您排在第 1 位/);
	assert.equal(await chat.inside('.state').textContent(), '正在等候人工客服');
	await desk.send({type: 'take', session});
	await chat.queue.waitFor({state: 'hidden'});
	assert.match(await chat.notes.last().textContent(), /^xiaoli 已加入对话$/);
	assert.equal(await chat.inside('.state').textContent(), 'xiaoli 正在为您服务');
	await desk.send({type: 'typing', session});
	await chat.typing.waitFor();
	await desk.send({type: 'say', session, id: 's1', text: '您好，请说'});
	const row = chat.inside('.row.agent:not(.typing)').last();
	await row.locator('.bubble', {hasText: '您好，请说'}).waitFor();
	assert.equal(await row.locator('.name').textContent(), 'xiaoli');
	const before_it = await chat.theirs.count();
	await chat.input.pressSequentially('我的订单');
	await desk.got('the learner types', (one) => one.type === 'typing' && one.session === session);
	await chat.say('我的订单没到账');
	await desk.got('the line', (one) => one.type === 'line' && one.session === session && one.line.text === '我的订单没到账');
	await h.until('acknowledged', async () => (await chat.under.allTextContents()).every((text) => text === ''));
	assert.equal(await chat.theirs.count(), before_it, 'the bot is silent');
	await desk.send({type: 'close', session});
	await h.until('closed', async () => /xiaoli 已结束本次服务/.test(await chat.notes.last().textContent()));
	await chat.say('退款政策是什么');
	await h.counted(chat.theirs, before_it + 1);
	await done();
});

test('who waits is told when they move up, and can leave the queue', async () => {
	const first = await asked(desk);
	const second = await asked(desk);
	assert.match(await second.chat.queue.textContent(), /第 2 位/);
	await first.chat.queue.locator('button').click();
	await first.chat.queue.waitFor({state: 'hidden'});
	await h.until('told', async () => /已取消排队/.test(await first.chat.notes.last().textContent()));
	await h.until('moved up', async () => /第 1 位/.test(await second.chat.queue.textContent()));
	assert.equal(await second.chat.notes.count(), 1, 'moving up is no new line');
	await first.chat.say('退款政策是什么');
	await h.until('the bot answers again', async () => /7 天内/.test(await first.chat.theirs.last().textContent()));
	await second.chat.queue.locator('button').click();
	await second.chat.queue.waitFor({state: 'hidden'});
	await first.done();
	await second.done();
});

test('a daemon killed while a person talks: both go on, nothing is lost, nothing is said twice', async () => {
	const {page, chat, wire, session, done} = await asked(desk);
	await desk.send({type: 'take', session});
	await chat.queue.waitFor({state: 'hidden'});
	await desk.send({type: 'say', session, id: 'k1', text: '第一句'});
	await chat.inside('.row.agent .bubble', {hasText: '第一句'}).waitFor();
	await chat.say('我说一');
	await daemon.stop('SIGKILL');
	await chat.say('我说二');
	await daemon.start();
	await desk.begin();
	await h.until('acknowledged', async () => (await chat.under.allTextContents()).every((text) => text === ''));
	await desk.send({type: 'say', session, id: 'k2', text: '第二句'});
	await chat.inside('.row.agent .bubble', {hasText: '第二句'}).waitFor();
	await desk.send({type: 'open', session, since: 0});
	await desk.got('all lines', (one) => one.type === 'opened' && one.session === session);
	const lines = (await desk.page.evaluate(() => window.heard)).filter((one) => one.type === 'line' && one.session === session);
	const said = [...new Map(lines.map((one) => [one.line.n, one.line])).values()].sort((a, b) => a.n - b.n)
		.filter((line) => ['learner', 'agent'].includes(line.side));
	assert.deepEqual(said.map((line) => line.text), ['转人工', '第一句', '我说一', '我说二', '第二句']);
	assert.equal(await chat.inside('.state').textContent(), 'xiaoli 正在为您服务');
	assert.deepEqual(await chat.inside('.row.agent:not(.typing) .bubble').evaluateAll((nodes) => nodes.map((node) => node.lastChild.textContent)), ['第一句', '第二句']);
	assert.equal(wire.got.filter((frame) => frame.type === 'welcome' && !frame.resumed).length, 1);
	/* What a person says to somebody who has gone away waits for them. */
	await page.goto('about:blank');
	await desk.send({type: 'say', session, id: 'k3', text: '第三句'});
	await desk.got('on the disk', (one) => one.type === 'done' && one.id === 'k3');
	await page.goto(daemon.url);
	await chat.inside('.row.agent .bubble', {hasText: '第三句'}).waitFor();
	await desk.send({type: 'release', session});
	await h.until('left', async () => /已离开/.test(await chat.notes.last().textContent()));
	await done();
});

test('with nobody there the learner is told so and leaves a message', async () => {
	await desk.send({type: 'presence', state: 'away'});
	const {chat, done} = await h.page_open(browser, daemon.url, {}, EXCUSE);
	await chat.open();
	await chat.say('转人工');
	await h.until('told', async () => (await chat.notes.count()) > 0 && /人工客服暂时不在/.test(await chat.notes.last().textContent()));
	assert.equal(await chat.queue.isVisible(), false);
	assert.equal(await chat.inside('.state').textContent(), '智能客服在线 · 人工暂时不在');
	await chat.say('退款政策是什么');
	await h.until('the bot goes on', async () => (await chat.theirs.count()) > 2);
	await desk.send({type: 'presence', state: 'online'});
	await done();
});

'use strict';
/* For everybody: keyboard, focus, screen readers, small screens, both languages, dark, less motion. */
const {test, before, after, beforeEach, afterEach} = require('node:test');
const assert = require('node:assert/strict');
const axe = require('axe-core');
const h = require('./harness');

let browser, mock;
before(async () => (browser = await h.browser_start()));
after(() => browser.close());
beforeEach(async () => {
	mock = await h.mock_start();
	mock.on((frame) => {
		if (frame.type === 'hello')
			mock.say({type: 'welcome', session: 'feedc0de00000001', resumed: false, text: `hello ${frame.lang}`,
				buttons: [{title: '推荐课程', value: 'intent:recommend'}]});
		else if (frame.id)
			mock.say({type: 'reply', to: frame.id, source: 'rule', text: '看看 **这些**：https://example.com/',
				courses: [{id: 'a', title: '摄影入门', url: '/course/a', price: 99, reason: '适合零基础'},
					{id: 'b', title: '绘画', price: 0}],
				buttons: [{title: '转人工', value: 'intent:human'}]});
	});
});
afterEach(() => mock.close());

const PHONE = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};

async function violations(page) {
	await page.evaluate(axe.source);
	const {violations: found} = await page.evaluate(() => window.axe.run(document));
	return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(' ')).join(', ')}`);
}

for (const [name, options, lang] of [
	['a desktop in Chinese', {}, 'zh'],
	['a desktop in English, dark', {colorScheme: 'dark', locale: 'en-US'}, 'en'],
	['a phone in Chinese, dark', {...PHONE, colorScheme: 'dark'}, 'zh'],
	['a phone in English', {...PHONE, locale: 'en-US'}, 'en'],
])
	test(`axe finds nothing on ${name}`, async () => {
		const {page, chat, done} = await h.page_open(browser, `${mock.url}?lang=${lang}`,
			{...options, reducedMotion: 'reduce'});
		assert.deepEqual(await violations(page), []);
		await chat.open();
		await chat.say('推荐课程');
		await h.counted(chat.cards, 2);
		await chat.votes('good').click();
		mock.say({type: 'agent', state: 'queued', position: 1});
		await h.counted(chat.notes, 1);
		mock.on((frame) => mock.send({type: 'error', code: 'too_long', to: frame.id, message: ''}));
		await chat.say('x');
		await chat.inside('.retry').waitFor();
		await chat.menu('fresh');
		assert.deepEqual(await violations(page), []);
		await done();
	});

test('the keyboard alone opens, sends, presses a suggestion and closes; the focus comes back', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	const focused = () => page.evaluate(() => {
		const node = document.activeElement.shadowRoot && document.activeElement.shadowRoot.activeElement;
		return node ? `${node.localName}.${node.className}` : document.activeElement.localName;
	});
	await page.keyboard.press('Shift+Tab'); /* from the end of the page */
	assert.equal(await focused(), 'button.launcher');
	assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'false');
	await page.keyboard.press('Enter');
	assert.equal(await focused(), 'textarea.');
	assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
	await h.counted(chat.replies, 1);
	await page.keyboard.press('Shift+Tab');
	assert.equal(await focused(), 'button.', 'the suggestion is the stop before the box');
	const ring = await chat.replies.evaluate((node) => getComputedStyle(node).outlineStyle);
	assert.equal(ring, 'solid', 'what has the focus shows it');
	await page.keyboard.press('Space');
	await h.counted(chat.cards, 2);
	assert.equal(await focused(), 'textarea.', 'the pressed suggestion is gone, the focus is not');
	await page.keyboard.press('Escape');
	await chat.panel.waitFor({state: 'hidden'});
	assert.equal(await focused(), 'button.launcher');
	await done();
});

test('messages are a polite log inside a named dialog', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await page.getByRole('dialog', {name: '学习助手小知'}).getByRole('log', {name: '聊天记录'}).waitFor();
	const log = chat.inside('[role=log]');
	await h.until('the log is live', async () => (await log.getAttribute('aria-live')) === 'polite');
	assert.match(await log.textContent(), /客服：hello zh-CN/);
	await done();
});

test('a phone gets the whole screen, keeps Tab inside and the page still', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url, {...PHONE, reducedMotion: 'reduce'});
	await chat.launcher.tap();
	await chat.replies.waitFor();
	assert.deepEqual(await chat.panel.boundingBox(), {x: 0, y: 0, width: 390, height: 844});
	assert.equal(await chat.panel.getAttribute('aria-modal'), 'true');
	assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), 'hidden');
	assert.equal(await chat.input.evaluate((node) => node.getRootNode().activeElement === node), false,
		'no keyboard over the answers');
	assert.ok(parseFloat(await chat.input.evaluate((node) => getComputedStyle(node).fontSize)) >= 16);
	for (let i = 0; i < 12; i++) {
		await page.keyboard.press('Tab');
		assert.ok(await page.evaluate(() => document.activeElement.localName === 'kefu-chat'));
	}
	await chat.inside('.close').tap();
	await chat.panel.waitFor({state: 'hidden'});
	assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), 'visible');
	await done();
});

test('the language follows the page, can be switched, and stays switched', async () => {
	const {page, chat, done} = await h.page_open(browser, `${mock.url}?lang=en`, {locale: 'zh-CN'});
	await chat.open();
	assert.equal(await chat.input.getAttribute('placeholder'), 'Type your question…');
	assert.equal(mock.frames[0].lang, 'en');
	await chat.menu('lang');
	assert.equal(await chat.input.getAttribute('placeholder'), '输入您的问题…');
	await h.until('a hello in Chinese', () => mock.frames.at(-1).lang === 'zh-CN');
	assert.equal(await chat.inside('.floating').getAttribute('lang'), 'zh-CN');
	await page.reload();
	await chat.panel.waitFor();
	assert.equal(await chat.input.getAttribute('placeholder'), '输入您的问题…');
	await done();
});

test('who asks for less motion gets none', async () => {
	const {chat, done} = await h.page_open(browser, mock.url, {reducedMotion: 'reduce'});
	await chat.open();
	assert.equal(await chat.panel.evaluate((node) => getComputedStyle(node).animationName), 'none');
	assert.equal(await chat.launcher.evaluate((node) => getComputedStyle(node).transitionProperty +
		getComputedStyle(node).transitionDuration), 'none0s');
	await done();
});

test('data attributes set title, language and a colour that keeps its words readable', async () => {
	const {page, done} = await h.page_open(browser, mock.url);
	const second = await page.context().newPage();
	await second.route('**/host', (route) => route.fulfill({contentType: 'text/html', body: `<!doctype html>
		<html lang="zh"><title>t</title><body><script src="/widget.js" data-lang="en" data-title="Ask us"
		data-color="#ffd400"></script></body></html>`}));
	await second.goto(`${mock.url}host`);
	await second.locator('kefu-chat .launcher').click();
	await second.getByRole('dialog', {name: 'Ask us'}).waitFor();
	assert.equal(await second.locator('kefu-chat textarea').getAttribute('placeholder'), 'Type your question…');
	assert.deepEqual(await second.locator('kefu-chat .launcher').evaluate((node) => {
		const style = getComputedStyle(node);
		return [style.backgroundColor, style.color];
	}), ['rgb(255, 212, 0)', 'rgb(17, 17, 17)']);
	await done();
});

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
		else if (frame.type === 'feedback')
			mock.say({type: 'ack', to: frame.id});
		else if (frame.id)
			mock.say({type: 'reply', to: frame.id, source: 'rule', text: '看看 **这些**：https://example.com/',
				courses: [{id: 'a', title: '摄影入门', url: '/course/a', price: 99, reason: '适合零基础'},
					{id: 'b', title: '绘画', price: 0}],
				buttons: [{title: '转人工', value: 'intent:human'}]});
	});
});
afterEach(() => mock.close());

const PHONE = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};

/* axe with everything of WCAG 2.2 AA and its best practices; the size of targets is off unless asked for. */
async function violations(page) {
	await page.evaluate(axe.source);
	const {violations: found} = await page.evaluate(() => window.axe.run(document, {rules: {'target-size': {enabled: true}}}));
	return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(' ')).join(', ')}`);
}

/* Everything that can be pressed is at least 24 by 24 pixels; links in a text are not meant. */
function small_targets(page) {
	return page.locator('kefu-chat button:visible, kefu-chat a.card:visible, kefu-chat textarea:visible').evaluateAll((nodes) => nodes
		.map((node) => [node.className, node.getBoundingClientRect()])
		.filter(([, box]) => box.width < 24 || box.height < 24).map(([name, box]) => `${name} ${box.width} x ${box.height}`));
}

const COURSES = [{id: 'a', title: '摄影入门', url: '/course/a', price: 99, reason: '适合零基础', format: 'video', image: '/favicon.svg'},
	{id: 'b', title: '绘画', price: 0}, {id: 'c', title: '写作', url: '/course/c', price: 5}];

/* The states of the widget in their order; each goes on from the one before. */
const STATES = [
	['closed, with a first word', async ({chat}) => chat.nudge.waitFor()],
	['consent', async ({chat}) => {
		await chat.launcher.click();
		await chat.consent.waitFor();
	}],
	['open', async ({chat}) => {
		await chat.consent.locator('.yes').click();
		await h.counted(chat.replies, 1);
	}],
	['answer', async ({chat}) => {
		await chat.say('怎么退款');
		await h.counted(chat.cards, 2);
		await chat.votes('good').click();
	}],
	['cards', async ({chat}) => {
		mock.say({type: 'push', text: '看看', courses: COURSES, buttons: [{title: '换一批', value: 'x'}]});
		await h.counted(chat.cards, 5);
	}],
	['typing', async ({chat}) => {
		mock.send({type: 'typing', who: 'agent'});
		await chat.typing.waitFor();
	}],
	['queue', async ({chat}) => {
		mock.say({type: 'agent', state: 'queued', position: 3});
		await chat.queue.waitFor();
	}],
	['talk with a person', async ({chat}) => {
		mock.say({type: 'agent', state: 'joined', name: '小李'});
		mock.say({type: 'agent_message', name: '小李', text: '您好'});
		await chat.inside('.row.agent').waitFor();
	}],
	['nobody there', async ({chat}) => {
		mock.say({type: 'agent', state: 'offline', opens: '2030-01-07T01:00:00Z'});
		await h.counted(chat.notes, 3);
	}],
	['error', async ({chat}) => {
		mock.on((frame) => mock.send({type: 'error', code: 'too_long', to: frame.id, message: ''}));
		await chat.say('x');
		await chat.inside('.retry').waitFor();
	}],
	['menu', async ({chat}) => chat.inside('.more').click()],
	['question', async ({chat}) => chat.inside('.menu .erase').click()],
	['lost connection', async ({chat}) => {
		await mock.close();
		await chat.banner.waitFor();
	}],
];

const OPTIONS = '<script src="/widget.js" defer data-proactive-zh="想学点什么？" data-proactive-en="Anything to learn?" data-proactive-after="0" ' +
	'data-consent-zh="我们会保存对话。" data-consent-en="We keep the chat." data-consent="https://example.com/privacy"></script>';

for (const [name, options, lang, color] of [
	['a desktop in Chinese', {}, 'zh', ''],
	['a desktop in English, dark', {colorScheme: 'dark'}, 'en', ''],
	['a phone in Chinese, dark', {...PHONE, colorScheme: 'dark'}, 'zh', '#0b6e69'],
	['a phone in English', {...PHONE}, 'en', '#0b6e69'],
	['a desktop with forced colours', {forcedColors: 'active'}, 'en', ''],
	['a page of the other direction with a light colour', {}, 'zh', '#ffd400'],
])
	test(`axe finds nothing and no target is small in any state on ${name}`, async () => {
		const rtl = /direction/.test(name) ? ' dir="rtl"' : '';
		const opened = await h.page_open(browser, mock.url, {...options, reducedMotion: 'reduce'}, /WebSocket|ERR_CONNECTION/);
		mock.texts['/host'] = `<!doctype html><html lang="${lang}"${rtl}><head><title>Host</title><link rel="icon" href="/favicon.svg">
			<meta name="viewport" content="width=device-width, initial-scale=1"></head>
			<body><main><h1>Host</h1><kefu-chat${rtl}${color && ` color="${color}"`}></kefu-chat></main>${OPTIONS}</body></html>`;
		await opened.page.goto(`${mock.url}host`);
		for (const [state, go] of STATES) {
			await go(opened);
			assert.deepEqual(await violations(opened.page), [], state);
			assert.deepEqual(await small_targets(opened.page), [], state);
			assert.equal(await opened.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, state);
		}
		await opened.done();
	});

for (const [name, viewport] of [['at 200 %', {width: 640, height: 400}], ['at 400 %', {width: 320, height: 256}]])
	test(`everything can be reached and read ${name}`, async () => {
		const {page, chat, done} = await h.page_open(browser, mock.url, {viewport, deviceScaleFactor: 2, reducedMotion: 'reduce'});
		await chat.open();
		await chat.say('推荐课程');
		await h.counted(chat.cards, 2);
		for (const part of [chat.input, chat.inside('.send'), chat.inside('.more'), chat.inside('.close')]) {
			const box = await part.boundingBox();
			assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height);
		}
		assert.ok((await chat.inside('.scroll').boundingBox()).height > 80, 'the messages have room');
		assert.equal(await chat.inside('.scroll').evaluate((node) => node.scrollWidth > node.clientWidth), false, 'messages');
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'page');
		await chat.inside('.more').click();
		await chat.inside('.menu .erase').click();
		await chat.inside('.question .no').click();
		await done();
	});

test('with forced colours buttons and bubbles keep an edge and the focus can be seen', async () => {
	const {chat, done} = await h.page_open(browser, mock.url, {forcedColors: 'active'});
	await chat.open();
	await chat.say('你好');
	await h.counted(chat.cards, 2);
	for (const part of [chat.launcher, chat.panel, chat.inside('.row.me .bubble'), chat.inside('.send'), chat.cards.first()])
		assert.equal(await part.evaluate((node) => getComputedStyle(node).borderTopStyle), 'solid');
	await chat.inside('.votes button').first().focus();
	assert.notEqual(await chat.inside('.box').evaluate((node) => getComputedStyle(node).borderTopStyle), 'none');
	await done();
});

test('the menu is worked by keys: arrows, Home, End, Escape', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.className);
	await chat.inside('.more').focus();
	await page.keyboard.press('Enter');
	const seen = [await focused()];
	for (const key of ['ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'Escape']) {
		await page.keyboard.press(key);
		seen.push(await focused());
	}
	assert.deepEqual(seen, ['lang', 'save', 'erase', 'lang', 'erase', 'lang', 'more']);
	assert.equal(await chat.inside('.more').getAttribute('aria-expanded'), 'false');
	await chat.panel.waitFor();
	await chat.inside('.more').click();
	await chat.input.click();
	await chat.inside('.menu').waitFor({state: 'hidden'});
	await done();
});

test('a row of courses is walked by arrow keys, its own arrows and Tab, one card at a time', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url, {reducedMotion: 'reduce'});
	await chat.open();
	mock.say({type: 'push', text: '看看', courses: [1, 2, 3, 4].map((n) => ({id: `c${n}`, title: `课 ${n}`, url: `/course/${n}`}))});
	await h.counted(chat.cards, 4);
	const list = chat.inside('.cards');
	const left = () => list.evaluate((node) => node.scrollLeft);
	assert.equal(await chat.inside('.earlier').isVisible(), false);
	await chat.inside('.later').click();
	await h.until('one card further', async () => (await left()) > 150);
	await chat.inside('.earlier').waitFor();
	await chat.cards.first().focus();
	const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.querySelector('.title').textContent);
	for (const [key, title] of [['ArrowRight', '课 2'], ['ArrowRight', '课 3'], ['ArrowRight', '课 4'], ['ArrowRight', '课 4'], ['ArrowLeft', '课 3']]) {
		await page.keyboard.press(key);
		assert.equal(await focused(), title);
	}
	await page.keyboard.press('ArrowRight');
	await h.until('at the end', async () => !(await chat.inside('.later').isVisible()));
	const snap = await list.evaluate((node) => getComputedStyle(node).scrollSnapType);
	assert.equal(snap, 'x mandatory');
	await done();
});

test('on a phone the panel stays above the keyboard, also where the page is pushed up', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url, {...PHONE, reducedMotion: 'reduce'});
	await chat.launcher.tap();
	await chat.replies.waitFor();
	await page.evaluate(() => {
		for (const [name, value] of [['height', 500], ['offsetTop', 120]])
			Object.defineProperty(visualViewport, name, {get: () => value});
		visualViewport.dispatchEvent(new Event('resize'));
	});
	assert.deepEqual(await chat.panel.boundingBox(), {x: 0, y: 120, width: 390, height: 500});
	const input = await chat.input.boundingBox();
	assert.ok(input.y + input.height <= 620);
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

test('data attributes of the script set title, language and a colour that keeps its words readable', async () => {
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
	}), ['rgb(255, 212, 0)', 'rgb(0, 0, 0)']);
	await done();
});

'use strict';
/* The widget against a server that does on demand what the real one does rarely. */
const {test, before, after, beforeEach, afterEach} = require('node:test');
const assert = require('node:assert/strict');
const h = require('./harness');

let browser, mock;
before(async () => (browser = await h.browser_start()));
after(() => browser.close());
beforeEach(async () => {
	mock = await h.mock_start();
	mock.on(polite);
});
afterEach(() => mock.close());

const WELCOME = {type: 'welcome', session: 'feedc0de00000001', text: '您好，我是小知。'};

/* Greets, answers each message with its own words, confirms feedback. */
function polite(frame) {
	if (frame.type === 'hello')
		frame.session ? mock.send({...WELCOME, seq: mock.seq, resumed: true}) : mock.say({...WELCOME, resumed: false});
	else if (frame.type === 'message' || frame.type === 'click')
		mock.say({type: 'reply', to: frame.id, text: `答：${frame.text || frame.value}`, source: 'rule', lang: 'zh'});
	else if (frame.type === 'feedback')
		mock.say({type: 'ack', to: frame.id});
}

const messages = () => mock.frames.filter((frame) => frame.type === 'message');
const hellos = () => mock.frames.filter((frame) => frame.type === 'hello');

test('a page nobody chats on opens no connection', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.launcher.waitFor();
	assert.equal(await chat.launcher.getAttribute('aria-label'), '打开客服对话');
	assert.equal(mock.frames.length, 0);
	await done();
});

test('the hello tells language and page, and the token once there is one', async () => {
	const {page, chat, done} = await h.page_open(browser, `${mock.url}?from=mail`);
	await chat.open();
	assert.deepEqual(mock.frames[0], {type: 'hello', lang: 'zh-CN', page: '/'});
	await page.evaluate(() => window.kefu.identify('a.b.c'));
	await h.until('a second hello', () => hellos().length === 2);
	assert.deepEqual(hellos()[1], {type: 'hello', lang: 'zh-CN', page: '/', session: WELCOME.session, since: 1,
		identity: 'a.b.c'});
	await done();
});

test('Enter sends, Shift+Enter breaks the line, blank text goes nowhere', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await chat.say('   ');
	await chat.input.fill('');
	await page.keyboard.type('第一行');
	await page.keyboard.press('Shift+Enter');
	await page.keyboard.type('第二行');
	assert.equal(messages().length, 0);
	await page.keyboard.press('Enter');
	await h.counted(chat.theirs, 2);
	assert.deepEqual(messages().map((frame) => frame.text), ['第一行\n第二行']);
	assert.equal(await chat.input.inputValue(), '');
	await done();
});

test('Enter that ends a word of an input method does not send', async () => {
	const {page, context, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await chat.input.focus();
	const keys = await context.newCDPSession(page);
	const enter = (code) => keys.send('Input.dispatchKeyEvent',
		{type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: code});
	await keys.send('Input.imeSetComposition', {text: 'tuikuan', selectionStart: 7, selectionEnd: 7});
	await page.evaluate(() => {
		window.composing = [];
		document.querySelector('kefu-chat').addEventListener('keydown', (event) =>
			window.composing.push(event.isComposing));
	});
	await enter(13);
	assert.deepEqual(await page.evaluate(() => window.composing), [true], 'the key came during a composition');
	await keys.send('Input.insertText', {text: '退款'});
	await enter(229); /* Safari's order: the composition is over, the key still belongs to it */
	assert.equal(messages().length, 0);
	assert.match(await chat.input.inputValue(), /退款/);
	await chat.input.fill('退款');
	await enter(13);
	await h.until('the message', () => messages().length === 1);
	assert.equal(messages()[0].text, '退款');
	await done();
});

test('a frame that comes twice is shown once', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	mock.on((frame) => {
		const reply = {type: 'reply', seq: 2, to: frame.id, text: '只说一次', source: 'rule'};
		mock.send(reply);
		mock.send(reply);
		mock.send({type: 'push', seq: 3, text: '完'});
	});
	await chat.say('你好');
	await h.until('the push', async () => (await chat.theirs.allTextContents()).some((text) => text.endsWith('完')));
	assert.deepEqual((await chat.theirs.allTextContents()).map((text) => text.replace('客服：', '')),
		['您好，我是小知。', '只说一次', '完']);
	await done();
});

test('an unanswered message goes out again under its id after a break, and what came meanwhile is fetched', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	const resumed = (frame) => {
		if (frame.type === 'hello') {
			mock.send({...WELCOME, seq: 1, resumed: true});
			mock.send({type: 'reply', seq: 2, to: messages()[0].id, text: '答案', source: 'rule'});
		} else if (frame.type === 'message') {
			mock.send({type: 'reply', seq: 2, to: frame.id, text: '答案', source: 'rule'});
			mock.send({type: 'push', seq: 3, text: '完'});
		}
	};
	mock.on((frame) => {
		if (frame.type !== 'message')
			return;
		mock.on(resumed);
		mock.cut(); /* heard it, and died */
	});
	await chat.say('怎么退款');
	await h.until('the second try', () => messages().length === 2);
	await h.counted(chat.theirs, 3);
	assert.equal(messages()[0].id, messages()[1].id);
	assert.deepEqual(hellos()[1], {...hellos()[1], session: WELCOME.session, since: 1});
	assert.equal(await chat.mine.count(), 1);
	assert.equal(await chat.under.last().textContent(), '');
	await done();
});

test('messages written without a connection wait and go out in order', async () => {
	const {context, chat, done} = await h.page_open(browser, mock.url, {}, /ERR_INTERNET_DISCONNECTED/);
	await chat.open();
	await context.setOffline(true);
	mock.cut();
	await chat.banner.waitFor();
	assert.match(await chat.banner.textContent(), /网络已断开/);
	await chat.say('一');
	await chat.say('二');
	await context.setOffline(false);
	await h.counted(chat.theirs, 3);
	assert.deepEqual(messages().map((frame) => frame.text), ['一', '二']);
	await chat.banner.waitFor({state: 'hidden'});
	await done();
});

test('a refused message says why and can be sent again', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	mock.on((frame) => mock.send({type: 'error', code: 'rate_limited', message: 'slow down', to: frame.id}));
	await chat.say('快');
	const retry = chat.inside('.retry');
	await retry.waitFor();
	assert.match(await chat.under.last().textContent(), /太快/);
	mock.on(polite);
	await retry.click();
	await h.counted(chat.theirs, 2);
	assert.equal(messages()[0].id, messages()[1].id);
	assert.equal(await retry.count(), 0);
	await done();
});

test('a course that is opened is told to the server, and whatever it says to that is no trouble', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await page.context().route('https://zhixing.example/**', (route) => route.fulfill({body: 'course'}));
	mock.say({type: 'push', text: '看看', courses: [{id: 'py101', title: 'Python入门', price: 99,
		url: 'https://zhixing.example/course/py101'}]});
	mock.on((frame) => {
		mock.send({type: 'error', code: 'bad_event', message: 'no', to: frame.id});
		mock.say({type: 'push', text: '完'});
	});
	const popup = page.waitForEvent('popup');
	await chat.cards.click();
	await (await popup).waitForURL('https://zhixing.example/course/py101');
	await h.counted(chat.theirs, 3);
	const event = mock.frames.find((frame) => frame.type === 'event');
	assert.deepEqual({...event, id: ''}, {type: 'event', id: '', name: 'view', course: 'py101'});
	assert.equal(await chat.notes.count(), 0);
	await done();
});

test('courses of a list are told to be shown once they are in view, once each, and clicked with their list', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	const list = '0123456789abcdef';
	const told = () => mock.frames.filter((frame) => frame.type === 'event');
	const course = (id) => ({id, title: id, price: 9, url: `https://zhixing.example/course/${id}`});
	await page.context().route('https://zhixing.example/**', (route) => route.fulfill({body: 'course'}));
	await chat.open();
	mock.say({type: 'push', text: '看看', list, courses: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(course)});
	await h.counted(chat.cards, 8);
	await chat.cards.first().evaluate((card) => card.scrollIntoView({block: 'start'}));
	await h.until('events are told', () => told().length > 0);
	const first = told()[0];
	assert.equal(first.name, 'shown');
	assert.equal(first.list, list);
	assert.ok(first.courses.includes('a'));
	assert.ok(!first.courses.includes('h'), 'the last card is out of view');
	await chat.cards.last().evaluate((card) => card.scrollIntoView());
	await h.until('events are told', () => told().flatMap((frame) => frame.courses).includes('h'));
	const popup = page.waitForEvent('popup');
	await chat.cards.last().click();
	await popup;
	await h.until('events are told', () => told().some((frame) => frame.name === 'click'));
	const click = told().find((frame) => frame.name === 'click');
	assert.deepEqual({...click, id: ''}, {type: 'event', id: '', name: 'click', list, course: 'h'});
	const before = told().filter((frame) => frame.name === 'shown');
	const ids = before.flatMap((frame) => frame.courses);
	assert.equal(new Set(ids).size, ids.length, 'each once');
	/* After a reload the same cards are drawn again, and are no news. */
	await page.reload();
	await h.counted(chat.cards, 8);
	mock.say({type: 'push', text: '再看', list: 'fedcba9876543210', courses: [course('z')]});
	await h.until('events are told', () => told().some((frame) => frame.name === 'shown' && frame.courses.includes('z')));
	const again = told().filter((frame) => frame.name === 'shown' && frame.list === list).flatMap((frame) => frame.courses);
	assert.equal(new Set(again).size, again.length, 'each once, also over a reload');
	await done();
});

test('a card that is sent away is told to the server until it confirms, and stays away', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	const say = (id, title, format) => ({id, title, price: 99, format, url: `https://zhixing.example/course/${id}`});
	mock.say({type: 'push', text: '看看', courses: [say('py101', 'Python入门', 'live'), say('ph101', '手机摄影', 'hologram')]});
	await h.counted(chat.cards, 2);
	assert.deepEqual(await chat.inside('.format').allTextContents(), ['直播']);
	await chat.inside('button[aria-label="不感兴趣：Python入门"]').click();
	await h.counted(chat.cards, 1);
	assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabel), '不感兴趣：手机摄影');
	assert.match(await chat.inside('[role=log]').textContent(), /以后不再推荐：Python入门/);
	const away = () => mock.frames.filter((frame) => frame.type === 'event');
	const [event] = await h.until('the event', () => away().length && away());
	assert.deepEqual({...event, id: ''}, {type: 'event', id: '', name: 'dismiss', course: 'py101'});
	await page.reload();
	await h.until('the event again', () => away().length === 2);
	assert.equal(away()[1].id, event.id);
	mock.say({type: 'ack', to: event.id});
	await chat.inside('button[aria-label="不感兴趣：手机摄影"]').waitFor();
	await h.counted(chat.cards, 1);
	await page.waitForFunction(() => Object.values(localStorage).some((value) => /"gone":\[\{[^}]*"done":true/.test(value)));
	await done();
});

test('a vote that is refused is taken back', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await chat.say('你好');
	await h.counted(chat.theirs, 2);
	mock.on((frame) => mock.send({type: 'error', code: 'busy', message: 'later', to: frame.id}));
	await chat.votes('bad').click();
	await h.until('the vote is gone', async () => mock.frames.at(-1).type === 'feedback' &&
		(await chat.votes('bad').getAttribute('aria-pressed')) === 'false');
	await done();
});

test('a session the server no longer knows is replaced and the message still arrives', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	mock.seq = 0;
	mock.on((frame) => {
		if (frame.type !== 'hello') {
			polite(frame);
			return;
		}
		mock.send({type: 'error', code: 'bad_session', message: 'unknown session; here is a new one'});
		mock.say({...WELCOME, session: 'feedc0de00000002', resumed: false});
	});
	await page.reload();
	await chat.say('还在吗');
	await h.counted(chat.theirs, 2);
	assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('kefu '))
		.map((key) => JSON.parse(localStorage.getItem(key)).session)[0]), 'feedc0de00000002');
	await done();
});

test('an agent joins, types, writes, leaves', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	mock.say({type: 'agent', state: 'queued', position: 2});
	mock.say({type: 'agent', state: 'joined', name: '小李'});
	await h.counted(chat.notes, 2);
	assert.deepEqual(await chat.notes.allTextContents(), ['正在为您转接人工客服', '小李 已加入对话']);
	assert.equal(await chat.inside('.state').textContent(), '小李 正在为您服务');
	mock.send({type: 'typing', who: 'agent'});
	await chat.typing.waitFor();
	mock.say({type: 'agent_message', text: '您好，我看一下订单'});
	await chat.typing.waitFor({state: 'hidden'});
	assert.equal(await chat.inside('.row.agent .name').textContent(), '小李');
	mock.say({type: 'agent', state: 'left', name: '小李'});
	await h.counted(chat.notes, 3);
	assert.equal(await chat.inside('.state').textContent(), '在线 · 随时为您解答');
	await done();
});

test('the typing dots come while an answer is awaited and go with it', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	let asked;
	mock.on((frame) => (asked = frame));
	await chat.say('慢慢想');
	await chat.typing.waitFor();
	mock.say({type: 'reply', to: asked.id, text: '想好了', source: 'rule'});
	await chat.typing.waitFor({state: 'hidden'});
	await done();
});

test('typing is told to the server, seldom', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await page.keyboard.type('我想退掉上周买的课');
	await h.until('a typing frame', () => mock.frames.some((frame) => frame.type === 'typing'));
	await chat.input.press('Enter');
	await h.counted(chat.theirs, 2);
	assert.deepEqual(mock.frames.filter((frame) => frame.type === 'typing'), [{type: 'typing'}]);
	await done();
});

test('messages that come while the panel is closed are counted on the button, also after a reload', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await page.keyboard.press('Escape');
	await chat.panel.waitFor({state: 'hidden'});
	mock.say({type: 'push', text: '您收藏的课程降价了'});
	mock.say({type: 'push', text: '作业已批改'});
	await h.until('2 unread', async () => (await chat.badge.textContent()) === '2');
	assert.equal(await chat.launcher.getAttribute('aria-label'), '打开客服对话，2 条未读消息');
	await page.reload();
	await h.until('2 unread', async () => (await chat.badge.textContent()) === '2');
	await chat.launcher.click();
	await chat.badge.waitFor({state: 'hidden'});
	await h.counted(chat.theirs, 3);
	await done();
});

test('text of the server stays text, and only http links become links', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	mock.say({type: 'push', text: [
		'<img src=x onerror="window.hacked=1"> **粗体** 与 https://example.com/a_(b)?x=1。后面',
		'[帮助](https://example.com/help) [坏](javascript:window.hacked=1) javascript:alert(1)',
		'- 一',
		'- 二',
		'1. 甲',
		'2. 乙',
	].join('\n'), buttons: [{title: '<b>按钮</b>', value: 'x'}],
	courses: [{id: 'c1', title: '<i>课</i>', url: 'javascript:window.hacked=1', price: 0, reason: '<u>好</u>'}]});
	await h.counted(chat.theirs, 2);
	const bubble = chat.theirs.last();
	assert.equal(await bubble.locator('strong').textContent(), '粗体');
	assert.deepEqual(await bubble.locator('a').evaluateAll((links) => links.map((link) => [link.href, link.rel,
		link.target])), [['https://example.com/a_(b)?x=1', 'noopener noreferrer', '_blank'],
		['https://example.com/help', 'noopener noreferrer', '_blank']]);
	assert.deepEqual(await bubble.locator('ul li').allTextContents(), ['一', '二']);
	assert.deepEqual(await bubble.locator('ol li').allTextContents(), ['甲', '乙']);
	assert.match(await bubble.textContent(), /<img src=x onerror/);
	assert.equal(await chat.replies.textContent(), '<b>按钮</b>');
	assert.equal(await chat.inside('.card .title').textContent(), '<i>课</i>');
	assert.equal(await chat.inside('a.card').count(), 0);
	assert.equal(await chat.inside('.card .price').textContent(), '免费');
	assert.equal(await page.evaluate(() => window.hacked), undefined);
	await done();
});

test('a picture that cannot be had leaves the coloured tile', async () => {
	const {chat, done} = await h.page_open(browser, mock.url, {}, /404/);
	await chat.open();
	mock.say({type: 'push', text: '看看', courses: [{id: 'a', title: '摄影', image: '/missing.png', price: 99.5},
		{id: 'b', title: '绘画', image: '/favicon.svg', url: '/course/b', price: 12}]});
	await h.counted(chat.cards, 2);
	await h.until('the broken picture is gone', async () => (await chat.inside('.tile img').count()) === 1);
	assert.deepEqual(await chat.inside('.card .price').allTextContents(), ['¥99.50', '¥12']);
	assert.equal(await chat.inside('.tile').first().textContent(), '摄');
	await done();
});

test('a new conversation is asked for twice, ends the old one and forgets it', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	await chat.say('旧的');
	await h.counted(chat.theirs, 2);
	mock.seq = 0;
	await chat.menu('fresh');
	await page.keyboard.press('Escape');
	await h.counted(chat.mine, 1);
	await chat.menu('fresh');
	await chat.inside('.question .yes').click();
	await h.counted(chat.mine, 0);
	await h.counted(chat.theirs, 1);
	assert.ok(mock.frames.some((frame) => frame.type === 'end'));
	assert.equal(hellos().at(-1).session, undefined);
	await done();
});

test('the page can drive the widget and hears of it', async () => {
	const {page, chat, done} = await h.page_open(browser, mock.url);
	await page.evaluate(() => {
		window.heard = [];
		for (const name of ['open', 'close', 'message', 'reply'])
			window.kefu.on(name, (detail) => window.heard.push([name, detail && detail.text]));
		window.kefu.send('从页面来');
	});
	await h.counted(chat.theirs, 1);
	await page.evaluate(() => window.kefu.close());
	await chat.panel.waitFor({state: 'hidden'});
	await page.evaluate(() => window.kefu.toggle());
	await chat.panel.waitFor();
	assert.deepEqual(await page.evaluate(() => window.heard), [['open', undefined], ['message', '从页面来'],
		['reply', '答：从页面来'], ['close', undefined], ['open', undefined]]);
	await done();
});

test('without storage the widget works for as long as the page', async () => {
	const context = await browser.newContext();
	await context.addInitScript(() => {
		for (const name of ['localStorage', 'sessionStorage'])
			Object.defineProperty(window, name, {get: () => { throw new DOMException('no', 'SecurityError'); }});
	});
	const page = await context.newPage();
	const errors = [];
	page.on('pageerror', (error) => errors.push(String(error)));
	await page.goto(mock.url);
	await page.locator('kefu-chat .launcher').click();
	await page.locator('kefu-chat textarea').fill('你好');
	await page.locator('kefu-chat textarea').press('Enter');
	await page.locator('kefu-chat .row.bot', {hasText: '答：你好'}).waitFor();
	await context.close();
	assert.deepEqual(errors, []);
});

test('two tabs of one browser show one conversation', async () => {
	const {page, context, chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	const second = await context.newPage();
	await second.goto(mock.url);
	await second.locator('kefu-chat .launcher').click();
	await second.locator('kefu-chat textarea').fill('第二个窗口');
	await second.locator('kefu-chat textarea').press('Enter');
	await second.locator('kefu-chat .row.bot', {hasText: '答：第二个窗口'}).waitFor();
	await h.counted(chat.mine, 1);
	await h.counted(chat.theirs, 2);
	assert.equal(await page.locator('kefu-chat .row.bot', {hasText: '答：第二个窗口'}).count(), 1);
	await done();
});

test('the newest message stays in view while the box grows; who reads further up is only told of new ones', async () => {
	const {chat, done} = await h.page_open(browser, mock.url);
	await chat.open();
	for (let i = 0; i < 8; i++)
		await chat.say(`第 ${i} 条`);
	await h.counted(chat.theirs, 9);
	const scroll = chat.inside('.scroll');
	const gap = () => scroll.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight);
	await chat.input.fill('草稿\n'.repeat(9));
	await h.until('the end is in view', async () => (await gap()) < 2);
	const jump = chat.inside('.jump');
	await scroll.evaluate((node) => (node.scrollTop = 0));
	mock.say({type: 'push', text: '新的'});
	await jump.waitFor();
	assert.equal(await scroll.evaluate((node) => node.scrollTop), 0);
	await jump.click();
	await h.until('the end is in view', async () => (await gap()) < 2);
	await jump.waitFor({state: 'hidden'});
	await done();
});

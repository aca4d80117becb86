'use strict';
/* Whatever happens to the connection, the page or the daemon: every message arrives once and is answered once. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const h = require('./harness');

let browser, daemon;
before(async () => {
	browser = await h.browser_start();
	daemon = await h.kefud_start('--rate', '1000');
});
after(async () => {
	await browser.close();
	await daemon.remove();
});

const EXCUSE = /WebSocket connection|ERR_CONNECTION|ERR_INTERNET_DISCONNECTED/;
const open = async () => {
	const opened = await h.page_open(browser, daemon.url, {}, EXCUSE);
	opened.wire = h.wire_tap(opened.page);
	await opened.chat.open();
	return opened;
};

/* Each of `texts` is shown once, in order, as sent, and has one answer of its own on the page. */
async function all_once({chat, wire}, texts) {
	await h.until('all are answered', async () => (await chat.under.allTextContents()).every((text) => text === ''));
	await h.counted(chat.theirs, texts.length + 1);
	assert.deepEqual(await chat.mine.allTextContents(), texts);
	const sent = new Map();
	for (const frame of wire.sent.filter((one) => one.type === 'message'))
		sent.set(frame.id, frame.text);
	assert.deepEqual([...sent.values()], texts, 'an id each');
	const answered = new Set(wire.got.filter((frame) => frame.type === 'reply').map((frame) => frame.to));
	for (const id of sent.keys())
		assert.ok(answered.has(id), `${sent.get(id)} is answered`);
	const shown = await chat.inside('.row').evaluateAll((rows) => rows.filter((row) => !row.hidden).length);
	assert.equal(shown, texts.length * 2 + 1);
}

/* The page loads anew and has to ask the server for the whole conversation. */
async function forget_entries(page) {
	await page.evaluate(() => {
		const key = Object.keys(localStorage).find((name) => name.startsWith('kefu '));
		const state = JSON.parse(localStorage.getItem(key));
		localStorage.setItem(key, JSON.stringify({...state, since: 0, entries: []}));
	});
	await page.reload();
}

test('a daemon killed again and again in the middle of a chat loses nothing and doubles nothing', async () => {
	const opened = await open();
	const texts = [];
	const say = async (n) => {
		for (let i = 0; i < n; i++) {
			texts.push(`怎么开发票 ${texts.length}`);
			await opened.chat.say(texts.at(-1));
		}
	};
	for (let round = 0; round < 3; round++) {
		await say(2);
		const down = daemon.stop('SIGKILL'); /* with frames on their way in both directions */
		await say(1);
		await down;
		await say(1);
		await daemon.start();
		await say(1);
	}
	await all_once(opened, texts);
	assert.equal(new Set(opened.wire.got.filter((frame) => frame.type === 'welcome').map((frame) => frame.session)).size, 1);
	/* The server may lack what it had sent but not yet written when it was killed; nothing else, and nothing twice. */
	const replies = (frames) => frames.filter((frame) => frame.type === 'reply').map((frame) => frame.seq);
	const seen = [...new Set(replies(opened.wire.got))];
	const before = opened.wire.got.length;
	await forget_entries(opened.page);
	const resent = () => replies(opened.wire.got.slice(before));
	await h.until('the last is sent again', () => resent().includes(seen.at(-1)));
	const again = resent();
	assert.deepEqual(again, seen.filter((seq) => again.includes(seq)));
	await opened.done();
});

test('what is on the disk is there after a kill, all of it', async () => {
	const opened = await open();
	const texts = ['怎么开发票', '退款政策是什么', '课程可以看多久'];
	for (const text of texts)
		await opened.chat.say(text);
	await all_once(opened, texts);
	await h.until('all is on the disk', async () =>
		/^kefu_writes_queued 0$/m.test(await (await fetch(`${daemon.url}metrics`)).text()));
	await daemon.stop('SIGKILL');
	await daemon.start();
	const shown = await opened.chat.theirs.allTextContents();
	await forget_entries(opened.page);
	await h.counted(opened.chat.theirs, shown.length);
	assert.deepEqual(await opened.chat.theirs.allTextContents(), shown);
	await opened.done();
});

test('a frozen page that wakes up after the daemon was killed goes on where it was', async () => {
	const opened = await open();
	await opened.chat.say('怎么开发票');
	await h.counted(opened.chat.theirs, 2);
	const devtools = await opened.context.newCDPSession(opened.page);
	await devtools.send('Page.setWebLifecycleState', {state: 'frozen'});
	await daemon.stop('SIGKILL');
	await daemon.start();
	await devtools.send('Page.setWebLifecycleState', {state: 'active'});
	await opened.chat.say('退款政策是什么');
	await all_once(opened, ['怎么开发票', '退款政策是什么']);
	await opened.done();
});

test('offline and back, with the daemon restarted meanwhile, all that was written arrives in order', async () => {
	const opened = await open();
	await opened.chat.say('怎么开发票');
	await h.counted(opened.chat.theirs, 2);
	await opened.context.setOffline(true);
	await opened.chat.banner.waitFor();
	await opened.chat.say('退款政策是什么');
	await daemon.stop('SIGTERM');
	await opened.chat.say('课程可以看多久');
	await daemon.start();
	await opened.context.setOffline(false);
	await opened.chat.banner.waitFor({state: 'hidden'});
	await all_once(opened, ['怎么开发票', '退款政策是什么', '课程可以看多久']);
	await opened.done();
});

test('tabs that take turns, also over a reload of one, show one conversation without a double', async () => {
	const opened = await open();
	const other = await opened.context.newPage();
	const chat = h.parts(other);
	await other.goto(daemon.url);
	await chat.open();
	const texts = [];
	for (let round = 0; round < 3; round++)
		for (const [page, side] of [[opened.page, opened.chat], [other, chat]]) {
			await page.bringToFront();
			texts.push(`怎么开发票 ${texts.length}`);
			await side.say(texts.at(-1));
			await h.counted(side.theirs, texts.length + 1);
		}
	await opened.page.reload();
	for (const side of [opened.chat, chat]) {
		await h.counted(side.theirs, texts.length + 1);
		assert.deepEqual(await side.mine.allTextContents(), texts);
	}
	await opened.done();
});

test('a connection that died in a sleep without a word is replaced when the page wakes up', async () => {
	const mock = await h.mock_start();
	mock.on((frame) => frame.type === 'hello' && (frame.session
		? mock.send({type: 'welcome', session: 'feedc0de00000001', seq: frame.since, resumed: true})
		: mock.say({type: 'welcome', session: 'feedc0de00000001', resumed: false, text: '您好'})));
	const context = await browser.newContext({viewport: {width: 1280, height: 800}});
	const page = await context.newPage();
	await page.clock.install();
	await page.goto(mock.url);
	const chat = h.parts(page);
	await chat.open();
	const hellos = () => mock.frames.filter((frame) => frame.type === 'hello').length;
	await page.clock.runFor(25000);
	assert.equal(hellos(), 1, 'while it is awake it keeps its connection');
	await page.clock.fastForward('10:00');
	await h.until('a new connection', () => hellos() === 2);
	mock.say({type: 'push', text: '睡醒了吗'});
	await h.counted(chat.theirs, 2);
	await context.close();
	await mock.close();
});

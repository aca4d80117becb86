'use strict';
/* The element in a site's own page: options, theming, modules, consent, the first word, what is kept and what goes. */
const {test, before, after, beforeEach, afterEach} = require('node:test');
const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const h = require('./harness');

let browser, mock;
before(async () => (browser = await h.browser_start()));
after(() => browser.close());
beforeEach(async () => {
	mock = await h.mock_start();
	mock.on((frame) => {
		if (frame.type === 'hello')
			frame.session ? mock.send({type: 'welcome', session: frame.session, seq: frame.since, resumed: true})
				: mock.say({type: 'welcome', session: `feedc0de0000000${mock.seq}`, resumed: false, text: '您好'});
		else if (frame.type === 'message' || frame.type === 'click')
			mock.say({type: 'reply', to: frame.id, text: `答：${frame.text || frame.value}`, source: 'rule'});
	});
});
afterEach(() => mock.close());

const SCRIPT = '<script src="/widget.js" defer></script>';
const host = (body, options, html) => h.host_page(browser, mock, body, options, html);
const kept = (page) => page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
const css = (locator, name) => locator.evaluate((node, key) => getComputedStyle(node)[key], name);

test('the whole widget is smaller than 20 KB on the wire', () => {
	const build = process.env.KEFU_BUILD || path.join(__dirname, '../../build/debug');
	const size = execFileSync('gzip', ['-9', '-n', '-c', path.join(build, 'web/widget.js')]).length;
	assert.ok(size < 20 * 1024, `${size} bytes`);
});

test('an element put into the page by hand takes the place of the one the script would make', async () => {
	const {page, chat, done} = await host(`<kefu-chat lang="en" title="Ask us" color="#ffd400"></kefu-chat>${SCRIPT}`);
	await chat.open();
	assert.equal(await page.locator('kefu-chat').count(), 1);
	await page.getByRole('dialog', {name: 'Ask us'}).waitFor();
	assert.equal(await css(chat.launcher, 'color'), 'rgb(0, 0, 0)');
	await done();
});

test('a second floating element stays empty, and one that comes later by hand replaces the script\'s', async () => {
	const {page, done} = await host(SCRIPT);
	await page.locator('kefu-chat .launcher').waitFor();
	await page.evaluate(() => {
		for (const lang of ['en', 'zh']) {
			const node = document.createElement('kefu-chat');
			node.setAttribute('data-lang', lang);
			document.body.append(node);
		}
	});
	assert.equal(await page.locator('kefu-chat .launcher').count(), 1);
	assert.equal(await page.locator('kefu-chat .launcher').getAttribute('aria-label'), 'Open the help chat');
	await done();
});

test('inline, the chat is a part of the page: always open, in its box, without a button', async () => {
	const {page, chat, done} = await host(`<div id="box"><kefu-chat inline color="#a83258"></kefu-chat></div>${SCRIPT}`);
	await h.counted(chat.theirs, 1);
	await page.getByRole('region', {name: '在线客服'}).waitFor();
	assert.equal(await chat.launcher.isVisible(), false);
	assert.equal(await chat.inside('.close').count(), 0);
	assert.equal(await css(chat.inside('.head'), 'color'), 'rgb(255, 255, 255)');
	assert.equal(await css(chat.inside('.face').first(), 'color'), 'rgb(168, 50, 88)');
	await chat.say('在页面里');
	await h.counted(chat.theirs, 2);
	await page.keyboard.press('Escape');
	assert.equal(await chat.panel.isVisible(), true);
	const box = await page.locator('#box').boundingBox();
	const panel = await chat.panel.boundingBox();
	assert.ok(panel.x >= box.x && panel.width <= box.width && panel.height === 560);
	await done();
});

test('observed attributes change colour, language, theme and place at once', async () => {
	const {page, chat, done} = await host(`<kefu-chat></kefu-chat>${SCRIPT}`, {reducedMotion: 'reduce'});
	const set = (name, value) => page.evaluate(([key, one]) => document.querySelector('kefu-chat').setAttribute(key, one), [name, value]);
	await chat.open();
	await page.mouse.move(1, 1);
	await set('color', '#0b6e69');
	assert.equal(await css(chat.launcher, 'backgroundColor'), 'rgb(11, 110, 105)');
	await set('lang', 'en');
	assert.equal(await chat.input.getAttribute('placeholder'), 'Type your question…');
	await set('theme', 'dark');
	assert.equal(await css(chat.panel, 'backgroundColor'), 'rgb(23, 26, 35)');
	await set('position', 'left');
	await set('offset', '40px 60px');
	await set('size', '48');
	await set('radius', '4');
	await set('font', 'monospace');
	await set('z-index', '77');
	assert.deepEqual(await chat.launcher.boundingBox(), {x: 40, y: 800 - 60 - 48, width: 48, height: 48});
	assert.equal((await chat.panel.boundingBox()).x, 40);
	assert.equal(await css(chat.panel, 'borderRadius'), '4px');
	assert.equal(await css(chat.input, 'fontFamily'), 'monospace');
	assert.equal(await css(chat.inside('.floating'), 'zIndex'), '77');
	await done();
});

test('the same by CSS variables of the page, and dark follows the system unless the page says otherwise', async () => {
	const {page, chat, done} = await host(`<kefu-chat></kefu-chat>${SCRIPT}`, {colorScheme: 'dark', reducedMotion: 'reduce'});
	await page.evaluate(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(`kefu-chat { --kefu-color: #ffd400; --kefu-radius: 2px; --kefu-x: 50px; --kefu-y: 30px; --kefu-size: 70px;
			--kefu-z-index: 5; --kefu-width: 500px; --kefu-font: serif }`);
		document.adoptedStyleSheets = [sheet];
	});
	await chat.open();
	await page.mouse.move(1, 1);
	assert.equal(await css(chat.panel, 'backgroundColor'), 'rgb(23, 26, 35)');
	assert.equal(await css(chat.launcher, 'backgroundColor'), 'rgb(255, 212, 0)');
	assert.deepEqual(await chat.launcher.boundingBox(), {x: 1280 - 120, y: 700, width: 70, height: 70});
	assert.equal((await chat.panel.boundingBox()).width, 500);
	assert.deepEqual([await css(chat.panel, 'borderRadius'), await css(chat.input, 'fontFamily'),
		await css(chat.inside('.floating'), 'zIndex')], ['2px', 'serif', '5']);
	await page.evaluate(() => document.querySelector('kefu-chat').setAttribute('data-theme', 'light'));
	assert.equal(await css(chat.panel, 'backgroundColor'), 'rgb(255, 255, 255)');
	await page.evaluate(() => document.querySelector('kefu-chat').setAttribute('data-theme', 'auto'));
	await page.emulateMedia({colorScheme: 'light'});
	await h.until('light', async () => (await css(chat.panel, 'backgroundColor')) === 'rgb(255, 255, 255)');
	await page.emulateMedia({colorScheme: 'dark', reducedMotion: 'reduce'});
	await h.until('dark', async () => (await css(chat.panel, 'backgroundColor')) === 'rgb(23, 26, 35)');
	await done();
});

test('in a page that runs from right to left the button stands left, the words stay readable and nothing hangs out', async () => {
	const {page, chat, done} = await host(`<p>مرحبا</p>${SCRIPT}`, {}, '<html lang="ar" dir="rtl">');
	await chat.open();
	assert.equal((await chat.launcher.boundingBox()).x, 22);
	assert.equal((await chat.panel.boundingBox()).x, 22);
	assert.equal(await css(chat.panel, 'direction'), 'ltr');
	await chat.say('مرحبا؟');
	await h.counted(chat.mine, 1);
	assert.equal(await css(chat.inside('.row.me .bubble'), 'direction'), 'rtl');
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
	/* The whole widget the other way round, for a language that is written so. */
	await page.evaluate(() => document.querySelector('kefu-chat').setAttribute('dir', 'rtl'));
	assert.equal(await css(chat.panel, 'direction'), 'rtl');
	const [send, input] = [await chat.inside('.send').boundingBox(), await chat.input.boundingBox()];
	assert.ok(send.x < input.x, 'the send button is at the end of the line');
	const [mine, theirs] = [await chat.inside('.row.me .bubble').boundingBox(), await chat.inside('.row.bot .face').first().boundingBox()];
	assert.ok(mine.x < theirs.x, 'what the learner says stands at the end');
	assert.equal(await chat.panel.evaluate((node) => node.scrollWidth > node.clientWidth), false);
	await done();
});

test('as a module it defines the element and starts when told to', async () => {
	const {page, chat, done} = await host('<main></main>');
	await page.evaluate(async () => {
		const {kefu} = await import('/kefu.mjs');
		window.heard = [];
		window.node = kefu.start({lang: 'en', titleEn: 'From a module', color: '#123456'});
		kefu.on('reply', (frame) => window.heard.push(frame.text));
		kefu.send('hello');
	});
	await h.counted(chat.theirs, 1);
	await page.getByRole('dialog', {name: 'From a module'}).waitFor();
	assert.deepEqual(await page.evaluate(() => window.heard), ['答：hello']);
	assert.equal(await page.evaluate(() => window.node.kefu !== undefined && window.node === document.querySelector('kefu-chat')), true);
	await done();
});

test('the script works as type=module, too', async () => {
	const {page, chat, done} = await host('<script type="module" src="/widget.js" data-lang="en"></script>');
	await chat.open();
	assert.equal(await chat.input.getAttribute('placeholder'), 'Type your question…');
	assert.equal(await page.locator('kefu-chat').count(), 1);
	await done();
});

test('every call of the page is declared in kefu.d.ts', async () => {
	const {page, done} = await host(SCRIPT);
	const types = fs.readFileSync(path.join(__dirname, '../../web/widget/kefu.d.ts'), 'utf8');
	const calls = await page.evaluate(() => Object.keys(window.kefu));
	for (const call of calls)
		assert.match(types, new RegExp(`^\\t${call}[(<]`, 'm'));
	assert.deepEqual(calls.sort(), ['close', 'destroy', 'download', 'erase', 'identify', 'lang', 'on', 'open', 'send', 'start', 'toggle']);
	await done();
});

test('destroy leaves no element, no connection and no listener that comes back; start begins again', async () => {
	const {page, chat, done} = await host(SCRIPT);
	await chat.open();
	await chat.say('你好');
	await h.counted(chat.theirs, 2);
	await page.evaluate(() => window.kefu.destroy());
	assert.equal(await page.locator('kefu-chat').count(), 0);
	await h.until('the connection is closed', () => mock.conn === null);
	await page.evaluate(() => ['online', 'focus', 'pageshow'].forEach((name) => dispatchEvent(new Event(name))));
	const frames = mock.frames.length;
	await page.evaluate(() => window.kefu.start());
	await h.until('the conversation goes on', () => mock.frames.length === frames + 1);
	assert.deepEqual((await chat.theirs.allTextContents()).length, 2);
	await done();
});

const CONSENT = '<script src="/widget.js" defer data-consent-zh="我们会保存对话。" data-consent-en="We keep the chat." ' +
	'data-consent="https://example.com/privacy" data-identity="a.b.c" data-proactive="您好" data-proactive-after="0"></script>';

test('before consent nothing is sent and nothing is stored, and not after a refusal', async () => {
	const {page, chat, done} = await host(CONSENT);
	await chat.nudge.waitFor();
	await chat.launcher.click();
	await chat.consent.waitFor();
	assert.match(await chat.consent.textContent(), /我们会保存对话。/);
	assert.equal(await chat.consent.locator('a').getAttribute('href'), 'https://example.com/privacy');
	assert.equal(await chat.input.isVisible(), false);
	await page.evaluate(() => {
		window.asked = 0;
		window.kefu.identify(() => { window.asked++; return 'd.e.f'; });
		window.kefu.send('先说一句');
		window.kefu.lang('en');
	});
	assert.match(await chat.consent.textContent(), /We keep the chat\./);
	await chat.consent.locator('.no').click();
	await chat.panel.waitFor({state: 'hidden'});
	await page.evaluate(() => dispatchEvent(new Event('online')));
	assert.deepEqual(await kept(page), []);
	assert.equal(mock.frames.length, 0);
	assert.equal(await page.evaluate(() => window.asked), 0);
	await chat.launcher.click();
	await chat.consent.locator('.yes').click();
	await h.counted(chat.theirs, 1);
	assert.deepEqual(mock.frames.filter((frame) => frame.type === 'message').map((frame) => frame.text), ['先说一句']);
	assert.equal(mock.frames.findLast((frame) => frame.type === 'hello').identity, 'd.e.f');
	await page.reload();
	await h.counted(chat.theirs, 1);
	assert.equal(await chat.consent.isVisible(), false, 'asked once');
	await done();
});

test('end and erase leaves nothing on the device, in no tab, and asks for consent again', async () => {
	const {page, context, chat, done} = await host(CONSENT);
	await chat.launcher.click();
	await chat.consent.locator('.yes').click();
	await chat.say('你好');
	await h.counted(chat.theirs, 2);
	const second = await context.newPage();
	await second.goto(`${mock.url}host`);
	await second.locator('kefu-chat .launcher').click();
	await second.locator('kefu-chat .row.me').waitFor();
	await page.bringToFront();
	await page.evaluate(() => dispatchEvent(new Event('focus')));
	await chat.menu('erase');
	await chat.inside('.question .no').click();
	assert.equal(await chat.mine.count(), 1);
	await chat.menu('erase');
	await chat.inside('.question .yes').click();
	await chat.panel.waitFor({state: 'hidden'});
	await second.locator('kefu-chat .row.me').waitFor({state: 'detached'});
	assert.deepEqual(await kept(page), []);
	assert.deepEqual(await kept(second), []);
	await chat.launcher.click();
	await chat.consent.waitFor();
	assert.equal(await chat.mine.count(), 0);
	await done();
});

test('a first word appears on the pages it is meant for, once a session, opens nothing and can be sent away', async () => {
	const script = '<script src="/widget.js" defer data-proactive-zh="想学点什么？" data-proactive-en="Anything to learn?" ' +
		'data-proactive-after="0" data-proactive-path="/course/*, /host/deep"></script>';
	const {page, chat, done} = await host(script);
	await chat.launcher.waitFor();
	assert.equal(await chat.nudge.isVisible(), false, 'not this page');
	await page.evaluate(() => history.pushState({}, '', '/host/deep'));
	await chat.nudge.waitFor();
	assert.match(await chat.nudge.textContent(), /想学点什么？/);
	assert.equal(await chat.panel.isVisible(), false);
	assert.equal(mock.frames.length, 0);
	await chat.nudge.locator('.shut').click();
	await chat.nudge.waitFor({state: 'hidden'});
	await page.evaluate(() => history.pushState({}, '', '/course/7'));
	await page.goto(`${mock.url}host/deep`);
	await chat.launcher.waitFor();
	await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
	assert.equal(await chat.nudge.isVisible(), false, 'once a session');
	await page.evaluate(() => sessionStorage.clear());
	await page.reload();
	await chat.nudge.locator('.words').click();
	await h.counted(chat.theirs, 1);
	await chat.nudge.waitFor({state: 'hidden'});
	await done();
});

test('the conversation is saved as a text file without asking the server', async () => {
	const {page, chat, done} = await host(SCRIPT);
	await chat.open();
	await chat.say('你好');
	await h.counted(chat.theirs, 2);
	mock.say({type: 'push', text: '看看', courses: [{id: 'a', title: '摄影', price: 9, url: 'https://example.com/a'}]});
	mock.say({type: 'agent', state: 'joined', name: '小李'});
	mock.say({type: 'agent_message', name: '小李', text: '我来看看'});
	await h.counted(chat.theirs, 4);
	const frames = mock.frames.length;
	const wait = page.waitForEvent('download');
	await chat.menu('save');
	const download = await wait;
	assert.match(download.suggestedFilename(), /^chat-\d{4}-\d\d-\d\d\.txt$/);
	const text = fs.readFileSync(await download.path(), 'utf8');
	assert.match(text, /^\ufeff在线客服\r\n/);
	for (const line of [/\] 我：你好\r/, /\] 客服：答：你好\r/, /- 摄影 · ¥9 · https:\/\/example\.com\/a\r/, /\] 小李 已加入对话\r/, /\] 小李: 我来看看$/])
		assert.match(text, line);
	assert.equal(mock.frames.length, frames);
	await done();
});

test('unread messages are told in the name of the page and taken back when they are looked at', async () => {
	const {page, chat, done} = await host(SCRIPT);
	await chat.open();
	await page.keyboard.press('Escape');
	mock.say({type: 'push', text: '一'});
	mock.say({type: 'push', text: '二'});
	await h.until('the title', async () => (await page.title()) === '(2) Host');
	await page.evaluate(() => (document.title = '(2) Other'));
	mock.say({type: 'push', text: '三'});
	await h.until('the title', async () => (await page.title()) === '(3) Other');
	await chat.launcher.click();
	assert.equal(await page.title(), 'Other');
	/* Open, but in a tab that nobody looks at. */
	await page.evaluate(() => {
		Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true});
		window.away = true;
	});
	mock.say({type: 'push', text: '四'});
	await h.until('the title', async () => (await page.title()) === '(1) Other');
	await page.evaluate(() => {
		window.away = false;
		document.dispatchEvent(new Event('visibilitychange'));
	});
	await h.until('the title', async () => (await page.title()) === 'Other');
	await done();
});

test('a module is loaded on the first opening when asked for, and gets its places', async () => {
	const {page, chat, done} = await host('<script src="/widget.js" defer data-voice="on"></script>');
	mock.texts['/voice.js'] = `document.documentElement.dataset.loads = 1 + Number(document.documentElement.dataset.loads || 0);
		export function attach(widget) {
			let on = false;
			widget.panel.tools.append(widget.el('button', {class: 'tool mic', type: 'button', title: 'mic', 'aria-label': 'mic',
				onclick: () => widget.panel.write('说的话')}, widget.icon('M12 4v8')));
			widget.panel.menu.items.push({name: 'speaker', icon: 'M4 9v6', text: () => widget.lang === 'zh' ? '朗读' : 'Read aloud',
				on: () => on, press: () => (on = !on)});
			widget.on('reply', (frame) => on && (document.title = frame.text));
			widget.style('.mic { outline: 1px solid red }');
		}`;
	const loads = () => page.evaluate(() => document.documentElement.dataset.loads);
	await chat.launcher.waitFor();
	assert.equal(await loads(), undefined);
	await chat.open();
	await chat.inside('.mic').click();
	assert.equal(await chat.input.inputValue(), '说的话');
	await chat.menu('speaker');
	await chat.inside('.more').click();
	assert.equal(await chat.inside('.speaker').getAttribute('aria-checked'), 'true');
	await page.keyboard.press('Escape');
	await chat.input.press('Enter');
	await h.until('it heard the reply', async () => (await page.title()) === '答：说的话');
	await page.keyboard.press('Escape');
	await chat.launcher.click();
	assert.equal(await loads(), '1');
	await done();
});

test('on a page of another host, under the policy that the docs name: as a script, as a module, with types', async () => {
	const daemon = await h.kefud_start('--origins', mock.url.slice(0, -1));
	const at = daemon.url.replace('http', 'ws').slice(0, -1);
	mock.policy = `default-src 'self'; script-src 'self' ${daemon.url}; connect-src ${at}`;
	mock.texts['/page.js'] = `import('${daemon.url}kefu.mjs').then(({kefu}) => kefu.start({lang: 'en'}));`;
	for (const body of [`<script src="${daemon.url}widget.js" defer></script>`, '<script type="module" src="/page.js"></script>']) {
		const {page, chat, done} = await host(body);
		await chat.open();
		await chat.say('退款政策是什么');
		await h.counted(chat.theirs, 2);
		assert.match(await chat.theirs.last().textContent(), /7 天内/);
		assert.equal(await page.locator('kefu-chat').count(), 1);
		await done();
	}
	assert.match(await (await fetch(`${daemon.url}kefu.d.ts`)).text(), /export interface Kefu /);
	await daemon.remove();
});

test('who signs out takes the conversation along', async () => {
	const {page, chat, done} = await host(SCRIPT);
	await page.evaluate(() => window.kefu.identify('a.b.c'));
	await chat.open();
	await chat.say('你好');
	await h.counted(chat.theirs, 2);
	await page.evaluate(() => window.kefu.identify(''));
	await h.counted(chat.mine, 0);
	await h.until('the end and a new hello', () => mock.frames.slice(-2).map((frame) => frame.type).join() === 'end,hello');
	const hello = mock.frames.at(-1);
	assert.deepEqual([hello.session, hello.identity], [undefined, undefined]);
	await done();
});

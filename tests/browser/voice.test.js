'use strict';
/* Voice: a microphone that plays a recorded sentence, the daemon's engines, and browsers that can or cannot do it. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const axe = require('axe-core');
const h = require('./harness');

/* Engines on a busy machine, under a sanitizer, may take their time. */
const SLOW_MS = 240000;
const SCREENS = process.env.KEFU_SCREENSHOTS;

const FAKE = `#!/bin/sh
# hears "want a refund"; reads everything aloud as a second of silence
if [ "$1" = hear ]; then cat >/dev/null; echo "I want a refund"; exit; fi
cat >/dev/null
printf 'RIFF\\044\\175\\000\\000WAVEfmt \\020\\000\\000\\000\\001\\000\\001\\000\\200\\076\\000\\000\\000\\175\\000\\000\\002\\000\\020\\000data\\000\\175\\000\\000'
head -c 32000 /dev/zero
`;

let folder, browser, endless, deaf, real, fake;

function there(program) {
	try {
		execFileSync('which', [program], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}

/* A sentence, then silence: the file is played again and again. */
function utterance(file) {
	if (!there('flite'))
		return tone(file);
	execFileSync('flite', ['-voice', 'rms', '-t', 'I want a refund', '-o', file]);
	wav_write(file, Buffer.concat([Buffer.alloc(9600), fs.readFileSync(file).subarray(44), Buffer.alloc(16000 * 2 * 4)]));
}

/* Six seconds: half a second of silence, then something like a voice until the sample `end`. */
function tone(file, end = 24000) {
	const pcm = Buffer.alloc(16000 * 2 * 6);
	for (let i = 8000; i < end; i++)
		pcm.writeInt16LE(Math.round(8000 * Math.sin(i / 5) * Math.sin(i / 900)), i * 2);
	wav_write(file, pcm);
}

function wav_write(file, pcm) {
	const head = Buffer.from('RIFF____WAVEfmt \x10\0\0\0\x01\0\x01\0____----\x02\0\x10\0data____', 'latin1');
	head.writeUInt32LE(36 + pcm.length, 4);
	head.writeUInt32LE(16000, 24);
	head.writeUInt32LE(32000, 28);
	head.writeUInt32LE(pcm.length, 40);
	fs.writeFileSync(file, Buffer.concat([head, pcm]));
}

/* A browser whose microphone plays that file again and again. */
function microphone(file) {
	return h.browser_start('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
		`--use-file-for-fake-audio-capture=${file}`);
}

before(async () => {
	folder = fs.mkdtempSync(path.join(require('node:os').tmpdir(), 'kefu-voice-'));
	const said = path.join(folder, 'said.wav');
	const engine = path.join(folder, 'engine');
	const going_on = path.join(folder, 'going-on.wav');
	utterance(said);
	tone(going_on, 16000 * 6);
	fs.writeFileSync(engine, FAKE, {mode: 0o700});
	browser = await microphone(said);
	endless = await microphone(going_on);
	deaf = await h.browser_start('--deny-permission-prompts');
	fake = await h.kefud_start('--speech-in', `${engine} hear`, '--speech-out', `${engine} say`, '--speech-wait', '240');
	if (there('pocketsphinx_continuous') && there('flite') && there('espeak-ng'))
		real = await h.kefud_start('--speech-in', 'pocketsphinx', '--speech-out', 'espeak-ng', '--speech-wait', '240');
});
after(async () => {
	await browser.close();
	await endless.close();
	await deaf.close();
	await fake.remove();
	if (real)
		await real.remove();
	fs.rmSync(folder, {recursive: true, force: true});
});

/* Before the script tag is run its attributes are set. */
function tag(attributes) {
	new MutationObserver((_, observer) => {
		const script = document.querySelector('script[src="/widget.js"]');
		if (script) {
			Object.assign(script.dataset, attributes);
			observer.disconnect();
		}
	}).observe(document, {childList: true, subtree: true});
}

/* A page whose script tag says data-voice; `script` runs before any of its own. */
async function open(which, daemon, voice, options = {}, script = null, excuse = null) {
	const opened = await h.page_open(which, daemon.url, {locale: 'en-US', permissions: ['microphone'], ...options}, excuse,
		async (page) => {
			await page.addInitScript(tag, {voice, lang: options.lang || 'en'});
			if (script)
				await page.addInitScript(script);
		});
	const {chat} = opened;
	Object.assign(chat, {
		mic: chat.inside('.tool.mic'),
		quiet: chat.inside('.tool.quiet'),
		told: chat.inside('.voice span'),
		drop: chat.inside('.voice button'),
		menu: async (name) => {
			await chat.inside('.more').click();
			return chat.inside(`.menu .${name}`);
		},
	});
	return opened;
}

async function shot(page, name) {
	if (SCREENS)
		await page.screenshot({path: path.join(SCREENS, `${name}.png`)});
}

async function no_violations(page) {
	await page.evaluate(axe.source);
	const {violations} = await page.evaluate(() => window.axe.run(document));
	assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
}

const value = (chat) => chat.input.inputValue();

async function until_slow(what, check) {
	for (const end = Date.now() + SLOW_MS; Date.now() < end;) {
		if (await check())
			return;
		await new Promise((done) => setTimeout(done, 100));
	}
	assert.fail(`${what}: not so after ${SLOW_MS} ms`);
}

/* Speech synthesis of a page that has voices: what is said is noted, and lasts until it is ended by hand. */
const VOICES = () => {
	window.spoken = [];
	const voices = [{lang: 'en-US', localService: true, default: true, name: 'A'},
		{lang: 'zh-CN', localService: true, default: false, name: 'B'}];
	Object.defineProperty(window, 'speechSynthesis', {value: {
		getVoices: () => voices,
		addEventListener() {},
		speak(one) { window.spoken.push([one.voice.name, one.text]); this.now = one; },
		cancel() { window.cancelled = (window.cancelled || 0) + 1; if (this.now) this.now.onerror(new Event('error')); this.now = null; },
	}});
	window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
};

/* A recogniser that tells what it is told to: window.ear is the one at work. */
const RECOGNISER = () => {
	window.webkitSpeechRecognition = window.SpeechRecognition = class {
		start() { window.ear = this; setTimeout(() => this.onstart()); }
		stop() { this.stopped = true; setTimeout(() => this.onend()); }
		abort() { this.aborted = true; setTimeout(() => this.onend()); }
		says(...results) {
			this.onresult({results: results.map(([transcript, isFinal]) => Object.assign([{transcript}], {isFinal}))});
		}
		fails(error) { this.onerror({error}); this.onend(); }
	};
};
const NO_RECOGNISER = () => {
	delete window.webkitSpeechRecognition;
	delete window.SpeechRecognition;
};

/* window.loud counts the blocks of 50 ms in which the page heard something. */
const LOUD = () => {
	const Node = window.AudioWorkletNode;
	window.loud = 0;
	window.AudioWorkletNode = class extends Node {
		constructor(...args) {
			super(...args);
			this.port.addEventListener('message', ({data}) => { window.loud += data.level > 0.05; });
		}
	};
};

/* ---- the server's engines ---- */

test('what is said to the microphone comes into the box as words, and is answered', {timeout: SLOW_MS * 2}, async (t) => {
	if (!real)
		return t.skip('pocketsphinx, flite or espeak-ng is not installed');
	const {page, chat, done} = await open(browser, real, 'server');
	await chat.open();
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	assert.equal(await chat.mic.getAttribute('aria-pressed'), 'true');
	await shot(page, 'voice-listening-desktop');
	/* it notices by itself that the sentence is over */
	await until_slow('the words are in the box', async () => (await value(chat)) !== '');
	assert.equal(await value(chat), 'i want a refund');
	assert.equal(await chat.mic.getAttribute('aria-pressed'), 'false');
	await chat.input.press('Enter');
	await h.counted(chat.theirs, 2);
	assert.match(await chat.theirs.last().textContent(), /order number|refund/i);
	await done();
});

test('answers are read by the server where the browser has no voice', {timeout: SLOW_MS}, async (t) => {
	if (!real)
		return t.skip('pocketsphinx, flite or espeak-ng is not installed');
	const {page, chat, done} = await open(browser, real, 'server', {lang: 'zh', locale: 'zh-CN'}, () => {
		const start = AudioBufferSourceNode.prototype.start;
		window.played = [];
		AudioBufferSourceNode.prototype.start = function () {
			window.played.push(this.buffer.duration);
			return start.call(this);
		};
	});
	await chat.open();
	const item = await chat.menu('aloud');
	assert.equal(await item.textContent(), '朗读答复');
	await shot(page, 'voice-menu-desktop');
	await item.click();
	await until_slow('the greeting is read', () => page.evaluate(() => window.played[0] > 1));
	await chat.quiet.waitFor();
	await chat.quiet.click();
	await chat.quiet.waitFor({state: 'hidden'});
	await done();
});

test('words that were heard go out at once where the page wants it', {timeout: SLOW_MS}, async () => {
	const {chat, done} = await open(browser, fake, 'server send');
	await chat.open();
	await chat.mic.click();
	await until_slow('it is said', async () => (await chat.mine.count()) === 1);
	assert.equal(await chat.mine.textContent(), 'I want a refund');
	assert.equal(await value(chat), '');
	await h.counted(chat.theirs, 2);
	await done();
});

test('what stood in the box stays in front of what is heard, and a second press ends the sentence', {timeout: SLOW_MS},
	async () => {
		const {page, chat, done} = await open(endless, fake, 'server', {}, LOUD);
		const tap = h.wire_tap(page);
		await page.reload();
		await chat.open();
		await chat.input.fill('Hello.');
		await chat.mic.click();
		await chat.inside('.voice[data-state="listening"]').waitFor();
		await until_slow('a second of words is heard', () => page.evaluate(() => window.loud >= 20));
		await chat.mic.click();
		await until_slow('it is heard', async () => /refund/.test(await value(chat)));
		assert.equal(await value(chat), 'Hello. I want a refund');
		const audio = tap.sent.filter((frame) => frame.type === 'audio');
		assert.ok(audio.length > 2 && new Set(audio.map((frame) => frame.id)).size === 1);
		assert.deepEqual(audio.map((frame) => frame.more), audio.map((_, i) => i < audio.length - 1));
		assert.ok(audio.every((frame) => JSON.stringify(frame).length <= 8192));
		await done();
	});

test('Escape and typing end the listening, and nothing is sent', {timeout: SLOW_MS}, async () => {
	const {page, chat, done} = await open(endless, fake, 'server');
	const tap = h.wire_tap(page);
	await page.reload();
	await chat.open();
	await chat.input.fill('before');
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await page.keyboard.press('Escape');
	await chat.inside('.voice[data-state="idle"]').waitFor({state: 'attached'});
	assert.equal(await value(chat), 'before');
	assert.ok(await chat.panel.isVisible(), 'the panel stays open');
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await chat.input.press('End');
	await chat.input.pressSequentially('hand');
	await chat.inside('.voice[data-state="idle"]').waitFor({state: 'attached'});
	assert.equal(await value(chat), 'beforehand');
	assert.equal(tap.sent.filter((frame) => frame.type === 'audio').length, 0);
	await done();
});

test('who forbids the microphone is told so in words', async () => {
	const {chat, done} = await open(deaf, fake, 'server', {permissions: []});
	await chat.open();
	await chat.mic.click();
	await h.until('it is told', async () => /microphone/.test(await chat.told.textContent()) &&
		!/Opening/.test(await chat.told.textContent()));
	assert.equal(await chat.mic.getAttribute('aria-pressed'), 'false');
	await done();
});

test('reading stops when the learner types, and saving data means no sound is fetched', async () => {
	const {page, chat, done} = await open(browser, fake, 'server');
	await chat.open();
	await (await chat.menu('aloud')).click();
	await chat.quiet.waitFor();
	await chat.input.pressSequentially('h');
	await chat.quiet.waitFor({state: 'hidden'});
	await done();
	const thrifty = await open(browser, fake, 'server', {}, () => Object.defineProperty(navigator, 'connection',
		{value: {saveData: true}}));
	await thrifty.chat.open();
	await thrifty.chat.mic.waitFor();
	assert.equal(await (await thrifty.chat.menu('aloud')).count(), 0);
	await thrifty.done();
});

/* ---- the browser's own ---- */

test('the browser hears by itself: words grow in the box while they are spoken', async () => {
	const {page, chat, done} = await open(browser, fake, 'on', {lang: 'zh', locale: 'zh-CN'}, RECOGNISER);
	await chat.open();
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	assert.equal(await chat.told.textContent(), '请讲，正在聆听…');
	assert.equal(await page.evaluate(() => window.ear.lang), 'zh-CN');
	await page.evaluate(() => window.ear.says(['我要', false]));
	assert.equal(await value(chat), '我要');
	await page.evaluate(() => window.ear.says(['我要退款', false]));
	assert.equal(await value(chat), '我要退款');
	await page.emulateMedia({reducedMotion: 'reduce'}); /* colours in the middle of a change have any contrast */
	await page.emulateMedia({reducedMotion: 'reduce', colorScheme: 'dark'});
	await shot(page, 'voice-listening-dark');
	await no_violations(page);
	assert.notEqual(await chat.input.evaluate((node) => getComputedStyle(node).color),
		await chat.panel.evaluate((node) => getComputedStyle(node).color), 'what may still change is greyed');
	await chat.mic.click();
	await chat.inside('.voice[data-state="idle"]').waitFor({state: 'attached'});
	assert.equal(await value(chat), '我要退款');
	await chat.input.press('Enter');
	await h.counted(chat.theirs, 2);
	await done();
});

test('errors of the browser are told, and one that never works gives way to the server', {timeout: SLOW_MS}, async () => {
	const {page, chat, done} = await open(browser, fake, 'on', {}, RECOGNISER);
	await chat.open();
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await page.evaluate(() => window.ear.fails('no-speech'));
	assert.match(await chat.told.textContent(), /say it again/);
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await page.evaluate(() => window.ear.fails('network'));
	await until_slow('the server hears', async () => (await value(chat)) === 'I want a refund');
	await done();
});

test('a Chromium whose own recogniser has no service behind it uses the server', {timeout: SLOW_MS}, async () => {
	const {chat, done} = await open(browser, fake, 'on');
	await chat.open();
	await chat.mic.click();
	await until_slow('it is heard', async () => (await value(chat)) === 'I want a refund');
	await done();
});

test('where neither browser nor server can do it there is nothing to press', async () => {
	const plain = await h.kefud_start();
	const {chat, done} = await open(browser, plain, 'on', {}, NO_RECOGNISER);
	await chat.open();
	await chat.mic.waitFor({state: 'attached'});
	assert.ok(!(await chat.mic.isVisible()));
	assert.equal(await (await chat.menu('aloud')).count(), 0);
	await done();
	await plain.remove();
});

test('a page that does not ask for voice loads none of it', async () => {
	for (const voice of [null, 'off']) {
		const asked = [];
		const {chat, done} = await h.page_open(browser, fake.url, {}, null, async (page) => {
			page.on('request', (request) => asked.push(new URL(request.url()).pathname));
			if (voice)
				await page.addInitScript(tag, {voice});
		});
		await chat.open();
		await chat.say('你好');
		await h.counted(chat.theirs, 2);
		assert.ok(!asked.some((one) => one.includes('voice')), asked.join(' '));
		assert.equal(await chat.inside('.tool.mic').count(), 0);
		await done();
	}
});

test('answers are read with a voice of their language, remembered over pages, and never before a touch', async () => {
	const {page, chat, done} = await open(browser, fake, 'on', {}, VOICES);
	await chat.open();
	const spoken = () => page.evaluate(() => window.spoken);
	const item = await chat.menu('aloud');
	assert.equal(await item.getAttribute('aria-checked'), 'false');
	await item.click();
	await h.until('the greeting is read', async () => (await spoken()).length === 1);
	assert.equal((await spoken())[0][0], 'A');
	await chat.say('退款政策是什么');
	await h.counted(chat.theirs, 2);
	await h.until('the answer is read', async () => (await spoken()).length === 2);
	const [name, text] = (await spoken())[1];
	assert.equal(name, 'B');
	assert.match(text, /7 天/);
	assert.doesNotMatch(text, /\*\*|https?:|\]\(/);
	await page.reload();
	await chat.panel.waitFor();
	await chat.mic.waitFor({state: 'attached'});
	assert.deepEqual(await spoken(), [], 'what was there already is not read again');
	assert.equal(await (await chat.menu('aloud')).getAttribute('aria-checked'), 'true');
	await chat.inside('.menu .aloud').click();
	await chat.say('hello');
	await h.counted(chat.theirs, 3);
	assert.deepEqual(await spoken(), []);
	await done();
});

test('on a phone the words above the box are seen and the buttons can be hit', async () => {
	const {page, chat, done} = await open(browser, fake, 'on', {viewport: {width: 390, height: 800}, isMobile: true,
		hasTouch: true, lang: 'zh', locale: 'zh-CN'}, RECOGNISER);
	await chat.open();
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await page.evaluate(() => window.ear.says(['推荐一门', false]));
	await shot(page, 'voice-listening-phone');
	await no_violations(page);
	for (const node of [chat.mic, chat.drop]) {
		const box = await node.boundingBox();
		assert.ok(box.width >= 24 && box.height >= 24 && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
	}
	await chat.drop.click();
	assert.equal(await value(chat), '');
	await chat.mic.click();
	await chat.inside('.voice[data-state="listening"]').waitFor();
	await page.evaluate(() => window.ear.says(['推荐课程', true]));
	await chat.mic.click();
	await h.until('the button that sends is next', () => chat.inside('.send').evaluate((node) =>
		node === node.getRootNode().activeElement));
	await chat.inside('.send').click();
	await h.counted(chat.theirs, 2);
	await chat.inside('.more').click();
	await shot(page, 'voice-menu-phone');
	await no_violations(page);
	await done();
});

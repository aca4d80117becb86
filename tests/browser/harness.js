'use strict';
/* What every browser test stands on: a Chromium, a page that must not complain, a real kefud or a mock. */
const assert = require('node:assert/strict');
const {execFileSync, spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {chromium} = require('playwright-core');
const mock = require('./mock/server');

const SOURCE = path.resolve(__dirname, '../..');
const BUILD = process.env.KEFU_BUILD || path.join(SOURCE, 'build/debug');
const KEFUD = process.env.KEFUD || path.join(BUILD, 'kefud');
const KEFU = path.join(path.dirname(KEFUD), 'kefu');
const POLICY = "default-src 'self'";
/* A net under what never comes, not a measure: on a busy machine, under a sanitizer, things take their time. */
const WAIT_MS = 60000;

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];

const FILES = {
	'/': path.join(SOURCE, 'web/index.html'),
	'/demo.css': path.join(SOURCE, 'web/demo.css'),
	'/demo.js': path.join(SOURCE, 'web/demo.js'),
	'/favicon.svg': path.join(SOURCE, 'web/favicon.svg'),
	'/widget.js': path.join(BUILD, 'web/widget.js'),
	'/voice.js': path.join(BUILD, 'web/voice.js'),
	'/voice-worklet.js': path.join(SOURCE, 'web/voice/worklet.js'),
	'/kefu.mjs': path.join(SOURCE, 'web/widget/kefu.mjs'),
};

function temp_folder() {
	return fs.mkdtempSync(path.join(os.tmpdir(), 'kefu-browser-'));
}

/* playwright gives each launch an empty profile folder of its own and removes it on close. */
function browser_start(...more) {
	return chromium.launch({executablePath: process.env.KEFU_CHROMIUM || '/usr/bin/chromium', args: [...FLAGS, ...more]});
}

/* A page that remembers its complaints; `excuse` is a pattern of those that a test causes on purpose; `prepare` comes
 * before its first byte. */
async function page_open(browser, url, options = {}, excuse = null, prepare = async () => {}) {
	const context = await browser.newContext({viewport: {width: 1280, height: 800}, locale: 'zh-CN', ...options});
	context.setDefaultTimeout(WAIT_MS);
	const page = await context.newPage();
	const complaints = [];
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type()) && !(excuse && excuse.test(message.text())))
			complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(String(error)));
	await prepare(page);
	await page.goto(url);
	return {page, context, chat: parts(page), complaints, done: async () => {
		await context.close();
		assert.deepEqual(complaints, [], 'the console must stay empty');
	}};
}

/* The widget as a learner meets it. playwright's selectors pierce the open shadow root. */
function parts(page) {
	const inside = (selector, options) => page.locator(`kefu-chat ${selector}`, options);
	return {
		launcher: inside('.launcher'),
		panel: inside('.panel'),
		input: inside('textarea'),
		mine: inside('.row.me .bubble p'),
		theirs: inside('.row.bot:not(.typing) .bubble, .row.agent .bubble'),
		notes: inside('.note'),
		replies: inside('.replies button'),
		cards: inside('.card'),
		typing: inside('.typing'),
		under: inside('.under'),
		badge: inside('.badge'),
		banner: inside('.banner'),
		queue: inside('.queue'),
		nudge: inside('.nudge'),
		consent: inside('.consent'),
		/* name: lang, save, fresh, erase */
		menu: async (name) => {
			await inside('.more').click();
			await inside(`.menu .${name}`).click();
		},
		votes: (name) => inside(`.votes [data-name="${name}"]`),
		inside,
		open: async () => {
			await inside('.launcher').click();
			await inside('.row.bot:not(.typing)').first().waitFor();
		},
		say: async (text) => {
			await inside('textarea').fill(text);
			await inside('textarea').press('Enter');
		},
	};
}

/* Until `check()` (async) is true; its last value is in the complaint. */
async function until(what, check) {
	const end = Date.now() + WAIT_MS;
	let value;
	do {
		value = await check();
		if (value)
			return value;
		await new Promise((done) => setTimeout(done, 40));
	} while (Date.now() < end);
	assert.fail(`${what}: not so after ${WAIT_MS} ms (last: ${JSON.stringify(value)})`);
	return value;
}

/* A page of a site of its own, on the mock's host and under its policy: `body` is what stands in it. */
function host_page(browser, mock, body, options = {}, html = '<html lang="zh">') {
	mock.texts['/host'] = `<!doctype html>${html}<head><title>Host</title><link rel="icon" href="/favicon.svg"><meta name="viewport" content="width=device-width"></head>` +
		`<body>${body}</body></html>`;
	return page_open(browser, `${mock.url}host`, options);
}

/* Loads the page anew until it hears keys: Chromium drops those that come before it has painted. */
async function reloaded(page) {
	await page.reload();
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/* Until there are `n` of them; what was there instead is in the complaint. */
async function counted(locator, n) {
	const has_count = async () => (await locator.count()) === n;
	await until(`${locator} counts ${n}`, has_count).catch(async (error) => {
		error.message += `; there: ${JSON.stringify(await locator.allTextContents())}`;
		throw error;
	});
}

/* Every word of the wire, seen from outside the page: {sent, got} arrays of frames. */
function wire_tap(page) {
	const tap = {sent: [], got: []};
	page.on('websocket', (socket) => {
		socket.on('framesent', ({payload}) => tap.sent.push(JSON.parse(payload)));
		socket.on('framereceived', ({payload}) => tap.got.push(JSON.parse(payload)));
	});
	return tap;
}

function mock_start() {
	return mock.start(FILES, POLICY);
}

/* A daemon of our own with the sample academy's rules and courses: {url, stop(signal), start()}. The database
 * outlives a restart, as the port does, which the daemon chooses itself the first time. */
async function kefud_start(...options) {
	const folder = temp_folder();
	const database = path.join(folder, 'kefu.db');
	execFileSync(KEFU, ['import', 'courses', path.join(SOURCE, 'sample/courses.csv'), '--db', database]);
	const daemon = {url: null, child: null, folder, database};
	const launch = () => {
		fs.writeFileSync(path.join(folder, 'log'), '');
		const log = fs.openSync(path.join(folder, 'log'), 'a');
		daemon.child = spawn(KEFUD, ['--listen', daemon.url ? new URL(daemon.url).host : '127.0.0.1:0', '--intents',
			path.join(SOURCE, 'intents.yaml'), '--db', database, ...options],
			{stdio: ['ignore', log, log], env: {...process.env, LC_ALL: 'C.UTF-8'}});
		fs.closeSync(log);
	};
	daemon.start = async () => {
		launch();
		await until('kefud is ready', () => ready(daemon, launch));
	};
	daemon.stop = async (signal = 'SIGTERM') => {
		const {child} = daemon;
		if (!child)
			return;
		assert.ok(!ended(child), `kefud ended by itself:\n${said(daemon)}`);
		const gone = new Promise((done) => child.once('exit', done));
		child.kill(signal);
		await gone;
		daemon.child = null;
		if (signal === 'SIGTERM')
			assert.equal(child.exitCode, 0, said(daemon));
	};
	daemon.remove = async () => {
		await daemon.stop();
		fs.rmSync(folder, {recursive: true, force: true});
	};
	await daemon.start();
	return daemon;
}

/* The sample academy's rules in a folder of their own, to be written to. */
function rules_copy() {
	const folder = temp_folder();
	for (const name of ['intents.yaml', 'faq'])
		fs.cpSync(path.join(SOURCE, name), path.join(folder, name), {recursive: true});
	return folder;
}

/* An account of the staff: kefu reads the password from its input. */
function staff_add(daemon, name, role, password) {
	execFileSync(KEFU, ['staff', 'add', name, '--role', role, '--db', daemon.database], {input: password});
}

function ended(child) {
	return child.exitCode !== null || child.signalCode !== null;
}

function said(daemon) {
	return fs.readFileSync(path.join(daemon.folder, 'log'), 'utf8');
}

/* While the daemon was down another program's connection may have been given its port: then `launch` again. */
async function ready(daemon, launch) {
	if (ended(daemon.child)) {
		assert.ok(/the address is in use/.test(said(daemon)), `kefud ended by itself:\n${said(daemon)}`);
		launch();
	}
	daemon.url ||= /http:\/\/127\.0\.0\.1:\d+\//.exec(said(daemon))?.[0];
	try {
		return (await fetch(`${daemon.url}readyz`)).ok;
	} catch {
		return false;
	}
}

module.exports = {browser_start, page_open, host_page, parts, until, counted, reloaded, wire_tap, mock_start, kefud_start, rules_copy, staff_add};

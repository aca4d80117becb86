'use strict';
/* Learners who are signed in, and a proof that runs out in the middle of a conversation. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const h = require('./harness');

const SECRET = 'a secret of the platform';
let browser, daemon;
before(async () => {
	browser = await h.browser_start();
	daemon = await h.kefud_start('--identity-key', SECRET);
});
after(async () => {
	await browser.close();
	await daemon.remove();
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(user, seconds) {
	const body = `${part({alg: 'HS256'})}.${part({sub: user, exp: Math.floor(Date.now() / 1000) + seconds})}`;
	return `${body}.${crypto.createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}

/* A page that has said something under an identity that runs out within `seconds`, and knows `later` ones. */
async function signed_in_for(seconds, user, later) {
	const opened = await h.page_open(browser, daemon.url);
	opened.wire = h.wire_tap(opened.page);
	/* the server allows a minute more */
	await opened.page.evaluate((list) => {
		window.fetched = 0;
		window.kefu.identify(async () => list[Math.min(window.fetched++, list.length - 1)]);
	}, [jwt(user, seconds - 60), ...later]);
	await opened.chat.open();
	await opened.chat.say('退款政策是什么');
	await h.counted(opened.chat.theirs, 2);
	return opened;
}

/* The same once the identity has run out; a longer one where the machine is so slow that it ran out before. */
async function signed_in(user, later = []) {
	for (let seconds = 2;; seconds *= 2) {
		const opened = await signed_in_for(seconds, user, later);
		if (!opened.wire.got.some((frame) => frame.type === 'error')) {
			await new Promise((done) => setTimeout(done, seconds * 1000 + 1200));
			return opened;
		}
		assert.ok(seconds < 32, JSON.stringify(opened.wire.got));
		await opened.context.close();
	}
}

const sessions = (wire) => new Set(wire.got.filter((frame) => frame.type === 'welcome').map((frame) => frame.session));

test('an identity that has run out is fetched again, and the message goes on under it', async () => {
	const {page, chat, wire, done} = await signed_in('u1', [jwt('u1', 600)]);
	assert.equal(await page.evaluate(() => window.fetched), 1);
	await chat.say('怎么开发票');
	await h.counted(chat.theirs, 3);
	assert.match((await chat.theirs.allTextContents())[2], /发票/);
	assert.deepEqual(await chat.under.allTextContents(), ['', '']);
	assert.equal(await page.evaluate(() => window.fetched), 2);
	assert.equal(sessions(wire).size, 1);
	await done();
});

test('a page that has no new identity leaves a guest, whose message is answered in a conversation of their own', async () => {
	const {chat, wire, done} = await signed_in('u2');
	await chat.say('怎么开发票');
	await h.until('the answer', async () => (await chat.theirs.allTextContents()).some((text) => /申请开票|发票/.test(text)));
	assert.deepEqual(await chat.mine.allTextContents(), ['退款政策是什么', '怎么开发票']);
	assert.equal(sessions(wire).size, 2);
	assert.ok(wire.sent.filter((frame) => frame.type === 'hello').at(-1).identity === undefined);
	await done();
});

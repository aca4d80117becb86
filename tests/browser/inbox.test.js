'use strict';
/* The agents' inbox in real browsers against a real daemon: learners with the demo page's widget, two people beside the bot. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const axe = require('axe-core');
const h = require('./harness');

const PASSWORD = 'correct horse battery';
const PHONE = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};
const EXCUSE = /status of (401|404|409|503)|ERR_CONNECTION|WebSocket connection/;

let browser, daemon;
before(async () => {
	browser = await h.browser_start();
	daemon = await h.kefud_start();
	for (const [name, role] of [['lin', 'agent'], ['wu', 'agent'], ['qa', 'viewer']])
		h.staff_add(daemon, name, role, PASSWORD);
});
after(async () => {
	await browser.close();
	await daemon.remove();
});

async function agent(name, options = {}) {
	const it = await h.page_open(browser, `${daemon.url}admin/inbox`, options, EXCUSE);
	const {page} = it;
	await page.locator('input[name=name]').fill(name);
	await page.locator('input[name=password]').fill(PASSWORD);
	await page.locator('form button[type=submit]').click();
	await page.locator('#sign-out').waitFor();
	return Object.assign(it, {box: page.locator('.box textarea'), log: page.locator('.one .chat'),
		group: (which) => page.locator(`.group-of.${which} li`), act: (what) => page.locator('.one .acts').getByRole('button', {name: what, exact: true}),
		online: async () => {
			await page.locator('#presence:enabled').waitFor();
			if (await page.locator('#presence').getAttribute('aria-checked') !== 'true')
				await page.locator('#presence').click();
			await page.locator('#presence[aria-checked=true]').waitFor();
		},
		away: async () => {
			await page.locator('#presence:enabled').waitFor();
			if (await page.locator('#presence').getAttribute('aria-checked') === 'true')
				await page.locator('#presence').click();
			await page.locator('#presence[aria-checked=false]').waitFor();
		},
		say: async (text) => {
			await page.locator('.box textarea').fill(text);
			await page.keyboard.press('Enter');
		},
		lines: (side) => page.locator(`.one .chat .row.${side}:not(.sending) .bubble`).evaluateAll((all) => all.map((node) => node.lastElementChild.textContent))});
}

async function learner(...words) {
	const it = await h.page_open(browser, daemon.url, {}, EXCUSE);
	await it.chat.open();
	for (const text of words) {
		const before = await it.chat.theirs.count();
		await it.chat.say(text);
		await h.until(`an answer to ${text}`, async () => await it.chat.theirs.count() > before);
	}
	return it;
}

const heard = (chat) => chat.theirs.allTextContents();
const times = (list, text) => list.filter((one) => one.includes(text)).length;

async function violations(page) {
	await page.evaluate(axe.source);
	const {violations: found} = await page.evaluate(() => window.axe.run(document));
	return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(' ')).join(', ')}`);
}

/* A chat that `who` has taken, and the learner's page. */
async function taken(who, ...words) {
	const pupil = await learner(...words, '转人工');
	await who.page.locator('.group-of.queued .take').first().click();
	await h.until('the box is there', () => who.box.isVisible());
	return pupil;
}

async function finish(who) {
	await who.act('结束').click();
	await who.page.locator('dialog button[value=go]').click();
	await who.page.locator('.one .banner', {hasText: '人工服务已结束'}).waitFor();
}

test('who is no agent is told so, and an agent begins as away', async () => {
	const viewer = await agent('qa');
	await viewer.page.getByText('您的角色不能做这件事。').waitFor();
	await viewer.done();
	const lin = await agent('lin');
	await lin.page.locator('#presence:enabled').waitFor();
	assert.equal(await lin.page.locator('#presence').getAttribute('aria-checked'), 'false');
	await lin.online();
	await lin.page.reload();
	await lin.page.locator('#presence[aria-checked=true]').waitFor();
	await lin.done();
});

test('a learner queues, one of two agents gets the chat, both talk, and the bot comes back when it is closed', async () => {
	const lin = await agent('lin'), wu = await agent('wu');
	await lin.online();
	await wu.online();
	const pupil = await learner('课程视频一直卡顿', '转人工');
	await lin.group('queued').first().waitFor();
	await wu.group('queued').first().waitFor();
	await h.until('the title counts', async () => /^\(\d+\)/.test(await lin.page.title()));
	assert.equal(await lin.page.evaluate(() => document.documentElement.dataset.sound), 'queued');
	/* Both buttons are at hand before either is pressed: the slower one asks for what is taken by then. */
	const buttons = await Promise.all([lin, wu].map(({page}) => page.locator('.group-of.queued .take').first().elementHandle()));
	await Promise.all(buttons.map((one) => one.evaluate((node) => node.click())));
	await h.until('one of them has it', async () => await lin.box.isVisible() !== await wu.box.isVisible());
	const [has, not] = await lin.box.isVisible() ? [lin, wu] : [wu, lin];
	await not.page.locator('.toast', {hasText: '先接入了这位学员'}).waitFor();
	assert.equal(await not.group('mine').count(), 0);
	await not.group('others').first().waitFor();
	await h.until('what was said before is there', async () => times(await has.lines('them'), '课程视频一直卡顿') === 1);

	await has.say('您好，我看一下您的网络');
	await h.until('the learner reads it', async () => times(await heard(pupil.chat), '我看一下您的网络') === 1);
	await pupil.chat.say('好的，谢谢，订单号 20261101123456');
	await h.until('the agent reads it as written', async () => times(await has.lines('them'), '20261101123456') === 1);
	await pupil.page.locator('kefu-chat textarea').pressSequentially('还有一个', {delay: 1500});
	await has.page.locator('.typing', {hasText: '正在输入'}).waitFor();
	await has.box.pressSequentially('请讲');
	await pupil.chat.typing.waitFor();
	await has.box.fill('');

	assert.deepEqual(await violations(has.page), []);
	await finish(has);
	await pupil.chat.say('怎么开发票');
	await h.until('the bot answers again', async () => times(await heard(pupil.chat), '发票') > 0);
	assert.equal(await has.group('mine').count(), 0);
	for (const it of [lin, wu, pupil])
		await it.done();
});

test('a note is seen by colleagues only, and stays with the chat when it is transferred', async () => {
	const lin = await agent('lin'), wu = await agent('wu');
	await lin.online();
	await wu.online();
	const pupil = await taken(lin, '证书怎么领');
	await lin.page.locator('.mode[data-kind=note]').click();
	await lin.say('学员很着急，先安抚');
	await h.until('the note stands in the chat', async () => times(await lin.lines('jotting'), '先安抚') === 1);
	await lin.page.locator('.notes li', {hasText: '先安抚'}).waitFor();
	await lin.page.locator('.mode[data-kind=say]').click();
	await lin.say('我请同事来看');
	await h.until('the learner reads it', async () => times(await heard(pupil.chat), '我请同事来看') === 1);

	await lin.act('转接').click();
	await lin.page.locator('dialog .choice', {hasText: 'wu'}).click();
	await lin.page.locator('dialog textarea').fill('证书问题');
	assert.deepEqual(await violations(lin.page), []);
	await lin.page.locator('dialog button[value=go]').click();
	await wu.page.locator('.toast', {hasText: '转接给了您'}).waitFor();
	await wu.group('mine').locator('a').first().click();
	await h.until('the note came along', async () => times(await wu.lines('jotting'), '先安抚') === 1);
	assert.equal(await lin.box.isVisible(), false);
	await wu.say('您好，我来接着处理');
	await h.until('the learner reads the other', async () => times(await heard(pupil.chat), '我来接着处理') === 1);
	assert.equal(times(await heard(pupil.chat), '先安抚'), 0);
	assert.equal(await pupil.page.evaluate(() => JSON.stringify(localStorage).includes('先安抚')), false);
	await finish(wu);
	for (const it of [lin, wu, pupil])
		await it.done();
});

test('a suggestion and a ready answer go into the box, are edited, and are sent by hand only', async () => {
	const lin = await agent('lin');
	await lin.online();
	const pupil = await taken(lin, '怎么开发票');
	const before = (await heard(pupil.chat)).length;
	await lin.page.locator('.suggestions button', {hasText: '发票'}).first().waitFor();
	await lin.page.keyboard.press('Alt+1');
	await h.until('it is in the box', async () => /发票/.test(await lin.box.inputValue()));
	await lin.box.fill('');

	await lin.page.locator('.modes').getByRole('button', {name: '常用语'}).click();
	await lin.page.getByRole('button', {name: '管理常用语…'}).click();
	await lin.page.getByRole('button', {name: '新建常用语'}).click();
	await lin.page.locator('dialog [name=title]').fill('稍等');
	await lin.page.locator('dialog [name=text]').fill('请稍等，我查一下。');
	await lin.page.locator('dialog [name=shared]').check();
	assert.deepEqual(await violations(lin.page), []);
	await lin.page.locator('dialog').getByRole('button', {name: '保存'}).click();
	await lin.page.locator('dialog .canned-list li', {hasText: '请稍等'}).waitFor();
	await lin.page.keyboard.press('Escape');
	await h.counted(lin.page.locator('dialog'), 0);
	await lin.box.fill('/稍');
	await lin.page.locator('#ready-list [aria-selected=true]', {hasText: '请稍等'}).waitFor();
	assert.deepEqual(await violations(lin.page), []);
	await lin.page.keyboard.press('Enter');
	assert.equal(await lin.box.inputValue(), '请稍等，我查一下。');
	assert.equal((await heard(pupil.chat)).length, before, 'nothing was sent by itself');
	await lin.page.keyboard.type('很快就好');
	await lin.page.keyboard.press('Enter');
	await h.until('the learner reads it', async () => times(await heard(pupil.chat), '请稍等，我查一下。很快就好') === 1);
	const wu = await agent('wu');
	assert.deepEqual(await wu.page.evaluate(async () => (await (await fetch('/admin/api/desk/canned')).json()).canned.map((one) => [one.title, one.mine])), [['稍等', false]]);
	await wu.done();
	await finish(lin);
	for (const it of [lin, pupil])
		await it.done();
});

test('a text that is not sent stays with its chat over a reload, and is never another chat’s', async () => {
	const lin = await agent('lin');
	await lin.online();
	const first = await taken(lin, '怎么退款'), one = lin.page.url();
	await lin.box.fill('给第一位的');
	const second = await taken(lin, '怎么开发票');
	await h.until('another chat is open', () => lin.page.url() !== one);
	assert.equal(await lin.box.inputValue(), '');
	await first.chat.say('还在吗');
	const row = lin.page.locator(`.group-of.mine a[href="${new URL(one).hash}"]`);
	await row.locator('.count').waitFor();
	assert.match(await row.locator('.words').textContent(), /还在吗/);
	await h.until('the title counts', async () => /^\(1\)/.test(await lin.page.title()));
	await lin.page.reload();
	await lin.box.waitFor();
	assert.equal(await lin.box.inputValue(), '');
	await lin.page.evaluate((to) => (location.hash = to), new URL(one).hash);
	await h.until('the text is back', async () => await lin.box.inputValue() === '给第一位的');
	await h.counted(row.locator('.count'), 0);
	await lin.page.keyboard.press('Alt+ArrowDown');
	await h.until('the keys walk', () => lin.page.url() !== one);
	await finish(lin);
	await lin.page.evaluate((to) => (location.hash = to), new URL(one).hash);
	await finish(lin);
	for (const it of [lin, first, second])
		await it.done();
});

test('a learner who goes and comes back finds what was said meanwhile, once', async () => {
	const lin = await agent('lin');
	await lin.online();
	const pupil = await taken(lin, '视频卡顿');
	await pupil.page.goto('about:blank');
	await lin.page.locator('.state', {hasText: '学员离线'}).waitFor();
	await lin.say('您掉线了，我等您');
	await h.until('it is on the disk', async () => times(await lin.lines('me'), '我等您') === 1);
	await pupil.page.goto(daemon.url);
	if (!await pupil.chat.panel.isVisible())
		await pupil.chat.launcher.click();
	await h.until('the learner reads it', async () => times(await heard(pupil.chat), '我等您') === 1);
	await lin.page.locator('.state', {hasText: '学员在线'}).waitFor();
	await pupil.chat.say('我回来了');
	await h.until('and is read', async () => times(await lin.lines('them'), '我回来了') === 1);
	await finish(lin);
	for (const it of [lin, pupil])
		await it.done();
});

test('a daemon that is killed in the middle of a chat loses nothing and doubles nothing, on either side', async () => {
	const lin = await agent('lin');
	await lin.online();
	const pupil = await taken(lin, '视频卡顿');
	const said = {agent: [], learner: []};
	for (let round = 0; round < 3; round++) {
		for (let i = 0; i < 4; i++) {
			said.agent.push(`客服第${round}轮第${i}句。`);
			await lin.say(said.agent.at(-1));
			said.learner.push(`学员第${round}轮第${i}句。`);
			await pupil.chat.say(said.learner.at(-1));
		}
		await daemon.stop('SIGKILL');
		said.agent.push(`客服断线时第${round}句。`);
		await lin.say(said.agent.at(-1));
		await lin.page.locator('.row.sending', {hasText: said.agent.at(-1)}).waitFor();
		await daemon.start();
		await h.until('all is with the agent', async () => {
			const theirs = await lin.lines('them');
			return said.learner.every((text) => times(theirs, text) === 1) && await lin.page.locator('.row.sending').count() === 0;
		});
		await h.until('all is with the learner', async () => {
			const ours = await heard(pupil.chat);
			return said.agent.every((text) => times(ours, text) === 1);
		});
	}
	const ours = (await lin.lines('me')).filter((text) => /^客服/.test(text)), theirs = (await lin.lines('them')).filter((text) => /第\d轮/.test(text));
	assert.deepEqual(ours, said.agent, 'in the order they were said');
	assert.deepEqual(theirs, said.learner);
	assert.deepEqual((await heard(pupil.chat)).map((text) => /客服(第\d轮|断线).*$/.exec(text)).filter(Boolean).map(([text]) => text), said.agent);
	await lin.page.reload();
	await h.until('the same after a reload', async () => (await lin.lines('me')).filter((text) => /^客服/.test(text)).length === said.agent.length);
	await finish(lin);
	for (const it of [lin, pupil])
		await it.done();
});

test('a message left while nobody is there is answered later', async () => {
	const lin = await agent('lin');
	await lin.away();
	const pupil = await learner('转人工');
	for (const text of ['证书一直没有收到', '13800138000']) {
		const before = await pupil.chat.theirs.count();
		await pupil.chat.say(text);
		await h.until('the bot goes on', async () => await pupil.chat.theirs.count() > before);
	}
	await lin.page.getByRole('tab', {name: /^留言/}).click();
	await lin.group('left').first().waitFor();
	assert.deepEqual(await violations(lin.page), []);
	await lin.page.locator('.group-of.left .take').last().click();
	await h.until('the contact is there', async () => times(await lin.lines('them'), '13800138000') === 1);
	await lin.say('证书已经补发，请查收');
	await h.until('the learner reads it', async () => times(await heard(pupil.chat), '证书已经补发') === 1);
	await finish(lin);
	for (const it of [lin, pupil])
		await it.done();
});

test('the keys are listed, the single one can be turned off, and the sound has a switch that stays', async () => {
	const lin = await agent('lin');
	await lin.page.locator('[role=tab]').first().focus();
	await lin.page.keyboard.press('?');
	await lin.page.getByRole('heading', {name: '快捷键'}).waitFor();
	assert.deepEqual(await violations(lin.page), []);
	await lin.page.getByLabel('用单个按键 ? 打开这个列表').uncheck();
	await lin.page.keyboard.press('Escape');
	await h.counted(lin.page.locator('dialog'), 0);
	await lin.page.locator('[role=tab]').first().focus();
	await lin.page.keyboard.press('?');
	assert.equal(await lin.page.locator('dialog').count(), 0);
	await lin.page.locator('#sound').click();
	assert.equal(await lin.page.locator('#sound').getAttribute('aria-pressed'), 'false');
	await h.reloaded(lin.page);
	await lin.page.locator('#sound[aria-pressed=false]').waitFor();
	await lin.page.keyboard.press('Tab');
	assert.equal(await lin.page.evaluate(() => document.activeElement.className), 'skip');
	await lin.done();
});

for (const [name, options] of [['a desktop', {}], ['a desktop, dark, in English', {colorScheme: 'dark', locale: 'en-US'}], ['a phone', PHONE], ['a phone, dark', {...PHONE, colorScheme: 'dark'}]])
	test(`axe finds nothing in queue, chat and profile on ${name}, and nothing is wider than the screen`, async () => {
		const lin = await agent('lin', {...options, reducedMotion: 'reduce'}), {page} = lin;
		const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
		await lin.online();
		const pupil = await learner('怎么开发票', '转人工');
		await lin.group('queued').first().waitFor();
		assert.deepEqual(await violations(page), []);
		assert.equal(await fits(), true, 'the queue fits');
		await page.locator('.group-of.queued .take').first().click();
		await lin.box.waitFor();
		await page.locator('.suggestions button').first().waitFor();
		await page.locator('.mode[data-kind=note]').click();
		await lin.say('a note');
		await page.locator('.row.jotting:not(.sending)').waitFor();
		assert.deepEqual(await violations(page), []);
		assert.equal(await fits(), true, 'the chat fits');
		const at = page.url();
		if (options.isMobile) {
			await page.locator('.to-info').click();
			await page.locator('.info .facts').waitFor();
			assert.deepEqual(await violations(page), []);
			assert.equal(await fits(), true, 'the profile fits');
			await page.locator('.learner .back').click();
		}
		await h.until('back in the chat', () => page.url() === at);
		await page.locator('.one .acts button.danger').click();
		await page.locator('dialog button[value=go]').click();
		await h.until('it is over', async () => !await lin.box.isVisible());
		await lin.done();
		await pupil.done();
	});

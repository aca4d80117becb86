'use strict';
/* The staff's page in a real browser against a real daemon with the sample academy. */
const {test, before, after} = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const axe = require('axe-core');
const h = require('./harness');

const PASSWORD = 'correct horse battery';
const PHONE = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};
const EXCUSE = /Failed to load resource: the server responded with a status of (401|404|409|422|429)/;

let browser, daemon, rules;
before(async () => {
	browser = await h.browser_start();
	rules = h.rules_copy();
	daemon = await h.kefud_start('--intents', path.join(rules, 'intents.yaml'));
});
after(async () => {
	await browser.close();
	await daemon.remove();
	fs.rmSync(rules, {recursive: true, force: true});
});

const say = (text, session) => fetch(`${daemon.url}message`, {method: 'POST', headers: {'Content-Type': 'application/json', 'Connection': 'close'},
	body: JSON.stringify({text, session})}).then(async (answer) => {
	assert.equal(answer.status, 200, await answer.clone().text());
	return answer.json();
});

async function sign_in(page, name, password = PASSWORD) {
	await page.locator('input[name=name]').fill(name);
	await page.locator('input[name=password]').fill(password);
	await page.locator('form button[type=submit]').click();
}

async function open(name, where = '', options = {}) {
	const it = await h.page_open(browser, `${daemon.url}admin/${where}`, options, EXCUSE);
	await sign_in(it.page, name);
	await it.page.locator('#sign-out').waitFor();
	return it;
}

const go = (page, where) => page.evaluate((to) => (location.hash = to), where);
const area = (page) => page.locator('textarea.code');
const rules_of = (name) => fs.readFileSync(path.join(rules, name), 'utf8');

async function violations(page) {
	await page.evaluate(axe.source);
	const {violations: found} = await page.evaluate(() => window.axe.run(document));
	return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(' ')).join(', ')}`);
}

test('while there is no account, the page says how to make the first one', async () => {
	const {page, done} = await h.page_open(browser, `${daemon.url}admin/`, {}, EXCUSE);
	await page.getByRole('heading', {name: '还没有账号'}).waitFor();
	assert.match(await page.locator('pre').textContent(), /^kefu staff add NAME --role admin --db \/.*kefu\.db$/);
	assert.deepEqual(await violations(page), []);
	for (const [name, role] of [['lin', 'admin'], ['wang', 'editor'], ['chen', 'editor'], ['zhao', 'agent'], ['qa', 'viewer']])
		h.staff_add(daemon, name, role, PASSWORD);
	await page.getByRole('button', {name: '再看一次'}).click();
	await page.locator('input[name=password]').waitFor();
	await done();
});

test('a wrong password is said in words, the right one opens, signing out closes', async () => {
	const {page, done} = await h.page_open(browser, `${daemon.url}admin/`, {}, EXCUSE);
	await sign_in(page, 'lin', 'not this one');
	await page.getByText('名字或密码不对。').waitFor();
	assert.deepEqual(await violations(page), []);
	await sign_in(page, 'lin');
	await page.locator('#sign-out').click();
	await page.locator('input[name=password]').waitFor();
	await page.reload();
	await page.locator('input[name=password]').waitFor();
	await done();
});

test('each role sees the parts that it may use, and no others', async () => {
	const viewer = ['overview', 'try', 'rules', 'faq', 'edit']; /* agents and up have the inbox as well */
	for (const [name, parts] of [['qa', viewer], ['zhao', ['overview', 'talks', 'try', 'rules', 'faq', 'edit', 'inbox']],
		['wang', ['overview', 'unanswered', 'talks', 'try', 'rules', 'faq', 'edit', 'inbox']],
		['lin', ['overview', 'unanswered', 'talks', 'try', 'rules', 'faq', 'edit', 'audit', 'inbox']]]) {
		const {page, done} = await open(name);
		assert.deepEqual(await page.locator('nav a').evaluateAll((all) => all.map((a) => a.dataset.part)), parts);
		await done();
	}
	const {page, done} = await open('qa', '#edit');
	await area(page).waitFor();
	assert.equal(await area(page).evaluate((node) => node.readOnly), true);
	assert.equal(await page.getByRole('button', {name: '保存…'}).count(), 0);
	await go(page, 'audit');
	await page.getByRole('heading', {name: '概览'}).waitFor();
	await done();
});

test('a sentence is answered as the widget would, with candidates and links to the lines', async () => {
	const {page, done} = await open('qa', '#try');
	await page.getByPlaceholder('例如：怎么退款').fill('我要退款');
	await page.getByRole('button', {name: '试一下'}).click();
	await page.locator('.row.bot').waitFor();
	assert.match(await page.locator('.row.bot .bubble').textContent(), /订单号/);
	assert.equal(await page.locator('.candidates li.chosen .line a').textContent(), 'refund');
	const place = await page.locator('.candidates li.chosen .place').first().textContent();
	await page.getByPlaceholder('例如：怎么退款').fill('20261101123456');
	await page.keyboard.press('Enter');
	await h.counted(page.locator('.row.bot'), 2);
	assert.doesNotMatch(await page.locator('.row.bot .bubble').last().textContent(), /没听懂|没太明白/);
	await page.getByRole('button', {name: '为什么这样答'}).first().click();
	await page.locator('.candidates li.chosen .place').first().click();
	const line = Number(place.split(':')[1]);
	await h.until('the caret is at the line', async () => (await page.locator('.caret').textContent()).startsWith(`第 ${line} 行`));
	await done();
});

test('an edit is checked, compared, saved, and served', async () => {
	const {page, done} = await open('wang', '#edit?file=faq/account.yaml');
	await page.locator('.verdict.good, .verdict.warn').waitFor();
	const text = await area(page).inputValue();
	await area(page).fill(text.replace(/\n {2}- id:/, '\n  - idd:'));
	await page.locator('.verdict.bad').waitFor();
	assert.ok(await page.locator('.found .diagnostics li.error').count() > 0);
	assert.ok(await page.locator('.flag.error').count() > 0);
	await area(page).fill(`${text.trimEnd()}\n  - id: pets\n    q: 宠物可以一起上课吗\n    a: 当然可以，请让它保持安静。\n`);
	await page.locator('.verdict.good, .verdict.warn').waitFor();
	await page.getByRole('button', {name: '保存…'}).click();
	assert.equal(await page.locator('dialog .plus').count(), 3);
	assert.deepEqual(await violations(page), []);
	await page.locator('dialog input').fill('有人问宠物');
	await page.getByRole('button', {name: '保存并生效'}).click();
	await page.getByText(/^规则第 \d+ 版已生效$/).waitFor();
	assert.match(rules_of('faq/account.yaml'), /宠物可以一起上课吗/);
	assert.match((await say('宠物可以一起上课吗')).text, /保持安静/);
	await done();
});

test('unsaved work outlives a reload of the page', async () => {
	const {page, done} = await open('wang', '#edit?file=faq/account.yaml');
	await page.locator('.verdict.good, .verdict.warn').waitFor();
	await area(page).focus();
	await page.keyboard.press('Control+End');
	await page.keyboard.type('# mine');
	await page.getByText('未保存', {exact: true}).waitFor();
	page.on('dialog', (dialog) => dialog.accept());
	await page.reload();
	await page.getByText('已恢复您没保存的修改').waitFor();
	assert.match(await area(page).inputValue(), /# mine$/);
	await page.getByRole('button', {name: '放弃修改'}).click();
	await page.locator('dialog button[value=drop]').click();
	await h.until('the text is back', async () => !/# mine/.test(await area(page).inputValue()));
	await done();
});

test('who saves second is shown what the first one changed, and both can be merged', async () => {
	const first = await open('wang', '#edit?file=faq/creators.yaml');
	const second = await open('chen', '#edit?file=faq/creators.yaml');
	for (const {page} of [first, second])
		await page.locator('.verdict.good, .verdict.warn').waitFor();
	const text = await area(first.page).inputValue();
	await area(first.page).fill(`# first\n${text}`);
	await area(second.page).fill(`${text.trimEnd()}\n# second\n`);
	for (const {page} of [first, second]) {
		await page.getByRole('button', {name: '保存…'}).click();
		await page.getByRole('button', {name: '保存并生效'}).click();
		await page.locator(page === first.page ? '.toast.good' : 'dialog button[value=merge]').first().waitFor();
	}
	assert.match(await second.page.locator('dialog .minus').textContent(), /# first/);
	await second.page.locator('dialog button[value=merge]').click();
	await second.page.getByRole('button', {name: '保存…'}).click();
	await second.page.getByRole('button', {name: '保存并生效'}).click();
	await second.page.locator('.toast.good').first().waitFor();
	assert.match(rules_of('faq/creators.yaml'), /^# first\n[^]*# second\n$/);
	await first.done();
	await second.done();
});

test('an earlier version is looked at, compared and brought back', async () => {
	const {page, done} = await open('wang', '#edit?file=faq/creators.yaml');
	await page.locator('.verdict.good, .verdict.warn').waitFor();
	await page.getByRole('button', {name: '历史版本'}).click();
	await page.locator('dialog tbody tr').nth(1).waitFor();
	assert.match(await page.locator('dialog tbody').textContent(), /chen/);
	await page.locator('dialog tbody tr').nth(1).getByRole('button', {name: /^与当前比较/}).click();
	await page.locator('dialog .diff .plus').waitFor();
	assert.deepEqual(await violations(page), []);
	await page.locator('dialog tbody tr').nth(1).getByRole('button', {name: /^恢复/}).click();
	await page.locator('dialog button[value=go]').click();
	await page.getByText(/^规则第 \d+ 版已生效$/).waitFor();
	assert.doesNotMatch(rules_of('faq/creators.yaml'), /# second/);
	assert.doesNotMatch(await area(page).inputValue(), /# second/);
	await done();
});

test('rules and FAQ entries are found by words, open, and lead to their line', async () => {
	const {page, done} = await open('qa', '#rules');
	await page.getByRole('searchbox').fill('发票抬头');
	await h.until('fewer rules', async () => /^共 \d 条$/.test(await page.locator('.total').textContent()));
	await page.locator('.toggle').first().click();
	assert.equal(await page.locator('.toggle').first().getAttribute('aria-expanded'), 'true');
	await go(page, 'faq?id=pets');
	await page.locator('.inside').waitFor();
	assert.match(await page.locator('.hits').textContent(), /^1 /, 'the question asked above counts');
	await page.locator('.head .place').click();
	await h.until('the entry is at the caret', () => area(page).evaluate((node) => /id: pets/.test(node.value.slice(node.selectionStart).split('\n')[0])));
	await done();
});

test('the numbers and plots are those of what was said', async () => {
	for (const text of ['怎么开发票', '怎么退款', '蓝鲸火箭土豆'])
		await say(text);
	const {page, done} = await open('zhao');
	const value = (name) => page.locator(`.tile:has(dt:text-is("${name}")) dd`).textContent();
	await h.until('four messages', async () => {
		await page.reload();
		await page.locator('.tile').first().waitFor();
		return /^4/.test(await value('消息'));
	});
	assert.match(await value('没听懂'), /^1 ?25\.0%/);
	assert.equal(await page.locator('.plot svg').count(), 4);
	assert.equal(await page.locator('.plot svg rect.a').count() > 0, true);
	await page.locator('.plot summary').first().click();
	const rows = await page.locator('.plot').first().locator('tbody tr').allTextContents();
	assert.equal(rows.length, 24);
	await page.getByRole('link', {name: '30 天'}).click();
	await h.until('thirty days', async () => await page.locator('.plot').first().locator('tbody tr').count() === 30);
	await done();
});

test('a conversation is found by what was said and read line by line', async () => {
	const {page, done} = await open('zhao', '#talks');
	await page.getByRole('searchbox').fill('蓝鲸');
	await h.counted(page.locator('.talk-list a'), 1);
	await page.locator('.talk-list a').click();
	await page.locator('.one .row.me').waitFor();
	assert.match(await page.locator('.one .row.me').textContent(), /蓝鲸火箭土豆/);
	assert.match(await page.locator('.one .row.bot').last().textContent(), /没听懂/);
	await done();
});

test('a group of unanswered questions becomes a phrase, an answer or a test in its file, and remarks stay', async () => {
	for (const text of ['可以牵着骆驼来吗', '证书可以裱起来寄给我吗', '猫咪能旁听吗'])
		for (let i = 0; i < 2; i++)
			await say(text);
	const main = rules_of('intents.yaml'), remarks = (text) => text.split('\n').filter((line) => /^\s*#/.test(line));
	const {page, done} = await open('wang', '#unanswered');
	const group = (text) => page.locator('.group', {has: page.getByRole('heading', {name: text, exact: true})});
	const write = async (text, action, fill) => {
		await h.until(`the group of ${text}`, async () => await group(text).count() || (await page.reload(), await page.locator('.group').first().waitFor(), false));
		await group(text).getByRole('button', {name: action}).click();
		await fill(page.locator('dialog'));
		await page.locator('dialog .preview .plus').first().waitFor();
		assert.deepEqual(await violations(page), []);
		await page.locator('dialog button[value=save]:enabled').click();
		await page.locator('.toast.good', {hasText: /^规则第 \d+ 版已生效$/}).last().waitFor();
		await h.counted(group(text), 0);
	};
	await write('可以牵着骆驼来吗', '加为例句', async (box) => {
		await box.locator('[name=target]').fill('no_such_intent');
		await box.locator('.problem').waitFor();
		assert.equal(await box.locator('button[value=save]').isDisabled(), true);
		await box.locator('[name=target]').fill('trial_lesson');
	});
	const after = rules_of('intents.yaml');
	assert.deepEqual(remarks(after), remarks(main));
	assert.equal(after.split('\n').length, main.split('\n').length + 1, 'one line more, the others untouched');
	assert.match(after, /可以牵着骆驼来吗/);
	const files = fs.readdirSync(path.join(rules, 'faq')).map((name) => `faq/${name}`), faq = () => files.map(rules_of).join('\n');
	const before = faq();
	await write('猫咪能旁听吗', '新建问答', async (box) => {
		await box.locator('[name=answer]').fill('可以，请让它保持安静哦。');
		await box.locator('[name=id]').fill('cats');
	});
	assert.match(faq(), /id: cats\n\s+q: 猫咪能旁听吗\n\s+a:\n\s+zh: 可以，请让它保持安静哦。/);
	assert.deepEqual(remarks(faq()), remarks(before));
	assert.match((await say('猫咪能旁听吗')).text, /保持安静哦/);
	assert.equal((await say('可以牵着骆驼来吗')).intent, 'trial_lesson');
	await h.until('the group of the certificate', async () => await group('证书可以裱起来寄给我吗').count() || (await page.reload(), await page.locator('.group').first().waitFor(), false));
	await group('证书可以裱起来寄给我吗').getByRole('button', {name: '加为测试'}).click();
	await page.locator('dialog [name=target]').fill('greeting');
	await page.locator('dialog .diagnostics', {hasText: '测试不通过'}).waitFor();
	assert.equal(await page.locator('dialog button[value=save]').isDisabled(), true, 'a test that does not hold is not written');
	await page.locator('dialog [name=text]').fill('可以牵着骆驼来吗');
	await page.locator('dialog [name=target]').fill('trial_lesson');
	await page.locator('dialog .plus', {hasText: '可以牵着骆驼来吗'}).waitFor();
	await page.locator('dialog button[value=save]:enabled').click();
	await h.until('the test is in the file', () => /\n {2}trial_lesson:[^]*\n {4}tests:[^]*可以牵着骆驼来吗/.test(rules_of('intents.yaml')));
	assert.deepEqual(remarks(rules_of('intents.yaml')), remarks(main));
	await done();
});

test('a group put aside stays away over a reload; undone, it is there again', async () => {
	for (const text of ['月亮上的挖掘机', '沙漠里的帆船'])
		await say(text);
	const {page, done} = await open('wang', '#unanswered');
	const heading = (text) => page.getByRole('heading', {name: text, exact: true}), group = (text) => page.locator('.group', {has: heading(text)});
	const again = async () => {
		await page.reload();
		await page.locator('.group, .empty').first().waitFor();
	};
	for (const [text, action] of [['月亮上的挖掘机', '忽略'], ['沙漠里的帆船', '已处理']]) {
		await h.until(`the group of ${text}`, async () => await group(text).count() || again());
		await group(text).getByRole('button', {name: action}).click();
		await page.getByRole('button', {name: '撤销'}).click();
		await heading(text).waitFor();
		await group(text).getByRole('button', {name: action}).click();
		await page.locator('.undo').waitFor();
		await again();
		await h.counted(heading(text), 0);
	}
	await done();
	const log = await open('lin', '#audit');
	await log.page.locator('tbody tr').first().waitFor();
	assert.match(await log.page.locator('tbody').textContent(), /处理完一组问题[^]*重新打开一组问题[^]*忽略一组问题/);
	await log.done();
});

test('a file broken on the machine is told in the language of the page, and put back from the overview', async () => {
	const good = rules_of('faq/learning.yaml');
	fs.writeFileSync(path.join(rules, 'faq/learning.yaml'), good.replace('\n  - id:', '\n  - idd:'));
	const {page, done} = await open('wang');
	await h.until('the old rules serve', async () => {
		await page.reload();
		await page.locator('.health').waitFor();
		return page.getByText('正在使用旧规则').count();
	});
	await page.locator('.tries .diagnostics', {hasText: '不认识的键“idd”'}).waitFor();
	await page.locator('#lang').click();
	await page.locator('.tries .diagnostics', {hasText: "unknown key 'idd'"}).waitFor();
	await page.locator('#lang').click();
	assert.deepEqual(await violations(page), []);
	await page.getByRole('button', {name: '把 faq/learning.yaml 恢复到上一个好的版本'}).click();
	await page.locator('dialog .diff .minus', {hasText: 'idd'}).waitFor();
	assert.deepEqual(await violations(page), []);
	await page.locator('dialog button[value=go]').click();
	await page.getByText('运行正常').waitFor();
	assert.equal(rules_of('faq/learning.yaml'), good);
	await done();
});

test('the log says who saved what', async () => {
	const {page, done} = await open('lin', '#audit');
	await page.locator('tbody tr').first().waitFor();
	assert.match(await page.locator('tbody').textContent(), /wang恢复旧版本faq\/creators\.yaml/);
	await page.getByRole('searchbox').fill('chen');
	await h.until('only chen', async () => (await page.locator('tbody tr').allTextContents()).every((row) => /chen/.test(row)));
	await done();
});

test('the keyboard skips to the content and walks the menu', async () => {
	const {page, done} = await open('lin');
	await page.locator('.tile').first().waitFor();
	await h.reloaded(page);
	await page.locator('.tile').first().waitFor();
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => document.activeElement.dataset.part), 'overview');
	assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'solid');
	await page.keyboard.press('Shift+Tab');
	await page.keyboard.press('Enter');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
	await go(page, 'try');
	await page.getByRole('heading', {name: '试一句'}).waitFor();
	await done();
});

test('the language and the colours follow the browser, can be switched, and stay so', async () => {
	const {page, done} = await open('lin', '', {locale: 'en-US', colorScheme: 'dark'});
	await page.getByRole('heading', {name: 'Overview'}).waitFor();
	const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
	const night = await ground();
	await page.locator('#lang').click();
	await page.getByRole('heading', {name: '概览'}).waitFor();
	await page.getByLabel('外观').selectOption('light');
	assert.notEqual(await ground(), night);
	await page.reload();
	await page.getByRole('heading', {name: '概览'}).waitFor();
	assert.notEqual(await ground(), night);
	await done();
});

for (const [name, options] of [['a desktop', {}], ['a desktop, dark, in English', {colorScheme: 'dark', locale: 'en-US'}], ['a phone, dark', {...PHONE, colorScheme: 'dark'}],
	['a phone', PHONE]])
	test(`axe finds nothing in any part on ${name}`, async () => {
		const {page, done} = await open('lin', '', {...options, reducedMotion: 'reduce'});
		for (const [where, ready] of [['overview', '.tile'], ['try?text=我要退款', '.candidates'], ['rules?name=refund', '.inside'], ['faq', '.entry'],
			['talks', '.talk-list a'], ['edit', '.verdict.good, .verdict.warn'], ['audit', 'tbody tr'], ['unanswered', '.group']]) {
			await go(page, where);
			await page.locator(ready).first().waitFor();
			assert.deepEqual(await violations(page), [], where);
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${where} fits`);
		}
		await done();
	});

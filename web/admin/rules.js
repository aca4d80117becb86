/* The rules and the FAQ in service: found by words, with how often each answered. */

const LIST_PAGE = 50;
const LANG_NAMES = {zh: '中文', en: 'EN', '*': ''};

/* A list that is searched: rows are made by row(item, is_open). */
function browse(root, life, query, {part, path, key, words, one, row}) {
	const box = el('div', {class: 'entries'}), more = el('p', {class: 'more'}), total = el('span', {class: 'dim total', role: 'status'});
	const input = el('input', {type: 'search', placeholder: say(words), 'aria-label': say('search'), value: query.q || query[one] || '', autocomplete: 'off', maxlength: '200'});
	let exact = query[one];
	const page = async (offset) => {
		const ask = exact ? {[one]: exact} : {q: input.value.trim()};
		const got = await get(path, {...ask, limit: LIST_PAGE, offset}, life);
		total.textContent = say('matched_of', got);
		more.replaceChildren(offset + got[key].length < got.matched ? button(say('more'), async () => box.append(...await page(offset + LIST_PAGE))) : '');
		return got[key].map((item) => row(item, Boolean(exact)));
	};
	const show = () => load(box, life, () => page(0), (rows) => rows.length ? rows : [empty()]);
	const soon = later(250, () => {
		exact = '';
		history.replaceState(null, '', address(part, {q: input.value.trim()}));
		show();
	});
	input.addEventListener('input', soon);
	life.addEventListener('abort', soon.stop);
	root.append(el('div', {class: 'finder', role: 'search'}, icon('search'), input, total), box, more);
	show();
}

/* A row that opens: the button has the head in it, links stand beside it. */
function entry(head, side, body, open) {
	const inside = el('div', {class: 'inside', hidden: !open});
	const toggle = el('button', {type: 'button', class: 'toggle', 'aria-expanded': String(Boolean(open)), onclick: () => {
		const on = inside.hidden;
		inside.hidden = !on;
		toggle.setAttribute('aria-expanded', String(on));
		if (on && !inside.childNodes.length)
			inside.append(...body());
	}}, icon('chevron'), ...head);
	if (open)
		inside.append(...body());
	return el('article', {class: 'entry card'}, el('div', {class: 'head'}, toggle, el('div', {class: 'side'}, ...side)), inside);
}

const hits_of = (item) => [el('span', {class: item.hits ? 'hits' : 'hits dim', title: say('hits')}, el('b', null, number(item.hits)), ` ${say('hits')}`),
	el('span', {class: 'dim last'}, item.hits ? ago(item.last_hit) : '')];

const in_words = (texts) => texts[app.lang] || texts['*'] || Object.values(texts)[0] || [];

/* A text of several languages and variants. */
const texts_show = (texts) => Object.entries(texts || {}).flatMap(([lang, list]) => list.map((text) =>
	el('div', {class: 'words'}, LANG_NAMES[lang] ? tag(LANG_NAMES[lang]) : null, el('div', {class: 'said'}, markup_read(text)))));

const chips = (list, kind = '') => el('div', {class: 'chips'}, ...list.map((text) => el('span', {class: `chip ${kind}`}, text)));

function rule_only(only) {
	const out = [only.logged_in === true && say('only_in'), only.logged_in === false && say('only_out'), ...only.contexts, ...only.langs, ...only.pages].filter(Boolean);
	return out.length ? [el('dt', null, say('only')), el('dd', null, chips(out))] : [];
}

function block_show(rule, block) {
	if (block.kind === 'keywords')
		return el('dl', {class: 'facts tight'}, ...['all', 'any', 'none'].filter((name) => block[name].length)
			.flatMap((name) => [el('dt', null, say(`kw_${name}`)), el('dd', null, chips(block[name], name === 'none' ? 'not' : ''))]));
	return el('ul', {class: block.kind === 'regex' ? 'patterns' : 'phrases'}, ...block.phrases.map((p) => el('li', null, place(rule.file, p.line, String(p.line)), ' ',
		el(block.kind === 'regex' ? 'code' : 'span', null, p.text))));
}

function answer_show(rule, a) {
	return el('div', {class: 'answer'}, place(rule.file, a.line, String(a.line)), a.if.length ? el('p', {class: 'dim'}, `${say('when_if')} `, ...a.if.map((text) => el('code', null, text))) : null,
		...texts_show(a.text), ...texts_show(a.none), a.buttons.length ? chips(a.buttons, 'press') : null, a.do.length ? el('p', {class: 'dim'}, `${say('does')}: ${a.do.join(', ')}`) : null);
}

function rule_row(rule, open) {
	const section = (name, line, ...nodes) => el('section', null, el('h2', null, say(name), ' ', line ? place(rule.file, line, String(line)) : ''), ...nodes);
	const body = () => [
		el('dl', {class: 'facts tight'}, el('dt', null, say('priority')), el('dd', null, String(rule.priority)), ...rule_only(rule.only),
			...(rule.do.length ? [el('dt', null, say('does')), el('dd', null, rule.do.join(', '))] : []),
			...(rule.then ? [el('dt', null, say('then')), el('dd', null, `${rule.then.context} × ${rule.then.turns}`)] : [])),
		...rule.blocks.map((block) => section(`kind_${block.kind}`, block.line, block_show(rule, block))),
		rule.asks.length ? section('asks', 0, ...rule.asks.map((a) => el('div', {class: 'answer'}, place(rule.file, a.line, String(a.line)), el('code', null, `<${a.slot}>`), ...texts_show(a.question)))) : '',
		rule.answers.length ? section('answers', 0, ...rule.answers.map((a) => answer_show(rule, a))) : '',
		rule.tests.length ? section('tests', 0, el('ul', {class: 'phrases'}, ...rule.tests.map((t) => el('li', null, place(rule.file, t.line, String(t.line)), ' ',
			el('span', null, t.say), el('span', {class: 'dim'}, ` → ${t.intent || `≠ ${t.not}`}`))))) : ''];
	const title = in_words(rule.title || {})[0];
	return entry([el('span', {class: 'title'}, title || rule.name), title ? el('code', {class: 'dim'}, rule.name) : null],
		[...hits_of(rule), place(rule.file, rule.line)], body, open);
}

function faq_row(item, open) {
	const section = (name, ...nodes) => el('section', null, el('h2', null, say(name)), ...nodes);
	const body = () => [section('question', ...texts_show(item.question)), section('answers', ...texts_show(item.answer)),
		item.also.length ? section('also', el('ul', {class: 'phrases'}, ...item.also.map((text) => el('li', null, text)))) : '',
		item.tags.length ? section('tags', chips(item.tags)) : '', item.next.length ? section('then', chips(item.next, 'press')) : ''];
	return entry([el('span', {class: 'title'}, in_words(item.question)[0] || item.id), el('code', {class: 'dim'}, item.id)],
		[...hits_of(item), place(item.file, item.line)], body, open);
}

function part_rules(root, query, life) {
	browse(root, life, query, {part: 'rules', path: 'rules', key: 'rules', words: 'search_rules', one: 'name', row: rule_row});
}

function part_faq(root, query, life) {
	browse(root, life, query, {part: 'faq', path: 'faq', key: 'faq', words: 'search_faq', one: 'id', row: faq_row});
}

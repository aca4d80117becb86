/* What was said: conversations by word, intent and outcome, and one of them line by line. */

const TALK_SOURCES = ['rule', 'phrase', 'faq', 'slot', 'context', 'ask', 'fallback'];
const TALK_FILTERS = ['q', 'intent', 'source', 'feedback', 'user', 'unanswered', 'handoff'];

function talks_form(query, change) {
	const field = (name, node) => el('label', null, el('span', null, say(name)), node);
	const input = (name, more) => el('input', {name, value: query[name] || '', maxlength: '200', autocomplete: 'off', ...more});
	const select = (name, values) => el('select', {name}, el('option', {value: ''}, say('any')), ...values.map(([value, words]) =>
		el('option', {value, selected: query[name] === value}, words)));
	const check = (name) => el('label', {class: 'check'}, el('input', {type: 'checkbox', name, value: '1', checked: Boolean(query[name])}), el('span', null, say(`filter_${name}`)));
	const form = el('form', {class: 'filters', role: 'search'},
		el('div', {class: 'finder'}, icon('search'), input('q', {type: 'search', placeholder: say('search_talks'), 'aria-label': say('search_talks')})),
		el('div', {class: 'fields'}, field('filter_source', select('source', TALK_SOURCES.map((one) => [one, say(`source_${one}`)]))),
			field('filter_feedback', select('feedback', [['up', say('up')], ['down', say('down')]])),
			field('filter_intent', input('intent')), field('filter_user', input('user')), check('unanswered'), check('handoff')));
	const soon = later(350, () => change(Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ''))));
	form.addEventListener('input', soon);
	form.addEventListener('submit', (event) => event.preventDefault());
	return form;
}

/* kind: good, bad. Drawn, as not every machine has a picture for the character. */
const vote_tag = (kind, words) => el('span', {class: `tag vote ${kind}`, title: say(kind === 'good' ? 'up' : 'down')}, icon(kind), ` ${words}`);

function talk_row(talk, filters) {
	const marks = [talk.unanswered && tag(say('unanswered_n', talk.unanswered), 'bad'), talk.handoffs && tag(say('handoffs'), 'warn'),
		talk.up && vote_tag('good', talk.up), talk.down && vote_tag('bad', talk.down)].filter(Boolean);
	return el('li', null, el('a', {href: address('talks', {...filters, session: talk.session}), 'data-session': talk.session},
		el('span', {class: 'top'}, el('b', null, talk.user || say('guest')), ago(talk.seen)),
		el('span', {class: 'first'}, talk.first || '–'), talk.last && talk.last !== talk.first ? el('span', {class: 'dim first'}, talk.last) : null,
		el('span', {class: 'marks'}, el('span', {class: 'dim'}, say('messages_n', talk.messages)), ...marks)));
}

function turn_show(turn) {
	if (turn.side === 'learner')
		return el('div', {class: 'row me'}, el('div', {class: 'bubble'}, el('span', {class: 'unseen'}, `${say('learner')}: `), turn.text),
			el('div', {class: 'under'}, el('span', {class: 'dim'}, when(turn.at)), may('ask') ? link('try', {text: turn.text}, say('try_this')) : null));
	const helpful = turn.helpful === true ? vote_tag('good', say('up')) : turn.helpful === false ? vote_tag('bad', say('down')) : null;
	return el('div', {class: `row ${turn.side}`}, el('div', {class: 'bubble'}, el('span', {class: 'unseen'}, `${say(turn.side === 'bot' ? 'bot' : 'source_agent')}: `), markup_read(turn.text)),
		el('div', {class: 'under'}, turn.source ? source_tag(turn.source) : null, turn.intent ? name_link(turn.intent) : null,
			turn.intent && typeof turn.score === 'number' ? el('span', {class: 'dim'}, `${say('score')} ${turn.score.toFixed(2)}`) : null, helpful));
}

function talk_show(talk, back) {
	const note = (h) => el('p', {class: 'note'}, say('handed_to', h), ' ', ago(h.at));
	const lines = [...talk.turns.map((t) => [t.at, turn_show(t)]), ...talk.handoffs.map((h) => [h.at + 0.5, note(h)])].sort((a, b) => a[0] - b[0]);
	const head = el('h2', {tabindex: '-1'}, say('talk_of', talk.user || say('guest')));
	return [el('div', {class: 'talk-head'}, el('a', {class: 'button small back', href: back}, say('back')), head, el('span', {class: 'dim'}, talk.lang)),
		talk.more ? el('p', {class: 'note'}, say('cut_off')) : '', el('div', {class: 'chat', tabindex: '0', role: 'region', 'aria-label': say('talk')}, ...lines.map(([, node]) => node))];
}

function part_talks(root, query, life) {
	const list = el('ol', {class: 'talk-list'}), more = el('p', {class: 'more'}), one = el('section', {class: 'one card', 'aria-label': say('talk')});
	const split = el('div', {class: 'split talks-split'}, el('div', {class: 'left'}, list, more), one);
	let filters = Object.fromEntries(TALK_FILTERS.filter((name) => query[name]).map((name) => [name, query[name]]));
	const page = async (before) => {
		const got = await get('conversations', {...filters, before, limit: 30}, life);
		more.replaceChildren(got.next ? button(say('more'), async () => list.append(...await page(got.next))) : '');
		return got.conversations.map((talk) => talk_row(talk, filters));
	};
	const mark = (session) => list.querySelectorAll('a').forEach((a) =>
		a.dataset.session === session ? a.setAttribute('aria-current', 'true') : a.removeAttribute('aria-current'));
	const show = () => load(list, life, () => page(), (rows) => rows.length ? rows : [el('li', null, empty())]).then(() => mark(query.session));
	const open = (session) => {
		split.classList.toggle('chosen', Boolean(session));
		mark(session);
		if (!session)
			one.replaceChildren(empty(say('pick_talk')));
		else
			load(one, life, () => get('conversation', {session}, life), (talk) => talk_show(talk, address('talks', filters)));
	};
	const form = talks_form(query, (next) => {
		filters = next;
		history.replaceState(null, '', address('talks', filters));
		open('');
		show();
	});
	root.append(form, split);
	show();
	open(query.session);
	return {again: (next) => {
		const same = TALK_FILTERS.every((name) => (next[name] || '') === (filters[name] || ''));
		if (same) {
			query = next;
			open(next.session);
		}
		return same;
	}};
}

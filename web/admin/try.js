/* A sentence tried out: the reply as the learner sees it, and why it was chosen. */

/* `regex …`, `phrases …`: the words that kefu's explanations have between "file:line: " and " ← ". */
const WHY_REASON = /^(.+?\.ya?ml):(\d+): (.*?)(?: ← “(.*)”)? \((-?[\d.]+)\)$/;

/* One line of `why` about a candidate: {name, verdict, reasons: [{file, line, what, text, score}]}, or null. */
function why_read(line) {
	const head = /^(\S+) [\d.]+ (\w+): (.*?)(?: — (.*))?$/s.exec(line);
	if (!head)
		return null;
	const reasons = (head[4] || '').split(/; (?=[^;]+?\.ya?ml:\d+: )/).map((text) => WHY_REASON.exec(text)).filter(Boolean);
	return {name: head[1], verdict: head[3], reasons: reasons.map(([, file, line_, what, text, score]) => ({file, line: line_, what, text, score}))};
}

const name_of = (intent) => intent ? intent.replace(/^faq:/, '') : '–';

function name_link(intent) {
	if (!intent)
		return el('span', null, '–');
	const faq = intent.startsWith('faq:');
	return link(faq ? 'faq' : 'rules', faq ? {id: name_of(intent)} : {name: intent}, name_of(intent));
}

const source_tag = (source) => tag(has_word(`source_${source}`) ? say(`source_${source}`) : source,
	source === 'fallback' ? 'bad' : source === 'ask' ? 'warn' : 'good');

function part_try(root, query, life) {
	const turns = el('div', {class: 'chat', role: 'log', 'aria-label': say('talk'), tabindex: '0'}, empty(say('try_empty')));
	const reasons = el('section', {class: 'why card', 'aria-label': say('why')}, el('h2', null, say('why')), empty(say('why_empty')));
	const text = el('input', {name: 'text', required: true, maxlength: '2000', autocomplete: 'off', placeholder: say('say_hint'), 'aria-label': say('say')});
	const field = (name, node) => el('label', null, el('span', null, say(name)), node);
	const user = el('input', {name: 'user', maxlength: '60', autocomplete: 'off'});
	const page = el('input', {name: 'page', maxlength: '190', autocomplete: 'off', placeholder: '/course/py101'});
	const lang = el('select', {name: 'lang'}, el('option', {value: ''}, say('auto')), el('option', {value: 'zh'}, '中文'), el('option', {value: 'en'}, 'English'));
	const send = el('button', {class: 'button primary', type: 'submit'}, say('ask'));
	const form = el('form', {class: 'say'}, text, send, button(say('fresh'), () => fresh()));
	let state;
	const fresh = () => {
		state = undefined;
		turns.replaceChildren(empty(say('try_empty')));
		reasons.replaceChildren(el('h2', null, say('why')), empty(say('why_empty')));
		text.focus();
	};
	const explain = (turn, words) => reasons.replaceChildren(...why_show(turn, words));
	const go = async (words, click) => {
		if (!state)
			turns.replaceChildren();
		send.disabled = true;
		turns.querySelectorAll('.replies').forEach((node) => node.remove());
		turns.append(el('div', {class: 'row me'}, el('div', {class: 'bubble'}, words)));
		try {
			app.files = app.files || (await get('files', null, life)).files.map((file) => file.path);
			const turn = await post('ask', {[click ? 'click' : 'text']: click || words, user: user.value.trim() || undefined,
				lang: lang.value || undefined, page: page.value.trim() || undefined, state, ui: app.lang});
			if (life.aborted)
				return;
			state = turn.state;
			turns.append(...reply_show(turn, (b) => go(b.title, b.value), () => explain(turn, words)));
			explain(turn, words);
		} catch (error) {
			if (!life.aborted)
				turns.append(problem_box(error));
		}
		send.disabled = false;
		turns.scrollTop = turns.scrollHeight;
	};
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		const words = text.value.trim();
		text.value = '';
		if (words)
			go(words);
		text.focus();
	});
	root.append(el('div', {class: 'split'}, el('section', {class: 'card talk'}, turns, form, el('details', {class: 'options'}, el('summary', null, say('options')),
		el('div', {class: 'fields'}, field('as_user', user), field('as_lang', lang), field('as_page', page)))), reasons));
	if (query.text)
		go(query.text);
	else if (matchMedia('(pointer: fine)').matches)
		text.focus();
}

function reply_show(turn, click, explain) {
	const {text, buttons, courses} = turn.reply;
	const bubble = el('div', {class: 'bubble'}, markup_read(text || ''));
	for (const course of courses)
		bubble.append(el('div', {class: 'course'}, el('strong', null, course.title), course.reason ? el('span', {class: 'dim'}, course.reason) : null));
	const under = el('div', {class: 'under'}, source_tag(turn.source), name_link(turn.intent),
		turn.intent ? el('span', {class: 'dim'}, `${say('score')} ${turn.score.toFixed(2)}`) : null, el('button', {type: 'button', class: 'plain', onclick: explain}, say('why_this')));
	return [el('div', {class: 'row bot'}, bubble, under),
		buttons.length ? el('div', {class: 'replies'}, ...buttons.map((b) => button(b.title, () => click(b)))) : ''];
}

function why_show(turn, words) {
	const details = new Map(turn.why.map(why_read).filter(Boolean).map((one) => [one.name, one]));
	const fact = (name, ...value) => [el('dt', null, say(name)), el('dd', null, ...value)];
	const slots = Object.entries(turn.slots || {});
	return [el('h2', null, say('why_of', words)),
		el('dl', {class: 'facts'}, ...fact('outcome', source_tag(turn.source), ' ', name_link(turn.intent)),
			...fact('tokens', ...turn.tokens.map((t) => el('span', {class: 'token'}, t))), ...fact('language', turn.lang),
			...(slots.length ? fact('slots', ...slots.map(([k, v]) => el('span', {class: 'token'}, `${k} = ${v}`))) : [])),
		el('h3', null, say('candidates')),
		turn.candidates.length ? el('ol', {class: 'candidates'}, ...turn.candidates.map((c) => candidate_show(c, details.get(c.intent), turn.intent))) : empty(say('no_candidates')),
		el('details', null, el('summary', null, say('raw_why')), el('pre', {class: 'raw', tabindex: '0'}, turn.explain))];
}

function candidate_show(c, why, chosen) {
	const bar = el('span', {class: 'bar', 'aria-hidden': 'true'});
	bar.style.inlineSize = `${Math.max(0, Math.min(1, c.score)) * 100}%`;
	return el('li', {class: c.intent === chosen ? 'chosen' : ''},
		el('div', {class: 'line'}, name_link(c.intent), source_tag(c.source), c.intent === chosen ? tag(say('chosen'), 'good') : null, el('b', null, c.score.toFixed(2))),
		el('div', {class: 'track'}, bar),
		why && why.reasons.length ? el('ul', {class: 'reasons'}, ...why.reasons.map((r) => el('li', null, place(r.file, r.line),
			el('span', {class: 'what'}, r.what), r.text ? el('mark', null, r.text) : null))) : null);
}

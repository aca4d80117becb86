/* What learners asked in vain, in groups: each becomes a phrase, an FAQ entry or a test, or is put aside. */

const GROUP_KINDS = ['fallback', 'ask', 'down'];

/* Wordings that say more than the heading does, each with its conversation. */
function group_samples(group) {
	const others = group.samples.filter((one) => one.text !== group.text);
	return others.length ? el('ul', {class: 'phrases'}, ...others.map((one) => el('li', null, may('conversation') ? link('talks', {session: one.session}, one.text) : one.text))) : '';
}

function group_talk(group) {
	const same = group.samples.find((one) => one.text === group.text);
	return same && may('conversation') ? el('a', {class: 'button small', href: address('talks', {session: same.session})}, say('see_talk')) : null;
}

/* The fields of a draft of that kind: {node, read()} where read() gives what POST draft wants besides the group. */
function draft_fields(kind, group) {
	const near = group.suggest || {};
	const line = (name, node) => el('label', {class: 'line'}, el('span', null, say(name)), node);
	const text = el('input', {value: group.text, maxlength: '500', required: true, autocomplete: 'off', name: 'text'});
	if (kind === 'faq') {
		const answer = el('textarea', {rows: '4', required: true, name: 'answer'}), id = el('input', {autocomplete: 'off', maxlength: '100', name: 'id', placeholder: 'certificate_name'});
		return {node: [line('draft_question', text), line('draft_answer', answer), line('draft_id', id)],
			read: () => ({text: text.value.trim(), answer: answer.value.trim(), lang: group.lang, id: id.value.trim() || undefined})};
	}
	const list = el('datalist', {id: 'draft-names'});
	const target = el('input', {name: 'target', required: true, list: 'draft-names', spellcheck: 'false', autocomplete: 'off', value: near.intent || (near.faq && kind === 'phrase' ? `faq:${near.faq}` : '')});
	const fill = async () => {
		const {rules} = await get('rules', {limit: 1000});
		const faq = kind === 'phrase' ? (await get('faq', {limit: 1000})).faq : [];
		list.append(...rules.map((r) => el('option', {value: r.name}, in_words(r.title || {})[0] || '')), ...faq.map((f) => el('option', {value: `faq:${f.id}`}, in_words(f.question)[0] || '')));
	};
	fill().catch(() => {});
	return {node: [line('draft_text', text), line('draft_target', target), list], read: () => {
		const to = target.value.trim();
		return {text: text.value.trim(), ...(to.startsWith('faq:') ? {id: to.slice(4)} : {intent: to})};
	}};
}

/* Asks for the words, shows what they change while they are written, writes them when that is agreed to. */
async function draft(kind, group, gone) {
	const {node, read} = draft_fields(kind, group), preview = el('div', {class: 'preview', 'aria-live': 'polite'}, empty(say('draft_wait')));
	const send = (only_look) => post('draft', {group: group.id, kind, ...read(), ui: app.lang, preview: only_look || undefined});
	let asked = 0;
	const look = async () => {
		const mine = ++asked, save = preview.closest('dialog').querySelector('[value=save]');
		save.disabled = true;
		if (!preview.closest('form').checkValidity())
			return preview.replaceChildren(empty(say('draft_wait')));
		try {
			const ready = await send(true);
			if (mine !== asked)
				return undefined;
			preview.replaceChildren(el('p', {class: 'dim'}, `${say('draft_look')} `, place(ready.path, ready.line)), patch_show(ready.diff));
			save.disabled = false;
		} catch (error) {
			if (mine === asked)
				preview.replaceChildren(problem_box(error), error.diagnostics ? diagnostics(error.diagnostics) : '');
		}
		return undefined;
	};
	const soon = later(350, look);
	const fields = el('div', {class: 'draft', oninput: soon}, ...node);
	const pressed = dialog(say(`draft_${kind}`), [fields, preview], [['', say('cancel')], ['save', say('save_now'), 'primary']], true);
	look();
	const choice = await pressed;
	soon.stop();
	asked++;
	if (choice !== 'save')
		return;
	try {
		const before = await get('status');
		const saved = await send(false);
		toast(say('saved', saved.id), 'good');
		await post('unanswered', {group: group.id, state: 'done'});
		const now = await reload_wait(before, new AbortController().signal);
		toast(now.ok ? say('reloaded', now.serial) : say('reload_failed'), now.ok ? 'good' : 'bad');
		gone();
	} catch (error) {
		dialog(say('draft_failed'), [problem_box(error), error.diagnostics ? diagnostics(error.diagnostics) : '']);
	}
}

/* A unified diff as the server gives it. */
function patch_show(text) {
	const kind = (line) => /^(---|\+\+\+)/.test(line) ? 'hunk' : line[0] === '@' ? 'hunk' : line[0] === '+' ? 'plus' : line[0] === '-' ? 'minus' : '';
	return el('div', {class: 'diff'}, el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say('draft_look')}, el('table', null, el('tbody', null,
		...text.trimEnd().split('\n').map((line) => el('tr', {class: kind(line)}, el('td', {class: 'code'}, line)))))));
}

function group_show(group, refresh) {
	const settle = async (state, node) => {
		try {
			await post('unanswered', {group: group.id, state});
			node.closest('.group').replaceChildren(el('p', {class: 'dim undo'}, `${say(`group_${state}`)}: ${group.text} `, button(say('undo'), () => post('unanswered', {group: group.id, state: 'open'}).then(refresh, (e) => toast(e.words, 'bad')), {class: 'button small'})));
		} catch (error) {
			toast(error.words, 'bad');
		}
	};
	const near = group.suggest && (group.suggest.intent || (group.suggest.faq && `faq:${group.suggest.faq}`));
	const kinds = GROUP_KINDS.filter((kind) => group.kinds[kind]).map((kind) => tag(`${say(`kind_${kind}`)} ${group.kinds[kind]}`, kind === 'ask' ? 'warn' : 'bad'));
	const acts = may('draft') ? ['phrase', 'faq', 'test'].map((kind) => button(say(`draft_${kind}`), () => draft(kind, group, refresh), {class: 'button small'})) : [];
	return el('article', {class: 'group card'}, el('div', {class: 'group-head'}, el('b', {class: 'big', title: say('messages_n', group.count)}, number(group.count)),
		el('div', {class: 'grow'}, el('h2', null, group.text), el('p', {class: 'dim marks'}, ...kinds, el('span', null, `${say('sessions')} ${group.sessions}`), ago(group.last),
			near ? el('span', null, `${say('nearest')} `, name_link(near), ` ${group.suggest.score.toFixed(2)}`) : ''))),
	group_samples(group), el('div', {class: 'acts'}, ...acts, may('ask') ? el('a', {class: 'button small', href: address('try', {text: group.text})}, say('try_this')) : null, group_talk(group),
		el('span', {class: 'grow'}), button(say('group_done'), (e) => settle('done', e.currentTarget), {class: 'button small'}), button(say('group_ignored'), (e) => settle('ignored', e.currentTarget), {class: 'button small'})));
}

function part_unanswered(root, query, life) {
	const box = el('div', {class: 'groups'}), total = el('span', {class: 'dim', role: 'status'});
	const pick = (name, values) => el('label', null, el('span', null, say(name)), el('select', {name}, ...values.map(([value, words]) => el('option', {value, selected: (query[name] || '') === value}, words))));
	const form = el('form', {class: 'fields filters'}, pick('since', [['30', say('range_month')], ['7', say('range_week')], ['1', say('range_day')], ['', say('any')]]),
		pick('kind', [['', say('any')], ...GROUP_KINDS.map((kind) => [kind, say(`kind_${kind}`)])]), pick('lang', [['', say('any')], ['zh', '中文'], ['en', 'English']]), total);
	const show = () => {
		const {since, kind, lang} = form.elements;
		return load(box, life, () => get('unanswered', {since: since.value && Date.now() - since.value * 86400000, kind: kind.value, lang: lang.value, limit: 50}, life), (got) => {
			total.textContent = say('groups_of', got);
			return got.groups.length ? got.groups.map((group) => group_show(group, show)) : [empty(say('all_answered'))];
		});
	};
	form.addEventListener('change', show);
	root.append(form, box);
	show();
}

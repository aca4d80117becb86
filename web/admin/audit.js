/* Who did what, and when. */

const AUDIT_BAD = new Set(['login-failed', 'staff-remove']);

function audit_row(one) {
	return el('tr', null, el('td', null, ago(one.at)), el('td', null, one.who || '–'),
		el('td', null, tag(has_word(`did_${one.what}`) ? say(`did_${one.what}`) : one.what, AUDIT_BAD.has(one.what) ? 'bad' : '')),
		el('td', {class: 'wide'}, one.detail), el('td', null, one.from === 'command' ? say('from_command') : el('code', null, one.from)));
}

function part_audit(root, query, life) {
	const who = el('input', {type: 'search', value: query.who || '', placeholder: say('filter_who'), 'aria-label': say('filter_who'), maxlength: '64', autocomplete: 'off'});
	const box = el('div'), more = el('p', {class: 'more'});
	let rows;
	const page = async (before) => {
		const {entries, more: go_on} = await get('audit', {who: who.value.trim(), before, limit: 50}, life);
		if (!before)
			rows = el('tbody');
		rows.append(...entries.map(audit_row));
		more.replaceChildren(go_on ? button(say('more'), () => page(entries.at(-1).id)) : '');
		return entries.length;
	};
	const head = () => el('thead', null, el('tr', null, ...['time', 'who', 'action', 'detail', 'from'].map((name) => el('th', {scope: 'col'}, say(name)))));
	const show = () => load(box, life, () => page(), (n) => n ? el('div', {class: 'scroll card', tabindex: '0', role: 'region', 'aria-label': say('part_audit')},
		el('table', {class: 'list'}, head(), rows)) : empty());
	const soon = later(300, show);
	who.addEventListener('input', soon);
	life.addEventListener('abort', soon.stop);
	root.append(el('div', {class: 'finder'}, icon('search'), who), box, more);
	show();
}

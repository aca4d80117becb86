/* Ready answers: one's own and those that are shared. `/` in the box lists them, filtered as one types on. */

const READY_SHOWN = 8;

const canned = {
	list: [],
	async load() {
		canned.list = (await get('desk/canned')).canned;
	},
	/* Those whose title or text has all the words. */
	find(words) {
		const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
		const has = (one) => wanted.every((w) => `${one.title}\n${one.text}`.toLowerCase().includes(w));
		const starts = (one) => one.title.toLowerCase().startsWith(words.trim().toLowerCase());
		return canned.list.filter(has).sort((a, b) => starts(b) - starts(a) || a.title.localeCompare(b.title, say('tag')));
	},
};

/* The list under the box. The focus stays in the box; the arrow keys walk. */
class ReadyList {
	constructor(pick, left) {
		Object.assign(this, {pick, left, area: null, at: 0, found: []});
		this.node = el('div', {class: 'ready', hidden: true}, this.list = el('ul', {id: 'ready-list', role: 'listbox', 'aria-label': say('canned')}), this.none = el('p', {class: 'dim'}),
			el('div', {class: 'ready-foot'}, button(say('manage'), () => canned_manage(() => this.left()), {class: 'button small', onmousedown: (event) => event.preventDefault()})));
	}

	open(words) {
		this.found = canned.find(words).slice(0, READY_SHOWN);
		this.at = 0;
		this.node.hidden = false;
		this.none.hidden = this.found.length > 0;
		this.list.hidden = !this.found.length;
		this.none.textContent = say(canned.list.length ? 'nothing' : 'canned_none');
		this.#draw();
	}

	close() {
		this.node.hidden = true;
		this.area.removeAttribute('aria-activedescendant');
	}

	#draw() {
		this.list.replaceChildren(...this.found.map((one, i) => el('li', {role: 'option', id: `ready-${i}`, 'aria-selected': String(i === this.at), onmousedown: (event) => {
			event.preventDefault();
			this.#take(i);
		}}, el('b', null, one.title), el('span', {class: 'dim'}, one.text.replace(/\s+/g, ' ')), one.shared ? tag(say('shared')) : null)));
		if (this.found.length)
			this.area.setAttribute('aria-activedescendant', `ready-${this.at}`);
		else
			this.area.removeAttribute('aria-activedescendant');
		const on = this.list.children[this.at];
		if (on)
			on.scrollIntoView({block: 'nearest'});
	}

	#take(i) {
		const one = this.found[i];
		this.close();
		this.pick(one.text);
	}

	/* True: the key was for the list. */
	key(event) {
		if (this.node.hidden || event.isComposing)
			return false;
		const n = this.found.length;
		const does = {
			ArrowDown: () => (this.at = (this.at + 1) % n),
			ArrowUp: () => (this.at = (this.at + n - 1) % n),
			Enter: () => this.#take(this.at),
			Tab: () => this.#take(this.at),
		}[event.key];
		if (event.key === 'Escape')
			this.close();
		else if (does && n)
			does();
		else
			return false;
		event.preventDefault();
		event.stopPropagation();
		if (!this.node.hidden)
			this.#draw();
		return true;
	}
}

/* ---- looking after them ---- */

function canned_form(one, done) {
	const line = (name, node) => el('label', {class: 'line'}, el('span', null, say(name)), node);
	const title = el('input', {name: 'title', required: true, maxlength: '100', autocomplete: 'off', value: one.title || ''});
	const text = el('textarea', {name: 'text', required: true, rows: '5', maxlength: '2600'});
	text.value = one.text || '';
	const lang = el('select', {name: 'lang'}, ...[['', say('any')], ['zh', '中文'], ['en', 'English']].map(([value, words]) => el('option', {value, selected: (one.lang || '') === value}, words)));
	const shared = el('input', {type: 'checkbox', name: 'shared', checked: Boolean(one.shared)});
	const wrong = el('p', {class: 'bad', role: 'alert'});
	const save = button(say('save_canned'), async () => {
		if (!title.value.trim() || !text.value.trim())
			return (wrong.textContent = say('canned_needs'));
		try {
			await post('desk/canned', {id: one.id, title: title.value.trim(), text: text.value.trim(), lang: lang.value, shared: shared.checked});
			await done();
		} catch (error) {
			wrong.textContent = error.words;
		}
		return undefined;
	}, {class: 'button primary'});
	return el('div', {class: 'canned-form'}, line('canned_title', title), line('canned_text', text), el('div', {class: 'fields'}, el('label', null, el('span', null, say('language')), lang),
		el('label', {class: 'check'}, shared, el('span', null, say('canned_share')))), wrong, el('p', {class: 'buttons'}, save, button(say('cancel'), done)));
}

async function canned_manage(left) {
	const body = el('div', {class: 'canned'});
	const list = async () => {
		await canned.load();
		const row = (one) => el('li', null, el('div', {class: 'grow'}, el('b', null, one.title), ' ', one.shared ? tag(say('shared')) : null, one.lang ? tag(one.lang) : null, el('p', {class: 'dim'}, one.text)),
			one.mine === false ? '' : el('div', {class: 'acts'}, button(say('edit_it'), () => edit(one), {class: 'button small', 'aria-label': `${say('edit_it')}: ${one.title}`}),
				button(say('delete'), () => drop(one), {class: 'button small danger', 'aria-label': `${say('delete')}: ${one.title}`})));
		body.replaceChildren(el('p', null, button(say('canned_new'), () => edit({}), {class: 'button primary'})),
			canned.list.length ? el('ul', {class: 'canned-list'}, ...canned.list.map(row)) : empty(say('canned_none')));
	};
	const fail = (error) => body.replaceChildren(problem_box(error, () => list().catch(fail)));
	const edit = (one) => {
		body.replaceChildren(canned_form(one, () => list().catch(fail)));
		body.querySelector('input').focus();
	};
	const drop = async (one) => {
		try {
			await post('desk/canned', {id: one.id, delete: true});
			await list();
		} catch (error) {
			fail(error);
		}
	};
	list().catch(fail);
	await dialog(say('canned_of'), body, [], true);
	left();
}

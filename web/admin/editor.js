/* The rules' files: written, checked while they are written, compared, saved. */

const CHECK_AFTER_MS = 500;
const CHECK_AGAIN_MS = 4000;

class Editor {
	constructor(root, life) {
		this.life = life;
		this.file = null; /* {path, text, version, writable}: as the server has it */
		this.found = {diagnostics: [], errors: 0, warnings: 0};
		this.box = new Textbox({input: () => this.#typed(), caret: (at) => (this.caret.textContent = say('position', at)), save: () => this.save()}, life);
		this.check_soon = later(CHECK_AFTER_MS, () => this.check());
		this.keep_soon = later(200, () => this.keep());
		life.addEventListener('abort', () => {
			this.check_soon.stop();
			this.keep_soon.stop();
			this.keep();
		});
		this.#build(root);
	}

	#build(root) {
		this.list = el('ul', {class: 'files', 'aria-label': say('files')});
		this.verdict = el('span', {class: 'verdict', role: 'status'});
		this.caret = el('span', {class: 'dim caret'});
		this.dirty_tag = tag(say('unsaved'), 'warn');
		this.save_button = button([icon('save'), say('save')], () => this.save(), {class: 'button primary'});
		this.discard_button = button(say('discard'), () => this.discard());
		this.history_button = button([icon('clock'), say('history')], () => history_open(this));
		this.problems = el('div', {class: 'found'});
		this.desk = el('div', {class: 'desk', hidden: true}, el('div', {class: 'bar-top'}, this.verdict, this.dirty_tag, this.caret,
			el('span', {class: 'grow'}), may('history') && this.history_button, may('save') && this.discard_button, may('save') && this.save_button),
		this.box.node, this.problems);
		root.append(el('div', {class: 'editor'}, this.list, this.desk));
	}

	get dirty() {
		return Boolean(this.file && this.box.text !== this.file.text);
	}

	async start(query) {
		await load(this.list, this.life, () => get('files', null, this.life), ({files}) => {
			this.files = files;
			setTimeout(() => this.open(query.file || (files.find((f) => f.main) || files[0]).path, query));
			return files.map((f) => el('li', null, el('a', {href: address('edit', {file: f.path}), 'data-path': f.path},
				el('span', {class: 'path'}, f.path), el('small', null, [f.main && say('main_file'), bytes(f.bytes), !f.writable && say('read_only')].filter(Boolean).join(' · ')))));
		});
	}

	async open(path, query = {}) {
		this.keep();
		await load(this.problems, this.life, () => get('file', {path}, this.life), (file) => {
			this.#take(file);
			this.#restore();
			if (query.draft)
				this.suggest(query.draft);
			setTimeout(() => query.line && this.box.go(Number(query.line), Number(query.col) || 1));
			return [];
		});
		this.desk.hidden = false;
		this.#show();
		this.check();
	}

	/* What the server has. A textarea knows one kind of line end only; the file's own is put back on saving. */
	#take({path, text, version, writable = this.file && this.file.writable}) {
		this.file = {path, text: text.replace(/\r\n/g, '\n'), version, writable, crlf: text.includes('\r\n')};
		this.box.label(say('text_of', path));
		this.box.area.readOnly = !writable || !may('save');
	}

	#restore() {
		const draft = drafts.get(this.file.path);
		this.box.text = draft ? draft.text : this.file.text;
		if (!draft || !this.dirty)
			return;
		toast(say('restored'));
		if (draft.base !== this.file.version) {
			toast(say('stale'), 'warn');
			this.file = {...this.file, text: draft.from, version: draft.base};
		}
	}

	#typed() {
		this.#show();
		this.keep_soon();
		this.check_soon();
	}

	keep() {
		if (!this.file || !app.me)
			return;
		if (this.dirty)
			drafts.put(this.file.path, {text: this.box.text, base: this.file.version, from: this.file.text});
		else
			drafts.drop(this.file.path);
		drafts_show();
	}

	#show() {
		const {dirty} = this, unsaved = new Set(drafts.list());
		dirty ? unsaved.add(this.file.path) : unsaved.delete(this.file.path);
		this.dirty_tag.hidden = !dirty;
		this.save_button.disabled = this.discard_button.disabled = !dirty;
		for (const a of this.list.querySelectorAll('a')) {
			a.toggleAttribute('data-unsaved', unsaved.has(a.dataset.path));
			a.dataset.path === this.file.path ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current');
		}
	}

	/* ---- checking ---- */

	async check() {
		if (!may('check') || this.life.aborted)
			return;
		const {path} = this.file, text = this.#out();
		this.verdict.className = 'verdict busy';
		this.verdict.textContent = say('checking');
		try {
			const found = await api('POST', 'check', {path, text, ui: app.lang}, this.life);
			if (!this.life.aborted && path === this.file.path && text === this.#out())
				this.#found(found);
		} catch (error) {
			if (this.life.aborted || error.code === 'superseded' || error.name === 'AbortError')
				return;
			this.verdict.textContent = error.status && error.status < 500 ? error.words : say('check_failed');
			setTimeout(this.check_soon, CHECK_AGAIN_MS);
		}
	}

	#found(found) {
		const {errors, warnings, diagnostics: list} = this.found = found;
		this.verdict.className = `verdict ${errors ? 'bad' : warnings ? 'warn' : 'good'}`;
		this.verdict.textContent = errors || warnings ? say('problems_of', found) : say('check_fine');
		this.box.mark(list.filter((d) => d.file === this.file.path));
		this.problems.replaceChildren(list.length ? diagnostics(list, (d) => this.#jump(d)) : '');
	}

	#jump(d) {
		if (d.file === this.file.path)
			this.box.go(d.line, d.col);
		else
			location.hash = address('edit', {file: d.file, line: d.line});
	}

	#out() {
		return this.file.crlf ? this.box.text.replace(/\n/g, '\r\n') : this.box.text;
	}

	/* ---- saving ---- */

	async save() {
		if (!this.dirty || !may('save') || document.querySelector('dialog[open]'))
			return;
		const comment = el('input', {name: 'comment', maxlength: '500', placeholder: say('comment_hint'), autocomplete: 'off'});
		const errors = this.found.errors > 0;
		const body = [errors ? el('p', {class: 'bad', role: 'alert'}, say('has_errors')) : null, diff_show(this.file.text, this.box.text),
			el('label', {class: 'line'}, el('span', null, say('comment')), comment)].filter(Boolean);
		if (await dialog(say('save_title', this.file.path), body, [['', say('cancel')], ['save', say('save_now'), 'primary']], true) === 'save')
			await this.#send(comment.value);
	}

	async #send(comment) {
		const text = this.#out(), sent = this.box.text;
		this.save_button.disabled = true;
		this.verdict.textContent = say('saving');
		try {
			const before = await get('status', null, this.life);
			const saved = await api('PUT', 'file', {path: this.file.path, text, base: this.file.version, comment, ui: app.lang});
			this.file = {...this.file, text: sent, version: saved.version};
			this.done(saved, before);
		} catch (error) {
			if (error.code === 'conflict')
				await this.#conflict(error);
			else if (error.code === 'has-errors')
				this.#found(error);
			if (error.code !== 'conflict')
				toast(error.code === 'has-errors' ? say('has_errors') : error.words, 'bad');
			this.#show();
		}
	}

	/* After a save or a rollback: the draft is gone, and the rules are waited for. */
	async done(saved, before) {
		toast(say('saved', saved.id), 'good');
		this.keep();
		if (this.life.aborted)
			return;
		this.#show();
		this.#found(saved);
		const now = await reload_wait(before, this.life).catch(() => ({ok: false}));
		if (!this.life.aborted && now.serial)
			toast(now.ok ? say('reloaded', now.serial) : say('reload_failed'), now.ok ? 'good' : 'bad');
	}

	async #conflict({text, version}) {
		const mine = this.box.text, theirs = text.replace(/\r\n/g, '\n');
		const both = merge(this.file.text, mine, theirs);
		const actions = [['theirs', say('conflict_theirs')], ['mine', say('conflict_mine')]];
		if (both !== null)
			actions.push(['merge', say('conflict_merge'), 'primary']);
		const choice = await dialog(say('conflict'), [el('p', null, say('conflict_lead')), diff_show(theirs, mine)], actions, true);
		if (!choice)
			return;
		this.#take({path: this.file.path, text, version});
		if (choice !== 'mine')
			this.box.text = choice === 'theirs' ? theirs : both;
		if (choice === 'merge')
			toast(say('merged'));
		this.keep();
		this.check();
	}

	async discard() {
		if (!this.dirty || await dialog(say('discard_sure'), diff_show(this.box.text, this.file.text), [['', say('cancel')], ['drop', say('discard'), 'danger']], true) !== 'drop')
			return;
		this.box.text = this.file.text;
		this.keep();
		await this.open(this.file.path);
	}

	/* A proposal (text) in place of what is here: looked at and saved by hand. */
	suggest(text) {
		this.box.text = text.replace(/\r\n/g, '\n');
		this.keep();
	}

	/* The file as the server has it after a rollback. */
	async reset(saved, before) {
		const file = await get('file', {path: this.file.path}, this.life);
		this.#take(file);
		this.box.text = this.file.text;
		await this.done(saved, before);
	}
}

function part_edit(root, query, life) {
	const editor = new Editor(root, life);
	editor.start(query);
	return {
		keep: () => editor.keep(),
		again(next) {
			if (!editor.file || !next.file)
				return false;
			if (next.file !== editor.file.path)
				editor.open(next.file, next);
			else if (next.line)
				editor.box.go(Number(next.line), Number(next.col) || 1);
			return true;
		},
	};
}

/* The number of files with unsaved work, beside the editor's name in the menu. */
function drafts_show() {
	const n = drafts.list().length, node = document.querySelector('nav a[data-part=edit] .badge');
	if (node) {
		node.hidden = !n;
		node.textContent = n;
		node.setAttribute('title', say('unsaved'));
	}
}

addEventListener('beforeunload', (event) => {
	if (here.part && here.part.keep)
		here.part.keep();
	if (drafts.list().length)
		event.preventDefault();
});

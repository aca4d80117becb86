/* A textarea for code: line numbers, marked lines, the place of the caret. All typing, input methods and undo stay the
 * browser's own: nothing is written into the area while someone types but through its own insertText. */

const LINE_PX = 20; /* as in editor.css */
const AREA_TOP_PX = 8;

class Textbox {
	/* act = {input(), caret({line, col}), save()} */
	constructor(act, life) {
		this.act = act;
		this.lines = 0;
		this.area = el('textarea', {class: 'code', wrap: 'off', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', autocorrect: 'off'});
		this.count = el('pre', {class: 'count'});
		this.flags = el('div', {class: 'flags'});
		this.bands = el('div', {class: 'bands'});
		this.here = el('div', {class: 'here'});
		this.node = el('div', {class: 'textbox'}, el('div', {class: 'gutter', 'aria-hidden': 'true'}, this.count, this.flags),
			el('div', {class: 'field'}, el('div', {class: 'under', 'aria-hidden': 'true'}, this.here, this.bands), this.area));
		this.area.addEventListener('input', () => this.#changed());
		this.area.addEventListener('scroll', () => this.#scrolled());
		this.area.addEventListener('keydown', (event) => this.#key(event));
		document.addEventListener('selectionchange', () => document.activeElement === this.area && this.#caret(), {signal: life});
	}

	get text() {
		return this.area.value;
	}

	set text(text) {
		this.area.value = text;
		this.#number();
	}

	label(words) {
		this.area.setAttribute('aria-label', words);
	}

	/* The caret at a line (and column), in sight. */
	go(line, col = 1) {
		const lines = this.area.value.split('\n');
		const at = Math.min(Math.max(1, line), lines.length);
		const start = lines.slice(0, at - 1).reduce((n, one) => n + one.length + 1, 0);
		const caret = start + Math.min(col - 1, lines[at - 1].length);
		this.area.focus({preventScroll: true});
		this.area.setSelectionRange(caret, caret);
		this.area.scrollTop = Math.max(0, (at - 1) * LINE_PX - this.area.clientHeight / 3);
		this.area.scrollLeft = 0;
		this.#caret();
		this.#scrolled();
	}

	/* Marks the lines of diagnostics {line, level, text}. */
	mark(list) {
		const at = new Map();
		for (const d of list)
			if (!at.has(d.line) || d.level === 'error')
				at.set(d.line, d);
		const put = (name) => [...at].map(([line, d]) => {
			const node = el('div', {class: `${name} ${d.level}`, title: d.text});
			node.style.top = `${AREA_TOP_PX + (line - 1) * LINE_PX}px`;
			return node;
		});
		this.flags.replaceChildren(...put('flag'));
		this.bands.replaceChildren(...put('band'));
	}

	#changed() {
		this.#number();
		this.#caret();
		this.act.input();
	}

	#number() {
		const n = this.area.value.split('\n').length;
		if (n === this.lines)
			return;
		this.lines = n;
		this.count.textContent = Array.from({length: n}, (_, i) => i + 1).join('\n');
	}

	#scrolled() {
		const move = `translateY(${-this.area.scrollTop}px)`;
		for (const node of [this.count, this.flags, this.bands, this.here])
			node.style.transform = move;
	}

	#caret() {
		const before = this.area.value.slice(0, this.area.selectionEnd);
		const line = before.split('\n').length;
		this.here.style.top = `${AREA_TOP_PX + (line - 1) * LINE_PX}px`;
		this.act.caret({line, col: before.length - before.lastIndexOf('\n')});
	}

	/* A new line begins under the one before. Tab is left alone: it leads out of the box, as everywhere. */
	#key(event) {
		if ((event.ctrlKey || event.metaKey) && event.key === 's') {
			event.preventDefault();
			this.act.save();
		}
		if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || this.area.readOnly)
			return;
		const before = this.area.value.slice(0, this.area.selectionStart);
		const indent = /[^\n]*$/.exec(before)[0].match(/^[ \t]*/)[0];
		if (indent && document.execCommand('insertText', false, `\n${indent}`))
			event.preventDefault();
	}
}

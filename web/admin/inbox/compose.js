/* The box an agent writes in: kept for each chat, with suggestions from the FAQ and ready answers, none of which is sent
 * by itself. */

const TYPING_EVERY_MS = 2500;
const SUGGEST_AFTER_MS = 250;
const SUGGESTED = 3;

class Compose {
	constructor(desk, view) {
		Object.assign(this, {desk, view, session: '', kind: 'say', typed_at: 0, found: []});
		this.suggestions = el('section', {class: 'suggestions', 'aria-label': say('suggestions'), hidden: true});
		this.ready = new ReadyList((text) => this.put(text, true), () => this.area.focus());
		this.area = el('textarea', {rows: '2', maxlength: '2600', 'aria-autocomplete': 'list', 'aria-controls': 'ready-list', oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onblur: () => setTimeout(() => document.activeElement === this.area || this.ready.close(), 150)});
		this.ready.area = this.area;
		this.modes = ['say', 'note'].map((kind) => el('button', {type: 'button', class: 'mode', 'data-kind': kind, onclick: () => this.mode(kind, true)}, say(`mode_${kind}`)));
		this.send_button = el('button', {type: 'submit', class: 'button primary'}, icon('send'), say('send'));
		this.ready_button = button([el('kbd', {'aria-hidden': 'true'}, '/'), say('canned')], () => {
			this.area.focus();
			this.ready.open('');
		}, {class: 'button small'});
		this.hint = el('span', {class: 'dim hint'}, say('compose_hint'));
		this.form = el('form', {class: 'box'}, el('div', {class: 'modes', role: 'group', 'aria-label': say('mode')}, ...this.modes, el('span', {class: 'grow'}), this.ready_button), this.ready.node, this.area,
			el('div', {class: 'tools'}, this.hint, el('span', {class: 'grow'}), this.send_button));
		this.node = el('div', {class: 'compose'}, this.suggestions, this.form);
		this.form.addEventListener('submit', (event) => {
			event.preventDefault();
			this.#send();
		});
		this.suggest_soon = later(SUGGEST_AFTER_MS, () => this.suggest());
	}

	#draft() {
		return `draft ${this.session} ${this.kind}`;
	}

	show(session) {
		this.session = session;
		this.ready.close();
		this.mode('say');
		this.#suggested([]);
		this.suggest_soon();
	}

	able(mine) {
		this.form.hidden = !mine;
		if (mine !== this.was_able)
			this.suggest_soon();
		this.was_able = mine;
	}

	/* Each kind has a text of its own, so that a note is never sent to the learner by a slip. */
	mode(kind, focus = false) {
		this.kind = kind;
		this.form.classList.toggle('jotting', kind === 'note');
		this.modes.forEach((node) => node.setAttribute('aria-pressed', String(node.dataset.kind === kind)));
		this.area.value = desk_kept.get(this.#draft(), '');
		this.area.setAttribute('aria-label', say(kind === 'note' ? 'note_label' : 'say_label', who_of(this.view.known || {session: this.session})));
		this.area.placeholder = say(kind === 'note' ? 'note_hint' : 'say_hint_agent');
		this.send_button.lastChild.textContent = say(kind === 'note' ? 'save_note' : 'send');
		this.#grow();
		if (focus)
			this.area.focus();
	}

	/* Into the box, in place of a "/word" or behind what is there; to be edited and sent by hand. */
	put(text, replace = false) {
		if (!text)
			return;
		const was = replace && this.area.value.startsWith('/') ? '' : this.area.value;
		this.area.value = was && !/\s$/.test(was) ? `${was}\n${text}` : was + text;
		this.area.focus();
		this.area.setSelectionRange(this.area.value.length, this.area.value.length);
		this.#typed(true);
	}

	#typed(put = false) {
		desk_kept.put(this.#draft(), this.area.value || null);
		this.#grow();
		if (this.area.value.startsWith('/') && !this.area.value.includes('\n') && !put)
			this.ready.open(this.area.value.slice(1));
		else
			this.ready.close();
		if (this.kind === 'say' && this.area.value && !this.area.value.startsWith('/') && Date.now() - this.typed_at > TYPING_EVERY_MS) {
			this.typed_at = Date.now();
			this.desk.wire.send({type: 'typing', session: this.session});
		}
	}

	#grow() {
		this.area.style.blockSize = 'auto';
		this.area.style.blockSize = `${Math.min(this.area.scrollHeight + 2, 180)}px`;
	}

	#key(event) {
		if (this.ready.key(event) || event.isComposing)
			return;
		if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
			event.preventDefault();
			this.#send();
		}
	}

	#send() {
		const text = this.area.value.trim();
		if (!text || !this.desk.mine(this.session))
			return;
		this.desk.say(this.session, this.kind, text);
		desk_kept.put(this.#draft(), null);
		this.area.value = '';
		this.typed_at = 0;
		this.#grow();
		this.view.looked();
		this.area.focus();
	}

	/* ---- suggestions ---- */

	/* What the learner said last, but for the words that asked for a person. */
	#asked() {
		const {lines} = this.desk.talk(this.session);
		for (let i = lines.length - 1, left = false; i >= 0; i--) {
			left = left || lines[i].side === 'event' && ['queued', 'offline'].includes(lines[i].text);
			if (lines[i].side !== 'learner')
				continue;
			if (!left || lines.slice(i + 1, i + 3).every((line) => line.side !== 'event'))
				return lines[i].text.slice(0, 300);
		}
		return '';
	}

	async suggest() {
		const {session} = this, chat = this.desk.chats.get(session), q = this.#asked();
		if (!chat || !q)
			return this.#suggested([]);
		try {
			const got = await get('desk/suggest', {session, q});
			if (session === this.session)
				this.#suggested(got.suggestions || []);
		} catch {
			this.#suggested([]);
		}
		return undefined;
	}

	#suggested(list) {
		this.found = list.slice(0, SUGGESTED);
		const mine = this.desk.mine(this.session);
		this.suggestions.hidden = !this.found.length;
		this.suggestions.replaceChildren(el('h3', null, say('suggestions')), el('ol', null, ...this.found.map((one, i) => el('li', null, el('button', {type: 'button', disabled: !mine, onclick: () => this.take(i), title: one.text},
			el('kbd', {'aria-hidden': 'true'}, `Alt ${i + 1}`), el('span', {class: 'what'}, el('b', null, one.title), el('span', null, one.text.replace(/\s+/g, ' '))), el('span', {class: 'dim', title: say('score')}, `${Math.round(one.score * 100)}%`))))));
	}

	take(i) {
		if (!this.found[i] || !this.desk.mine(this.session))
			return false;
		if (this.kind !== 'say')
			this.mode('say');
		this.put(this.found[i].text);
		return true;
	}
}

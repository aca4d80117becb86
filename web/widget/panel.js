/* What is seen: the button in the corner, and the panel with head, messages and the box to write in. */

const PANEL_MOST = 2000;
const PANEL_PATIENCE_MS = 1200;
const PANEL_PHONE = '(max-width: 480px), (max-height: 420px)';

class Panel {
	/* act = {send(text), typing(), fresh(), lang(), open(on)}; log is a Log. */
	constructor(say, log, act) {
		this.say = say;
		this.log = log;
		this.act = act;
		this.phone = matchMedia(PANEL_PHONE);
		this.status_timer = 0;
		this.lost = false;
		this.page_overflow = '';
		this.node = el('kefu-chat');
		this.root = this.node.attachShadow({mode: 'open'});
		this.#build();
		this.node.addEventListener('keydown', (event) => this.#key(event));
		if (window.visualViewport)
			visualViewport.addEventListener('resize', () => this.#fit());
	}

	get is_open() {
		return !this.panel.hidden;
	}

	/* A page that starts with the panel open leaves the focus where it is. */
	open({focus = true} = {}) {
		if (this.is_open)
			return;
		this.panel.hidden = false;
		this.node.classList.add('open');
		this.launcher.setAttribute('aria-expanded', 'true');
		this.panel.setAttribute('aria-modal', String(this.phone.matches));
		if (this.phone.matches) {
			this.page_overflow = document.documentElement.style.overflow;
			document.documentElement.style.overflow = 'hidden';
		}
		this.#fit();
		this.log.to_end();
		if (focus)
			this.focus();
		this.act.open(true);
	}

	toggle() {
		this.is_open ? this.close() : this.open();
	}

	/* On a touch screen a focused box would cover half of the answers with a keyboard. */
	focus() {
		(matchMedia('(pointer: coarse)').matches ? this.log.scroll : this.input).focus();
	}

	close() {
		if (!this.is_open)
			return;
		if (this.panel.getAttribute('aria-modal') === 'true')
			document.documentElement.style.overflow = this.page_overflow;
		this.panel.hidden = true;
		this.node.classList.remove('open');
		this.launcher.setAttribute('aria-expanded', 'false');
		this.launcher.focus();
		this.#ask(false);
		this.act.open(false);
	}

	unread(n) {
		this.badge.hidden = n === 0;
		this.badge.textContent = n > 99 ? '99+' : String(n);
		this.launcher.setAttribute('aria-label', n ? this.say('open_unread', n) : this.say('open'));
	}

	/* status: idle, connecting, ready, down. A short break is nobody's business. */
	status(status, agent) {
		const calm = status === 'ready' || status === 'idle';
		this.lost = !calm && (this.lost || status === 'down');
		this.show_status = () => {
			this.status_timer = 0;
			this.banner.hidden = !this.lost;
			this.banner.textContent = this.lost ? this.say(navigator.onLine ? 'lost' : 'offline') : '';
			this.panel.dataset.status = status;
			this.state.textContent = !calm ? this.say('connecting')
				: agent ? this.say('agent_here', agent.name) : this.say('online');
		};
		if (calm) {
			clearTimeout(this.status_timer);
			this.show_status();
		} else if (!this.status_timer) {
			this.status_timer = setTimeout(() => this.show_status(), PANEL_PATIENCE_MS);
		}
	}

	/* All words again, in the present language. */
	label() {
		this.node.setAttribute('lang', this.say('tag'));
		const name = this.say('title');
		this.heading.textContent = name;
		this.panel.setAttribute('aria-label', name);
		for (const [node, attribute, key] of this.labels)
			attribute ? node.setAttribute(attribute, this.say(key)) : node.replaceChildren(this.say(key));
	}

	/* ---- inside ---- */

	#build() {
		this.labels = [];
		const labelled = (node, attribute, key) => {
			this.labels.push([node, attribute, key]);
			return node;
		};
		const button = (name, key, onclick, ...inside) => {
			const node = el('button', {class: name, type: 'button', onclick}, ...inside);
			labelled(node, 'title', key);
			return labelled(node, 'aria-label', key);
		};
		this.badge = el('span', {class: 'badge', hidden: true, 'aria-hidden': 'true'});
		this.launcher = el('button', {class: 'launcher', type: 'button', 'aria-expanded': 'false',
			'aria-haspopup': 'dialog', onclick: () => this.toggle()},
		icon('chat'), icon('close'), this.badge);
		this.heading = el('h2');
		this.state = el('p', {class: 'state'});
		const language = button('lang', 'switch_label', () => this.act.lang());
		labelled(language, '', 'switch_lang');
		const head = el('div', {class: 'head'},
			el('span', {class: 'logo'}, icon('bot')),
			el('div', {class: 'who'}, this.heading, this.state),
			language,
			button('fresh', 'fresh', () => this.#ask(true), icon('fresh')),
			button('close', 'close', () => this.close(), icon('close')));
		this.banner = el('div', {class: 'banner', role: 'status', hidden: true});
		this.panel = el('section', {class: 'panel', role: 'dialog', hidden: true},
			head, this.banner, this.#question(labelled), this.log.node, this.#composer(button, labelled));
		this.root.append(this.panel, this.launcher);
	}

	#question(labelled) {
		const answer = (yes) => () => {
			this.#ask(false);
			if (yes)
				this.act.fresh();
			this.input.focus();
		};
		this.question = el('div', {class: 'question', role: 'group', hidden: true},
			labelled(el('p'), '', 'fresh_ask'),
			labelled(el('button', {type: 'button', class: 'yes', onclick: answer(true)}), '', 'fresh_yes'),
			labelled(el('button', {type: 'button', onclick: answer(false)}), '', 'cancel'));
		return labelled(this.question, 'aria-label', 'fresh');
	}

	#composer(button, labelled) {
		this.input = el('textarea', {rows: '1', maxlength: PANEL_MOST, autocomplete: 'off', enterkeyhint: 'send',
			oninput: () => this.#typed(), onkeydown: (event) => this.#enter(event)});
		labelled(labelled(this.input, 'placeholder', 'input'), 'aria-label', 'input');
		this.count = el('span', {class: 'count', hidden: true});
		this.send_button = button('send', 'send', () => this.#send(), icon('send'));
		this.send_button.disabled = true;
		return el('div', {class: 'foot'},
			el('div', {class: 'box'}, this.input, this.send_button),
			el('div', {class: 'hint'}, labelled(el('span'), '', 'hint'), this.count));
	}

	#ask(on) {
		this.question.hidden = !on;
		if (on)
			this.question.querySelector('.yes').focus();
	}

	#typed() {
		this.input.style.height = 'auto';
		this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
		this.send_button.disabled = !this.input.value.trim();
		this.count.hidden = this.input.value.length < PANEL_MOST * 0.9;
		this.count.textContent = `${this.input.value.length} / ${PANEL_MOST}`;
		if (this.input.value)
			this.act.typing();
	}

	/* While an input method composes, Enter picks a word; Safari ends the composition just before the key and
	 * tells by the code 229 only. */
	#enter(event) {
		if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
			return;
		event.preventDefault();
		this.#send();
	}

	#send() {
		const text = this.input.value.trim();
		if (!text)
			return;
		this.input.value = '';
		this.#typed();
		this.input.focus();
		this.act.send(text);
	}

	#key(event) {
		if (event.key === 'Escape' && this.is_open && !event.isComposing) {
			event.stopPropagation();
			this.question.hidden ? this.close() : this.#ask(false);
		}
		if (event.key === 'Tab' && this.panel.getAttribute('aria-modal') === 'true')
			this.#keep_inside(event);
	}

	/* Full screen hides the page, so Tab must not wander off behind it. */
	#keep_inside(event) {
		const stops = [...this.panel.querySelectorAll('button, textarea, a[href], [tabindex="0"]')]
			.filter((node) => !node.disabled && node.getClientRects().length);
		const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
		if (this.root.activeElement !== edge)
			return;
		event.preventDefault();
		stops[event.shiftKey ? stops.length - 1 : 0].focus();
	}

	/* Above the keyboard of a phone. */
	#fit() {
		const height = this.phone.matches && window.visualViewport ? `${visualViewport.height}px` : '';
		this.panel.style.height = height;
	}
}

/* What is seen: the button in the corner, and the panel with head, messages and the box to write in. */

const PANEL_MOST = 2000;
const PANEL_PATIENCE_MS = 1200;
const PANEL_PHONE = '(max-width: 480px), (max-height: 420px)';

class Panel {
	/* act = {send(text), typing(), fresh(), erase(), lang(), leave(), agree(), open(on)} */
	constructor(widget, act) {
		const {say, log, root, signal, inline} = widget;
		Object.assign(this, {widget, act, say, log, root, inline});
		this.phone = inline ? {matches: false} : matchMedia(PANEL_PHONE);
		this.status_timer = 0;
		this.lost = false;
		this.page_overflow = '';
		this.#build();
		this.box.addEventListener('keydown', (event) => this.#key(event));
		for (const name of ['resize', 'scroll'])
			if (window.visualViewport)
				visualViewport.addEventListener(name, () => this.#fit(), {signal});
		signal.addEventListener('abort', () => clearTimeout(this.status_timer));
	}

	get is_open() {
		return !this.panel.hidden;
	}

	/* A page that starts with the panel open leaves the focus where it is. */
	open({focus = true} = {}) {
		if (this.is_open) {
			if (focus)
				this.focus();
			return;
		}
		this.panel.hidden = false;
		this.box.classList.add('open');
		this.launcher.setAttribute('aria-expanded', 'true');
		if (this.phone.matches) {
			this.panel.setAttribute('aria-modal', 'true');
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
		if (!this.agreement.hidden)
			this.agreement.focus();
		else
			(matchMedia('(pointer: coarse)').matches ? this.log.scroll : this.input).focus();
	}

	close({focus = true} = {}) {
		if (!this.is_open || (this.inline && focus))
			return;
		if (this.panel.getAttribute('aria-modal'))
			document.documentElement.style.overflow = this.page_overflow;
		this.panel.removeAttribute('aria-modal');
		this.panel.hidden = true;
		this.box.classList.remove('open');
		this.launcher.setAttribute('aria-expanded', 'false');
		if (focus)
			this.launcher.focus();
		this.#ask('');
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
		const state = agent ? agent.state : '';
		this.lost = !calm && (this.lost || status === 'down');
		this.show_status = () => {
			this.status_timer = 0;
			this.banner.hidden = !this.lost;
			this.banner.textContent = this.lost ? this.say(navigator.onLine ? 'lost' : 'offline') : '';
			this.panel.dataset.status = status;
			this.state.textContent = calm ? this.#whose(state, agent) : this.say('connecting');
		};
		this.panel.dataset.agent = state;
		this.logo.replaceChildren(log_face(state === 'joined' ? 'agent' : 'bot'));
		this.queue.hidden = state !== 'queued';
		if (state === 'queued')
			this.queue.firstChild.textContent = this.say('agent_place', agent.position);
		if (calm) {
			clearTimeout(this.status_timer);
			this.show_status();
		} else if (!this.status_timer) {
			this.status_timer = setTimeout(() => this.show_status(), PANEL_PATIENCE_MS);
		}
	}

	#whose(state, agent) {
		if (state === 'joined')
			return this.say('agent_here', agent.name);
		return this.say({queued: 'agent_waits', offline: 'away'}[state] || 'online');
	}

	/* wanted: [text, address of more words], or nothing when the learner has agreed (or need not). */
	consent(wanted) {
		this.agreement.hidden = !wanted;
		this.log.node.hidden = this.foot.hidden = this.more.hidden = Boolean(wanted);
		if (!wanted)
			return;
		const href = wanted[1] && safe_url(wanted[1]);
		this.agreement.firstChild.replaceChildren(markup_read(wanted[0] || this.say('consent_ask')),
			href ? markup_link(href, this.say('consent_link')) : '');
	}

	/* All words again, in the present language. */
	label() {
		this.box.setAttribute('lang', this.say('tag'));
		const name = this.say('title');
		this.heading.textContent = name;
		this.panel.setAttribute('aria-label', name);
		for (const [node, attribute, key] of this.labels)
			attribute ? node.setAttribute(attribute, this.say(key)) : node.replaceChildren(this.say(key));
		if (!this.question.hidden)
			this.#ask(this.asked);
	}

	/* What stands in the box to write in. */
	write(text) {
		this.input.value = text;
		this.#typed();
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
		const words = (key, onclick, name) => labelled(el('button', {class: name, type: 'button', onclick}), '', key);
		this.badge = el('span', {class: 'badge', hidden: true, 'aria-hidden': 'true'});
		this.launcher = el('button', {class: 'launcher', type: 'button', hidden: this.inline, 'aria-expanded': 'false',
			'aria-haspopup': 'dialog', onclick: () => this.toggle()},
		icon('chat'), icon('close'), this.badge);
		this.heading = el('h2');
		this.state = el('p', {class: 'state'});
		this.logo = el('span', {class: 'logo'});
		this.more = button('more', 'more', undefined, icon('menu'));
		this.menu = new Menu(this.more);
		this.#menu();
		const head = el('div', {class: 'head'},
			this.logo,
			el('div', {class: 'who'}, this.heading, this.state),
			this.more,
			this.inline ? null : button('close', 'close', () => this.close(), icon('close')),
			this.menu.node);
		this.banner = el('div', {class: 'banner', role: 'status', hidden: true});
		this.queue = el('div', {class: 'queue', role: 'status', hidden: true},
			el('span'), words('agent_cancel', () => this.act.leave()));
		this.question = el('div', {class: 'question', role: 'group', hidden: true});
		this.agreement = el('div', {class: 'consent', tabindex: '-1', hidden: true}, el('div'),
			el('p', null, words('consent_yes', () => this.act.agree(), 'yes'),
				this.inline ? null : words('consent_no', () => this.close(), 'no')));
		this.foot = this.#composer(button, labelled);
		this.panel = el('section', {class: 'panel', role: this.inline ? 'region' : 'dialog', hidden: true},
			head, this.banner, this.queue, this.question, this.agreement, this.log.node, this.foot);
		this.box = el('div', {class: this.inline ? 'inline' : 'floating'}, this.panel, this.launcher);
		this.root.append(this.box);
	}

	#menu() {
		const item = (name, key, icon, press) => this.menu.items.push({name, icon, text: () => this.say(key), press});
		item('lang', 'switch_lang', 'globe', () => this.act.lang());
		item('save', 'download', 'save', () => this.widget.download());
		item('fresh', 'fresh', 'fresh', () => this.#ask('fresh'));
		item('erase', 'erase', 'erase', () => this.#ask('erase'));
	}

	#composer(button, labelled) {
		this.input = el('textarea', {rows: '1', maxlength: PANEL_MOST, autocomplete: 'off', enterkeyhint: 'send',
			dir: 'auto', oninput: () => this.#typed(), onkeydown: (event) => this.#enter(event)});
		labelled(labelled(this.input, 'placeholder', 'input'), 'aria-label', 'input');
		this.count = el('div', {class: 'count', hidden: true});
		this.tools = el('span', {class: 'tools'});
		this.send_button = button('send', 'send', () => this.#send(), icon('send'));
		this.send_button.disabled = true;
		return el('div', {class: 'foot'},
			el('div', {class: 'box'}, this.input, this.tools, this.send_button),
			this.count);
	}

	/* Asks before something is gone for good: `what` is fresh or erase, or '' for nothing (any more). */
	#ask(what) {
		this.asked = what;
		this.question.hidden = !what;
		if (!what)
			return;
		const answer = (name, key, press) => el('button', {type: 'button', class: name, onclick: () => {
			this.#ask('');
			this.input.focus();
			press();
		}}, this.say(key));
		this.question.setAttribute('aria-label', this.say(what));
		this.question.replaceChildren(el('p', null, this.say(`${what}_ask`)),
			answer('yes', `${what}_yes`, this.act[what]), answer('no', 'cancel', () => {}));
		this.question.children[1].focus();
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
		this.write('');
		this.input.focus();
		this.act.send(text);
	}

	#key(event) {
		if (event.key === 'Escape' && !event.isComposing && (!this.question.hidden || (this.is_open && !this.inline))) {
			event.stopPropagation();
			if (this.question.hidden)
				this.close();
			else
				this.#ask('');
		}
		if (event.key === 'Tab' && this.panel.getAttribute('aria-modal'))
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

	/* Above the keyboard of a phone, which on some also pushes the page up. */
	#fit() {
		const full = this.phone.matches && window.visualViewport;
		this.panel.style.height = full ? `${visualViewport.height}px` : '';
		this.panel.style.top = full ? `${visualViewport.offsetTop}px` : '';
	}
}

/* A first word of the site's own beside the button, once a session: after a while, on the pages it is meant for. It never
 * opens the panel by itself, and who has talked already is left alone. */

const NUDGE_AFTER_S = 10;

class Nudge {
	/* act = {text(), wanted(), open(), once(set)}; `paths` are separated by blanks or commas; a * ends one that only begins so */
	constructor(say, act, {after, paths, signal}) {
		this.act = act;
		this.after_ms = 1000 * (parseFloat(after) >= 0 ? parseFloat(after) : NUDGE_AFTER_S);
		this.paths = (paths || '').split(/[\s,]+/).filter(Boolean);
		this.shut = el('button', {class: 'shut', type: 'button', onclick: () => this.hide()}, icon('close'));
		this.words = el('button', {class: 'words', type: 'button', onclick: () => act.open()});
		this.box = el('div', {class: 'nudge', hidden: true}, this.words, this.shut);
		this.node = el('div', {role: 'status'}, this.box);
		this.say = say;
		this.timer = 0;
		/* Pages that change their address without loading anew. */
		for (const [target, event] of [[window, 'popstate'], [window.navigation, 'currententrychange']])
			if (target)
				target.addEventListener(event, () => this.arm(), {signal});
		signal.addEventListener('abort', () => clearTimeout(this.timer));
		this.arm();
	}

	arm() {
		clearTimeout(this.timer);
		if (this.#due())
			this.timer = setTimeout(() => this.#show(), this.after_ms);
	}

	hide() {
		this.box.hidden = true;
	}

	label() {
		this.words.textContent = this.act.text();
		this.shut.setAttribute('aria-label', this.say('dismiss'));
	}

	#due() {
		return this.act.text() && this.act.wanted() &&
			(!this.paths.length || this.paths.some((path) =>
			(path.endsWith('*') ? location.pathname.startsWith(path.slice(0, -1)) : location.pathname === path)));
	}

	#show() {
		if (!this.#due())
			return;
		this.act.once();
		this.box.hidden = false;
		this.label();
	}
}

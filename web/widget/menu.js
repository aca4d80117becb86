/* What is seldom needed, behind one button. The items are drawn anew at each opening, so their words are always those
 * of the moment: {icon, text(), press()}, and on() of one that is switched on and off. */

class Menu {
	/* `button` opens it; its label is the caller's. */
	constructor(button) {
		this.button = button;
		this.items = [];
		this.node = el('div', {class: 'menu', role: 'menu', hidden: true, onkeydown: (event) => this.#key(event),
			onfocusout: (event) => this.node.contains(event.relatedTarget) || this.show(false)});
		button.setAttribute('aria-haspopup', 'menu');
		button.addEventListener('click', () => this.show(this.node.hidden));
		/* or its focusout would close what the click opens again */
		button.addEventListener('pointerdown', (event) => this.node.hidden || event.preventDefault());
		this.show(false);
	}

	show(on) {
		this.button.setAttribute('aria-expanded', String(on));
		if (on)
			this.node.replaceChildren(...this.items.map((item) => this.#row(item)));
		this.node.hidden = !on;
		if (on)
			this.node.firstChild.focus();
	}

	#row(item) {
		return el('button', {type: 'button', tabindex: '-1', role: item.on ? 'menuitemcheckbox' : 'menuitem',
			class: item.name, 'aria-checked': item.on && String(item.on()), onclick: () => {
				this.button.focus();
				this.show(false);
				item.press();
			}}, icon(item.icon), item.text());
	}

	#key(event) {
		const rows = [...this.node.children];
		const at = rows.indexOf(this.node.getRootNode().activeElement);
		const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1}[event.key];
		if (to !== undefined) {
			event.preventDefault();
			rows.at(to % rows.length).focus();
		} else if (event.key === 'Escape') {
			event.stopPropagation();
			this.button.focus();
			this.show(false);
		}
	}
}

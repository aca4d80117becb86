/* The element <kefu-chat>, and window.kefu. All options: docs/widget.md.
 *
 * The script's own tag makes a floating element; one that stands in the page takes its place, and one with `inline` is a
 * box of its own. An option is looked for as an attribute of the element, with and without `data-`, then among the
 * script's data-attributes.
 *
 * Modules on demand: with the option `voice` (and any value but "off") the first opening of the panel loads `voice.js` from where
 * the script came from and calls its export attach(widget). What a module may use of the widget:
 *   widget.panel.tools        a place left of the send button, for buttons of class "tool" (title and aria-label are the module's)
 *   widget.panel.menu.items   push {name, icon, text(), press()} and, for a switch, on(): a row of the menu
 *   widget.panel.input, .write(text)   the box to write in; what stands in it
 *   widget.send(text)         says it for the learner
 *   widget.on(event, fn)      open, close, lang, message, erase, destroy, and every frame of the server by its type (reply, heard ...)
 *   widget.chat.link.send(frame)   a frame of the module's own; false when there is no connection
 *   widget.lang, .signal      zh or en; aborted when the widget goes
 *   widget.style(css)         a further style sheet; no inline style is ever allowed
 *   widget.el, .icon, .base   see dom.js (icons by name or by path); where the script came from
 * Members that have a _ in their name are renamed in the build and not for modules, but those that cmake/minify.py
 * names as known. */

const KEFU_OPTIONS = ['lang', 'title', 'title-zh', 'title-en', 'color', 'radius', 'font', 'position', 'offset', 'size', 'z-index',
	'theme', 'identity', 'proactive', 'proactive-zh', 'proactive-en'];
const KEFU_SCRIPT = document.currentScript || document.querySelector('script[src*="/widget.js"]');
const KEFU_BASE = (KEFU_SCRIPT && KEFU_SCRIPT.src) || globalThis.kefu_base || document.baseURI;

/* The floating one; there is one a page. */
let kefu_main = null;

class KefuChat extends HTMLElement {
	static observedAttributes = KEFU_OPTIONS.flatMap((name) => [name, `data-${name}`]);

	constructor() {
		super();
		style_apply(this.attachShadow({mode: 'open'}), STYLE);
		this.kefu = kefu_api(() => this.widget);
	}

	connectedCallback() {
		if (!this.hasAttribute('inline')) {
			if (kefu_main && !kefu_main.made)
				return;
			if (kefu_main)
				kefu_main.remove();
			kefu_main = this;
		}
		this.widget = new Widget({host: this, root: this.shadowRoot, base: KEFU_BASE, option: (name) => this.#option(name)});
		kefu_modules(this.widget);
	}

	disconnectedCallback() {
		if (this.widget)
			this.widget.destroy();
		this.widget = null;
		if (kefu_main === this)
			kefu_main = null;
	}

	attributeChangedCallback(name, old, now) {
		if (this.widget && old !== now)
			this.widget.changed(name.replace('data-', ''));
	}

	#option(name) {
		for (const [node, key] of [[this, name], [this, `data-${name}`], [KEFU_SCRIPT, `data-${name}`]])
			if (node && node.hasAttribute(key))
				return node.getAttribute(key);
		return null;
	}
}

function kefu_modules(widget) {
	const voice = widget.option('voice');
	if (voice === null || voice === 'off')
		return;
	const load = () => {
		stop();
		/* one that cannot be had is done without */
		import(new URL('voice.js', widget.base).href).then((module) => module.attach(widget), () => {});
	};
	const stop = widget.on('open', load);
	if (widget.panel.is_open) /* from the beginning: in the page, or as it was left */
		load();
}

/* options: {lang: 'en', 'proactive-after': 5, …} */
function kefu_start(options = {}) {
	if (kefu_main)
		return kefu_main;
	const node = document.createElement('kefu-chat');
	node.made = true;
	for (const [name, value] of Object.entries(options))
		node.setAttribute(`data-${name.replace(/[A-Z]/g, '-$&').toLowerCase()}`, value);
	document.body.append(node);
	return node;
}

/* What pages call; `of()` is the widget, or nothing when it has been destroyed. */
function kefu_api(of) {
	const call = (fn) => (...args) => {
		const widget = of();
		return widget ? fn(widget, ...args) : undefined;
	};
	return {
		open: call((widget) => widget.panel.open()),
		close: call((widget) => widget.panel.close()),
		toggle: call((widget) => widget.panel.toggle()),
		send: call((widget, text) => widget.send(text)),
		on: call((widget, event, fn) => widget.on(event, fn)),
		identify: call((widget, token) => widget.chat.identify(token)),
		lang: call((widget, lang) => widget.speak(lang_pick(lang))),
		download: call((widget) => widget.download()),
		erase: call((widget) => widget.erase()),
		destroy: call((widget) => widget.host.remove()),
	};
}

function kefu_ready() {
	customElements.define('kefu-chat', KefuChat);
	if (KEFU_SCRIPT && !document.querySelector('kefu-chat'))
		kefu_start();
	dispatchEvent(new Event('kefu:ready'));
}

if (!window.kefu) {
	window.kefu = {start: kefu_start, ...kefu_api(() => (kefu_main || document.querySelector('kefu-chat') || {}).widget)};
	document.body ? kefu_ready() : addEventListener('DOMContentLoaded', kefu_ready);
}

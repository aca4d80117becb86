/* Puts the parts together, once a page, as the script tag says:
 *   data-lang zh|en · data-title (or data-title-zh, data-title-en) · data-color · data-url (the WebSocket)
 *   data-identity (a JWT)
 * and offers window.kefu: open() close() toggle() send(text) on(event, fn) identify(token). */

class Widget {
	constructor(script) {
		const data = script ? script.dataset : {};
		const url = new URL(data.url || '/ws', (script && script.src) || document.baseURI);
		url.protocol = url.protocol.replace('http', 'ws');
		const store = new Store(`kefu ${url.href}`);
		this.listeners = new Map();
		this.wait_timer = 0;
		this.far_timer = 0;
		this.far = '';
		this.lang = lang_pick(store.load().lang, data.lang, document.documentElement.lang, navigator.language);
		this.say = lang_sayer(() => this.lang, {
			zh: data.titleZh || data.title,
			en: data.titleEn || data.title,
		});
		this.chat = new Chat({url: url.href, page: location.pathname, lang: this.lang, store,
			events: this.#events()});
		this.log = new Log(this.say, {
			press: (button) => {
				this.chat.say(String(button.title), String(button.value ?? button.title));
				this.panel.focus(); /* the pressed button is gone */
			},
			retry: (entry) => this.chat.retry(entry),
			rate: (entry, helpful) => this.chat.rate(entry, helpful),
			viewed: (course, entry) => this.chat.viewed(course, entry),
			seen: (courses, entry) => this.chat.seen(courses, entry),
			dismissed: (course, entry) => this.chat.dismissed(course, entry),
		});
		this.panel = new Panel(this.say, this.log, {
			send: (text) => this.chat.say(text),
			typing: () => this.chat.typing(),
			fresh: () => this.chat.restart(),
			lang: () => this.speak(this.lang === 'zh' ? 'en' : 'zh'),
			open: (on) => this.#opened(on),
		});
		style_apply(this.panel.root);
		this.#colour(data.color);
		this.#draw();
		document.body.append(this.panel.node);
		this.#contrast();
		this.chat.identity = data.identity || '';
		this.#wake();
	}

	speak(lang) {
		this.lang = lang;
		this.chat.speak(lang);
		this.#draw();
	}

	on(event, fn) {
		if (!this.listeners.has(event))
			this.listeners.set(event, new Set());
		this.listeners.get(event).add(fn);
		return () => this.listeners.get(event).delete(fn);
	}

	#emit(event, detail) {
		for (const fn of this.listeners.get(event) || [])
			try {
				fn(detail);
			} catch (error) {
				setTimeout(() => { throw error; }); /* the page's own fault, and the page's own report */
			}
	}

	#events() {
		return {
			added: (entry) => this.#added(entry),
			changed: (entry) => {
				this.log.change(entry);
				this.#waiting();
			},
			reset: () => {
				this.#draw();
				this.#waiting();
			},
			typing: (who) => this.#far_typing(who),
			agent: (agent) => this.panel.status(this.chat.status, agent),
			frame: (frame) => this.#emit(frame.type, frame),
			status: (status) => {
				this.panel.status(status, this.chat.state.agent);
				this.#waiting();
				this.#emit('status', status);
			},
		};
	}

	#added(entry) {
		this.log.add(entry);
		if (entry.who === 'me') {
			this.#waiting();
			this.#emit('message', {text: entry.text});
			return;
		}
		this.#far_typing('');
		if (entry.who !== 'note' && !this.panel.is_open)
			this.panel.unread(++this.chat.state.unread);
	}

	/* The far side is typing when it says so (for a while: it may go away without another word), and when the
	 * bot has a message to answer and does not do it at once. */
	#far_typing(who) {
		clearTimeout(this.far_timer);
		this.far = who;
		if (who)
			this.far_timer = setTimeout(() => this.#far_typing(''), 6000);
		this.#waiting();
	}

	#waiting() {
		clearTimeout(this.wait_timer);
		const waits = this.chat.status === 'ready' && !this.chat.state.agent &&
			this.chat.entries.some((entry) => entry.status === 'sending');
		if (waits && !this.far)
			this.wait_timer = setTimeout(() => this.log.show_typing(true, 'bot'), 300);
		else
			this.log.show_typing(Boolean(this.far), this.far);
	}

	#opened(on) {
		try {
			sessionStorage.setItem('kefu open', on ? '1' : '');
		} catch {
			/* forbidden: then a new page starts closed */
		}
		if (on) {
			this.chat.read_all();
			this.panel.unread(0);
			this.chat.start();
		}
		this.#emit(on ? 'open' : 'close');
	}

	/* Who never chatted costs no connection; who did may have got an answer meanwhile. */
	#wake() {
		let was_open = false;
		try {
			was_open = sessionStorage.getItem('kefu open') === '1';
		} catch {
			/* forbidden */
		}
		if (was_open && !this.panel.phone.matches)
			this.panel.open({focus: false});
		else if (this.chat.state.session)
			this.chat.start();
	}

	#draw() {
		this.panel.label();
		this.panel.unread(this.chat.state.unread);
		this.panel.status(this.chat.status, this.chat.state.agent);
		this.log.draw(this.chat.entries);
	}

	#colour(colour) {
		if (colour && CSS.supports('color', colour))
			this.panel.node.style.setProperty('--kefu-color', colour);
	}

	/* Black or white on the site's own colour, whichever is easier to read (WCAG relative luminance). */
	#contrast() {
		const colour = getComputedStyle(this.panel.launcher).backgroundColor;
		const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(colour);
		if (!parts)
			return;
		const [r, g, b] = parts.slice(1).map((part) => part / 255)
			.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
		const light = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19;
		this.panel.node.style.setProperty('--on', light ? '#111' : '#fff');
	}
}

/* A constructed sheet needs no 'unsafe-inline' in the page's policy. */
function style_apply(root) {
	if (!root.adoptedStyleSheets) {
		root.append(el('style', null, STYLE));
		return;
	}
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(STYLE);
	root.adoptedStyleSheets = [sheet];
}

const SCRIPT = document.currentScript || document.querySelector('script[src*="/widget.js"]');

function start() {
	const widget = new Widget(SCRIPT);
	window.kefu = {
		open: () => widget.panel.open(),
		close: () => widget.panel.close(),
		toggle: () => widget.panel.toggle(),
		send: (text) => {
			widget.panel.open();
			if (String(text).trim())
				widget.chat.say(String(text).trim());
		},
		on: (event, fn) => widget.on(event, fn),
		identify: (token) => widget.chat.identify(token),
		lang: (lang) => widget.speak(lang_pick(lang)),
	};
	dispatchEvent(new Event('kefu:ready'));
}

if (!window.kefu)
	document.body ? start() : addEventListener('DOMContentLoaded', start);

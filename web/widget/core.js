/* One widget: puts the conversation, the list of messages and the panel together, and is what modules are given. */

class Widget {
	/* `host` is the element in the page, `root` its shadow; option(name) a text, or null. */
	constructor({host, root, option, base}) {
		Object.assign(this, {host, root, option, base, el, icon});
		this.ended = new AbortController();
		this.signal = this.ended.signal;
		this.listeners = new Map();
		this.wait_timer = 0;
		this.far_timer = 0;
		this.far = '';
		this.inline = option('inline') !== null;
		const url = new URL(option('url') || '/ws', base);
		url.protocol = url.protocol.replace('http', 'ws');
		this.store = new Store(`kefu ${url.href}`, this.signal);
		this.#language();
		this.say = lang_sayer(() => this.lang, (lang) => option(`title-${lang}`) || option('title'));
		this.chat = new Chat({url: url.href, lang: this.lang, store: this.store, events: this.#events(),
			signal: this.signal});
		this.#build();
		this.store.closed = this.#consent_due();
		this.chat.identity = option('identity') || '';
		this.#listen();
		this.theme();
		this.#draw();
		this.#wake();
	}

	speak(lang) {
		this.lang = lang;
		this.chat.speak(lang);
		this.#draw();
		this.emit('lang', lang);
	}

	/* Calls fn(detail); what comes back stops it. */
	on(event, fn) {
		if (!this.listeners.has(event))
			this.listeners.set(event, new Set());
		this.listeners.get(event).add(fn);
		return () => this.listeners.get(event).delete(fn);
	}

	emit(event, detail) {
		for (const fn of this.listeners.get(event) || [])
			try {
				fn(detail);
			} catch (error) {
				setTimeout(() => { throw error; }); /* the page's own fault, and the page's own report */
			}
	}

	/* Beside the widget's own style sheet. */
	style(css) {
		style_apply(this.root, css);
	}

	/* An option has changed. */
	changed(name) {
		if (name === 'lang')
			this.speak(lang_pick(this.option('lang')));
		else if (name === 'identity')
			this.chat.identify(this.option('identity') || '');
		this.theme();
		this.#draw();
	}

	theme() {
		theme_apply(this.host, this.panel.box, this.option);
		theme_contrast(this.panel.box, this.panel.launcher);
	}

	send(text) {
		this.panel.open();
		if (String(text).trim())
			this.chat.say(String(text).trim());
	}

	download() {
		transcript_save(this.chat.entries, this.say);
	}

	erase() {
		this.chat.erase();
		this.#gone();
	}

	destroy() {
		this.emit('destroy');
		this.ended.abort();
		clearTimeout(this.wait_timer);
		clearTimeout(this.far_timer);
		this.#unread(0);
		this.panel.close({focus: false});
		this.root.replaceChildren();
	}

	/* ---- inside ---- */

	#language() {
		this.lang = lang_pick(this.store.load().lang, this.option('lang'), document.documentElement.lang,
			navigator.language);
	}

	#build() {
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
		this.panel = new Panel(this, {
			send: (text) => this.chat.say(text),
			typing: () => this.chat.typing(),
			fresh: () => this.chat.restart(),
			erase: () => this.erase(),
			lang: () => this.speak(this.lang === 'zh' ? 'en' : 'zh'),
			leave: () => this.chat.say(this.say('agent_cancel'), this.lang === 'zh' ? '取消排队' : 'cancel'),
			agree: () => {
				this.chat.agree(this.#consent_mark());
				this.#draw();
				this.panel.focus();
				this.emit('consent');
			},
			open: (on) => this.#opened(on),
		});
		this.nudge = new Nudge(this.say, {
			text: () => this.option(`proactive-${this.lang}`) || this.option('proactive'),
			wanted: () => !this.panel.is_open && !this.chat.entries.length && !this.nudged && !this.store.flag('kefu nudge'),
			once: () => {
				this.nudged = true;
				this.store.flag('kefu nudge', true);
			},
			open: () => this.panel.open(),
		}, {after: this.option('proactive-after'), paths: this.option('proactive-path'), signal: this.signal});
		this.panel.box.prepend(this.nudge.node);
	}

	#listen() {
		const signal = this.signal;
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.theme(), {signal});
		document.addEventListener('visibilitychange', () => this.#read(), {signal});
	}

	#events() {
		return {
			added: (entry) => this.#added(entry),
			changed: (entry) => {
				this.log.change(entry);
				this.#waiting();
			},
			reset: (erased) => {
				this.#draw();
				this.#waiting();
				if (erased)
					this.#gone();
			},
			typing: (who) => this.#far_typing(who),
			agent: (agent) => this.panel.status(this.chat.status, agent),
			frame: (frame) => this.emit(frame.type, frame),
			status: (status) => {
				this.panel.status(status, this.chat.state.agent);
				this.#waiting();
				this.emit('status', status);
			},
		};
	}

	#added(entry) {
		this.log.add(entry);
		if (entry.who === 'me') {
			this.#waiting();
			this.emit('message', {text: entry.text});
			return;
		}
		this.#far_typing('');
		if (entry.who !== 'note' && !this.#looked_at())
			this.#unread(this.chat.state.unread + 1);
	}

	#looked_at() {
		return this.panel.is_open && !document.hidden;
	}

	#read() {
		if (!this.#looked_at())
			return;
		this.chat.read_all();
		this.#unread(0);
	}

	/* On the button, and in the name of the page, where it can be seen from another tab. */
	#unread(n) {
		this.chat.state.unread = n;
		this.panel.unread(n);
		const title = document.title.replace(/^\(\d+\) /, '');
		if (n || title !== document.title)
			document.title = n ? `(${n}) ${title}` : title;
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
		const agent = this.chat.state.agent;
		const waits = this.chat.status === 'ready' && !(agent && agent.state === 'joined') &&
			this.chat.entries.some((entry) => entry.status === 'sending');
		if (waits && !this.far)
			this.wait_timer = setTimeout(() => this.log.show_typing(true, 'bot'), 300);
		else
			this.log.show_typing(Boolean(this.far), this.far);
	}

	#opened(on) {
		this.store.flag('kefu open', on);
		this.nudge.hide();
		if (on) {
			this.#read();
			this.chat.start();
		}
		this.emit(on ? 'open' : 'close');
	}

	/* Who never chatted costs no connection; who did may have got an answer meanwhile. */
	#wake() {
		if (this.inline || (this.store.flag('kefu open') && !this.panel.phone.matches))
			this.panel.open({focus: false});
		else if (this.chat.state.session)
			this.chat.start();
	}

	/* Everything on this device is erased: whoever was to agree is asked again. */
	#gone() {
		this.store.closed = this.#consent_due();
		this.#unread(0);
		this.#draw();
		this.panel.close();
		this.emit('erase');
	}

	/* A changed text is agreed to anew. */
	#consent_mark() {
		return this.option('consent') || this.option('consent-zh') || this.option('consent-en') || '';
	}

	#consent_due() {
		return Boolean(this.#consent_mark()) && this.chat.state.agreed !== this.#consent_mark();
	}

	#draw() {
		this.panel.label();
		this.panel.unread(this.chat.state.unread);
		this.panel.status(this.chat.status, this.chat.state.agent);
		this.panel.consent(this.store.closed &&
			[this.option(`consent-${this.lang}`) || this.option('consent-zh') || this.option('consent-en'),
				this.option('consent')]);
		this.nudge.label();
		this.log.draw(this.chat.entries);
	}
}

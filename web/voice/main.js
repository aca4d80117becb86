/* Voice for the widget: a microphone beside the box to write in, and answers read aloud. Loaded when the page's option
 * `voice` asks for it; one or several words: on, send (what was heard is sent at once), server (never the browser's own
 * recogniser, which may send the sound to its maker).
 *
 *	idle -press-> starting -> listening -stop, silence-> thinking -> idle
 *	               \______________\__ Esc, cancel, typing ____/^  */

const VOICE_KEPT = 'kefu aloud';
const VOICE_TOLD_MS = 8000;
const VOICE_ICONS = {
	mic: 'M12 14.5a3.5 3.5 0 0 0 3.5-3.5V6.5a3.5 3.5 0 0 0-7 0V11a3.5 3.5 0 0 0 3.5 3.5ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M9 21h6',
	stop: 'M8 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z',
	aloud: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11',
	quiet: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 10l4.5 4.5M20.5 10L16 14.5',
};

class Voice {
	constructor(widget) {
		this.widget = widget;
		this.wishes = (widget.option('voice') || 'on').split(/[\s,]+/);
		this.ear = null;
		this.before = '';
		this.told_timer = 0;
		this.mouth = new Mouth({chat: widget.chat, offer: () => this.#offer(), thrifty: voice_thrifty,
			busy: (on) => (this.quiet.hidden = !on)});
		this.aloud = voice_kept();
		this.item = {name: 'aloud', icon: VOICE_ICONS.aloud, text: () => this.#say('aloud'), on: () => this.aloud,
			press: () => this.#read(!this.aloud)};
		this.#build();
		this.#listen();
		this.#state('idle');
		this.#offers();
	}

	#say(key) {
		return VOICE_WORDS[this.widget.lang][key];
	}

	#offer() {
		return this.widget.chat.speech || {};
	}

	/* ---- what is seen ---- */

	#build() {
		const {widget} = this;
		const {el, icon} = widget;
		const tool = (name, onclick, hidden) => el('button', {class: `tool ${name}`, type: 'button', hidden, onclick},
			icon(VOICE_ICONS[name]));
		widget.style(STYLE);
		this.quiet = tool('quiet', () => this.mouth.stop(), true);
		this.mic = tool('mic', () => this.#press());
		this.words = el('span', {role: 'status'});
		this.drop = el('button', {type: 'button', onclick: () => this.cancel({focus: true})});
		this.strip = el('div', {class: 'voice'}, this.words, this.drop);
		widget.panel.tools.append(this.quiet, this.mic);
		widget.panel.foot.prepend(this.strip);
	}

	#listen() {
		const {widget} = this;
		const {signal} = widget;
		const spoken = (frame) => this.#answered(frame);
		for (const event of ['reply', 'agent_message', 'push'])
			widget.on(event, spoken);
		widget.on('welcome', () => this.#offers());
		widget.on('lang', () => {
			this.cancel();
			this.#offers();
		});
		widget.on('message', () => this.#silence());
		widget.on('close', () => this.#silence());
		widget.on('destroy', () => this.#silence());
		widget.on('erase', () => {
			this.#silence();
			this.aloud = false;
			voice_keep(false);
		});
		/* true to life: what we write into the box ourselves is no input event */
		widget.panel.input.addEventListener('input', () => this.#silence(), {signal});
		widget.panel.box.addEventListener('keydown', (event) => this.#key(event), {capture: true, signal});
		window.addEventListener('pagehide', () => this.#silence(), {signal});
		if (globalThis.speechSynthesis && speechSynthesis.addEventListener)
			speechSynthesis.addEventListener('voiceschanged', () => this.#offers(), {signal});
	}

	/* What there is to offer depends on the language, on the server, and on voices that load late. */
	#offers() {
		const {items} = this.widget.panel.menu;
		const at = items.indexOf(this.item);
		const reads = this.mouth.can(this.widget.lang);
		if (reads && at < 0)
			items.unshift(this.item);
		else if (!reads && at >= 0)
			items.splice(at, 1);
		this.mic.hidden = !this.#kind();
		this.#labels();
	}

	#labels() {
		const key = {idle: 'speak', thinking: 'cancel'}[this.state] || 'stop';
		for (const [node, word] of [[this.mic, key], [this.quiet, 'quiet']]) {
			node.title = this.#say(word);
			node.setAttribute('aria-label', this.#say(word));
		}
		this.drop.textContent = this.#say('cancel');
	}

	/* One of VOICE_WORDS for those who see and those who listen; '' is nothing. */
	#tell(key, passing) {
		clearTimeout(this.told_timer);
		this.words.textContent = key ? this.#say(key) : '';
		this.strip.classList.toggle('told', Boolean(key));
		if (passing)
			this.told_timer = setTimeout(() => this.#tell(''), VOICE_TOLD_MS);
	}

	#state(state) {
		this.state = state;
		this.strip.dataset.state = state;
		this.mic.setAttribute('aria-pressed', String(state === 'starting' || state === 'listening'));
		this.mic.replaceChildren(this.widget.icon(VOICE_ICONS[state === 'idle' ? 'mic' : 'stop']));
		this.widget.panel.input.classList.toggle('interim', state !== 'idle');
		this.#labels();
	}

	/* ---- speaking ---- */

	/* Which ear does here, if any. */
	#kind() {
		if (!BrowserEar.useless && !this.wishes.includes('server'))
			return BrowserEar;
		return this.#server_hears() ? ServerEar : null;
	}

	#server_hears() {
		return (this.#offer().hears || []).includes(this.widget.lang) && this.#offer().part > 0 &&
			navigator.mediaDevices && globalThis.AudioWorkletNode;
	}

	#press() {
		if (this.state === 'idle')
			this.#start();
		else if (this.state === 'thinking')
			this.cancel({focus: true});
		else
			this.ear.stop();
	}

	#start() {
		const {widget} = this;
		const kind = this.#kind();
		this.mouth.stop();
		if (!kind)
			return;
		widget.chat.start();
		this.before = widget.panel.input.value;
		this.#state('starting');
		this.#tell('starting');
		const place = {lang: widget.lang, base: widget.base, chat: widget.chat, offer: this.#offer(),
			listen: (event, fn) => widget.on(event, fn)};
		try {
			this.ear = new kind(place, {
				ready: () => this.#hears(),
				thinking: () => this.#thinks(),
				words: (text) => this.#write(text),
				end: (code, useless) => this.#end(code, useless),
			});
		} catch {
			this.#end('failed', true);
		}
	}

	#hears() {
		this.#state('listening');
		this.#tell('listening');
	}

	#thinks() {
		this.#state('thinking');
		this.#tell('thinking');
	}

	/* Behind what stood there already; Chinese needs no space. */
	#write(text) {
		const gap = this.before && !/\s$/.test(this.before) && this.widget.lang !== 'zh' ? ' ' : '';
		this.heard = text;
		this.widget.panel.write(this.before + gap + text);
	}

	#end(code, useless) {
		const {widget} = this;
		const heard = this.heard;
		this.heard = '';
		this.ear = null;
		this.#state('idle');
		/* only where there is another: a microphone may yet be plugged in */
		if (useless && !BrowserEar.useless && this.#server_hears()) {
			BrowserEar.useless = true;
			this.#start();
			return;
		}
		this.#tell(code, true);
		if (code)
			return;
		if (this.wishes.includes('send') && heard) {
			widget.send(widget.panel.input.value);
			widget.panel.write('');
		} else {
			this.#proceed();
		}
	}

	/* To the words, to mend them; on a touch screen, where that brings up the keyboard, to the button that sends them. */
	#proceed() {
		const {input, foot} = this.widget.panel;
		(matchMedia('(pointer: coarse)').matches ? foot.querySelector('.send') : input).focus();
	}

	/* As if it had not been pressed. */
	cancel({focus = false} = {}) {
		if (this.state === 'idle')
			return;
		this.ear.cancel();
		this.ear = null;
		this.heard = '';
		this.#state('idle');
		this.#tell('');
		this.widget.panel.write(this.before);
		if (focus)
			this.mic.focus();
	}

	/* Somebody types, sends or goes: who listened or read stops. What stands in the box is the learner's. */
	#silence() {
		this.mouth.stop();
		if (this.state === 'idle')
			return;
		this.before = this.widget.panel.input.value;
		this.cancel();
	}

	#key(event) {
		if (event.key !== 'Escape' || event.isComposing || (this.state === 'idle' && !this.mouth.busy))
			return;
		event.stopPropagation();
		this.mouth.stop();
		this.cancel({focus: true});
	}

	/* ---- reading ---- */

	#read(on) {
		this.aloud = on;
		voice_keep(on);
		if (!on) {
			this.mouth.stop();
			return;
		}
		const last = this.widget.chat.entries.findLast((entry) => entry.who === 'bot' || entry.who === 'agent');
		if (last)
			this.#answered(last);
	}

	#answered(frame) {
		if (!this.aloud || this.widget.panel.panel.hidden || document.hidden || this.state !== 'idle')
			return;
		const courses = (frame.courses || []).map((course) => course.title).filter(Boolean);
		const lang = String(frame.lang || this.widget.lang).slice(0, 2);
		this.mouth.say([frame.text, ...courses].join('\n'), lang);
	}
}

function voice_kept() {
	try {
		return localStorage.getItem(VOICE_KEPT) === '1';
	} catch {
		return false;
	}
}

function voice_keep(on) {
	try {
		on ? localStorage.setItem(VOICE_KEPT, '1') : localStorage.removeItem(VOICE_KEPT);
	} catch {
		/* forbidden: then it is off again on the next page */
	}
}

/* Who saves data fetches no sound. */
function voice_thrifty() {
	return matchMedia('(prefers-reduced-data: reduce)').matches ||
		Boolean(navigator.connection && navigator.connection.saveData);
}

export function attach(widget) {
	return new Voice(widget);
}

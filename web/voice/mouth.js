/* Reads texts aloud, one after the other: with a voice of the browser that knows the language, else with the server's. */

/* Markup, addresses and signs that a voice would spell. */
function mouth_plain(text) {
	return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/https?:\/\/[^\s，。；）)]+/g, '')
		.replace(/^\s*(?:[-*]|\d+\.)\s+/gm, '').replace(/\*\*|[<>`#_|]/g, '')
		.replace(/\p{Extended_Pictographic}/gu, '').replace(/[ \t]+/g, ' ').trim();
}

/* Pieces of at most `most` characters, cut behind sentences where there are any. */
function mouth_pieces(text, most) {
	const pieces = [];
	let rest = [...text];
	while (rest.length > most) {
		const window = rest.slice(0, most);
		const end = window.findLastIndex((one, i) => i > most / 4 && /[。！？；.!?;\n]/.test(one)) + 1;
		pieces.push(rest.slice(0, end || most).join(''));
		rest = rest.slice(end || most);
	}
	return [...pieces, rest.join('')].map((piece) => piece.trim()).filter(Boolean);
}

class Mouth {
	/* place = {chat, offer(): the welcome's `speech` or {}, thrifty(): must not fetch sound, busy(on)} */
	constructor(place) {
		this.place = place;
		this.queue = [];
		this.busy = false;
		this.turn = 0;
		this.context = null;
		this.source = null;
		this.fetching = null;
	}

	/* A voice of the browser, those of the device first. */
	#voice(lang) {
		const voices = globalThis.speechSynthesis ? speechSynthesis.getVoices() : [];
		const mine = voices.filter((voice) => voice.lang.toLowerCase().slice(0, 2) === lang);
		return mine.find((voice) => voice.localService && voice.default) || mine.find((voice) => voice.localService) || mine[0];
	}

	#served(lang) {
		return (this.place.offer().says || []).includes(lang) && !this.place.thrifty();
	}

	can(lang) {
		return Boolean(this.#voice(lang)) || this.#served(lang);
	}

	/* Nothing speaks before the learner has touched the page. */
	say(text, lang) {
		const plain = mouth_plain(text);
		if (!plain || !this.can(lang) || (navigator.userActivation && !navigator.userActivation.hasBeenActive))
			return;
		const most = this.#voice(lang) ? 200 : this.place.offer().chars || 200;
		this.queue.push(...mouth_pieces(plain, most).map((piece) => ({text: piece, lang})));
		if (!this.busy)
			this.#run();
	}

	stop() {
		this.turn++;
		this.queue = [];
		if (globalThis.speechSynthesis)
			speechSynthesis.cancel();
		if (this.fetching)
			this.fetching.abort();
		if (this.source)
			this.source.stop();
		this.#mark(false);
	}

	#mark(on) {
		this.busy = on;
		this.place.busy(on);
	}

	async #run() {
		const turn = ++this.turn;
		this.#mark(true);
		while (turn === this.turn && this.queue.length) {
			const {text, lang} = this.queue.shift();
			try {
				await (this.#voice(lang) ? this.#speak(text, lang) : this.#play(text, lang));
			} catch {
				this.queue = []; /* a voice that fails once is no help with the rest */
			}
		}
		if (turn === this.turn)
			this.#mark(false);
	}

	#speak(text, lang) {
		return new Promise((done, fail) => {
			/* kept: some browsers forget an utterance that nobody holds, and then never tell its end */
			const one = this.utterance = new SpeechSynthesisUtterance(text);
			one.voice = this.#voice(lang);
			one.lang = one.voice.lang;
			one.onend = done;
			one.onerror = fail;
			speechSynthesis.speak(one);
		});
	}

	async #play(text, lang) {
		const {chat} = this.place;
		const turn = this.turn;
		const url = new URL('speech', chat.link.url.replace(/^ws/, 'http'));
		this.fetching = new AbortController();
		const answer = await fetch(url, {method: 'POST', signal: this.fetching.signal, credentials: 'omit',
			headers: {'Content-Type': 'application/json'}, body: JSON.stringify({text, lang, session: chat.state.session})});
		if (!answer.ok)
			throw new Error(answer.statusText);
		this.context = this.context || new AudioContext();
		await this.context.resume();
		const sound = await this.context.decodeAudioData(await answer.arrayBuffer());
		if (turn !== this.turn)
			return;
		const source = this.source = this.context.createBufferSource();
		source.buffer = sound;
		source.connect(this.context.destination);
		await new Promise((done) => {
			source.onended = done;
			source.start();
		});
		this.source = null;
	}
}

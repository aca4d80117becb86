/* Two ways to turn speech into text, with one face:
 *
 *	new Ear(place, on)   on = {ready(), thinking(), words(text, final), end(code, useless)}
 *	ear.stop()           the learner is through: what was said so far counts
 *	ear.cancel()         nothing more is told
 *
 * `end` comes once, at the latest after `stop`; its code is '' or one of VOICE_WORDS. `useless`: it will not do any better. */

/* ---- the browser's own ---- */

const EAR_NATIVE = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;

/* Its errors; after those of EAR_USELESS the server's ear may do better, where there is one. */
const EAR_CODES = {'no-speech': 'not_heard', 'audio-capture': 'no_microphone', 'not-allowed': 'denied'};
const EAR_USELESS = ['audio-capture', 'network', 'service-not-allowed', 'language-not-supported'];

class BrowserEar {
	static useless = !EAR_NATIVE;

	/* place = {lang} */
	constructor(place, on) {
		this.on = on;
		this.text = '';
		this.code = '';
		const ear = this.ear = new EAR_NATIVE();
		ear.lang = place.lang === 'zh' ? 'zh-CN' : 'en-US';
		ear.interimResults = true;
		ear.onstart = () => this.on.ready();
		ear.onresult = (event) => this.#heard([...event.results]);
		ear.onerror = (event) => this.#failed(event.error);
		ear.onend = () => this.#ended();
		ear.start();
	}

	stop() {
		this.ear.stop();
	}

	cancel() {
		this.on = {ready() {}, words() {}, end() {}};
		this.ear.abort();
	}

	#heard(results) {
		this.text = results.map((result) => result[0].transcript).join('').trim();
		this.on.words(this.text, results.every((result) => result.isFinal));
	}

	#failed(error) {
		this.useless = EAR_USELESS.includes(error);
		this.code = EAR_CODES[error] || 'failed';
	}

	#ended() {
		if (this.text)
			this.on.words(this.text, true);
		this.on.end(this.text ? '' : this.code || 'not_heard', this.useless);
	}
}

/* ---- the server's ---- */

const EAR_SILENCE_MS = 1300; /* after words: the learner is through */
const EAR_NOTHING_MS = 7000; /* and there were none */
const EAR_ANSWER_MS = 90000;
const EAR_DOORS = {NotAllowedError: 'denied', NotFoundError: 'no_microphone', NotReadableError: 'no_microphone'};
const EAR_CODES_SERVER = ['not_heard', 'too_long', 'rate_limited', 'busy'];

/* Are there words? Louder than the room by far; the room is the quietest there was. */
class Silence {
	constructor() {
		this.room = 1;
		this.ms = 0; /* since words, or since the beginning */
		this.words = 0; /* ms of them */
	}

	/* `ms` of sound at that level; true: that was all. */
	add(level, ms) {
		this.room = Math.min(this.room, Math.max(level, 0.002));
		if (level > Math.max(0.012, this.room * 3)) {
			this.words += ms;
			this.ms = 0;
		} else {
			this.ms += ms;
		}
		return this.ms >= (this.words >= 100 ? EAR_SILENCE_MS : EAR_NOTHING_MS);
	}
}

class ServerEar {
	/* place = {lang, base, chat, offer: the welcome's `speech`, listen(event, fn)} */
	constructor(place, on) {
		this.place = place;
		this.on = on;
		this.id = `a${chat_random()}`;
		this.parts = [];
		this.n = 0;
		this.silence = new Silence();
		this.stops = [];
		this.#open().catch((error) => this.#end(EAR_DOORS[error.name] || 'failed'));
	}

	stop() {
		if (this.sent || this.over)
			return;
		this.#close();
		if (this.silence.words < 100)
			this.#end('not_heard');
		else
			this.#send();
	}

	cancel() {
		this.on = {ready() {}, words() {}, end() {}};
		this.#end('');
	}

	async #open() {
		this.stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1, echoCancellation: true,
			noiseSuppression: true, autoGainControl: true}});
		this.context = new AudioContext();
		await this.context.audioWorklet.addModule(new URL('voice-worklet.js', this.place.base).href);
		if (this.over) {
			this.#close();
			return;
		}
		const source = this.context.createMediaStreamSource(this.stream);
		this.sampler = new AudioWorkletNode(this.context, 'kefu-sampler', {numberOfOutputs: 0});
		this.sampler.port.onmessage = ({data}) => this.#take(data);
		source.connect(this.sampler);
		await this.context.resume();
		this.on.ready();
	}

	#take({samples, level}) {
		if (this.sent || this.over)
			return;
		this.parts.push(samples);
		this.n += samples.length;
		if (this.silence.add(level, samples.length / 16) || this.n + samples.length > this.place.offer.seconds * 16000)
			this.stop();
	}

	#close() {
		if (this.stream)
			this.stream.getTracks().forEach((track) => track.stop());
		if (this.context && this.context.state !== 'closed')
			this.context.close();
	}

	#send() {
		const {chat, offer, lang, listen} = this.place;
		this.sent = true;
		this.on.thinking();
		this.stops = [
			listen('heard', (frame) => frame.to === this.id && this.#heard(frame)),
			listen('error', (frame) => frame.to === this.id &&
				this.#end(EAR_CODES_SERVER.includes(frame.code) ? frame.code : 'failed')),
			listen('status', (status) => status !== 'ready' && this.#end('lost')),
		];
		this.timer = setTimeout(() => this.#end('failed'), EAR_ANSWER_MS);
		const bytes = ear_bytes(this.parts, this.n);
		this.parts = [];
		for (let at = 0; at < bytes.length; at += offer.part)
			if (!chat.link.send({type: 'audio', id: this.id, format: 'pcm16', rate: 16000, lang,
				data: ear_base64(bytes.subarray(at, at + offer.part)), more: at + offer.part < bytes.length})) {
				this.#end('lost');
				return;
			}
	}

	#heard(frame) {
		this.on.words(String(frame.text), true);
		this.#end('');
	}

	#end(code) {
		if (this.over)
			return;
		this.over = true;
		clearTimeout(this.timer);
		this.stops.forEach((stop) => stop());
		this.#close();
		this.on.end(code);
	}
}

function ear_bytes(parts, n) {
	const view = new DataView(new ArrayBuffer(n * 2));
	let at = 0;
	for (const samples of parts)
		for (const sample of samples)
			view.setInt16(2 * at++, sample, true);
	return new Uint8Array(view.buffer);
}

function ear_base64(bytes) {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function chat_random() {
	return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}

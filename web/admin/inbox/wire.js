/* One WebSocket to the desk that is kept alive: exponential backoff with jitter, at once when the network comes back.
 * Unlike a learner's, it stays up in a window that nobody looks at: that is when a new chat must be heard. */

const WIRE_FIRST_MS = 300;
const WIRE_MOST_MS = 8000;
const WIRE_CONNECT_MS = 10000;
const WIRE_BEAT_MS = 5000;
const WIRE_ASLEEP_MS = 30000;

class Wire {
	/* events = {open, frame(value), state('up' | 'down'), closed()}; `life` ends it for good. */
	constructor(url, events, life) {
		Object.assign(this, {url, events, life, socket: null, failures: 0, timer: 0, awake_at: Date.now()});
		const beat = setInterval(() => this.#beat(), WIRE_BEAT_MS);
		life.addEventListener('abort', () => {
			clearInterval(beat);
			clearTimeout(this.timer);
			this.#drop();
		});
		addEventListener('online', () => this.renew(), {signal: life});
		addEventListener('offline', () => this.#lost(this.socket), {signal: life});
		this.#connect();
	}

	send(frame) {
		if (!this.socket || this.socket.readyState !== WebSocket.OPEN)
			return false;
		this.socket.send(JSON.stringify(frame));
		return true;
	}

	/* A new connection at once, without waiting for the old one to notice that it is dead. */
	renew() {
		this.failures = 0;
		this.#drop();
		this.#connect();
	}

	/* Timers stand still while the machine sleeps, the clock does not: then the connection may be dead without a word. */
	#beat() {
		const slept = Date.now() - this.awake_at > WIRE_ASLEEP_MS;
		this.awake_at = Date.now();
		if (slept && !document.hidden)
			this.renew();
	}

	#connect() {
		clearTimeout(this.timer);
		if (this.life.aborted || this.socket)
			return;
		const socket = this.socket = new WebSocket(this.url, 'kefu.desk.v1');
		this.timer = setTimeout(() => this.#lost(socket), WIRE_CONNECT_MS);
		socket.onopen = () => {
			clearTimeout(this.timer);
			this.failures = 0;
			this.events.open();
		};
		socket.onmessage = (event) => this.#read(event.data);
		socket.onclose = () => this.#lost(socket);
	}

	#read(data) {
		let frame;
		try {
			frame = JSON.parse(data);
		} catch {
			return;
		}
		if (frame && typeof frame === 'object')
			this.events.frame(frame);
	}

	#drop() {
		const {socket} = this;
		this.socket = null;
		if (!socket)
			return;
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
	}

	#lost(socket) {
		if (socket !== this.socket || this.life.aborted)
			return;
		this.#drop();
		clearTimeout(this.timer);
		this.events.state('down');
		this.events.closed();
		const most = Math.min(WIRE_MOST_MS, WIRE_FIRST_MS * 2 ** this.failures++);
		this.timer = setTimeout(() => this.#connect(), most / 2 + Math.random() * most / 2);
	}
}

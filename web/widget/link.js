/* One WebSocket that is kept alive: exponential backoff with jitter, and at once when the network or the page
 * comes back. It knows nothing of the protocol but its name; `events` = {open, frame, state}, where the state is
 * connecting, down (and trying again) or idle.
 *
 * Two tabs that share a session may take it from each other. So that they don't do it for ever, a tab that nobody
 * looks at, or that was told to go (a 4xxx close), waits until it is wanted again, and the waits only start from
 * the shortest again after a connection that has lasted.
 *
 * After a sleep (a closed lid, a frozen tab) a connection can be dead without a word, and who only listens would never
 * know: whoever wakes up takes a new one. */

const LINK_FIRST_MS = 400;
const LINK_MOST_MS = 20000;
const LINK_CONNECT_MS = 10000;
const LINK_LASTED_MS = 5000;
const LINK_BEAT_MS = 10000;
const LINK_ASLEEP_MS = 30000;

class Link {
	/* `signal` ends it for good. */
	constructor(url, events, signal) {
		this.url = url;
		this.events = events;
		this.signal = signal;
		this.socket = null;
		this.wanted = false;
		this.failures = 0;
		this.timer = 0;
		this.opened_at = 0;
		this.awake_at = Date.now();
		const beat = setInterval(() => this.#beat(), LINK_BEAT_MS);
		signal.addEventListener('abort', () => {
			clearInterval(beat);
			this.stop();
		});
		const on = (target, names, fn) => names.split(' ').forEach((name) => target.addEventListener(name, fn, {signal}));
		on(window, 'online', () => this.#online());
		on(window, 'offline', () => this.events.state('down'));
		on(window, 'pageshow', (event) => (event.persisted ? this.#woken() : this.nudge()));
		on(window, 'pagehide', () => this.#drop());
		on(window, 'focus', () => this.nudge());
		on(document, 'resume', () => this.#woken());
		on(document, 'visibilitychange', () => this.#beat());
	}

	start() {
		this.wanted = !this.signal.aborted;
		this.nudge();
	}

	stop() {
		this.wanted = false;
		clearTimeout(this.timer);
		this.#drop();
		this.events.state('idle');
	}

	/* Connect now if a connection is wanted and none is open or opening. */
	nudge() {
		if (this.wanted && !this.socket)
			this.#connect();
	}

	/* A new connection at once, without waiting for the old one to notice that it is dead. */
	renew() {
		this.#drop();
		this.start();
	}

	/* False when there is no open connection; the caller keeps what must not be lost. */
	send(frame) {
		if (!this.socket || this.socket.readyState !== WebSocket.OPEN)
			return false;
		this.socket.send(JSON.stringify(frame));
		return true;
	}

	/* The word may come a moment before the network does: the waits start from the shortest again. */
	#online() {
		this.failures = 0;
		this.#woken();
	}

	#woken() {
		if (this.wanted && !(this.socket && this.socket.readyState === WebSocket.CONNECTING))
			this.renew();
	}

	/* Timers stand still in a sleep, the clock does not. (In a hidden tab timers may be that slow all the time.) */
	#beat() {
		const slept = Date.now() - this.awake_at > LINK_ASLEEP_MS;
		if (document.hidden)
			return;
		this.awake_at = Date.now();
		slept ? this.#woken() : this.nudge();
	}

	#connect() {
		clearTimeout(this.timer);
		this.events.state('connecting');
		const socket = new WebSocket(this.url, 'kefu.v1');
		this.socket = socket;
		this.timer = setTimeout(() => this.#lost(socket), LINK_CONNECT_MS);
		socket.onopen = () => {
			clearTimeout(this.timer);
			this.opened_at = Date.now();
			this.events.open();
		};
		socket.onmessage = (event) => this.#read(event.data);
		socket.onclose = (event) => this.#lost(socket, event.code);
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
		const socket = this.socket;
		this.socket = null;
		if (!socket)
			return;
		socket.onopen = socket.onmessage = socket.onclose = null;
		socket.close();
	}

	#lost(socket, code) {
		if (socket !== this.socket)
			return;
		this.#drop();
		clearTimeout(this.timer);
		if (this.opened_at && Date.now() - this.opened_at > LINK_LASTED_MS)
			this.failures = 0;
		this.opened_at = 0;
		const left = document.hidden || code >= 4000;
		this.events.state(left ? 'idle' : 'down');
		if (left)
			return;
		const most = Math.min(LINK_MOST_MS, LINK_FIRST_MS * 2 ** this.failures++);
		this.timer = setTimeout(() => this.nudge(), most / 2 + Math.random() * most / 2);
	}
}

/* The conversation: kefu.v1 on one side, a list of entries on the other. No DOM here.
 *
 * An entry is {key, who: me|bot|agent|note, at, text, ...}:
 *   me     id, status (sending|sent|failed), value (a pressed button), error (code)
 *   bot    seq, buttons, courses, list (their id), seen (of them), rate (may be rated), vote {id, helpful, done},
 *          gone [{id, course, done}]: the courses that the learner does not want
 *   agent  seq, name
 *   note   code and args of a text in TEXTS
 * The entries are the outbox, too: whatever is still `sending` goes out again, under the same id, after every
 * welcome. The server answers an id once, so nothing is doubled; `since` says what we have, so nothing is lost. */

const CHAT_ANSWER_MS = 12000;
const CHAT_TRIES = 4;
const CHAT_TYPING_MS = 3000;
const CHAT_PAUSE_MS = 30 * 60e3;

/* Unlike a counter, unique among the tabs that share one session. */
function chat_id(kind) {
	const bytes = crypto.getRandomValues(new Uint8Array(8));
	return kind + Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('');
}

/* The server's frames, by type; each takes the chat and the frame. Those with a seq have been checked to be new. */
const CHAT_FRAMES = {
	welcome: (chat, frame) => chat.welcome(frame),
	reply: (chat, frame) => chat.add({...chat_content(frame), who: 'bot',
		rate: !['ask', 'slot'].includes(frame.source)}),
	agent: (chat, frame) => chat.agent(frame),
	agent_message: (chat, frame) => chat.add({...chat_content(frame), who: 'agent',
		name: frame.name || (chat.state.agent && chat.state.agent.name) || ''}),
	push: (chat, frame) => chat.add({...chat_content(frame), who: 'bot'}),
	typing: (chat, frame) => chat.far_typing(frame.who),
	error: (chat, frame) => chat.error(frame),
	ack: () => {},
	heard: () => {},
};

/* What a frame shows, with the types that the view relies on. */
function chat_content(frame) {
	const list = (value) => (Array.isArray(value) ? value.filter((one) => one && typeof one === 'object') : []);
	return {
		seq: frame.seq,
		text: typeof frame.text === 'string' ? frame.text : '',
		buttons: list(frame.buttons),
		courses: list(frame.courses),
		list: typeof frame.list === 'string' ? frame.list : '',
	};
}

function chat_gone(entry, course) {
	return (entry.gone || []).find((one) => one.course === course);
}

class Chat {
	constructor({url, lang, store, events, signal}) {
		this.lang = lang;
		this.store = store;
		this.events = events;
		this.state = store.load();
		this.status = 'idle'; /* idle, connecting, ready, down */
		this.identity = '';
		this.provider = null; /* the page's function that fetches an identity */
		this.proving = false;
		this.tries = new Map();
		this.watchdog = 0;
		this.typed_at = 0;
		this.speech = null; /* what the server hears and says, as its welcome tells */
		this.link = new Link(url, {
			open: () => this.#hello(),
			frame: (frame) => this.#receive(frame),
			state: (status) => this.#status(status),
		}, signal);
		signal.addEventListener('abort', () => clearTimeout(this.watchdog));
		store.watch((other) => (other ? this.#merge(other) : this.#erased()));
	}

	get entries() {
		return this.state.entries;
	}

	/* Nothing is sent before the learner has agreed to it. */
	start() {
		if (!this.store.closed)
			this.link.start();
	}

	/* Something the learner says, or presses (then `value` is what is sent and `text` what is shown). */
	say(text, value) {
		const id = chat_id('c');
		this.typed_at = 0; /* what is typed next is another message */
		this.#put({key: id, id, who: 'me', text, value, status: 'sending'});
		this.start();
		this.#flush();
	}

	retry(entry) {
		this.tries.delete(entry.id);
		this.#change(entry, {status: 'sending', error: undefined});
		this.start();
		this.#flush();
	}

	rate(entry, helpful) {
		this.#change(entry, {vote: {id: chat_id('f'), helpful, done: false}});
		this.start();
		this.#flush();
	}

	viewed(course, {list}) {
		this.link.send({type: 'event', id: chat_id('e'), ...(list ? {name: 'click', list} : {name: 'view'}), course});
	}

	/* True when all of them are told: once each, also over reloads of the page. */
	seen(courses, entry) {
		const fresh = courses.filter((id) => !(entry.seen || []).includes(id));
		if (fresh.length && (this.status !== 'ready' ||
			!this.link.send({type: 'event', name: 'shown', courses: fresh, list: entry.list})))
			return false;
		entry.seen = [...(entry.seen || []), ...fresh];
		this.store.save(this.state);
		return true;
	}

	/* Unlike a view, this must arrive: it is sent until it is acknowledged. */
	dismissed(course, entry) {
		entry.gone = [...(entry.gone || []), {id: chat_id('e'), course, done: false}];
		this.store.save(this.state);
		this.start();
		this.#flush();
	}

	typing() {
		const now = Date.now();
		if (this.status !== 'ready' || now - this.typed_at < CHAT_TYPING_MS)
			return;
		this.typed_at = now;
		this.link.send({type: 'typing'});
	}

	/* Forget this conversation and begin another. */
	restart() {
		this.#leave();
		this.link.renew();
	}

	/* Forget this conversation, and everything on this device. */
	erase() {
		this.#end({});
		this.store.erase();
		this.link.stop();
	}

	agree(mark) {
		this.store.closed = false;
		this.state.agreed = mark;
		this.store.save(this.state);
		if (this.provider)
			this.identify(this.provider).then(() => this.start());
		else
			this.start();
	}

	/* The other half of erase(), in another tab. */
	#erased() {
		this.store.erase();
		this.state = {...store_empty(), lang: this.lang};
		this.link.stop();
		this.events.reset(true);
	}

	#leave() {
		this.#end({lang: this.state.lang, agreed: this.state.agreed});
		this.store.save(this.state);
	}

	#end(kept) {
		this.link.send({type: 'end'});
		this.state = {...store_empty(), ...kept};
		this.tries.clear();
		this.events.reset();
	}

	speak(lang) {
		this.lang = this.state.lang = lang;
		this.store.save(this.state);
		if (this.link.wanted)
			this.link.renew();
	}

	/* A token, or a function that fetches one (or a promise of one): it is asked again when one has run out. */
	async identify(token) {
		this.provider = typeof token === 'function' ? token : null;
		if (this.store.closed) {
			this.identity = this.provider ? '' : String(token || '');
			return;
		}
		if (!token && this.identity)
			this.#leave(); /* signed out: the next one here may be somebody else */
		this.#prove(this.provider ? await this.#fetch_identity() : token);
	}

	#prove(token) {
		this.identity = String(token || '');
		if (this.link.wanted)
			this.link.renew();
	}

	async #fetch_identity() {
		try {
			return await this.provider();
		} catch {
			return ''; /* the page cannot tell: a guest */
		}
	}

	/* The proof of who the learner is was refused: a new one, if the page has any; else what was refused is said again
	 * by a guest, in a conversation of their own. */
	async #unproven(refused) {
		if (this.proving)
			return;
		const old = this.identity;
		this.proving = true;
		this.identity = '';
		const token = this.provider ? await this.#fetch_identity() : '';
		this.proving = false;
		if (token && token !== old) {
			this.#prove(token);
			return;
		}
		this.#note('bad_identity');
		if (refused) {
			this.state.session = '';
			this.state.since = 0;
			this.link.renew();
		}
	}

	#note(code) {
		const last = this.entries[this.entries.length - 1];
		if (!(last && last.code === code))
			this.#put({key: chat_id('n'), who: 'note', code});
	}

	read_all() {
		if (this.state.unread) {
			this.state.unread = 0;
			this.store.save(this.state);
		}
	}

	/* ---- frames, called through CHAT_FRAMES ---- */

	welcome(frame) {
		const last = this.entries[this.entries.length - 1];
		const begun = last && Date.now() - last.at < CHAT_PAUSE_MS;
		this.state.session = String(frame.session || '');
		this.speech = frame.speech && typeof frame.speech === 'object' ? frame.speech : null;
		if (!frame.resumed) {
			this.state.since = frame.seq || 0;
			this.state.agent = null;
			if (last && !begun)
				this.#put({key: chat_id('n'), who: 'note', code: 'earlier'});
		}
		/* Mid-conversation a second greeting would only be noise. */
		if (frame.text && !begun)
			this.add({...chat_content(frame), who: 'bot'});
		this.#status('ready');
		this.#flush();
	}

	agent(frame) {
		const was = this.state.agent || {};
		const code = was.state === 'queued' && frame.state === 'left' ? 'agent_given_up' : `agent_${frame.state}`;
		if (!Object.hasOwn(TEXTS.en, code))
			return;
		const name = String(frame.name || was.name || '');
		const {state, position, opens} = frame;
		this.state.agent = ['joined', 'queued', 'offline'].includes(state) ? {state, name, position} : null;
		if (state !== was.state || state === 'joined')
			this.#put({key: this.#key(frame), who: 'note', code, args: {name, opens}});
		this.events.agent(this.state.agent);
	}

	far_typing(who) {
		this.events.typing(who || 'bot');
	}

	/* A refused session is followed by the welcome of a new one. What is refused with an id that no entry has
	 * (an event) is not the learner's business. */
	error(frame) {
		const code = Object.hasOwn(TEXTS.en, frame.code) ? frame.code : 'error';
		const entry = frame.to && this.entries.find((one) => one.id === frame.to || this.#voted(one, frame.to) ||
			this.#sent_away(one, frame.to));
		if (frame.code === 'bad_identity') {
			this.#unproven(frame.to);
		} else if (frame.code === 'bad_session') {
			this.state.session = '';
			this.state.since = 0;
			this.#watch();
		} else if (entry && this.#sent_away(entry, frame.to)) {
			this.#sent_away(entry, frame.to).done = true;
		} else if (entry) {
			this.#change(entry, entry.id ? {status: 'failed', error: code} : {vote: undefined});
		} else if (this.status !== 'ready') {
			this.#watch(); /* the hello was refused: another one, later */
		} else if (!frame.to) {
			this.#note(code);
		}
	}

	/* A message of the other side. */
	add(entry) {
		if (entry.text || entry.courses.length || entry.buttons.length)
			this.#put({key: this.#key(entry), ...entry});
	}

	/* ---- inside ---- */

	#hello() {
		const other = this.store.load(); /* what another tab has said while this one slept */
		if (other.session === this.state.session)
			this.#merge(other);
		const hello = {type: 'hello', lang: LANG_TAGS[this.lang], page: location.pathname};
		if (this.state.session)
			Object.assign(hello, {session: this.state.session, since: this.state.since});
		if (this.identity)
			hello.identity = this.identity;
		this.link.send(hello);
		this.#watch();
	}

	#receive(frame) {
		clearTimeout(this.watchdog);
		if (!Object.hasOwn(CHAT_FRAMES, frame.type)) {
			this.events.frame(frame); /* a module may know it */
			return;
		}
		if (frame.to && frame.type !== 'error')
			this.#settle(frame.to);
		if (this.#fresh(frame))
			CHAT_FRAMES[frame.type](this, frame);
		this.store.save(this.state);
		this.events.frame(frame);
		if (this.#pending().length)
			this.#watch();
	}

	/* Frames come in order, so one number says which of them we have; a welcome sets the number itself. */
	#fresh(frame) {
		if (!Number.isSafeInteger(frame.seq) || frame.type === 'welcome')
			return true;
		if (frame.seq <= this.state.since)
			return false;
		this.state.since = frame.seq;
		return true;
	}

	/* The same for the same frame in every tab, different after the session has been replaced. */
	#key(frame) {
		return Number.isSafeInteger(frame.seq) ? `${this.state.session.slice(-8)}.${frame.seq}` : chat_id('n');
	}

	/* The entries with something to send, and the frame that sends it. */
	#pending() {
		const frames = [];
		for (const entry of this.entries) {
			if (entry.status === 'sending')
				frames.push([entry, entry.value === undefined
					? {type: 'message', id: entry.id, text: entry.text}
					: {type: 'click', id: entry.id, value: entry.value}]);
			if (entry.vote && !entry.vote.done && this.#ours(entry))
				frames.push([entry, {type: 'feedback', id: entry.vote.id, seq: entry.seq,
					helpful: entry.vote.helpful}]);
			for (const gone of entry.gone || [])
				if (!gone.done)
					frames.push([entry, {type: 'event', id: gone.id, name: 'dismiss', course: gone.course,
						...(entry.list && {list: entry.list})}]);
		}
		return frames;
	}

	#voted(entry, id) {
		return Boolean(entry.vote) && entry.vote.id === id;
	}

	#sent_away(entry, id) {
		return (entry.gone || []).find((one) => one.id === id);
	}

	#ours(entry) {
		return entry.key.startsWith(`${this.state.session.slice(-8)}.`);
	}

	/* Send what this connection has not carried yet; after CHAT_TRIES connections without an answer, give up. */
	#flush() {
		if (this.status !== 'ready')
			return;
		for (const [entry, frame] of this.#pending()) {
			const tried = this.tries.get(frame.id) || {count: 0, on: null};
			if (tried.on === this.link.socket)
				continue;
			if (tried.count >= CHAT_TRIES) {
				this.#give_up(entry, frame);
				continue;
			}
			this.tries.set(frame.id, {count: tried.count + 1, on: this.link.socket});
			this.link.send(frame);
		}
		if (this.#pending().length)
			this.#watch();
	}

	#give_up(entry, frame) {
		if (frame.type === 'event')
			this.#sent_away(entry, frame.id).done = true;
		else
			this.#change(entry, frame.type === 'feedback' ? {vote: undefined} : {status: 'failed'});
	}

	/* A connection can be dead without a word (a sleeping laptop, a lost NAT entry): no answer, a new one. */
	#watch() {
		clearTimeout(this.watchdog);
		this.watchdog = setTimeout(() => this.link.renew(), CHAT_ANSWER_MS);
	}

	#settle(id) {
		this.tries.delete(id);
		for (const entry of this.entries) {
			if (entry.id === id)
				this.#change(entry, {status: 'sent', error: undefined});
			else if (this.#voted(entry, id))
				this.#change(entry, {vote: {...entry.vote, done: true}});
			else if (this.#sent_away(entry, id))
				this.#sent_away(entry, id).done = true;
		}
	}

	#put(entry) {
		if (this.entries.some((one) => one.key === entry.key))
			return;
		entry.at = Date.now();
		this.entries.push(entry);
		this.events.added(entry);
		this.store.save(this.state);
	}

	#change(entry, fields) {
		Object.assign(entry, fields);
		this.events.changed(entry);
		this.store.save(this.state);
	}

	#status(status) {
		if (status === 'down' || status === 'idle')
			clearTimeout(this.watchdog);
		this.status = status;
		this.events.status(status);
	}

	/* Another tab has saved: take over what it has and we have not. Of two tabs with two sessions only one that
	 * nobody looks at gives its own up, or they would swap for ever. */
	#merge(other) {
		if (other.session !== this.state.session) {
			if (!document.hidden)
				return;
			this.state = other;
			this.events.reset();
			if (this.link.wanted)
				this.link.renew();
			return;
		}
		const known = new Map(this.entries.map((entry) => [entry.key, entry]));
		for (const entry of other.entries) {
			const mine = known.get(entry.key);
			if (!mine) {
				this.entries.push(entry);
				this.events.added(entry);
			} else if (mine.status !== entry.status && mine.status !== 'sent') {
				Object.assign(mine, entry);
				this.events.changed(mine);
			}
		}
		this.state.since = Math.max(this.state.since, other.since);
	}
}

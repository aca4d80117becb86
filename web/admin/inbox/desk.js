/* What the page knows of the desk: chats, their lines, people, and what was said but is not on the daemon's disk yet.
 *
 * Lines are numbered by the daemon (n grows by one): each is kept once, whatever comes twice, and after a gap the rest
 * is asked for from the last one that is known without a hole. What an agent says has an id of its own; it is kept
 * (over a reload, too) and said again after each reconnect until the daemon has confirmed it. */

const DESK_RETRY_MS = 1500;

const desk_kept = {
	get(name, otherwise) {
		try {
			return JSON.parse(sessionStorage.getItem(`kefu-inbox ${app.me.name} ${name}`)) ?? otherwise;
		} catch {
			return otherwise;
		}
	},
	put(name, value) {
		const key = `kefu-inbox ${app.me.name} ${name}`;
		try {
			value === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, JSON.stringify(value));
		} catch {
			/* Full or forbidden: then it holds until the page is left. */
		}
	},
};

/* Random letters for a message: secure contexts only have randomUUID. */
function desk_id() {
	return Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, '0')).join('');
}

class Talk {
	constructor() {
		this.lines = []; /* by n */
		this.whole = false; /* what came before the first live line was asked for, and is there */
		this.asking = false;
		this.typing_until = 0;
	}

	/* Up to this n there is no hole. */
	get top() {
		if (!this.whole || !this.lines.length)
			return 0;
		let i = 1;
		while (i < this.lines.length && this.lines[i].n === this.lines[i - 1].n + 1)
			i++;
		return this.lines[i - 1].n;
	}

	/* False: it was there already. */
	add(line) {
		let at = this.lines.length;
		while (at && this.lines[at - 1].n >= line.n)
			at--;
		if (this.lines[at] && this.lines[at].n === line.n)
			return false;
		this.lines.splice(at, 0, line);
		return true;
	}
}

class Desk {
	/* tell(what, session, more): what happened; see the table in main.js. */
	constructor(tell, life) {
		this.tell = tell;
		this.me = app.me.name;
		this.chats = new Map();
		this.talks = new Map();
		this.agents = [];
		this.hours = {open: true, opens: null};
		this.teams = new Set();
		this.up = false;
		this.known = false; /* the desk was told of once */
		this.presence = 'away';
		this.wanted = desk_kept.get('presence', null);
		this.pending = desk_kept.get('pending', []);
		this.selected = '';
		this.taking = '';
		const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/admin/ws`;
		this.wire = new Wire(url, {open: () => this.wire.send({type: 'hello'}), frame: (frame) => this.#frame(frame),
			state: () => this.#down(), closed: () => this.#ask_who()}, life);
	}

	talk(session) {
		if (!this.talks.has(session))
			this.talks.set(session, new Talk());
		return this.talks.get(session);
	}

	mine(session) {
		const chat = this.chats.get(session);
		return Boolean(chat && chat.state === 'agent' && chat.agent === this.me);
	}

	/* ---- asking ---- */

	online(yes) {
		this.wanted = yes ? 'online' : 'away';
		desk_kept.put('presence', this.wanted);
		this.wire.send({type: 'presence', state: this.wanted});
	}

	open(session) {
		const talk = this.talk(session);
		this.selected = session;
		talk.asking = this.wire.send({type: 'open', session, since: talk.top});
	}

	take(session) {
		this.taking = session;
		return this.wire.send({type: 'take', session});
	}

	/* kind: say, note. */
	say(session, kind, text) {
		this.pending.push({session, kind, text, id: desk_id(), at: Date.now()});
		this.#keep();
		this.#send(this.pending.at(-1));
		this.tell('pending', session);
	}

	again(id) {
		const one = this.pending.find((p) => p.id === id);
		if (!one)
			return;
		one.failed = '';
		this.#keep();
		this.#send(one);
		this.tell('pending', one.session);
	}

	forget(id) {
		const one = this.pending.find((p) => p.id === id);
		this.#drop(id);
		return one ? one.text : '';
	}

	read(session) {
		const {lines, whole, asking} = this.talk(session), last = lines.at(-1), chat = this.chats.get(session);
		if (last && whole && !asking && chat && chat.unread && this.mine(session))
			this.wire.send({type: 'read', session, line: last.n});
	}

	#send(one) {
		if (!one.failed && this.up)
			this.wire.send({type: one.kind, session: one.session, id: one.id, text: one.text});
	}

	#keep() {
		desk_kept.put('pending', this.pending.length ? this.pending : null);
	}

	#drop(id) {
		const one = this.pending.find((p) => p.id === id);
		if (!one)
			return;
		this.pending = this.pending.filter((p) => p !== one);
		this.#keep();
		this.tell('pending', one.session);
	}

	/* ---- the connection ---- */

	#down() {
		if (!this.up)
			return;
		this.up = false;
		this.tell('link');
	}

	/* A refused upgrade says nothing to a script: whether the sign-in lapsed is asked beside it. */
	#ask_who() {
		get('me').catch(() => {});
	}

	#frame(frame) {
		const name = `on_${frame.type}`;
		if (typeof this[name] === 'function')
			this[name](frame);
	}

	on_desk(frame) {
		const before = new Set([...this.chats.values()].filter((c) => c.state === 'queued').map((c) => c.session));
		this.chats = new Map(frame.chats.map((chat) => [chat.session, chat]));
		this.agents = frame.agents;
		this.hours = frame.hours || this.hours;
		this.presence = frame.presence;
		this.display = frame.me.display || frame.me.name;
		this.up = true;
		for (const team of frame.teams || [])
			this.teams.add(team);
		frame.chats.forEach((chat) => this.#note_team(chat));
		if (this.wanted && this.wanted !== frame.presence)
			this.wire.send({type: 'presence', state: this.wanted});
		this.pending.forEach((one) => this.#send(one));
		if (this.selected)
			this.open(this.selected);
		const known = this.known;
		this.known = true;
		this.tell('desk');
		const fresh = frame.chats.find((c) => c.state === 'queued' && !before.has(c.session));
		if (known && fresh)
			this.tell('queued', fresh.session);
	}

	#note_team(chat) {
		if (chat.team)
			this.teams.add(chat.team);
	}

	on_chat({chat}) {
		const before = this.chats.get(chat.session);
		this.chats.set(chat.session, chat);
		this.#note_team(chat);
		if (this.taking === chat.session && this.mine(chat.session)) {
			this.taking = '';
			this.tell('taken', chat.session);
		} else if (before && before.agent === this.me && before.state === 'agent' && chat.agent !== this.me) {
			this.tell('lost', chat.session);
		} else if (this.mine(chat.session) && (!before || before.agent !== this.me)) {
			this.tell('given', chat.session);
		}
		this.tell('chats', chat.session);
		if (chat.state !== 'agent' && (!before || before.state !== chat.state))
			this.tell('queued', chat.session);
	}

	on_gone({session}) {
		this.chats.delete(session);
		this.tell('chats', session);
		this.tell('gone', session);
	}

	on_line({session, line}) {
		const talk = this.talk(session);
		if (line.id && (line.side === 'agent' || line.side === 'note'))
			this.#drop(line.id);
		if (line.side === 'learner')
			talk.typing_until = 0;
		if (talk.add(line) && !talk.asking)
			this.tell('line', session, line);
	}

	/* All lines that were asked for have come. */
	on_opened({session}) {
		const talk = this.talk(session);
		talk.whole = true;
		talk.asking = false;
		this.tell('lines', session);
	}

	/* It is on the disk. The line itself comes, or came, to whoever has the chat. */
	on_done({id, session}) {
		if (this.talk(session).lines.some((line) => line.id === id))
			return this.#drop(id);
		const one = this.pending.find((p) => p.id === id);
		if (one && session === this.selected)
			setTimeout(() => this.pending.includes(one) && this.open(session), DESK_RETRY_MS);
		return undefined;
	}

	on_typing({session}) {
		this.talk(session).typing_until = Date.now() + 5000;
		this.tell('typing', session);
	}

	on_agents({agents}) {
		this.agents = agents;
		const me = agents.find((a) => a.name === this.me);
		if (me)
			this.presence = me.presence === 'online' ? 'online' : 'away';
		this.tell('agents');
	}

	on_error(frame) {
		const one = frame.id && this.pending.find((p) => p.id === frame.id);
		if (one && frame.code === 'busy') {
			setTimeout(() => this.#send(one), DESK_RETRY_MS);
		} else if (one) {
			one.failed = frame.code;
			this.#keep();
			this.tell('pending', one.session);
		} else {
			if (frame.code === 'taken')
				this.taking = '';
			this.tell('refused', frame.session, frame);
		}
	}
}

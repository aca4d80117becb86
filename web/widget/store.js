/* What outlives a page: the session, the last seq seen, and the conversation itself. One JSON value in
 * localStorage, or only in memory where that is forbidden (private mode, blocked cookies, full). */

const STORE_ENTRIES = 120;
const STORE_DAYS = 7;

function store_empty() {
	return {session: '', since: 0, lang: '', unread: 0, agent: null, at: 0, agreed: '', entries: []};
}

class Store {
	constructor(key, signal) {
		this.key = key;
		this.signal = signal;
		this.closed = false; /* nothing may be kept yet, or any more */
	}

	load() {
		try {
			return store_check(JSON.parse(localStorage.getItem(this.key)));
		} catch {
			return store_empty();
		}
	}

	save(state) {
		if (this.closed)
			return;
		state.at = Date.now();
		if (state.entries.length > STORE_ENTRIES)
			state.entries.splice(0, state.entries.length - STORE_ENTRIES);
		try {
			localStorage.setItem(this.key, JSON.stringify(state));
		} catch {
			/* The page's own copy of the state goes on serving; only a reload forgets. */
		}
	}

	erase() {
		try {
			localStorage.removeItem(this.key);
		} catch {
			/* forbidden: nothing was kept */
		}
		this.flag('kefu open', false);
		this.flag('kefu nudge', false);
	}

	/* Tells what another tab of this page has just saved; null: it has erased everything. */
	watch(fn) {
		addEventListener('storage', (event) => {
			if (event.key === this.key || event.key === null)
				fn(event.newValue ? this.load() : null);
		}, {signal: this.signal});
	}

	/* What lasts as long as the tab: whether the panel is open, whether the first word was said. */
	flag(name, value) {
		try {
			if (value === undefined)
				return sessionStorage.getItem(name) === '1';
			if (!value)
				sessionStorage.removeItem(name);
			else if (!this.closed)
				sessionStorage.setItem(name, '1');
		} catch {
			/* forbidden: then a new page starts anew */
		}
		return false;
	}
}

/* Someone else's script may have written there: keep only what has our shape. */
function store_check(value) {
	const state = store_empty();
	if (!value || Date.now() - value.at > STORE_DAYS * 86400e3)
		return state;
	for (const name of Object.keys(state))
		if (typeof value[name] === typeof state[name])
			state[name] = value[name];
	if (!Array.isArray(state.entries))
		state.entries = [];
	state.entries = state.entries.filter((entry) => entry && typeof entry.key === 'string');
	return state;
}

/* What outlives a page: the session, the last seq seen, and the conversation itself. One JSON value in
 * localStorage, or only in memory where that is forbidden (private mode, blocked cookies, full). */

const STORE_ENTRIES = 120;
const STORE_DAYS = 7;

function store_empty() {
	return {session: '', since: 0, lang: '', unread: 0, agent: null, at: 0, entries: []};
}

class Store {
	constructor(key) {
		this.key = key;
	}

	load() {
		try {
			return store_check(JSON.parse(localStorage.getItem(this.key)));
		} catch {
			return store_empty();
		}
	}

	save(state) {
		state.at = Date.now();
		if (state.entries.length > STORE_ENTRIES)
			state.entries.splice(0, state.entries.length - STORE_ENTRIES);
		try {
			localStorage.setItem(this.key, JSON.stringify(state));
		} catch {
			/* The page's own copy of the state goes on serving; only a reload forgets. */
		}
	}

	/* Tells what another tab of this page has just saved. */
	watch(fn) {
		addEventListener('storage', (event) => {
			if (event.key === this.key)
				fn(this.load());
		});
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

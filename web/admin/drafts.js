/* Work that is not saved yet: kept for this window, so that a reload or a lapsed sign-in loses nothing. */

const draft_key = (path) => `kefu-draft ${app.me.name} ${path}`;

const drafts = {
	/* {text, base, from}: what is written, and the version and text it was made from. */
	get(path) {
		try {
			return JSON.parse(sessionStorage.getItem(draft_key(path)));
		} catch {
			return null;
		}
	},

	put(path, draft) {
		try {
			sessionStorage.setItem(draft_key(path), JSON.stringify(draft));
		} catch {
			/* Full or forbidden: the warning on leaving still stands. */
		}
	},

	drop(path) {
		sessionStorage.removeItem(draft_key(path));
	},

	list() {
		const head = app.me ? draft_key('') : null;
		return head ? Object.keys(sessionStorage).filter((key) => key.startsWith(head)).map((key) => key.slice(head.length)) : [];
	},
};

/* The database: one SQLite file, the only place where sqlite3.h is known (kb/store*.c).
 *
 * A struct store is one connection and belongs to one thread at a time; open as many as there are
 * threads. WAL mode, busy timeout 5 s, foreign keys on, schema created or migrated when opened for
 * writing (kb/schema.sql, PRAGMA user_version). A file that is not a database, is damaged, locked,
 * read-only, from a newer version, or on a full disk gives an error that says so and how to mend
 * it; nothing is ever deleted or overwritten to recover. Texts are UTF-8. Times are Unix
 * milliseconds. */
#ifndef KB_STORE_H
#define KB_STORE_H

#include "text/err.h"

struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* `path` may be ":memory:". STORE_WRITE creates the file when absent. */
MUST_USE int store_open(const char *path, enum store_mode mode, struct store **out,
			struct err *err);
void store_close(struct store *s);
/* How long a write waits for another program's lock before ERR_BUSY; 5000 when opened. */
void store_wait(struct store *s, int ms);
/* Gives back the memory of pages read and written, which are kept for the next time: for a connection
 * that is seldom used. Not within a transaction. */
void store_rest(struct store *s);

/* What is asked from now on takes no longer than that together, else ERR_BUSY; 0: as long as it takes. */
void store_deadline(struct store *s, int ms);

/* One transaction around many writes (group commit): after a commit that gave 0 they survive a kill
 * and a power cut. A commit that fails has undone all since begin, as rollback does. */
MUST_USE int store_begin(struct store *s, struct err *err);
MUST_USE int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);
/* All that is read until store_rollback (or the end) is of one moment. */
MUST_USE int store_begin_read(struct store *s, struct err *err);

/* PRAGMA quick_check: 0 when sound, ERR_CORRUPT with the first complaint else. */
MUST_USE int store_check(struct store *s, struct err *err);

/* A copy of the whole database as of one moment, while others go on writing (kb/store_backup.c).
 * `path` must not exist; it appears whole, checked and synced, or not at all. */
MUST_USE int store_backup(struct store *s, const char *path, struct err *err);

/* ---- what the daemon records (kb/store_talk.c) ---- */

enum talk_side { TALK_USER, TALK_BOT, TALK_AGENT };

/* One message of a conversation as it went over the wire. */
struct talk_row {
	struct str session; /* hex hash of the session token; the token itself is never stored */
	struct str user;    /* "" = guest: or whoever the session is known to be by now */
	int64_t seq;	    /* server's seq; for the user's side the seq of the reply it got */
	int64_t at_unix_ms;
	enum talk_side side;
	struct str text;      /* masked */
	struct str client_id; /* the learner's message id (also on the reply to it); "" = none */
	struct str intent;    /* bot side: "" on fallback */
	struct str source;
	double score;
	struct str json; /* bot side: the frame as sent, for resume; "" on the user's side */
};
MUST_USE int store_talk_put(struct store *s, const struct talk_row *row, struct err *err);

/* Bot and agent rows of a session with seq > since, the first `max` in order of seq; everything in `a`. */
MUST_USE int store_talk_since(struct store *s, struct arena *a, struct str session, int64_t since,
			      size_t max, struct talk_row **rows, size_t *n, struct err *err);

struct session_row {
	struct str session; /* key: hex hash of the token */
	struct str user;    /* "" leaves a session that has a learner to him */
	struct str lang;
	int64_t last_seq;
	int64_t seen_unix_ms;
	struct str state; /* the session's memory as session_save wrote it */
};
MUST_USE int store_session_put(struct store *s, const struct session_row *row, struct err *err);
/* ERR_NOT_FOUND when there is none. */
MUST_USE int store_session_get(struct store *s, struct arena *a, struct str session,
			       struct session_row *out, struct err *err);

struct feedback_row {
	struct str session, user;
	int64_t seq;
	bool helpful;
	int64_t at_unix_ms;
};
MUST_USE int store_feedback_put(struct store *s, const struct feedback_row *row, struct err *err);

struct handoff_row {
	struct str session, user, team, note,
		said; /* said: the conversation so far, masked, a line each */
	int64_t at_unix_ms;
};
MUST_USE int store_handoff_put(struct store *s, const struct handoff_row *row, struct err *err);

#endif

/* What the bot remembers of one conversation: names and copies, never pointers into a snapshot.
 *
 * Owned by whoever runs the conversation (the daemon's session table, `kefu chat`, a replay); one
 * thread at a time. A reload of the rules may make a name it holds unknown: then that memory is
 * dropped at the next turn, with no harm. */
#ifndef BOT_SESSION_H
#define BOT_SESSION_H

#include "text/err.h"

enum { SESSION_SLOTS_MAX = 64, SESSION_VALUE_MAX = 512 };

struct session_slot {
	char *name, *raw, *value;
	bool private;
	bool kept; /* a `set` variable: outlives the intent; others go when the talk moves on */
};

struct session {
	/* who and where, set by the owner */
	char *user; /* "" = guest */
	bool logged_in;
	char *page;
	char *lang; /* wanted by the page ("zh-CN" -> "zh"); "" = the message's own */

	/* memory, written by bot_turn only */
	char *context;			   /* "" = none */
	int context_turns;		   /* messages it still lasts */
	char *asking_intent, *asking_slot; /* an open question; "" = none */
	int asked;			   /* how often that slot was asked */
	struct session_slot *slots;	   /* filled so far, and `set` variables */
	size_t n_slots;
	char *last_course; /* id of the course last shown or spoken of, "" = none */
	char *shown;	   /* ids of the courses shown since the last new question, ";a;b;" */
	char *reply_lang;  /* of the last reply */
	int misses;	   /* fallbacks in a row */
	uint64_t turns;	   /* messages so far: picks answer variants */
	uint64_t seed;	   /* of the variants */
	bool handed_off;
};

void session_init(struct session *s, uint64_t seed);
void session_done(struct session *s);

/* Setters copy (cut at SESSION_VALUE_MAX bytes between characters). */
void session_set(char **field, struct str value);
/* Copies; full (SESSION_SLOTS_MAX): the oldest goes. */
void session_slot_put(struct session *s, const struct session_slot *slot);
const struct session_slot *session_slot_find(const struct session *s, struct str name);
void session_slot_drop(struct session *s, struct str name);
/* Every slot but the kept ones. */
void session_slots_clear(struct session *s);

/* The memory (not who and where) as text, a field a line, and back. Unknown fields are skipped, so
 * that an older program reads what a newer one saved. ERR_INVALID leaves the session as it was. */
void session_save(const struct session *s, struct buf *out);
MUST_USE int session_load(struct session *s, struct str saved, struct err *err);

#endif

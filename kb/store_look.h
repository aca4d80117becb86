/* Conversations as the staff looks for them: newest first, by what was said and what came of it. Texts are
 * as they were stored: masked. */
#ifndef KB_STORE_LOOK_H
#define KB_STORE_LOOK_H

#include "kb/store.h"

/* What is looked for; everything given must hold. Conversations in which the learner said nothing are
 * left out. */
struct look {
	int64_t before_unix_ms; /* seen before, or then and with a smaller name; INT64_MAX = newest */
	struct str before_session;
	struct str words;  /* in any text; letter case does not matter (ASCII); "" = any */
	struct str intent; /* of a reply */
	struct str source;
	struct str user;
	int feedback; /* -1 any, 0 some reply did not help, 1 some reply did */
	bool unanswered, handoff;
	size_t max;
};

struct look_row {
	struct str session, user, lang;
	int64_t started_unix_ms, seen_unix_ms;
	int64_t messages, unanswered, up, down, handoffs;
	struct str first, last; /* what the learner said */
};

MUST_USE int store_look(struct store *s, struct arena *a, const struct look *what,
			struct look_row **rows, size_t *n, struct err *err);

struct look_line {
	int64_t at_unix_ms, seq;
	enum talk_side side;
	struct str text, intent, source;
	double score;
	int helpful; /* -1 nobody said, 0, 1 */
};

/* A conversation's newest `max` lines, oldest first; lines without words are left out. */
MUST_USE int store_look_lines(struct store *s, struct arena *a, struct str session, size_t max,
			      struct look_line **lines, size_t *n, struct err *err);
/* Its handovers, oldest first. */
MUST_USE int store_look_handoffs(struct store *s, struct arena *a, struct str session,
				 struct handoff_row **rows, size_t *n, struct err *err);

#endif

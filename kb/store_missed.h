/* Messages that found no answer, as they were recorded, and what the staff has dealt with of them. */
#ifndef KB_STORE_MISSED_H
#define KB_STORE_MISSED_H

#include "kb/missed.h"
#include "kb/store.h"

enum { MISSED_MAX = 200000 };

/* The newest `max`, newest first: replies of the sources fallback and ask, and those that did not help. Texts
 * as stored: masked. Everything in `a`. */
MUST_USE int store_missed(struct store *s, struct arena *a, size_t max, struct missed **rows,
			  size_t *n, struct err *err);

/* OPEN: not dealt with. DONE: till that moment. IGNORED: for ever. */
enum handled_state { HANDLED_OPEN, HANDLED_DONE, HANDLED_IGNORED, HANDLED_STATES };

bool handled_read(struct str word, enum handled_state *out); /* open, done, ignored */
const char *handled_name(enum handled_state state);

struct handled_row {
	uint64_t form;
	enum handled_state state;
	int64_t at_unix_ms;
};

/* Of all these forms, in one transaction. */
MUST_USE int store_handled_put(struct store *s, const uint64_t *forms, size_t n,
			       enum handled_state state, int64_t at_unix_ms, struct str who,
			       struct err *err);
/* By form, in `a`. */
MUST_USE int store_handled(struct store *s, struct arena *a, struct handled_row **rows, size_t *n,
			   struct err *err);

#endif

/* Numbers over time, out of what was recorded: messages and what became of them, feedback, handovers, the
 * time of turns. */
#ifndef KB_STORE_STATS_H
#define KB_STORE_STATS_H

#include "kb/store_tally.h"

enum { STATS_TOP = 20 };

/* One stretch of time. A message counts when it got a reply: it was answered, asked about ("did you
 * mean"), or not understood. */
struct stats_point {
	int64_t messages, sessions, answered, asked, fallbacks;
	int64_t handoffs, up, down;
	int64_t taken, left; /* by people out of the queue; messages left for them */
	int64_t waited_ms;   /* of those taken, together */
	int64_t turns;
	uint64_t counts[TURN_BUCKETS]; /* of those turns */
};

struct stats_top {
	struct str name; /* without "faq:" */
	int64_t n;
};

struct stats {
	struct stats_point *points; /* n of them, each step_ms long, from from_unix_ms on */
	struct stats_point total;   /* sessions: different ones of the whole time */
	struct stats_top intents[STATS_TOP], faq[STATS_TOP];
	size_t n_intents, n_faq;
};

/* Everything in `a`. */
MUST_USE int store_stats(struct store *s, struct arena *a, int64_t from_unix_ms, int64_t step_ms,
			 size_t n, struct stats *out, struct err *err);

#endif

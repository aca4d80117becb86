/* What learners did as histories of interactions with the courses of a catalogue: what the neighbours
 * are made from. Courses that are not in the catalogue, and those of next to no interest, are passed
 * over. */
#ifndef KB_HISTORY_H
#define KB_HISTORY_H

#include "kb/event.h"
#include "kb/knn.h"

struct history {
	struct histories view; /* borrows the arrays below */
	uint32_t *start;
	struct interaction *v;
	uint64_t *keys;
	size_t n; /* interactions */
};

/* Of all profiles: learners have their numbers there, items are positions in the catalogue, weights
 * and times those of struct seen. */
void history_of(const struct profiles *p, const struct catalogue *c, struct history *out);
void history_done(struct history *h);

/* Of one learner: to out (room for the profile's n), how many. */
size_t history_one(const struct profiles *p, uint32_t learner, const struct catalogue *c,
		   struct interaction *out);

#endif

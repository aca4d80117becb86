/* The events of the database as histories of interactions with the courses of a catalogue: what the
 * neighbours are made from. Events of courses that are not in the catalogue are passed over. */
#ifndef KB_HISTORY_H
#define KB_HISTORY_H

#include "kb/event.h"
#include "kb/knn.h"

struct history {
	struct histories view; /* borrows the arrays below */
	uint32_t *start;
	struct interaction *v;
	float *popular; /* per course: sum of its learners' interest */
	size_t n_users, n, cap_users, cap;
};

/* Items are positions in the catalogue; weights are profiles_weight of all events of a learner with
 * the course; times are the last ones. */
MUST_USE int history_read(struct store *s, const struct catalogue *c, struct history *out,
			  struct err *err);
/* The same of profiles in memory. */
void history_of(const struct profiles *p, const struct catalogue *c, struct history *out);
void history_done(struct history *h);

#endif

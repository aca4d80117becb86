/* Learners whose histories changed, on their way from the loop to the thread that weaves the table of
 * neighbours. */
#ifndef DAEMON_LESSON_H
#define DAEMON_LESSON_H

#include "kb/history.h"
#include "kb/loom.h"

struct lesson {
	uint64_t edition; /* of the catalogue that the items are of */
	uint64_t told;	  /* events told up to here, in all */
	struct pupil {
		uint32_t learner;
		uint64_t key;
		size_t first, n; /* in v: the whole history */
	} * pupils;
	size_t n;
	struct interaction *v;
};

/* Of the n learners (their numbers in `p`, repeats allowed; sorted in place). Heap. */
struct lesson *lesson_new(const struct profiles *p, const struct catalogue *c, uint32_t *learners,
			  size_t n);
void lesson_free(struct lesson *l); /* NULL is fine */
void lesson_learn(const struct lesson *l, struct loom *loom);

#endif

/* The learners of each course: how many, and which took it latest.
 *
 *	course 7	total 81,402	latest 1,000: {learner, at} …
 *
 * A learner is counted once, when he first took the course. Beyond TAKERS_LATEST the earliest
 * leaves (at the same time, the one with the smaller key): what is kept does not depend on the
 * order of telling. Kept as a heap, the earliest first. One thread. 8 bytes a learner kept. */
#ifndef KB_TAKERS_H
#define KB_TAKERS_H

#include <stddef.h>
#include <stdint.h>

/* More of them foretell no better (docs/decisions/060-recommender.md). */
enum { TAKERS_LATEST = 1000 };

struct taker {
	uint32_t learner, at_unix_s;
};

struct takers {
	struct taker *v; /* in no order that means anything */
	uint32_t n, cap;
	uint32_t total; /* with those that are no longer kept */
};

struct takers_table {
	struct takers *of; /* by course */
	uint32_t cap;
	uint64_t *const *keys; /* by learner; NULL: their numbers */
};

void takers_done(struct takers_table *t);
/* The learner took the course for the first time. Times before 1970 or after 2106 are cut. */
void takers_add(struct takers_table *t, uint32_t course, uint32_t learner, int64_t at_unix_ms);
/* Many at once: each course is fetched into the cache while others are told of. */
struct taking {
	uint32_t course, learner;
	int64_t at_unix_ms;
};
void takers_add_all(struct takers_table *t, const struct taking *v, size_t n);
/* Of a course that nobody took: none. Borrowed until the next takers_add or takers_add_all. */
struct takers takers_of(const struct takers_table *t, uint32_t course);

#endif

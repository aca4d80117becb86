/* The learners of each course: how many, and which took it latest.
 *
 *	course 7	total 81,402	latest 1,000: {learner, at} …
 *
 * A learner is counted once, when he first took the course. Beyond TAKERS_LATEST the earliest
 * leaves (at the same time, the one with the smaller key): what is kept does not depend on the
 * order of telling. Kept as a heap, the earliest first. One thread. 8 bytes a learner kept.
 *
 * The TAKERS_NEXT that come next, from the latest back, wait behind them, so that somebody can be taken out
 * (two learners turn out to be one) and the next latest takes the place:
 *
 *	v	0 … n		the latest, a heap
 *		TAKERS_LATEST … + next	those next to them, the earliest first
 *	forgotten: the others of `total`, all earlier than these */
#ifndef KB_TAKERS_H
#define KB_TAKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More of them foretell no better (docs/decisions/060-recommender.md). */
enum { TAKERS_LATEST = 1000, TAKERS_NEXT = 64 };

struct taker {
	uint32_t learner, at_unix_s;
};

struct takers {
	struct taker *v; /* the first n in no order that means anything */
	uint32_t n, cap;
	uint32_t next;
	uint32_t floor_s; /* who comes earlier is forgotten at once; 0: not so */
	uint32_t total;	  /* with those that are no longer kept */
};

struct takers_table {
	struct takers *of; /* by course */
	uint32_t cap;
	uint64_t *const *keys; /* by learner; NULL: their numbers */
};

void takers_done(struct takers_table *t);
/* The learner took the course for the first time. Times before 1970 or after 2106 are cut. */
void takers_add(struct takers_table *t, uint32_t course, uint32_t learner, int64_t at_unix_ms);
/* The learner never took it: nobody is lost but him. False: who is among the latest now, only telling everything
 * anew says; too many were taken out since the last of TAKERS_NEXT others came. */
bool takers_remove(struct takers_table *t, uint32_t course, uint32_t learner);
/* Many at once: each course is fetched into the cache while others are told of. */
struct taking {
	uint32_t course, learner;
	int64_t at_unix_ms;
};
void takers_add_all(struct takers_table *t, const struct taking *v, size_t n);
/* Of a course that nobody took: none. Borrowed until the next takers_add or takers_add_all. */
struct takers takers_of(const struct takers_table *t, uint32_t course);

#endif

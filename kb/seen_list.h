/* One learner's courses, oldest first by last time, then by the course's id; in two halves of one block:
 *
 *	briefs	8 bytes each: course, whether it is dismissed, whether later than the one before; weight
 *	rests	12 bytes each: last time, what was done, progress
 *
 *	| b0 b1 b2 . | r0 r1 r2 . |	n = 3, cap = 4
 *
 * For one list hundreds of learners are read (crowd.h), far apart in memory, and of them the briefs alone.
 * Blocks grow by half: ten million events are mostly short lists. */
#ifndef KB_SEEN_LIST_H
#define KB_SEEN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a learner did with one course. */
struct seen {
	uint32_t course; /* interned: profiles_course(); below SEEN_COURSES */
	uint8_t types;	 /* bit 1 << enum event_type; that of a dismissal taken back is 0 again */
	float weight;	 /* of what was done, 0..1, accumulated: formula in profiles.c */
	float progress;	 /* latest study progress 0..1, < 0 unknown */
	int64_t at_unix_ms; /* last time; within a million years of 1970 */
};

#define SEEN_COURSES (UINT32_C(1) << 30)

/* Strength of interest, 0..1. A course that the learner does not want to be shown keeps a fifth: looked at
 * and dismissed is no interest, bought and dismissed is some. */
static inline float seen_worth(float weight, bool dismissed)
{
	return dismissed ? weight * .2f : weight;
}

struct seen_brief {
	uint32_t bits; /* seen_brief_course and so on */
	float weight;
};

static inline uint32_t seen_brief_course(struct seen_brief b)
{
	return b.bits >> 2;
}

static inline float seen_brief_interest(struct seen_brief b)
{
	return seen_worth(b.weight, b.bits & 2);
}

/* 1: at another time than the one before; 0: at the same, or the first. */
static inline uint32_t seen_brief_step(struct seen_brief b)
{
	return b.bits & 1;
}

struct seen_list {
	struct seen_brief *briefs; /* the block; cap of them, then as many rests */
	uint32_t n, cap;
};

void seen_list_done(struct seen_list *l);

struct seen seen_list_at(const struct seen_list *l, uint32_t i);
/* Where the course is, the latest first; n: it is not there. */
uint32_t seen_list_find(const struct seen_list *l, uint32_t course);
/* At place i, what is there and behind moves back by one. */
void seen_list_insert(struct seen_list *l, uint32_t i, struct seen seen);
struct seen seen_list_take(struct seen_list *l, uint32_t i);
/* An empty list becomes v[0..n), in a block of that size. */
void seen_list_fill(struct seen_list *l, const struct seen *v, uint32_t n);

#endif

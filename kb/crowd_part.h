/* The inside of the user stage, for kb/crowd*.c and nobody else. */
#ifndef KB_CROWD_PART_H
#define KB_CROWD_PART_H

#include "kb/crowd.h"

enum {
	GAP_MAX = 40,	/* steps further apart give nothing */
	UNIT = 1 << 22, /* of sums: whole numbers add up alike in any order */
	UNKNOWN = -2,	/* course whose item was not looked for yet; -1: it has none */
	LEVELS = 1024,	/* of strength, 16 an octave */
};

struct voter {
	float strength;
	uint32_t learner;
	uint64_t key;
};

/* Of a course. */
struct ballot {
	float votes;  /* 0 between questions */
	int32_t item; /* UNKNOWN, … */
};

struct crowd {
	uint32_t *sums; /* by learner; 0 between questions */
	size_t n_learners;
	uint32_t *found; /* learners; CROWD_TOUCH */
	size_t n_found;
	uint32_t *units;      /* of each found: his sum */
	uint32_t *wanted;     /* those whose lengths are asked for … */
	uint16_t *n_seen;     /* … and the answer */
	struct voter *voters; /* and room to sort them */
	size_t n_voters;

	uint64_t edition;  /* of the catalogue that the items of ballots are about */
	uint32_t *numbers; /* and the other way round, by item; UINT32_MAX: not known yet */
	size_t n_items;
	uint32_t n_courses;
	uint32_t n_looked;	  /* the items of so many were looked for in advance */
	float *shares;		  /* a_i by course; 0 between questions */
	uint64_t *liked;	  /* bit by course: in the profile */
	struct sparse_one *voted; /* courses with votes, then items with theirs; n_courses + 1 */
	size_t n_voted;
	/* By number of course: they are given as courses are met, so that the popular ones lie together. */
	struct ballot *ballots;

	float length_power; /* that `lengths` is about */
	float lengths[CROWD_HISTORY + 1];
};

/* The number of a profile's item among the courses; UINT32_MAX: nobody took it. */
uint32_t crowd_number(const struct crowd_question *q, const struct interaction *x);

/* Who votes, to c->voters, in an order that is the same every time; a_i of the profile to c->shares
 * (crowd_call.c). The sums are 0 afterwards. */
void crowd_call(struct crowd *c, const struct crowd_question *q, const struct crowd_weights *w);

#endif

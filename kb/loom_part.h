/* The inside of a loom, for loom*.c. Within, items have the numbers of their rank by learners (at the time
 * the loom was made): the sums of the popular ones lie close together. */
#ifndef KB_LOOM_PART_H
#define KB_LOOM_PART_H

#include <math.h>
#include <stdbool.h>

#include "kb/knn_rows.h"
#include "kb/loom.h"

/* Weights of some 1/64 and more are whole numbers of it: sums are exact. */
#define MASS_UNIT (1.0 / (1 << 30))

enum {
	HISTORY_MAX = 500, /* the latest of a longer history: its pairs grow with the square */
	GAP_MAX = 40,	   /* exp(-39/6) is .0015: pairs further apart are passed over */
	RANK_BITS = 22,	   /* less popular items than 4 million others have no neighbours */
	RANK_MASK = (1 << RANK_BITS) - 1,
	STEP_NONE = (1 << (32 - RANK_BITS)) - 1, /* further than GAP_MAX from every step */
};

/* One item of a history. */
struct strand {
	uint32_t where; /* rank, and above it the steps of time since the first */
	float weight;
};

static inline uint32_t strand_rank(struct strand s)
{
	return s.where & RANK_MASK;
}

static inline uint32_t strand_step(struct strand s)
{
	return s.where >> RANK_BITS;
}

static inline int64_t strand_mass(struct strand s)
{
	return llround((double)s.weight / MASS_UNIT);
}

/* Lists begin in one block for all and move out of it when they change: cap is 0 until then. Before and
 * behind each list of strands is one of step STEP_NONE and no weight. */
struct thread {
	struct strand *v;
	uint32_t n, cap;
	uint32_t length, later; /* with what has no weight; steps of time in it */
};

struct holders {
	uint32_t *v; /* numbers of learners, in the order of their keys */
	uint32_t n, cap;
};

/* Where a learner has the item: index into the block of strands; how many strands before and after it are
 * within reach, and the length of the history, ten bits each. */
struct place {
	uint32_t at, reach;
};
enum { REACH_BITS = 10, REACH_MASK = (1 << REACH_BITS) - 1 };

static inline struct place place_make(uint32_t at, uint32_t before, uint32_t after, uint32_t length)
{
	return (struct place){at, before | after << REACH_BITS | length << 2 * REACH_BITS};
}

static inline uint32_t place_before(struct place p)
{
	return p.reach & REACH_MASK;
}

static inline uint32_t place_after(struct place p)
{
	return p.reach >> REACH_BITS & REACH_MASK;
}

static inline uint32_t place_length(struct place p)
{
	return p.reach >> 2 * REACH_BITS;
}

struct loom {
	size_t n_items, k;
	uint32_t *rank_of, *item_at; /* by item, by rank */
	uint64_t *keys;		     /* by learner */
	struct thread *threads;	     /* by learner */
	size_t n_learners, cap_learners;
	struct strand *strands;	 /* the block */
	struct holders *holders; /* by rank */
	uint32_t *held;		 /* the block */
	struct place *places;	 /* beside `held` until the first table is woven */
	size_t n_strands;
	int64_t *mass;			/* by rank: sum of weights, in units of MASS_UNIT */
	int64_t later, pairs;		/* neighbours in a history; those of them at a later time */
	float worth[2 * GAP_MAX + 1];	/* of a step of time, GAP_MAX at the same one */
	float lengths[HISTORY_MAX + 1]; /* and of a history of so many, as woven */

	/* since the last table was woven: */
	struct knn *last; /* NULL: none yet */
	bool *dirty;	  /* by rank: the row's sums changed */
	bool *moved;	  /* by rank: the mass changed */
	int64_t *woven_mass;
	bool ordered; /* as woven */
};

/* ---- loom.c ---- */

/* Ends each list of strands. */
extern const struct strand no_strand;

/* The latest of v: strands to `out` (room for HISTORY_MAX or n, whichever is less), and *t what is said
 * of them all. */
void loom_read_history(const struct loom *l, const struct interaction *v, size_t n,
		       struct strand *out, struct thread *t);

/* ---- loom_row.c ---- */

/* A neighbour that may be among the nearest. */
struct near_key {
	uint64_t key; /* greater is nearer */
	float sum;
};

/* Sums are cleared and looked through by lines of so many. */
enum { LINE = 8, LEVELS = 64 << 5 };

/* What a thread needs to make rows. */
struct shuttle {
	float *sums;		 /* by rank, zero between rows */
	uint8_t *lines;		 /* by LINE of ranks: some have a sum */
	size_t n_lines;		 /* a multiple of 64, the number of bits looked at at once */
	uint32_t *at;		 /* lines … */
	float *best;		 /* … and what is nearest in each */
	uint32_t counts[LEVELS]; /* of lines by that; zero between rows */
	struct near_key *keys;
	size_t room;	/* of keys */
	uint64_t *bits; /* by item, zero between rows */
};

void shuttle_init(struct shuttle *s, const struct loom *l);
void shuttle_done(struct shuttle *s);
/* The row of an item, by rank, from the lists or (while they are there) the places: one reference; NULL when it has no neighbours. other: by rank. */
struct knn_row *shuttle_row(struct shuttle *s, const struct loom *l, const float *other,
			    uint32_t rank);

#endif

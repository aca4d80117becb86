/* Working memory of a question over a catalogue: numbers by course, of which few are not 0, that are cleared
 * after use instead of before. Passes over all of a large catalogue, and fresh memory for them from the
 * system, would cost more than what there is to do.
 *
 *	pool (of a catalogue size) --scratch_take--> one question --scratch_give--> pool
 *
 * A pool belongs to all threads, what is taken to one. 53 bytes a course and question under way, of which those of
 * lists are touched as far as there are numbers. */
#ifndef KB_SCRATCH_H
#define KB_SCRATCH_H

#include "kb/sparse.h"

struct scratch {
	struct sparse taste;		   /* taste.h */
	struct sparse alike, averse, near; /* recommend_score.c */
	bool *out;			   /* by item … */
	uint32_t *left_out;		   /* … and those for which it is true */
	size_t n_left_out;
};

struct scratch_pool;

struct scratch_pool *scratch_pool_new(size_t n_items);
struct scratch_pool *scratch_pool_ref(struct scratch_pool *p);
/* Gives a reference back; NULL is fine. All that was taken has been given back. */
void scratch_pool_free(struct scratch_pool *p);

/* All zero. */
struct scratch *scratch_take(struct scratch_pool *p);
void scratch_give(struct scratch_pool *p, struct scratch *s);

void scratch_leave_out(struct scratch *s, uint32_t item);

#endif

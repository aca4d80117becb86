/* Working memory of a question over a catalogue: numbers by course, of which few are not 0, that are cleared
 * after use instead of before. Passes over all of a large catalogue, and fresh memory for them from the
 * system, would cost more than what there is to do.
 *
 *	pool (of a catalogue size) --scratch_take--> one question --scratch_give--> pool
 *
 * A pool belongs to all threads, what is taken to one. 45 bytes a course and question under way. */
#ifndef KB_SCRATCH_H
#define KB_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* x == 0, without the flags that comparing floats sets: half of the instructions in loops that count. */
static inline bool sparse_is_none(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return bits << 1 == 0;
}

struct sparse {
	float *v;	 /* by item */
	uint32_t *items; /* whose number is not 0, each once; room for one more than there are */
	size_t n;
};

/* Numbers of an item are of one sign: none becomes 0 again. */
static inline void sparse_add(struct sparse *s, uint32_t item, float x)
{
	float before = s->v[item], after = before + x;

	s->items[s->n] = item;
	s->n += sparse_is_none(before) & !sparse_is_none(after);
	s->v[item] = after;
}

/* Forgets items whose number became 0. */
void sparse_tidy(struct sparse *s);
void sparse_clear(struct sparse *s);
/* The greatest is 1 afterwards; none greater than 0: nothing happens. */
void sparse_scale(struct sparse *s);
/* Times by[item] (NULL: 1), then sparse_scale and sparse_tidy, in two passes over what lies far apart. */
void sparse_weigh(struct sparse *s, const float *by);

struct scratch {
	struct sparse taste, votes;	   /* taste.h */
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

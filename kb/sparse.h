/* Numbers by item, of which few are not 0, over a large catalogue. What costs is reaching what lies far apart,
 * so numbers are added up by item and then read into a list, in one pass; what follows goes over the list.
 *
 *	v	by item: 0 0 .5 0 0 0 0 1 0 .25		whole 1
 *	list	{2, .5} {7, 1} {9, .25}			n = 3
 *
 *	sparse_add … -> sparse_list, sparse_scale or sparse_take -> list
 *
 * The number of an item is v[item] / whole, so that scaling leaves v alone. Cleared after use instead of before:
 * passes over all of a large catalogue would cost more than what there is to do. */
#ifndef KB_SPARSE_H
#define KB_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sparse_one {
	uint32_t item;
	float x;
};

struct sparse {
	float *v; /* by item */
	struct sparse_one
		*list; /* items whose number is not 0, each once, in order of coming; room for one
				    more than there are */
	size_t n;
	float whole;
};

/* For items below n. */
void sparse_init(struct sparse *s, size_t n);
void sparse_done(struct sparse *s);

/* x == 0, without the flags that comparing floats sets: half of the instructions in loops that count. */
static inline bool sparse_is_none(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return bits << 1 == 0;
}

/* A number was 0 and is no longer: 1, else 0, without a jump. */
static inline unsigned sparse_is_new(float before, float after)
{
	return (unsigned)sparse_is_none(before) & (unsigned)!sparse_is_none(after);
}

/* Numbers of an item are of one sign: none becomes 0 again. whole is 1; the list knows the item but not yet the
 * number. */
static inline void sparse_add(struct sparse *s, uint32_t item, float x)
{
	float before = s->v[item], after = before + x;

	s->list[s->n].item = item;
	s->n += sparse_is_new(before, after);
	s->v[item] = after;
}

static inline float sparse_get(const struct sparse *s, uint32_t item)
{
	return s->v[item] / s->whole;
}

/* The list gets the numbers; items without one go from it. */
void sparse_list(struct sparse *s);
/* The same, all times by[item] and also[item] (NULL: 1), and so that the greatest is 1 (if one is above 0). */
void sparse_scale(struct sparse *s, const float *by, const float *also);
/* The list is left as it is, but all is so that `most`, which is the greatest, is 1. */
static inline void sparse_divide(struct sparse *s, float most)
{
	s->whole = most > 0 ? most : 1;
}
/* v as the list has it; whole is 1 again. */
void sparse_flatten(struct sparse *s);
/* The list gets the numbers, and v becomes all 0. `n = 0` is all there is to clear then. */
void sparse_take(struct sparse *s);
void sparse_clear(struct sparse *s);

#endif

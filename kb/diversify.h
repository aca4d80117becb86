/* Lists that do not say the same thing ten times: maximal marginal relevance.
 *
 * Of many candidates a list takes one after the other, each time the one with the greatest
 *
 *	(1 - diversity) x score / best score - diversity x likeness with what is in the list,
 *
 * the latter of the most alike one in it (Carbonell & Goldstein, "The use of MMR, diversity-based
 * reranking", SIGIR 1998). Which ones are taken is decided so; they are shown by score. */
#ifndef KB_DIVERSIFY_H
#define KB_DIVERSIFY_H

#include "text/arena.h"

struct ranked {
	uint32_t item;
	float score;
};

struct diversify {
	float diversity; /* 0..1; 0: by score alone */
	/* 0..1; `item` is in the list */
	float (*alike)(const void *arg, uint32_t item, uint32_t other);
	const void *arg;
};

/* v[0..n), best first, becomes the list: its first k are taken, best first. Returns how many. */
size_t diversify(const struct diversify *d, struct arena *a, struct ranked *v, size_t n, size_t k);

/* Mean of 1 - likeness over all pairs; 0 for fewer than two. */
double diversify_measure(const struct diversify *d, const uint32_t *items, size_t n);

#endif

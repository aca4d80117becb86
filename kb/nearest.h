/* The docs of kb/postings.h that score best for a query: top k by BM25 without scoring them all.
 *
 * Terms are added from the most telling a posting to the least, into one accumulator a doc of a
 * window that fits the cache. Once the terms left cannot say much, the leaders of so far are given
 * the rest through their own lists of terms:
 *
 *	怎么 申请 发票	发票 df 40, 申请 df 900: added to accumulators
 *			怎么 df 31,000: looked up in the leaders' lists
 *
 * Scores of what is returned are exact up to 1,024 terms a query; a doc can be missed only if it was
 * not among the leaders after the telling terms (docs/decisions/040). Where few postings are wanted
 * all are added; so they are where an index has no lists by doc, up to a million. */
#ifndef KB_NEAREST_H
#define KB_NEAREST_H

#include "kb/postings.h"

struct wanted {
	int32_t term; /* of the index; -1 is passed over */
	float weight; /* without idf */
};

struct scored {
	uint32_t doc;
	float score; /* sum of weight x idf x strength, on a scale of the query's own */
};

/* Best first, of equals the earlier doc first; at most `max` (<= NEAREST_MAX), all above 0. */
enum { NEAREST_MAX = 32 };
size_t nearest_find(const struct postings *p, struct arena *a, const struct wanted *q, size_t n,
		    struct scored *out, size_t max);

/* The same scores for the docs named in `out`, ascending by doc. */
void nearest_score(const struct postings *p, struct arena *a, const struct wanted *q, size_t n,
		   struct scored *out, size_t n_out);

/* Weights of a small set of numbers. Whether a number is in the set cannot be foretold, so asking
 * takes no branch on it: only the few whose place was taken make a chain. */
struct lookup_slot {
	uint32_t key;	       /* number + 1; 0 = free */
	uint32_t weight, next; /* next of the chain, or 0 */
};
struct lookup {
	struct lookup_slot *slots; /* by number, then those whose place was taken */
	uint32_t mask, n_taken;
};
struct lookup lookup_new(struct arena *a, size_t n);
/* At most n times, each number once. */
void lookup_put(struct lookup *l, uint32_t number, uint32_t weight);

/* 0 when it has none. */
static inline uint32_t lookup_get(const struct lookup *l, uint32_t number)
{
	const struct lookup_slot *s = &l->slots[number & l->mask];
	uint32_t weight = s->weight & -(uint32_t)(s->key == number + 1);

	while (s->next) {
		s = &l->slots[s->next];
		weight |= s->weight & -(uint32_t)(s->key == number + 1);
	}
	return weight;
}

#endif

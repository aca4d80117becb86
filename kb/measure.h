/* How good ranked lists are: the usual measures, averaged over lists.
 *
 * For one list with the places (0 = first) of its relevant items, R of them in all:
 *	hit@k		1 when one of them is among the first k
 *	precision@k	hits among the first k / k		recall@k	hits / R
 *	f1@k		harmonic mean of the two
 *	ndcg@k		sum of 1/log2(place + 2) over hits, by the best sum there could be
 *	mrr		1 / (first place + 1), 0 when none was found
 * (Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4),
 * 2002.) */
#ifndef KB_MEASURE_H
#define KB_MEASURE_H

#include <stddef.h>

enum { MEASURE_CUTS_MAX = 8 };

struct measure_at {
	size_t k;
	double hit, precision, recall, f1, ndcg;
};

struct measure {
	struct measure_at at[MEASURE_CUTS_MAX];
	size_t n_at;
	double mrr;
	size_t lists;
};

void measure_begin(struct measure *m, const size_t *ks, size_t n);
/* places: ascending, of relevant items that were found; `relevant` of them there are in all. */
void measure_add(struct measure *m, const size_t *places, size_t n, size_t relevant);
/* Sums become means. */
void measure_end(struct measure *m);
/* The row for k, or NULL. */
const struct measure_at *measure_at(const struct measure *m, size_t k);

#endif

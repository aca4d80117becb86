/* What tables of neighbours are woven from, and kept up to date with: the histories by learner and the
 * learners by item, in memory. Belongs to one thread at a time.
 *
 * A table is a function of the histories alone: one that was woven after many changes is, bit for bit,
 * the one that is woven from a loom made of the same histories and keys, whatever the numbers of the
 * learners. (Sums run over the learners in the order of their keys; n of an item is a sum of whole
 * numbers.)
 *
 * Some 8 bytes an interaction, 4 more for the place in its item (and 8 until the first table is woven), 50 a
 * learner, 60 an item. */
#ifndef KB_LOOM_H
#define KB_LOOM_H

#include "kb/knn.h"

struct loom;

/* Copies the histories: learner u of them has the number u. Tables will have k neighbours an item. */
struct loom *loom_new(const struct histories *h, size_t k);
void loom_free(struct loom *l);

/* The learner's whole history anew, oldest first, each item once, items in range; n may be 0. Numbers of
 * learners that were not there yet make room for them; `key` is theirs then. */
void loom_put(struct loom *l, uint32_t learner, uint64_t key, const struct interaction *v,
	      size_t n);

/* The table as of now, one reference, the caller's. Rows that did not change are those of the table woven
 * before. Rows are made on so many threads. */
struct knn *loom_weave(struct loom *l, unsigned threads);

/* What one learner alone gives to likeness(i, j) of the table woven last, per unit of both weights: j
 * stands so many steps of time behind i (negative: before) in a history of `length`. */
float loom_share(const struct loom *l, uint32_t i, uint32_t j, int64_t steps, size_t length);

/* Sum of the learners' weights of each item. */
void loom_interest(const struct loom *l, float *interest);

size_t loom_bytes(const struct loom *l);

#endif

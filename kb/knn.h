/* Item-item nearest neighbours from what learners took, with the order in which they took it.
 *
 * For each item i, a list of the k items j that learners of i took, most after i and soon after:
 *
 *	W(i,j) = sum over learners u of both:  w_ui w_uj (L_u - 1)^-l g(d)
 *		 d = steps of time from i to j in u's history, g(d) = exp(-(|d| - 1) / 6),
 *		 times .5 when j came before i; two things at the same time count 1 both ways
 *	likeness(i,j) = W(i,j) / (n_i^a n_j^b)	n = sum of w over learners
 *
 * (L_u is the length of the history: one who took everything says little about likeness.) A
 * learner is then scored by the latest things first: score(j) = sum over i in the profile of
 * w_i / (1 + p_i) likeness(i,j), p_i = steps of time back from the latest.
 *
 *		l	a	b
 *	ordered	.4	.55	.4
 *	else	.7	.7	.4	where nine times in ten are equal: enrolments without an order
 *
 *	history of one learner:   a b c     one more:   a b
 *	W(a,b) = 2^-.4 + 1        W(a,c) = e^(-1/6) 2^-.4    W(b,a) = .5 W(a,b)
 *
 * Form: item kNN over sequences (Deshpande & Karypis, "Item-based top-N recommendation
 * algorithms", ACM TOIS 22(1), 2004); without an order a random walk item -> learner -> item whose
 * steps are flattened by a power and whose end is less popular by another (Paudel et al.,
 * "Updatable, accurate, diverse, and scalable recommendations for interactive applications", ACM
 * TiiS 7(1), 2017: RP3beta). The powers are the best of a grid on parts held out of the training
 * rows of ordered and unordered data (docs/decisions/060-recommender.md).
 *
 * Immutable once made, counted by reference: tables that are woven one after the other (loom.h)
 * share the rows that did not change. */
#ifndef KB_KNN_H
#define KB_KNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct interaction {
	uint32_t item;
	float weight; /* > 0; what has none is passed over */
	int64_t at;   /* only its order within a learner matters */
};

/* Learner u's are v[start[u]] .. v[start[u + 1] - 1], oldest first, each item once. */
struct histories {
	const uint32_t *start; /* n_users + 1 */
	const struct interaction *v;
	size_t n_users, n_items;
	const uint64_t *keys; /* by learner: sums run in their order; NULL: in that of numbers */
};

struct neighbour {
	uint32_t item;
	float likeness;
};

struct knn;

/* At most k neighbours an item; ties go to the smaller item. Borrows nothing. The same whatever the
 * number of processors. */
struct knn *knn_new(const struct histories *h, size_t k);
struct knn *knn_ref(struct knn *k);
/* Gives a reference back; any thread; NULL is fine. */
void knn_free(struct knn *k);

/* The `max` most alike, most alike first: how many there are in out. */
size_t knn_neighbours(const struct knn *k, uint32_t item, struct neighbour *out, size_t max);

/* 0: j is not among the neighbours of i. */
float knn_likeness(const struct knn *k, uint32_t i, uint32_t j);
/* Whoever is more like i than this is among its neighbours. */
float knn_beyond(const struct knn *k, uint32_t i);

/* Adds the score of each item for a profile, oldest first, but what is still to be multiplied by
 * knn_ends(k)[item] (sparse_scale). Items out of range are passed over. */
struct sparse;
void knn_add(const struct knn *k, const struct interaction *profile, size_t n, struct sparse *out);
const float *knn_ends(const struct knn *k);
/* Index of the profile item that gave most to the score of `item`; 0 when none gave anything. */
size_t knn_strongest(const struct knn *k, const struct interaction *profile, size_t n,
		     uint32_t item);
/* What a profile item p steps back gives to each neighbour, per unit of likeness. */
float knn_recency(float weight, size_t p);

/* Most histories have an order (above). */
bool knn_is_ordered(const struct knn *k);

/* Bytes of the table, shared rows included. */
size_t knn_bytes(const struct knn *k);

#endif

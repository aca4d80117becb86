/* Item-item nearest neighbours from what learners took, with the order in which they took it.
 *
 * For each item i, a list of the k items j that learners of i took, most after i and soon after:
 *
 *	W(i,j) = sum over learners u of both:  w_ui w_uj (L_u - 1)^-1/2 g(d)
 *		 d = steps of time from i to j in u's history, g(d) = exp(-(|d| - 1) / 5),
 *		 times .3 when j came before i; two things at the same time count 1 both ways
 *	likeness(i,j) = W(i,j) / (n_i^.5 n_j^.4)	n = sum of w over learners
 *
 * (L_u is the length of the history: one who took everything says little about likeness.) A
 * learner is then scored by the latest things first: score(j) = sum over i in the profile of
 * w_i / (1 + p_i) likeness(i,j), p_i = steps of time back from the latest. Where most times are
 * equal (enrolments without an order) the second power is .5: plain cosine.
 *
 *	history of one learner:   a b c     one more:   a b
 *	W(a,b) = 1/sqrt(2) + 1    W(a,c) = e^-.2/sqrt(2)    W(b,a) = .3 W(a,b)
 *
 * Form and constants: item sequence kNN, tuned on ordered enrolments of the MOOCCubeX data
 * (HR@10 .286 against .156 of plain cosine; unordered: Recall@20 .135 against .134), after
 * Deshpande & Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22(1), 2004.
 * Immutable once made. */
#ifndef KB_KNN_H
#define KB_KNN_H

#include <stddef.h>
#include <stdint.h>

struct interaction {
	uint32_t item;
	float weight; /* > 0 */
	int64_t at;   /* only its order within a learner matters */
};

/* Learner u's are v[start[u]] .. v[start[u + 1] - 1], oldest first, each item once. */
struct histories {
	const uint32_t *start; /* n_users + 1 */
	const struct interaction *v;
	size_t n_users, n_items;
};

struct neighbour {
	uint32_t item;
	float likeness;
};

struct knn;

/* At most k neighbours an item; ties go to the smaller item. Borrows nothing. */
struct knn *knn_new(const struct histories *h, size_t k);
void knn_free(struct knn *k);

/* Most alike first. */
const struct neighbour *knn_neighbours(const struct knn *k, uint32_t item, size_t *n);

/* Adds the score of every item to scores[n_items] for a profile, oldest first. Items out of range
 * are passed over. */
void knn_score(const struct knn *k, const struct interaction *profile, size_t n, float *scores);
/* Index of the profile item that gave most to the score of `item`; 0 when none gave anything. */
size_t knn_strongest(const struct knn *k, const struct interaction *profile, size_t n,
		     uint32_t item);
/* What a profile item p steps back gives to each neighbour, per unit of likeness. */
float knn_recency(float weight, size_t p);

#endif

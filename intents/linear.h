/* One-vs-rest linear classifiers, trained at load: for each class a weight a feature and a bias, so
 * that texts of the class score above +1 and all others below -1.
 *
 * Trained by dual coordinate descent for the L2-regularised, squared hinge loss (Hsieh et al. 2008,
 * "A dual coordinate descent method for large-scale linear SVM", the method of LIBLINEAR), all
 * classes side by side: the weights of one feature for all classes are neighbours in memory, so one
 * pass over a text's features serves every class. The order of examples is a fixed shuffle: same
 * input, same weights, bit for bit. Cost: examples x features of each x classes x rounds; the
 * rounds shrink from LINEAR_ROUNDS as the problem grows. */
#ifndef INTENTS_LINEAR_H
#define INTENTS_LINEAR_H

#include "text/arena.h"

enum {
	LINEAR_ROUNDS = 12,
	LINEAR_ROUNDS_MIN = 3,
	LINEAR_CELLS_MAX = 12 << 20, /* weights, and examples x classes: 48 MiB each */
};

/* Sparse vectors: of row i the entries [start[i], start[i + 1]). */
struct linear_rows {
	const uint32_t *start;
	const uint32_t *feature;
	const float *value;
	const uint32_t *label;
	size_t n;
};

struct linear;

/* NULL when the problem is too large (LINEAR_CELLS_MAX) or has fewer than two classes: then there
 * is no such model. Lives in the arena. */
const struct linear *linear_train(struct arena *a, const struct linear_rows *rows,
				  size_t n_features, size_t n_classes);

/* Scores of n features for every class; out has n_classes items. */
void linear_score(const struct linear *l, struct arena *a, const uint32_t *feature,
		  const float *value, size_t n, float *out);

#endif

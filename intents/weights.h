/* One weight vector a class, learned from examples: the score of a class is its product with the
 * text's vector, a margin: about 1 where the class is meant, -1 where it is not.
 *
 * Weights are the sum of two models of the same features (each class against the rest):
 *
 *	- a support vector machine with squared hinge loss, by dual coordinate descent (Hsieh et
 *	  al., "A dual coordinate descent method for large-scale linear SVM", ICML 2008, algorithm 1),
 *	  for all classes side by side;
 *	- a fifth of a multinomial logistic regression by AdaGrad (Duchi et al., JMLR 2011).
 *
 * Where classes have fewer than fifty examples on average, the machine pays less for what it gets wrong and
 * the regression counts for less.
 *
 * How many examples a class has says how many somebody thought of, not how often it is meant: an example
 * counts for mean examples of a class / examples of its class in both.
 *
 * Both see the examples in one shuffled order, that of a hash of their keys and the round: one example more leaves
 * the others in their order, so it changes what it tells of and little else, and how they are listed
 * does not matter. They add in one order, so the same examples give the same bits. Rows (a feature's
 * weights for all classes) are kept as int8:
 *
 *	            class 0   class 1   class 2  …
 *	feature 0      12        -3        -5        row x 8-bit value of the text, summed in int16:
 *	feature 1     -20        31        -2        |sum| <= |row sums| <= |w_c| by Cauchy-Schwarz,
 *	…                                            and the scale is chosen so that this fits. */
#ifndef INTENTS_WEIGHTS_H
#define INTENTS_WEIGHTS_H

#include "intents/vocab.h"

struct weights;

struct weights_example {
	struct vec x;
	uint32_t class;
	bool name;    /* of its class: near.c passes it over */
	uint64_t key; /* of its content */
};

enum { WEIGHTS_LANES = 16 }; /* classes are padded to a multiple of it */

/* Lives in the arena. features: above every id. */
const struct weights *weights_new(struct arena *a, const struct weights_example *v, size_t n,
				  size_t features, size_t classes);

/* Scores of all classes, in the arena. */
const float *weights_score(const struct weights *l, struct arena *a, const struct vec *x);

size_t weights_bytes(const struct weights *l);

/* For weights.c: fills w[feature * weights_stride(classes) + class], zeroed. */
size_t weights_stride(size_t classes);
void weights_train(const struct weights_example *v, size_t n, size_t features, size_t classes,
		   float *w);

#endif

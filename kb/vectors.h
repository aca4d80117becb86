/* The vectors that courses carry, by name ("text", "image", "audio": any model's), and how alike
 * courses are by them.
 *
 * A cosine alone says little: vectors of one model all point about one way. Likeness is how far a
 * cosine lies above the mean one, (cos - m) / (1 - m), 0 below it, where m = |mean vector|^2, the
 * mean cosine of all pairs. Several names are weighed together (store_vector.h: the weight of
 * a name), and only what both sides have counts. Immutable once read. */
#ifndef KB_VECTORS_H
#define KB_VECTORS_H

#include "kb/course.h"

struct vectors;

/* Those of the catalogue's courses. Heap; NULL when there are none at all. */
MUST_USE int vectors_read(struct store *s, const struct catalogue *c, struct vectors **out,
			  struct err *err);
void vectors_free(struct vectors *v);

/* How many of the most alike courses a search finds; the others are as if not alike. */
enum { VECTORS_NEAR = 200 };

struct vector_seed {
	uint32_t item;
	float weight;
};

/* sums[catalogue] += weight of the name x likeness to the seeds (their weighted mean), and
 * weights[catalogue] += weight of the name where the course has such a vector and so has a seed.
 * `v` may be NULL: nothing happens. */
void vectors_like(const struct vectors *v, struct arena *a, const struct vector_seed *seeds,
		  size_t n, float *sums, float *weights);

/* The same of one pair. */
void vectors_pair(const struct vectors *v, uint32_t item, uint32_t other, float *sum,
		  float *weight);

#endif

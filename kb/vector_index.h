/* The nearest of many vectors by cosine, exactly, one scan at a time.
 *
 * Each vector x of length 1 is kept twice: as floats, and as bytes c with a scale, x = s c + e. The
 * bytes are what a scan reads, a quarter of the memory; the length |e| of what they leave out
 * is kept with them, so that a scan knows how far its result may be off:
 *
 *	q.x = (t d + f).(s c + e) = t s (d.c) + f.(s c) + q.e
 *	|q.x - t s (d.c)| <= |f| (1 + |e|) + |e|	(|q| = |x| = 1)
 *
 * Whatever may be among the best by that bound is computed from the floats; nothing else can be.
 * Of 100,000 vectors of 256 numbers that leaves about a hundred. Immutable once made. */
#ifndef KB_VECTOR_INDEX_H
#define KB_VECTOR_INDEX_H

#include "text/arena.h"

struct vector_index;

/* Heap. Begins empty; every row has `dim` numbers. */
struct vector_index *vector_index_new(size_t dim);
void vector_index_free(struct vector_index *x);

/* A copy of a vector of length 1. Rows are numbered in the order they come. */
void vector_index_add(struct vector_index *x, const float *v);
/* After the last row: gives back what growing left over. */
void vector_index_seal(struct vector_index *x);

size_t vector_index_rows(const struct vector_index *x);
size_t vector_index_dim(const struct vector_index *x);
size_t vector_index_bytes(const struct vector_index *x);
const float *vector_index_row(const struct vector_index *x, uint32_t row);

/* Cosine of two vectors of length 1. */
float vector_dot(const float *a, const float *b, size_t n);

struct vector_hit {
	uint32_t row;
	float cosine;
};

/* The k rows with the greatest cosine to q (dim numbers, length 1), best first, of equals the
 * earlier row first; fewer when there are fewer rows. */
size_t vector_index_search(const struct vector_index *x, struct arena *a, const float *q, size_t k,
			   struct vector_hit *out);

#endif

/* A vector as text from outside, and its length. */
#ifndef KB_VECTOR_H
#define KB_VECTOR_H

#include "text/err.h"

enum {
	VECTOR_DIM_MAX = 4096,
	VECTOR_TEXT_MAX = 1 << 17, /* bytes */
	VECTOR_NAME_MAX = 32,
};

struct vector {
	const float *v;
	size_t dim;
};

/* Numbers with spaces, commas or semicolons between, in brackets or not: "[0.1, -2e-3, 4]". In the
 * arena, scaled to the length 1. ERR_INVALID: no number, not a number, not finite, too many, or
 * all of them 0. */
MUST_USE int vector_read(struct arena *a, struct str text, struct vector *out, struct err *err);

/* Letters, digits, - and _, 1 to VECTOR_NAME_MAX of them. */
bool vector_name_valid(struct str name);

/* In double, whatever the machine. */
double vector_length(const float *v, size_t n);

#endif

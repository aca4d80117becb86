#include "intents/weights.h"

#include <math.h>

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));

enum { ROW_ONE = 127 };

struct weights {
	int8_t *rows; /* features x stride */
	size_t features, classes, stride;
	float x_scale;	 /* of a text's values */
	float *to_score; /* by class: what one unit of the int16 sum is worth */
};

static void *aligned(struct arena *a, size_t size)
{
	return arena_alloc(a, size); /* 16 bytes, which is what a vector wants */
}

/* ---- packing ---- */

/* A class's weights by its own scale: its largest becomes ROW_ONE. Returns the length of the packed
 * column. */
static double pack_class(struct weights *l, const float *w, size_t class)
{
	float most = 0;
	double square = 0;

	for (size_t f = 0; f < l->features; f++) {
		float value = fabsf(w[f * l->stride + class]);

		most = value > most ? value : most;
	}
	l->to_score[class] = most / (float)ROW_ONE;
	for (size_t f = 0; f < l->features && most > 0; f++) {
		float value = roundf(w[f * l->stride + class] / l->to_score[class]);

		l->rows[f * l->stride + class] = (int8_t)value;
		square += (double)value * (double)value;
	}
	return sqrt(square);
}

static void pack(struct weights *l, const float *w)
{
	double longest = 1;

	for (size_t c = 0; c < l->classes; c++) {
		double length = pack_class(l, w, c);

		longest = length > longest ? length : longest;
	}
	/* a vector with its bias is a little longer than 1, and rounding adds to it */
	l->x_scale = (float)fmin(127, 32767 / 1.25 / longest);
	for (size_t c = 0; c < l->classes; c++)
		l->to_score[c] /= l->x_scale;
}

const struct weights *weights_new(struct arena *a, const struct weights_example *v, size_t n,
				  size_t features, size_t classes)
{
	struct weights *l = ARENA_NEW(a, struct weights);
	struct arena scratch;
	float *w;

	l->features = features;
	l->classes = classes;
	l->stride = (classes + WEIGHTS_LANES - 1) / WEIGHTS_LANES * WEIGHTS_LANES;
	l->rows = aligned(a, features * l->stride);
	l->to_score = ARENA_ARRAY(a, float, l->stride);
	arena_init(&scratch);
	w = ARENA_ARRAY(&scratch, float, features * l->stride);
	weights_train(v, n, features, classes, l->stride, w);
	pack(l, w);
	arena_done(&scratch);
	return l;
}

size_t weights_bytes(const struct weights *l)
{
	return sizeof *l + l->features * l->stride + l->stride * sizeof *l->to_score;
}

/* ---- scoring ---- */

/* sums[0..16) += row x value. Interleaving with itself and shifting is how SSE2 extends signs. */
static inline void add_row(shorts8 sums[2], bytes16 row, int16_t value)
{
	bytes16 low =
		__builtin_shufflevector(row, row, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
	bytes16 high = __builtin_shufflevector(row, row, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
					       14, 14, 15, 15);

	sums[0] += ((shorts8)low >> 8) * value;
	sums[1] += ((shorts8)high >> 8) * value;
}

static void score_block(const struct weights *l, const struct vec *x, const int16_t *values,
			size_t from, float *out)
{
	shorts8 sums[2] = {{0}};

	for (size_t i = 0; i < x->n; i++)
		add_row(sums, *(const bytes16 *)(l->rows + x->v[i].id * l->stride + from),
			values[i]);
	for (size_t c = 0; c < WEIGHTS_LANES; c++)
		out[from + c] = (float)sums[c / 8][c % 8] * l->to_score[from + c];
}

const float *weights_score(const struct weights *l, struct arena *a, const struct vec *x)
{
	float *out = ARENA_ARRAY(a, float, l->stride);
	int16_t *values = ARENA_ARRAY(a, int16_t, x->n);

	for (size_t i = 0; i < x->n; i++)
		values[i] = (int16_t)lroundf(x->v[i].x * l->x_scale);
	for (size_t from = 0; from < l->stride; from += WEIGHTS_LANES)
		score_block(l, x, values, from, out);
	return out;
}

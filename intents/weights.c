#include "intents/weights.h"

#include <math.h>

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));

enum { ROW_ONE = 127 };

/* Rows of grams and of word vectors have scales of their own: sums of each part must fit, and
 * vectors have many small numbers. */
struct part {
	size_t from, to; /* features */
	float x_scale;	 /* of a text's values */
	float *to_score; /* by class: what one unit of the int16 sum is worth */
};

struct weights {
	int8_t *rows; /* features x stride */
	size_t features, classes, stride;
	struct part grams, mean;
};

/* ---- packing ---- */

/* A class's weights by its own scale: its largest becomes ROW_ONE. Returns the length of the packed
 * column. */
static double pack_class(struct weights *l, const struct part *p, const float *w, size_t class)
{
	size_t stride = weights_stride(l->classes);
	float most = 0;
	double square = 0;

	for (size_t f = p->from; f < p->to; f++) {
		float value = fabsf(w[f * stride + class]);

		most = value > most ? value : most;
	}
	p->to_score[class] = most / (float)ROW_ONE;
	for (size_t f = p->from; f < p->to && most > 0; f++) {
		float value = roundf(w[f * stride + class] / p->to_score[class]);

		l->rows[f * l->stride + class] = (int8_t)value;
		square += (double)value * (double)value;
	}
	return sqrt(square);
}

/* reach: how long a text's vector is in this part. */
static void pack(struct weights *l, struct part *p, double reach, const float *w)
{
	double longest = 1;

	for (size_t c = 0; c < l->classes; c++) {
		double length = pack_class(l, p, w, c);

		longest = length > longest ? length : longest;
	}
	/* a vector with its bias is a little longer than 1, and rounding adds to it */
	p->x_scale = (float)fmin(127 / reach, 32767 / 1.25 / reach / longest);
	for (size_t c = 0; c < l->classes; c++)
		p->to_score[c] /= p->x_scale;
}

static void set_parts(struct arena *a, struct weights *l, size_t n_mean)
{
	size_t between = l->features - n_mean;

	l->grams = (struct part){0, between, 0, ARENA_ARRAY(a, float, l->stride)};
	l->mean = (struct part){between, l->features, 0, ARENA_ARRAY(a, float, l->stride)};
}

/* An example that has a mean of word vectors, or NULL. */
static const struct vec *find_mean(const struct weights_example *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].x.n_mean > 0)
			return &v[i].x;
	}
	return NULL;
}

static double length_of_mean(const struct vec *x)
{
	double square = 0;

	for (size_t i = x->n - x->n_mean; i < x->n; i++)
		square += (double)x->v[i].x * (double)x->v[i].x;
	return sqrt(square);
}

const struct weights *weights_new(struct arena *a, const struct weights_example *v, size_t n,
				  size_t features, size_t classes)
{
	const struct vec *with_mean = find_mean(v, n); /* all are of one length */
	struct weights *l = ARENA_NEW(a, struct weights);
	struct arena scratch;
	float *w;

	l->features = features;
	l->classes = classes;
	l->stride = (classes + WEIGHTS_LANES - 1) / WEIGHTS_LANES * WEIGHTS_LANES;
	l->rows = ARENA_ARRAY(a, int8_t, features * l->stride);
	set_parts(a, l, with_mean ? with_mean->n_mean : 0);
	arena_init(&scratch);
	w = ARENA_ARRAY(&scratch, float, features *weights_stride(classes));
	weights_train(v, n, features, classes, w);
	pack(l, &l->grams, 1, w);
	if (with_mean)
		pack(l, &l->mean, length_of_mean(with_mean), w);
	arena_done(&scratch);
	return l;
}

size_t weights_bytes(const struct weights *l)
{
	return sizeof *l + l->features * l->stride + 2 * l->stride * sizeof(float);
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

/* Adds to the scores of 16 classes what n items of a text give. */
static void add_block(const struct weights *l, const struct part *p, const struct vec_item *v,
		      const int16_t *values, size_t n, size_t from, float *out)
{
	shorts8 sums[2] = {{0}};

	for (size_t i = 0; i < n; i++)
		add_row(sums, *(const bytes16 *)(l->rows + v[i].id * l->stride + from), values[i]);
	for (size_t c = 0; c < WEIGHTS_LANES; c++)
		out[from + c] += (float)sums[c / 8][c % 8] * p->to_score[from + c];
}

static void add_part(const struct weights *l, const struct part *p, const struct vec_item *v,
		     int16_t *values, size_t n, float *out)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (int16_t)lroundf(v[i].x * p->x_scale);
	for (size_t from = 0; from < l->stride && n > 0; from += WEIGHTS_LANES)
		add_block(l, p, v, values, n, from, out);
}

const float *weights_score(const struct weights *l, struct arena *a, const struct vec *x)
{
	float *out = ARENA_ARRAY(a, float, l->stride);
	int16_t *values = ARENA_ARRAY(a, int16_t, x->n);

	size_t grams = x->n - x->n_mean;

	add_part(l, &l->grams, x->v, values, grams, out);
	add_part(l, &l->mean, x->v + grams, values, x->n_mean, out);
	return out;
}

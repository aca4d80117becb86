#include "intents/weights.h"

#include <math.h>

#include "intents/weights_part.h"

enum { STEP_MAX = 255, STEPS_SHARE = 4 };

/* ---- packing ---- */

/* A class's weights by its own scale: its largest becomes ROW_ONE. Returns the length of the packed
 * column. */
static double pack_class(const struct weights *l, const struct part *p, const float *w,
			 size_t class, int8_t *rows)
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

		rows[f * l->stride + class] = (int8_t)value;
		square += (double)value * (double)value;
	}
	return sqrt(square);
}

/* reach: how long a text's vector is in this part. */
static void pack(const struct weights *l, struct part *p, double reach, const float *w,
		 int8_t *rows)
{
	double longest = 1;

	for (size_t c = 0; c < l->classes; c++) {
		double length = pack_class(l, p, w, c, rows);

		longest = length > longest ? length : longest;
	}
	/* a vector with its bias is a little longer than 1, and rounding adds to it */
	p->x_scale = (float)fmin(127 / reach, 32767 / 1.25 / reach / longest);
	for (size_t c = 0; c < l->classes; c++)
		p->to_score[c] /= p->x_scale;
}

/* Puts a row's steps into `to` (if any) and says how many they are. */
static size_t make_steps(const int8_t *row, size_t classes, struct step *to)
{
	size_t n = 0, at = 0;

	for (size_t c = 0; c < classes; c++) {
		if (row[c] == 0)
			continue;
		for (; c - at > STEP_MAX; at += STEP_MAX, n++) {
			if (to)
				to[n] = (struct step){STEP_MAX, 0};
		}
		if (to)
			to[n] = (struct step){(uint8_t)(c - at), row[c]};
		n++;
		at = c;
	}
	return n;
}

static bool stays_whole(const struct weights *l, size_t steps)
{
	return steps * STEPS_SHARE > l->stride;
}

/* From whole rows to what is kept of them. */
static void keep_rows(struct weights *l, struct arena *a, const int8_t *rows)
{
	l->index = ARENA_ARRAY(a, struct row, l->grams.to);
	for (size_t f = 0; f < l->grams.to; f++) {
		size_t n = make_steps(rows + f * l->stride, l->classes, NULL);
		bool whole = stays_whole(l, n);

		l->index[f] = (struct row){(uint32_t)(whole ? l->n_rows : l->n_steps),
					   whole ? ROW_WHOLE : (uint32_t)n};
		l->n_rows += whole;
		l->n_steps += whole ? 0 : n;
	}
	l->rows = ARENA_ARRAY(a, int8_t, l->n_rows * l->stride);
	l->steps = ARENA_ARRAY(a, struct step, l->n_steps);
	for (size_t f = 0; f < l->grams.to; f++) {
		const struct row *r = &l->index[f];
		const int8_t *row = rows + f * l->stride;

		if (r->n == ROW_WHOLE)
			memcpy(l->rows + r->at * l->stride, row, l->stride);
		else
			make_steps(row, l->classes, l->steps + r->at);
	}
}

static size_t pairs_bytes(const struct weights *l)
{
	return l->n_pairs * 2 * l->stride;
}

static void keep_mean(struct weights *l, struct arena *a, const int8_t *rows)
{
	size_t n = l->mean.to - l->mean.from;
	int8_t *to;

	l->n_pairs = (n + 1) / 2;
	to = l->pairs = ARENA_ARRAY(a, int8_t, pairs_bytes(l));
	for (size_t from = 0; from < l->stride; from += WEIGHTS_LANES) {
		for (size_t i = 0; i < 2 * l->n_pairs; i += 2) {
			const int8_t *row = rows + (l->mean.from + i) * l->stride + from;

			for (size_t c = 0; c < WEIGHTS_LANES; c++) {
				*to++ = row[c];
				*to++ = i + 1 < n ? row[l->stride + c] : 0;
			}
		}
	}
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
	int8_t *rows;
	float *w;

	l->features = features;
	l->classes = classes;
	l->stride = (classes + WEIGHTS_LANES - 1) / WEIGHTS_LANES * WEIGHTS_LANES;
	set_parts(a, l, with_mean ? with_mean->n_mean : 0);
	arena_init(&scratch);
	w = ARENA_ARRAY(&scratch, float, features *weights_stride(classes));
	weights_train(v, n, features, classes, w);
	rows = ARENA_ARRAY(&scratch, int8_t, features * l->stride);
	pack(l, &l->grams, 1, w, rows);
	if (with_mean)
		pack(l, &l->mean, length_of_mean(with_mean), w, rows);
	keep_rows(l, a, rows);
	keep_mean(l, a, rows);
	arena_done(&scratch);
	return l;
}

size_t weights_bytes(const struct weights *l)
{
	return sizeof *l + l->grams.to * sizeof *l->index + l->n_rows * l->stride +
	       l->n_steps * sizeof *l->steps + pairs_bytes(l) + 2 * l->stride * sizeof(float);
}

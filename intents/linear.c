#include "intents/linear.h"

#include <string.h>

enum { LANES = 4 };

/* Four floats that the compiler keeps in one register. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

#define COST	 2.0F /* of a mistake (C): flat from 1 to 8 on the public sets */
#define COST_OWN 6.0F /* times that, for a text of the class: each has far more strangers */
#define WORK                                                                                       \
	1.5e9 /* multiplications spent at most (about 1 s), unless LINEAR_ROUNDS_MIN needs more */

struct linear {
	lanes *weights; /* row of a feature: `width` lanes; the last row is the bias */
	size_t width;
	size_t n_features, n_classes;
};

struct trainer {
	struct linear *l;
	const struct linear_rows *rows;
	float *alpha;  /* dual variable of each example and class */
	float *square; /* squared length of each example, bias included */
	lanes *scores, *steps;
};

static void add_scaled(lanes *to, const lanes *from, float by, size_t width)
{
	for (size_t i = 0; i < width; i++)
		to[i] += from[i] * by;
}

static void score_row(const struct trainer *t, size_t row)
{
	const struct linear *l = t->l;

	memcpy(t->scores, l->weights + l->n_features * l->width, l->width * sizeof *t->scores);
	for (uint32_t k = t->rows->start[row]; k < t->rows->start[row + 1]; k++)
		add_scaled(t->scores, l->weights + t->rows->feature[k] * l->width,
			   t->rows->value[k], l->width);
}

/* Fills steps with what each class's weights move along the example; false when none moves. */
static bool find_steps(const struct trainer *t, size_t row)
{
	size_t n = t->l->n_classes;
	float *alpha = t->alpha + row * n, *step = (float *)t->steps;
	const float *score = (const float *)t->scores;
	bool any = false;

	for (size_t c = 0; c < n; c++) {
		bool own = t->rows->label[row] == c;
		float sign = own ? 1.0F : -1.0F;
		float diagonal = 0.5F / (own ? COST * COST_OWN : COST);
		float gradient = sign * score[c] - 1 + diagonal * alpha[c];
		float next;

		step[c] = 0;
		if (alpha[c] <= 0 && gradient >= 0)
			continue;
		next = alpha[c] - gradient / (t->square[row] + diagonal);
		next = next > 0 ? next : 0;
		step[c] = (next - alpha[c]) * sign;
		alpha[c] = next;
		any = true;
	}
	return any;
}

static void learn_row(const struct trainer *t, size_t row)
{
	const struct linear *l = t->l;

	score_row(t, row);
	if (!find_steps(t, row))
		return;
	add_scaled(l->weights + l->n_features * l->width, t->steps, 1, l->width);
	for (uint32_t k = t->rows->start[row]; k < t->rows->start[row + 1]; k++)
		add_scaled(l->weights + t->rows->feature[k] * l->width, t->steps, t->rows->value[k],
			   l->width);
}

/* A fixed shuffle, another one each round. */
static void shuffle(uint32_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t k;
		uint32_t swap = order[i - 1];

		*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
		k = (size_t)((*seed >> 33) % i);
		order[i - 1] = order[k];
		order[k] = swap;
	}
}

static size_t count_rounds(const struct linear *l, const struct linear_rows *rows)
{
	double work = 2.0 * (double)rows->start[rows->n] * (double)l->n_classes;
	double rounds = WORK / (work + 1);

	return rounds > LINEAR_ROUNDS	    ? LINEAR_ROUNDS
	       : rounds < LINEAR_ROUNDS_MIN ? LINEAR_ROUNDS_MIN
					    : (size_t)rounds;
}

static void learn(struct trainer *t, struct arena *scratch)
{
	uint32_t *order = ARENA_ARRAY(scratch, uint32_t, t->rows->n);
	size_t rounds = count_rounds(t->l, t->rows);
	uint64_t seed = 1;

	for (size_t i = 0; i < t->rows->n; i++) {
		order[i] = (uint32_t)i;
		t->square[i] = 1; /* the bias */
		for (uint32_t k = t->rows->start[i]; k < t->rows->start[i + 1]; k++)
			t->square[i] += t->rows->value[k] * t->rows->value[k];
	}
	for (size_t r = 0; r < rounds; r++) {
		shuffle(order, t->rows->n, &seed);
		for (size_t i = 0; i < t->rows->n; i++)
			learn_row(t, order[i]);
	}
}

const struct linear *linear_train(struct arena *a, const struct linear_rows *rows,
				  size_t n_features, size_t n_classes)
{
	struct arena scratch;
	struct trainer t = {.rows = rows};
	size_t width = (n_classes + LANES - 1) / LANES;

	if (n_classes < 2 || (n_features + 1) * width * LANES > LINEAR_CELLS_MAX ||
	    rows->n * n_classes > LINEAR_CELLS_MAX)
		return NULL;
	arena_init(&scratch);
	t.l = ARENA_NEW(a, struct linear);
	*t.l = (struct linear){NULL, width, n_features, n_classes};
	t.l->weights = ARENA_ARRAY(a, lanes, (n_features + 1) * width);
	t.alpha = ARENA_ARRAY(&scratch, float, rows->n *n_classes);
	t.square = ARENA_ARRAY(&scratch, float, rows->n);
	t.scores = ARENA_ARRAY(&scratch, lanes, width);
	t.steps = ARENA_ARRAY(&scratch, lanes, width);
	learn(&t, &scratch);
	arena_done(&scratch);
	return t.l;
}

void linear_score(const struct linear *l, struct arena *a, const uint32_t *feature,
		  const float *value, size_t n, float *out)
{
	lanes *sum = ARENA_ARRAY(a, lanes, l->width);

	memcpy(sum, l->weights + l->n_features * l->width, l->width * sizeof *sum);
	for (size_t k = 0; k < n; k++)
		add_scaled(sum, l->weights + feature[k] * l->width, value[k], l->width);
	memcpy(out, sum, l->n_classes * sizeof *out);
}

#include "intents/weights.h"

#include <math.h>
#include <stdlib.h>

enum {
	BLOCK = 32, /* classes whose scores are summed at once */
	SALT = 200, /* of the order; others move large sets by up to 0.4 points either way */
};

typedef float floats8 __attribute__((vector_size(32), aligned(16)));

/* Measured on training and validation parts of CLINC150, BANKING77, MASSIVE (en, zh), HINT3 curekart and the
 * corpora of Braun et al.; none is touchy: half or twice of each costs less than half a point. */
static const struct {
	float cost; /* C of the machine, where a class has `enough` examples; less where it has fewer */
	float enough;	    /* examples of a class, on average */
	int machine_rounds; /* over all examples */
	int logistic_rounds;
	float rate;  /* of AdaGrad, falling to 0 */
	float floor; /* gradients below it are left out */
	float share; /* of the logistic regression in the sum, at that cost */
} tuning = {2, 50, 5, 5, 0.2F, 0.003F, 0.2F};

struct turn {
	uint64_t place; /* in this round */
	uint32_t example;
};

struct trainer {
	const struct weights_example *v;
	size_t n, features, classes, stride;
	float cost, share; /* of the tuning, as few as the examples are */
	float scale;	   /* of the sum, so that a margin says the same of few and of many */
	bool wide;	   /* the processor adds eight floats at once */
	struct arena scratch;
	struct turn *order;
	float *scores;	  /* of one example, by class */
	float *counts_as; /* what an example counts for, by class: classes weigh alike */
};

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 32) * 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 29) * 0xff51afd7ed558ccdULL;
	return x ^ x >> 32;
}

static int by_place(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->example > b->example) - (a->example < b->example);
}

/* Where an example comes in a round hangs on itself alone. */
static void shuffle(struct trainer *t, uint64_t round)
{
	for (size_t i = 0; i < t->n; i++) {
		uint32_t at = t->order[i].example;

		t->order[i].place = mix(t->v[at].key ^ mix(SALT + round));
	}
	qsort(t->order, t->n, sizeof *t->order, by_place);
}

/* Products with BLOCK classes' weights; unrolled, so that the sums stay in registers. Each class's
 * sum is taken item by item however wide the registers are, so the bits are the same. */
static inline __attribute__((always_inline)) void sum_block(const struct trainer *t, const float *w,
							    const struct vec *x, size_t from)
{
	floats8 sum[BLOCK / 8] = {{0}};

	for (size_t i = 0; i < x->n; i++) {
		const floats8 *row = (const floats8 *)(w + x->v[i].id * t->stride + from);
		float value = x->v[i].x;

#pragma GCC unroll 8
		for (size_t k = 0; k < BLOCK / 8; k++)
			sum[k] += row[k] * value;
	}
	memcpy(t->scores + from, sum, sizeof sum);
}

static void score_block(const struct trainer *t, const float *w, const struct vec *x, size_t from)
{
	sum_block(t, w, x, from);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
score_block_avx2(const struct trainer *t, const float *w, const struct vec *x, size_t from)
{
	sum_block(t, w, x, from);
}
#else
#define score_block_avx2 score_block
#endif

static bool has_avx2(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}

static void score(const struct trainer *t, const float *w, const struct vec *x)
{
	for (size_t from = 0; from < t->stride; from += BLOCK)
		(t->wide ? score_block_avx2 : score_block)(t, w, x, from);
}

/* ---- support vector machine ---- */

static double square_of(const struct vec *x)
{
	double sum = 0;

	for (size_t i = 0; i < x->n; i++)
		sum += (double)x->v[i].x * (double)x->v[i].x;
	return sum;
}

/* One step of every class's dual problem in example i. alpha: this example's, by class. The scores become
 * the classes' steps; the weights follow a feature at a time, for a feature's are side by side. */
static void machine_step(const struct trainer *t, float *w, float *alpha, uint32_t *which,
			 const struct weights_example *e)
{
	const float diagonal = 0.5F / (t->cost * t->counts_as[e->class]);
	float steepness = (float)square_of(&e->x) + diagonal;
	size_t n = 0;

	score(t, w, &e->x);
	for (size_t c = 0; c < t->classes; c++) {
		float sign = c == e->class ? 1 : -1;
		float gradient = sign * t->scores[c] - 1 + diagonal * alpha[c];
		float now;

		if (alpha[c] <= 0 && gradient >= 0)
			continue;
		now = alpha[c] - gradient / steepness;
		now = now > 0 ? now : 0;
		t->scores[c] = sign * (now - alpha[c]);
		alpha[c] = now;
		which[n++] = (uint32_t)c;
	}
	for (size_t i = 0; i < e->x.n; i++) {
		float *row = w + e->x.v[i].id * t->stride;

		for (size_t k = 0; k < n; k++)
			row[which[k]] += t->scores[which[k]] * e->x.v[i].x;
	}
}

static void train_machine(struct trainer *t, float *w)
{
	float *alpha = ARENA_ARRAY(&t->scratch, float, t->n * t->classes);
	uint32_t *which = ARENA_ARRAY(&t->scratch, uint32_t, t->classes);

	for (int round = 0; round < tuning.machine_rounds; round++) {
		shuffle(t, 2 * (uint64_t)round);
		for (size_t i = 0; i < t->n; i++) {
			uint32_t at = t->order[i].example;

			machine_step(t, w, alpha + at * t->classes, which, &t->v[at]);
		}
	}
}

/* ---- multinomial logistic regression ---- */

/* e to the x for x <= 0, to a few parts in a million; without the library, whose last bit differs
 * from machine to machine. */
static float exp_of(float x)
{
	float y = 1 + x / 256;

	if (x < -20)
		return 0;
	y += x * x / (2 * 256 * 256) + x * x * x / (6.0F * 256 * 256 * 256);
	for (int i = 0; i < 8; i++)
		y *= y;
	return y;
}

/* Scores become probabilities less what they should be; returns how many classes have more than the
 * floor of it, listed in `which`. */
static size_t gradients(const struct trainer *t, uint32_t class, uint32_t *which)
{
	float most = t->scores[0], sum = 0;
	size_t n = 0;

	for (size_t c = 1; c < t->classes; c++)
		most = t->scores[c] > most ? t->scores[c] : most;
	for (size_t c = 0; c < t->classes; c++)
		sum += t->scores[c] = exp_of(t->scores[c] - most);
	for (size_t c = 0; c < t->classes; c++) {
		t->scores[c] = t->counts_as[class] * (t->scores[c] / sum - (c == class ? 1 : 0));
		if (fabsf(t->scores[c]) > tuning.floor)
			which[n++] = (uint32_t)c;
	}
	return n;
}

static void logistic_step(const struct trainer *t, float *w, float *squares,
			  const struct weights_example *e, float rate, uint32_t *which)
{
	size_t n;

	score(t, w, &e->x);
	n = gradients(t, e->class, which);
	for (size_t i = 0; i < e->x.n; i++) {
		size_t row = e->x.v[i].id * t->stride;

		for (size_t k = 0; k < n; k++) {
			size_t at = row + which[k];
			float gradient = t->scores[which[k]] * e->x.v[i].x;

			squares[at] += gradient * gradient;
			w[at] -= rate * gradient / sqrtf(squares[at] + 1e-4F);
		}
	}
}

static void train_logistic(struct trainer *t, float *w)
{
	float *squares = ARENA_ARRAY(&t->scratch, float, t->features * t->stride);
	uint32_t *which = ARENA_ARRAY(&t->scratch, uint32_t, t->classes);
	float steps = (float)(t->n * (size_t)tuning.logistic_rounds);
	size_t done = 0;

	for (int round = 0; round < tuning.logistic_rounds; round++) {
		shuffle(t, 2 * (uint64_t)round + 1);
		for (size_t i = 0; i < t->n; i++, done++)
			logistic_step(t, w, squares, &t->v[t->order[i].example],
				      tuning.rate * (1 - (float)done / steps), which);
	}
}

static void balance(struct trainer *t)
{
	t->counts_as = ARENA_ARRAY(&t->scratch, float, t->classes);
	for (size_t i = 0; i < t->n; i++)
		t->counts_as[t->v[i].class]++;
	for (size_t c = 0; c < t->classes; c++)
		t->counts_as[c] = (float)t->n / (float)t->classes / fmaxf(t->counts_as[c], 1);
}

/* Of few examples each is believed less, and both models come down alike. Roots of roots, for those are
 * the same on every machine. */
static void be_careful(struct trainer *t)
{
	float part = fminf((float)t->n / (float)t->classes / tuning.enough, 1);
	float root = sqrtf(part);

	t->cost = tuning.cost * root;
	t->share = tuning.share * sqrtf(root);
	t->scale = 1 / sqrtf(sqrtf(root));
}

size_t weights_stride(size_t classes)
{
	size_t stride = (classes + BLOCK - 1) / BLOCK * BLOCK;

	/* Rows of a whole number of pages begin in the same set of the cache. */
	return stride % 1024 ? stride : stride + BLOCK;
}

void weights_train(const struct weights_example *v, size_t n, size_t features, size_t classes,
		   float *w)
{
	struct trainer t = {.v = v,
			    .n = n,
			    .features = features,
			    .classes = classes,
			    .stride = weights_stride(classes),
			    .wide = has_avx2()};
	float *logistic;

	arena_init(&t.scratch);
	t.order = ARENA_ARRAY(&t.scratch, struct turn, n);
	t.scores = ARENA_ARRAY(&t.scratch, float, t.stride);
	logistic = ARENA_ARRAY(&t.scratch, float, features *t.stride);
	for (size_t i = 0; i < n; i++)
		t.order[i].example = (uint32_t)i;
	balance(&t);
	be_careful(&t);
	train_machine(&t, w);
	train_logistic(&t, logistic);
	for (size_t i = 0; i < features * t.stride; i++)
		w[i] = t.scale * (w[i] + t.share * logistic[i]);
	arena_done(&t.scratch);
}

#include "intents/classify.h"

#include <math.h>

#include "intents/centre.h"
#include "intents/near.h"
#include "text/senses.h"

enum {
	ROWS_BYTES = 2100000, /* of weights, one byte each: 13,000 features for 150 classes */
	FEATURES_MIN = 12000, /* but so many at least for more classes, */
	CELLS_MAX = 16 << 20, /* up to so many weights */
	EXAMPLES_MAX = (1 << 24) - 1, /* near.c can number no more: the rest is left out */
	FEW = 2000,		      /* examples; from more, grams that come once are dropped, */
	NOT_MANY = 4000,	      /* and from more, senses of words tell less than they cost */
};

/* Of the mean of word vectors beside grams of length 1: from 0.8 to 1.2 it makes no difference. */
#define MEAN_SHARE 1.0F

/* A class whose margin is so far behind the best one's could not score 0.1. */
#define FAR 1.5F

typedef float floats4 __attribute__((vector_size(16)));
typedef int32_t ints4 __attribute__((vector_size(16)));

struct classify {
	const struct vocab *vocab;
	const struct weights *weights;
	const struct near *near;
	const struct centres *centres; /* NULL: no example has a mean of word vectors */
	size_t classes;
};

/* Features that fit: rows of the linear model are what takes the room. */
static size_t most_features(size_t classes)
{
	size_t stride = weights_stride(classes);
	size_t few = CELLS_MAX / stride < FEATURES_MIN ? CELLS_MAX / stride : FEATURES_MIN;

	return ROWS_BYTES / stride > few ? ROWS_BYTES / stride : few;
}

const struct vectors *classify_vectors(struct arena *a, size_t n)
{
	return n <= NOT_MANY ? senses_vectors(a) : NULL;
}

/* Of what a text says, in whatever order. */
static uint64_t key_of(const struct grams *g)
{
	uint64_t key = 0;

	for (size_t i = 0; i < g->n; i++)
		key += g->v[i].hash * g->v[i].count;
	return key;
}

const struct classify *classify_new(struct arena *a, const struct classify_example *v, size_t n,
				    size_t classes)
{
	struct classify *m = ARENA_NEW(a, struct classify);
	struct weights_example *examples;
	struct grams *texts;
	struct arena scratch;

	n = n < EXAMPLES_MAX ? n : EXAMPLES_MAX;
	m->classes = n > 0 ? classes : 0;
	if (n == 0)
		return m;
	arena_init(&scratch);
	texts = ARENA_ARRAY(&scratch, struct grams, n);
	examples = ARENA_ARRAY(&scratch, struct weights_example, n);
	for (size_t i = 0; i < n; i++)
		texts[i] = v[i].grams;
	m->vocab = vocab_new(a, texts, n, most_features(classes), n > FEW ? 2 : 1, MEAN_SHARE);
	for (size_t i = 0; i < n; i++) {
		vocab_vector(m->vocab, &scratch, &texts[i], &examples[i].x);
		examples[i].class = v[i].class;
		examples[i].name = v[i].name;
		examples[i].key = key_of(&texts[i]);
	}
	m->weights = weights_new(a, examples, n, vocab_size(m->vocab), classes);
	m->near = near_new(a, examples, n, vocab_size(m->vocab), classes);
	m->centres = centres_new(a, examples, n, classes);
	arena_done(&scratch);
	return m;
}

size_t classify_bytes(const struct classify *m)
{
	if (m->classes == 0)
		return sizeof *m;
	return sizeof *m + vocab_bytes(m->vocab) + weights_bytes(m->weights) + near_bytes(m->near) +
	       centres_bytes(m->centres);
}

bool classify_knows(const struct classify *m, uint64_t gram_hash)
{
	return m->classes > 0 && vocab_knows(m->vocab, gram_hash);
}

/* ---- reading ---- */

static void insert(struct classify_hits *hits, uint32_t class, float margin)
{
	size_t i = hits->n;

	if (i == CLASSIFY_HITS) {
		if (hits->v[i - 1].margin >= margin)
			return;
		i--;
	} else {
		hits->n++;
	}
	for (; i > 0 && hits->v[i - 1].margin < margin; i--)
		hits->v[i] = hits->v[i - 1];
	hits->v[i] = (struct classify_hit){.margin = margin, .class = class};
}

static floats4 four_of(const float *margins)
{
	floats4 v;

	memcpy(&v, margins, sizeof v);
	return v;
}

/* The highest of every sixteenth margin are sixteen classes, so no margin below as many of them as there are
 * hits is one. */
static float find_least(const float *margins, size_t n)
{
	struct classify_hits highest = {0};
	floats4 high[WEIGHTS_LANES / 4];
	float lanes[WEIGHTS_LANES];

#pragma GCC unroll 4
	for (size_t k = 0; k < WEIGHTS_LANES / 4; k++)
		high[k] = four_of(margins + 4 * k);
	for (size_t i = WEIGHTS_LANES; i < n; i += WEIGHTS_LANES) {
#pragma GCC unroll 4
		for (size_t k = 0; k < WEIGHTS_LANES / 4; k++) {
			floats4 more = four_of(margins + i + 4 * k);
			ints4 above = more > high[k];

			high[k] = (floats4)(((ints4)more & above) | ((ints4)high[k] & ~above));
		}
	}
	memcpy(lanes, high, sizeof lanes);
	for (uint32_t i = 0; i < WEIGHTS_LANES; i++)
		insert(&highest, i, lanes[i]);
	return highest.v[CLASSIFY_HITS - 1].margin;
}

/* Of sixteen margins. */
static bool any_from(const float *margins, float least)
{
	const floats4 from = {least, least, least, least};
	ints4 any = four_of(margins) >= from;

#pragma GCC unroll 4
	for (size_t k = 4; k < WEIGHTS_LANES; k += 4)
		any |= four_of(margins + k) >= from;
	return any[0] | any[1] | any[2] | any[3];
}

static void find_best(const float *margins, size_t classes, struct classify_hits *out)
{
	size_t whole = classes - classes % WEIGHTS_LANES;
	float least = whole ? find_least(margins, whole) : -INFINITY;

	for (size_t i = 0; i < classes; i += WEIGHTS_LANES) {
		if (i < whole && !any_from(margins + i, least))
			continue;
		for (size_t c = i; c < i + WEIGHTS_LANES && c < classes; c++) {
			if (margins[c] >= least)
				insert(out, (uint32_t)c, margins[c]);
		}
	}
}

/* By score; where it is the same, by margin, as they stand. */
static void sort_hits(struct classify_hits *hits)
{
	for (size_t i = 1; i < hits->n; i++) {
		struct classify_hit hit = hits->v[i];
		size_t k = i;

		for (; k > 0 && hits->v[k - 1].score < hit.score; k--)
			hits->v[k] = hits->v[k - 1];
		hits->v[k] = hit;
	}
}

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

/* The least a text scores that has the words of an example: all of them, 1. */
static double sure_of_nearness(double nearness)
{
	return fmin(fmax((nearness - 0.90) / 0.09, 0), 1);
}

/* One class alone was told apart from nothing, so its margin says nothing. Where two or more are, texts that
 * are this near are right as often. */
static double curve_alone(const struct classify_hit *h)
{
	return sigmoid(9 * ((double)h->nearness - 0.52));
}

/* How probable it is that a class is right, where a fourth of all messages belong to none: after
 * logistic regression on files as staff write them, drawn from CLINC150 and MASSIVE (zh): 4 to 30
 * intents with 6 to 10 examples, asked about held-out messages of these intents and of others. Of
 * what scores 0.75 or more there, 93 to 97 in 100 are right; of messages with no intent 6 in 100
 * score so. Part of the margin's weight went to nearness, which tells as much there and more in the
 * sample conversations; how like a class as a whole a text is, where word vectors tell, lets 2 in 100
 * more be answered for as many messages with no intent. A text of hardly any known word is not believed, however sure the rest. */
static double curve(const struct classify_hit *h, float rival, float known, float likeness,
		    bool alone)
{
	double lead = fmin((double)(h->margin - rival), 0.8);
	double score =
		sigmoid(1.4 * (double)h->margin + 1.9 * lead + 3.0 * (double)h->nearness +
			2.6 * (double)known + 1.4 * (double)(likeness - CENTRE_UNTOLD) - 3.45);

	if (alone)
		score = curve_alone(h);
	score = fmin(score, 0.1 + 2.5 * (double)known);
	return fmax(score, sure_of_nearness((double)h->nearness * (double)known));
}

/* How like the classes as a whole, by hit. */
static void find_likeness(const struct classify *m, const struct vec *x,
			  const struct classify_hits *hits, float out[CENTRES_AT_ONCE])
{
	uint32_t classes[CENTRES_AT_ONCE] = {0};

	_Static_assert((int)CLASSIFY_HITS <= (int)CENTRES_AT_ONCE,
		       "all hits are asked about at once");
	for (size_t i = 0; i < hits->n; i++)
		classes[i] = hits->v[i].class;
	centres_cosines(m->centres, x, classes, out);
}

void classify_read(const struct classify *m, struct arena *a, const struct grams *g,
		   struct classify_hits *out)
{
	const float *margins;
	float first, second; /* of the margins */
	float likeness[CENTRES_AT_ONCE];
	struct vec x;

	*out = (struct classify_hits){0};
	if (m->classes == 0)
		return;
	vocab_vector(m->vocab, a, g, &x);
	out->known = x.known;
	margins = weights_score(m->weights, a, &x);
	find_best(margins, m->classes, out);
	first = out->v[0].margin;
	second = out->n > 1 ? out->v[1].margin : -1;
	find_likeness(m, &x, out, likeness);
	for (size_t i = 0; i < out->n; i++) {
		struct classify_hit *h = &out->v[i];

		if (h->margin < first - FAR) {
			out->n = i;
			break;
		}
		h->nearness = near_find(m->near, a, &x, h->class, &h->nearest);
		h->score =
			curve(h, i > 0 ? first : second, out->known, likeness[i], m->classes == 1);
	}
	sort_hits(out);
}

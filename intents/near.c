#include "intents/near.h"

#include <math.h>

enum {
	WEIGHT_ONE = 255,
	SHOWN_MAX =
		200, /* examples of a class that are compared: evenly chosen where it has more */
};

struct posting {
	uint32_t example : 24; /* by class, then in the order given */
	uint32_t weight : 8;   /* of WEIGHT_ONE, in the example's vector of words */
};

struct near {
	struct posting *postings;
	uint32_t *first;    /* feature -> its first posting; one more ends the last */
	uint32_t *first_of; /* class -> its first example; one more ends the last */
	uint32_t *number;   /* example -> index in near_new's list */
	size_t n, n_postings, features, classes;
};

/* Counts become offsets: of each, and of the end. */
static void sum_up(uint32_t *v, size_t n)
{
	for (size_t i = 0, sum = 0; i <= n; i++) {
		uint32_t count = v[i];

		v[i] = (uint32_t)sum;
		sum += count;
	}
}

/* Filling has moved each offset to where the next one was. */
static void move_back(uint32_t *v, size_t n)
{
	for (size_t i = n; i > 0; i--)
		v[i] = v[i - 1];
	v[0] = 0;
}

static uint8_t weight_of(float x, float length)
{
	return (uint8_t)(fminf(x / length, 1) * (float)WEIGHT_ONE + 0.5F);
}

/* The length of a vector's words alone. */
static float length_of(const struct vec *x)
{
	double square = 0;

	for (size_t i = 0; i < x->n_words; i++)
		square += (double)x->v[i].x * (double)x->v[i].x;
	return (float)sqrt(square);
}

/* Of a class's examples, is the one with this place among those compared? */
static bool is_shown(uint32_t place, uint32_t all)
{
	uint64_t shown = all < SHOWN_MAX ? all : SHOWN_MAX;

	return place * shown / all != (place + 1) * shown / all;
}

static void number_examples(struct arena *a, struct near *m, const struct weights_example *v,
			    size_t n)
{
	uint32_t *all = ARENA_ARRAY(a, uint32_t, m->classes);
	uint32_t *place = ARENA_ARRAY(a, uint32_t, m->classes);

	m->first_of = ARENA_ARRAY(a, uint32_t, m->classes + 1);
	for (size_t i = 0; i < n; i++)
		all[v[i].class] += !v[i].name;
	for (size_t c = 0; c < m->classes; c++)
		m->first_of[c] = all[c] < SHOWN_MAX ? all[c] : SHOWN_MAX;
	sum_up(m->first_of, m->classes);
	m->n = m->first_of[m->classes];
	m->number = ARENA_ARRAY(a, uint32_t, m->n);
	for (size_t i = 0; i < n; i++) {
		uint32_t class = v[i].class;

		if (!v[i].name && is_shown(place[class]++, all[class]))
			m->number[m->first_of[class]++] = (uint32_t)i;
	}
	move_back(m->first_of, m->classes);
}

static void fill_postings(struct arena *a, struct near *m, const struct weights_example *v)
{
	m->first = ARENA_ARRAY(a, uint32_t, m->features + 1);
	for (size_t i = 0; i < m->n; i++) {
		const struct vec *x = &v[m->number[i]].x;

		m->n_postings += x->n_words;
		for (size_t k = 0; k < x->n_words; k++)
			m->first[x->v[k].id]++;
	}
	sum_up(m->first, m->features);
	m->postings = ARENA_ARRAY(a, struct posting, m->n_postings);
	for (uint32_t i = 0; i < m->n; i++) {
		const struct vec *x = &v[m->number[i]].x;
		float length = length_of(x);

		for (size_t k = 0; k < x->n_words; k++)
			m->postings[m->first[x->v[k].id]++] =
				(struct posting){i & 0xFFFFFF, weight_of(x->v[k].x, length)};
	}
	move_back(m->first, m->features);
}

const struct near *near_new(struct arena *a, const struct weights_example *v, size_t n,
			    size_t features, size_t classes)
{
	struct near *m = ARENA_NEW(a, struct near);

	*m = (struct near){.features = features, .classes = classes};
	number_examples(a, m, v, n);
	fill_postings(a, m, v);
	return m;
}

/* The first of a feature's postings that is not before `example`. Each half is chosen without a branch, for
 * none foretells the next. */
static uint32_t seek(const struct near *m, uint32_t feature, uint32_t example)
{
	uint32_t low = m->first[feature], n = m->first[feature + 1] - low;

	while (n > 0) {
		uint32_t half = (n + 1) / 2;

		low += m->postings[low + half - 1].example < example ? half : 0;
		n -= half;
	}
	return low;
}

float near_find(const struct near *m, struct arena *a, const struct vec *x, uint32_t class,
		uint32_t *example)
{
	uint32_t from = m->first_of[class], to = m->first_of[class + 1], nearest = from;
	uint32_t *sums = ARENA_ARRAY(a, uint32_t, to - from + 1);
	float length = length_of(x) / sqrtf(x->known);

	for (size_t k = 0; k < x->n_words; k++) {
		uint32_t id = x->v[k].id, weight = weight_of(x->v[k].x, length);

		for (uint32_t i = seek(m, id, from);
		     i < m->first[id + 1] && m->postings[i].example < to; i++)
			sums[m->postings[i].example - from] += weight * m->postings[i].weight;
	}
	for (uint32_t i = from; i < to; i++) {
		if (sums[i - from] > sums[nearest - from])
			nearest = i;
	}
	*example = nearest < m->n ? m->number[nearest] : 0;
	return fminf((float)sums[nearest - from] / (WEIGHT_ONE * WEIGHT_ONE), 1);
}

size_t near_bytes(const struct near *m)
{
	return sizeof *m + m->n_postings * sizeof *m->postings +
	       (m->features + 1) * sizeof *m->first + (m->classes + 1) * sizeof *m->first_of +
	       m->n * sizeof *m->number;
}

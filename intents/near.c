#include "intents/near.h"

#include <math.h>

enum { WEIGHT_ONE = 255 };

struct item {
	uint32_t id : 24;
	uint32_t weight : 8; /* of WEIGHT_ONE */
};

struct example {
	uint32_t first;	 /* into items; the next example's is its end */
	uint32_t number; /* in near_new's list */
};

struct near {
	const struct item *items;
	struct example *examples; /* by class, then in the order given; one more ends the last */
	uint32_t *first_of;	  /* class -> its first example; one more ends the last */
	size_t n, n_items, features, classes;
};

struct near_message {
	uint8_t *weights; /* by id, of WEIGHT_ONE; 0 for what the message lacks */
};

/* The length of a vector's words alone. */
static float length_of(const struct vec *x)
{
	double square = 0;

	for (size_t i = 0; i < x->n_words; i++)
		square += (double)x->v[i].x * (double)x->v[i].x;
	return (float)sqrt(square);
}

static uint8_t weight_of(float x, float length)
{
	return (uint8_t)lroundf(fminf(x / length, 1) * (float)WEIGHT_ONE);
}

static void place_examples(struct arena *a, struct near *m, const struct weights_example *v)
{
	m->first_of = ARENA_ARRAY(a, uint32_t, m->classes + 1);
	m->examples = ARENA_ARRAY(a, struct example, m->n + 1);
	for (size_t i = 0; i < m->n; i++) {
		m->first_of[v[i].class]++;
		m->n_items += v[i].x.n_words;
	}
	for (size_t c = 0, sum = 0; c <= m->classes; c++) {
		sum += m->first_of[c];
		m->first_of[c] = (uint32_t)(sum - m->first_of[c]);
	}
}

/* Numbers go in by class; first_of is moved ahead and back again. */
static void number_examples(struct near *m, const struct weights_example *v)
{
	for (size_t i = 0; i < m->n; i++)
		m->examples[m->first_of[v[i].class]++].number = (uint32_t)i;
	for (size_t c = m->classes; c > 0; c--)
		m->first_of[c] = m->first_of[c - 1];
	m->first_of[0] = 0;
}

const struct near *near_new(struct arena *a, const struct weights_example *v, size_t n,
			    size_t features, size_t classes)
{
	struct near *m = ARENA_NEW(a, struct near);
	struct item *items;
	size_t at = 0;

	*m = (struct near){.n = n, .features = features, .classes = classes};
	place_examples(a, m, v);
	number_examples(m, v);
	m->items = items = ARENA_ARRAY(a, struct item, m->n_items);
	for (size_t i = 0; i < n; i++) {
		const struct vec *x = &v[m->examples[i].number].x;
		float length = length_of(x);

		m->examples[i].first = (uint32_t)at;
		for (size_t k = 0; k < x->n_words; k++) {
			items[at++] =
				(struct item){x->v[k].id & 0xFFFFFF, weight_of(x->v[k].x, length)};
		}
	}
	m->examples[n].first = (uint32_t)at;
	return m;
}

const struct near_message *near_read(const struct near *m, struct arena *a, const struct vec *x)
{
	struct near_message *message = ARENA_NEW(a, struct near_message);
	float length = length_of(x) / (float)sqrt((double)x->known);

	message->weights = ARENA_ARRAY(a, uint8_t, m->features);
	for (size_t i = 0; i < x->n_words; i++)
		message->weights[x->v[i].id] = weight_of(x->v[i].x, length);
	return message;
}

float near_find(const struct near *m, const struct near_message *message, uint32_t class,
		uint32_t *example)
{
	uint32_t nearest = 0;

	*example = m->examples[m->first_of[class]].number;
	for (uint32_t i = m->first_of[class]; i < m->first_of[class + 1]; i++) {
		uint32_t sum = 0;

		for (uint32_t k = m->examples[i].first; k < m->examples[i + 1].first; k++)
			sum += (uint32_t)message->weights[m->items[k].id] * m->items[k].weight;
		if (sum > nearest) {
			nearest = sum;
			*example = m->examples[i].number;
		}
	}
	return fminf((float)nearest / (WEIGHT_ONE * WEIGHT_ONE), 1);
}

size_t near_bytes(const struct near *m)
{
	return sizeof *m + m->n_items * sizeof *m->items + (m->n + 1) * sizeof *m->examples +
	       (m->classes + 1) * sizeof *m->first_of;
}

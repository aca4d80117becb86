#include "intents/vocab.h"

#include <math.h>
#include <stdlib.h>

#define BIAS	   0.3F /* as an item of each vector */
#define BACKGROUND 200. /* texts about anything that are counted along with the examples */

struct slot_of_gram {
	uint32_t tag; /* upper half of the hash; both 0 = free */
	uint32_t id;  /* + 1 */
};

/* Where the table is three quarters full, what it does not hold is sought long. Most of that is told by one bit
 * of a small map, a fourth of whose bits are set at most. */
struct vocab {
	struct slot_of_gram *table;
	size_t mask;
	uint64_t *map; /* by hash: may it be there? */
	size_t map_mask;
	float *idf; /* by id + 1; of a gram that no text has and that is not common, [0] */
	size_t n;
	size_t n_texts;
	size_t dims; /* of means of word vectors */
	float share; /* their length in a vector */
};

/* Measured on training and validation parts; flat around these. */
static const float kind_weight[GRAM_KINDS] = {
	[GRAM_WORD] = 1, [GRAM_PAIR] = 1,  [GRAM_SKIP] = 0.8F,	 [GRAM_LETTERS] = 0.8F,
	[GRAM_CHAR] = 1, [GRAM_CHARS] = 1, [GRAM_ENTITY] = 1.5F,
};

/* What a text is about, where the others say how it is put. */
static const bool is_word[GRAM_KINDS] = {
	[GRAM_WORD] = true, [GRAM_CHAR] = true, [GRAM_CHARS] = true, [GRAM_ENTITY] = true};

/* ---- building ---- */

struct counted {
	uint64_t hash; /* 0 = free */
	uint32_t df;
	float common; /* share of any texts that have it */
};

struct counter {
	struct counted *v;
	size_t mask;
};

static void count_texts(struct arena *a, const struct grams *texts, size_t n, struct counter *c)
{
	size_t total = 1, slots = 64;

	for (size_t i = 0; i < n; i++)
		total += texts[i].n;
	while (slots < 2 * total)
		slots *= 2;
	c->v = ARENA_ARRAY(a, struct counted, slots);
	c->mask = slots - 1;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < texts[i].n; k++) {
			const struct gram *g = &texts[i].v[k];
			size_t at = g->hash & c->mask;

			while (c->v[at].hash && c->v[at].hash != g->hash)
				at = (at + 1) & c->mask;
			if (!c->v[at].hash)
				c->v[at] = (struct counted){g->hash, 0, g->common};
			c->v[at].df++;
			/* letters stand in rare words as well as in common ones */
			c->v[at].common = fmaxf(c->v[at].common, g->common);
		}
	}
}

static int by_frequency(const void *x, const void *y)
{
	const struct counted *a = x, *b = y;

	if (a->df != b->df)
		return a->df > b->df ? -1 : 1;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* Moves what is frequent enough to the front, most frequent first; returns how many. */
static size_t choose(struct counter *c, size_t most, uint32_t min_df)
{
	size_t n = 0;

	for (size_t i = 0; i <= c->mask; i++) {
		if (c->v[i].df >= min_df)
			c->v[n++] = c->v[i];
	}
	qsort(c->v, n, sizeof *c->v, by_frequency);
	return n < most ? n : most;
}

static struct slot_of_gram *find(const struct vocab *v, uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t i = hash & v->mask;

	while (v->table[i].id && v->table[i].tag != tag)
		i = (i + 1) & v->mask;
	return &v->table[i];
}

static size_t bit_of(const struct vocab *v, uint64_t hash)
{
	return (size_t)(hash >> 32) & v->map_mask;
}

static bool may_know(const struct vocab *v, uint64_t hash)
{
	size_t bit = bit_of(v, hash);

	return v->map[bit / 64] >> bit % 64 & 1;
}

static void put(struct vocab *v, uint64_t hash, uint32_t id)
{
	size_t bit = bit_of(v, hash);

	v->map[bit / 64] |= UINT64_C(1) << bit % 64;
	*find(v, hash) = (struct slot_of_gram){(uint32_t)(hash >> 32), id + 1};
}

/* Kept to 1/1024, so that the last bit of a library's logarithm changes nothing. */
static float idf_of(size_t n, uint32_t df, float common)
{
	double texts = 1 + BACKGROUND + (double)n;
	double with = 1 + BACKGROUND * (double)common + (double)df;

	return (float)(round(1024 * (1 + log(texts / with))) / 1024);
}

const struct vocab *vocab_new(struct arena *a, const struct grams *texts, size_t n, size_t most,
			      uint32_t min_df, float share)
{
	struct vocab *v = ARENA_NEW(a, struct vocab);
	struct arena scratch;
	struct counter c = {0};
	size_t slots = 64, bits;

	arena_init(&scratch);
	count_texts(&scratch, texts, n, &c);
	v->n = choose(&c, most, min_df);
	while (slots < v->n + v->n / 4)
		slots *= 2;
	v->table = ARENA_ARRAY(a, struct slot_of_gram, slots);
	v->mask = slots - 1;
	for (bits = 64; bits < 4 * v->n;)
		bits *= 2;
	v->map = ARENA_ARRAY(a, uint64_t, bits / 64);
	v->map_mask = bits - 1;
	v->idf = ARENA_ARRAY(a, float, v->n + 1);
	v->n_texts = n;
	v->idf[0] = idf_of(n, 0, 0);
	v->share = share;
	for (size_t i = 0; i < n && share > 0; i++)
		v->dims = texts[i].n_mean > v->dims ? texts[i].n_mean : v->dims;
	for (size_t i = 0; i < v->n; i++) {
		put(v, c.v[i].hash, (uint32_t)i);
		v->idf[i + 1] = idf_of(n, c.v[i].df, c.v[i].common);
	}
	arena_done(&scratch);
	return v;
}

size_t vocab_size(const struct vocab *v)
{
	return v->n + 1 + v->dims;
}

size_t vocab_bytes(const struct vocab *v)
{
	return sizeof *v + (v->mask + 1) * sizeof *v->table + (v->map_mask + 1) / 8 +
	       (v->n + 1) * sizeof *v->idf;
}

bool vocab_knows(const struct vocab *v, uint64_t gram_hash)
{
	return may_know(v, gram_hash) && find(v, gram_hash)->id != 0;
}

/* ---- vectors ---- */

/* 1 + ln count, from a table: counts above it are as good as it. */
static float damped(uint32_t count)
{
	static const float v[] = {0,	   1,	    1.6931F, 2.0986F, 2.3863F,
				  2.6094F, 2.7918F, 2.9459F, 3.0794F};
	const uint32_t last = sizeof v / sizeof *v - 1;

	return v[count < last ? count : last];
}

/* Sums of squares of the words, known or not, and of those known. */
struct squares {
	double all, known;
};

/* Ids of the grams + 1, or 0. Whether a gram is known cannot be foretold, so nothing branches on it. */
static const uint32_t *find_ids(const struct vocab *v, struct arena *a, const struct grams *g)
{
	uint32_t *ids = ARENA_ARRAY(a, uint32_t, g->n), *maybe = ARENA_ARRAY(a, uint32_t, g->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		uint64_t hash = g->v[i].hash;

		maybe[n] = (uint32_t)i;
		n += may_know(v, hash);
		__builtin_prefetch(&v->table[hash & v->mask]);
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t id = find(v, g->v[maybe[i]].hash)->id;

		__builtin_prefetch(&v->idf[id]);
		ids[maybe[i]] = id;
	}
	return ids;
}

/* Appends the grams that are words, and puts the others into `rest`; what is not known is written where the next
 * one will be. */
static void add_items(const struct vocab *v, const struct grams *g, const uint32_t *ids,
		      struct vec *out, struct vec *rest, struct squares *sums)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct gram *t = &g->v[i];
		bool word = is_word[t->kind];
		struct vec *to = word ? out : rest;
		float idf = v->idf[ids[i]];
		double square;

		if (word && !ids[i] && t->common > 0)
			idf = idf_of(v->n_texts, 0, t->common);
		to->v[to->n] = (struct vec_item){ids[i] - 1,
						 damped(t->count) * kind_weight[t->kind] * idf};
		square = (double)to->v[to->n].x * (double)to->v[to->n].x;
		to->n += ids[i] != 0;
		sums->all += word ? square : 0;
		sums->known += word && ids[i] ? square : 0;
	}
}

static void add_mean(const struct vocab *v, const struct grams *g, struct vec *out)
{
	if (g->n_mean != v->dims)
		return; /* no word of the text has a vector */
	for (size_t i = 0; i < v->dims; i++)
		out->v[out->n++] =
			(struct vec_item){(uint32_t)(v->n + 1 + i), v->share * g->mean[i]};
	out->n_mean = v->dims;
}

void vocab_vector(const struct vocab *v, struct arena *a, const struct grams *g, struct vec *out)
{
	struct vec rest = {.v = ARENA_ARRAY(a, struct vec_item, g->n)};
	struct squares sums = {0};
	double square;
	float unit;

	*out = (struct vec){.v = ARENA_ARRAY(a, struct vec_item, g->n + 1 + v->dims)};
	add_items(v, g, find_ids(v, a, g), out, &rest, &sums);
	out->n_words = out->n;
	out->known = sums.all > 0 ? (float)(sums.known / sums.all) : 0;
	square = sums.known;
	for (size_t i = 0; i < rest.n; i++)
		square += (double)rest.v[i].x * (double)rest.v[i].x;
	memcpy(out->v + out->n, rest.v, rest.n * sizeof *rest.v);
	out->n += rest.n;
	unit = out->n > 0 ? (float)(1 / sqrt(square)) : 0;
	for (size_t i = 0; i < out->n; i++)
		out->v[i].x *= unit;
	out->v[out->n++] = (struct vec_item){(uint32_t)v->n, BIAS};
	add_mean(v, g, out);
}

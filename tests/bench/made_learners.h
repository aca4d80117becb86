/* Learners as platforms have them, made up: few take much (lengths are lognormal), few courses are
 * taken by many (popularity falls with the rank, Zipf), and each learner has a few interests, so that
 * courses go together. The same numbers every time. */
#ifndef BENCH_MADE_LEARNERS_H
#define BENCH_MADE_LEARNERS_H

#include <math.h>
#include <stdlib.h>

#include "kb/knn.h"
#include "text/mem.h"

struct made_learners {
	struct histories h;
	uint32_t *start;
	struct interaction *v;
};

enum { MADE_TOPICS = 200, MADE_LONGEST = 2000 };

static inline uint64_t made_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline double made_share(uint64_t *state)
{
	return (double)(made_random(state) >> 11) / 9007199254740992.0;
}

/* Rank 0 .. n - 1, p ~ 1 / (rank + 10): about what enrolments of MOOC platforms show (1.7% of them on the
 * first course, .55% on the tenth, .16% on the hundredth). By the inverse of the integral. */
static inline uint32_t made_zipf(uint64_t *state, uint32_t n)
{
	double at = 10 * pow((10 + (double)n) / 10, made_share(state)) - 10;

	return at < 0 ? 0 : at >= n ? n - 1 : (uint32_t)at;
}

/* exp(N(mu, 1)) with the mean wanted, 1 .. MADE_LONGEST. */
static inline uint32_t made_length(uint64_t *state, double mean)
{
	double r = sqrt(-2 * log(1 - made_share(state))), a = 6.283185307179586 * made_share(state);
	double length = exp(log(mean) - .5 + r * cos(a));

	return length < 1 ? 1 : length > MADE_LONGEST ? MADE_LONGEST : (uint32_t)length;
}

/* Items of a topic are those of one remainder, the popular ones of it first. Half of what a learner takes is
 * of three topics. */
static inline uint32_t made_item(uint64_t *state, uint32_t items, const uint32_t topics[3])
{
	uint32_t rank = made_zipf(state, items), item;

	if (made_random(state) & 1)
		return rank;
	item = rank / MADE_TOPICS * MADE_TOPICS + topics[made_random(state) % 3];
	return item < items ? item : rank;
}

static inline struct made_learners made_learners(uint32_t users, uint32_t items, size_t events)
{
	double mean = (double)events / users * 1.03; /* lengths are cut to whole numbers */
	size_t cap = events + events / 4 + MADE_LONGEST, n = 0;
	struct made_learners m = {.start = mem_zalloc((users + 1) * sizeof(uint32_t)),
				  .v = mem_alloc(cap * sizeof(struct interaction))};
	uint32_t *seen = mem_zalloc((items + 1) * sizeof *seen);
	uint64_t state = 7;

	for (uint32_t u = 0; u < users; u++) {
		uint32_t length = made_length(&state, mean), topics[3];

		for (int i = 0; i < 3; i++)
			topics[i] = (uint32_t)(made_random(&state) % MADE_TOPICS);
		for (uint32_t i = 0, tries = length * 8; i < length && tries && n < cap; tries--) {
			uint32_t item = made_item(&state, items, topics);

			if (seen[item] == u + 1)
				continue;
			seen[item] = u + 1;
			m.v[n++] = (struct interaction){item, .9f, (int64_t)i++ * 86400000};
		}
		m.start[u + 1] = (uint32_t)n;
	}
	free(seen);
	m.h = (struct histories){m.start, m.v, users, items, NULL};
	return m;
}

static inline void made_learners_done(struct made_learners *m)
{
	free(m->start);
	free(m->v);
}

#endif

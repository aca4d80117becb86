#include <math.h>
#include <stdlib.h>

#include "kb/history.h"
#include "kb/loom.h"
#include "kb/taste_part.h"
#include "text/mem.h"

enum {
	ASKED = 400, /* learners, about */
	HIDDEN = 20, /* events of one learner at most */
	LEAST = 3,   /* things a learner must have */
	FIRST = 20,  /* places that count */
	ENOUGH = 50, /* hidden events to tell settings apart */
	TILTS = 6,
	ITEM_WAYS = 2 * TILTS, /* of the item stage that are tried, at most */
	CROWDS = 3,
	SHARES = 5,
	WAYS = CROWDS * SHARES,
};

/* ---- what is tried ---- */

static const float tilts[TILTS] = {0, -.1f, .1f, .2f, .3f, .4f}, recencies[] = {1, 1.5f};
static const float shares[SHARES] = {.7f, 0, .3f, 1.5f, 4};

/* Popularity counts little where few have taken most things, and much where all have taken much. */
static const struct crowd_try {
	struct crowd_weights weights;
	float column;
} crowds[2][CROWDS] = {
	{{{0, .4f, .5f, 2, 0, 300}, .1f},
	 {{0, .4f, .5f, 1.5f, 0, 500}, .15f},
	 {{0, .4f, .5f, 3, 0, 1000}, .25f}},
	{{{.8f, .4f, .4f, 1.5f, 8, 500}, .2f},
	 {{.8f, .3f, .4f, 1.5f, 8, 300}, .1f},
	 {{1, .5f, .6f, 1.5f, 5, 500}, .2f}},
};

/* ---- one learner ---- */

struct asked {
	uint32_t learner;
	size_t length;
	struct interaction *profile; /* what is not hidden, oldest first */
	size_t n;
	struct {
		uint32_t item;
		int64_t step;
	} hidden[HIDDEN];
	int64_t *steps; /* of the profile */
	size_t n_hidden;
};

struct choice {
	struct taste *t;
	const struct loom *loom;
	const struct profiles *profiles;
	const float *interest;
	bool ordered;
	struct arena arena; /* of one learner */
	struct asked asked;
	struct sparse reached; /* its list is not kept */
	float *items, *votes;  /* scores by course, zero between learners; items: of `reached` */
	uint32_t *touched; /* courses whose score is not zero, and those with votes behind them */
	uint32_t *voted;
	float *mixed; /* beside touched */
	float *tilted[TILTS], *columns[CROWDS];
	float *gains[ITEM_WAYS > WAYS ? ITEM_WAYS : WAYS]; /* of each way, a learner each */
	size_t n_gains, cap_gains, n_hidden;
};

/* Learners whatever their number: by a scramble of their key. */
static uint64_t scramble(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static bool is_hidden(const struct choice *c, uint64_t key, size_t i, size_t n)
{
	const struct asked *a = &c->asked;

	if (a->n_hidden == HIDDEN)
		return false;
	if (c->ordered)
		return i + 1 == n;
	return scramble(key + i) % 5 == 0 || (i + 1 == n && !a->n_hidden);
}

/* False: not one to ask. */
static bool read_asked(struct choice *c, uint32_t learner)
{
	uint64_t key = profiles_key(c->profiles, learner);
	size_t users = profiles_users(c->profiles), n;
	struct asked *a = &c->asked;
	struct interaction *v;
	int64_t step = 0;

	if (users > ASKED && scramble(key) % users >= ASKED)
		return false;
	n = profiles_at(c->profiles, learner).n;
	if (n < LEAST)
		return false;
	v = ARENA_ARRAY(&c->arena, struct interaction, n);
	n = history_one(c->profiles, learner, c->t->courses, v);
	*a = (struct asked){.learner = learner,
			    .length = n,
			    .profile = v,
			    .steps = ARENA_ARRAY(&c->arena, int64_t, n)};
	for (size_t i = 0; i < n; i++) {
		step += i > 0 && v[i].at != v[i - 1].at;
		if (is_hidden(c, key, i, n)) {
			a->hidden[a->n_hidden].item = v[i].item;
			a->hidden[a->n_hidden++].step = step;
			continue;
		}
		a->steps[a->n] = step;
		v[a->n++] = v[i];
	}
	return n >= LEAST;
}

/* ---- the item stage ---- */

/* A hidden item's score without what the learner himself has said about it. */
static float fair_score(const struct choice *c, size_t hidden, float recency)
{
	const struct asked *a = &c->asked;
	uint32_t j = a->hidden[hidden].item;
	int64_t last = a->n ? a->steps[a->n - 1] : 0;
	float score = 0;

	for (size_t i = 0; i < a->n; i++) {
		float like = knn_likeness(c->t->knn, a->profile[i].item, j);
		float own;

		if (like <= 0)
			continue;
		own = a->profile[i].weight * a->profile[i].weight *
		      loom_share(c->loom, a->profile[i].item, j,
				 a->hidden[hidden].step - a->steps[i], a->length);
		/* By the others alone it would not be among the neighbours. */
		if (like - own <= knn_beyond(c->t->knn, a->profile[i].item))
			continue;
		if (like > own * 1.0001f)
			score += a->profile[i].weight *
				 powf((float)(1 + last - a->steps[i]), -recency) * (like - own);
	}
	return score;
}

/* To c->items; the courses that have a score are the first of c->touched, how many is returned. */
static size_t score_items(struct choice *c, int r)
{
	const struct asked *a = &c->asked;
	struct sparse *reached = &c->reached;
	float *scores = c->items;
	size_t n = 0;

	knn_add(c->t->knn, taste_recent(&c->arena, a->profile, a->n, recencies[r]), a->n, reached);
	for (size_t i = 0; i < a->n; i++)
		scores[a->profile[i].item] = 0;
	for (size_t h = 0; h < a->n_hidden; h++)
		scores[a->hidden[h].item] = 0;
	for (size_t i = 0; i < reached->n; i++) {
		uint32_t item = reached->list[i].item;

		scores[item] *= knn_ends(c->t->knn)[item];
		if (scores[item] > 0)
			c->touched[n++] = item;
	}
	reached->n = 0;
	for (size_t h = 0; h < a->n_hidden; h++) {
		uint32_t item = a->hidden[h].item;

		scores[item] = fair_score(c, h, recencies[r]);
		if (scores[item] > 0)
			c->touched[n++] = item;
	}
	return n;
}

static void forget(float *scores, const uint32_t *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		scores[items[i]] = 0;
}

/* ---- gains ---- */

/* Of one whose score is `own` among these scores. */
static float gain_of(const float *scores, size_t n, float own)
{
	size_t place = 0;

	if (own <= 0)
		return 0;
	for (size_t i = 0; i < n && place <= FIRST; i++)
		place += scores[i] >= own;
	place--; /* itself */
	return place < FIRST ? 1 / log2f((float)place + 2) : 0;
}

/* c->mixed is beside c->touched; own: of the hidden ones. */
static void note_gains(struct choice *c, size_t way, size_t n, const float *own)
{
	float sum = 0;

	for (size_t h = 0; h < c->asked.n_hidden; h++)
		sum += gain_of(c->mixed, n, own[h]);
	c->gains[way][c->n_gains] = sum / (float)c->asked.n_hidden;
}

/* scores *= by, the best of them 1. */
static void weigh(float *scores, const float *by, const uint32_t *items, size_t n)
{
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		float *score = &scores[items[i]];

		*score *= by[items[i]];
		most = *score > most ? *score : most;
	}
	for (size_t i = 0; i < n && most > 0; i++)
		scores[items[i]] /= most;
}

static void try_tilt(struct choice *c, size_t way, const float *by, size_t n)
{
	const struct asked *a = &c->asked;
	float own[HIDDEN];

	for (size_t i = 0; i < n; i++)
		c->mixed[i] = c->items[c->touched[i]] * by[c->touched[i]];
	for (size_t h = 0; h < a->n_hidden; h++)
		own[h] = c->items[a->hidden[h].item] * by[a->hidden[h].item];
	note_gains(c, way, n, own);
}

static void try_items(struct choice *c)
{
	size_t way = 0;

	for (int r = 0; r < (c->ordered ? 2 : 1); r++) {
		size_t n = score_items(c, r);

		for (int t = 0; t < TILTS; t++)
			try_tilt(c, way++, c->tilted[t], n);
		forget(c->items, c->touched, n);
	}
}

/* To c->votes and c->voted, how many. */
static size_t score_crowd(struct choice *c, const struct crowd_try *try, const float *columns)
{
	const struct crowd_question q = {
		.profiles = c->profiles,
		.courses = c->t->courses,
		.edition = c->t->edition,
		.self = c->asked.learner,
		.profile = c->asked.profile,
		.n_profile = c->asked.n,
	};
	size_t n = crowd_score(&q, &try->weights, c->votes, c->voted);

	for (size_t i = 0; i < c->asked.n; i++)
		c->votes[c->asked.profile[i].item] = 0;
	weigh(c->votes, columns, c->voted, n);
	return n;
}

static void try_share(struct choice *c, size_t way, float share, size_t n)
{
	const struct asked *a = &c->asked;
	float own[HIDDEN];

	for (size_t i = 0; i < n; i++)
		c->mixed[i] = c->items[c->touched[i]] + share * c->votes[c->touched[i]];
	for (size_t h = 0; h < a->n_hidden; h++)
		own[h] = c->items[a->hidden[h].item] + share * c->votes[a->hidden[h].item];
	note_gains(c, way, n, own);
}

static void try_crowds(struct choice *c)
{
	size_t n = score_items(c, c->t->settings.recency == recencies[1]), way = 0;

	weigh(c->items, c->t->tilts, c->touched, n);
	for (int k = 0; k < CROWDS; k++) {
		size_t voted = score_crowd(c, &crowds[c->ordered][k], c->columns[k]), all = n;

		for (size_t i = 0; i < voted; i++)
			if (c->items[c->voted[i]] == 0 && c->votes[c->voted[i]] > 0)
				c->touched[all++] = c->voted[i];
		for (int s = 0; s < SHARES; s++)
			try_share(c, way++, shares[s], all);
		forget(c->votes, c->voted, voted);
	}
	forget(c->items, c->touched, n);
}

/* ---- choosing ---- */

static void ask_all(struct choice *c, void (*try)(struct choice *c))
{
	uint32_t users = (uint32_t)profiles_users(c->profiles);

	c->n_gains = c->n_hidden = 0;
	for (uint32_t u = 0; u < users && c->n_gains < c->cap_gains; u++) {
		if (read_asked(c, u)) {
			try(c);
			c->n_gains++;
			c->n_hidden += c->asked.n_hidden;
		}
		arena_reset(&c->arena);
	}
}

/* The way with the greatest mean; the first unless that is clear. */
static size_t best_way(const struct choice *c, size_t ways)
{
	double n = (double)c->n_gains, most = 0;
	size_t best = 0;

	for (size_t w = 1; w < ways && c->n_hidden >= ENOUGH; w++) {
		double sum = 0, squares = 0, mean;

		for (size_t i = 0; i < c->n_gains; i++) {
			double more = (double)c->gains[w][i] - (double)c->gains[0][i];

			sum += more;
			squares += more * more;
		}
		mean = sum / n;
		if (mean > most && mean * mean * n > squares / n - mean * mean) {
			most = mean;
			best = w;
		}
	}
	return best;
}

static void choose_items(struct choice *c, struct taste_settings *s)
{
	size_t way;

	ask_all(c, try_items);
	way = best_way(c, c->ordered ? ITEM_WAYS : ITEM_WAYS / 2);
	s->tilt = tilts[way % TILTS];
	s->recency = recencies[way / TILTS];
}

static void choose_crowd(struct choice *c, struct taste_settings *s)
{
	size_t way;

	ask_all(c, try_crowds);
	way = best_way(c, WAYS);
	s->crowd = crowds[c->ordered][way / SHARES].weights;
	s->column = crowds[c->ordered][way / SHARES].column;
	s->crowd_share = shares[way % SHARES];
}

static void begin(struct choice *c)
{
	size_t n = c->t->courses->n, most = c->cap_gains;

	arena_init(&c->arena);
	sparse_init(&c->reached, n);
	c->items = c->reached.v;
	c->votes = mem_zalloc((n + 1) * sizeof(float));
	c->mixed = mem_alloc((n + 1) * sizeof(float));
	c->touched = mem_alloc((n + 1) * sizeof(uint32_t));
	c->voted = mem_alloc((n + 1) * sizeof(uint32_t));
	for (int t = 0; t < TILTS; t++)
		c->tilted[t] = taste_powers(c->interest, n, tilts[t]);
	for (int k = 0; k < CROWDS; k++)
		c->columns[k] = taste_powers(c->interest, n, crowds[c->ordered][k].column);
	for (size_t w = 0; w < sizeof c->gains / sizeof *c->gains; w++)
		c->gains[w] = mem_zalloc(most * sizeof(float));
}

static void done(struct choice *c)
{
	arena_done(&c->arena);
	sparse_done(&c->reached);
	free(c->votes);
	free(c->mixed);
	free(c->touched);
	free(c->voted);
	for (int t = 0; t < TILTS; t++)
		free(c->tilted[t]);
	for (int k = 0; k < CROWDS; k++)
		free(c->columns[k]);
	for (size_t w = 0; w < sizeof c->gains / sizeof *c->gains; w++)
		free(c->gains[w]);
}

void taste_choose(struct taste *t, const struct loom *l, const float *interest,
		  const struct profiles *p)
{
	struct choice c = {.t = t,
			   .loom = l,
			   .profiles = p,
			   .interest = interest,
			   .ordered = knn_is_ordered(t->knn),
			   .cap_gains = 2 * ASKED};
	struct taste_settings s = t->settings;

	begin(&c);
	choose_items(&c, &s);
	taste_set(t, &s, interest);
	choose_crowd(&c, &s);
	taste_set(t, &s, interest);
	done(&c);
}

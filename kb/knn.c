#include "kb/knn.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

enum {
	HISTORY_MAX = 500, /* the latest of a longer history: its pairs grow with the square */
	GAP_MAX = 40,	   /* exp(-39/5) is .0004: pairs further apart are passed over */
	PROFILE_MAX = 500, /* as of histories */
};

static const double gap_scale = 6, back_share = .5;

/* Powers of the length of a history and of the learners of the two items. */
static const struct powers {
	double length, own, other;
} ordered = {.4, .55, .4}, unordered = {.6, .6, .4};

struct knn {
	size_t n_items;
	uint32_t *start; /* n_items + 1 */
	struct neighbour *v;
};

/* The learners of one item: where it stands in their histories. */
struct places {
	uint32_t *start; /* n_items + 1 */
	uint32_t *at;	 /* index into histories.v */
};

struct row {
	float *sums;	/* n_items, zero between rows */
	uint32_t *used; /* items touched */
	size_t n;
};

struct builder {
	const struct histories *h;
	struct places places;
	uint32_t *user; /* of each interaction */
	uint32_t *step; /* rank of its time within the learner */
	float *mass;	/* n of each item */
	const struct powers *powers;
	float gaps[GAP_MAX + 1];
	float length[HISTORY_MAX + 1]; /* what a history of so many counts */
	struct row row;
};

static uint32_t first_of(const struct histories *h, size_t u)
{
	uint32_t n = h->start[u + 1] - h->start[u];

	return n > HISTORY_MAX ? h->start[u + 1] - HISTORY_MAX : h->start[u];
}

static void read_histories(struct builder *b)
{
	const struct histories *h = b->h;
	size_t later = 0, pairs = 0;

	for (size_t u = 0; u < h->n_users; u++) {
		uint32_t step = 0;

		for (uint32_t i = first_of(h, u); i < h->start[u + 1]; i++) {
			if (i > first_of(h, u) && h->v[i].at != h->v[i - 1].at)
				step++, later++;
			pairs += i > first_of(h, u);
			b->user[i] = (uint32_t)u;
			b->step[i] = step;
			b->mass[h->v[i].item] += h->v[i].weight;
			b->places.start[h->v[i].item + 1]++;
		}
	}
	for (size_t i = 0; i < h->n_items; i++)
		b->places.start[i + 1] += b->places.start[i];
	b->powers = later * 2 < pairs ? &unordered : &ordered;
}

static void read_places(struct builder *b)
{
	const struct histories *h = b->h;
	uint32_t *next = mem_alloc((h->n_items + 1) * sizeof *next);

	memcpy(next, b->places.start, (h->n_items + 1) * sizeof *next);
	for (size_t u = 0; u < h->n_users; u++)
		for (uint32_t i = first_of(h, u); i < h->start[u + 1]; i++)
			b->places.at[next[h->v[i].item]++] = i;
	free(next);
}

static void add(struct row *row, uint32_t item, float w)
{
	if (w <= 0) /* else an item could be touched for the first time twice */
		return;
	if (row->sums[item] == 0)
		row->used[row->n++] = item;
	row->sums[item] += w;
}

/* What one learner says about the item that stands at `here` in the history. */
static void add_learner(struct builder *b, uint32_t here)
{
	const struct histories *h = b->h;
	uint32_t u = b->user[here], first = first_of(h, u), end = h->start[u + 1];
	float norm = h->v[here].weight * b->length[end - first];

	for (uint32_t i = here; i-- > first && b->step[here] - b->step[i] <= GAP_MAX;) {
		uint32_t gap = b->step[here] - b->step[i];
		float share = gap ? (float)back_share : 1;

		add(&b->row, h->v[i].item, share * b->gaps[gap] * norm * h->v[i].weight);
	}
	for (uint32_t i = here + 1; i < end && b->step[i] - b->step[here] <= GAP_MAX; i++)
		add(&b->row, h->v[i].item,
		    b->gaps[b->step[i] - b->step[here]] * norm * h->v[i].weight);
}

static int by_likeness(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->likeness != y->likeness)
		return x->likeness > y->likeness ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

/* The row's k best to `out`; the row is zero again. */
static size_t take_row(struct builder *b, uint32_t item, size_t k, struct neighbour *out)
{
	struct row *row = &b->row;
	double own = pow(b->mass[item], b->powers->own);
	size_t n = row->n;

	for (size_t i = 0; i < n; i++) {
		uint32_t j = row->used[i];
		double w = row->sums[j];

		out[i].item = j;
		out[i].likeness = (float)(w / (own * pow(b->mass[j], b->powers->other)));
		row->sums[j] = 0;
	}
	row->n = 0;
	qsort(out, n, sizeof *out, by_likeness);
	return n < k ? n : k;
}

static void build_rows(struct builder *b, struct knn *knn, size_t k)
{
	size_t n = knn->n_items, used = 0, cap = 0;
	struct neighbour *row = mem_alloc((n + 1) * sizeof *row);

	for (uint32_t i = 0; i < n; i++) {
		size_t got;

		for (uint32_t p = b->places.start[i]; p < b->places.start[i + 1]; p++)
			add_learner(b, b->places.at[p]);
		got = take_row(b, i, k, row);
		if (used + got > cap) {
			cap = (used + got) * 2;
			knn->v = mem_resize(knn->v, cap, sizeof *knn->v);
		}
		if (got)
			memcpy(knn->v + used, row, got * sizeof *row);
		used += got;
		knn->start[i + 1] = (uint32_t)used;
	}
	if (used)
		knn->v = mem_resize(knn->v, used, sizeof *knn->v);
	free(row);
}

struct knn *knn_new(const struct histories *h, size_t k)
{
	size_t n = h->n_users ? h->start[h->n_users] : 0;
	struct builder b = {
		.h = h,
		.places = {mem_zalloc((h->n_items + 1) * sizeof(uint32_t)),
			   mem_alloc((n + 1) * sizeof(uint32_t))},
		.user = mem_alloc((n + 1) * sizeof(uint32_t)),
		.step = mem_alloc((n + 1) * sizeof(uint32_t)),
		.mass = mem_zalloc((h->n_items + 1) * sizeof(float)),
		.row = {mem_zalloc((h->n_items + 1) * sizeof(float)),
			mem_alloc((h->n_items + 1) * sizeof(uint32_t)), 0},
	};
	struct knn *knn = mem_zalloc(sizeof *knn);

	knn->n_items = h->n_items;
	knn->start = mem_zalloc((h->n_items + 1) * sizeof *knn->start);
	b.gaps[0] = 1;
	for (int d = 1; d <= GAP_MAX; d++)
		b.gaps[d] = (float)exp(-(d - 1) / gap_scale);
	read_histories(&b);
	for (int i = 0; i <= HISTORY_MAX; i++)
		b.length[i] = (float)pow(i > 1 ? i - 1 : 1, -b.powers->length);
	read_places(&b);
	build_rows(&b, knn, k);
	free(b.places.start);
	free(b.places.at);
	free(b.user);
	free(b.step);
	free(b.mass);
	free(b.row.sums);
	free(b.row.used);
	return knn;
}

void knn_free(struct knn *k)
{
	if (!k)
		return;
	free(k->start);
	free(k->v);
	free(k);
}

const struct neighbour *knn_neighbours(const struct knn *k, uint32_t item, size_t *n)
{
	*n = item < k->n_items ? k->start[item + 1] - k->start[item] : 0;
	return *n ? k->v + k->start[item] : NULL;
}

float knn_recency(float weight, size_t p)
{
	return weight / (float)(1 + p);
}

/* A walk back through a profile: place and recency of each item. */
struct walk {
	const struct interaction *profile;
	size_t left, step;
	float recency;
};

static const struct interaction *walk_back(struct walk *w, size_t n)
{
	const struct interaction *seen;

	if (!w->left || n - w->left >= PROFILE_MAX)
		return NULL;
	seen = &w->profile[--w->left];
	if (w->left + 1 < n && seen->at != seen[1].at)
		w->step++;
	w->recency = knn_recency(seen->weight, w->step);
	return seen;
}

void knn_score(const struct knn *k, const struct interaction *profile, size_t n, float *scores)
{
	struct walk w = {.profile = profile, .left = n};
	const struct interaction *seen;

	while ((seen = walk_back(&w, n)) != NULL) {
		size_t n_near;
		const struct neighbour *near = knn_neighbours(k, seen->item, &n_near);

		for (size_t i = 0; i < n_near; i++)
			scores[near[i].item] += w.recency * near[i].likeness;
	}
}

size_t knn_strongest(const struct knn *k, const struct interaction *profile, size_t n,
		     uint32_t item)
{
	struct walk w = {.profile = profile, .left = n};
	const struct interaction *seen;
	size_t best = 0;
	float most = 0;

	while ((seen = walk_back(&w, n)) != NULL) {
		size_t n_near;
		const struct neighbour *near = knn_neighbours(k, seen->item, &n_near);

		/* Sorted: what follows gives less still. */
		for (size_t i = 0; i < n_near && w.recency * near[i].likeness > most; i++)
			if (near[i].item == item) {
				most = w.recency * near[i].likeness;
				best = w.left;
			}
	}
	return best;
}

#include <stdlib.h>

#include "kb/loom_part.h"
#include "text/mem.h"

enum { AHEAD = 8 };

void shuttle_init(struct shuttle *s, const struct loom *l)
{
	s->room = l->k * 4 + 64;
	s->sums = mem_zalloc((l->n_items + 1) * sizeof *s->sums);
	s->used = mem_alloc((l->n_items + 1) * sizeof *s->used);
	s->keys = mem_alloc((s->room + 1) * sizeof *s->keys);
}

void shuttle_done(struct shuttle *s)
{
	free(s->sums);
	free(s->used);
	free(s->keys);
}

/* ---- the sums of one item ---- */

static uint32_t find(const struct thread *t, uint32_t rank)
{
	uint32_t at = 0;

	while (strand_rank(t->v[at]) != rank)
		at++;
	return at;
}

/* What one learner says about the item: every pair of the history within reach. */
static size_t add_learner(struct shuttle *s, const struct loom *l, const struct thread *t,
			  uint32_t rank, size_t n)
{
	uint32_t here = find(t, rank), step = strand_step(t->v[here]), gap;
	float norm = l->lengths[t->length] * t->v[here].weight;

	for (uint32_t i = here; i-- > 0 && (gap = step - strand_step(t->v[i])) <= GAP_MAX;) {
		uint32_t j = strand_rank(t->v[i]);

		s->used[n] = j;
		n += s->sums[j] == 0;
		s->sums[j] += l->back[gap] * norm * t->v[i].weight;
	}
	for (uint32_t i = here + 1; i < t->n && (gap = strand_step(t->v[i]) - step) <= GAP_MAX;
	     i++) {
		uint32_t j = strand_rank(t->v[i]);

		s->used[n] = j;
		n += s->sums[j] == 0;
		s->sums[j] += l->forth[gap] * norm * t->v[i].weight;
	}
	return n;
}

/* How many items have a sum. */
static size_t add_all(struct shuttle *s, const struct loom *l, uint32_t rank)
{
	const struct holders *h = &l->holders[rank];
	size_t n = 0;

	for (uint32_t i = 0; i < h->n; i++) {
		/* A learner's list is anywhere in memory: asked for early. */
		if (i + 2 * AHEAD < h->n)
			__builtin_prefetch(&l->threads[h->v[i + 2 * AHEAD]]);
		if (i + AHEAD < h->n)
			__builtin_prefetch(l->threads[h->v[i + AHEAD]].v);
		n = add_learner(s, l, &l->threads[h->v[i]], rank, n);
	}
	return n;
}

/* ---- the nearest of them ---- */

/* Greater is nearer, then smaller by item. Likenesses are positive: their bits are in their order. */
static uint64_t key_of(float likeness, uint32_t item)
{
	uint32_t bits;

	memcpy(&bits, &likeness, sizeof bits);
	return (uint64_t)bits << 32 | (UINT32_MAX - item);
}

static uint32_t key_item(uint64_t key)
{
	return UINT32_MAX - (uint32_t)key;
}

static float key_likeness(uint64_t key)
{
	uint32_t bits = (uint32_t)(key >> 32);
	float likeness;

	memcpy(&likeness, &bits, sizeof likeness);
	return likeness;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

/* Brings the k greatest of v to its front, in no order (Hoare's quickselect); 0 < k <= n. */
static void part_greatest(uint64_t *v, size_t n, size_t k)
{
	ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, want = (ptrdiff_t)k - 1;

	while (low < high) {
		uint64_t pivot = middle(v[low], v[low + (high - low) / 2], v[high]);
		ptrdiff_t i = low, j = high;

		while (i <= j) {
			while (v[i] > pivot)
				i++;
			while (v[j] < pivot)
				j--;
			if (i <= j) {
				uint64_t x = v[i];

				v[i++] = v[j];
				v[j--] = x;
			}
		}
		if (want <= j)
			high = j;
		else if (want >= i)
			low = i;
		else
			return;
	}
}

static uint64_t least(const uint64_t *v, size_t n)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < n; i++)
		least = v[i] < least ? v[i] : least;
	return least;
}

static uint64_t greatest(const uint64_t *v, size_t n)
{
	uint64_t greatest = 0;

	for (size_t i = 0; i < n; i++)
		greatest = v[i] > greatest ? v[i] : greatest;
	return greatest;
}

/* The k greatest keys of the used ones at the front of s->keys; how many. *beyond: the greatest left
 * out. */
static size_t pick(struct shuttle *s, const struct loom *l, const float *other, size_t n_used,
		   float *beyond)
{
	uint64_t floor = 0, left_out = 0, more;
	size_t n = 0;

	for (size_t i = 0; i < n_used; i++) {
		uint32_t j = s->used[i];
		uint64_t key = key_of(s->sums[j] * other[j], l->item_at[j]);

		if (key < floor) {
			left_out = key > left_out ? key : left_out;
			continue;
		}
		s->keys[n++] = key;
		if (n < s->room)
			continue;
		part_greatest(s->keys, n, l->k);
		more = greatest(s->keys + l->k, n - l->k);
		left_out = more > left_out ? more : left_out;
		n = l->k;
		floor = least(s->keys, n);
	}
	if (n > l->k) {
		part_greatest(s->keys, n, l->k);
		more = greatest(s->keys + l->k, n - l->k);
		left_out = more > left_out ? more : left_out;
		n = l->k;
	}
	*beyond = left_out ? key_likeness(left_out) : 0;
	return n;
}

static int by_item(const void *a, const void *b)
{
	const struct knn_near *x = a, *y = b;

	return x->item < y->item ? -1 : x->item > y->item;
}

struct knn_row *shuttle_row(struct shuttle *s, const struct loom *l, const float *other,
			    uint32_t rank)
{
	size_t n_used = add_all(s, l, rank), n;
	struct knn_row *row = NULL;
	float beyond;

	n = pick(s, l, other, n_used, &beyond);
	if (n) {
		row = mem_alloc(sizeof *row + n * sizeof *row->v);
		row->refs = 1;
		row->n = (uint32_t)n;
		row->beyond = beyond;
		for (size_t i = 0; i < n; i++) {
			uint32_t item = key_item(s->keys[i]);

			row->v[i] = (struct knn_near){item, s->sums[l->rank_of[item]]};
		}
		qsort(row->v, n, sizeof *row->v, by_item);
	}
	for (size_t i = 0; i < n_used; i++)
		s->sums[s->used[i]] = 0;
	return row;
}

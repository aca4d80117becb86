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
	s->bits = mem_zalloc((l->n_items / 64 + 1) * sizeof *s->bits);
}

void shuttle_done(struct shuttle *s)
{
	free(s->sums);
	free(s->used);
	free(s->keys);
	free(s->bits);
}

/* ---- the sums of one item ---- */

static inline size_t add(struct shuttle *s, size_t n, uint32_t rank, float worth)
{
	float before = s->sums[rank];

	s->used[n] = rank;
	s->sums[rank] = before + worth;
	return n + (before == 0);
}

/* What one learner says about the item that stands `here` in the history: every pair within reach. */
static inline size_t add_learner(struct shuttle *s, const struct loom *l, const struct strand *here,
				 uint32_t length, size_t n)
{
	uint32_t step = strand_step(*here), gap;
	float norm = l->lengths[length] * here->weight;

	for (const struct strand *x = here - 1; (gap = step - strand_step(*x)) <= GAP_MAX; x--)
		n = add(s, n, strand_rank(*x), l->back[gap] * norm * x->weight);
	for (const struct strand *x = here + 1; (gap = strand_step(*x) - step) <= GAP_MAX; x++)
		n = add(s, n, strand_rank(*x), l->forth[gap] * norm * x->weight);
	return n;
}

static const struct strand *find(const struct thread *t, uint32_t rank)
{
	const struct strand *x = t->v;

	while (strand_rank(*x) != rank)
		x++;
	return x;
}

/* How many items have a sum. A learner's list is anywhere in memory: it is asked for early. */
static size_t add_holders(struct shuttle *s, const struct loom *l, const struct holders *h,
			  uint32_t rank)
{
	size_t n = 0;

	for (uint32_t i = 0; i < h->n; i++) {
		const struct thread *t = &l->threads[h->v[i]];

		if (i + 2 * AHEAD < h->n)
			__builtin_prefetch(&l->threads[h->v[i + 2 * AHEAD]]);
		if (i + AHEAD < h->n)
			__builtin_prefetch(l->threads[h->v[i + AHEAD]].v);
		n = add_learner(s, l, find(t, rank), t->length, n);
	}
	return n;
}

static size_t add_places(struct shuttle *s, const struct loom *l, const struct place *v,
			 uint32_t n_places)
{
	size_t n = 0;

	for (uint32_t i = 0; i < n_places; i++) {
		if (i + AHEAD < n_places) {
			const struct strand *next = l->strands + v[i + AHEAD].at;

			__builtin_prefetch(next - 6);
			__builtin_prefetch(next + 2);
			__builtin_prefetch(next + 10);
		}
		n = add_learner(s, l, l->strands + v[i].at, v[i].length, n);
	}
	return n;
}

static size_t add_all(struct shuttle *s, const struct loom *l, uint32_t rank)
{
	const struct holders *h = &l->holders[rank];

	return l->places ? add_places(s, l, l->places + (h->v - l->held), h->n)
			 : add_holders(s, l, h, rank);
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
static void part_greatest(struct near_key *v, size_t n, size_t k)
{
	ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, want = (ptrdiff_t)k - 1;

	while (low < high) {
		uint64_t pivot = middle(v[low].key, v[low + (high - low) / 2].key, v[high].key);
		ptrdiff_t i = low, j = high;

		while (i <= j) {
			while (v[i].key > pivot)
				i++;
			while (v[j].key < pivot)
				j--;
			if (i <= j) {
				struct near_key x = v[i];

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

static float greatest(const struct near_key *v, size_t n)
{
	uint64_t greatest = 0;

	for (size_t i = 0; i < n; i++)
		greatest = v[i].key > greatest ? v[i].key : greatest;
	return key_likeness(greatest);
}

static float least(const struct near_key *v, size_t n)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < n; i++)
		least = v[i].key < least ? v[i].key : least;
	return key_likeness(least);
}

/* Leaves the k nearest of n keys: how many there are. */
static size_t keep_nearest(struct shuttle *s, size_t n, size_t k, float *beyond)
{
	float more;

	if (n <= k)
		return n;
	part_greatest(s->keys, n, k);
	more = greatest(s->keys + k, n - k);
	*beyond = more > *beyond ? more : *beyond;
	return k;
}

/* The k nearest of the used ones at the front of s->keys, how many; all sums are zero again. *beyond:
 * the likeness of the nearest left out. */
static size_t pick(struct shuttle *s, const struct loom *l, const float *other, size_t n_used,
		   float *beyond)
{
	float floor = 0;
	size_t n = 0;

	*beyond = 0;
	for (size_t i = 0; i < n_used; i++) {
		uint32_t j = s->used[i];
		float sum = s->sums[j], likeness = sum * other[j];

		s->sums[j] = 0;
		if (likeness < floor) {
			*beyond = likeness > *beyond ? likeness : *beyond;
			continue;
		}
		s->keys[n++] = (struct near_key){key_of(likeness, l->item_at[j]), sum};
		if (n == s->room) {
			n = keep_nearest(s, n, l->k, beyond);
			floor = least(s->keys, n);
		}
	}
	return keep_nearest(s, n, l->k, beyond);
}

/* The keys' items, ascending, with their sums. */
static void write_row(struct shuttle *s, const struct loom *l, size_t n, struct knn_near *out)
{
	size_t low = l->n_items / 64, high = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t item = key_item(s->keys[i].key);
		size_t word = item / 64;

		s->sums[item] = s->keys[i].sum;
		s->bits[word] |= UINT64_C(1) << item % 64;
		low = word < low ? word : low;
		high = word > high ? word : high;
	}
	for (size_t word = low; word <= high; word++) {
		for (uint64_t bits = s->bits[word]; bits; bits &= bits - 1) {
			uint32_t item = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);

			*out++ = (struct knn_near){item, s->sums[item]};
			s->sums[item] = 0;
		}
		s->bits[word] = 0;
	}
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
		write_row(s, l, n, row->v);
	}
	return row;
}

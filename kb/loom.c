#include "kb/loom.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kb/loom_part.h"
#include "text/mem.h"

static const double gap_scale = 6, back_share = .5;

static int64_t mass_of(float weight)
{
	return llround((double)weight / MASS_UNIT);
}

/* ---- one history ---- */

/* Too unpopular to have neighbours, or of no interest. */
static bool passed_over(const struct loom *l, const struct interaction *x)
{
	return !(x->weight > 0) || l->rank_of[x->item] > RANK_MASK;
}

/* The latest of v: strands to `out` (room for HISTORY_MAX or n, whichever is less), and *t what is said
 * of them all. */
static void read_history(const struct loom *l, const struct interaction *v, size_t n,
			 struct strand *out, struct thread *t)
{
	size_t first = n > HISTORY_MAX ? n - HISTORY_MAX : 0;
	uint32_t got = 0, step = 0;

	for (size_t i = first; i < n; i++) {
		if (i > first && v[i].at != v[i - 1].at)
			step++;
		if (!passed_over(l, &v[i]))
			out[got++] = (struct strand){l->rank_of[v[i].item] | step << RANK_BITS,
						     v[i].weight};
	}
	t->n = got;
	t->length = (uint32_t)(n - first);
	t->later = step;
}

/* Adds (sign 1) or takes away (-1) what the learner's list says of all together. */
static void count_history(struct loom *l, const struct thread *t, int sign)
{
	for (uint32_t i = 0; i < t->n; i++)
		l->mass[strand_rank(t->v[i])] += sign * mass_of(t->v[i].weight);
	if (t->length > 1) {
		l->pairs += sign * (int64_t)(t->length - 1);
		l->later += sign * (int64_t)t->later;
	}
}

/* ---- making one ---- */

/* Ranks by number of learners. */
static void rank_items(struct loom *l, const struct histories *h)
{
	uint64_t *counts = mem_zalloc((l->n_items + 1) * sizeof *counts);
	size_t n = h->n_users ? h->start[h->n_users] : 0;
	uint32_t most = 0, *next;

	for (size_t i = 0; i < n; i++) {
		uint64_t count = ++counts[h->v[i].item];

		most = count > most ? (uint32_t)count : most;
	}
	/* A counting sort, the most popular first. */
	next = mem_zalloc(((size_t)most + 2) * sizeof *next);
	for (size_t i = 0; i < l->n_items; i++)
		next[most - counts[i] + 1]++;
	for (size_t i = 0; i <= most; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < l->n_items; i++) {
		uint32_t rank = next[most - counts[i]]++;

		l->rank_of[i] = rank;
		l->item_at[rank] = (uint32_t)i;
	}
	free(next);
	free(counts);
}

/* Read all over: in large pages where the system gives them. Freed with free(). */
static void *large_alloc(size_t size)
{
	enum { PAGE = 1 << 21 };
	void *p;

	if (size < PAGE * 4)
		return mem_alloc(size);
	p = aligned_alloc(PAGE, (size + PAGE - 1) / PAGE * PAGE);
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

static const struct strand no_strand = {(uint32_t)STEP_NONE << RANK_BITS, 0};

static void read_threads(struct loom *l, const struct histories *h)
{
	size_t n = h->n_users ? h->start[h->n_users] : 0;
	struct strand *next = l->strands = large_alloc((n + h->n_users + 1) * sizeof *next);

	assert(n + h->n_users < UINT32_MAX);
	l->n_learners = l->cap_learners = h->n_users;
	l->threads = mem_zalloc((h->n_users + 1) * sizeof *l->threads);
	l->keys = mem_alloc((h->n_users + 1) * sizeof *l->keys);
	*next++ = no_strand;
	for (size_t u = 0; u < h->n_users; u++) {
		struct thread *t = &l->threads[u];

		l->keys[u] = h->keys ? h->keys[u] : u;
		t->v = next;
		read_history(l, h->v + h->start[u], h->start[u + 1] - h->start[u], next, t);
		next += t->n;
		*next++ = no_strand;
		count_history(l, t, 1);
		for (uint32_t i = 0; i < t->n; i++)
			l->holders[strand_rank(t->v[i])].n++;
	}
	l->n_strands = (size_t)(next - l->strands);
}

/* Sorts numbers by key: a radix sort of the keys' upper half, then what is left by insertion. */
static uint32_t *order_learners(const struct loom *l)
{
	enum { BITS = 11, FIRST = 31, SLOTS = 1 << BITS };
	uint32_t *a = mem_alloc((l->n_learners + 1) * sizeof *a);
	uint32_t *b = mem_alloc((l->n_learners + 1) * sizeof *b), *swap;

	for (uint32_t u = 0; u < l->n_learners; u++)
		a[u] = u;
	for (int shift = FIRST; shift < 64; shift += BITS) {
		uint32_t next[SLOTS + 1] = {0};

		for (size_t i = 0; i < l->n_learners; i++)
			next[(l->keys[a[i]] >> shift) % SLOTS + 1]++;
		for (int i = 0; i < SLOTS; i++)
			next[i + 1] += next[i];
		for (size_t i = 0; i < l->n_learners; i++)
			b[next[(l->keys[a[i]] >> shift) % SLOTS]++] = a[i];
		swap = a, a = b, b = swap;
	}
	for (size_t i = 1; i < l->n_learners; i++) {
		uint32_t u = a[i];
		size_t at = i;

		for (; at > 0 && l->keys[a[at - 1]] > l->keys[u]; at--)
			a[at] = a[at - 1];
		a[at] = u;
	}
	free(b);
	return a;
}

static void read_holders(struct loom *l)
{
	uint32_t *order = order_learners(l);
	size_t n = 0;

	l->held = large_alloc(l->n_strands * sizeof *l->held);
	l->places = large_alloc(l->n_strands * sizeof *l->places);
	for (size_t r = 0; r < l->n_items; r++) {
		l->holders[r].v = l->held + n;
		n += l->holders[r].n;
		l->holders[r].n = 0;
	}
	for (size_t o = 0; o < l->n_learners; o++) {
		uint32_t u = order[o];
		const struct thread *t = &l->threads[u];

		for (uint32_t i = 0; i < t->n; i++) {
			struct holders *h = &l->holders[strand_rank(t->v[i])];
			uint32_t at = (uint32_t)(t->v + i - l->strands);

			l->places[h->v + h->n - l->held] = (struct place){at, t->length};
			h->v[h->n++] = u;
		}
	}
	free(order);
}

struct loom *loom_new(const struct histories *h, size_t k)
{
	struct loom *l = mem_zalloc(sizeof *l);
	size_t n = h->n_items;

	l->n_items = n;
	l->k = k;
	l->rank_of = mem_alloc((n + 1) * sizeof *l->rank_of);
	l->item_at = mem_alloc((n + 1) * sizeof *l->item_at);
	l->holders = mem_zalloc((n + 1) * sizeof *l->holders);
	l->mass = mem_zalloc((n + 1) * sizeof *l->mass);
	l->woven_mass = mem_zalloc((n + 1) * sizeof *l->woven_mass);
	l->dirty = mem_zalloc(n + 1);
	l->moved = mem_zalloc(n + 1);
	for (int d = 0; d <= GAP_MAX; d++) {
		l->forth[d] = (float)(d ? exp(-(d - 1) / gap_scale) : 1);
		l->back[d] = (float)(d ? back_share * exp(-(d - 1) / gap_scale) : 1);
	}
	rank_items(l, h);
	read_threads(l, h);
	read_holders(l);
	return l;
}

void loom_free(struct loom *l)
{
	if (!l)
		return;
	for (size_t u = 0; u < l->n_learners; u++)
		if (l->threads[u].cap)
			free(l->threads[u].v - 1);
	for (size_t r = 0; r < l->n_items; r++)
		if (l->holders[r].cap)
			free(l->holders[r].v);
	knn_free(l->last);
	free(l->threads);
	free(l->keys);
	free(l->strands);
	free(l->holders);
	free(l->held);
	free(l->places);
	free(l->rank_of);
	free(l->item_at);
	free(l->mass);
	free(l->woven_mass);
	free(l->dirty);
	free(l->moved);
	free(l);
}

/* ---- changing one ---- */

static void make_room(struct loom *l, uint32_t learner, uint64_t key)
{
	if (learner >= l->cap_learners) {
		size_t cap = learner + learner / 2 + 16;

		l->threads = mem_resize(l->threads, cap, sizeof *l->threads);
		l->keys = mem_resize(l->keys, cap, sizeof *l->keys);
		l->cap_learners = cap;
	}
	while (l->n_learners <= learner) {
		l->keys[l->n_learners] = key;
		l->threads[l->n_learners++] = (struct thread){0};
	}
	if (!l->threads[learner].n) /* may have been passed by before it had a key */
		l->keys[learner] = key;
}

/* Where the learner stands among the holders, or would. */
static uint32_t place_of(const struct loom *l, const struct holders *h, uint32_t learner)
{
	uint32_t low = 0, high = h->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->keys[h->v[mid]] < l->keys[learner])
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void drop_holder(const struct loom *l, struct holders *h, uint32_t learner)
{
	uint32_t at = place_of(l, h, learner);

	memmove(h->v + at, h->v + at + 1, (h->n - at - 1) * sizeof *h->v);
	h->n--;
}

static void add_holder(const struct loom *l, struct holders *h, uint32_t learner)
{
	uint32_t at = place_of(l, h, learner);

	if (h->n >= h->cap) {
		uint32_t cap = h->n + h->n / 4 + 4;
		uint32_t *v =
			h->cap ? mem_resize(h->v, cap, sizeof *v) : mem_alloc(cap * sizeof *v);

		if (!h->cap && h->n)
			memcpy(v, h->v, h->n * sizeof *v);
		h->v = v;
		h->cap = cap;
	}
	memmove(h->v + at + 1, h->v + at, (h->n - at) * sizeof *h->v);
	h->v[at] = learner;
	h->n++;
}

static bool has(const struct strand *v, uint32_t n, uint32_t rank)
{
	for (uint32_t i = 0; i < n; i++)
		if (strand_rank(v[i]) == rank)
			return true;
	return false;
}

static void replace_list(struct thread *t, const struct strand *v, const struct thread *fresh)
{
	if (fresh->n > t->cap) {
		uint32_t cap = fresh->n + fresh->n / 2;

		if (t->cap)
			free(t->v - 1);
		t->v = (struct strand *)mem_alloc((cap + 2) * sizeof *t->v) + 1;
		t->v[-1] = no_strand;
		t->cap = cap;
	}
	if (fresh->n)
		memcpy(t->v, v, fresh->n * sizeof *v);
	if (t->cap) /* an empty list has no place at all before it first grows */
		t->v[fresh->n] = no_strand;
	t->n = fresh->n;
	t->length = fresh->length;
	t->later = fresh->later;
}

static void mark_rows(struct loom *l, const struct thread *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		l->dirty[strand_rank(t->v[i])] = true;
		l->moved[strand_rank(t->v[i])] = true;
	}
}

static void drop_places(struct loom *l)
{
	free(l->places);
	l->places = NULL;
}

void loom_put(struct loom *l, uint32_t learner, uint64_t key, const struct interaction *v, size_t n)
{
	struct strand v_new[HISTORY_MAX];
	struct thread fresh, *t;

	read_history(l, v, n, v_new, &fresh);
	make_room(l, learner, key);
	t = &l->threads[learner];
	drop_places(l);
	mark_rows(l, t);
	count_history(l, t, -1);
	for (uint32_t i = 0; i < t->n; i++)
		if (!has(v_new, fresh.n, strand_rank(t->v[i])))
			drop_holder(l, &l->holders[strand_rank(t->v[i])], learner);
	for (uint32_t i = 0; i < fresh.n; i++)
		if (!has(t->v, t->n, strand_rank(v_new[i])))
			add_holder(l, &l->holders[strand_rank(v_new[i])], learner);
	replace_list(t, v_new, &fresh);
	count_history(l, t, 1);
	mark_rows(l, t);
}

/* ---- asking ---- */

float loom_share(const struct loom *l, uint32_t i, uint32_t j, int64_t steps, size_t length)
{
	size_t gap = (size_t)(steps < 0 ? -steps : steps);
	float worth;

	if (!l->last || gap > GAP_MAX)
		return 0;
	worth = steps < 0 ? l->back[gap] : l->forth[gap];
	return worth * l->lengths[length < HISTORY_MAX ? length : HISTORY_MAX] * l->last->own[i] *
	       l->last->other[j];
}

void loom_interest(const struct loom *l, float *interest)
{
	for (size_t i = 0; i < l->n_items; i++)
		interest[i] = (float)((double)l->mass[l->rank_of[i]] * MASS_UNIT);
}

size_t loom_bytes(const struct loom *l)
{
	size_t bytes = sizeof *l + l->cap_learners * (sizeof *l->threads + sizeof *l->keys) +
		       l->n_strands * (sizeof *l->strands + sizeof *l->held) +
		       l->n_items * (2 * sizeof *l->rank_of + sizeof *l->holders +
				     2 * sizeof *l->mass + 2 * sizeof *l->dirty);

	for (size_t u = 0; u < l->n_learners; u++)
		bytes += l->threads[u].cap * sizeof *l->strands;
	for (size_t r = 0; r < l->n_items; r++)
		bytes += l->holders[r].cap * sizeof *l->held;
	return bytes;
}

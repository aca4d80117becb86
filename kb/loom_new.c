#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kb/loom_part.h"
#include "kb/parallel.h"
#include "text/mem.h"

/* Learners are read in the order of their keys, cut into as many parts as there are threads. Each part
 * counts for itself; the counts of those before say where its own go, so that all comes to lie where one
 * thread would have put it. */

static const double gap_scale = 6, back_share = .5;

struct part {
	size_t from, to;  /* learners, in order of keys */
	size_t first, n;  /* strands */
	uint32_t *counts; /* of learners, by item, then by rank; then where the next goes */
	int64_t *mass;	  /* by rank */
	int64_t later, pairs;
};

struct reading {
	struct loom *l;
	const struct histories *h;
	const uint32_t *order; /* learners; NULL: in order of numbers */
	struct part *parts;
	unsigned n_parts;
};

static uint32_t learner_at(const struct reading *r, size_t o)
{
	return r->order ? r->order[o] : (uint32_t)o;
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

/* ---- the order of learners ---- */

/* Sorts numbers by key: a radix sort of the keys' upper half, then what is left by insertion. */
static uint32_t *order_learners(const uint64_t *keys, size_t n)
{
	enum { BITS = 11, FIRST = 31, SLOTS = 1 << BITS };
	uint32_t *a = mem_alloc((n + 1) * sizeof *a);
	uint32_t *b = mem_alloc((n + 1) * sizeof *b), *swap;

	for (uint32_t u = 0; u < n; u++)
		a[u] = u;
	for (int shift = FIRST; shift < 64; shift += BITS) {
		uint32_t next[SLOTS + 1] = {0};

		for (size_t i = 0; i < n; i++)
			next[(keys[a[i]] >> shift) % SLOTS + 1]++;
		for (int i = 0; i < SLOTS; i++)
			next[i + 1] += next[i];
		for (size_t i = 0; i < n; i++)
			b[next[(keys[a[i]] >> shift) % SLOTS]++] = a[i];
		swap = a, a = b, b = swap;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t u = a[i];
		size_t at = i;

		for (; at > 0 && keys[a[at - 1]] > keys[u]; at--)
			a[at] = a[at - 1];
		a[at] = u;
	}
	free(b);
	return a;
}

/* ---- the ranks of items ---- */

static void count_items(void *ctx, unsigned part)
{
	const struct reading *r = ctx;
	const struct histories *h = r->h;
	size_t n = h->n_users ? h->start[h->n_users] : 0;
	uint32_t *counts = r->parts[part].counts;

	for (size_t i = n * part / r->n_parts; i < n * (part + 1) / r->n_parts; i++)
		counts[h->v[i].item]++;
}

/* A counting sort by number of learners, the most popular first. The counts are zero again. */
static void rank_items(struct reading *r)
{
	struct loom *l = r->l;
	uint32_t *counts = mem_zalloc((l->n_items + 1) * sizeof *counts), most = 0, *next;

	parallel_run(r->n_parts, count_items, r);
	for (unsigned p = 0; p < r->n_parts; p++)
		for (size_t i = 0; i < l->n_items; i++)
			counts[i] += r->parts[p].counts[i];
	for (unsigned p = 0; p < r->n_parts; p++)
		memset(r->parts[p].counts, 0, l->n_items * sizeof *counts);
	for (size_t i = 0; i < l->n_items; i++)
		most = counts[i] > most ? counts[i] : most;
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

/* ---- the lists by learner ---- */

static void count_list(struct part *p, const struct thread *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t rank = strand_rank(t->v[i]);

		p->counts[rank]++;
		p->mass[rank] += strand_mass(t->v[i]);
	}
	if (t->length > 1) {
		p->pairs += t->length - 1;
		p->later += t->later;
	}
}

static void read_part(void *ctx, unsigned part)
{
	enum { AHEAD = 8 };
	struct reading *r = ctx;
	struct loom *l = r->l;
	struct part *p = &r->parts[part];
	const struct histories *h = r->h;
	struct strand *next = l->strands + p->first;

	*next++ = no_strand;
	for (size_t o = p->from; o < p->to; o++) {
		uint32_t u = learner_at(r, o), start = h->start[u];
		struct thread *t = &l->threads[u];

		if (o + 2 * AHEAD < p->to)
			__builtin_prefetch(&h->start[learner_at(r, o + 2 * AHEAD)]);
		if (o + AHEAD < p->to)
			__builtin_prefetch(h->v + h->start[learner_at(r, o + AHEAD)]);
		l->keys[u] = h->keys ? h->keys[u] : u;
		*t = (struct thread){.v = next};
		loom_read_history(l, h->v + start, h->start[u + 1] - start, next, t);
		next += t->n;
		*next++ = no_strand;
		count_list(p, t);
	}
	p->n = (size_t)(next - l->strands) - p->first;
}

/* Room for the strands of each part, one behind each list and one before all. */
static void read_threads(struct reading *r)
{
	struct loom *l = r->l;
	const struct histories *h = r->h;
	size_t n = 0;

	for (unsigned i = 0; i < r->n_parts; i++) {
		struct part *p = &r->parts[i];

		p->first = n;
		for (size_t o = p->from; o < p->to; o++) {
			uint32_t u = learner_at(r, o);

			n += h->start[u + 1] - h->start[u];
		}
		n += p->to - p->from + 1;
	}
	assert(n < UINT32_MAX);
	l->n_strands = n;
	l->strands = large_alloc(n * sizeof *l->strands);
	l->n_learners = l->cap_learners = h->n_users;
	l->threads = large_alloc((h->n_users + 1) * sizeof *l->threads);
	l->keys = mem_alloc((h->n_users + 1) * sizeof *l->keys);
	parallel_run(r->n_parts, read_part, r);
}

/* ---- the lists by item ---- */

/* Where the learners of each item begin, and each part's own among them. */
static void share_out(struct reading *r)
{
	struct loom *l = r->l;
	size_t n = 0;

	for (size_t rank = 0; rank < l->n_items; rank++) {
		l->holders[rank].v = l->held + n;
		for (unsigned i = 0; i < r->n_parts; i++) {
			struct part *p = &r->parts[i];
			uint32_t count = p->counts[rank];

			p->counts[rank] = (uint32_t)n;
			n += count;
			l->mass[rank] += p->mass[rank];
		}
		l->holders[rank].n = (uint32_t)(n - (size_t)(l->holders[rank].v - l->held));
	}
	for (unsigned i = 0; i < r->n_parts; i++) {
		l->pairs += r->parts[i].pairs;
		l->later += r->parts[i].later;
	}
}

static void hold_list(struct loom *l, struct part *p, uint32_t learner)
{
	const struct thread *t = &l->threads[learner];
	uint32_t at = (uint32_t)(t->v - l->strands), low = 0, high = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t step = strand_step(t->v[i]), place = p->counts[strand_rank(t->v[i])]++;

		while (step - strand_step(t->v[low]) > GAP_MAX)
			low++;
		while (high < t->n && strand_step(t->v[high]) - step + GAP_MAX <= 2 * GAP_MAX)
			high++;
		l->held[place] = learner;
		l->places[place] = place_make(at + i, i - low, high - i - 1, t->length);
	}
}

static void hold_part(void *ctx, unsigned part)
{
	enum { AHEAD = 8 };
	struct reading *r = ctx;
	struct part *p = &r->parts[part];

	for (size_t o = p->from; o < p->to; o++) {
		if (o + AHEAD < p->to)
			__builtin_prefetch(&r->l->threads[learner_at(r, o + AHEAD)]);
		hold_list(r->l, p, learner_at(r, o));
	}
}

static void read_holders(struct reading *r)
{
	struct loom *l = r->l;

	l->held = large_alloc(l->n_strands * sizeof *l->held);
	l->places = large_alloc(l->n_strands * sizeof *l->places);
	share_out(r);
	parallel_run(r->n_parts, hold_part, r);
}

/* ---- the whole ---- */

static struct loom *blank(size_t n, size_t k)
{
	struct loom *l = mem_zalloc(sizeof *l);

	l->n_items = n;
	l->k = k;
	l->rank_of = mem_alloc((n + 1) * sizeof *l->rank_of);
	l->item_at = mem_alloc((n + 1) * sizeof *l->item_at);
	l->holders = mem_zalloc((n + 1) * sizeof *l->holders);
	l->mass = mem_zalloc((n + 1) * sizeof *l->mass);
	l->woven_mass = mem_zalloc((n + 1) * sizeof *l->woven_mass);
	l->dirty = mem_zalloc(n + 1);
	l->moved = mem_zalloc(n + 1);
	l->worth[GAP_MAX] = 1;
	for (int d = 1; d <= GAP_MAX; d++) {
		double worth = exp(-(d - 1) / gap_scale);

		l->worth[GAP_MAX + d] = (float)worth;
		l->worth[GAP_MAX - d] = (float)(back_share * worth);
	}
	return l;
}

static void begin_parts(struct reading *r, size_t n_items)
{
	size_t n = r->h->n_users;

	r->parts = mem_zalloc(r->n_parts * sizeof *r->parts);
	for (unsigned i = 0; i < r->n_parts; i++) {
		struct part *p = &r->parts[i];

		p->from = n * i / r->n_parts;
		p->to = n * (i + 1) / r->n_parts;
		p->counts = mem_zalloc((n_items + 1) * sizeof *p->counts);
		p->mass = mem_zalloc((n_items + 1) * sizeof *p->mass);
	}
}

static void end_parts(struct reading *r)
{
	for (unsigned i = 0; i < r->n_parts; i++) {
		free(r->parts[i].counts);
		free(r->parts[i].mass);
	}
	free(r->parts);
}

struct loom *loom_new(const struct histories *h, size_t k)
{
	struct loom *l = blank(h->n_items, k);
	uint32_t *order = h->keys ? order_learners(h->keys, h->n_users) : NULL;
	struct reading r = {.l = l, .h = h, .order = order, .n_parts = parallel_cores()};

	begin_parts(&r, h->n_items);
	rank_items(&r);
	read_threads(&r);
	read_holders(&r);
	end_parts(&r);
	free(order);
	return l;
}

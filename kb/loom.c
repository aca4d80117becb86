#include "kb/loom.h"

#include <stdlib.h>

#include "kb/loom_part.h"
#include "text/mem.h"

const struct strand no_strand = {(uint32_t)STEP_NONE << RANK_BITS, 0};

/* ---- one history ---- */

/* Too unpopular to have neighbours, or of no interest. */
static bool passed_over(const struct loom *l, const struct interaction *x)
{
	return !(x->weight > 0) || l->rank_of[x->item] > RANK_MASK;
}

void loom_read_history(const struct loom *l, const struct interaction *v, size_t n,
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
		l->mass[strand_rank(t->v[i])] += sign * strand_mass(t->v[i]);
	if (t->length > 1) {
		l->pairs += sign * (int64_t)(t->length - 1);
		l->later += sign * (int64_t)t->later;
	}
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

	loom_read_history(l, v, n, v_new, &fresh);
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
	worth = l->worth[GAP_MAX + steps];
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

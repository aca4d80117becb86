#include <math.h>
#include <stdlib.h>

#include "kb/loom_part.h"
#include "kb/parallel.h"
#include "text/mem.h"

/* Powers of the length of a history and of the learners of the two items (knn.h). */
static const struct powers {
	double length, own, other;
} powers[] = {{.7, .7, .4}, {.4, .55, .4}}; /* by whether histories are ordered */

enum {
	CHUNK = 16,	   /* rows a thread takes at once */
	ORDERED_PART = 10, /* of the neighbours in histories must be at different times */
};

struct weave {
	struct loom *l;
	struct knn *to;
	float *other;	/* by rank, zeros behind */
	uint32_t *rows; /* ranks to make */
	struct knn_row **made;
	size_t n_rows;
	size_t next; /* atomic */
};

/* ---- how popular each item is ---- */

static void set_powers(struct weave *w, bool all, bool ordered)
{
	struct loom *l = w->l;
	const struct powers *p = &powers[ordered];

	for (int i = 0; all && i <= HISTORY_MAX; i++)
		l->lengths[i] = (float)pow(i > 1 ? i - 1 : 1, -p->length);
	for (size_t r = 0; r < l->n_items; r++) {
		uint32_t item = l->item_at[r];

		if (all || l->mass[r] != l->woven_mass[r]) {
			double n = (double)l->mass[r] * MASS_UNIT;

			w->to->own[item] = n > 0 ? (float)pow(n, -p->own) : 0;
			w->to->other[item] = n > 0 ? (float)pow(n, -p->other) : 0;
		}
		w->other[r] = w->to->other[item];
	}
}

/* ---- which rows ---- */

/* Fewer took j: it may have come near to whatever its learners took. */
static void mark_around(struct loom *l, uint32_t rank)
{
	const struct holders *h = &l->holders[rank];

	for (uint32_t i = 0; i < h->n; i++) {
		const struct thread *t = &l->threads[h->v[i]];

		for (uint32_t x = 0; x < t->n; x++)
			l->dirty[strand_rank(t->v[x])] = true;
	}
}

/* True when some masses grew: rows may have lost a neighbour to one that was left out. */
static bool note_masses(struct loom *l, bool *grew)
{
	bool some = false;

	for (uint32_t r = 0; r < l->n_items; r++) {
		if (!l->moved[r])
			continue;
		if (l->mass[r] < l->woven_mass[r])
			mark_around(l, r);
		grew[l->item_at[r]] = l->mass[r] > l->woven_mass[r];
		some |= l->mass[r] > l->woven_mass[r];
	}
	return some;
}

static bool lost_one(const struct weave *w, const struct knn_row *row, const bool *grew)
{
	for (uint32_t i = 0; i < row->n; i++) {
		struct knn_near near = row->v[i];

		if (grew[near.item] && near.sum * w->to->other[near.item] <= row->beyond)
			return true;
	}
	return false;
}

static void mark_losers(struct weave *w)
{
	struct loom *l = w->l;
	bool *grew = mem_zalloc(l->n_items + 1);

	if (note_masses(l, grew))
		for (uint32_t item = 0; item < l->n_items; item++) {
			const struct knn_row *row = knn_row(l->last, item);

			if (row && row->beyond > 0 && !l->dirty[l->rank_of[item]])
				l->dirty[l->rank_of[item]] = lost_one(w, row, grew);
		}
	free(grew);
}

static void list_rows(struct weave *w, bool all)
{
	for (uint32_t r = 0; r < w->l->n_items; r++)
		if (all || w->l->dirty[r])
			w->rows[w->n_rows++] = r;
}

/* ---- making them ---- */

static void make_rows(void *ctx, unsigned thread)
{
	struct weave *w = ctx;
	struct shuttle s;
	size_t from;

	(void)thread;
	shuttle_init(&s, w->l);
	while ((from = __atomic_fetch_add(&w->next, CHUNK, __ATOMIC_RELAXED)) < w->n_rows)
		for (size_t i = from; i < from + CHUNK && i < w->n_rows; i++)
			w->made[i] = shuttle_row(&s, w->l, w->other, w->rows[i]);
	shuttle_done(&s);
}

static void set_rows(struct weave *w)
{
	for (size_t i = 0; i < w->n_rows; i++) {
		uint32_t item = w->l->item_at[w->rows[i]];

		knn_own_page(w->to, item);
		knn_set_row(w->to, item, w->made[i]);
	}
}

static void settle(struct loom *l, struct knn *woven, bool ordered)
{
	woven->ordered = ordered;
	knn_free(l->last);
	free(l->places);
	l->places = NULL;
	l->last = knn_ref(woven);
	l->ordered = ordered;
	memcpy(l->woven_mass, l->mass, l->n_items * sizeof *l->mass);
	memset(l->dirty, 0, l->n_items);
	memset(l->moved, 0, l->n_items);
}

struct knn *loom_weave(struct loom *l, unsigned threads)
{
	bool ordered = l->later * ORDERED_PART >= l->pairs;
	bool all = !l->last || ordered != l->ordered;
	struct weave w = {
		.l = l,
		.to = l->last ? knn_copy(l->last) : knn_blank(l->n_items),
		.other = mem_zalloc((l->n_items + 64 * LINE) * sizeof(float)),
		.rows = mem_alloc((l->n_items + 1) * sizeof(uint32_t)),
	};

	set_powers(&w, all, ordered);
	if (!all)
		mark_losers(&w);
	list_rows(&w, all);
	w.made = mem_alloc((w.n_rows + 1) * sizeof(struct knn_row *));
	parallel_run(w.n_rows > CHUNK ? threads : 1, make_rows, &w);
	set_rows(&w);
	settle(l, w.to, ordered);
	free(w.other);
	free(w.rows);
	free(w.made);
	return w.to;
}

#include "kb/knn.h"

#include <stdlib.h>

#include "kb/knn_rows.h"
#include "kb/loom.h"
#include "kb/parallel.h"
#include "kb/sparse.h"
#include "text/mem.h"

enum { PROFILE_MAX = 500 }; /* as of histories */

/* ---- one table ---- */

static bool let_go(int *refs)
{
	return __atomic_sub_fetch(refs, 1, __ATOMIC_ACQ_REL) == 0;
}

static void hold(int *refs)
{
	__atomic_add_fetch(refs, 1, __ATOMIC_RELAXED);
}

struct knn *knn_blank(size_t n_items)
{
	struct knn *k = mem_zalloc(sizeof *k);

	k->refs = 1;
	k->n_items = n_items;
	k->n_pages = (n_items + PAGE_ROWS - 1) / PAGE_ROWS;
	k->own = mem_zalloc((n_items * 2 + 1) * sizeof *k->own);
	k->other = k->own + n_items;
	k->pages = mem_zalloc((k->n_pages + 1) * sizeof(struct knn_page *));
	for (size_t i = 0; i < k->n_pages; i++) {
		k->pages[i] = mem_zalloc(sizeof *k->pages[i]);
		k->pages[i]->refs = 1;
	}
	return k;
}

struct knn *knn_copy(const struct knn *old)
{
	struct knn *k = mem_alloc(sizeof *k);

	*k = *old;
	k->refs = 1;
	k->own = mem_alloc((k->n_items * 2 + 1) * sizeof *k->own);
	k->other = k->own + k->n_items;
	memcpy(k->own, old->own, k->n_items * 2 * sizeof *k->own);
	k->pages = mem_alloc((k->n_pages + 1) * sizeof(struct knn_page *));
	for (size_t i = 0; i < k->n_pages; i++) {
		k->pages[i] = old->pages[i];
		hold(&k->pages[i]->refs);
	}
	return k;
}

static void row_free(struct knn_row *row)
{
	if (row && let_go(&row->refs))
		free(row);
}

static void page_free(struct knn_page *page)
{
	if (!let_go(&page->refs))
		return;
	for (size_t i = 0; i < PAGE_ROWS; i++)
		row_free(page->rows[i]);
	free(page);
}

void knn_own_page(struct knn *k, uint32_t item)
{
	struct knn_page **at = &k->pages[item / PAGE_ROWS], *old = *at;

	if (__atomic_load_n(&old->refs, __ATOMIC_ACQUIRE) == 1)
		return;
	*at = mem_alloc(sizeof **at);
	**at = *old;
	(*at)->refs = 1;
	for (size_t i = 0; i < PAGE_ROWS; i++)
		if (old->rows[i])
			hold(&old->rows[i]->refs);
	page_free(old);
}

void knn_set_row(struct knn *k, uint32_t item, struct knn_row *row)
{
	struct knn_row **at = &k->pages[item / PAGE_ROWS]->rows[item % PAGE_ROWS];

	row_free(*at);
	*at = row;
}

struct knn *knn_ref(struct knn *k)
{
	hold(&k->refs);
	return k;
}

void knn_free(struct knn *k)
{
	if (!k || !let_go(&k->refs))
		return;
	for (size_t i = 0; i < k->n_pages; i++)
		page_free(k->pages[i]);
	free(k->pages);
	free(k->own);
	free(k);
}

struct knn *knn_new(const struct histories *h, size_t k)
{
	struct loom *loom = loom_new(h, k);
	struct knn *knn = loom_weave(loom, parallel_cores());

	loom_free(loom);
	return knn;
}

bool knn_is_ordered(const struct knn *k)
{
	return k->ordered;
}

size_t knn_bytes(const struct knn *k)
{
	size_t bytes = sizeof *k + k->n_items * 2 * sizeof *k->own +
		       k->n_pages * (sizeof *k->pages + sizeof **k->pages);

	for (uint32_t i = 0; i < k->n_items; i++) {
		const struct knn_row *row = knn_row(k, i);

		bytes += row ? sizeof *row + row->n * sizeof *row->v : 0;
	}
	return bytes;
}

/* ---- reading it ---- */

static const struct knn_row *find_row(const struct knn *k, uint32_t item)
{
	return item < k->n_items ? knn_row(k, item) : NULL;
}

static int by_likeness(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->likeness != y->likeness)
		return x->likeness > y->likeness ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

size_t knn_neighbours(const struct knn *k, uint32_t item, struct neighbour *out, size_t max)
{
	const struct knn_row *row = find_row(k, item);
	struct neighbour *all;
	size_t n = row ? row->n : 0;

	if (!n || !max)
		return 0;
	all = mem_alloc(n * sizeof *all);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct neighbour){row->v[i].item, row->v[i].sum * k->own[item] *
								    k->other[row->v[i].item]};
	qsort(all, n, sizeof *all, by_likeness);
	n = n < max ? n : max;
	memcpy(out, all, n * sizeof *out);
	free(all);
	return n;
}

float knn_recency(float weight, size_t p)
{
	return weight / (float)(1 + p);
}

/* A row of the profile, and what each of its sums counts for the score. */
struct counted {
	const struct knn_row *row;
	float by;
	uint32_t place; /* in the profile */
};

/* The rows of a profile, the latest first; how many. They lie all over memory: all their beginnings are on the way
 * by the time the first is needed. */
static size_t read_rows(const struct knn *k, const struct interaction *profile, size_t n,
			struct counted out[PROFILE_MAX])
{
	size_t got = 0, step = 0;

	for (size_t i = n; i-- > 0 && n - i <= PROFILE_MAX;) {
		const struct interaction *seen = &profile[i];
		const struct knn_row *row = find_row(k, seen->item);

		if (i + 1 < n && seen->at != seen[1].at)
			step++;
		if (!row)
			continue;
		__builtin_prefetch(row);
		out[got++] = (struct counted){
			row, knn_recency(seen->weight, step) * k->own[seen->item], (uint32_t)i};
	}
	return got;
}

/* The next rows come while one is added; all of them at once is as slow as one after the other. */
static void fetch_row(const struct knn_row *row)
{
	enum {
		LINES = 13,
		LINE = 64
	}; /* of 100 neighbours; what follows the processor fetches by itself */

	for (size_t i = 0; i < LINES; i++)
		__builtin_prefetch((const char *)row + i * LINE);
}

void knn_add(const struct knn *k, const struct interaction *profile, size_t n, struct sparse *out)
{
	enum { AHEAD = 2 };
	struct counted rows[PROFILE_MAX];
	struct sparse s = *out;

	n = read_rows(k, profile, n, rows);
	for (size_t r = 0; r < AHEAD && r < n; r++)
		fetch_row(rows[r].row);
	for (size_t r = 0; r < n; r++) {
		const struct knn_row *row = rows[r].row;

		if (r + AHEAD < n)
			fetch_row(rows[r + AHEAD].row);
		for (size_t i = 0; i < row->n; i++)
			sparse_add(&s, row->v[i].item, rows[r].by * row->v[i].sum);
	}
	out->n = s.n;
}

const float *knn_ends(const struct knn *k)
{
	return k->other;
}

/* By halving without branches, of which every other would be foretold wrong. */
static float sum_of(const struct knn_row *row, uint32_t item)
{
	const struct knn_near *at = row->v;

	for (size_t n = row->n; n > 1; n -= n / 2)
		at += at[n / 2 - 1].item < item ? n / 2 : 0;
	return row->n && at->item == item ? at->sum : 0;
}

float knn_likeness(const struct knn *k, uint32_t i, uint32_t j)
{
	const struct knn_row *row = find_row(k, i);

	return row && j < k->n_items ? sum_of(row, j) * k->own[i] * k->other[j] : 0;
}

float knn_beyond(const struct knn *k, uint32_t i)
{
	const struct knn_row *row = find_row(k, i);

	return row ? row->beyond * k->own[i] : 0;
}

size_t knn_strongest(const struct knn *k, const struct interaction *profile, size_t n,
		     uint32_t item)
{
	struct counted rows[PROFILE_MAX];
	size_t best = 0;
	float most = 0;

	n = read_rows(k, profile, n, rows);
	for (size_t r = 0; r < n; r++) {
		float gave = rows[r].by * sum_of(rows[r].row, item);

		if (gave > most) {
			most = gave;
			best = rows[r].place;
		}
	}
	return best;
}

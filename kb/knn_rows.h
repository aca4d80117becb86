/* The inside of a table of neighbours, for those who weave it (loom*.c) and those who read it (knn.c).
 *
 *	table -> pages of PAGE_ROWS rows -> rows; a new table shares the pages, and a new page the rows,
 *	that did not change. Each has a count of references.
 *
 * A row holds the sums W(i,j), sorted by item; likeness(i,j) = W own[i] other[j]. What others did with
 * j changes other[j] and so every likeness to it, but no row: only those are made anew in which j is
 * no longer among the nearest. */
#ifndef KB_KNN_ROWS_H
#define KB_KNN_ROWS_H

#include "kb/knn.h"

enum { PAGE_ROWS = 64 };

struct knn_near {
	uint32_t item;
	float sum;
};

struct knn_row {
	int refs; /* atomic */
	uint32_t n;
	float beyond; /* no item that is left out has more than this for sum * other */
	struct knn_near v[];
};

struct knn_page {
	int refs;			 /* atomic */
	struct knn_row *rows[PAGE_ROWS]; /* NULL: no neighbours */
};

struct knn {
	int refs; /* atomic */
	bool ordered;
	size_t n_items, n_pages;
	float *own, *other; /* per item; one block, own first */
	struct knn_page **pages;
};

/* All zero, no rows. */
struct knn *knn_blank(size_t n_items);
/* A table with the rows of `old`. own and other are copies. */
struct knn *knn_copy(const struct knn *old);
/* Pages of a copy are shared: makes the page of `item` this table's own. */
void knn_own_page(struct knn *k, uint32_t item);
/* In an own page: the row (one reference, taken over; may be NULL) in the place of the old one. */
void knn_set_row(struct knn *k, uint32_t item, struct knn_row *row);

static inline const struct knn_row *knn_row(const struct knn *k, uint32_t item)
{
	return k->pages[item / PAGE_ROWS]->rows[item % PAGE_ROWS];
}

#endif

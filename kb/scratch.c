#include "kb/scratch.h"

#include <stdlib.h>

#include "text/mem.h"

enum { KEPT = 8 }; /* for as many threads that ask at once */

struct scratch_pool {
	int refs; /* atomic */
	size_t n_items;
	struct scratch *kept[KEPT]; /* atomic; NULL: none */
};

/* ---- one question's ---- */

static struct scratch *scratch_new(size_t n)
{
	struct scratch *s = mem_zalloc(sizeof *s);

	sparse_init(&s->taste, n);
	sparse_init(&s->alike, n);
	sparse_init(&s->averse, n);
	sparse_init(&s->near, n);
	s->out = mem_zalloc(n + 1);
	s->left_out = mem_alloc((n + 1) * sizeof *s->left_out);
	return s;
}

static void scratch_free(struct scratch *s)
{
	if (!s)
		return;
	sparse_done(&s->taste);
	sparse_done(&s->alike);
	sparse_done(&s->averse);
	sparse_done(&s->near);
	free(s->out);
	free(s->left_out);
	free(s);
}

static void clear(struct scratch *s)
{
	sparse_clear(&s->taste);
	sparse_clear(&s->alike);
	sparse_clear(&s->averse);
	sparse_clear(&s->near);
	for (size_t i = 0; i < s->n_left_out; i++)
		s->out[s->left_out[i]] = false;
	s->n_left_out = 0;
}

void scratch_leave_out(struct scratch *s, uint32_t item)
{
	if (!s->out[item])
		s->left_out[s->n_left_out++] = item;
	s->out[item] = true;
}

/* ---- the pool ---- */

struct scratch_pool *scratch_pool_new(size_t n_items)
{
	struct scratch_pool *p = mem_zalloc(sizeof *p);

	p->refs = 1;
	p->n_items = n_items;
	return p;
}

struct scratch_pool *scratch_pool_ref(struct scratch_pool *p)
{
	__atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void scratch_pool_free(struct scratch_pool *p)
{
	if (!p || __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < KEPT; i++)
		scratch_free(p->kept[i]);
	free(p);
}

struct scratch *scratch_take(struct scratch_pool *p)
{
	for (size_t i = 0; i < KEPT; i++) {
		struct scratch *s = __atomic_exchange_n(&p->kept[i], NULL, __ATOMIC_ACQ_REL);

		if (s)
			return s;
	}
	return scratch_new(p->n_items);
}

void scratch_give(struct scratch_pool *p, struct scratch *s)
{
	clear(s);
	for (size_t i = 0; i < KEPT; i++) {
		struct scratch *none = NULL;

		if (__atomic_compare_exchange_n(&p->kept[i], &none, s, false, __ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return;
	}
	scratch_free(s);
}

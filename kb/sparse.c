#include "kb/sparse.h"

#include <stdlib.h>

#include "text/mem.h"

void sparse_init(struct sparse *s, size_t n)
{
	*s = (struct sparse){.v = mem_zalloc((n + 1) * sizeof *s->v),
			     .list = mem_alloc((n + 1) * sizeof *s->list),
			     .whole = 1};
}

void sparse_done(struct sparse *s)
{
	free(s->v);
	free(s->list);
}

void sparse_list(struct sparse *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint32_t item = s->list[i].item;

		s->list[n] = (struct sparse_one){item, sparse_get(s, item)};
		if (sparse_is_none(s->list[n].x))
			s->v[item] = 0;
		else
			n++;
	}
	s->n = n;
}

static float weigh(struct sparse *s, const float *by)
{
	float most = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint32_t item = s->list[i].item;
		float x = s->v[item] * by[item];

		s->v[item] = x;
		s->list[i].x = x;
		most = x > most ? x : most;
	}
	return most;
}

static float greatest(struct sparse *s)
{
	float most = 0;

	for (size_t i = 0; i < s->n; i++) {
		float x = s->v[s->list[i].item];

		s->list[i].x = x;
		most = x > most ? x : most;
	}
	return most;
}

void sparse_scale(struct sparse *s, const float *by, const float *also)
{
	float most = by ? weigh(s, by) : 0;
	size_t left = 0;

	if (also)
		most = weigh(s, also);
	else if (!by)
		most = greatest(s);
	s->whole = most > 0 ? most : 1;
	for (size_t i = 0; i < s->n; i++) {
		struct sparse_one one = {s->list[i].item, s->list[i].x / s->whole};

		s->list[left] = one;
		left += !sparse_is_none(one.x);
		if (sparse_is_none(one.x)) /* too little to be told from nothing */
			s->v[one.item] = 0;
	}
	s->n = left;
}

void sparse_flatten(struct sparse *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->v[s->list[i].item] = s->list[i].x;
	s->whole = 1;
}

void sparse_take(struct sparse *s)
{
	for (size_t i = 0; i < s->n; i++) {
		float *v = &s->v[s->list[i].item];

		s->list[i].x = *v;
		*v = 0;
	}
}

void sparse_clear(struct sparse *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->v[s->list[i].item] = 0;
	s->n = 0;
	s->whole = 1;
}

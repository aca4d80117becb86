#include "lesson.h"

#include <stdlib.h>

#include "text/mem.h"

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

struct lesson *lesson_new(const struct profiles *p, const struct catalogue *c, uint32_t *learners,
			  size_t n)
{
	struct lesson *l = mem_zalloc(sizeof *l);
	size_t got = 0;

	qsort(learners, n, sizeof *learners, by_number);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || learners[i] != learners[i - 1])
			learners[l->n++] = learners[i];
	for (size_t i = 0; i < l->n; i++)
		got += profiles_at(p, learners[i]).n;
	l->edition = catalogue_edition(c);
	l->pupils = mem_alloc((l->n + 1) * sizeof *l->pupils);
	l->v = mem_alloc((got + 1) * sizeof *l->v);
	got = 0;
	for (size_t i = 0; i < l->n; i++) {
		size_t items = history_one(p, learners[i], c, l->v + got);

		l->pupils[i] =
			(struct pupil){learners[i], profiles_key(p, learners[i]), got, items};
		got += items;
	}
	return l;
}

void lesson_free(struct lesson *l)
{
	if (!l)
		return;
	free(l->pupils);
	free(l->v);
	free(l);
}

void lesson_learn(const struct lesson *l, struct loom *loom)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct pupil *p = &l->pupils[i];

		loom_put(loom, p->learner, p->key, l->v + p->first, p->n);
	}
}

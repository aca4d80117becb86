#include "kb/history.h"

#include <stdlib.h>

#include "text/mem.h"

/* Less interest than this (a look, then a bad rating) is no reason to call courses alike. */
static const float least_weight = .1f;

static bool add(const struct seen *seen, int32_t item, struct interaction *out)
{
	float interest = seen_interest(*seen);

	if (item < 0 || !(interest >= least_weight))
		return false;
	*out = (struct interaction){(uint32_t)item, interest, seen->at_unix_ms};
	return true;
}

static int32_t item_of(const struct profiles *p, uint32_t course, const struct catalogue *c)
{
	return catalogue_find(c, profiles_course(p, course));
}

size_t history_one(const struct profiles *p, uint32_t learner, const struct catalogue *c,
		   struct interaction *out)
{
	struct profile of = profiles_at(p, learner);
	size_t n = 0;

	for (size_t i = 0; i < of.n; i++) {
		const struct seen seen = profile_seen(of, i);

		n += add(&seen, item_of(p, seen.course, c), &out[n]);
	}
	return n;
}

/* Each course is looked up once. */
static int32_t *items_of(const struct profiles *p, const struct catalogue *c)
{
	uint32_t n = profiles_courses(p);
	int32_t *items = mem_alloc((n + 1) * sizeof *items);

	for (uint32_t i = 0; i < n; i++)
		items[i] = item_of(p, i, c);
	return items;
}

void history_of(const struct profiles *p, const struct catalogue *c, struct history *out)
{
	size_t users = profiles_users(p), all = 0;
	int32_t *items = items_of(p, c);
	struct history h = {.start = mem_zalloc((users + 1) * sizeof *h.start),
			    .keys = mem_alloc((users + 1) * sizeof *h.keys)};

	for (uint32_t u = 0; u < users; u++)
		all += profiles_at(p, u).n;
	h.v = mem_alloc((all + 1) * sizeof *h.v);
	for (uint32_t u = 0; u < users; u++) {
		struct profile of = profiles_at(p, u);

		for (size_t i = 0; i < of.n; i++) {
			const struct seen seen = profile_seen(of, i);

			h.n += add(&seen, items[seen.course], &h.v[h.n]);
		}
		h.start[u + 1] = (uint32_t)h.n;
		h.keys[u] = profiles_key(p, u);
	}
	free(items);
	h.view = (struct histories){h.start, h.v, users, c->n, h.keys};
	*out = h;
}

void history_done(struct history *h)
{
	free(h->start);
	free(h->v);
	free(h->keys);
	*h = (struct history){0};
}

#include "kb/history.h"

#include <stdlib.h>

#include "kb/event.h"
#include "text/buf.h"
#include "text/mem.h"

/* Less interest than this (a look, then a bad rating) is no reason to call courses alike. */
static const float least_weight = .1f;

struct reader {
	struct history *h;
	const struct catalogue *courses;
	struct buf user; /* whose events are coming */
	uint32_t *place; /* per course: its interaction of this learner, + 1 */
	size_t first;	 /* interactions of this learner begin here */
	bool begun;
};

static int by_time(const void *a, const void *b)
{
	const struct interaction *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

/* The learner is complete: forget places, drop what has no weight, sort by last time. */
static void end_learner(struct reader *r)
{
	struct history *h = r->h;
	size_t kept = r->first;

	for (size_t i = r->first; i < h->n; i++) {
		r->place[h->v[i].item] = 0;
		if (h->v[i].weight >= least_weight)
			h->v[kept++] = h->v[i];
	}
	h->n = kept;
	if (h->n > r->first)
		qsort(h->v + r->first, h->n - r->first, sizeof *h->v, by_time);
	for (size_t i = r->first; i < h->n; i++)
		h->popular[h->v[i].item] += h->v[i].weight;
	if (h->n_users + 2 > h->cap_users) {
		h->cap_users = h->cap_users ? h->cap_users * 2 : 64;
		h->start = mem_resize(h->start, h->cap_users, sizeof *h->start);
	}
	h->start[h->n_users] = (uint32_t)r->first;
	if (h->n > r->first)
		h->n_users++;
	h->start[h->n_users] = (uint32_t)h->n;
	r->first = h->n;
}

static struct interaction *find_interaction(struct reader *r, uint32_t item)
{
	struct history *h = r->h;

	if (!r->place[item]) {
		if (h->n == h->cap) {
			h->cap = h->cap ? h->cap * 2 : 256;
			h->v = mem_resize(h->v, h->cap, sizeof *h->v);
		}
		h->v[h->n++] = (struct interaction){.item = item};
		r->place[item] = (uint32_t)h->n;
	}
	return &h->v[r->place[item] - 1];
}

static int read_each(void *arg, const struct event *e)
{
	struct reader *r = arg;
	int32_t item = catalogue_find(r->courses, e->course);
	struct interaction *x;

	if (r->begun && !str_eq(buf_view(&r->user), e->user))
		end_learner(r);
	if (!r->begun || !str_eq(buf_view(&r->user), e->user)) {
		buf_reset(&r->user);
		buf_str(&r->user, e->user);
		r->begun = true;
	}
	if (item < 0)
		return 0;
	x = find_interaction(r, (uint32_t)item);
	x->weight = profiles_weight(x->weight, e);
	if (event_is_learning(e->type))
		x->at = e->at_unix_ms;
	return 0;
}

int history_read(struct store *s, const struct catalogue *c, struct history *out, struct err *err)
{
	struct history h = {.popular = mem_zalloc((c->n + 1) * sizeof(float))};
	struct reader r = {
		.h = &h, .courses = c, .place = mem_zalloc((c->n + 1) * sizeof(uint32_t))};
	int rc = event_each(s, STR_NONE, read_each, &r, err);

	if (rc == 0)
		end_learner(&r);
	buf_done(&r.user);
	free(r.place);
	if (rc < 0) {
		history_done(&h);
		return rc;
	}
	h.view = (struct histories){h.start, h.v, h.n_users, c->n};
	*out = h;
	return 0;
}

void history_of(const struct profiles *p, const struct catalogue *c, struct history *out)
{
	struct history h = {.popular = mem_zalloc((c->n + 1) * sizeof(float))};
	struct reader r = {
		.h = &h, .courses = c, .place = mem_zalloc((c->n + 1) * sizeof(uint32_t))};
	size_t users = profiles_users(p);

	for (uint32_t u = 0; u < users; u++) {
		struct profile of = profiles_at(p, u);

		for (size_t i = 0; i < of.n; i++) {
			const struct seen *seen = &of.seen[i];
			int32_t item = catalogue_find(c, profiles_course(p, seen->course));

			if (item >= 0)
				*find_interaction(&r, (uint32_t)item) = (struct interaction){
					(uint32_t)item, seen->weight, seen->at_unix_ms};
		}
		end_learner(&r);
	}
	free(r.place);
	h.view = (struct histories){h.start, h.v, h.n_users, c->n};
	*out = h;
}

void history_done(struct history *h)
{
	free(h->start);
	free(h->v);
	free(h->popular);
	*h = (struct history){0};
}

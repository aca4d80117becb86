#include "learn.h"

#include <stdlib.h>

#include "text/mem.h"

struct kept {
	struct event *events; /* a job's */
	size_t n;
	int64_t change;
};

void learn_init(struct learn *l, struct profiles *p, int64_t change)
{
	*l = (struct learn){.profiles = p, .change = change};
}

static void drop_kept(struct learn *l)
{
	for (size_t i = 0; i < l->n_kept; i++) {
		struct writer_result r = {.events = l->kept[i].events};

		writer_result_done(&r);
	}
	l->n_kept = 0;
}

void learn_done(struct learn *l)
{
	drop_kept(l);
	free(l->kept);
	free(l->changed);
	profiles_free(l->profiles);
	*l = (struct learn){0};
}

static void note_changed(struct learn *l, uint32_t learner)
{
	if (l->n_changed == l->cap_changed) {
		l->cap_changed = l->cap_changed ? l->cap_changed * 2 : 64;
		l->changed = mem_resize(l->changed, l->cap_changed, sizeof *l->changed);
	}
	l->changed[l->n_changed++] = learner;
}

static void keep(struct learn *l, struct event *events, size_t n, int64_t change)
{
	if (l->n_kept == l->cap_kept) {
		l->cap_kept = l->cap_kept ? l->cap_kept * 2 : 16;
		l->kept = mem_resize(l->kept, l->cap_kept, sizeof *l->kept);
	}
	l->kept[l->n_kept++] = (struct kept){events, n, change};
}

/* False: only reading the database anew tells what these come to. */
static bool add(struct learn *l, const struct event *events, size_t n)
{
	bool follows = true;

	for (size_t i = 0; i < n; i++) {
		follows &= profiles_add(l->profiles, &events[i]);
		note_changed(l, profiles_number(l->profiles, events[i].user));
	}
	return follows;
}

void learn_told(struct learn *l, struct reload *r, struct writer_result *result)
{
	bool gap = result->change > l->change + 1;

	if (!result->n_events)
		return;
	if (!add(l, result->events, result->n_events) || gap)
		l->stale = result->change;
	l->told += result->n_events;
	if (result->change > l->change)
		l->change = result->change;
	if (!reload_is_reading(r)) {
		drop_kept(l);
	} else {
		keep(l, result->events, result->n_events, result->change);
		result->events = NULL;
	}
	if (l->stale)
		reload_relearn(r);
	reload_told(r, l->change);
}

/* New profiles: of what was committed meanwhile they know all up to `change`. */
static void take_profiles(struct learn *l, struct profiles *p, int64_t change)
{
	profiles_free(l->profiles);
	l->profiles = p;
	l->n_changed = 0;
	l->known = l->told;
	if (change >= l->stale)
		l->stale = 0;
	for (size_t i = 0; i < l->n_kept; i++) {
		if (l->kept[i].change <= change)
			continue;
		if (!add(l, l->kept[i].events, l->kept[i].n))
			l->stale = l->kept[i].change;
		l->known -= l->kept[i].n;
	}
	if (change > l->change)
		l->change = change;
}

void learn_result(struct learn *l, struct reload *r, struct reload_result *result)
{
	if (result->profiles)
		take_profiles(l, result->profiles, result->change);
	else if (result->told > l->known)
		l->known = result->told;
	l->serial += result->learned;
	result->profiles = NULL;
	if (!reload_is_reading(r))
		drop_kept(l);
}

void learn_teach(struct learn *l, struct reload *r, const struct catalogue *c)
{
	struct lesson *lesson;

	if (l->stale)
		reload_relearn(r);
	if (!l->n_changed || l->stale || !reload_is_free(r))
		return;
	lesson = lesson_new(l->profiles, c, l->changed, l->n_changed);
	lesson->told = l->told;
	if (reload_teach(r, lesson))
		l->n_changed = 0;
	else
		lesson_free(lesson);
}

uint64_t learn_pending(const struct learn *l)
{
	uint64_t pending = l->told - l->known;

	return l->stale && !pending ? 1 : pending;
}

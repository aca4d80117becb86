#include "learn.h"

#include <stdlib.h>

#include "text/mem.h"

struct kept {
	struct event *events; /* a job's */
	size_t n;
	int64_t change;
	char guest[GUEST_NAME]; /* as in struct writer_result */
};

void learn_init(struct learn *l, struct profiles *p, int64_t change)
{
	*l = (struct learn){.profiles = p, .read = change, .change = change};
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

static void keep(struct learn *l, const struct kept *k)
{
	if (l->n_kept == l->cap_kept) {
		l->cap_kept = l->cap_kept ? l->cap_kept * 2 : 16;
		l->kept = mem_resize(l->kept, l->cap_kept, sizeof *l->kept);
	}
	l->kept[l->n_kept++] = *k;
}

static bool merge(struct learn *l, const struct kept *k)
{
	uint32_t guest = profiles_number(l->profiles, str_of(k->guest));
	bool known = profiles_merge(l->profiles, str_of(k->guest), k->events, k->n);

	if (guest != UINT32_MAX)
		note_changed(l, guest);
	note_changed(l, profiles_number(l->profiles, k->events[0].user));
	return known;
}

/* False: only reading the database anew tells what these come to. */
static bool add(struct learn *l, const struct kept *k)
{
	bool follows = true;

	if (*k->guest)
		return merge(l, k);
	for (size_t i = 0; i < k->n; i++) {
		follows &= profiles_add(l->profiles, &k->events[i]);
		note_changed(l, profiles_number(l->profiles, k->events[i].user));
	}
	return follows;
}

void learn_told(struct learn *l, struct reload *r, struct writer_result *result)
{
	struct kept k = {result->events, result->n_events, result->change, ""};
	bool gap = result->change > l->change + 1;

	if (!result->n_events)
		return;
	memcpy(k.guest, result->guest, sizeof k.guest);
	l->told += k.n;
	if (k.change <= l->read)
		l->known += k.n; /* read before the loop heard of it */
	else if (!add(l, &k) || gap)
		l->stale = k.change;
	if (result->change > l->change)
		l->change = result->change;
	if (!reload_is_reading(r)) {
		drop_kept(l);
	} else {
		keep(l, &k);
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
	l->read = change;
	l->n_changed = 0;
	l->known = l->told;
	if (change >= l->stale)
		l->stale = 0;
	for (size_t i = 0; i < l->n_kept; i++) {
		if (l->kept[i].change <= change)
			continue;
		if (!add(l, &l->kept[i]))
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

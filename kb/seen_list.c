#include "kb/seen_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kb/event.h"
#include "text/mem.h"

struct seen_rest {
	uint32_t at_low;
	uint32_t at_high : 24, types : 8;
	float progress;
};

static struct seen_rest *rests(const struct seen_list *l)
{
	return (struct seen_rest *)(l->briefs + l->cap);
}

static int64_t cut_time(int64_t at)
{
	const int64_t most = INT64_C(1) << 55;

	return at < -most ? -most : at >= most ? most - 1 : at;
}

static int64_t time_of(struct seen_rest r)
{
	uint64_t bits = (uint64_t)r.at_high << 32 | r.at_low;

	return (int64_t)(bits << 8) >> 8;
}

void seen_list_done(struct seen_list *l)
{
	free(l->briefs);
	*l = (struct seen_list){0};
}

struct seen seen_list_at(const struct seen_list *l, uint32_t i)
{
	struct seen_rest r = rests(l)[i];

	return (struct seen){.course = seen_brief_course(l->briefs[i]),
			     .types = (uint8_t)r.types,
			     .weight = l->briefs[i].weight,
			     .progress = r.progress,
			     .at_unix_ms = time_of(r)};
}

uint32_t seen_list_find(const struct seen_list *l, uint32_t course)
{
	for (uint32_t i = l->n; i-- > 0;)
		if (seen_brief_course(l->briefs[i]) == course)
			return i;
	return l->n;
}

/* Whether i is later than the one before. */
static void mark_step(struct seen_list *l, uint32_t i)
{
	const struct seen_rest *r = rests(l);

	if (i >= l->n)
		return;
	l->briefs[i].bits &= ~1u;
	l->briefs[i].bits |= i > 0 && time_of(r[i]) != time_of(r[i - 1]);
}

static void set(struct seen_list *l, uint32_t i, const struct seen *s)
{
	bool dismissed = s->types & 1u << EVENT_DISMISS;
	uint64_t at = (uint64_t)cut_time(s->at_unix_ms);

	assert(s->course < SEEN_COURSES);
	l->briefs[i] = (struct seen_brief){s->course << 2 | (uint32_t)dismissed << 1, s->weight};
	rests(l)[i] = (struct seen_rest){.at_low = (uint32_t)at,
					 .at_high = (uint32_t)(at >> 32) & 0xffffff,
					 .types = s->types,
					 .progress = s->progress};
}

static void make_room(struct seen_list *l, uint32_t cap)
{
	struct seen_list wider = {.n = l->n, .cap = cap};

	wider.briefs = mem_alloc(cap * (sizeof *l->briefs + sizeof(struct seen_rest)));
	if (l->n) {
		memcpy(wider.briefs, l->briefs, l->n * sizeof *l->briefs);
		memcpy(rests(&wider), rests(l), l->n * sizeof(struct seen_rest));
	}
	free(l->briefs);
	*l = wider;
}

/* Those from i on to the place `to`. */
static void move(struct seen_list *l, uint32_t i, uint32_t to)
{
	memmove(l->briefs + to, l->briefs + i, (l->n - i) * sizeof *l->briefs);
	memmove(rests(l) + to, rests(l) + i, (l->n - i) * sizeof(struct seen_rest));
}

void seen_list_insert(struct seen_list *l, uint32_t i, struct seen seen)
{
	if (l->n == l->cap)
		make_room(l, l->cap < 2 ? 2 : l->cap + l->cap / 2);
	move(l, i, i + 1);
	l->n++;
	set(l, i, &seen);
	mark_step(l, i);
	mark_step(l, i + 1);
}

struct seen seen_list_take(struct seen_list *l, uint32_t i)
{
	struct seen seen = seen_list_at(l, i);

	move(l, i + 1, i);
	l->n--;
	mark_step(l, i);
	return seen;
}

void seen_list_fill(struct seen_list *l, const struct seen *v, uint32_t n)
{
	make_room(l, n);
	l->n = n;
	for (uint32_t i = 0; i < n; i++) {
		set(l, i, &v[i]);
		mark_step(l, i);
	}
}

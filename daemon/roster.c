#include "roster.h"

#include <stdlib.h>

#include "bot/session.h"
#include "text/mem.h"

#define uthash_malloc(size)  mem_alloc(size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

/* `handover` comes first: one is the other's address. The same with `person`. */
struct entry {
	struct handover h;
	UT_hash_handle hh;
};

struct member {
	struct person p;
	UT_hash_handle hh;
};

struct roster {
	struct entry *by_session;
	struct handover line; /* sentinel */
	struct member *people;
	int64_t grace_ms;
	int64_t alone_ms; /* since when nobody is online; -1 = somebody is */
};

static struct entry *entry_of(const struct handover *h)
{
	return (struct entry *)(uintptr_t)h;
}

struct roster *roster_new(int64_t grace_ms)
{
	struct roster *r = mem_zalloc(sizeof *r);

	r->line.prev = r->line.next = &r->line;
	r->alone_ms = -1;
	r->grace_ms = grace_ms;
	return r;
}

void roster_free(struct roster *r)
{
	struct member *m, *tmp;

	if (!r)
		return;
	while (r->line.next != &r->line)
		roster_drop(r, r->line.next);
	HASH_ITER(hh, r->people, m, tmp)
	{
		HASH_DEL(r->people, m);
		free(m);
	}
	free(r);
}

/* ---- conversations ---- */

struct handover *roster_find(const struct roster *r, struct str session)
{
	struct entry *e;

	HASH_FIND(hh, r->by_session, session.p, session.n, e);
	return e ? &e->h : NULL;
}

static void unlink_one(struct handover *h)
{
	h->prev->next = h->next;
	h->next->prev = h->prev;
}

/* Behind the last that has waited as long: new ones come at the end, so the walk is short. */
void roster_sort(struct roster *r, struct handover *h)
{
	struct handover *at;

	unlink_one(h);
	at = r->line.prev;
	while (at != &r->line && at->waiting_since_unix_ms > h->waiting_since_unix_ms)
		at = at->prev;
	h->prev = at;
	h->next = at->next;
	h->prev->next = h->next->prev = h;
}

struct handover *roster_add(struct roster *r, struct str session)
{
	struct entry *e = mem_zalloc(sizeof *e);
	struct handover *h = &e->h;
	char **const texts[] = {&h->user, &h->lang, &h->page, &h->team, &h->note, &h->agent};

	memcpy(h->session, session.p, session.n < 32 ? session.n : 32);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		session_set(texts[i], STR_NONE);
	HASH_ADD(hh, r->by_session, h.session, strlen(h->session), e);
	h->prev = r->line.prev;
	h->next = &r->line;
	h->prev->next = h->next->prev = h;
	return h;
}

void roster_drop(struct roster *r, struct handover *h)
{
	struct entry *e = entry_of(h);

	unlink_one(h);
	HASH_DEL(r->by_session, e);
	free(h->user);
	free(h->lang);
	free(h->page);
	free(h->team);
	free(h->note);
	free(h->agent);
	free(h->last.text);
	free(e);
}

struct handover *roster_first(const struct roster *r)
{
	return r->line.next == &r->line ? NULL : r->line.next;
}

struct handover *roster_after(const struct roster *r, const struct handover *h)
{
	return h->next == &r->line ? NULL : h->next;
}

int64_t roster_position(const struct roster *r, const struct handover *h)
{
	int64_t at = 1;

	for (const struct handover *o = r->line.next; o != &r->line && o != h; o = o->next)
		at += o->state == HANDOVER_QUEUED;
	return at;
}

size_t roster_count(const struct roster *r, enum handover_state state)
{
	size_t n = 0;

	for (const struct handover *h = r->line.next; h != &r->line; h = h->next)
		n += h->state == state;
	return n;
}

size_t roster_held(const struct roster *r, struct str name)
{
	size_t n = 0;

	for (const struct handover *h = r->line.next; h != &r->line; h = h->next)
		n += h->state == HANDOVER_AGENT && str_eq(str_of(h->agent), name);
	return n;
}

/* ---- people ---- */

struct person *roster_person(const struct roster *r, struct str name)
{
	struct member *m;

	HASH_FIND(hh, r->people, name.p, name.n, m);
	return m ? &m->p : NULL;
}

static struct person *meet(struct roster *r, struct str name)
{
	struct person *known = roster_person(r, name);
	struct member *m;

	if (known)
		return known;
	m = mem_zalloc(sizeof *m);
	memcpy(m->p.name, name.p, name.n < 64 ? name.n : 64);
	HASH_ADD(hh, r->people, p.name, strlen(m->p.name), m);
	return &m->p;
}

struct person *roster_enter(struct roster *r, struct str name)
{
	struct person *p = meet(r, name);

	p->present++;
	p->missed = false;
	return p;
}

void roster_leave(struct roster *r, struct str name, int64_t now_ms)
{
	struct person *p = roster_person(r, name);

	if (!p || !p->present || --p->present)
		return;
	p->gone_ms = now_ms;
}

void roster_expect(struct roster *r, struct str name, int64_t now_ms)
{
	struct person *p = meet(r, name);

	p->gone_ms = now_ms;
	p->online = true; /* as it was, should they be back in time */
}

static bool grace_over(const struct roster *r, const struct person *p, int64_t now_ms)
{
	return !p->present && now_ms - p->gone_ms >= r->grace_ms;
}

bool roster_away(const struct roster *r, struct str name, int64_t now_ms)
{
	const struct person *p = roster_person(r, name);

	return !p || grace_over(r, p, now_ms) || (p->present && !p->online);
}

size_t roster_online(const struct roster *r)
{
	size_t n = 0;

	for (const struct member *m = r->people; m; m = m->hh.next)
		n += m->p.present && m->p.online;
	return n;
}

bool roster_deserted(const struct roster *r, int64_t now_ms)
{
	return r->alone_ms >= 0 && now_ms - r->alone_ms >= r->grace_ms;
}

void roster_sweep(struct roster *r, int64_t now_ms, void (*gone)(void *ctx, struct person *p),
		  void *ctx)
{
	if (roster_online(r))
		r->alone_ms = -1;
	else if (r->alone_ms < 0)
		r->alone_ms = now_ms;
	for (struct member *m = r->people; m; m = m->hh.next) {
		if (m->p.missed || !grace_over(r, &m->p, now_ms))
			continue;
		m->p.missed = true;
		m->p.online = false;
		gone(ctx, &m->p);
	}
}

struct person *roster_next_person(const struct roster *r, const struct person *p)
{
	struct member *m = r->people;

	if (p) {
		m = (struct member *)(uintptr_t)p;
		m = m->hh.next;
	}
	return m ? &m->p : NULL;
}

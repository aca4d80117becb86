#include "net/pending.h"

#include <assert.h>
#include <stdlib.h>

#include "text/mem.h"

static size_t id_bucket(struct str token, struct str id)
{
	return (size_t)(str_hash(token) ^ str_hash(id) * 31) % PENDING_BUCKETS;
}

static bool is_of(const struct ticket *t, struct str token, struct str id)
{
	return str_eq(str_of(t->token), token) && str_eq(str_of(t->id), id);
}

void pending_done(struct pending *p)
{
	for (size_t i = 0; i < PENDING_BUCKETS; i++) {
		while (p->by_number[i]) {
			struct ticket *t = p->by_number[i];

			p->by_number[i] = t->next_number;
			free(t);
		}
	}
	*p = (struct pending){.last = p->last};
}

static void copy(char *to, size_t size, struct str from)
{
	assert(from.n < size);
	if (from.n)
		memcpy(to, from.p, from.n);
	to[from.n] = '\0';
}

struct ticket *pending_add(struct pending *p, enum pending_what what, uint64_t link,
			   struct str token, struct str id)
{
	struct ticket *t = mem_zalloc(sizeof *t);
	struct ticket **number, **ids;

	t->number = ++p->last;
	t->what = what;
	t->link = link;
	copy(t->token, sizeof t->token, token);
	copy(t->id, sizeof t->id, id);
	number = &p->by_number[t->number % PENDING_BUCKETS];
	ids = &p->by_id[id_bucket(token, id)];
	t->next_number = *number;
	*number = t;
	if (id.n) {
		t->next_id = *ids;
		*ids = t;
	}
	p->n++;
	return t;
}

bool pending_has(const struct pending *p, struct str token, struct str id)
{
	if (!id.n)
		return false;
	for (const struct ticket *t = p->by_id[id_bucket(token, id)]; t; t = t->next_id) {
		if (is_of(t, token, id))
			return true;
	}
	return false;
}

static void forget_id(struct pending *p, const struct ticket *gone)
{
	struct ticket **at = &p->by_id[id_bucket(str_of(gone->token), str_of(gone->id))];

	while (*at && *at != gone)
		at = &(*at)->next_id;
	if (*at)
		*at = gone->next_id;
}

struct ticket *pending_take(struct pending *p, uint64_t number)
{
	struct ticket **at = &p->by_number[number % PENDING_BUCKETS];
	struct ticket *t;

	while (*at && (*at)->number != number)
		at = &(*at)->next_number;
	t = *at;
	if (!t)
		return NULL;
	*at = t->next_number;
	forget_id(p, t);
	p->n--;
	return t;
}

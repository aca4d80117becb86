#include "net/links.h"

#include <assert.h>
#include <stdlib.h>

#include "text/mem.h"

void links_init(struct links *ls, size_t max)
{
	*ls = (struct links){.cap = max};
	ls->slots = mem_zalloc(max * sizeof *ls->slots);
	ls->generations = mem_zalloc(max * sizeof *ls->generations);
}

void links_done(struct links *ls)
{
	free(ls->slots);
	free(ls->generations);
	*ls = (struct links){0};
}

struct link *link_new(struct links *ls, struct server *server, const struct peer *peer)
{
	size_t i = ls->hint;
	struct link *l;

	while (i < ls->cap && ls->slots[i])
		i++;
	ls->hint = i;
	if (i == ls->cap)
		return NULL;
	l = mem_zalloc(sizeof *l);
	l->kind = OPAQUE_LINK;
	l->server = server;
	l->peer = *peer;
	l->id = (uint64_t)++ls->generations[i] << 32 | i;
	ls->slots[i] = l;
	ls->hint++;
	ls->n++;
	return l;
}

void link_free(struct links *ls, struct link *l)
{
	size_t i = (uint32_t)l->id;

	assert(ls->slots[i] == l);
	ls->slots[i] = NULL;
	if (i < ls->hint)
		ls->hint = i;
	ls->n--;
	free(l->identity);
	free(l->staff);
	free(l);
}

struct link *link_find(const struct links *ls, uint64_t id)
{
	size_t i = (uint32_t)id;
	struct link *l = i < ls->cap ? ls->slots[i] : NULL;

	return l && l->id == id ? l : NULL;
}

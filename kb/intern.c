#include "kb/intern.h"

#include <assert.h>
#include <stdlib.h>

#include "text/mem.h"

enum { FIRST_SLOTS = 64 };

void intern_init(struct intern *t)
{
	*t = (struct intern){0};
	arena_init(&t->bytes);
}

void intern_done(struct intern *t)
{
	arena_done(&t->bytes);
	free(t->names);
	free(t->slots);
	*t = (struct intern){0};
}

/* The slot that holds the name, or the free one where it would go. */
static uint32_t *find_slot(const struct intern *t, struct str name)
{
	uint32_t mask = t->n_slots - 1;
	uint32_t i = (uint32_t)str_hash(name) & mask;

	while (t->slots[i] && !str_eq(t->names[t->slots[i] - 1], name))
		i = (i + 1) & mask;
	return &t->slots[i];
}

static void grow_slots(struct intern *t)
{
	t->n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS;
	free(t->slots);
	t->slots = mem_zalloc(t->n_slots * sizeof *t->slots);
	for (uint32_t i = 0; i < t->n; i++)
		*find_slot(t, t->names[i]) = i + 1;
}

uint32_t intern_put(struct intern *t, struct str name)
{
	uint32_t *slot;

	if (t->n * 2 >= t->n_slots)
		grow_slots(t);
	slot = find_slot(t, name);
	if (*slot)
		return *slot - 1;
	if (t->n == t->cap) {
		assert(t->cap < UINT32_MAX / 4);
		t->cap = t->cap ? t->cap * 2 : 16;
		t->names = mem_resize(t->names, t->cap, sizeof *t->names);
	}
	t->names[t->n++] = arena_str(&t->bytes, name);
	*slot = t->n;
	return t->n - 1;
}

uint32_t intern_find(const struct intern *t, struct str name)
{
	return t->n ? *find_slot(t, name) - 1 : INTERN_NONE;
}

#include "intents/strmap.h"

/* The slot that holds `key`, or the free one where it belongs. */
static struct strmap_slot *find_slot(const struct strmap *m, struct str key)
{
	size_t i = (size_t)str_hash(key) & (m->cap - 1);

	while (m->slots[i].used && !str_eq(m->slots[i].key, key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void make_room(struct arena *a, struct strmap *m)
{
	struct strmap old = *m;

	if (m->n + 1 <= m->cap / 4 * 3)
		return;
	m->cap = old.cap ? old.cap * 2 : 16;
	m->slots = ARENA_ARRAY(a, struct strmap_slot, m->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].used)
			*find_slot(m, old.slots[i].key) = old.slots[i];
}

const uint32_t *strmap_put(struct arena *a, struct strmap *m, struct str key, uint32_t value)
{
	struct strmap_slot *slot;

	make_room(a, m);
	slot = find_slot(m, key);
	if (slot->used)
		return &slot->value;
	*slot = (struct strmap_slot){key, value, true};
	m->n++;
	return NULL;
}

const uint32_t *strmap_get(const struct strmap *m, struct str key)
{
	const struct strmap_slot *slot;

	if (!m->cap)
		return NULL;
	slot = find_slot(m, key);
	return slot->used ? &slot->value : NULL;
}

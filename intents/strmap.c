#include "intents/strmap.h"

static struct str key_of(const struct strmap_slot *slot)
{
	return (struct str){slot->key, slot->size};
}

/* The slot that holds `key`, or the free one where it belongs. */
static struct strmap_slot *find_slot(const struct strmap *m, struct str key)
{
	size_t i = (size_t)str_hash_quick(key) & (m->cap - 1);

	while (m->slots[i].key && !str_eq(key_of(&m->slots[i]), key))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void resize(struct arena *a, struct strmap *m, size_t cap)
{
	struct strmap old = *m;

	m->cap = cap;
	m->slots = ARENA_ARRAY(a, struct strmap_slot, m->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key)
			*find_slot(m, key_of(&old.slots[i])) = old.slots[i];
}

void strmap_reserve(struct arena *a, struct strmap *m, size_t n)
{
	size_t cap = m->cap ? m->cap : 16;

	while (n > cap / 4 * 3)
		cap *= 2;
	if (cap != m->cap)
		resize(a, m, cap);
}

const uint32_t *strmap_put(struct arena *a, struct strmap *m, struct str key, uint32_t value)
{
	struct strmap_slot *slot;

	strmap_reserve(a, m, m->n + 1);
	slot = find_slot(m, key);
	if (slot->key)
		return &slot->value;
	*slot = (struct strmap_slot){key.p ? key.p : "", (uint32_t)key.n, value};
	m->n++;
	return NULL;
}

const uint32_t *strmap_get(const struct strmap *m, struct str key)
{
	const struct strmap_slot *slot;

	if (!m->cap)
		return NULL;
	slot = find_slot(m, key);
	return slot->key ? &slot->value : NULL;
}

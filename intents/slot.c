#include "intents/slot.h"

const struct slot *slot_find(const struct slots *s, struct str name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->v[i].name, name))
			return &s->v[i];
	}
	return NULL;
}

void slot_put(struct arena *a, struct slots *s, struct slot slot)
{
	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->v[i].name, slot.name)) {
			s->v[i] = slot;
			return;
		}
	}
	ARENA_PUSH(a, s->v, s->n, s->cap, slot);
}

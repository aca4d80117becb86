/* What was captured: a name, the learner's own characters, and the value an action can use. */
#ifndef INTENTS_SLOT_H
#define INTENTS_SLOT_H

#include "text/arena.h"
#include "text/str.h"

struct slot {
	struct str name; /* "course" */
	struct str raw;	 /* as the learner wrote it: "Ｐｙｔｈｏｎ入门" */
	struct str
		value; /* canonical: entity value ("Python入门"), number ("7"), ISO date, phone digits */
	uint32_t at, len; /* bytes in the normalised text; len 0: not from this message */
	bool private;
};

struct slots {
	struct slot *v;
	size_t n, cap;
};

/* The slot of that name, or NULL. The last one put wins. */
const struct slot *slot_find(const struct slots *s, struct str name);
/* Adds or replaces. */
void slot_put(struct arena *a, struct slots *s, struct slot slot);

#endif

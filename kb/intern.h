/* Names as small numbers: the first name is 0, the next new one 1, and so on. Owns its bytes. */
#ifndef KB_INTERN_H
#define KB_INTERN_H

#include "text/arena.h"
#include "text/str.h"

struct intern {
	struct arena bytes;
	struct str *names; /* by number */
	uint32_t n, cap;
	uint32_t *slots;  /* open addressing, number + 1; 0 = free */
	uint32_t n_slots; /* a power of two, at least twice n */
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *t);
void intern_done(struct intern *t);
/* The number of `name`, given one now if it has none. */
uint32_t intern_put(struct intern *t, struct str name);
/* INTERN_NONE when it was never put. */
uint32_t intern_find(const struct intern *t, struct str name);

#endif

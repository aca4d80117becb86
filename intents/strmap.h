/* Text -> number, in an arena: open addressing, doubled at three quarters full.
 *
 * For finding names among many (duplicate keys, intents by name) without a scan per lookup. Keys
 * are borrowed: they must live as long as the map; none is 4 GiB long. Nothing is removed. */
#ifndef INTENTS_STRMAP_H
#define INTENTS_STRMAP_H

#include <stddef.h>
#include <stdint.h>

#include "text/arena.h"
#include "text/str.h"

struct strmap_slot {
	const char *key; /* NULL: free */
	uint32_t size;	 /* of the key */
	uint32_t value;
};

/* A zeroed struct strmap is an empty one. */
struct strmap {
	struct strmap_slot *slots;
	size_t n, cap; /* cap is a power of two, or 0 */
};

/* Makes room for n keys in all, so that none of them moves the others. */
void strmap_reserve(struct arena *a, struct strmap *m, size_t n);

/* The value already stored under `key` (left as it is), or NULL when the key was new and now holds
 * `value`. The pointer holds until the next put. */
const uint32_t *strmap_put(struct arena *a, struct strmap *m, struct str key, uint32_t value);

/* NULL when there is none. */
const uint32_t *strmap_get(const struct strmap *m, struct str key);

#endif

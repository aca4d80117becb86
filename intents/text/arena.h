/* Memory that is freed all at once.
 *
 * There are two arenas in the product: the turn's (reset after each turn) and the snapshot's (dies
 * with the snapshot). Nothing taken from an arena is freed alone. Chunks double from 4 KiB to 1 MiB;
 * a larger request gets a chunk of its own. Under -DKEFU_ARENA_DEBUG every item is its own malloc, so
 * that AddressSanitizer sees overruns and use after reset. Not thread safe: one thread at a time. */
#ifndef TEXT_ARENA_H
#define TEXT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "text/str.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *head;
	size_t used;	  /* bytes handed out since init or reset */
	size_t next_size; /* of the next chunk */
};

void arena_init(struct arena *a);
/* Frees everything; the arena is as after arena_init. */
void arena_done(struct arena *a);
/* Everything handed out so far is invalid; keeps one chunk for reuse. */
void arena_reset(struct arena *a);

/* 16-byte aligned, zeroed. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));
#define ARENA_NEW(a, type)	(type *)arena_alloc((a), sizeof(type))
#define ARENA_ARRAY(a, type, n) (type *)arena_array((a), (n), sizeof(type))
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));

/* A copy that lives in the arena (NUL-terminated behind its last byte for the C libraries' sake). */
struct str arena_str(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Growing array in an arena: pushes *item (size bytes) to *items with *n used; doubles by copying.
 *	struct token *tokens = NULL; size_t n = 0, cap = 0;
 *	ARENA_PUSH(a, tokens, n, cap, ((struct token){...})); */
#define ARENA_PUSH(a, items, n, cap, ...)                                                          \
	do {                                                                                       \
		if ((n) == (cap))                                                                  \
			(items) = arena_grow((a), (items), &(cap), sizeof *(items));               \
		(items)[(n)++] = (__VA_ARGS__);                                                    \
	} while (0)
void *arena_grow(struct arena *a, const void *items, size_t *cap, size_t size)
	__attribute__((returns_nonnull));

#endif

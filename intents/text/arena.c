#include "text/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"

enum { ALIGN = 16, CHUNK_MIN = 4096, CHUNK_MAX = 1 << 20 };

/* Items are taken from the front, texts, which need no alignment, from the back. */
struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size; /* of data; texts begin at size */
	size_t whole;	   /* size without texts */
	alignas(ALIGN) char data[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){.next_size = CHUNK_MIN};
}

static void free_chunks(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *next = c->next;

		free(c);
		c = next;
	}
}

void arena_done(struct arena *a)
{
	free_chunks(a->head);
	arena_init(a);
}

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *c = mem_alloc(sizeof *c + size);

	c->next = NULL;
	c->used = 0;
	c->size = c->whole = size;
	return c;
}

#ifdef KEFU_ARENA_DEBUG

void arena_reset(struct arena *a)
{
	arena_done(a);
}

/* Every item is a chunk of exactly its size, so that AddressSanitizer guards both its ends. */
static void *take(struct arena *a, size_t size)
{
	struct arena_chunk *c = chunk_new(size);

	c->next = a->head;
	a->head = c;
	return c->data;
}

static char *take_text(struct arena *a, size_t size)
{
	return take(a, size);
}

static bool extend(struct arena *a, const void *items, size_t size, size_t more)
{
	(void)a, (void)items, (void)size, (void)more;
	return false;
}

#else

void arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->head;

	a->used = 0;
	if (!keep)
		return;
	free_chunks(keep->next);
	keep->next = NULL;
	keep->used = 0;
	keep->size = keep->whole;
	if (keep->whole > CHUNK_MAX) {
		free(keep);
		a->head = NULL;
	}
}

static struct arena_chunk *add_chunk(struct arena *a, size_t size)
{
	struct arena_chunk *c;

	if (!a->next_size)
		a->next_size = CHUNK_MIN; /* a zeroed struct arena works, too */
	if (size > a->next_size / 4 && a->head) {
		/* Behind the head, whose free rest stays in use. */
		c = chunk_new(size);
		c->next = a->head->next;
		a->head->next = c;
		return c;
	}
	c = chunk_new(size > a->next_size ? size : a->next_size);
	c->next = a->head;
	a->head = c;
	if (a->next_size < CHUNK_MAX)
		a->next_size *= 2;
	return c;
}

static void *take(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->head;
	size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	void *p;

	if (!c || c->size - c->used < need)
		c = add_chunk(a, need);
	p = c->data + c->used;
	c->used += need;
	return p;
}

static char *take_text(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->head;

	if (!c || c->size - c->used < size)
		return take(a, size);
	c->size -= size;
	return c->data + c->size;
}

/* The item that was taken last grows where it is, if there is room. */
static bool extend(struct arena *a, const void *items, size_t size, size_t more)
{
	struct arena_chunk *c = a->head;
	size_t used = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	size_t need = (more + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	if (!c || c->used < used || c->data + c->used - used != (const char *)items ||
	    c->size - c->used < need - used)
		return false;
	memset(c->data + c->used, 0, need - used);
	c->used += need - used;
	a->used += more - size;
	return true;
}

#endif

void *arena_alloc(struct arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		return mem_resize(NULL, SIZE_MAX, SIZE_MAX); /* ends the process with its words */
	p = take(a, size);
	a->used += size;
	return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX;
	return arena_alloc(a, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p = take_text(a, s.n + 1);

	a->used += s.n + 1;
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){p, s.n};
}

struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	p = take_text(a, (size_t)n + 1);
	a->used += (size_t)n + 1;
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){p, (size_t)n};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	struct str s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_grow(struct arena *a, const void *items, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;
	void *p;

	if (*cap && extend(a, items, *cap * size, more * size)) {
		*cap = more;
		return (void *)(uintptr_t)items;
	}
	p = arena_array(a, more, size);
	if (*cap)
		memcpy(p, items, *cap * size);
	*cap = more;
	return p;
}

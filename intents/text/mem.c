#include "text/mem.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noreturn, cold)) static void out_of_memory(size_t n, size_t size)
{
	fprintf(stderr, "kefu: out of memory (asked for %zu x %zu bytes)\n", n, size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(1, size);
	return p;
}

void *mem_zalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		out_of_memory(1, size);
	return p;
}

void *mem_resize(void *old, size_t n, size_t size)
{
	size_t bytes;
	void *p = NULL;

	if (!__builtin_mul_overflow(n, size, &bytes))
		p = realloc(old, bytes ? bytes : 1);
	if (!p)
		out_of_memory(n, size);
	return p;
}

char *mem_strdup(struct str s)
{
	char *p = mem_alloc(s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

enum { LARGE = 128 * 1024, HEAPS_MOST = 2 };

void mem_set_up(void)
{
	/* Set once, the bound no longer follows the largest block ever freed. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	/* Each has gaps of its own; those who work at once take few small blocks. */
	mallopt(M_ARENA_MAX, HEAPS_MOST);
}

void mem_trim(void)
{
	malloc_trim(0);
}

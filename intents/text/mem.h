/* Heap memory that never returns NULL: running out ends the process with a line on stderr.
 *
 * Users are stopped by quotas, not by malloc failing; so callers carry no out-of-memory branches.
 * What these return is freed with free(). */
#ifndef TEXT_MEM_H
#define TEXT_MEM_H

#include <stddef.h>

#include "text/str.h"

void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull));
void *mem_zalloc(size_t size) __attribute__((malloc, returns_nonnull));
/* realloc of an array to n items of `size` bytes, overflow checked. */
void *mem_resize(void *old, size_t n, size_t size) __attribute__((returns_nonnull));
/* NUL-terminated copy. */
char *mem_strdup(struct str s) __attribute__((malloc, returns_nonnull));

/* For a program that runs for long, before its first thread: large blocks are the system's again as
 * soon as they are freed, however many there have been; threads share two heaps. */
void mem_set_up(void);
/* Gives back to the system what freed small blocks left behind; milliseconds. */
void mem_trim(void);

#endif

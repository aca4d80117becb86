/* A growing byte buffer on the heap, and a writer of JSON into it.
 *
 * For what is sent, stored or printed. The writer puts commas itself; the caller opens and closes:
 *	json_open(&b, '{'); json_key(&b, "text"); json_str(&b, s); json_close(&b, '}');
 * (commas follow from the last byte written, so begin on an empty buffer or behind a line feed).
 * Strings are escaped for RFC 8259; bytes that are not UTF-8 become U+FFFD, so the output is valid
 * whatever came in. Numbers print shortest-round-trip, NaN and infinities as null. */
#ifndef TEXT_BUF_H
#define TEXT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/str.h"

struct buf {
	char *p; /* NUL-terminated behind n once anything was put */
	size_t n, cap;
};

/* A zeroed struct buf is an empty one. */
void buf_done(struct buf *b);
void buf_reset(struct buf *b); /* n = 0, keeps the memory */
void buf_reserve(struct buf *b, size_t more);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_cstr(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static inline struct str buf_view(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

void json_open(struct buf *b, char bracket);  /* '{' or '[' */
void json_close(struct buf *b, char bracket); /* '}' or ']' */
void json_key(struct buf *b, const char *name);
void json_key_str(struct buf *b, struct str name);
void json_str(struct buf *b, struct str s);
void json_cstr(struct buf *b, const char *s); /* NULL -> null */
void json_int(struct buf *b, int64_t v);
void json_num(struct buf *b, double v);
void json_bool(struct buf *b, bool v);
/* `null`. (jansson exports json_null: a function of ours by that name would replace it at link time.) */
void json_nil(struct buf *b);
/* Bytes that are JSON already. */
void json_raw(struct buf *b, struct str s);

/* Key and value in one. */
void json_kstr(struct buf *b, const char *name, struct str s);
void json_kint(struct buf *b, const char *name, int64_t v);
void json_knum(struct buf *b, const char *name, double v);
void json_kbool(struct buf *b, const char *name, bool v);

#endif

#include "text/buf.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"
#include "text/utf8.h"

void buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
	size_t need, cap = b->cap ? b->cap : 64;

	/* Beyond half the address space mem_resize would refuse anyway; this keeps cap from
	 * wrapping. */
	if (__builtin_add_overflow(b->n + 1, more, &need) || need > SIZE_MAX / 4)
		need = SIZE_MAX;
	if (need <= b->cap)
		return;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	b->p = mem_resize(b->p, cap, 1);
	b->cap = cap;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	buf_reserve(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void buf_cstr(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	buf_reserve(b, (size_t)n);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

/* A comma is due exactly when the last thing written was a whole value: such a thing ends in a
 * quote, a closing bracket, a digit or the last letter of true, false or null. */
static void separate(struct buf *b)
{
	char last = b->n ? b->p[b->n - 1] : '\0';

	if (last == '"' || last == '}' || last == ']' || (last >= '0' && last <= '9') ||
	    last == 'e' || last == 'l')
		buf_char(b, ',');
}

void json_open(struct buf *b, char bracket)
{
	separate(b);
	buf_char(b, bracket);
}

void json_close(struct buf *b, char bracket)
{
	buf_char(b, bracket);
}

static void put_escape(struct buf *b, unsigned char c)
{
	static const char letters[256] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
					  ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\'};

	if (letters[c]) {
		char pair[2] = {'\\', letters[c]};

		buf_put(b, pair, sizeof pair);
	} else {
		buf_printf(b, "\\u%04x", c);
	}
}

static void put_quoted(struct buf *b, struct str s)
{
	size_t done = 0, i = 0, len;

	buf_char(b, '"');
	for (; i < s.n; i += len) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t cp = c;

		len = c < 0x80 ? 1 : utf8_decode(s.p + i, s.n - i, &cp);
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !(cp == 0xFFFD && len == 1))
			continue;
		buf_str(b, str_sub(s, done, i));
		done = i + len;
		if (cp == 0xFFFD)
			buf_cstr(b, "\xEF\xBF\xBD");
		else
			put_escape(b, c);
	}
	buf_str(b, str_sub(s, done, s.n));
	buf_char(b, '"');
}

void json_key_str(struct buf *b, struct str name)
{
	separate(b);
	put_quoted(b, name);
	buf_char(b, ':');
}

void json_key(struct buf *b, const char *name)
{
	json_key_str(b, str_of(name));
}

void json_str(struct buf *b, struct str s)
{
	separate(b);
	put_quoted(b, s);
}

void json_cstr(struct buf *b, const char *s)
{
	if (s)
		json_str(b, str_of(s));
	else
		json_nil(b);
}

void json_int(struct buf *b, int64_t v)
{
	separate(b);
	buf_printf(b, "%" PRId64, v);
}

void json_num(struct buf *b, double v)
{
	char text[40];

	if (!isfinite(v)) {
		json_nil(b);
		return;
	}
	/* Normal numbers of up to 15 digits always survive the round trip; subnormals hold fewer.
	 */
	for (int digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	separate(b);
	buf_cstr(b, text);
}

void json_bool(struct buf *b, bool v)
{
	json_raw(b, v ? STR("true") : STR("false"));
}

void json_nil(struct buf *b)
{
	json_raw(b, STR("null"));
}

void json_raw(struct buf *b, struct str s)
{
	separate(b);
	buf_str(b, str_trim(s)); /* white space at the end would hide that a value stands here */
}

void json_kstr(struct buf *b, const char *name, struct str s)
{
	json_key(b, name);
	json_str(b, s);
}

void json_kint(struct buf *b, const char *name, int64_t v)
{
	json_key(b, name);
	json_int(b, v);
}

void json_knum(struct buf *b, const char *name, double v)
{
	json_key(b, name);
	json_num(b, v);
}

void json_kbool(struct buf *b, const char *name, bool v)
{
	json_key(b, name);
	json_bool(b, v);
}

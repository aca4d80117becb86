#include "text/utf8.h"

enum { BAD = 0xFFFD };

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t bad(uint32_t *cp)
{
	*cp = BAD;
	return 1;
}

size_t utf8_decode_any(const char *p, size_t n, uint32_t *cp)
{
	unsigned char lead = (unsigned char)p[0];
	uint32_t v;
	size_t len;

	if (lead < 0x80) {
		*cp = lead;
		return 1;
	}
	if (lead < 0xC2 || lead > 0xF4)
		return bad(cp);
	len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	if (n < len)
		return bad(cp);
	v = lead & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (!is_tail(p[i]))
			return bad(cp);
		v = v << 6 | ((unsigned char)p[i] & 0x3Fu);
	}
	if ((len == 3 && (v < 0x800 || (v >= 0xD800 && v <= 0xDFFF))) ||
	    (len == 4 && (v < 0x10000 || v > 0x10FFFF)))
		return bad(cp);
	*cp = v;
	return len;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

static bool is_ascii8(const char *p)
{
	uint64_t eight;

	memcpy(&eight, p, sizeof eight);
	return (eight & 0x8080808080808080u) == 0;
}

size_t utf8_valid(struct str s)
{
	uint32_t cp;
	size_t i = 0;

	while (i < s.n) {
		size_t len;

		if (s.n - i >= 8 && is_ascii8(s.p + i)) {
			i += 8;
			continue;
		}
		len = utf8_decode(s.p + i, s.n - i, &cp);
		/* U+FFFD written out is three bytes: only malformed input gives it with one. */
		if (cp == BAD && len == 1)
			return i;
		i += len;
	}
	return s.n;
}

size_t utf8_count(struct str s)
{
	uint32_t cp;
	size_t n = 0;

	for (size_t i = 0; i < s.n; n++)
		i += utf8_decode(s.p + i, s.n - i, &cp);
	return n;
}

struct str utf8_cut(struct str s, size_t max)
{
	uint32_t cp;

	if (s.n <= max)
		return s;
	/* A character that straddles the cut began at most three bytes before it. */
	for (size_t back = 1; back <= 3 && back <= max; back++) {
		size_t from = max - back;

		if (is_tail(s.p[from]))
			continue;
		if (utf8_decode(s.p + from, s.n - from, &cp) > back)
			return str_sub(s, 0, from);
		break;
	}
	return str_sub(s, 0, max);
}

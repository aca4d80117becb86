/* UTF-8, one code point at a time, strict (RFC 3629: no surrogates, no overlong forms, <= U+10FFFF). */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "text/str.h"

/* Decodes at p (n > 0 bytes left): sets *cp and returns its length 1..4. A malformed byte gives
 * U+FFFD and length 1, so a walk always ends. */
static inline size_t utf8_decode(const char *p, size_t n, uint32_t *cp);
/* The same, out of line. */
size_t utf8_decode_any(const char *p, size_t n, uint32_t *cp);

/* Writes cp (a scalar value) and returns 1..4. */
size_t utf8_encode(uint32_t cp, char out[4]);

/* Offset of the first malformed byte, or s.n when all is well formed. */
size_t utf8_valid(struct str s);

/* Characters (malformed bytes count as one each). */
size_t utf8_count(struct str s);

/* The longest prefix of at most `max` bytes that ends between characters. */
struct str utf8_cut(struct str s, size_t max);

/* A Chinese character: the Han script's ideographs, all planes. */
static inline bool utf8_is_han(uint32_t cp)
{
	if (cp >= 0x4E00 && cp <= 0x9FFF)
		return true;
	return cp >= 0x3005 && (cp == 0x3005 || cp == 0x3007 || (cp >= 0x3400 && cp <= 0x4DBF) ||
				(cp >= 0xF900 && cp <= 0xFAD9) || (cp >= 0x20000 && cp <= 0x323AF));
}

/* Most characters are ASCII, or of three bytes that begin with E1..EC (where any two tails are right):
 * those are decoded in place. */
static inline size_t utf8_decode(const char *p, size_t n, uint32_t *cp)
{
	unsigned char a = (unsigned char)p[0], b, c;

	if (a < 0x80) {
		*cp = a;
		return 1;
	}
	if (a < 0xE1 || a > 0xEC || n < 3)
		return utf8_decode_any(p, n, cp);
	b = (unsigned char)p[1];
	c = (unsigned char)p[2];
	if ((b & 0xC0) != 0x80 || (c & 0xC0) != 0x80)
		return utf8_decode_any(p, n, cp);
	*cp = (a & 0x0Fu) << 12 | (b & 0x3Fu) << 6 | (c & 0x3Fu);
	return 3;
}

#endif

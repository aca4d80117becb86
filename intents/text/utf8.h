/* UTF-8, one code point at a time, strict (RFC 3629: no surrogates, no overlong forms, <= U+10FFFF). */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include "text/str.h"

/* Decodes at p (n > 0 bytes left): sets *cp and returns its length 1..4. A malformed byte gives
 * U+FFFD and length 1, so a walk always ends. */
size_t utf8_decode(const char *p, size_t n, uint32_t *cp);

/* Writes cp (a scalar value) and returns 1..4. */
size_t utf8_encode(uint32_t cp, char out[4]);

/* Offset of the first malformed byte, or s.n when all is well formed. */
size_t utf8_valid(struct str s);

/* Characters (malformed bytes count as one each). */
size_t utf8_count(struct str s);

/* The longest prefix of at most `max` bytes that ends between characters. */
struct str utf8_cut(struct str s, size_t max);

/* A Chinese character: the Han script's ideographs, all planes. */
bool utf8_is_han(uint32_t cp);

#endif

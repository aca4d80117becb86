/* What the normaliser's generated table says of a code point: shared by the host generator and
 * text/normal.c, and nobody else. */
#ifndef TEXT_NORMAL_CLASS_H
#define TEXT_NORMAL_CLASS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	NORMAL_LIMIT = 0x30000, /* the table covers code points below it */
	NORMAL_PAGE_BITS = 7,
	NORMAL_SPECIAL_MAX = 64, /* bytes of the longest replacement (U+FDFA takes 33) */
};

enum normal_class {
	NORMAL_SAME,	 /* stands for itself */
	NORMAL_DROP,	 /* default-ignorable: vanishes */
	NORMAL_SPACE,	 /* white space or control character */
	NORMAL_MARK,	 /* itself, but may compose with what stands before it */
	NORMAL_EMOJI,	 /* itself; a joiner or selector may follow */
	NORMAL_JOINER,	 /* U+200D: kept between emoji */
	NORMAL_SELECTOR, /* U+FE0F: kept after an emoji */
	NORMAL_SPECIAL,	 /* this and above: index of a replacement */
};

struct normal_special {
	uint32_t at; /* in normal_pool */
	uint8_t n;   /* bytes */
	bool mark;   /* its first character may compose with what stands before it */
	bool space;  /* holds a space, which must not double one that is there */
};

#endif

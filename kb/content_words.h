/* Which words of a course search carry no topic, and which word a mistyped one may be. */
#ifndef KB_CONTENT_WORDS_H
#define KB_CONTENT_WORDS_H

#include "text/str.h"

enum word_class {
	WORD_TOPIC,
	WORD_GENERAL, /* says what kind of course, not about what: 入门, beginner */
	WORD_STOP,    /* says nothing about courses: 我, 想, 课程, the */
};

/* `word` is normalised. */
enum word_class content_word_class(struct str word);

/* The name nearest to an ASCII word by edits (insert, delete, change, swap of neighbours), at most
 * `edits` away and with the same first letter; the first of equals; STR_NONE when none is. */
struct str content_nearest(struct str word, const struct str *names, size_t n, size_t edits);

#endif

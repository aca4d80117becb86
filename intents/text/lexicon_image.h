/* The compiled dictionary as it lies in the program: written by the host generator gen_lexicon,
 * read by text/lexicon.c. Numbers are in the machine's own byte order: both run on the same
 * machine. */
#ifndef TEXT_LEXICON_IMAGE_H
#define TEXT_LEXICON_IMAGE_H

#include <stdint.h>

struct lexicon_image {
	char magic[8]; /* "kefulex1" */
	uint32_t n_words;
	uint32_t n_units;
	uint32_t unknown; /* cost of a character that is no word, see text/segment.h */
	uint32_t spare;
	uint32_t units[]; /* a text/dat.h trie: word -> cost */
};

#endif

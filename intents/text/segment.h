/* Cuts a run of Chinese characters into words: the way through the lattice of known words that is
 * most probable when words are independent (as jieba's default, without its hidden Markov model).
 *
 * For  研究生命  the lattice is  研|究|生|命, 研究, 研究生, 生命;  with costs -ln P(word):
 *
 *	研究生(11.2) + 命(9.6) = 20.8	研究(8.4) + 生命(9.0) = 17.4  <- cheapest
 *
 * Costs are integers in SEGMENT_SCALE-ths of a nat, so the result is the same on every machine. A
 * character that is no word of its own costs `unknown`. On a tie the longer first word wins. */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include "text/dat.h"
#include "text/str.h"

enum {
	SEGMENT_SCALE = 4096,
	SEGMENT_BYTES = 768, /* cut in one go */
	SEGMENT_WORDS = SEGMENT_BYTES / 3,
};

struct segmenter {
	struct dat dictionary, terms; /* word -> cost; terms.n == 0: no terms */
	uint32_t unknown;
};

/* Fills ends[] with the offsets in `run` where words end; returns how many. A run longer than
 * SEGMENT_BYTES is cut to the last word that the cut edge cannot have changed: go on from the last
 * end. `run` is well-formed UTF-8 and holds Chinese characters only; 0 when it is empty. */
size_t segment_run(const struct segmenter *s, struct str run, uint16_t ends[SEGMENT_WORDS]);

/* Cost of the cheapest way through the first SEGMENT_BYTES of `run`. */
uint32_t segment_cost(const struct segmenter *s, struct str run);

/* Bytes of the longest dictionary word or term that `text` begins with; 0 when there is none. */
size_t segment_longest(const struct segmenter *s, struct str text);

/* In the dictionary or the terms. */
bool segment_knows(const struct segmenter *s, struct str word);

#endif

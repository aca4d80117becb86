/* Keywords: a word as staff write it -> the literals that stand for it in a message.
 *
 * A keyword stands for every member of its synonym group. Chinese matches as characters, Latin
 * script as whole words by their stems, mixed ones as characters with edges at their Latin ends:
 *
 *	退款       with `words: 退款: [退钱, money back]` the characters 退款, 退钱 or the words
 *	           "money back"
 *	Refunds    the word with the stem "refund": "refund", "refunded", not "refundable"
 *	Python课   "python课", not inside "cpython课"; with or without a space between the scripts
 *	.net       written punctuation counts: the characters ".net" with an edge at the right */
#ifndef INTENTS_KEYWORD_H
#define INTENTS_KEYWORD_H

#include "intents/literal.h"
#include "intents/rule.h"

struct keyword {
	struct str text;     /* normalised */
	const uint32_t *ids; /* literals; any one found is the keyword found */
	size_t n;	     /* 0 when the word is empty */
};

/* Adds the literals of a word and its synonyms. What outlives the call is in `a`; the rest, which is
 * many times as much, in `scratch`. */
void keyword_read(struct arena *a, struct arena *scratch, struct literals *l,
		  const struct lexicon *lexicon, struct str word, struct keyword *out);

bool keyword_seen(const struct keyword *k, const struct literal_hits *hits);

/* Where any form was found first in the list of hits, or NULL. */
const struct literal_hit *keyword_where(const struct keyword *k, const struct literal_hits *hits);

#endif

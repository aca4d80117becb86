/* Misspelt words: which known word was meant.
 *
 * Latin words only, by edits (insert, delete, change, swap of neighbours): none below 4 letters,
 * one from 4, two from 8, never more than the word's own allowance. Below 8 letters the first
 * letter must be right (or swapped with the second): it nearly always is, and "lava" is not
 * "java". A word that is known itself, or is ordinary English, is never changed.
 *
 *	known python, javascript:   pyhton -> python   javascrpit -> javascript   jython -> (none)
 *
 * A known word is compared only when the sets of letters, folded to 32 bits, differ by few
 * enough bits: 5,000 words cost about 5 us, and only when the message has a word that nobody
 * knows. */
#ifndef INTENTS_TYPO_H
#define INTENTS_TYPO_H

#include "text/arena.h"
#include "text/edit.h"
#include "text/utterance.h"

enum {
	TYPO_ONE_FROM = 4, /* letters */
	TYPO_TWO_FROM = 8,
	TYPO_WORD_MAX = EDIT_WORD_MAX,
	TYPO_FIXES_MAX = 8, /* in one message */
};

struct typos;

/* Lives in the arena. */
struct typos *typos_new(struct arena *a);
/* A word (normalised) that may be meant, with at most `edits` mistakes; 0 makes it known only.
 * Words that cannot be mistaken are kept as known. */
void typos_add(struct typos *t, struct str word, int edits);
/* Is there a word that may be meant? If not, no word need be known. */
bool typos_wanted(const struct typos *t);

/* The nearest known word, the one added first when several are as near; false when there is none,
 * or when the word itself is known. *edits is its distance. */
bool typos_word(const struct typos *t, struct str word, struct str *meant, int *edits);

/* One word put right: bytes [from, to) of the message, [new_from, new_to) of the corrected text. */
struct typo_fix {
	uint32_t from, to, new_from, new_to;
	int edits;
};

struct typo_text {
	struct str text; /* normalised message with the words put right */
	struct typo_fix fixes[TYPO_FIXES_MAX];
	size_t n;
};

/* False when there is nothing to put right. Words with digits, or joined to others by @ . _ - / and
 * the like (addresses, codes), are left alone. */
bool typos_correct(const struct typos *t, struct arena *a, const struct utterance *u,
		   struct typo_text *out);

/* The place in the message of a span of the corrected text. */
void typo_place(const struct typo_text *t, uint32_t *from, uint32_t *to);

/* The most edits of any fix that the span of the corrected text touches; 0 = it touches none. */
int typo_edits(const struct typo_text *t, uint32_t from, uint32_t to);

#endif

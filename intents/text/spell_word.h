/* The Latin half of a speller (text/spell.h): words within a few edits of a misspelt one.
 *
 * An index by deletes (after SymSpell): each word that may be meant stands under its first letters
 * with none, one or two of them left out; a misspelt word looks under its own. What they share is
 * compared in full.
 *
 *	receipt		receipt eceipt rceipt reeipt recipt receit receip
 *	reciept		reciept eciept rciept reiept recept reciet reciep recipt   <- shared: recipt
 *
 * Of several the fewest edits win, then a right first letter, then weight, then order by bytes. The
 * first letter is nearly always right: else it was left out, doubled, swapped with the second, or
 * mistaken for a neighbour on the keyboard. A missing apostrophe is put back into any English word:
 * didnt -> didn't. */
#ifndef TEXT_SPELL_WORD_H
#define TEXT_SPELL_WORD_H

#include "text/arena.h"
#include "text/str.h"

/* A word of the vocabulary. */
struct spell_word {
	struct str text; /* normalised */
	uint32_t weight;
	bool meant; /* else only known */
};

struct spell_words;

/* v by text in byte order, distinct, living as long as the arena, where the index lives, too. */
const struct spell_words *spell_words_new(struct arena *a, const struct spell_word *v, size_t n,
					  int edits);

/* What was meant by a word of ASCII letters; false when it is known, or near nothing. `stem` is the
 * word's: a form of a known word is known. */
bool spell_word_find(const struct spell_words *s, struct arena *a, struct str word, struct str stem,
		     struct str *meant);

#endif

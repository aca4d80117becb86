/* The Chinese half of a speller (text/spell.h): words typed with characters of the same sound.
 *
 * A run of characters is cut anew (as in text/segment.h) with more ways: where the sound of a
 * stretch is that of a word that may be meant, the word is a way, too. It costs what the word costs
 * among those that may be meant, and more for what would have been mistyped:
 *
 *	退宽	退|宽	9.0 + 8.8			= 17.8 nats
 *		退款	4.9 + 3 (a word) + 3 (a character of it)	= 10.9  <- cheapest
 *
 * A stretch that is a word itself is left alone (unless the dictionary has it as one of its many
 * that were hardly ever seen), and so is one that is made up of known words of two characters and
 * more, and one whose characters stand side by side in the rules' own texts (老是, 在哪). */
#ifndef TEXT_SPELL_SOUND_H
#define TEXT_SPELL_SOUND_H

#include "text/segment.h"
#include "text/spell_word.h"
#include "text/utterance.h"

struct spell_sounds;
struct spell_pairs;

enum { SPELL_SOUND_MIN = 2, SPELL_SOUND_MAX = 8 }; /* characters of a word that may be meant */

/* v as for spell_words_new; words that are too short, too long or hold anything without a reading
 * are left out. */
const struct spell_sounds *spell_sounds_new(struct arena *a, const struct segmenter *segmenter,
					    const struct spell_word *v, size_t n,
					    const struct spell_pairs *said);

/* Two characters side by side, as the rules' own texts have them: a set. */
struct spell_pairs {
	uint64_t *v; /* distinct */
	size_t n, cap;
	uint32_t *slots; /* open addressing: number + 1; 0 = free */
	size_t n_slots;
};

/* Adds those of a text; the set lives in the arena. */
void spell_pairs_add(struct arena *a, struct spell_pairs *pairs, struct str text);
/* Adds one that another set has. */
void spell_pairs_put(struct arena *a, struct spell_pairs *pairs, uint64_t pair);

struct spell_sound_fix {
	size_t from, to;  /* bytes of the message's normal.text */
	struct str meant; /* as many characters */
};

/* In tokens [first, last) of a message, neighbours of TOKEN_HAN without anything between; by place.
 * Returns how many, at most `max`. */
size_t spell_sounds_find(const struct spell_sounds *s, const struct utterance *u, size_t first,
			 size_t last, struct spell_sound_fix *out, size_t max);

#endif

/* A message put right: what was meant, in words that the rules and the FAQ use.
 *
 * Latin words by edits (intents/typo.h), Chinese words by sound (text/pinyin.h):
 *
 *	i forgot my pasword -> i forgot my password	我要退宽 -> 我要退款
 *
 * Any word of the vocabulary may be meant, so a right word that the rules do not use can be taken
 * for a wrong one: ask only about messages that were not understood as they stand, and keep the
 * answer only if it is surer. `settings: typos: off` turns it off; 1 and 2 bound the edits. */
#ifndef INTENTS_SPELL_H
#define INTENTS_SPELL_H

#include "intents/rule.h"
#include "text/utterance.h"

struct speller;

/* Lives in the arena (the snapshot's); never NULL. Immutable. */
const struct speller *speller_new(struct arena *a, const struct ruleset *rs,
				  const struct lexicon *lexicon);

/* The normalised message with its words put right, in `a`; false when none is. Pure. */
bool speller_correct(const struct speller *s, struct arena *a, const struct utterance *u,
		     struct str *out);

#endif

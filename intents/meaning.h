/* What a message means, by word vectors: which intent's examples say the like in other words, or in the
 * other language.
 *
 * Each example and each message is the mean of its words' vectors (text/vectors.h). For an intent
 *
 *	likeness = (cosine with the centre of its examples + cosine with the nearest of them) / 2
 *	score    = logistic(-4.6 + 5.1 x likeness + 13.2 x lead over the next intent)
 *
 * so that only what stands out counts. The score is another opinion beside that of the words
 * themselves (intents/phrase.h): the higher of both is taken, and a little more where both agree. */
#ifndef INTENTS_MEANING_H
#define INTENTS_MEANING_H

#include "intents/phrase.h"
#include "text/vectors.h"

struct meaning;

/* Lives in the arena; never NULL. phrases: those of an intent side by side; names are
 * passed over. Intents from n_intents on are
 * not raised, only rivals: the FAQ's entries, which have scores of their own. vectors and phrases are
 * borrowed. */
const struct meaning *meaning_new(struct arena *a, const struct vectors *vectors,
				  const struct lexicon *lexicon, const struct phrase *phrases,
				  size_t n, uint32_t n_intents);

/* Raises the scores of intents that the message means, and adds those that were not there. */
void meaning_raise(const struct meaning *m, struct arena *a, const struct utterance *u,
		   struct phrase_scores *scores);

#endif

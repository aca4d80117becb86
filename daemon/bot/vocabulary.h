/* The words that a learner of this rule set may mean, for the speller (text/spell.h).
 *
 *	may be meant	keywords, synonyms, words of phrases, of FAQ questions and of the fixed text
 *			in regexes; Chinese words in values of entities that allow typos
 *	known only	`none` keywords, Latin words of entities (intents/entity.h reads those
 *			itself, with the allowance of each)
 *
 * A word weighs as often as it is there; keywords and synonyms count several times. */
#ifndef BOT_VOCABULARY_H
#define BOT_VOCABULARY_H

#include "intents/rule.h"
#include "text/spell.h"

/* The words of FAQ questions, which take most of the time to read; NULL when the settings turn typos
 * off. */
struct spell_base *vocabulary_base(const struct ruleset *rs, const struct lexicon *l);

/* Lives in the arena; NULL when base is. */
const struct speller *vocabulary_speller(struct arena *a, const struct ruleset *rs,
					 const struct lexicon *l, const struct spell_base *base);

#endif

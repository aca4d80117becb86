/* Mistakes that only meaning shows: names nobody defined, words that two intents claim, what can
 * never be said. Looks at the model alone; what needs compiled patterns is matcher_new's business.
 */
#ifndef INTENTS_LINT_H
#define INTENTS_LINT_H

#include "intents/rule.h"

/* Adds what it finds to `diags`. Names that point nowhere, so that something cannot work as
 * written, are errors; what works but is likely not meant is a warning. After a file that could not
 * be read to its end (rs->cut_short) nothing is said about what may stand in the missing part. `a`
 * is for working memory and may be a scratch arena. */
void lint_ruleset(const struct ruleset *rs, struct arena *a, struct diags *diags);

/* What needs words told apart: phrases of two intents that differ in nothing but punctuation, case, small
 * words, order or synonyms. Warnings. */
struct lexicon;
void lint_alike(const struct ruleset *rs, const struct lexicon *lexicon, struct arena *a,
		struct diags *diags);

#endif

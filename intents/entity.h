/* Entities: the things rules pick out of messages - courses, topics, order numbers, amounts.
 *
 * Values (from the file or the catalogue) are literals in the same one look at the message that
 * finds keywords; of overlapping ones of an entity the longest is taken, then the one that
 * begins first, then file order. Synonyms and English endings count as for keywords. A Latin
 * word that nobody knows is read as the value word it is nearest to (intents/typo.h). A
 * catalogue title is also found by a part before or after a colon, dash or bracket, when no
 * other title has that part:
 *
 *	title "Python入门：零基础到实战"    found by "python入门", "零基础到实战", "Pyhton入门"
 *
 * Regexes run on the normalised message; the group named `value` is the value if there is one,
 * else all. */
#ifndef INTENTS_ENTITY_H
#define INTENTS_ENTITY_H

#include "intents/literal.h"
#include "intents/regex_set.h"
#include "intents/rule.h"
#include "intents/typo.h"

enum { ENTITY_FOUND_MAX = 256 }; /* in one message; more are not looked at */

struct entities;

/* Adds its literals and takes its regexes from the set (mistakes go to diags). In the arena. What
 * it borrows, rs, lexicon and regexes included, must live as long. */
struct entities *entities_new(struct arena *a, const struct ruleset *rs,
			      const struct lexicon *lexicon, struct literals *literals,
			      struct regex_set *regexes, struct diags *diags);
/* After literals_build. */
void entities_ready(struct entities *e);

/* Warnings about its regexes: see regex_lint. */
void entities_lint(const struct entities *e, struct diags *diags);

/* Words that may be misspelt; the caller adds those it knows, so that they are left alone. */
struct typos *entities_typos(struct entities *e);

struct found {
	const struct entity *entity;
	struct str value;  /* canonical */
	uint32_t from, to; /* bytes of the normalised message */
};

struct founds {
	struct found *v; /* by entity in file order, then by place; of one entity none overlap */
	size_t n, cap;
	struct regex_limited *limited; /* regexes that gave up at the match limit */
	size_t n_limited, cap_limited;
};

/* Everything in the message, or only what is private. `hits` is its literals_scan. */
void entities_find(const struct entities *e, struct arena *a, const struct utterance *u,
		   const struct literal_hits *hits, struct regex_run *run, bool only_private,
		   struct founds *out);

/* The one value of an entity whose names all of the message is a part of ("python" when one title
 * only has that word); for answers to a question. False when there is none or more than one. */
bool entity_partial(const struct entities *e, const struct entity *entity,
		    const struct utterance *u, struct str *value);

#endif

/* Inside a matcher: what match_compile.c makes and match.c reads. Nobody else includes this.
 *
 * Every rule, keyword block or regex, is a conjunction of clauses over literals (a clause is met
 * when one of its literals is in the message), with literals that must be absent, and perhaps a
 * regex that has the last word. The clause least likely to be met by chance is the trigger: a
 * rule is looked at only when a literal of its trigger is found.
 *
 *	keywords: {all: [退款], any: [课程, 订单], none: [政策]}
 *		clauses {退款, 退钱, …} and {课程, 网课, 订单, …}     absent 政策
 *	regex: '(?:怎么|如何).*(?:发票|收据)'
 *		clauses {怎么, 如何} and {发票, 收据}                then PCRE2 */
#ifndef INTENTS_MATCHER_H
#define INTENTS_MATCHER_H

#include "intents/entity.h"
#include "intents/keyword.h"
#include "intents/literal.h"
#include "intents/match.h"
#include "intents/meaning.h"
#include "intents/phrase.h"
#include "intents/regex.h"

struct clause {
	const uint32_t *ids;
	size_t n;
};

struct keywords {
	const struct keyword *v;
	size_t n;
};

struct rule {
	const struct intent *intent;
	struct mark mark;
	struct clause *clauses;
	size_t n_clauses;
	struct regex *regex;		/* NULL for keywords */
	struct str pattern;		/* of the regex, normalised */
	struct keywords all, any, none; /* of a keyword block */
};

struct matcher {
	struct arena arena;
	const struct ruleset *rs;
	const struct lexicon *lexicon;
	struct literals *literals;
	struct rule *rules; /* in file order, so that those of an intent are neighbours */
	size_t n_rules, cap_rules;
	struct literal_index triggers; /* literal -> rules */
	uint32_t *always;	       /* rules that nothing can rule out beforehand */
	size_t n_always, cap_always;
	struct entities *entities;
	const struct phrase_model *phrases;
	struct vectors *vectors;       /* NULL: none are wanted */
	const struct meaning *meaning; /* NULL, too, then */
};

#endif

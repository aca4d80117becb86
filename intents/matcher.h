/* Inside a matcher: what match_compile.c and match_index.c make and match.c reads. Nobody else
 * includes this.
 *
 * Every rule, keyword block or regex, is a conjunction of clauses over literals (a clause is met
 * when one of its literals is in the message), with literals that must be absent, and perhaps a
 * regex that has the last word. The clause least likely to be met by chance is the trigger: a
 * rule is looked at only when a literal of its trigger is found.
 *
 *	keywords: {all: [退款], any: [课程, 订单], none: [政策]}
 *		clauses {退款, 退钱, …} and {课程, 网课, 订单, …}     absent 政策
 *	regex: '(?:怎么|如何).*(?:发票|收据)'
 *		clauses {怎么, 如何} and {发票, 收据}                then PCRE2
 *
 * What must hold beside the trigger is the rule's check, a run of numbers in one array, so that to
 * rule out a rule takes two looks at memory (the list of the literal and the check), not five:
 *
 *	the rule, how many groups, then of each group: 2n (one must be there) or 2n + 1 (none may),
 *	and its n literals
 *
 *	keywords above, rule 7, trigger {课程 …}     7 2   4 退款 退钱   3 政策          */
#ifndef INTENTS_MATCHER_H
#define INTENTS_MATCHER_H

#include "intents/entity.h"
#include "intents/keyword.h"
#include "intents/literal.h"
#include "intents/match.h"
#include "intents/meaning.h"
#include "intents/phrase.h"
#include "intents/regex_set.h"

struct keywords {
	const struct keyword *v;
	size_t n;
};

struct rule {
	const struct intent *intent;
	struct mark mark;
	struct regex *regex;	  /* NULL for keywords; the set's */
	struct keywords all, any; /* of a keyword block, to tell why it hit */
};

struct matcher {
	struct arena arena;
	const struct ruleset *rs;
	const struct lexicon *lexicon;
	struct literals *literals;
	struct regex_set *regexes;
	struct rule *rules; /* in file order, so that those of an intent are neighbours */
	size_t n_rules;
	const uint32_t *checks;
	struct literal_index triggers; /* literal -> checks, by where they begin */
	uint32_t *always;	       /* checks of rules that nothing can rule out beforehand */
	size_t n_always, cap_always;
	struct entities *entities;
	const struct phrase_model *phrases;
	struct vectors *vectors;	   /* NULL: none are wanted */
	const struct meaning *meaning;	   /* NULL, too, then */
	int phrase_priority;		   /* the highest of an intent with phrases */
	const struct intent **in_contexts; /* those with phrases that need a context */
	size_t n_in_contexts, cap_in_contexts;
};

#endif

/* Which intents does this message mean, how surely, and why.
 *
 * A matcher is compiled once per snapshot from a ruleset and is immutable and free of locks:
 * several threads may match at once, each with an arena of its own. Matching is a pure function:
 * same matcher + same utterance + same state -> the same candidates, bit for bit.
 *
 * Scores: a rule (keywords, regex) that hits scores 1.0. Phrases score 0..1, calibrated so that
 * nonsense and off-topic text stay under ask_at.
 *
 * Order of candidates: those that reach answer_at, then those that reach ask_at, then the rest;
 * among the first two by active context, then priority, score, rules before phrases, file order;
 * the rest by score. So a clear statement is not drowned by a whisper of higher priority.
 * `only` conditions that do not hold leave the intent out (it is still listed in the explanation). */
#ifndef INTENTS_MATCH_H
#define INTENTS_MATCH_H

#include "intents/regex.h"
#include "intents/rule.h"
#include "intents/slot.h"
#include "text/utterance.h"

struct matcher;

/* Compiles every regex, keyword, phrase and entity; mistakes go to diags. Never NULL. Heap (PCRE2 code):
 * free with matcher_free. Borrows rs and lexicon for its lifetime; `previous` (NULL: there is none)
 * for the call only: what its regexes compiled to and its phrases trained is shared, so that a reload
 * compiles no more than what was edited. Threads may match with `previous` meanwhile, and free it afterwards. */
struct matcher *matcher_new(const struct ruleset *rs, const struct lexicon *lexicon,
			    const struct matcher *previous, struct diags *diags);
/* The same, but phrases are trained when a message first needs them: for who may need none. */
struct matcher *matcher_new_untrained(const struct ruleset *rs, const struct lexicon *lexicon,
				      const struct matcher *previous, struct diags *diags);
void matcher_free(struct matcher *m);

/* Warnings and notes of what only a try shows: regexes that match the empty text, that run into the match
 * limit, that must run on every message. Slower than matcher_new; for `kefu check`. */
void matcher_lint(const struct matcher *m, struct diags *diags);

/* Who and where: what `only` and contexts look at. */
struct match_state {
	bool logged_in;
	struct str context; /* active context, "" = none */
	struct str lang;
	struct str page;
	bool rules_alone; /* no phrase is scored: see matches.unscored */
};

/* Do the `only` conditions hold here? */
bool match_only_holds(const struct only *only, const struct match_state *state);
/* What speaks against them, for the explanation: "context", "lang" …; empty when they hold. */
struct str match_only_against(const struct only *only, const struct match_state *state);

enum match_source { MATCH_RULE, MATCH_PHRASE };

/* Why a block fired (or what kept its intent out). */
struct reason {
	struct mark mark; /* of the block, phrase or pattern */
	struct str what;  /* "keywords", "regex", "phrases", "only", "entity" */
	struct str detail; /* "all 退款 · any 课程", "我要退掉<course>", in normalised form */
	struct str text; /* the matched characters of the message */
	double points;
};

struct candidate {
	const struct intent *intent;
	double score;
	enum match_source source;
	bool in_context; /* its `only: context` is the active one */
	struct slots slots;
	const struct reason *reasons;
	size_t n_reasons;
};

struct matches {
	const struct candidate *v; /* best first; one per intent */
	size_t n;
	/* v[0] is a rule hit that answers whatever the FAQ says, so it need not be searched. Phrases
	 * that could not have changed that were not scored. Never so with `explain`. */
	bool settled;
	bool unscored; /* phrases might have changed the outcome, had they been scored */
	/* Slots of every entity found in the message whatever the intent. */
	struct slots entities;
	/* Filled when `explain`: intents that fired but were kept out by `only`. */
	const struct candidate *kept_out;
	size_t n_kept_out;
	const struct regex_limited *limited; /* regexes that gave up at the match limit */
	size_t n_limited;
};

enum { MATCH_CANDIDATES_MAX = 16 };

void intent_match(const struct matcher *m, struct arena *a, const struct utterance *u,
		  const struct match_state *state, bool explain, struct matches *out);

/* Fills one slot from a message that answers "which order number?": the entity of that name (or, when
 * no entity has the name, the whole trimmed message). False when nothing fits. */
bool slot_fill(const struct matcher *m, struct arena *a, struct str slot_name,
	       const struct utterance *u, struct slot *out);

/* Private spans (entities marked private) of a message, for masking. */
struct slots match_private(const struct matcher *m, struct arena *a, const struct utterance *u);

/* Words the rules use (keywords, entity values), each once: terms for the lexicon, so that they are cut
 * whole. */
struct strs match_terms(struct arena *a, const struct ruleset *rs);

#endif

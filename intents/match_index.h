/* From the clauses of all rules to what one message needs: triggers and checks (see matcher.h). */
#ifndef INTENTS_MATCH_INDEX_H
#define INTENTS_MATCH_INDEX_H

#include "intents/matcher.h"

/* A clause is met when one of its literals is in the message. */
struct clause {
	const uint32_t *ids;
	size_t n;
};

/* A rule while it is compiled: a conjunction of clauses, and literals that must be absent. */
struct draft {
	struct clause *clauses;
	size_t n_clauses;
	struct clause absent;
};

/* drafts[i] is that of m->rules[i]; their clauses are reordered, the rarest first. After
 * literals_build. */
void match_index_make(struct matcher *m, struct draft *drafts);

#endif

/* The best candidates of a message, in the order that intents/match.h promises. */
#ifndef INTENTS_MATCH_RANK_H
#define INTENTS_MATCH_RANK_H

#include "intents/match.h"

struct ranking {
	const struct rule_settings *settings;
	struct candidate
		*v; /* best first; MATCH_CANDIDATES_MAX at most, in the arena of the adding */
	size_t n;
};

void ranking_add(struct ranking *r, struct arena *a, const struct candidate *c);

#endif

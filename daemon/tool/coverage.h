/* What conversations reached of the rules: intents, FAQ entries, and the blocks of `when:`. */
#ifndef TOOL_COVERAGE_H
#define TOOL_COVERAGE_H

#include "bot/turn.h"

/* Counts, sized by the rules; all zero at first. One thread. */
struct coverage {
	const struct ruleset *rules; /* NULL: nothing is counted (over the wire) */
	size_t *intents, *faq;	     /* answers of each */
	size_t *blocks; /* times each block fired: those of intent i from first[i] on */
	size_t *first;
	/* Rule hits of intent i that another intent's answer beat, and by which (its number + 1, the first
	 * of the file). */
	size_t *beaten, *by;
	size_t fallbacks, asked;
};

void coverage_init(struct coverage *c, struct arena *a, const struct ruleset *rules);
void coverage_count(struct coverage *c, const struct reply *r);
void coverage_merge(struct coverage *into, const struct coverage *from);

/* Is the intent hit by its rules, and each time beaten by another? */
bool coverage_shadowed(const struct coverage *c, size_t intent);

/* For people: what was never reached, at most a screen of it. */
void coverage_print(const struct coverage *c, bool chinese, struct buf *out);
/* Members of an open JSON object: all of it. */
void coverage_json(const struct coverage *c, struct buf *out);

#endif

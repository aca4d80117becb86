/* How common a word is in any questions, whatever they are about: what a handful of examples cannot tell.
 *
 * 我要 and "how do I" stand in every third question; in ten examples they may stand with one intent
 * only, and would be taken for its topic. */
#ifndef INTENTS_COMMON_H
#define INTENTS_COMMON_H

#include "text/arena.h"

struct common;

/* Lives in the arena; read by any number of threads. */
const struct common *common_new(struct arena *a);

/* Share of questions that have this word (normalised, English as its stem), or this Chinese
 * character as a word; 0 for words of a topic. */
float common_share(const struct common *c, struct str word);

#endif

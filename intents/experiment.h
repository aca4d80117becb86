/* Which learner meets which variant of an experiment.
 *
 * Nothing is stored: a keyed hash of the learner decides, so that it is the same after a restart and in every
 * process. Each variant v of share w draws a time from the exponential distribution of rate w out of the hash,
 * and the earliest wins (weighted rendezvous hashing: Schindelhauer, Schomaker 2005, Weighted distributed hash
 * tables, SPAA):
 *	u_v = hash(salt; v, learner) in (0, 1]     time_v = -ln(u_v) / w_v     P(v wins) = w_v / sum of all w
 * A variant's draw does not hang on the others' shares. So when shares change, a learner moves only to a variant
 * whose share has grown against that of the one left; with two variants, or one that takes from (gives to) all
 * others alike, that is as few learners as can be. */
#ifndef INTENTS_EXPERIMENT_H
#define INTENTS_EXPERIMENT_H

#include "intents/rule.h"

/* NULL for a learner without a name, who is in no experiment. */
const struct experiment_variant *experiment_assign(const struct experiment *e, struct str learner);

const struct experiment *experiment_named(const struct ruleset *rs, struct str name);

#endif

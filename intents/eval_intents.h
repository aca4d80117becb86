/* How well a phrase model tells intents apart, and knows what is none of them: labelled messages,
 * some to learn from, some to be asked about.
 *
 * Where a set has messages that belong to no intent, the score below which a message is taken for
 * none is chosen on other messages than those it is judged on: on the validation part (with those
 * of the training part that belong to no intent, which nothing was learnt from); and where there is
 * none, by cross-validation of the training part, in which each fold hides one intent in five
 * altogether, whose messages then belong to none. A set without such messages is closed: the best
 * intent is always taken.
 *
 * A label named None is learnt from like any other, and is also what a message has that hardly speaks of
 * any intent: that is what it is for in the sets that have it. */
#ifndef INTENTS_EVAL_INTENTS_H
#define INTENTS_EVAL_INTENTS_H

#include "intents/classify.h"
#include "text/err.h"
#include "text/lexicon.h"

#define EVAL_NONE UINT32_MAX /* label of a message that belongs to no intent */

enum eval_part { EVAL_TRAIN, EVAL_VAL, EVAL_TEST };

struct eval_message {
	struct str text;
	uint32_t label; /* below n_labels, or EVAL_NONE */
	uint8_t part;	/* enum eval_part */
};

struct eval_set {
	const struct eval_message *v;
	size_t n, n_labels;
	const struct str *
		names; /* of the labels, which are learnt from like messages; NULL: they say nothing */
};

/* What the threshold is chosen for: the mean of the share of messages with an intent and the share of
 * messages with none that are decided rightly, or the share of all messages that are. Or it is given. */
enum eval_rule { EVAL_BALANCED, EVAL_ACCURACY, EVAL_GIVEN };

struct eval_measures {
	double precision, recall, f1;
};

struct eval_result {
	size_t trained, tested, none; /* messages; `none`: of the tested ones, with no intent */
	size_t model_bytes;
	double threshold; /* 0 for a closed set */
	double accuracy;  /* of all messages */
	double in_scope_accuracy, none_recall, none_precision;
	struct eval_measures
		macro; /* over labels seen in the answers or the truth, none included */
	struct eval_measures micro;	 /* over intents, without none */
	double train_s, decisions_per_s; /* of one core: processor time */
};

/* Trains on EVAL_TRAIN (messages with no intent are left out), asks about EVAL_TEST; without test
 * messages about EVAL_VAL; and without those by cross-validation. Nothing to
 * learn from is ERR_INVALID. vectors: NULL for none. threshold: for EVAL_GIVEN. */
MUST_USE int eval_intents_run(const struct eval_set *set, const struct lexicon *l,
			      const struct vectors *vectors, enum eval_rule rule, double threshold,
			      struct eval_result *out, struct err *err);

#endif

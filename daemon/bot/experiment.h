/* What experiments change for one learner, and which of them the learner met by it.
 *
 * A learner meets an experiment when something it may change is about to be used for them, whichever variant
 * they are in, control too: only then can a difference between variants be its doing. Who has no
 * name is in no experiment and gets what the rules say. */
#ifndef BOT_EXPERIMENT_H
#define BOT_EXPERIMENT_H

#include "intents/experiment.h"
#include "kb/recommend.h"

/* What can be set for a variant: a row of the table in experiment.c each. */
struct tuning {
	double answer_at, ask_at, margin;
	struct recommend_tuning recommend;
};

/* What is used together, and so met together. */
enum experiment_area { AREA_DECISION, AREA_RECOMMEND };

struct exposure {
	const struct experiment *experiment;
	const struct experiment_variant *variant;
};

/* Those met so far, each once. */
struct exposures {
	struct exposure v[EXPERIMENTS_MAX];
	size_t n;
};

/* The settings of the rules as the learner's variants change them; those of `area` are about to be used. */
void experiment_tune(const struct ruleset *rs, struct str learner, enum experiment_area area,
		     struct tuning *out, struct exposures *met);
/* The name of the learner's variant of the experiment called `name`, about to be used; false: there is no
 * such experiment, or the learner is in none. */
bool experiment_find(const struct ruleset *rs, struct str learner, struct str name,
		     struct exposures *met, struct str *variant);

/* Settings there are not, and values out of range. */
void experiment_check(const struct ruleset *rs, struct diags *diags);

#endif

/* Experiments as the daemon recorded them, counted for ab_result.h.
 *
 * A learner counts once, in the variant first met, and converts when the outcome comes within so many days of
 * that meeting, wherever it comes from (as intended to treat: what a list of courses did is not told apart from
 * what the learner would have done anyway; the other variant's learners would have, too). Learners who met two
 * variants (the shares were changed) are left out and counted as moved. */
#ifndef KB_STORE_AB_H
#define KB_STORE_AB_H

#include "kb/ab_result.h"
#include "kb/store.h"

enum ab_outcome {
	AB_CLICK,    /* opened a course of a list */
	AB_ENROLL,   /* in any course */
	AB_PURCHASE, /* of any course */
	AB_HELPFUL,  /* said that an answer helped */
	AB_ANSWERED, /* got answers, and never "I did not get that" */
	AB_OUTCOMES
};

bool ab_outcome_read(struct str word, enum ab_outcome *out);
const char *ab_outcome_name(enum ab_outcome o);

struct store_ab_query {
	struct str experiment;	 /* "" = all */
	bool outcome_given;	 /* else each experiment's own */
	enum ab_outcome outcome; /* then */
	int64_t within;		 /* days; 0 = each experiment's own */
	bool listed; /* enrolments and purchases count only where a list showed the course */
	int64_t since_unix_ms, until_unix_ms; /* of the first meeting: from, to before */
};

/* What came of the courses a variant's lists showed, each course of each list once. */
struct store_ab_lists {
	int64_t lists, shown, clicked, dismissed, enrolled, purchased;
};

struct store_ab {
	struct ab_result result; /* its inputs, with srm filled in by plan */
	enum ab_outcome outcome;
	int64_t within; /* days */
	int64_t moved;
	const struct store_ab_lists *lists; /* by variant */
};

/* Everything in `a`, by name; an experiment that only one variant is known of is left out. Nothing
 * recorded: *n = 0. */
MUST_USE int store_ab_read(struct store *s, struct arena *a, const struct store_ab_query *q,
			   struct store_ab **out, size_t *n, struct err *err);

#endif

/* The result of an experiment: every variant against control, and what that means.
 *
 * Fill in the inputs (from a file: ab_result_read; from a database: store_ab.h), then ab_result_compute. */
#ifndef KB_AB_RESULT_H
#define KB_AB_RESULT_H

#include "kb/abtest.h"
#include "kb/rows.h"

enum ab_verdict {
	AB_KEEP_RUNNING, /* nothing is certain yet */
	AB_BETTER,	 /* the sequential test, corrected for the number of variants, says so */
	AB_WORSE,
	AB_SAME, /* the interval that holds at any look leaves out a change of `effect` either way */
};

struct ab_variant {
	/* in */
	struct str name;
	struct ab_arm arm;
	double share; /* meant, in whatever unit */

	/* out; for control only the rate and its interval */
	double rate;
	struct ab_interval rate_interval; /* Wilson */
	double difference;		  /* of rates */
	double relative;		  /* difference / control's rate; NAN when that is 0 */
	struct ab_interval interval;	  /* Newcombe */
	struct ab_ztest z;
	double p_holm; /* of the z test */
	struct ab_sequential sequential;
	double sequential_p_holm; /* the one the verdict goes by */
	double detectable;	  /* least rise that these numbers tell, see abtest.h */
	enum ab_verdict verdict;
};

struct ab_result {
	/* in */
	struct str name;
	struct ab_variant *variants; /* at least two */
	size_t n;
	size_t control;
	struct ab_srm srm; /* from a file filled by ab_result_compute out of the shares */
	bool srm_known;	   /* filled in already */

	/* out */
	double srm_p;
	bool mismatch;	     /* srm_p is below AB_SRM_ALARM */
	enum ab_verdict all; /* AB_BETTER: `best` wins; AB_WORSE: control wins against all */
	size_t best;
	double needed;	    /* learners an arm for `effect`, fixed horizon; INFINITY unknown */
	double needed_look; /* the same when it is looked at any time */
	double more;	    /* learners still missing for that, all arms together */
};

struct ab_options {
	double alpha;	/* .05 */
	double power;	/* .8 */
	double effect;	/* relative change worth finding: .1 */
	double planned; /* learners in both arms, see abtest.h: AB_PLANNED */
};
#define AB_DEFAULTS ((struct ab_options){.05, .8, .1, AB_PLANNED})

void ab_result_compute(struct ab_result *r, const struct ab_options *o);

/* The variant called `control`, else the first. */
size_t ab_result_control(const struct ab_variant *variants, size_t n);

/* Tab-separated with a header that names experiment, variant, exposed and converted, and perhaps share (equal when
 * it is left out). Everything in `a`, in the order of the file. Bad rows are diagnostics; a file
 * without any experiment of two variants is ERR_INVALID. */
MUST_USE int ab_result_read(struct rows *rows, struct arena *a, struct str name,
			    struct ab_result **out, size_t *n, struct diags *diags,
			    struct err *err);

/* One sentence for people: what to do now. */
void ab_result_words(const struct ab_result *r, const struct ab_options *o, bool chinese,
		     struct buf *out);

#endif

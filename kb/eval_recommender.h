/* How well the neighbours foretell what learners take next.
 *
 * Files without a header, fields between tabs:
 *	train		user item [value [time]]	what is known
 *	test		user item			what was kept back, a row or more a user
 *	negatives	user item neg neg …		ranked together with the item
 *	courses		item title [description [category, category …]]
 * Without times what is known has no order. Values are read and left aside: what is asked is what
 * learners take, whether they liked it or not.
 *
 * The rows of train become events (enroll), the items courses without words, and each user of test
 * asks recommend() for a list: no other model is judged than the one that serves. With a file of
 * courses they have words, which count as in serving, and the lists as they are shown (varied,
 * diversify.h) are measured, too. Full: all items
 * of the files that the user has not in train are ranked. Sampled: the item among its negatives. An
 * item stands behind its equals. */
#ifndef KB_EVAL_RECOMMENDER_H
#define KB_EVAL_RECOMMENDER_H

#include "kb/measure.h"
#include "text/err.h"

struct eval_recommender;

struct eval_recommender_files {
	struct str train, test, negatives, courses; /* bytes; the last two may be "" */
	struct str train_name, test_name, negatives_name, courses_name; /* in messages */
};

/* Heap. Keeps nothing of the files. Bad rows are diagnostics; nothing to learn from or to test is
 * ERR_INVALID. */
MUST_USE int eval_recommender_read(const struct eval_recommender_files *files,
				   struct eval_recommender **out, struct diags *diags,
				   struct err *err);
void eval_recommender_free(struct eval_recommender *e);

/* Makes the recommender: what takes time when a catalogue is read anew. */
void eval_recommender_fit(struct eval_recommender *e);

struct eval_recommender_result {
	struct measure full, sampled; /* sampled.lists == 0: no negatives */
	struct measure shown;	      /* the lists as shown, to 50; .lists == 0: no courses */
	double diversity; /* of shown lists of the greatest cut: mean of 1 - likeness of their pairs */
	double coverage; /* share of the items that are in some learner's first K (the greatest cut)
			  */
	double novelty;	 /* mean of -log2(share of learners who have it) over these lists */
	size_t users, items, interactions;
};

/* After fit. ks ascending, at most MEASURE_CUTS_MAX. `diversity` as in struct recommend_tuning: of
 * the shown lists alone. */
void eval_recommender_run(const struct eval_recommender *e, const size_t *ks, size_t n_ks,
			  float diversity, struct eval_recommender_result *out);

#endif

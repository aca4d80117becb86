/* What a learner may want next, from what learners took: the item stage (knn.h) and the user stage
 * (crowd.h) as one score.
 *
 *	items(j)  = n_j^-tilt knn score of j, the profile weighed by (1 + p)^-recency in place of
 *		    1 / (1 + p)			(n_j = interest of all learners in j, at least 1)
 *	crowd(j)  = n_j^-column crowd score of j
 *	taste(j)  = items(j) / max items + crowd_share crowd(j) / max crowd,	then / max taste
 *
 * How much popularity, recency and the crowd count differs from one platform to the next, and no
 * rule of thumb tells: taste_choose tries the few settings of taste_choose.c on events that it
 * hides from itself. Immutable once made and chosen. */
#ifndef KB_TASTE_H
#define KB_TASTE_H

#include "kb/crowd.h"
#include "kb/knn.h"
#include "kb/scratch.h"

struct taste_settings {
	float tilt, recency;
	float crowd_share; /* 0: the item stage alone */
	float column;
	struct crowd_weights crowd;
};

struct taste;

/* Borrows the courses for its lifetime; takes the reference of the neighbours over. interest: n_j by
 * item, copied. */
struct taste *taste_new(const struct catalogue *courses, struct knn *knn, const float *interest);
void taste_free(struct taste *t);

/* Sets what foretells best, in place of what taste_new set by the order of events alone:
 *
 *	Some 400 learners, the same whatever the order of telling, are asked about with events hidden:
 *	the last one, or a fifth where there is no order. Of the table no learner's own share is
 *	counted (loom_share), nor a neighbour that without it would have been cut off: it is as if it
 *	had been woven without the hidden events. The first
 *	settings stand unless others are better by more than one standard error of the difference
 *	(and there are 50 hidden events), by each learner's mean of
 *	1 / log2(place + 2) of the hidden events among the first 20 of all courses.
 *
 * Costs some 400 x 4 questions, whatever the number of events. `l`: that the table was woven from
 * last; p: its learners. Before others see t. */
struct loom;
void taste_choose(struct taste *t, const struct loom *l, const float *interest,
		  const struct profiles *p);
void taste_set(struct taste *t, const struct taste_settings *s, const float *interest);

const struct taste_settings *taste_settings(const struct taste *t);
const struct knn *taste_knn(const struct taste *t);
/* Of its courses (catalogue_edition). */
uint64_t taste_edition(const struct taste *t);

/* Taste of courses to s->taste, 0..1 of the best, for a profile (oldest first, each item once) of the
 * learner numbered `self` (UINT32_MAX: of nobody known). Without profiles the item stage alone. s: of as many
 * items as there are courses; taste is empty. */
void taste_score(const struct taste *t, struct arena *a, const struct profiles *profiles,
		 uint32_t self, const struct interaction *profile, size_t n, struct scratch *s);

#endif

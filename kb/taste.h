/* What a learner may want next, from what learners took: the item stage (knn.h) and the user stage
 * (crowd.h) as one score.
 *
 *	items(j)  = n_j^-tilt knn score of j	(n_j = interest of all learners in j, at least 1)
 *	crowd(j)  = n_j^-column crowd score of j
 *	taste(j)  = items(j) / max items + crowd_share crowd(j) / max crowd,	then / max taste
 *
 * The powers of popularity and the share of the crowd differ from one platform to the next by what
 * its learners do; taste_new tries the few settings of taste.c on events it keeps back. Immutable
 * once made. */
#ifndef KB_TASTE_H
#define KB_TASTE_H

#include "kb/crowd.h"
#include "kb/knn.h"

struct taste_settings {
	float tilt;
	float crowd_share; /* 0: the item stage alone */
	float column;
	struct crowd_weights crowd;
};

struct taste;

/* Borrows the courses for its lifetime; takes the reference of the neighbours over. interest: n_j by
 * item, copied. */
struct taste *taste_new(const struct catalogue *courses, struct knn *knn, const float *interest);
void taste_free(struct taste *t);

const struct taste_settings *taste_settings(const struct taste *t);
const struct knn *taste_knn(const struct taste *t);

/* Taste of every course to scores[courses->n], 0..1 of the best, for a profile (oldest first, each
 * item once) of the learner numbered `self` (UINT32_MAX: of nobody known). Without profiles the
 * item stage alone. */
void taste_score(const struct taste *t, struct arena *a, const struct profiles *profiles,
		 uint32_t self, const struct interaction *profile, size_t n, float *scores);

#endif

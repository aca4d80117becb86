/* The inside of taste, for taste*.c. */
#ifndef KB_TASTE_PART_H
#define KB_TASTE_PART_H

#include "kb/taste.h"

struct taste {
	const struct catalogue *courses;
	uint64_t edition;
	struct knn *knn;
	struct taste_settings settings;
	float *tilts, *columns; /* n_j^-tilt and n_j^-column, by item */
};

/* By item, n_j at least 1. Heap. */
float *taste_powers(const float *interest, size_t n, float power);

/* The profile with weights such that knn_add, which divides by 1 + p, divides by
 * (1 + p)^recency. In the arena, or the profile itself. */
const struct interaction *taste_recent(struct arena *a, const struct interaction *profile, size_t n,
				       float recency);

#endif

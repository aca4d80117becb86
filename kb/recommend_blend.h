/* What the recommender and its evaluation share: how scores of several kinds become one. */
#ifndef KB_RECOMMEND_BLEND_H
#define KB_RECOMMEND_BLEND_H

#include "kb/recommend.h"

/* The weight of each part of a course's score; each part is a share 0..1 of the best. */
struct blend {
	float of[PARTS];
};

extern const struct blend blend_for_text, blend_for_like, blend_for_learner;

/* ln(1 + interest) / ln(1 + most); 0 when there is none. */
float blend_share(float interest, float most);
/* Of each course. */
void blend_popular(const float *interest, float *share, size_t n);

/* Neighbours an item of a catalogue of n should have. */
size_t blend_neighbours(size_t n);

#endif

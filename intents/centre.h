/* How like a text is to a class as a whole, by what its words mean: the cosine of the mean of their vectors
 * with the centre of its examples' means. Words that no example has can be as near as those that examples
 * have (erase, where they say delete), or far off. */
#ifndef INTENTS_CENTRE_H
#define INTENTS_CENTRE_H

#include "intents/weights.h"

struct centres;

/* Lives in the arena; NULL when no example has a mean. */
const struct centres *centres_new(struct arena *a, const struct weights_example *v, size_t n,
				  size_t classes);

/* Of each class, -1..1; CENTRE_UNTOLD when the text or the class has no mean, or c is NULL. */
enum { CENTRES_AT_ONCE = 4 };
void centres_cosines(const struct centres *c, const struct vec *x,
		     const uint32_t classes[CENTRES_AT_ONCE], float out[CENTRES_AT_ONCE]);

/* So that as many messages of no intent reach 0.75 as without this likeness: 9 in 100 on small files drawn from
 * the training parts of six sets. */
#define CENTRE_UNTOLD 0.63F

size_t centres_bytes(const struct centres *c);

#endif

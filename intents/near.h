/* The nearest example of a class: which one, and how near, by cosine over words.
 *
 * Only the kinds of grams that carry words are compared (WORD, CHAR, CHARS, ENTITY). An inverted
 * index over examples numbered by class, so that the examples of one class that have a word are
 * neighbours in its list:
 *
 *	class      0       1         2           (退, 0 2 4), (课, 1 2 5): class 1 has 退 in example 2
 *	examples   0 1   2 3 4     5 6 7          and 4, 课 in 2
 *
 * Of a class with hundreds of examples an even choice is compared, which bounds the work. */
#ifndef INTENTS_NEAR_H
#define INTENTS_NEAR_H

#include "intents/weights.h"

struct near;

/* Lives in the arena. features: above every id. Names of classes are no examples here. */
const struct near *near_new(struct arena *a, const struct weights_example *v, size_t n,
			    size_t features, size_t classes);

/* Cosine 0..1 of the words of x with those of the nearest example of `class`; which one (index in
 * near_new's v) in *example. What no example knows counts as unlike. Scratch from the arena. */
float near_find(const struct near *m, struct arena *a, const struct vec *x, uint32_t class,
		uint32_t *example);

size_t near_bytes(const struct near *m);

#endif

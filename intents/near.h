/* The nearest example of a class: which one, and how near, by cosine over words.
 *
 * Only the kinds of grams that carry words are compared (WORD, CHAR, CHARS, ENTITY), each example a
 * unit vector of ids and 8-bit weights, the examples of a class side by side. */
#ifndef INTENTS_NEAR_H
#define INTENTS_NEAR_H

#include "intents/weights.h"

struct near;

/* Lives in the arena. features: above every id. */
const struct near *near_new(struct arena *a, const struct weights_example *v, size_t n,
			    size_t features, size_t classes);

/* The message, spread out for comparing with many examples. */
struct near_message;
const struct near_message *near_read(const struct near *m, struct arena *a, const struct vec *x);

/* Cosine 0..1 with the nearest example of `class`; which one (index in near_new's v) in *example. */
float near_find(const struct near *m, const struct near_message *message, uint32_t class,
		uint32_t *example);

size_t near_bytes(const struct near *m);

#endif

/* Which class does a text belong to, how surely, or none of them? A model trained on examples.
 *
 *	grams -> vector over known grams (intents/vocab.h) -> a margin for each class (intents/weights.h)
 *	                                                   -> the nearest example (intents/near.h)
 *	                                                   -> likeness to the class (intents/centre.h)
 *	margin, lead over the next class, nearness, known words, likeness -> score 0..1 (curve in
 *	classify.c)
 *
 * The score estimates how probable it is that the class is right, where a text may also belong to none:
 * talk about something else has words that no example has, or no example near it, and scores low
 * whatever class is the least wrong. Training is deterministic: the same examples give the same model, in
 * whatever order they come. A model is immutable: any thread may read it. */
#ifndef INTENTS_CLASSIFY_H
#define INTENTS_CLASSIFY_H

#include "intents/gram.h"

struct classify_example {
	struct grams grams;
	uint32_t class; /* below `classes` */
	bool name;	/* what the class is called: one more example, but never the nearest */
};

struct classify;

/* The word vectors (text/vectors.h) whose means such examples and messages should have where nobody names
 * others, or NULL: few examples leave much unsaid that senses of words tell. */
const struct vectors *classify_vectors(struct arena *a, size_t n);

/* Lives in the arena; never NULL, also for n = 0. Borrows nothing. Every class should have examples. */
const struct classify *classify_new(struct arena *a, const struct classify_example *v, size_t n,
				    size_t classes);

/* What the model takes in memory. */
size_t classify_bytes(const struct classify *m);

bool classify_knows(const struct classify *m, uint64_t gram_hash);

struct classify_hit {
	double score; /* 0..1 */
	float margin; /* of the linear model: about 1 or more where it is sure, -1 where it is not */
	float nearness; /* cosine with the nearest example of the class, 0..1 */
	uint32_t class;
	uint32_t nearest; /* that example's index */
};

enum { CLASSIFY_HITS = 4 };

struct classify_hits {
	struct classify_hit v[CLASSIFY_HITS]; /* best score first; none that is far behind */
	size_t n;
	float known; /* share of the text's weight that known words carry */
};

/* Nothing of `out` lives in the arena, which is for scratch. */
void classify_read(const struct classify *m, struct arena *a, const struct grams *g,
		   struct classify_hits *out);

#endif

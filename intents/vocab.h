/* The grams a phrase model knows, and a text as a vector over them.
 *
 * Weight of a gram in a text: (1 + ln count) x idf x weight of its kind, idf = 1 + ln((1+N)/(1+df)),
 * where a few hundred texts about anything are counted along, in which function words stand as often as
 * anywhere: with many examples their own counts decide;
 * the vector has length 1 (over known grams), and then one constant more, the bias, and where texts
 * have a mean of word vectors its numbers, of length `share`. Grams are numbered by document
 * frequency: the most common ones come first, so that their rows share cache lines; then come the
 * bias and the numbers of the mean. */
#ifndef INTENTS_VOCAB_H
#define INTENTS_VOCAB_H

#include "intents/gram.h"

struct vocab;

struct vec_item {
	uint32_t id;
	float x;
};

struct vec {
	struct vec_item *v; /* words, then the other grams, then the bias, then the mean */
	size_t n;
	size_t n_words; /* the first so many are words: WORD, CHAR, CHARS and ENTITY */
	size_t n_mean;	/* the last so many are the mean of its words' vectors */
	float known;	/* share of the text's weight that its known words carry, 0..1 */
};

/* Keeps at most `most` grams, the ones in most texts (ties: by hash, so the order of texts does not
 * matter), and only those in `min_df` or more. share: length of the mean of word vectors; 0 = left
 * out. Lives in the arena. */
const struct vocab *vocab_new(struct arena *a, const struct grams *texts, size_t n, size_t most,
			      uint32_t min_df, float share);

/* How many ids there are. */
size_t vocab_size(const struct vocab *v);
size_t vocab_bytes(const struct vocab *v);
bool vocab_knows(const struct vocab *v, uint64_t gram_hash);

void vocab_vector(const struct vocab *v, struct arena *a, const struct grams *g, struct vec *out);

#endif

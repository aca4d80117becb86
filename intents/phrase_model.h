/* Inside the phrase model: what phrase_build.c makes and phrase.c reads; nobody else includes it. */
#ifndef INTENTS_PHRASE_MODEL_H
#define INTENTS_PHRASE_MODEL_H

#include <math.h>

#include "intents/feature.h"
#include "intents/linear.h"
#include "intents/phrase.h"

struct posting {
	uint32_t sample, slot; /* slot: of its intent; postings of a feature are in order of both */
	float weight;	       /* of the feature in the sample's vector of length 1 */
};

/* One example. */
struct sample {
	const struct phrase *phrase;
	struct str text; /* normalised */
	uint32_t slot;	 /* of its intent in this model */
};

struct known_feature {
	uint64_t hash; /* 0 = free */
	uint32_t id;
};

struct phrase_model {
	const struct lexicon *lexicon;
	const struct feature_words *words;
	struct sample *samples;
	size_t n;
	uint32_t *intents; /* slot -> intent */
	size_t n_intents;
	struct known_feature *table;
	size_t n_table; /* a power of two, at most half full */
	size_t n_features;
	float *idf;	 /* by feature, 0..1 */
	uint32_t *first; /* n_features + 1, into postings */
	struct posting *postings;
	const struct linear *linear; /* NULL: one intent only, or too large */
	uint32_t *column;	     /* feature -> its number in the classifier, or NO_COLUMN */
	size_t n_columns;
};

#define NO_COLUMN UINT32_MAX

enum { BACKGROUND = 100 }; /* texts about anything that are counted along with the examples */

/* Rarity of a feature, 0..1: log(1 + N/df) over its largest value, counting BACKGROUND texts more
 * in which function words are as common as anywhere. With many examples their own counts decide. */
static inline float rarity(const struct phrase_model *m, double df, float common)
{
	double n = (double)m->n + BACKGROUND;

	df += BACKGROUND * (double)common;
	return df <= 1 ? 1 : (float)(log1p(n / df) / log1p(n));
}

/* The entry of a feature, or the free one where it belongs. */
static inline struct known_feature *known_find(const struct phrase_model *m, uint64_t hash)
{
	size_t i = hash & (m->n_table - 1);

	while (m->table[i].hash && m->table[i].hash != hash)
		i = (i + 1) & (m->n_table - 1);
	return &m->table[i];
}

#endif

/* What phrases are compared by: the hashed features of a short text.
 *
 *	kind      of "Money back for Python课?"  (money back -> head 退款)      weight
 *	WORD      退款, for, python, 课: heads of synonym groups, else stems     1
 *	PAIR      退款+for, for+python, python+课: neighbours                    0.5
 *	CHAR      退, 款, 课: Chinese characters                                 1.2
 *	BIGRAM    退款: neighbouring Chinese characters                          0.7
 *	GRAM      ^pyt, pyth, …: 3 and 4 letters of a Latin word                 0.2
 *	ENTITY    <course>: where an entity stands or may stand                  0.7
 *
 * A feature counts once. Function words (怎么, 我, the) carry how common they are everywhere;
 * the reader weighs that in with what it sees itself, so that ten examples do not take 我要 for
 * a topic. */
#ifndef INTENTS_FEATURE_H
#define INTENTS_FEATURE_H

#include "text/arena.h"
#include "text/utterance.h"

enum feature_kind {
	FEATURE_WORD,
	FEATURE_PAIR,
	FEATURE_CHAR,
	FEATURE_BIGRAM,
	FEATURE_GRAM,
	FEATURE_ENTITY,
};

struct feature {
	uint64_t hash; /* of kind and bytes */
	float weight;
	float common; /* share of any texts that have it: above 0 for function words only */
	uint8_t kind; /* enum feature_kind */
};

struct features {
	struct feature *v; /* distinct, in order of appearance */
	size_t n, cap;
};

enum { FEATURES_MAX = 2048 }; /* of one text; the rest is not looked at */

/* A stretch of text that is read as an entity: [from, to) of the normalised text; to == from: none.
 */
struct feature_entity {
	struct str name;
	uint32_t from, to;
};

/* Knows the function words. Lives in the arena; read by any number of threads. */
struct feature_words;
const struct feature_words *feature_words_new(struct arena *a);

/* Knows the function words. Lives in the arena; read by any number of threads. */
struct feature_words;
const struct feature_words *feature_words_new(struct arena *a);

/* entities: by place, not overlapping; their words give no features but the entity. */
void features_read(struct arena *a, const struct feature_words *words, const struct utterance *u,
		   const struct feature_entity *entities, size_t n_entities, struct features *out);

/* The hash of an entity's feature. */
uint64_t feature_entity_hash(struct str name);

#endif

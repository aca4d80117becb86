/* What the phrase model sees of a text: the hashed grams of its words, letters and characters.
 *
 *	kind      of "Money back for Python课?"  (money back -> head 退款)
 *	WORD      退款, for, python, 课: heads of synonym groups, else stems
 *	PAIR      ^+退款, 退款+for, for+python, … +$: neighbours, with marks for both ends; not of two
 *	          Chinese words, whose neighbourhood CHARS tells
 *	SKIP      退款+python: one word between
 *	LETTERS   ^fo for or$ ^for for$: 3 and 4 letters of a word, with its edges
 *	CHAR      退, 款, 课
 *	CHARS     退款: two neighbouring Chinese characters, or the edge before one
 *	ENTITY    <course>: where an entity stands or may stand
 *
 * A gram that comes again is counted, not listed again. */
#ifndef INTENTS_GRAM_H
#define INTENTS_GRAM_H

#include "text/arena.h"
#include "text/utterance.h"

struct common; /* intents/common.h */
struct vectors;

enum gram_kind {
	GRAM_WORD,
	GRAM_PAIR,
	GRAM_SKIP,
	GRAM_LETTERS,
	GRAM_CHAR,
	GRAM_CHARS,
	GRAM_ENTITY,
	GRAM_KINDS,
};

struct gram {
	uint64_t hash; /* of kind and content; never 0 */
	uint32_t count;
	float common; /* share of any texts that have it, at least: above 0 for function words only */
	uint8_t kind; /* enum gram_kind */
};

struct grams {
	struct gram *v; /* distinct, in order of appearance */
	size_t n;
	const float *mean; /* of its words' vectors, of length 1; n_mean 0: there is none */
	size_t n_mean;
};

enum { GRAMS_MAX = 2048 }; /* of one text; the rest is not looked at */

/* A stretch of text that is read as an entity: [from, to) of the normalised text; to == from: it
 * takes no words. */
struct gram_entity {
	struct str name;
	uint32_t from, to;
};

/* entities: by place, not overlapping; their words give no grams but the entity. */
void grams_read(struct arena *a, const struct common *c, const struct utterance *u,
		const struct gram_entity *entities, size_t n_entities, struct grams *out);

/* Adds the mean of the words' vectors (text/vectors.h), also where entities stand; v may be NULL. */
void grams_add_mean(struct arena *a, const struct utterance *u, const struct vectors *v,
		    struct grams *out);

/* The hash of an entity's gram. */
uint64_t gram_entity_hash(struct str name);

#endif

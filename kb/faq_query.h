/* A message as a query of the FAQ: its terms in an index, what they weigh, and what it means. */
#ifndef KB_FAQ_QUERY_H
#define KB_FAQ_QUERY_H

#include "kb/faq_index.h"
#include "kb/nearest.h"

struct faq_query {
	const struct bag *bag;
	struct wanted *wanted; /* of `questions`; the sounds behind the others */
	uint32_t *covers;      /* of each: its weight in likeness */
	size_t n, n_plain;
	float plain_mass, sounds_mass; /* of all, those unknown to the index as well */
	uint32_t *plain, *sounds; /* by wording: what it has of both; NULL: too much to add up */
	struct lookup by_term;	  /* then: covers, and whether it is a sound */
	bool means;		  /* a word of it has a meaning: */
	float alike_share;	  /* of the nearest meaning in the vote */
	struct faq_point point;
};

/* bag: of the message, sorted. Lives in the arena; borrows the bag. Its meaning is still to be read. */
void faq_query_read(const struct faq_index *f, struct arena *a, const struct bag *bag,
		    struct faq_query *out);
void faq_query_read_meaning(const struct faq_index *f, const struct utterance *u,
			    struct faq_query *q);

/* False: no wording is so like the message, neither by its words nor, where sounds count `trust`, by them. */
bool faq_query_reaches(const struct faq_index *f, const struct faq_query *q, float likeness,
		       float trust);

/* Likeness, 0..1: how much of the message the wording explains, and the reverse (kb/faq.c, 3); *order:
 * the same of the sounds of neighbouring characters alone. */
float faq_query_explain(const struct faq_index *f, const struct faq_query *q, uint32_t wording,
			float *order);

/* The plain terms under the numbers of `entries`. */
struct wanted *faq_query_whole(const struct faq_index *f, struct arena *a,
			       const struct faq_query *q, size_t *n);

#endif

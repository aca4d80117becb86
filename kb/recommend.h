/* Courses for a learner: item-item kNN over what learners did, blended with likeness of content.
 *
 * A recommender is built from the database (catalogue + events) and immutable; what the learner did
 * since comes with the profile. Same recommender + same profile + same query -> the same list.
 * recommend.c states each formula, constant and source. */
#ifndef KB_RECOMMEND_H
#define KB_RECOMMEND_H

#include "kb/course.h"
#include "kb/event.h"
#include "text/utterance.h"

struct recommender;

/* Heap. Borrows the catalogue and the lexicon for its lifetime. Reads the events of `s`. */
MUST_USE int recommender_new(const struct catalogue *c, const struct lexicon *l, struct store *s,
			     struct recommender **out, struct err *err);
void recommender_free(struct recommender *r);

struct recommend_query {
	const struct profiles *profiles;	  /* may be NULL: nobody is known */
	struct str user;			  /* "" = guest */
	struct str text;			  /* free text or topic; "" = none */
	struct str like;			  /* course id or title; "" = none */
	struct str level, lang, format, category; /* filters; "" = any */
	double max_price;			  /* < 0 = any */
	size_t count;				  /* 1..50 */
	struct str reply_lang;			  /* language of the reasons: "zh" or "en" */
};

struct recommended {
	const struct course *course;
	double score;	   /* comparable within one list only; descending */
	struct str reason; /* a sentence for the learner, true to what ranked it */
};

struct recommended_list {
	const struct recommended *v; /* best first, distinct, none owned, none beyond the filters */
	size_t n;
	bool text_matched; /* false: the query's words are in no course; the list is empty then */
};

void recommend(const struct recommender *r, struct arena *a, const struct recommend_query *q,
	       struct recommended_list *out);

#endif

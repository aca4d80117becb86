/* Why a course is in the list, as a sentence for the learner. */
#ifndef KB_RECOMMEND_REASON_H
#define KB_RECOMMEND_REASON_H

#include "kb/recommend_work.h"

enum reason_kind {
	REASON_WORDS,	   /* it has these words of the query */
	REASON_TASTE,	   /* learners of a course in the profile take it */
	REASON_TASTE_LIKE, /* learners of the liked course take it */
	REASON_ALIKE,	   /* its content is like the liked course's */
	REASON_ALIKE_SEEN, /* its content is like that of a course in the profile */
	REASON_CATEGORY,   /* popular in its category */
	REASON_POPULAR,
	REASON_NEW,	  /* nobody has taken it yet */
	REASON_CATALOGUE, /* nobody has taken anything yet */
};

struct reason_from {
	enum reason_kind kind;
	struct str what; /* words, title or category */
	unsigned types;	 /* what the learner did with that course: bits of enum event_type */
};

/* Of the largest of the parts (the language apart: it is true of most of the list), whose kind it
 * is; of equals the one named first in enum recommend_part. */
struct reason_from reason_find(const struct work *w, uint32_t item, const float parts[PARTS]);

/* words, taste, alike, category, popular, new or catalogue: the same for courses of the profile and
 * of the query. */
const char *reason_name(enum reason_kind kind);

/* lang "zh": Chinese; else English. In the arena. */
struct str reason_text(struct arena *a, const struct reason_from *from, struct str lang);

#endif

/* Why a course is in the list, as a sentence for the learner. */
#ifndef KB_RECOMMEND_REASON_H
#define KB_RECOMMEND_REASON_H

#include "text/arena.h"

enum reason_kind {
	REASON_WORDS,	   /* it has these words of the query */
	REASON_TASTE,	   /* learners of a course in the profile take it */
	REASON_TASTE_LIKE, /* learners of the liked course take it */
	REASON_ALIKE,	   /* its words are like the liked course's */
	REASON_ALIKE_SEEN, /* its words are like those of a course in the profile */
	REASON_CATEGORY,   /* popular in its category */
	REASON_POPULAR,
	REASON_CATALOGUE, /* nobody has taken anything yet */
};

struct reason_from {
	enum reason_kind kind;
	struct str what; /* words, title or category */
	unsigned types;	 /* what the learner did with that course: bits of enum event_type */
};

/* lang "zh": Chinese; else English. In the arena. */
struct str reason_text(struct arena *a, const struct reason_from *from, struct str lang);

#endif

/* The inside of evaluating the recommender, for kb/eval_recommender*.c and nobody else. */
#ifndef KB_EVAL_PART_H
#define KB_EVAL_PART_H

#include "kb/eval_recommender.h"
#include "kb/history.h"
#include "kb/intern.h"
#include "kb/recommend.h"

/* user, item (and for train the time) as read; order: the line */
struct triple {
	uint32_t user, item, order;
	int64_t at;
};

struct triples {
	struct triple *v;
	size_t n, cap;
};

struct eval_recommender {
	struct intern users, items;
	struct triples train, test;
	struct triples negatives; /* item = the test item, then its negatives, all of one `order` */
	struct arena arena;
	const struct lexicon *lexicon;
	struct course *words;	  /* by item as read; NULL: none are given */
	struct catalogue courses; /* every item, in order of names; triples have its positions */
	struct profiles *profiles;
	struct history history;
	struct recommender *recommender;
};

#endif

/* Courses for a learner: kNN over what learners did (taste.h), blended with likeness of content.
 *
 * A recommender is built from the database (catalogue + events) and immutable; what the learner did
 * since comes with the profile. Same recommender + same profile + same query -> the same list.
 * recommend_score.c states each formula, constant and source. */
#ifndef KB_RECOMMEND_H
#define KB_RECOMMEND_H

#include "kb/course.h"
#include "kb/event.h"
#include "text/utterance.h"

struct recommender;

/* Heap. Borrows the catalogue and the lexicon for its lifetime. Reads the events of `s`. */
MUST_USE int recommender_new(const struct catalogue *c, const struct lexicon *l, struct store *s,
			     struct recommender **out, struct err *err);
/* From the learners' histories with these courses (learning.h); the loom is not kept. The vectors are
 * taken over; may be NULL. */
struct loom;
struct vectors;
struct recommender *recommender_learned(const struct catalogue *c, const struct lexicon *l,
					struct loom *loom, struct vectors *vectors);
/* Weighs taste as foretells best of the learners (taste_choose), whose loom r was made from. Chosen
 * once, while `l` has the profiles, and the same from then on. Before others see r; recommender_renew
 * keeps it. */
struct learning;
void recommender_choose(struct recommender *r, struct learning *l);
/* The same courses and words as `old`, which must live longer, with what was learned since. */
struct recommender *recommender_renew(const struct recommender *old, struct loom *loom);
/* From profiles in memory, which are not kept. */
struct recommender *recommender_of(const struct catalogue *c, const struct lexicon *l,
				   struct profiles *p);
void recommender_free(struct recommender *r);

/* What a course's score is the sum of (recommend_score.c). */
enum recommend_part {
	PART_WORDS,   /* the query's words */
	PART_TASTE,   /* what learners of the seeds take */
	PART_ALIKE,   /* content like that of the seeds */
	PART_FIELD,   /* popular in the category the learner is at home in */
	PART_POPULAR, /* with everybody */
	PART_TONGUE,  /* taught in the language of the reply */
	PART_AVERSE,  /* like what was dismissed: negative */
	PARTS,
};

/* What an experiment may change. */
struct recommend_tuning {
	float factor[PARTS]; /* times the weight of each part; 1 = as ever */
	/* Weight of variety against relevance in choosing a list (diversify.h), 0..1; 0: the best
	 * there are, whatever they repeat. Below 0: as ever. */
	float diversity;
};
/* The diversity of lists that were not asked for by words, as ever; that of others is 0. Measured:
 * docs/recommendations.md. */
#define RECOMMEND_DIVERSITY .2f
#define RECOMMEND_AS_EVER   ((struct recommend_tuning){{1, 1, 1, 1, 1, 1, 1}, -1})

/* What a course must be. */
enum recommend_filter {
	FILTER_CATEGORY,
	FILTER_LEVEL,
	FILTER_LANGUAGE,
	FILTER_FORMAT,
	FILTER_PRICE,
	FILTERS,
};
/* "category", "level", "language", "format", "price". */
const char *recommend_filter_name(enum recommend_filter f);
/* Several, as bits 1 << f, in words: "level and price", 难度、价格. */
void recommend_filters_put(struct buf *out, unsigned filters, bool chinese);

struct recommend_query {
	const struct profiles *profiles; /* may be NULL: nobody is known */
	struct str user;		 /* "" = guest */
	struct str text;		 /* free text or topic; "" = none */
	const struct str *likes;	 /* courses to resemble: ids or titles, or several */
	size_t n_likes;			 /* with a comma or semicolon between; 0 = none */
	struct str level, lang, format, category; /* filters; "" = any; course.h knows the words */
	double max_price;			  /* < 0 = any */
	double min_price;			  /* <= 0 = any */
	bool by_price;				  /* the cheapest first; the list is these */
	size_t count;				  /* 1..50 */
	struct str reply_lang;			  /* language of the reasons: "zh" or "en" */
	const struct recommend_tuning *tuning;	  /* NULL = as ever */
};

struct recommended {
	const struct course *course;
	double score;	     /* comparable within one list only; descending */
	float parts[PARTS];  /* that sum up to it */
	const char *because; /* kind of the reason, for programs: recommend_reason.h */
	struct str reason;   /* a sentence for the learner, true to the largest part */
};

struct recommended_list {
	const struct recommended *v; /* best first, distinct, none owned or dismissed, none beyond
					the filters */
	size_t n;
	struct str id;	   /* given by who keeps the list; "" = nobody does */
	bool text_matched; /* false: the query's words are in no course; the list is empty then */
	unsigned without;  /* 1 << enum recommend_filter of those that recommend_nearest left out */

	/* When it is empty, what there is: categories, those with courses in the language of the
	 * reply, then most learners, then most courses first; at most RECOMMEND_OFFERS. */
	const struct str *categories;
	size_t n_categories;
};

enum { RECOMMEND_OFFERS = 6 };

/* Something is asked of it. */
bool recommend_has_filter(const struct recommend_query *q, enum recommend_filter f);

/* How alike two courses are by content, 0..1 either way round, and how varied several are: the mean
 * of 1 - likeness of all pairs. */
double recommend_likeness(const struct recommender *r, uint32_t item, uint32_t other);
double recommend_diversity(const struct recommender *r, const uint32_t *items, size_t n);

void recommend(const struct recommender *r, struct arena *a, const struct recommend_query *q,
	       struct recommended_list *out);

/* The same; but when no course passes the filters, those that come nearest: without one of them (the price
 * first; then they stand in order of how near their prices are), else without any. out->without says so. The
 * words stay: nothing is nearer to them than what has them. */
void recommend_nearest(const struct recommender *r, struct arena *a,
		       const struct recommend_query *q, struct recommended_list *out);

/* The scores that recommend() ranks by, of every course, to scores[catalogue's n]; -INFINITY
 * where the query leaves a course out. */
void recommend_scores(const struct recommender *r, struct arena *a, const struct recommend_query *q,
		      float *scores);

#endif

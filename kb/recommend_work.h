/* One question to the recommender on its way, for kb/recommend*.c and nobody else.
 *
 *	recommend: work_read -> work_score -> rank_list -> reason_find, reason_text */
#ifndef KB_RECOMMEND_WORK_H
#define KB_RECOMMEND_WORK_H

#include "kb/content.h"
#include "kb/recommend_blend.h"
#include "kb/taste.h"
#include "kb/vectors.h"

/* What is normalised of each course, to be filtered by. */
enum recommend_field {
	FIELD_CATEGORY = FILTER_CATEGORY,
	FIELD_LEVEL = FILTER_LEVEL,
	FIELD_LANGUAGE = FILTER_LANGUAGE,
	FIELD_FORMAT = FILTER_FORMAT,
	FIELDS
};

struct recommend_category {
	struct str name; /* as the first course of it writes it */
	double interest; /* of learners in its courses together */
	size_t courses;
};

struct recommender {
	const struct catalogue *courses;
	struct content *content;
	struct taste *taste;
	struct vectors *vectors; /* NULL: the courses have none */
	float *popular;		 /* share, by course */
	float *at_home;		 /* share among the courses of its category, by course */
	uint32_t *category;	 /* by course: index into categories, or their number for none */
	struct recommend_category *categories;
	uint32_t *offered; /* the categories, best first */
	size_t n_categories;
	bool borrows; /* content, vectors, low and category are another's */
	struct scratch_pool *scratch;
	bool is_known;	 /* somebody has taken something */
	struct str *low; /* FIELDS a course, normalised */
	struct arena arena;
};

enum recommend_mode { MODE_TEXT, MODE_LIKE, MODE_LEARNER };

/* What the learner likes: courses of the profile, or those of the query. */
struct seeds {
	struct interaction *v; /* oldest first */
	uint8_t *types;	       /* of each: bits of enum event_type; 0 for the query's */
	size_t n;
	bool asked; /* they are the query's */
};

struct work {
	const struct recommender *r;
	const struct recommend_query *q;
	struct arena *a;
	enum recommend_mode mode;
	struct blend blend; /* of the mode, as the query tunes it */
	float bound;	    /* work_bound of it */
	struct content_query text;
	struct seeds seeds;
	uint32_t *dismissed; /* items, latest last */
	size_t n_dismissed;
	struct scratch *s;	   /* out: owned, dismissed or asked about */
	float *words;		   /* share of PART_WORDS by item; NULL: not asked for */
	float *at_home;		   /* weight of each category in the seeds … */
	float at_home_of;	   /* … of this together */
	unsigned without;	   /* filters that do not hold: bits of enum recommend_filter */
	struct str filter[FIELDS]; /* normalised; "" = any */
};

enum {
	RECOMMEND_LATEST = 5,	 /* seeds, and dismissed courses, whose content counts */
	RECOMMEND_COUNT_MAX = 50 /* courses of a list */
};

/* Profile, seeds, filters, mode and blend (recommend_query.c). */
void work_read(struct work *w);
/* zh is also spoken in zh-cn. */
bool work_speaks(const struct work *w, uint32_t item, struct str lang);
/* How far its price lies outside of what is asked for. */
double work_price_distance(const struct work *w, uint32_t item);
/* Within the filters, and not left out. */
bool work_passes(const struct work *w, uint32_t item);

/* What work_parts sums up (recommend_score.c). False: the words are in no course. */
bool work_score(struct work *w);
/* Likeness of two courses 0..1, by their words and vectors. */
float work_likeness(const struct recommender *r, uint32_t item, uint32_t other);
/* Of one course, weighted: what it sums up to. */
float work_parts(const struct work *w, uint32_t item, float parts[PARTS]);
/* False: work_parts of the course would surely not be above `score`. Much faster. */
bool work_may_reach(const struct work *w, uint32_t item, float score);
/* More than any course scores without words, taste and likeness. */
float work_bound(const struct blend *b);

/* The list (recommend_rank.c), and what may be in it. */
bool work_is_candidate(const struct work *w, uint32_t item);
void work_list(struct work *w, struct recommended_list *out);

#endif

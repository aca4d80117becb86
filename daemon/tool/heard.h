/* What the bot was heard to say, however it was asked: in process or over the wire. */
#ifndef TOOL_HEARD_H
#define TOOL_HEARD_H

#include "tool/transcript.h"

struct heard {
	bool replied;
	struct str text, intent, source, lang; /* intent "" = fallback; "faq:ID" */
	double score;
	struct strs button_titles, button_values, courses;
	double ms;
	/* Only in process: */
	bool inside;
	struct str context;
	const struct expect_pair *slots, *does;
	size_t n_slots, n_does;
};

/* Classes of difference, worst first. */
enum difference {
	DIFF_LOST, /* was answered, is fallback or nothing */
	DIFF_INTENT,
	DIFF_ACTION,
	DIFF_SLOTS,
	DIFF_CONTEXT,
	DIFF_TEXT,
	DIFF_VARIANT, /* same answer, another of its variants */
	DIFF_SLOWER,
	DIFF_GAINED, /* was fallback, is answered */
	DIFF_CLASSES,
};

const char *difference_name(enum difference d);

struct finding {
	enum difference class;
	struct mark mark;
	struct str what;	  /* "intent", "says", … */
	struct str expected, got; /* for people */
	struct str said;	  /* by the learner */
	size_t step, expect; /* of the transcript; EXPECT_WHOLE: that it answered, or did not */
};

#define EXPECT_WHOLE SIZE_MAX

struct findings {
	struct finding *v;
	size_t n, cap;
	size_t unseen; /* assertions the wire does not show (slots, context, does) */
};

/* Holds the expectations of a transcript's step against what was heard. `rules` tell another variant of
 * the same answer from another answer (NULL: not known). What is found lives in `a`. */
void heard_judge(struct arena *a, const struct ruleset *rules, const struct transcript *t,
		 size_t step, const struct heard *h, struct findings *out);

/* One finding, the worst, when the new rules say another thing than the old ones at that step. */
void heard_compare(struct arena *a, const struct ruleset *rules, const struct transcript *t,
		   size_t step, const struct heard *was, const struct heard *now,
		   struct findings *out);

/* Are these texts variants of one answer of the intent ("" = fallback)? `a` may have `*` for any words. */
bool heard_same_answer(const struct ruleset *rules, struct str intent, struct str a, struct str b);

/* "a | b", with (none) for an empty one. */
struct str heard_join(struct arena *a, struct strs list, const char *between);
/* "course: Python, days: 7" */
struct str heard_pairs(struct arena *a, const struct expect_pair *p, size_t n);

#endif

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
};

struct findings {
	struct finding *v;
	size_t n, cap;
	size_t unseen; /* assertions the wire does not show (slots, context, does) */
};

/* Holds a step's expectations against what was heard. */
void heard_judge(struct arena *a, const struct step *step, const struct heard *h,
		 struct findings *out);

#endif

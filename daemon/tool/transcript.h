/* A conversation with what is expected of the bot: written by hand (YAML) or recorded (JSONL).
 *
 * Format: docs/transcripts.md. Everything lives in the arena given to the reader. */
#ifndef TOOL_TRANSCRIPT_H
#define TOOL_TRANSCRIPT_H

#include "intents/rule.h"

enum step_kind { STEP_USER, STEP_CLICK, STEP_AGENT, STEP_WAIT, STEP_EVENT, STEP_RELOAD };

/* One assertion: `key` of a `bot:` map and the values any one (says, intent …) or all (buttons) of
 * which are wanted. */
struct expect_pair {
	struct str name, value; /* slots: name and value; does: verb and argument */
};

enum expect_kind {
	EXPECT_SAYS,	   /* any of; * wildcard, /regex/ */
	EXPECT_NOT_SAYS,   /* none of */
	EXPECT_INTENT,	   /* any of; "" = fallback (null) */
	EXPECT_NOT_INTENT, /* none of */
	EXPECT_FAQ,	   /* any of: entry ids */
	EXPECT_BUTTONS,	   /* titles, in order, all */
	EXPECT_COURSES,	   /* ids in order, or any of (`any: […]`) */
	EXPECT_CARDS,	   /* how many: "3", ">= 1" */
	EXPECT_SCORE,	   /* ">= 0.8" */
	EXPECT_CONTEXT,	   /* "" = none */
	EXPECT_SLOTS,	   /* pairs */
	EXPECT_DOES,	   /* pairs */
	EXPECT_LANG,
	EXPECT_SOURCE, /* any of */
	EXPECT_WITHIN, /* a duration */
};

struct expect {
	enum expect_kind kind;
	struct strs values;
	const struct expect_pair *pairs;
	size_t n_pairs;
	bool any; /* courses: {any: […]} */
	struct mark mark;
};

struct step {
	enum step_kind kind;
	struct str text;   /* message, button, agent's words, duration, file; event: the course */
	struct str event;  /* STEP_EVENT: "view"; STEP_AGENT: "" = says text, "joined", "left" */
	struct str people; /* user, click: "there", "away"; "" = as the transcript says */
	bool silent;	   /* bot: silent */
	const struct expect *expects;
	size_t n_expects;
	struct mark mark;
};

struct transcript {
	struct str name;
	struct strs tags;
	struct str lang, user, page;
	struct str people; /* "there", "away": is anybody at the desk? "" = not known */
	bool logged_in;
	int64_t clock_unix_ms; /* 0: the real time */
	uint64_t seed;
	const struct step *steps;
	size_t n_steps;
	struct mark mark;
};

struct transcripts {
	struct transcript *v;
	size_t n, cap;
};

/* Adds the transcripts of one file (a YAML file holds one; a .jsonl file one a session). Mistakes
 * go to diags with their place. */
void transcript_read(struct arena *a, struct str file, struct str bytes, struct transcripts *out,
		     struct diags *diags);

#endif

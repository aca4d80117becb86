/* The kinds of kefu analyse, and what the files of `unanswered` share. */
#ifndef TOOL_TOOL_ANALYSE_H
#define TOOL_TOOL_ANALYSE_H

#include "draft.h"
#include "tool/tool.h"
#include "unanswered.h"

int tool_analyse_unanswered(int argc, char **argv);

/* kefu analyse unanswered: what was asked for (NULL: not given), and what it works with. */
struct looking {
	const char *db, *intents, *since, *lang, *kind;
	long min, limit;
	bool json;
	const char *group, *draft, *intent, *id, *text, *answer;
	bool ignore, done, open;

	bool chinese;
	struct arena arena;
	struct unanswered_query query;
	struct snapshot *snapshot;
	struct store *store;
	const char *rules; /* path of the rules */
};

/* One group as kept: a draft out of it, or a mark. Returns an exit code (tool_analyse_draft.c). */
int analyse_draft(struct looking *l);
int analyse_mark(struct looking *l);

#endif

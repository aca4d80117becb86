/* The results of kefu eval ab, and how they are shown (tool_eval_ab_print.c). */
#ifndef TOOL_TOOL_EVAL_AB_H
#define TOOL_TOOL_EVAL_AB_H

#include "kb/store_ab.h"

struct ab_item {
	struct ab_result *result;
	const struct store_ab *recorded; /* NULL: counts from a file */
};

struct ab_shown {
	bool json, chinese;
	struct ab_options options;
	struct ab_item *items;
	size_t n;
};

void ab_print(const struct ab_shown *shown);

#endif

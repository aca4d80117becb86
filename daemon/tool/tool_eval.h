/* The kinds of kefu eval, and what they share. */
#ifndef TOOL_TOOL_EVAL_H
#define TOOL_TOOL_EVAL_H

#include <stdio.h>
#include <time.h>

#include "tool/tool.h"

int tool_eval_intents(int argc, char **argv);
int tool_eval_faq(int argc, char **argv);
int tool_eval_recommender(int argc, char **argv);
int tool_eval_ab(int argc, char **argv);

/* Monotonic. */
double eval_seconds(void);

/* Bad rows on stderr; EXIT_WRONG when there were any. */
int eval_say_rows(const struct diags *d);

#endif

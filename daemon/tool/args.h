/* The command line of one subcommand: a table of options, the rest are operands.
 *
 * `--name VALUE`, `--name=VALUE`, `-n VALUE`; `--` ends the options; `-` alone is an operand;
 * options and operands may mix. Unknown options are answered with the nearest known one. */
#ifndef TOOL_ARGS_H
#define TOOL_ARGS_H

#include "text/err.h"

enum arg_kind { ARG_FLAG, ARG_TEXT, ARG_COUNT, ARG_LIST };

/* An option that may be given several times. */
enum { ARG_LIST_MAX = 20 };
struct arg_list {
	const char *v[ARG_LIST_MAX];
	size_t n;
};

struct arg_option {
	const char *name; /* without dashes; NULL ends the table */
	char letter;	  /* 0 = none */
	enum arg_kind kind;
	void *to;	   /* bool *, const char **, long * (>= 1), struct arg_list * */
	const char *value; /* what the value is called in --help; NULL for flags */
	const char *help;
};

struct args {
	const char **operands;
	size_t n;
	bool help; /* --help or -h was given */
};

/* argv[0] is the subcommand. Operands point into argv. ERR_INVALID with the words to print. */
MUST_USE int args_read(struct args *out, const struct arg_option *options, int argc, char **argv,
		       struct err *err);
void args_done(struct args *a);
void args_help(const char *usage, const char *about, const struct arg_option *options);

#endif

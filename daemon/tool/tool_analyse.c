/* kefu analyse: what the recorded conversations tell. One kind = one row of kinds and one file
 * tool_analyse_<kind>.c. */
#include <stdio.h>

#include "tool/tool_analyse.h"

static const struct analysis {
	const char *name;
	int (*run)(int argc, char **argv);
} kinds[] = {
	{"unanswered", tool_analyse_unanswered},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

int tool_analyse(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		puts("usage: kefu analyse unanswered [OPTION…]\n\n"
		     "kefu analyse KIND --help tells more.");
		return EXIT_OK;
	}
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(name, kinds[i].name))
			return kinds[i].run(argc - 1, argv + 1);
	return tool_fail(EXIT_USAGE, "analyse: what? kefu analyse unanswered");
}

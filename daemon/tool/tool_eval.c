/* kefu eval: how good the parts are, measured on files with known answers. One kind = one row of
 * kinds and, but for the shortest, one file tool_eval_<kind>.c. */
#include <string.h>

#include "tool/tool_eval.h"

static const struct eval_kind {
	const char *name;
	int (*run)(int argc, char **argv);
} kinds[] = {
	{"intents", tool_eval_intents},
	{"faq", tool_eval_faq},
	{"recommender", tool_eval_recommender},
	{"ab", tool_eval_ab},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

double eval_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int eval_say_rows(const struct diags *d)
{
	struct buf out = {0};

	diags_print(d, &out);
	fputs(out.n ? out.p : "", stderr);
	buf_done(&out);
	return d->errors ? EXIT_WRONG : EXIT_OK;
}

int tool_eval(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		puts("usage: kefu eval intents FILE.tsv\n"
		     "       kefu eval faq FILE.tsv\n"
		     "       kefu eval recommender --train FILE --test FILE [--negatives FILE]\n"
		     "       kefu eval ab FILE.tsv\n\n"
		     "kefu eval KIND --help tells more.");
		return EXIT_OK;
	}
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(name, kinds[i].name))
			return kinds[i].run(argc - 1, argv + 1);
	return tool_fail(EXIT_USAGE,
			 "eval: of what? kefu eval intents FILE, kefu eval faq FILE, "
			 "kefu eval recommender --train FILE --test FILE, or kefu eval ab FILE");
}

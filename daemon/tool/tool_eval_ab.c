/* kefu eval ab: which variant of an experiment is better, and may one say so already. */
#include "tool/tool_eval_ab.h"
#include "text/when.h"
#include "tool/tool_eval.h"

struct judging {
	const char *path, *db, *experiment, *outcome, *since, *until; /* NULL: not given */
	long days;						      /* 0: not given */
	bool listed;
	struct arena arena;
	struct ab_shown shown;
};

static int report(struct judging *j)
{
	if (!j->shown.n && j->experiment)
		return tool_fail(EXIT_USAGE, "eval ab: there is no experiment '%s' in it",
				 j->experiment);
	for (size_t i = 0; i < j->shown.n; i++)
		ab_result_compute(j->shown.items[i].result, &j->shown.options);
	ab_print(&j->shown);
	return EXIT_OK;
}

/* ---- from a file ---- */

static void keep_results(struct judging *j, struct ab_result *results, size_t n)
{
	j->shown.items = ARENA_ARRAY(&j->arena, struct ab_item, n);
	for (size_t i = 0; i < n; i++)
		if (!j->experiment || str_eq(results[i].name, str_of(j->experiment)))
			j->shown.items[j->shown.n++] = (struct ab_item){&results[i], NULL};
}

static int run_file(struct judging *j)
{
	struct ab_result *results;
	struct err err = {0};
	struct diags diags;
	struct rows *rows;
	size_t n;
	int code, rc = rows_open(j->path, ROWS_TSV, &rows, &err);

	if (rc < 0)
		return tool_fail(EXIT_USAGE, "%s", err.text);
	diags_init(&diags, j->shown.chinese);
	rc = ab_result_read(rows, &j->arena, str_of(j->path), &results, &n, &diags, &err);
	rows_close(rows);
	code = eval_say_rows(&diags);
	if (rc < 0) {
		code = tool_fail(EXIT_USAGE, "%s", err.text);
	} else {
		keep_results(j, results, n);
		code = report(j) == EXIT_OK ? code : EXIT_USAGE;
	}
	diags_done(&diags);
	return code;
}

/* ---- from the database ---- */

static bool read_time(const char *option, const char *text, int64_t *out)
{
	if (!text || when_read(str_of(text), out))
		return true;
	tool_fail(EXIT_USAGE,
		  "eval ab: --%s: '%s' is no time; write 2026-03-01 or 2026-03-01T10:00", option,
		  text);
	return false;
}

static bool read_query(const struct judging *j, struct store_ab_query *q)
{
	*q = (struct store_ab_query){
		.experiment = str_of(j->experiment ? j->experiment : ""),
		.outcome_given = j->outcome != NULL,
		.within = j->days,
		.listed = j->listed,
		.until_unix_ms = INT64_MAX,
	};
	if (j->outcome && !ab_outcome_read(str_of(j->outcome), &q->outcome)) {
		tool_fail(EXIT_USAGE,
			  "eval ab: --outcome is click, enroll, purchase, helpful or answered");
		return false;
	}
	return read_time("since", j->since, &q->since_unix_ms) &&
	       read_time("until", j->until, &q->until_unix_ms);
}

static void keep_recorded(struct judging *j, struct store_ab *all, size_t n)
{
	j->shown.items = ARENA_ARRAY(&j->arena, struct ab_item, n);
	for (size_t i = 0; i < n; i++)
		j->shown.items[j->shown.n++] = (struct ab_item){&all[i].result, &all[i]};
}

static int run_db(struct judging *j)
{
	const char *db = tool_db(j->db);
	struct store_ab_query q;
	struct store_ab *all;
	struct store *s;
	struct err err = {0};
	size_t n;
	int rc;

	if (!db)
		return tool_fail(EXIT_USAGE,
				 "eval ab: no database here; --db FILE, or a file of counts");
	if (!read_query(j, &q))
		return EXIT_USAGE;
	if (store_open(db, STORE_READ, &s, &err) < 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	rc = store_ab_read(s, &j->arena, &q, &all, &n, &err);
	store_close(s);
	if (rc < 0)
		return tool_fail(EXIT_WRONG, "%s", err.text);
	if (!n && !j->experiment && !j->shown.json) {
		puts(j->shown.chinese ? "还没有人遇到任何试验。"
				      : "Nobody has met an experiment yet.");
		return EXIT_OK;
	}
	keep_recorded(j, all, n);
	return report(j);
}

/* ---- the command line ---- */

static int run(struct judging *j, const struct args *args)
{
	bool recorded = j->db || j->outcome || j->since || j->until || j->days || j->listed;

	if (args->n > 1)
		return tool_fail(EXIT_USAGE, "eval ab: one file at most: kefu eval ab FILE.tsv");
	if (args->n == 0)
		return run_db(j);
	if (recorded)
		return tool_fail(EXIT_USAGE,
				 "eval ab: a file of counts and --db, --outcome, --since, "
				 "--until, --days or --listed do not go together");
	j->path = args->operands[0];
	return run_file(j);
}

int tool_eval_ab(int argc, char **argv)
{
	struct judging j = {
		.shown = {.options = AB_DEFAULTS, .chinese = err_locale_chinese()},
	};
	long effect = 10, planned = AB_PLANNED;
	const struct arg_option options[] = {
		{"db", 0, ARG_TEXT, &j.db, "FILE", "database (./kefu.db)"},
		{"experiment", 0, ARG_TEXT, &j.experiment, "NAME", "only this one"},
		{"outcome", 0, ARG_TEXT, &j.outcome, "WORD",
		 "click, enroll, purchase, helpful or answered (what the experiment says)"},
		{"days", 0, ARG_COUNT, &j.days, "DAYS",
		 "in which the outcome counts (what the experiment says)"},
		{"listed", 0, ARG_FLAG, &j.listed, NULL,
		 "enrolments and purchases count only where a list showed the course"},
		{"since", 0, ARG_TEXT, &j.since, "TIME", "learners who met it from then on"},
		{"until", 0, ARG_TEXT, &j.until, "TIME", "learners who met it before"},
		{"effect", 0, ARG_COUNT, &effect, "PERCENT", "relative change worth finding (10)"},
		{"planned", 0, ARG_COUNT, &planned, "LEARNERS",
		 "where the sequential test is sharpest, chosen before looking (10000)"},
		{"json", 0, ARG_FLAG, &j.shown.json, NULL, "as JSON"},
		{0},
	};
	struct args args;
	int code;

	if (!tool_args(
		    &args, options, argc, argv,
		    "kefu eval ab [--db FILE] [--experiment NAME] [OPTIONS]\n"
		    "       kefu eval ab [--experiment NAME] [OPTIONS] FILE.tsv",
		    "Compares the variants of experiments with control: rates, intervals, tests, "
		    "and whether to stop. From what kefud recorded, or from a file that names in "
		    "its first line the columns experiment, variant, exposed, converted and "
		    "perhaps share.",
		    &code))
		return code;
	j.shown.options.effect = (double)effect / 100;
	j.shown.options.planned = (double)planned;
	arena_init(&j.arena);
	code = run(&j, &args);
	arena_done(&j.arena);
	args_done(&args);
	return code;
}

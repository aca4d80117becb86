/* kefu check: what is wrong with the rules, where, and how to mend it; and whether their tests
 * hold. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "tool/tool.h"

/* Mistakes of one file and its includes; false when something other than the rules failed. */
static bool check_file(const char *path, const char *db, struct diags *d)
{
	const struct snapshot_source src = {.intents_path = path,
					    .db_path = db,
					    .serial = 1,
					    .now_unix_ms = tool_now_unix_ms(),
					    .rules_only = true};
	struct err err = {0};

	if (check_rules(&src, d, &err) == 0)
		return true;
	tool_fail(EXIT_WRONG, "%s", err.text);
	return false;
}

static void print(const struct diags *d, bool json)
{
	struct buf out = {0};

	if (json) {
		diags_json(d, &out);
		buf_char(&out, '\n');
	} else {
		diags_print(d, &out);
	}
	fwrite(out.n ? out.p : "", 1, out.n, stdout);
	buf_done(&out);
	if (json || (!d->errors && !d->warnings))
		return;
	if (d->chinese)
		fprintf(stderr, "%zu 个错误，%zu 个警告\n", d->errors, d->warnings);
	else
		fprintf(stderr, "%zu error%s, %zu warning%s\n", d->errors,
			d->errors == 1 ? "" : "s", d->warnings, d->warnings == 1 ? "" : "s");
}

static bool has(const struct diags *d, const char *code)
{
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->items[i].code, str_of(code)))
			return true;
	return false;
}

/* Courses are known by name only where there is a database. */
static void say_no_courses(const struct diags *d)
{
	if (has(d, "test-fails"))
		fputs(d->chinese
			      ? "没有找到数据库，课程名都不认识，提到课程的测试会不通过；请用 --db "
				"指定，或先 kefu import courses\n"
			      : "there is no database, so no course is known by name and tests "
				"that "
				"name one fail; give one with --db, or import courses first\n",
		      stderr);
}

int tool_check(int argc, char **argv)
{
	const char *format = "text", *db = NULL;
	bool as_json = false;
	const struct arg_option options[] = {
		{"format", 0, ARG_TEXT, &format, "text|json", "how to print (text)"},
		{"json", 0, ARG_FLAG, &as_json, NULL, "the same as --format=json"},
		{"db", 0, ARG_TEXT, &db, "FILE",
		 "database with the courses (./kefu.db when there is one)"},
		{0},
	};
	struct args args;
	struct diags d;
	bool sound = true, json;
	int code;

	if (!tool_args(&args, options, argc, argv, "kefu check [OPTION…] FILE…",
		       "Finds every mistake in rules files and runs their tests.", &code))
		return code;
	json = as_json || strcmp(format, "json") == 0;
	if (args.n == 0 || (!json && strcmp(format, "text") != 0)) {
		code = tool_fail(EXIT_USAGE,
				 args.n ? "check: --format is text or json, not '%s'"
					: "check: which file? kefu check intents.yaml%.0s",
				 format);
		args_done(&args);
		return code;
	}
	diags_init(&d, err_locale_chinese());
	for (size_t i = 0; i < args.n; i++)
		sound = check_file(args.operands[i], tool_db(db), &d) && sound;
	diags_sort(&d);
	print(&d, json);
	if (!tool_db(db))
		say_no_courses(&d);
	code = d.errors || !sound ? EXIT_WRONG : EXIT_OK;
	diags_done(&d);
	args_done(&args);
	return code;
}

/* kefu check: what is wrong with the rules, where, and how to mend it; and whether their tests
 * hold. */
#include <stdio.h>
#include <stdlib.h>

#include "tool/tool.h"

/* A session in which the intent may fire: as its `only` wants it. */
static void stage(struct session *s, const struct intent *intent)
{
	const struct only *only = &intent->only;

	session_init(s, 0);
	s->logged_in = only->logged_in == 1;
	if (only->contexts.n) {
		session_set(&s->context, only->contexts.v[0]);
		s->context_turns = 1;
	}
	if (only->pages.n)
		session_set(&s->page, only->pages.v[0]);
	if (only->langs.n)
		session_set(&s->lang, only->langs.v[0]);
}

static void report(struct diags *d, const struct rule_test *test, const struct reply *got)
{
	struct str reached = got->intent.n ? got->intent : str_of(reply_source_name(got->source));

	if (test->not_intent.n)
		diags_add(d, DIAG_ERROR, test->mark, "test-fails",
			  "test fails: '%.*s' reaches '%.*s' and must not",
			  "测试不通过：「%.*s」命中了「%.*s」，但不应该命中", STR_ARG(test->say),
			  STR_ARG(reached));
	else
		diags_add(d, DIAG_ERROR, test->mark, "test-fails",
			  "test fails: '%.*s' reaches '%.*s', not '%.*s'; add a phrase or keyword "
			  "for it",
			  "测试不通过：「%.*s」命中的是「%.*s」而不是「%.*s」；请补充例句或关键词",
			  STR_ARG(test->say), STR_ARG(reached), STR_ARG(test->intent));
}

/* The first wanted slot that the reply does not have; NULL: it has them all. */
static const struct slot_want *missing_slot(const struct rule_test *test, const struct reply *got)
{
	for (size_t i = 0; i < test->n_slots; i++) {
		const struct slot *s = slot_find(&got->slots, test->slots[i].slot);

		if (!s || !(str_eq(s->raw, test->slots[i].value) ||
			    str_eq(s->value, test->slots[i].value)))
			return &test->slots[i];
	}
	return NULL;
}

static void report_slot(struct diags *d, const struct rule_test *test, const struct slot_want *want,
			const struct reply *got)
{
	const struct slot *s = slot_find(&got->slots, want->slot);

	diags_add(d, DIAG_ERROR, test->mark, "test-fails",
		  "test fails: slot '%.*s' of '%.*s' is '%.*s', not '%.*s'",
		  "测试不通过：槽位「%.*s」在「%.*s」里是「%.*s」而不是「%.*s」",
		  STR_ARG(want->slot), STR_ARG(test->say), STR_ARG(s ? s->raw : STR("-")),
		  STR_ARG(want->value));
}

static void run_test(struct turn *t, const struct intent *intent, const struct rule_test *test,
		     struct diags *d)
{
	struct session s;
	bool reached;

	stage(&s, intent);
	turn_reset(t);
	t->session = &s;
	t->text = test->say;
	t->kind = TURN_MESSAGE;
	bot_turn(t);
	reached = str_eq(t->reply.intent, test->not_intent.n ? test->not_intent : test->intent);
	if (reached == (test->not_intent.n > 0))
		report(d, test, &t->reply);
	else if (missing_slot(test, &t->reply))
		report_slot(d, test, missing_slot(test, &t->reply), &t->reply);
	t->session = NULL;
	session_done(&s);
}

static void run_tests(struct snapshot *snapshot, struct diags *d)
{
	const struct ruleset *rs = snapshot->rules;
	struct turn t;

	turn_init(&t);
	t.snapshot = snapshot;
	for (size_t i = 0; i < rs->n_intents; i++)
		for (size_t k = 0; k < rs->intents[i].n_tests; k++)
			run_test(&t, &rs->intents[i], &rs->intents[i].tests[k], d);
	turn_done(&t);
}

/* Mistakes of one file and its includes; false when something other than the rules failed. */
static bool check_file(const char *path, const char *db, struct diags *d)
{
	const struct snapshot_source src = {.intents_path = path,
					    .db_path = db,
					    .serial = 1,
					    .now_unix_ms = tool_now_unix_ms()};
	struct snapshot *snapshot = NULL;
	struct err err = {0};

	if (snapshot_build(&src, d, &snapshot, &err) == 0) {
		matcher_lint(snapshot->matcher, d);
		run_tests(snapshot, d);
		snapshot_unref(snapshot);
	} else if (!d->errors) {
		tool_fail(EXIT_WRONG, "%s", err.text);
		return false;
	}
	return true;
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
	if (!json && (d->errors || d->warnings))
		fprintf(stderr,
			d->chinese ? "%zu 个错误，%zu 个警告\n" : "%zu errors, %zu warnings\n",
			d->errors, d->warnings);
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
	code = d.errors || !sound ? EXIT_WRONG : EXIT_OK;
	diags_done(&d);
	args_done(&args);
	return code;
}

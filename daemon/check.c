#include "check.h"

#include "check_part.h"

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

void check_say(struct turn *t, const struct intent *intent, struct str text)
{
	struct session s;

	stage(&s, intent);
	turn_reset(t);
	t->session = &s;
	t->text = text;
	t->kind = TURN_MESSAGE;
	bot_turn(t);
	t->session = NULL;
	session_done(&s);
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
	bool reached;

	check_say(t, intent, test->say);
	reached = str_eq(t->reply.intent, test->not_intent.n ? test->not_intent : test->intent);
	if (reached == (test->not_intent.n > 0))
		report(d, test, &t->reply);
	else if (missing_slot(test, &t->reply))
		report_slot(d, test, missing_slot(test, &t->reply), &t->reply);
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
	check_reach(&t, d);
	turn_done(&t);
}

int check_rules(const struct snapshot_source *src, struct diags *d, struct err *err)
{
	struct snapshot *snapshot = NULL;
	int rc = snapshot_build(src, d, &snapshot, err);

	if (rc == 0) {
		run_tests(snapshot, d);
		snapshot_unref(snapshot);
	}
	diags_sort(d);
	return rc != 0 && !d->errors ? rc : 0;
}

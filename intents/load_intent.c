/* `intents:`: name -> title, when, only, ask, answer, do, then, tests. */
#include "intents/loader.h"

static const struct load_key only_keys[] = {
	{"logged_in", load_yes_no, offsetof(struct only, logged_in), "yes_no",
	 "Only for learners who are logged in, or are not"},
	{"context", load_strs, offsetof(struct only, contexts), "strings",
	 "Only in one of these contexts"},
	{"lang", load_strs, offsetof(struct only, langs), "strings",
	 "Only in one of these languages"},
	{"page", load_strs, offsetof(struct only, pages), "strings",
	 "Only on pages like these; * is any text"},
};
const struct load_table load_only_table = LOAD_TABLE(only_keys);

static void load_only(struct loader *l, const struct node *v, void *field)
{
	load_map(l, v, &load_only_table, field);
}

static const struct load_key then_keys[] = {
	{"context", load_str, offsetof(struct intent, then_context), "scalar",
	 "Name of the context"},
	{"turns", load_count, offsetof(struct intent, then_turns), "count",
	 "Messages the context lasts; default 3"},
};
const struct load_table load_then_table = LOAD_TABLE(then_keys);

static void load_then(struct loader *l, const struct node *v, void *intent)
{
	struct intent *it = intent;

	if (v->kind == NODE_MAP)
		load_map(l, v, &load_then_table, it);
	else
		load_str(l, v, &it->then_context);
}

/* ---- tests ---- */

static void load_slots(struct loader *l, const struct node *v, void *field)
{
	struct rule_test *test = field;
	const struct node *outer = l->key_node;
	struct slot_want *slots;

	if (!load_is(l, v, NODE_MAP))
		return;
	slots = ARENA_ARRAY(l->keep, struct slot_want, v->n);
	for (size_t i = 0; i < v->n; i++) {
		l->key_node = node_key(v, i);
		slots[i].slot = load_keep(l, node_key(v, i)->text);
		load_str(l, node_value(v, i), &slots[i].value);
	}
	test->slots = slots;
	test->n_slots = v->n;
	l->key_node = outer;
}

static const struct load_key test_keys[] = {
	{"say", load_str, offsetof(struct rule_test, say), "scalar", "What the learner writes"},
	{"intent", load_str, offsetof(struct rule_test, intent), "scalar",
	 "The intent it must reach"},
	{"not", load_str, offsetof(struct rule_test, not_intent), "scalar",
	 "The intent it must not reach"},
	{"slots", load_slots, 0, "slots", "What captures must hold"},
};
const struct load_table load_test_table = LOAD_TABLE(test_keys);

static struct rule_test read_test(struct loader *l, const struct node *v, struct str intent)
{
	struct rule_test test = {.mark = load_mark(l, v)};

	if (v->kind != NODE_MAP) {
		load_str(l, v, &test.say);
		test.intent = intent;
		return test;
	}
	load_map(l, v, &load_test_table, &test);
	if (!test.say.n)
		LOAD_ERROR(l, v, "no-say", "a test in %.*s needs 'say': what the learner writes",
			   "测试（在%.*s里）缺少 say：学员说的话", STR_ARG(l->where));
	if (!test.intent.n && !test.not_intent.n)
		test.intent = intent;
	return test;
}

static void load_tests(struct loader *l, const struct node *v, void *intent)
{
	struct intent *it = intent;
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1, kept = 0;
	struct rule_test *tests = ARENA_ARRAY(l->keep, struct rule_test, n);

	for (size_t i = 0; i < n; i++) {
		struct rule_test test = read_test(l, &items[i], it->name);

		if (test.say.n)
			tests[kept++] = test;
	}
	it->tests = tests;
	it->n_tests = kept;
}

/* ---- the intent ---- */

static const struct load_key intent_keys[] = {
	{"title", load_text, offsetof(struct intent, title), "text", "Label on buttons"},
	{"priority", load_integer, offsetof(struct intent, priority), "integer",
	 "Compared before confidence; default 0"},
	{"when", load_when, 0, "when", "How the intent is told; any block may fire"},
	{"only", load_only, offsetof(struct intent, only), "only",
	 "Conditions; else the next best intent"},
	{"ask", load_asks, 0, "asks", "Questions for slots that are empty, in this order"},
	{"answer", load_answers, 0, "answers", "What is said"},
	{"do", load_actions, offsetof(struct intent, acts), "actions",
	 "What is done: a verb, or verbs with arguments"},
	{"then", load_then, 0, "then", "The context that follows"},
	{"tests", load_tests, 0, "tests",
	 "Messages that must reach this intent; run by kefu check"},
};
const struct load_table load_intent_table = LOAD_TABLE(intent_keys);

void load_intents(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	if (!load_is(l, v, NODE_MAP))
		return;
	for (size_t i = 0; i < v->n; i++) {
		const struct node *key = node_key(v, i);
		struct intent it = {
			.name = load_keep(l, key->text),
			.only = {.logged_in = -1},
			.then_turns = 3,
			.mark = load_mark(l, key),
			.index = (uint32_t)l->rs->n_intents,
		};

		l->key_node = key;
		load_set_where(l, "intent", "意图", key->text);
		load_map(l, node_value(v, i), &load_intent_table, &it);
		ARENA_PUSH(&l->scratch, l->intents, l->rs->n_intents, l->cap_intents, it);
	}
}

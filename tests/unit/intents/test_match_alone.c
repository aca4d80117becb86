#include "unit/unit.h"

#include "unit/intents/rules.h"

static const char yaml[] = "intents:\n"
			   "  low:\n"
			   "    priority: -1\n"
			   "    when: {keywords: [发票]}\n"
			   "    answer: 一\n"
			   "  course:\n"
			   "    when: {keywords: [课程]}\n"
			   "    answer: 二\n"
			   "  refund:\n"
			   "    when: {phrases: [怎么退款, 我想把钱要回来]}\n"
			   "    answer: 三\n";

struct alone {
	struct rules rules;
	struct matches m;
};

static void match(struct alone *a, const char *message, bool rules_alone)
{
	struct utterance u;

	a->rules.state.rules_alone = rules_alone;
	utterance_read(&a->rules.arena, a->rules.lexicon, str_of(message), &u);
	intent_match(a->rules.matcher, &a->rules.arena, &u, &a->rules.state, false, &a->m);
}

static void rules_alone_say_when_phrases_could_have_changed_the_outcome(void **state)
{
	struct alone a;

	(void)state;
	rules_open(&a.rules, yaml);
	match(&a, "怎么退款", true);
	assert_int_equal(a.m.n, 0);
	assert_true(a.m.unscored);
	match(&a, "怎么退款", false);
	assert_str(a.m.v[0].intent->name, "refund");
	assert_false(a.m.unscored);
	match(&a, "怎么退款，发票", true); /* the phrases' intent has a higher priority */
	assert_str(a.m.v[0].intent->name, "low");
	assert_true(a.m.unscored);
	match(&a, "课程怎么退款", true);
	assert_str(a.m.v[0].intent->name, "course");
	assert_false(a.m.unscored);
	rules_close(&a.rules);
}

static void a_matcher_that_was_not_trained_answers_like_one_that_was(void **state)
{
	static const char *const messages[] = {"怎么退款", "钱要回来", "你好", "发票"};
	struct alone trained, late;

	(void)state;
	rules_open(&trained.rules, yaml);
	rules_open(&late.rules, yaml);
	matcher_free(late.rules.matcher);
	late.rules.matcher =
		matcher_new_untrained(late.rules.rs, late.rules.lexicon, NULL, &late.rules.diags);
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		match(&trained, messages[i], false);
		match(&late, messages[i], false);
		assert_int_equal(trained.m.n, late.m.n);
		for (size_t k = 0; k < late.m.n; k++) {
			assert_int_equal(trained.m.v[k].intent->index, late.m.v[k].intent->index);
			assert_true(trained.m.v[k].score == late.m.v[k].score);
		}
	}
	rules_close(&trained.rules);
	rules_close(&late.rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_alone_say_when_phrases_could_have_changed_the_outcome),
		cmocka_unit_test(a_matcher_that_was_not_trained_answers_like_one_that_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "intents/rule.h"

static const struct str zh_text[] = {{"好", 3}}, en_text[] = {{"ok", 2}}, any_text[] = {{"*", 1}};
static const struct str languages[] = {{"zh", 2}, {"en", 2}};
static const struct ruleset rs = {.languages = {languages, 2}};

static void a_text_is_said_in_the_language_asked_for(void **state)
{
	const struct text_lang langs[] = {{{"zh", 2}, {zh_text, 1}}, {{"en", 2}, {en_text, 1}}};
	const struct text t = {.langs = langs, .n = 2};

	(void)state;
	assert_str(text_variants(&t, STR("en"), &rs).v[0], "ok");
	assert_str(text_variants(&t, STR("zh"), &rs).v[0], "好");
}

static void a_missing_language_falls_back_to_any_then_default_then_first(void **state)
{
	const struct text_lang with_any[] = {{{"zh", 2}, {zh_text, 1}}, {{"", 0}, {any_text, 1}}};
	const struct text_lang with_default[] = {{{"en", 2}, {en_text, 1}},
						 {{"zh", 2}, {zh_text, 1}}};
	const struct text_lang only_en[] = {{{"en", 2}, {en_text, 1}}};
	const struct text a = {.langs = with_any, .n = 2}, b = {.langs = with_default, .n = 2},
			  c = {.langs = only_en, .n = 1}, none = {0};

	(void)state;
	assert_str(text_variants(&a, STR("fr"), &rs).v[0], "*");
	assert_str(text_variants(&b, STR("fr"), &rs).v[0], "好");
	assert_str(text_variants(&c, STR("zh"), &rs).v[0], "ok");
	assert_int_equal(text_variants(&none, STR("zh"), &rs).n, 0);
}

static void names_are_found_without_an_index_too(void **state)
{
	const struct intent intents[] = {{.name = {"a", 1}}, {.name = {"b", 1}}};
	const struct faq_entry faq[] = {{.id = {"x", 1}}, {.id = {"y", 1}}};
	const struct ruleset hand = {.intents = intents, .n_intents = 2, .faq = faq, .n_faq = 2};

	(void)state;
	assert_ptr_equal(rule_intent(&hand, STR("b")), &intents[1]);
	assert_null(rule_intent(&hand, STR("c")));
	assert_ptr_equal(rule_faq(&hand, STR("y")), &faq[1]);
	assert_null(rule_entity(&hand, STR("a")));
	assert_null(rule_text(&hand, STR("a")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_said_in_the_language_asked_for),
		cmocka_unit_test(a_missing_language_falls_back_to_any_then_default_then_first),
		cmocka_unit_test(names_are_found_without_an_index_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "intents/typo.h"
#include "text/lexicon.h"

static struct arena arena;
static struct typos *typos;
static const struct lexicon *lexicon;

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, NULL, 0, NULL, 0);
	typos = typos_new(&arena);
	typos_add(typos, STR("python"), 2);
	typos_add(typos, STR("javascript"), 2);
	typos_add(typos, STR("java"), 2);
	typos_add(typos, STR("kubernetes"), 1);
	typos_add(typos, STR("sql"), 2);
	typos_add(typos, STR("figma"), 0);
	typos_add(typos, STR("excel"), 1);
	typos_add(typos, STR("excess"), 0);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct str meant(const char *word)
{
	struct str m = STR("");
	int edits = 0;

	return typos_word(typos, str_of(word), &m, &edits)
		       ? arena_printf(&arena, "%.*s %d", STR_ARG(m), edits)
		       : STR("");
}

static void the_allowance_grows_with_the_word(void **state)
{
	(void)state;
	assert_str(meant("pyhton"), "python 1");
	assert_str(meant("pyton"), "python 1");
	assert_str(meant("pithom"), "");
	assert_str(meant("javascrpit"), "javascript 1");
	assert_str(meant("javasrcpt"), "javascript 2");
	assert_str(meant("kubernets"), "kubernetes 1");
	assert_str(meant("kuberntes"), "kubernetes 1");
	assert_str(meant("kubrntes"), "");
	assert_str(meant("sqk"), "");
	assert_str(meant("figme"), "");
}

static void known_words_and_other_first_letters_are_left_alone(void **state)
{
	(void)state;
	assert_str(meant("python"), "");
	assert_str(meant("excess"), "");
	assert_str(meant("excell"), "excel 1");
	assert_str(meant("lava"), "");
	assert_str(meant("ajva"), "java 1");
	assert_str(meant("jvaa"), "java 1");
	assert_str(meant("aavascript"), "javascript 1");
	assert_str(meant(""), "");
}

static void a_message_is_put_right_and_places_lead_back(void **state)
{
	struct utterance u;
	struct typo_text right;
	uint32_t from, to;

	(void)state;
	utterance_read(&arena, lexicon, STR("想学 Pyhton和javascrpt课"), &u);
	assert_true(typos_correct(typos, &arena, &u, &right));
	assert_str(right.text, "想学 python和javascript课");
	assert_int_equal(right.n, 2);
	from = (uint32_t)str_find(right.text, STR("javascript课"), 0);
	to = (uint32_t)right.text.n;
	assert_int_equal(typo_edits(&right, from, to), 1);
	typo_place(&right, &from, &to);
	assert_str(str_sub(u.normal.text, from, to), "javascrpt课");
	from = (uint32_t)str_find(right.text, STR("和"), 0);
	to = from + 3;
	assert_int_equal(typo_edits(&right, from, to), 0);
	typo_place(&right, &from, &to);
	assert_str(str_sub(u.normal.text, from, to), "和");
	from = 0;
	to = (uint32_t)str_find(right.text, STR("thon"), 0);
	typo_place(&right, &from, &to);
	assert_str(str_sub(u.normal.text, from, to), "想学 pyhton");
	utterance_read(&arena, lexicon, STR("想学 Python"), &u);
	assert_false(typos_correct(typos, &arena, &u, &right));
}

static void a_message_full_of_typos_is_put_right_in_part(void **state)
{
	struct str message = STR("");
	struct utterance u;
	struct typo_text right;

	(void)state;
	for (int i = 0; i < 50; i++)
		message = arena_printf(&arena, "%.*s pyhton", STR_ARG(message));
	utterance_read(&arena, lexicon, message, &u);
	assert_true(typos_correct(typos, &arena, &u, &right));
	assert_int_equal(right.n, TYPO_FIXES_MAX);
	assert_int_equal(right.text.n, u.normal.text.n);
}

static void addresses_and_codes_are_left_alone(void **state)
{
	static const char *const texts[] = {"lilei@pyhton.com", "pyhton@a.cn",
					    "http://pyhton.org/x", "pyhton_3", "x-pyhton.txt"};
	struct utterance u;
	struct typo_text right;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		utterance_read(&arena, lexicon, str_of(texts[i]), &u);
		if (typos_correct(typos, &arena, &u, &right))
			fail_msg("%s became %.*s", texts[i], STR_ARG(right.text));
	}
	utterance_read(&arena, lexicon, STR("I like pyhton."), &u);
	assert_true(typos_correct(typos, &arena, &u, &right));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_allowance_grows_with_the_word, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(known_words_and_other_first_letters_are_left_alone,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(a_message_is_put_right_and_places_lead_back,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(addresses_and_codes_are_left_alone, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(a_message_full_of_typos_is_put_right_in_part,
						open_all, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

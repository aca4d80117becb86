#include "unit/unit.h"

#include "text/arena.h"
#include "text/stem.h"

static void words_of_one_root_share_a_stem(void **state)
{
	static const struct {
		const char *word, *stem;
	} cases[] = {
		{"refunds", "refund"}, {"refunding", "refund"},	    {"refunded", "refund"},
		{"courses", "cours"},  {"happily", "happili"},	    {"studies", "studi"},
		{"studying", "studi"}, {"certificate's", "certif"}, {"certificates", "certif"},
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(stem_english(&a, str_of(cases[i].word)), cases[i].stem);
	arena_done(&a);
}

/* tests/data/stems.tsv: words of every ending and exception, with the stems that libstemmer 2.2 gives them. */
static void stems_are_those_of_snowball(void **state)
{
	FILE *f = fopen(KEFU_SOURCE_DIR "/tests/data/stems.tsv", "r");
	char word[64], stem[64];
	struct arena a;
	size_t n = 0;

	(void)state;
	assert_non_null(f);
	arena_init(&a);
	for (; fscanf(f, "%63[^\t\n]%*1[\t]%63[^\n]%*1[\n]", word, stem) == 2; n++)
		assert_str(stem_english(&a, str_of(word)), stem);
	assert_true(feof(f));
	assert_true(n > 500);
	arena_done(&a);
	fclose(f);
}

static void a_word_of_apostrophes_has_a_stem_of_its_own(void **state)
{
	static const char *const words[] = {"'''", "''''", "'s'", "y's"};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_true(stem_english(&a, str_of(words[i])).n < strlen(words[i]));
	arena_done(&a);
}

static void a_stem_that_is_a_prefix_is_not_copied(void **state)
{
	struct arena a;
	struct str word = STR("refunds");

	(void)state;
	arena_init(&a);
	assert_ptr_equal(stem_english(&a, word).p, word.p);
	assert_int_equal(a.used, 0);
	/* One that is not stays valid after the next word was stemmed. */
	word = stem_english(&a, STR("studies"));
	stem_english(&a, STR("happiness"));
	assert_str(word, "studi");
	arena_done(&a);
}

static void what_is_not_english_comes_back_as_it_is(void **state)
{
	static const char *const words[] = {"退款", "été", "mp4s", "c++", "is", "", "привет"};
	char longest[200];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_str(stem_english(&a, str_of(words[i])), words[i]);
	memset(longest, 's', sizeof longest);
	assert_int_equal(stem_english(&a, (struct str){longest, sizeof longest}).n, sizeof longest);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_one_root_share_a_stem),
		cmocka_unit_test(stems_are_those_of_snowball),
		cmocka_unit_test(a_word_of_apostrophes_has_a_stem_of_its_own),
		cmocka_unit_test(a_stem_that_is_a_prefix_is_not_copied),
		cmocka_unit_test(what_is_not_english_comes_back_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "text/arena.h"
#include "text/segment.h"

static struct arena arena;
static struct segmenter s; /* 研究 研究生 生命 命, each with a cost; see segment.h */

static struct dat trie(struct dat_key *keys, size_t n)
{
	struct dat d;

	n = dat_sort(keys, n);
	assert_int_equal(dat_build(&arena, keys, n, &d), 0);
	return d;
}

static int open_segmenter(void **state)
{
	struct dat_key words[] = {
		{STR("研究"), 84},  {STR("研究生"), 112}, {STR("生命"), 90}, {STR("命"), 96},
		{STR("甲乙"), 100}, {STR("甲"), 50},	  {STR("乙"), 50},   {STR("乙丙"), 10},
	};

	(void)state;
	arena_init(&arena);
	s = (struct segmenter){.dictionary = trie(words, 8), .unknown = 200};
	return 0;
}

static int close_segmenter(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void the_cheapest_way_wins_over_the_longest_first_word(void **state)
{
	uint16_t ends[SEGMENT_WORDS];

	(void)state;
	assert_int_equal(segment_run(&s, STR("研究生命"), ends), 2);
	assert_int_equal(ends[0], 6);
	assert_int_equal(ends[1], 12);
	assert_int_equal(segment_cost(&s, STR("研究生命")), 174);
	assert_int_equal(segment_run(&s, STR("研究生"), ends), 1);
	assert_int_equal(segment_run(&s, STR_NONE, ends), 0);
}

static void on_a_tie_the_longer_word_wins(void **state)
{
	uint16_t ends[SEGMENT_WORDS];

	(void)state;
	assert_int_equal(segment_run(&s, STR("甲乙"), ends), 1);
	assert_int_equal(segment_cost(&s, STR("甲乙")), 100);
}

static void a_character_that_is_no_word_stands_alone(void **state)
{
	uint16_t ends[SEGMENT_WORDS];

	(void)state;
	assert_int_equal(segment_run(&s, STR("丁研究𠀀"), ends), 3);
	assert_int_equal(ends[0], 3);
	assert_int_equal(ends[1], 9);
	assert_int_equal(ends[2], 13);
	assert_int_equal(segment_cost(&s, STR("丁研究𠀀")), 484);
}

static void terms_join_what_the_dictionary_parts(void **state)
{
	struct dat_key terms[] = {{STR("研究生命"), 100}, {STR("c++"), 7}};
	struct segmenter with = s;
	uint16_t ends[SEGMENT_WORDS];

	(void)state;
	with.terms = trie(terms, 2);
	assert_int_equal(segment_run(&with, STR("研究生命"), ends), 1);
	assert_true(segment_knows(&with, STR("c++")));
	assert_false(segment_knows(&s, STR("c++")));
	assert_false(segment_knows(&with, STR("研")));
	assert_int_equal(segment_longest(&with, STR("c++17")), 3);
	assert_int_equal(segment_longest(&with, STR("研究生命丁")), 12);
	assert_int_equal(segment_longest(&s, STR("研究生命丁")), 9);
	assert_int_equal(segment_longest(&s, STR("丁")), 0);
}

/* The cut edge falls inside a word for some lead; going on from the last end must give the same
 * words as if there were no edge. */
static void the_edge_of_a_long_run_changes_no_word(void **state)
{
	char run[3000];

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		struct str text = {run, 0};
		uint16_t ends[SEGMENT_WORDS];
		size_t at = 0, words = 0;

		for (size_t i = 0; i < lead; i++, text.n += 3)
			memcpy(run + text.n, "丁", 3);
		for (size_t i = 0; i < 200; i++, text.n += 12)
			memcpy(run + text.n, "研究生命", 12);
		while (at < text.n) {
			size_t n = segment_run(&s, str_sub(text, at, text.n), ends);

			assert_in_range(n, 1, SEGMENT_WORDS);
			words += n;
			at += ends[n - 1];
			assert_int_equal((at - 3 * lead) % 6, 0);
		}
		assert_int_equal(words, lead + 400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cheapest_way_wins_over_the_longest_first_word),
		cmocka_unit_test(on_a_tie_the_longer_word_wins),
		cmocka_unit_test(a_character_that_is_no_word_stands_alone),
		cmocka_unit_test(terms_join_what_the_dictionary_parts),
		cmocka_unit_test(the_edge_of_a_long_run_changes_no_word),
	};

	return cmocka_run_group_tests(tests, open_segmenter, close_segmenter);
}

#include "unit/unit.h"

static void comparison_is_by_bytes_and_shorter_first(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("ab"), STR("abc")) < 0);
	assert_true(str_cmp(STR("b"), STR("abc")) > 0);
	assert_int_equal(str_cmp(STR("退款"), STR("退款")), 0);
	assert_int_equal(str_cmp(STR_NONE, STR("")), 0);
	assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
	assert_true(str_eq(STR_NONE, STR("")));
	assert_false(str_eq(STR("a"), STR("b")));
}

static void prefixes_and_suffixes_are_told(void **state)
{
	(void)state;
	assert_true(str_starts(STR("faq/a.yaml"), STR("faq/")));
	assert_false(str_starts(STR("fa"), STR("faq/")));
	assert_true(str_ends(STR("faq/a.yaml"), STR(".yaml")));
	assert_false(str_ends(STR("a.yml"), STR(".yaml")));
	assert_true(str_starts(STR("x"), STR_NONE));
	assert_true(str_ends(STR_NONE, STR_NONE));
}

static void find_gives_the_first_offset_at_or_after_from(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("bc"), 0), 1);
	assert_int_equal(str_find(STR("abcabc"), STR("bc"), 2), 4);
	assert_int_equal(str_find(STR("abcabc"), STR("bc"), 5), SIZE_MAX);
	assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
	assert_int_equal(str_find(STR("abc"), STR(""), 4), SIZE_MAX);
	assert_int_equal(str_find(STR_NONE, STR("a"), 0), SIZE_MAX);
}

static void trim_and_sub_stay_inside(void **state)
{
	(void)state;
	assert_str(str_trim(STR(" \t退 款\r\n")), "退 款");
	assert_str(str_trim(STR("  ")), "");
	assert_str(str_sub(STR("hello"), 1, 3), "el");
	assert_str(str_sub(STR("hello"), 3, 99), "lo");
	assert_str(str_sub(STR("hello"), 9, 3), "");
	assert_str(str_sub(STR_NONE, 0, 3), "");
}

static void hash_is_stable_and_spreads(void **state)
{
	(void)state;
	assert_true(str_hash(STR_NONE) == str_hash(STR("")));
	assert_true(str_hash(STR("a")) != str_hash(STR("b")));
	assert_true(str_hash(STR("refund")) == 0xb6b82ed945ea3082u);
}

static void numbers_must_be_the_whole_string(void **state)
{
	uint64_t u = 7;
	double d = 7;

	(void)state;
	assert_true(str_to_u64(STR("18446744073709551615"), &u));
	assert_true(u == UINT64_MAX);
	assert_false(str_to_u64(STR("18446744073709551616"), &u));
	assert_false(str_to_u64(STR("-1"), &u));
	assert_false(str_to_u64(STR("1 "), &u));
	assert_false(str_to_u64(STR_NONE, &u));
	assert_true(u == UINT64_MAX);
	assert_true(str_to_double(STR("-0.75e1"), &d));
	assert_true(d == -7.5);
	assert_false(str_to_double(STR("0x10"), &d));
	assert_false(str_to_double(STR("inf"), &d));
	assert_false(str_to_double(STR("1e999"), &d));
	assert_false(str_to_double(STR(" 1"), &d));
	assert_false(str_to_double(STR("1\0"), &d));
	assert_false(str_to_double(STR(""), &d));
	assert_true(d == -7.5);
}

static void nearest_finds_the_name_meant(void **state)
{
	static const struct str names[] = {STR_INIT("refund"), STR_INIT("keywords"),
					   STR_INIT("answer"), STR_INIT("退款进度")};

	(void)state;
	assert_str(str_nearest(STR("refnd"), names, 4), "refund");
	assert_str(str_nearest(STR("keyword"), names, 4), "keywords");
	assert_str(str_nearest(STR("anwser"), names, 4), "answer");
	assert_str(str_nearest(STR("退款近度"), names, 4), "退款进度");
	assert_str(str_nearest(STR("invoice"), names, 4), "");
	assert_str(str_nearest(STR_NONE, names, 4), "");
}

static void a_swap_counts_as_one_edit_and_ties_go_to_the_first(void **state)
{
	static const struct str names[] = {STR_INIT("abx"), STR_INIT("aby"), STR_INIT("ab")};

	(void)state;
	assert_str(str_nearest(STR("abz"), names, 2), "abx");
	assert_str(str_nearest(STR("ba"), names + 2, 1), "ab");
}

static void glob_star_takes_any_bytes(void **state)
{
	(void)state;
	assert_true(str_glob(STR("退款*"), STR("退款成功")));
	assert_true(str_glob(STR("*"), STR_NONE));
	assert_true(str_glob(STR("*a*b"), STR("xxaxxab")));
	assert_false(str_glob(STR("a*b"), STR("abc")));
	assert_false(str_glob(STR("a"), STR_NONE));
	assert_true(str_glob(STR("https://*.example.com"), STR("https://a.b.example.com")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparison_is_by_bytes_and_shorter_first),
		cmocka_unit_test(prefixes_and_suffixes_are_told),
		cmocka_unit_test(find_gives_the_first_offset_at_or_after_from),
		cmocka_unit_test(trim_and_sub_stay_inside),
		cmocka_unit_test(hash_is_stable_and_spreads),
		cmocka_unit_test(numbers_must_be_the_whole_string),
		cmocka_unit_test(nearest_finds_the_name_meant),
		cmocka_unit_test(a_swap_counts_as_one_edit_and_ties_go_to_the_first),
		cmocka_unit_test(glob_star_takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "intents/builtin.h"
#include "intents/number.h"
#include "text/normal.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* "150|99": the values found in a message as typed, in order. */
static struct str values(enum builtin kind, const char *message)
{
	struct diags diags;
	struct regex *r;
	struct regex_run *run = regex_run_new(&arena);
	struct str text = normal_text(&arena, str_of(message)), all = STR(""), value;
	size_t begin, end;

	diags_init(&diags, false);
	r = regex_new(builtin_pattern(kind), (struct mark){0}, &diags);
	assert_non_null(r);
	diags_done(&diags);
	for (size_t at = 0; regex_find(r, run, text, at, &begin, &end) == REGEX_HIT; at = end) {
		if (builtin_value(kind, r, run, &arena, text, begin, end, &value))
			all = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(all), all.n ? "|" : "",
					   STR_ARG(value));
	}
	regex_unref(r);
	return all;
}

static void numerals_are_read_in_digits_chinese_and_english(void **state)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{"7", 7},
		{"1,200.5", 1200.5},
		{"3万", 30000},
		{"1.5k", 1500},
		{"一百五十", 150},
		{"一百五", 150},
		{"两千零三", 2003},
		{"二零二六", 2026},
		{"十", 10},
		{"十二", 12},
		{"二十", 20},
		{"三万五", 35000},
		{"一亿零二十万", 100200000},
		{"半", 0.5},
		{"零", 0},
		{"twenty-five", 25},
		{"two hundred and ten", 210},
		{"three thousand", 3000},
	};
	static const char *const wrong[] = {"", "元", "3元", "1.2.3", "二十x", "two apples", "and"};
	double value;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (!number_read(str_of(cases[i].text), &value) || value < cases[i].value - 1e-9 ||
		    value > cases[i].value + 1e-9)
			fail_msg("%s is read as %f", cases[i].text, value);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(number_read(str_of(wrong[i]), &value));
	assert_str(number_print(&arena, 99.9), "99.9");
	assert_str(number_print(&arena, 20260301123456.0), "20260301123456");
}

static void numbers_are_found_but_not_inside_words(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_NUMBER, "推荐三门课，最多 5 门"), "3|5");
	assert_str(values(BUILTIN_NUMBER, "等一下，一直不行，统一回复"), "");
	assert_str(values(BUILTIN_NUMBER, "I want twenty five lessons"), "25");
	assert_str(values(BUILTIN_NUMBER, "none of it"), "");
	assert_str(values(BUILTIN_NUMBER, "版本１２"), "12");
}

static void money_is_found_with_its_sign_its_unit_or_a_bound(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_MONEY, "一百五十块"), "150");
	assert_str(values(BUILTIN_MONEY, "99元"), "99");
	assert_str(values(BUILTIN_MONEY, "￥199"), "199");
	assert_str(values(BUILTIN_MONEY, "$20 or 30 dollars"), "20|30");
	assert_str(values(BUILTIN_MONEY, "courses under 200 yuan"), "200");
	assert_str(values(BUILTIN_MONEY, "预算五百左右"), "500");
	assert_str(values(BUILTIN_MONEY, "300以内的课"), "300");
	assert_str(values(BUILTIN_MONEY, "三块五"), "3.5");
	assert_str(values(BUILTIN_MONEY, "under 30 days"), "");
	assert_str(values(BUILTIN_MONEY, "不超过30天"), "");
	assert_str(values(BUILTIN_MONEY, "3天"), "");
}

static void dates_become_iso_and_relative_ones_stay_words(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_DATE, "2026-03-01到2026年4月2日"), "2026-03-01|2026-04-02");
	assert_str(values(BUILTIN_DATE, "3月1号买的"), "--03-01");
	assert_str(values(BUILTIN_DATE, "十二月三十一日"), "--12-31");
	assert_str(values(BUILTIN_DATE, "2026年5月"), "2026-05");
	assert_str(values(BUILTIN_DATE, "on March 1st, 2026"), "2026-03-01");
	assert_str(values(BUILTIN_DATE, "15 June"), "--06-15");
	assert_str(values(BUILTIN_DATE, "明天还是下周三"), "明天|下周三");
	assert_str(values(BUILTIN_DATE, "tomorrow or next Monday"), "tomorrow|next monday");
	assert_str(values(BUILTIN_DATE, "2026-13-45"), "");
	assert_str(values(BUILTIN_DATE, "you may 5 times"), "--05-05");
	assert_str(values(BUILTIN_DATE, "20260301123456"), "");
}

static void durations_are_counted_in_days(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_DURATION, "三天"), "3");
	assert_str(values(BUILTIN_DURATION, "2 weeks"), "14");
	assert_str(values(BUILTIN_DURATION, "半小时"), "0.0208");
	assert_str(values(BUILTIN_DURATION, "一个半月"), "45");
	assert_str(values(BUILTIN_DURATION, "两年半"), "912.5");
	assert_str(values(BUILTIN_DURATION, "3个工作日"), "3");
	assert_str(values(BUILTIN_DURATION, "half an hour, an hour"), "0.0208|0.0417");
	assert_str(values(BUILTIN_DURATION, "第三天"), "");
	assert_str(values(BUILTIN_DURATION, "3月1日"), "");
}

static void phones_and_addresses_are_found_whole(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_PHONE, "电话138-0013-8000"), "13800138000");
	assert_str(values(BUILTIN_PHONE, "+86 13800138000 或 010-12345678"),
		   "+8613800138000|01012345678");
	assert_str(values(BUILTIN_PHONE, "+1 650 253 0000"), "+16502530000");
	assert_str(values(BUILTIN_PHONE, "订单20260301123456"), "");
	assert_str(values(BUILTIN_EMAIL, "写信给 Li.Lei@Example.com.cn。"),
		   "li.lei@example.com.cn");
	assert_str(values(BUILTIN_EMAIL, "a@b"), "");
}

static void ordinals_are_numbers(void **state)
{
	(void)state;
	assert_str(values(BUILTIN_ORDINAL, "第三个"), "3");
	assert_str(values(BUILTIN_ORDINAL, "the 2nd one, not the first"), "2|1");
	assert_str(values(BUILTIN_ORDINAL, "第12课"), "12");
	assert_str(values(BUILTIN_ORDINAL, "三个"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numerals_are_read_in_digits_chinese_and_english,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(numbers_are_found_but_not_inside_words, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(money_is_found_with_its_sign_its_unit_or_a_bound,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(dates_become_iso_and_relative_ones_stay_words,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(durations_are_counted_in_days, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(phones_and_addresses_are_found_whole, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(ordinals_are_numbers, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

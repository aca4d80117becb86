/* What is asked of a price: kb/price.c */
#include "unit/unit.h"

#include <math.h>

#include "kb/price.h"

static void expect(const char *text, double min, double max)
{
	struct price_range r = PRICE_ANY;

	assert_true(price_narrow(&r, str_of(text)));
	assert_true(r.min == min && r.max == max);
	assert_false(r.cheap || r.cheaper);
}

static void a_bound_is_free_at_most_at_least_or_both(void **state)
{
	(void)state;
	expect("0", 0, 0);
	expect("200", 0, 200);
	expect("200-", 200, -1);
	expect("100-300", 100, 300);
	expect("99.5", 0, 99.5);
}

static void cheaper_is_cheap_too(void **state)
{
	struct price_range r = PRICE_ANY;

	(void)state;
	assert_true(price_narrow(&r, STR("cheap")));
	assert_true(r.cheap && !r.cheaper);
	assert_true(price_narrow(&r, STR("cheaper")));
	assert_true(r.cheap && r.cheaper);
	assert_true(r.min == 0 && r.max == -1);
}

static void of_several_bounds_all_hold(void **state)
{
	struct price_range r = PRICE_ANY;

	(void)state;
	assert_true(price_narrow(&r, STR("100-300")));
	assert_true(price_narrow(&r, STR("200")));
	assert_true(r.min == 100 && r.max == 200);
	assert_true(price_narrow(&r, STR("150-900")));
	assert_true(r.min == 150 && r.max == 200);
}

static void what_is_no_price_changes_nothing(void **state)
{
	static const char *const none[] = {"",	  "dear", "-200", "-",	   "1-2-3",
					   "nan", "inf",  "1-x",  "-5--3", "200 yuan"};
	struct price_range r = {1, 2, false, false};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(price_narrow(&r, str_of(none[i])));
	assert_true(r.min == 1 && r.max == 2);
}

static void distance_is_how_far_a_price_lies_outside(void **state)
{
	(void)state;
	assert_true(price_distance(100, 200, 150) == 0);
	assert_true(price_distance(100, 200, 80) == 20);
	assert_true(price_distance(100, 200, 250) == 50);
	assert_true(price_distance(0, 0, 0) == 0);
	assert_true(price_distance(0, -1, 1e9) == 0);
	assert_true(isinf(price_distance(0, 200, -1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bound_is_free_at_most_at_least_or_both),
		cmocka_unit_test(cheaper_is_cheap_too),
		cmocka_unit_test(of_several_bounds_all_hold),
		cmocka_unit_test(what_is_no_price_changes_nothing),
		cmocka_unit_test(distance_is_how_far_a_price_lies_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

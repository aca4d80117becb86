#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "text/when.h"

static void times_are_read_in_the_usual_spellings(void **state)
{
	const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"2026-03-01T10:00:00+08:00", 1772330400000},
		{"2026-03-01T02:00:00Z", 1772330400000},
		{"2026-03-01 02:00", 1772330400000},
		{"2026-03-01", 1772323200000},
		{"2026-03-01T02:00:00.250Z", 1772330400250},
		{"2026-02-28T21:30:00-0430", 1772330400000},
		{"1772330400", 1772330400000},
		{"1772330400123", 1772330400123},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t ms = -1;

		assert_true(when_read(str_of(cases[i].text), &ms));
		assert_int_equal(ms, cases[i].ms);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	const char *const bad[] = {"",		 "yesterday",	      "2026-13-01",
				   "2026-03-32", "2026-03-01T25:00",  "2026-03-01T10:00:00+99:00",
				   "2026-3-1",	 "2026-03-01T10:00x", "12345678901234567890"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int64_t ms = 42;

		assert_false(when_read(str_of(bad[i]), &ms));
		assert_int_equal(ms, 42);
	}
}

static void durations_have_a_number_and_a_unit(void **state)
{
	int64_t ms;

	(void)state;
	assert_true(when_duration(STR("50ms"), &ms) && ms == 50);
	assert_true(when_duration(STR("30s"), &ms) && ms == 30000);
	assert_true(when_duration(STR("1.5h"), &ms) && ms == 5400000);
	assert_false(when_duration(STR("30"), &ms));
	assert_false(when_duration(STR("s"), &ms));
	assert_false(when_duration(STR("5 parsecs"), &ms));
}

static void printing_is_read_back(void **state)
{
	char text[WHEN_TEXT_MAX];
	int64_t back;

	(void)state;
	when_print(1772330400123, text);
	assert_string_equal(text, "2026-03-01T02:00:00.123Z");
	assert_true(when_read(str_of(text), &back));
	assert_int_equal(back, 1772330400123);
	when_print(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_in_the_usual_spellings),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(durations_have_a_number_and_a_unit),
		cmocka_unit_test(printing_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

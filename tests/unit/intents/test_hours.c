#include "unit/unit.h"

#include "intents/hours.h"
#include "text/when.h"

static struct hours_row rows[8];

static struct hours hours_of(const char *zone, struct arena *a, size_t n, const char *const *texts)
{
	struct hours h = {.rows = rows, .n = n};
	struct str part;

	assert_true(zone_load(a, str_of(zone), &h.zone));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(hours_read(str_of(texts[i]), &rows[i], &part), HOURS_GOOD);
	return h;
}

static int64_t at(const char *text)
{
	int64_t ms;

	assert_true(when_read(str_of(text), &ms));
	return ms;
}

static void opens_at(const struct hours *h, const char *now, const char *then)
{
	char got[WHEN_TEXT_MAX], wanted[WHEN_TEXT_MAX];

	when_print(hours_opens(h, at(now)), got);
	when_print(at(then), wanted);
	assert_string_equal(got, wanted);
}

static void a_week_with_a_break_at_noon(void **state)
{
	static const char *const texts[] = {"Mon-Fri 09:00-12:00, 13:30-18:00", "周六 10:00-16:00"};
	struct arena a;
	struct hours h;

	(void)state;
	arena_init(&a);
	h = hours_of("+08:00", &a, 2, texts);
	assert_true(hours_open(&h, at("2026-03-02T09:00:00+08:00"))); /* a Monday */
	assert_false(hours_open(&h, at("2026-03-02T08:59:59+08:00")));
	assert_false(hours_open(&h, at("2026-03-02T12:00:00+08:00")));
	assert_true(hours_open(&h, at("2026-03-02T17:59:00+08:00")));
	assert_true(hours_open(&h, at("2026-03-07T10:30:00+08:00")));
	assert_false(hours_open(&h, at("2026-03-08T10:30:00+08:00")));
	opens_at(&h, "2026-03-02T12:10:00+08:00", "2026-03-02T13:30:00+08:00");
	opens_at(&h, "2026-03-06T19:00:00+08:00", "2026-03-07T10:00:00+08:00");
	opens_at(&h, "2026-03-07T16:00:00+08:00", "2026-03-09T09:00:00+08:00");
	opens_at(&h, "2026-03-02T14:00:00+08:00", "2026-03-02T14:00:00+08:00");
	arena_done(&a);
}

static void dates_stand_in_place_of_their_weekdays(void **state)
{
	static const char *const texts[] = {"daily 09:00-18:00", "2026-10-01..2026-10-07 休息",
					    "2026-10-05 20:00-21:00"};
	struct arena a;
	struct hours h;

	(void)state;
	arena_init(&a);
	h = hours_of("+08:00", &a, 3, texts);
	assert_true(hours_open(&h, at("2026-09-30T10:00:00+08:00")));
	assert_false(hours_open(&h, at("2026-10-01T10:00:00+08:00")));
	assert_true(hours_open(&h, at("2026-10-05T20:30:00+08:00")));
	opens_at(&h, "2026-10-01T10:00:00+08:00", "2026-10-05T20:00:00+08:00");
	opens_at(&h, "2026-10-05T21:00:00+08:00", "2026-10-08T09:00:00+08:00");
	arena_done(&a);
}

static void a_night_belongs_to_the_day_it_begins_on(void **state)
{
	static const char *const texts[] = {"Fri 22:00-06:00"};
	struct arena a;
	struct hours h;

	(void)state;
	arena_init(&a);
	h = hours_of("UTC", &a, 1, texts);
	assert_true(hours_open(&h, at("2026-03-06T23:00:00Z")));
	assert_true(hours_open(&h, at("2026-03-07T05:59:00Z")));
	assert_false(hours_open(&h, at("2026-03-07T06:00:00Z")));
	assert_false(hours_open(&h, at("2026-03-06T05:00:00Z")));
	arena_done(&a);
}

static void the_clock_of_the_zone_counts_summer_and_winter(void **state)
{
	static const char *const texts[] = {"daily 09:00-17:00"};
	struct arena a;
	struct hours h = {0};

	(void)state;
	arena_init(&a);
	if (!zone_load(&a, STR("Europe/Berlin"), &h.zone)) {
		arena_done(&a);
		skip(); /* no tzdata here */
	}
	h = hours_of("Europe/Berlin", &a, 1, texts);
	assert_true(hours_open(&h, at("2026-01-15T08:30:00Z")));
	assert_false(hours_open(&h, at("2026-07-15T15:30:00Z")));
	assert_true(hours_open(&h, at("2026-07-15T07:30:00Z")));
	assert_true(hours_open(
		&h, at("2055-07-15T07:30:00Z"))); /* beyond the file's list: by its rule */
	opens_at(&h, "2026-03-28T20:00:00Z",
		 "2026-03-29T07:00:00Z"); /* the night clocks go forward */
	arena_done(&a);
}

static void always_open_without_hours_and_never_again_is_said(void **state)
{
	static const char *const texts[] = {"2020-01-01 09:00-10:00"};
	struct arena a;
	struct hours h = {0};

	(void)state;
	assert_true(hours_open(&h, 0));
	arena_init(&a);
	h = hours_of("UTC", &a, 1, texts);
	assert_int_equal(hours_opens(&h, at("2026-01-01T00:00:00Z")), 0);
	arena_done(&a);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text;
		enum hours_fault fault;
		const char *part;
	} cases[] = {
		{"Mon-Fre 09:00-18:00", HOURS_NO_DAY, "Mon-Fre"},
		{"09:00-18:00", HOURS_NO_DAY, "09:00-18:00"},
		{"2026-02-30 closed", HOURS_NO_DAY, "2026-02-30"},
		{"2026-10-07..2026-10-01 closed", HOURS_BACKWARDS, "2026-10-07..2026-10-01"},
		{"Mon 9-18", HOURS_NO_TIME, "9-18"},
		{"Mon 09:00-25:00", HOURS_NO_TIME, "09:00-25:00"},
		{"Mon 09:00-12:00, x", HOURS_NO_TIME, "x"},
		{"Mon", HOURS_NO_TIME, ""},
		{"Mon 1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00,11:00-12:00,13:00-14:00",
		 HOURS_TOO_MANY, "13:00-14:00"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct hours_row row;
		struct str part;

		assert_int_equal(hours_read(str_of(cases[i].text), &row, &part), cases[i].fault);
		assert_str(part, cases[i].part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_week_with_a_break_at_noon),
		cmocka_unit_test(dates_stand_in_place_of_their_weekdays),
		cmocka_unit_test(a_night_belongs_to_the_day_it_begins_on),
		cmocka_unit_test(the_clock_of_the_zone_counts_summer_and_winter),
		cmocka_unit_test(always_open_without_hours_and_never_again_is_said),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

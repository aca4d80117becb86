#include "unit/unit.h"

#include <time.h>
#include <stdlib.h>

#include "text/zone.h"

static void days_and_dates_are_the_same(void **state)
{
	int64_t year;
	int month, day;

	(void)state;
	assert_int_equal(zone_days(1970, 1, 1), 0);
	assert_int_equal(zone_days(2000, 3, 1), 11017);
	for (int64_t d = -800000; d < 800000; d += 97) {
		zone_date(d, &year, &month, &day);
		assert_int_equal(zone_days(year, month, day), d);
	}
}

/* Against the C library, for a century. */
static void offsets_are_the_systems(void **state)
{
	static const char *const names[] = {"Asia/Shanghai",	"Europe/Berlin",
					    "America/New_York", "Australia/Sydney",
					    "Asia/Kolkata",	"America/Sao_Paulo"};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct zone z;

		if (!zone_load(&a, str_of(names[i]), &z))
			continue; /* no tzdata here */
		setenv("TZ", names[i], 1);
		tzset();
		for (time_t t = -631152000; t < 3600000000; t += 86400 * 5 + 1801) {
			struct tm tm;

			localtime_r(&t, &tm);
			assert_int_equal(zone_offset(&z, t), tm.tm_gmtoff);
		}
	}
	arena_done(&a);
}

static void a_zone_may_be_a_number(void **state)
{
	struct zone z;

	(void)state;
	assert_true(zone_fixed(STR("+08:00"), &z));
	assert_int_equal(zone_offset(&z, 0), 28800);
	assert_true(zone_fixed(STR("-0330"), &z));
	assert_int_equal(zone_offset(&z, 0), -12600);
	assert_true(zone_fixed(STR("UTC"), &z));
	assert_int_equal(zone_offset(&z, 1), 0);
	assert_false(zone_fixed(STR("+25:00"), &z));
	assert_false(zone_fixed(STR("8"), &z));
}

static void what_is_no_zone_is_refused(void **state)
{
	static const char *const names[] = {"Asia/Nowhere", "../../etc/passwd", "/etc/localtime",
					    "zone.tab", "Asia"};
	struct arena a;
	struct zone z;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_false(zone_load(&a, str_of(names[i]), &z));
	assert_false(zone_read(&a, STR("TZif2 and no more"), &z));
	assert_false(zone_read(&a, STR_NONE, &z));
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_and_dates_are_the_same),
		cmocka_unit_test(offsets_are_the_systems),
		cmocka_unit_test(a_zone_may_be_a_number),
		cmocka_unit_test(what_is_no_zone_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

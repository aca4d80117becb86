#include "unit/unit.h"

#include <stdio.h>

#include "net/attempts.h"
#include "secret.h"

static int setup(void **state)
{
	struct err err;

	if (secret_init(&err) != 0)
		return -1;
	*state = attempts_new();
	return 0;
}

static int teardown(void **state)
{
	attempts_free(*state);
	return 0;
}

/* Fails `times` times, waiting as long as is asked; the wait after the last. */
static int64_t guess(struct attempts *a, const struct attempt_kind *kind, const char *who,
		     int times, int64_t *now)
{
	for (int i = 0; i < times; i++) {
		*now += attempts_wait(a, kind, str_of(who), *now);
		attempts_begin(a, kind, str_of(who), *now);
	}
	return attempts_wait(a, kind, str_of(who), *now);
}

static void waits_double_after_the_free_failures(void **state)
{
	int64_t now = 1000;

	assert_int_equal(guess(*state, &attempt_address, "a", 4, &now), 0);
	assert_int_equal(guess(*state, &attempt_address, "a", 1, &now), 1000);
	assert_int_equal(guess(*state, &attempt_address, "a", 1, &now), 2000);
	assert_int_equal(guess(*state, &attempt_address, "a", 1, &now), 4000);
	assert_int_equal(guess(*state, &attempt_address, "a", 50, &now), 15 * 60 * 1000);
	assert_int_equal(guess(*state, &attempt_name, "a", 60, &now), 60 * 1000);
}

static void success_clears_and_so_do_quiet_minutes(void **state)
{
	int64_t now = 1000;

	guess(*state, &attempt_address, "a", 8, &now);
	attempts_clear(*state, &attempt_address, STR("a"));
	assert_int_equal(guess(*state, &attempt_address, "a", 4, &now), 0);
	guess(*state, &attempt_address, "b", 8, &now);
	now += 16 * 60 * 1000;
	assert_int_equal(guess(*state, &attempt_address, "b", 4, &now), 0);
}

static void names_and_addresses_are_told_apart(void **state)
{
	int64_t now = 1000;

	guess(*state, &attempt_address, "a", 8, &now);
	assert_int_equal(attempts_wait(*state, &attempt_name, STR("a"), now), 0);
	assert_int_equal(attempts_wait(*state, &attempt_address, STR("b"), now), 0);
}

static void one_who_fails_often_is_not_washed_out_by_many_names(void **state)
{
	int64_t now = 1000;
	char name[32];

	guess(*state, &attempt_address, "a", 12, &now);
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "name %d", i);
		attempts_begin(*state, &attempt_name, str_of(name), now);
	}
	assert_true(attempts_wait(*state, &attempt_address, STR("a"), now) > 0);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(waits_double_after_the_free_failures),
		FRESH(success_clears_and_so_do_quiet_minutes),
		FRESH(names_and_addresses_are_told_apart),
		FRESH(one_who_fails_often_is_not_washed_out_by_many_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

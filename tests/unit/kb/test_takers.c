#include "unit/kb/kb.h"

#include "kb/takers.h"

static void every_learner_is_counted_and_kept_while_there_is_room(void **state)
{
	struct takers_table t = {0};
	struct takers of;

	(void)state;
	takers_add(&t, 3, 7, 5000);
	takers_add(&t, 3, 8, -1);
	of = takers_of(&t, 3);
	assert_int_equal(of.total, 2);
	assert_int_equal(of.n, 2);
	assert_int_equal(of.v[0].learner, 7);
	assert_int_equal(of.v[0].at_unix_s, 5);
	assert_int_equal(of.v[1].at_unix_s, 0);
	assert_int_equal(takers_of(&t, 2).total, 0);
	assert_int_equal(takers_of(&t, 99).n, 0);
	takers_done(&t);
	assert_int_equal(takers_of(&t, 3).n, 0);
}

enum { MANY = 3 * TAKERS_LATEST };

/* Learner i at second i / 2: two at a time. */
static void tell(struct takers_table *t, uint32_t i)
{
	takers_add(t, 0, i, (int64_t)(i / 2) * 1000);
}

static void check_latest(const struct takers_table *t)
{
	bool kept[MANY] = {0};
	struct takers of = takers_of(t, 0);

	assert_int_equal(of.total, MANY);
	assert_int_equal(of.n, TAKERS_LATEST);
	for (uint32_t i = 0; i < of.n; i++) {
		assert_false(kept[of.v[i].learner]);
		kept[of.v[i].learner] = true;
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(kept[i], i >= MANY - TAKERS_LATEST);
}

static void the_latest_are_kept_whatever_the_order_of_telling(void **state)
{
	struct takers_table rising = {0}, falling = {0}, mixed = {0};

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		tell(&rising, i);
		tell(&falling, MANY - 1 - i);
		tell(&mixed, (uint32_t)(((uint64_t)i * 1009 + 13) % MANY));
	}
	check_latest(&rising);
	check_latest(&falling);
	check_latest(&mixed);
	takers_done(&rising);
	takers_done(&falling);
	takers_done(&mixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_learner_is_counted_and_kept_while_there_is_room),
		cmocka_unit_test(the_latest_are_kept_whatever_the_order_of_telling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

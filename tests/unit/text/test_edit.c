#include "unit/unit.h"

#include "text/edit.h"

static void distance_counts_insertions_deletions_changes_and_swaps(void **state)
{
	(void)state;
	assert_int_equal(edit_distance(STR("python"), STR("python"), 2), 0);
	assert_int_equal(edit_distance(STR("pyhton"), STR("python"), 2), 1);
	assert_int_equal(edit_distance(STR("pyton"), STR("python"), 2), 1);
	assert_int_equal(edit_distance(STR("pythonn"), STR("python"), 2), 1);
	assert_int_equal(edit_distance(STR("pithom"), STR("python"), 2), 2);
	assert_int_equal(edit_distance(STR("pithom"), STR("python"), 1), 2);
	assert_int_equal(edit_distance(STR(""), STR("ab"), 2), 2);
	assert_int_equal(edit_distance(STR("abc"), STR("xyz"), 1), 2);
	assert_int_equal(edit_distance(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), STR("a"), 1), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_counts_insertions_deletions_changes_and_swaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

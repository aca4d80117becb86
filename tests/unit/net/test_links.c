#include "unit/unit.h"

#include "net/links.h"

static const struct peer nobody;

static void an_id_of_a_closed_connection_finds_nothing(void **state)
{
	struct links ls;
	struct link *a, *b;
	uint64_t old;

	(void)state;
	links_init(&ls, 4);
	a = link_new(&ls, NULL, &nobody);
	old = a->id;
	assert_ptr_equal(link_find(&ls, old), a);
	link_free(&ls, a);
	assert_null(link_find(&ls, old));
	b = link_new(&ls, NULL, &nobody);
	assert_null(link_find(&ls, old)); /* the slot is taken again, the id is another */
	assert_ptr_equal(link_find(&ls, b->id), b);
	link_free(&ls, b);
	links_done(&ls);
}

static void all_slots_can_be_used_and_no_more(void **state)
{
	struct links ls;
	struct link *all[3];

	(void)state;
	links_init(&ls, 3);
	for (int i = 0; i < 3; i++)
		all[i] = link_new(&ls, NULL, &nobody);
	assert_null(link_new(&ls, NULL, &nobody));
	link_free(&ls, all[1]);
	all[1] = link_new(&ls, NULL, &nobody);
	assert_non_null(all[1]);
	assert_int_equal(ls.n, 3);
	for (int i = 0; i < 3; i++)
		link_free(&ls, all[i]);
	assert_int_equal(ls.n, 0);
	links_done(&ls);
}

static void nonsense_ids_find_nothing(void **state)
{
	struct links ls;

	(void)state;
	links_init(&ls, 2);
	assert_null(link_find(&ls, 0));
	assert_null(link_find(&ls, UINT64_MAX));
	links_done(&ls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_of_a_closed_connection_finds_nothing),
		cmocka_unit_test(all_slots_can_be_used_and_no_more),
		cmocka_unit_test(nonsense_ids_find_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

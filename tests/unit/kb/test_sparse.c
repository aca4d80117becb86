#include "unit/kb/kb.h"

#include "kb/sparse.h"

enum { ITEMS = 5 };

static struct sparse fresh(void)
{
	struct sparse s;

	sparse_init(&s, ITEMS);
	return s;
}

static void assert_list(const struct sparse *s, const struct sparse_one *v, size_t n)
{
	assert_int_equal(s->n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(s->list[i].item, v[i].item);
		assert_true(s->list[i].x == v[i].x);
	}
}

static void an_item_is_listed_once_however_often_it_is_added_to(void **state)
{
	struct sparse s = fresh();

	(void)state;
	sparse_add(&s, 3, .5f);
	sparse_add(&s, 1, .25f);
	sparse_add(&s, 3, .5f);
	sparse_add(&s, 2, 0);
	sparse_list(&s);
	assert_list(&s, (struct sparse_one[]){{3, 1}, {1, .25f}}, 2);
	assert_true(sparse_get(&s, 3) == 1 && sparse_get(&s, 2) == 0);
	sparse_done(&s);
}

static void every_item_may_have_a_number(void **state)
{
	struct sparse s = fresh();

	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < ITEMS; i++)
			sparse_add(&s, i, 1);
	assert_int_equal(s.n, ITEMS);
	sparse_done(&s);
}

static void the_greatest_becomes_one_and_what_is_zero_is_forgotten(void **state)
{
	const float by[ITEMS] = {1, 2, 0, .5f, 1}, also[ITEMS] = {1, 1, 1, 3, 1};
	struct sparse s = fresh();

	(void)state;
	sparse_scale(&s, NULL, NULL);
	assert_int_equal(s.n, 0);
	sparse_add(&s, 2, 9);
	sparse_add(&s, 1, 3);
	sparse_add(&s, 3, 4);
	sparse_add(&s, 4, -1);
	sparse_scale(&s, by, NULL);
	assert_list(&s, (struct sparse_one[]){{1, 1}, {3, 2.f / 6}, {4, -1.f / 6}}, 3);
	assert_true(sparse_get(&s, 3) == 2.f / 6 && sparse_get(&s, 2) == 0);
	sparse_flatten(&s);
	assert_true(s.v[3] == 2.f / 6 && s.whole == 1);
	sparse_add(&s, 2, 2); /* forgotten, so listed anew */
	sparse_scale(&s, NULL, also);
	assert_list(
		&s,
		(struct sparse_one[]){{1, .5f}, {3, 2.f / 6 * 3 / 2}, {4, -1.f / 6 / 2}, {2, 1}},
		4);
	sparse_done(&s);
}

static void what_is_too_little_to_be_told_from_nothing_is_cleared(void **state)
{
	struct sparse s = fresh();

	(void)state;
	sparse_add(&s, 0, 1e-44f);
	sparse_add(&s, 1, 1e4f);
	sparse_scale(&s, NULL, NULL);
	assert_list(&s, (struct sparse_one[]){{1, 1}}, 1);
	sparse_clear(&s);
	for (int i = 0; i < ITEMS; i++)
		assert_true(s.v[i] == 0);
	sparse_done(&s);
}

static void what_was_taken_is_in_the_list_alone(void **state)
{
	struct sparse s = fresh();

	(void)state;
	sparse_add(&s, 4, 2);
	sparse_add(&s, 0, 3);
	sparse_take(&s);
	assert_list(&s, (struct sparse_one[]){{4, 2}, {0, 3}}, 2);
	for (int i = 0; i < ITEMS; i++)
		assert_true(s.v[i] == 0);
	sparse_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_is_listed_once_however_often_it_is_added_to),
		cmocka_unit_test(every_item_may_have_a_number),
		cmocka_unit_test(the_greatest_becomes_one_and_what_is_zero_is_forgotten),
		cmocka_unit_test(what_is_too_little_to_be_told_from_nothing_is_cleared),
		cmocka_unit_test(what_was_taken_is_in_the_list_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include "kb/scratch.h"

enum { ITEMS = 5 };

static void an_item_is_listed_once_however_often_it_is_added_to(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool);

	(void)state;
	sparse_add(&s->alike, 3, .5f);
	sparse_add(&s->alike, 1, .25f);
	sparse_add(&s->alike, 3, .5f);
	sparse_add(&s->alike, 2, 0);
	assert_int_equal(s->alike.n, 2);
	assert_int_equal(s->alike.items[0], 3);
	assert_int_equal(s->alike.items[1], 1);
	assert_true(s->alike.v[3] == 1 && s->alike.v[1] == .25f && s->alike.v[2] == 0);
	scratch_give(pool, s);
	scratch_pool_free(pool);
}

static void every_item_may_have_a_number(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool);

	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < ITEMS; i++)
			sparse_add(&s->near, i, 1);
	assert_int_equal(s->near.n, ITEMS);
	scratch_give(pool, s);
	scratch_pool_free(pool);
}

static void the_greatest_becomes_one_and_what_is_zero_is_forgotten(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool);

	(void)state;
	sparse_scale(&s->taste);
	sparse_add(&s->taste, 0, 4);
	sparse_add(&s->taste, 4, 2);
	sparse_scale(&s->taste);
	assert_true(s->taste.v[0] == 1 && s->taste.v[4] == .5f);
	s->taste.v[0] = 0;
	sparse_tidy(&s->taste);
	assert_int_equal(s->taste.n, 1);
	assert_int_equal(s->taste.items[0], 4);
	scratch_give(pool, s);
	scratch_pool_free(pool);
}

static void weighing_comes_to_scaling_and_forgetting_what_is_zero(void **state)
{
	const float by[ITEMS] = {1, 2, 0, .5f, 1};
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool);

	(void)state;
	sparse_weigh(&s->taste, by);
	assert_int_equal(s->taste.n, 0);
	sparse_add(&s->taste, 2, 9);
	sparse_add(&s->taste, 1, 3);
	sparse_add(&s->taste, 3, 4);
	sparse_add(&s->taste, 4, -1);
	sparse_weigh(&s->taste, by);
	assert_int_equal(s->taste.n, 3);
	assert_int_equal(s->taste.items[0], 1);
	assert_true(s->taste.v[1] == 1 && s->taste.v[2] == 0);
	assert_true(s->taste.v[3] == 2.f / 6 && s->taste.v[4] == -1.f / 6);
	sparse_weigh(&s->taste, NULL);
	assert_true(s->taste.v[1] == 1 && s->taste.v[3] == 2.f / 6);
	sparse_add(&s->taste, 2, 1); /* forgotten, so listed anew */
	assert_int_equal(s->taste.n, 4);
	scratch_give(pool, s);
	scratch_pool_free(pool);
}

static void what_was_given_back_is_all_zero_when_it_is_taken_again(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool), *again;

	(void)state;
	sparse_add(&s->votes, 2, 7);
	sparse_add(&s->averse, 4, 7);
	scratch_leave_out(s, 1);
	scratch_leave_out(s, 1);
	assert_true(s->out[1]);
	assert_int_equal(s->n_left_out, 1);
	scratch_give(pool, s);
	again = scratch_take(pool);
	assert_ptr_equal(again, s);
	for (int i = 0; i < ITEMS; i++)
		assert_true(again->votes.v[i] == 0 && again->averse.v[i] == 0 && !again->out[i]);
	assert_int_equal(again->votes.n + again->averse.n + again->n_left_out, 0);
	scratch_give(pool, again);
	scratch_pool_free(pool);
}

static void questions_at_the_same_time_have_memory_of_their_own(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS), *same = scratch_pool_ref(pool);
	struct scratch *v[12];

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		v[i] = scratch_take(i % 2 ? pool : same);
		for (size_t k = 0; k < i; k++)
			assert_ptr_not_equal(v[k], v[i]);
	}
	for (size_t i = 0; i < 12; i++)
		scratch_give(pool, v[i]);
	scratch_pool_free(pool);
	scratch_pool_free(same);
	scratch_pool_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_is_listed_once_however_often_it_is_added_to),
		cmocka_unit_test(every_item_may_have_a_number),
		cmocka_unit_test(the_greatest_becomes_one_and_what_is_zero_is_forgotten),
		cmocka_unit_test(weighing_comes_to_scaling_and_forgetting_what_is_zero),
		cmocka_unit_test(what_was_given_back_is_all_zero_when_it_is_taken_again),
		cmocka_unit_test(questions_at_the_same_time_have_memory_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

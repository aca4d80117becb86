#include "unit/kb/kb.h"

#include "kb/scratch.h"

enum { ITEMS = 5 };

static void what_was_given_back_is_all_zero_when_it_is_taken_again(void **state)
{
	struct scratch_pool *pool = scratch_pool_new(ITEMS);
	struct scratch *s = scratch_take(pool), *again;

	(void)state;
	sparse_add(&s->taste, 2, 7);
	sparse_add(&s->averse, 4, 7);
	scratch_leave_out(s, 1);
	scratch_leave_out(s, 1);
	assert_true(s->out[1]);
	assert_int_equal(s->n_left_out, 1);
	scratch_give(pool, s);
	again = scratch_take(pool);
	assert_ptr_equal(again, s);
	for (int i = 0; i < ITEMS; i++)
		assert_true(again->taste.v[i] == 0 && again->averse.v[i] == 0 && !again->out[i]);
	assert_int_equal(again->taste.n + again->averse.n + again->n_left_out, 0);
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
		cmocka_unit_test(what_was_given_back_is_all_zero_when_it_is_taken_again),
		cmocka_unit_test(questions_at_the_same_time_have_memory_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

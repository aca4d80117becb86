#include "unit/kb/kb.h"

#include "kb/diversify.h"

/* Items of the same ten are twins. */
static float twins(const void *arg, uint32_t item, uint32_t other)
{
	(void)arg;
	return item / 10 == other / 10 ? .9f : .1f;
}

static const struct ranked candidates[] = {{11, 1}, {12, .99f}, {13, .98f}, {21, .9f}, {31, .5f}};

enum { N = sizeof candidates / sizeof *candidates };

static void check(float diversity, size_t k, const uint32_t *want)
{
	const struct diversify d = {diversity, twins, NULL};
	struct ranked v[N];
	struct arena a;

	arena_init(&a);
	memcpy(v, candidates, sizeof v);
	assert_int_equal(diversify(&d, &a, v, N, k), k);
	for (size_t i = 0; i < k; i++)
		assert_int_equal(v[i].item, want[i]);
	arena_done(&a);
}

static void one_of_many_alike_is_taken_and_the_list_is_in_order_of_score(void **state)
{
	(void)state;
	check(.3f, 2, (const uint32_t[]){11, 21});
	check(.5f, 3, (const uint32_t[]){11, 21, 31});
	check(.1f, 3, (const uint32_t[]){11, 12, 21});
	check(0, 3, (const uint32_t[]){11, 12, 13});
	check(.3f, 5, (const uint32_t[]){11, 12, 13, 21, 31});
}

static void the_best_is_always_in_the_list(void **state)
{
	(void)state;
	check(.99f, 1, (const uint32_t[]){11});
}

static void lists_that_are_short_or_without_scores_stay_as_they_are(void **state)
{
	const struct diversify d = {.5f, twins, NULL};
	struct ranked zeros[] = {{11, 0}, {12, 0}, {21, 0}};
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(diversify(&d, &a, zeros, 3, 2), 2);
	assert_int_equal(zeros[1].item, 12);
	assert_int_equal(diversify(&d, &a, zeros, 1, 5), 1);
	assert_int_equal(diversify(&d, &a, zeros, 0, 5), 0);
	arena_done(&a);
}

static void variety_is_the_mean_of_what_pairs_do_not_share(void **state)
{
	const struct diversify d = {0, twins, NULL};
	const uint32_t items[] = {11, 12, 21};
	double m;

	(void)state;
	m = diversify_measure(&d, items, 3);
	assert_true(m > (.1 + .9 + .9) / 3 - 1e-6 && m < (.1 + .9 + .9) / 3 + 1e-6);
	assert_true(diversify_measure(&d, items, 1) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_many_alike_is_taken_and_the_list_is_in_order_of_score),
		cmocka_unit_test(the_best_is_always_in_the_list),
		cmocka_unit_test(lists_that_are_short_or_without_scores_stay_as_they_are),
		cmocka_unit_test(variety_is_the_mean_of_what_pairs_do_not_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

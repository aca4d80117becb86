#include "unit/kb/kb.h"

#include <math.h>

#include "kb/measure.h"

static void assert_near(double actual, double expected)
{
	if (fabs(actual - expected) > 1e-9)
		fail_msg("%g is not %g", actual, expected);
}

/* Three relevant items, found at places 0 and 4; the third was not found. */
static void measures_are_what_a_hand_computes(void **state)
{
	const size_t ks[] = {1, 5}, places[] = {0, 4};
	struct measure m;
	const struct measure_at *at;
	double ideal3 = 1 + 1 / log2(3) + 1 / log2(4);

	(void)state;
	measure_begin(&m, ks, 2);
	measure_add(&m, places, 2, 3);
	measure_end(&m);
	at = measure_at(&m, 1);
	assert_near(at->hit, 1);
	assert_near(at->precision, 1);
	assert_near(at->recall, 1 / 3.);
	assert_near(at->f1, .5);
	assert_near(at->ndcg, 1);
	at = measure_at(&m, 5);
	assert_near(at->precision, .4);
	assert_near(at->recall, 2 / 3.);
	assert_near(at->f1, .5);
	assert_near(at->ndcg, (1 + 1 / log2(6)) / ideal3);
	assert_near(m.mrr, 1);
	assert_null(measure_at(&m, 3));
}

static void lists_are_averaged_and_one_without_a_hit_counts_zero(void **state)
{
	const size_t ks[] = {2}, place = 1;
	struct measure m;

	(void)state;
	measure_begin(&m, ks, 1);
	measure_add(&m, &place, 1, 1);
	measure_add(&m, NULL, 0, 1);
	measure_add(&m, NULL, 0, 0); /* nothing to find: no list */
	measure_end(&m);
	assert_int_equal(m.lists, 2);
	assert_near(m.mrr, .25);
	assert_near(measure_at(&m, 2)->hit, .5);
	assert_near(measure_at(&m, 2)->ndcg, .5 / log2(3));
	measure_begin(&m, ks, 1);
	measure_end(&m);
	assert_near(m.mrr, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_are_what_a_hand_computes),
		cmocka_unit_test(lists_are_averaged_and_one_without_a_hit_counts_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

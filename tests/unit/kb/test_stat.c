#include "unit/unit.h"

#include <math.h>

#include "kb/stat.h"

/* Expected values: computed with 30 digits (mpmath 1.3: ncdf, gammainc, findroot on ncdf). */

static void assert_close(double actual, double expected)
{
	if (!(fabs(actual - expected) <= 1e-12 * fabs(expected)))
		fail_msg("%.17g is not %.17g", actual, expected);
}

static void the_normal_distribution_is_right_far_into_its_tails(void **state)
{
	(void)state;
	assert_close(stat_normal_cdf(0), .5);
	assert_close(stat_normal_cdf(1), 0.841344746068542949);
	assert_close(stat_normal_cdf(-3), 0.00134989803163009453);
	assert_close(stat_normal_cdf(-20), 2.75362411860623369507e-89);
	assert_true(stat_normal_cdf(40) == 1);
}

static void the_normal_quantile_is_the_inverse(void **state)
{
	static const double ps[] = {1e-300, 1e-100, 1e-9, .001, .025, .3, .5};

	(void)state;
	assert_close(stat_normal_quantile(.975), 1.95996398454005423552);
	assert_close(stat_normal_quantile(.025), -1.95996398454005423552);
	assert_close(stat_normal_quantile(1e-9), -5.99780701500768687156);
	assert_true(fabs(stat_normal_quantile(.5)) < 1e-15);
	for (size_t i = 0; i < sizeof ps / sizeof *ps; i++)
		assert_true(fabs(stat_normal_cdf(stat_normal_quantile(ps[i])) / ps[i] - 1) < 1e-9);
	assert_true(isinf(stat_normal_quantile(0)) && stat_normal_quantile(0) < 0);
	assert_true(isinf(stat_normal_quantile(1)) && stat_normal_quantile(1) > 0);
}

static void the_incomplete_gamma_function_is_right_on_both_sides_of_its_middle(void **state)
{
	(void)state;
	assert_close(stat_gamma_upper(.5, 1), 0.15729920705028513);
	assert_close(stat_gamma_upper(1, 2), 0.13533528323661269);
	assert_close(stat_gamma_upper(2.5, .3), 0.98800324279409373);
	assert_close(stat_gamma_upper(10, 12), 0.24239216167051235);
	assert_close(stat_gamma_upper(50, 30), 0.99948110853745197);
	assert_close(stat_gamma_upper(.5, 200), 5.5072482372124674e-89);
	assert_true(stat_gamma_upper(3, 0) == 1);
}

/* The critical values of every printed table, and two that are in none. */
static void chi_square_tails_are_those_of_the_tables(void **state)
{
	(void)state;
	assert_close(stat_chi2_above(3.841458820694124, 1), .05);
	assert_close(stat_chi2_above(10.827566170662733, 1), .001);
	assert_close(stat_chi2_above(5.991464547107979, 2), .05);
	assert_close(stat_chi2_above(20, 7), 0.0055696830729455713);
	assert_close(stat_chi2_above(100, 3), 1.5541594313896049e-21);
	assert_true(stat_chi2_above(0, 5) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_normal_distribution_is_right_far_into_its_tails),
		cmocka_unit_test(the_normal_quantile_is_the_inverse),
		cmocka_unit_test(
			the_incomplete_gamma_function_is_right_on_both_sides_of_its_middle),
		cmocka_unit_test(chi_square_tails_are_those_of_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

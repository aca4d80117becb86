#include "unit/unit.h"

#include <math.h>

#include "kb/abtest.h"

/* Expected values: the formulas of abtest.h with 30 digits (mpmath 1.3), written independently; those that
 * have been published are named. */

static void assert_close(double actual, double expected)
{
	if (!(fabs(actual - expected) <= 1e-10 * fmax(1, fabs(expected))))
		fail_msg("%.17g is not %.17g", actual, expected);
}

static void assert_interval(struct ab_interval actual, double low, double high)
{
	assert_close(actual.low, low);
	assert_close(actual.high, high);
}

/* 81 of 263, 95 %: Newcombe 1998 (single proportion), table I, method 3: .2553 to .3662. */
static void the_wilson_interval_is_the_published_one(void **state)
{
	(void)state;
	assert_interval(ab_wilson(&(struct ab_arm){263, 81}, .05), 0.255288519878274226,
			0.366209576982800070);
	assert_interval(ab_wilson(&(struct ab_arm){0, 0}, .05), 0, 1);
}

/* Newcombe 1998 (difference), table II, method 10, contrasts (a) to (e): .0524 .3339, .1705 .8090,
 * .0582 .8062, -.0381 .1926, -.1611 .2775. */
static void the_interval_of_a_difference_is_the_published_one(void **state)
{
	static const struct {
		struct ab_arm control, variant;
		double low, high;
	} rows[] = {
		{{80, 48}, {70, 56}, 0.052431472402364878, 0.33387265403690598},
		{{10, 3}, {10, 9}, 0.17052272393450288, 0.80901797353548798},
		{{7, 2}, {7, 6}, 0.058227927482312202, 0.80624963752422776},
		{{29, 0}, {56, 5}, -0.038137147903536903, 0.19256001385511162},
		{{20, 0}, {10, 0}, -0.16112515805281939, 0.27753279986288925},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_interval(ab_newcombe(&rows[i].control, &rows[i].variant, .05), rows[i].low,
				rows[i].high);
}

static void the_z_test_is_pooled_and_two_sided(void **state)
{
	struct ab_ztest t = ab_ztest(&(struct ab_arm){80, 48}, &(struct ab_arm){70, 56});

	(void)state;
	assert_close(t.z, 2.6501719512585326);
	assert_close(t.p, 0.0080450813681965847);
	t = ab_ztest(&(struct ab_arm){2000, 250}, &(struct ab_arm){2000, 200});
	assert_close(t.z, -2.5019554168026719);
	assert_close(t.p, 0.012350947711191403);
	assert_true(ab_ztest(&(struct ab_arm){50, 0}, &(struct ab_arm){60, 0}).p == 1);
	assert_true(ab_ztest(&(struct ab_arm){50, 50}, &(struct ab_arm){60, 60}).p == 1);
	assert_true(ab_ztest(&(struct ab_arm){0, 0}, &(struct ab_arm){60, 6}).p == 1);
}

/* ln L as the integral of the likelihood ratio over the normal mixture, done numerically. */
static void the_sequential_test_is_the_mixture_of_likelihood_ratios(void **state)
{
	struct ab_sequential s = ab_sequential(&(struct ab_arm){2000, 200},
					       &(struct ab_arm){2000, 250}, .05, AB_PLANNED);

	(void)state;
	assert_close(s.log_ratio, 1.6793628072369849);
	assert_close(s.p, 0.18649277003147331);
	assert_interval(s.interval, -0.0060351563521940735, 0.056035156352194073);
	s = ab_sequential(&(struct ab_arm){5000, 500}, &(struct ab_arm){5000, 640}, .05,
			  AB_PLANNED);
	assert_close(s.log_ratio, 7.5770436591213112);
	assert_close(s.p, 0.00051207284936952457);
	assert_interval(s.interval, 0.008713347632740317, 0.047286652367259683);
	s = ab_sequential(&(struct ab_arm){0, 0}, &(struct ab_arm){10, 10}, .05, AB_PLANNED);
	assert_true(s.p == 1 && s.interval.low == -1 && s.interval.high == 1);
}

/* 2421 and 2579 of 5000: chi-square 2 * 79^2 / 2500 = 4.9928. */
static void a_sample_ratio_mismatch_is_found_by_chi_square(void **state)
{
	static const double halves[] = {50, 50}, uneven[] = {.9, .1}, none[] = {1, 0};
	struct ab_srm s = {0, 0};

	(void)state;
	assert_close(ab_srm_p(&s), 1);
	ab_srm_add(&s, (const int64_t[]){2421, 2579}, halves, 2);
	assert_close(s.chi2, 4.9928);
	assert_close(s.freedom, 1);
	assert_true(ab_srm_p(&s) > .025 && ab_srm_p(&s) < .026);
	/* Another group, assigned by other shares, adds its own: 8800 and 1200 where 9000 and 1000 were due. */
	ab_srm_add(&s, (const int64_t[]){8800, 1200}, uneven, 2);
	assert_close(s.chi2, 4.9928 + 200. * 200 / 9000 + 200. * 200 / 1000);
	assert_close(s.freedom, 2);
	assert_true(ab_srm_p(&s) < AB_SRM_ALARM);
	s = (struct ab_srm){0, 0};
	ab_srm_add(&s, (const int64_t[]){100, 0}, none, 2);
	assert_close(ab_srm_p(&s), 1);
	ab_srm_add(&s, (const int64_t[]){100, 1}, none, 2);
	assert_close(ab_srm_p(&s), 0);
}

/* Holm 1979 by hand: .01 * 4, .02 * 3, then .03 * 2 = .06 again, .04 * 1 raised to .06. */
static void several_variants_are_corrected_step_by_step(void **state)
{
	double p[] = {.04, .01, .03, .02}, one[] = {.5}, big[] = {.9, .8};

	(void)state;
	ab_holm(p, 4);
	assert_close(p[1], .04);
	assert_close(p[3], .06);
	assert_close(p[2], .06);
	assert_close(p[0], .06);
	ab_holm(one, 1);
	assert_close(one[0], .5);
	ab_holm(big, 2);
	assert_close(big[0], 1);
	assert_close(big[1], 1);
}

/* R: power.prop.test(p1 = .50, p2 = .75, power = .90) says n = 76.7, power.prop.test(p1 = .1, p2 = .11,
 * power = .8) says n = 14750.79. */
static void sizes_are_those_of_power_prop_test(void **state)
{
	const struct ab_arm arm = {14751, 1475};
	double sequential;

	(void)state;
	assert_close(ab_needed(.5, .75, .05, .9), 76.706928451777446680);
	assert_close(ab_needed(.1, .11, .05, .8), 14750.7904690449388893);
	assert_true(isinf(ab_needed(.1, .1, .05, .8)));
	/* The least rise that such a size tells from nothing is the one it was computed for. */
	assert_true(fabs(ab_detectable(&arm, &arm, .05, .8) - .01) < 2e-5);
	assert_true(ab_detectable(&(struct ab_arm){0, 0}, &arm, .05, .8) == 1);
	/* The freedom to look at any time costs some learners, but not many times as many. */
	sequential = ab_needed_sequential(.1, .11, .05, .8, AB_PLANNED);
	assert_true(sequential > 14751 && sequential < 3 * 14751);
}

/* ---- looking every day ---- */

enum { EXPERIMENTS = 400, PEEKS = 100, LEARNERS_A_PEEK = 50 };

static uint64_t rng_state;

/* splitmix64 (Steele, Lea, Flood 2014) */
static double rng_next(void)
{
	uint64_t z = (rng_state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void arm_grow(struct ab_arm *arm, double rate)
{
	for (int i = 0; i < LEARNERS_A_PEEK; i++)
		arm->converted += rng_next() < rate;
	arm->exposed += LEARNERS_A_PEEK;
}

struct looked {
	int naive, sequential; /* experiments that were called at any of the looks */
	int covered;	       /* whose interval held the true difference at every look */
};

static struct looked look_every_day(double p0, double p1)
{
	struct looked out = {0};

	for (int e = 0; e < EXPERIMENTS; e++) {
		struct ab_arm control = {0, 0}, variant = {0, 0};
		bool naive = false, sequential = false, covered = true;

		for (int peek = 0; peek < PEEKS; peek++) {
			struct ab_sequential s;

			arm_grow(&control, p0);
			arm_grow(&variant, p1);
			s = ab_sequential(&control, &variant, .05, AB_PLANNED);
			naive |= ab_ztest(&control, &variant).p < .05;
			sequential |= s.p < .05;
			covered &= s.interval.low <= p1 - p0 && p1 - p0 <= s.interval.high;
		}
		out.naive += naive;
		out.sequential += sequential;
		out.covered += covered;
	}
	return out;
}

static void
looking_every_day_keeps_the_error_of_the_sequential_verdict_and_not_of_the_naive_one(void **state)
{
	struct looked rare, common;

	(void)state;
	rng_state = 20261124;
	rare = look_every_day(.02, .02);
	common = look_every_day(.3, .3);
	print_message("rare: naive %d, sequential %d; common: naive %d, sequential %d of %d\n",
		      rare.naive, rare.sequential, common.naive, common.sequential, EXPERIMENTS);
	assert_true(rare.sequential <= EXPERIMENTS * .05);
	assert_true(common.sequential <= EXPERIMENTS * .05);
	assert_true(rare.naive > EXPERIMENTS * .2);
	assert_true(common.naive > EXPERIMENTS * .2);
	assert_true(common.covered >= EXPERIMENTS * .95);
}

static void a_true_difference_is_found_and_lies_in_the_interval_at_every_look(void **state)
{
	struct looked found;

	(void)state;
	rng_state = 7;
	found = look_every_day(.1, .13);
	print_message("sequential found %d, covered %d of %d\n", found.sequential, found.covered,
		      EXPERIMENTS);
	assert_true(found.sequential > EXPERIMENTS * .8);
	assert_true(found.covered >= EXPERIMENTS * .95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wilson_interval_is_the_published_one),
		cmocka_unit_test(the_interval_of_a_difference_is_the_published_one),
		cmocka_unit_test(the_z_test_is_pooled_and_two_sided),
		cmocka_unit_test(the_sequential_test_is_the_mixture_of_likelihood_ratios),
		cmocka_unit_test(a_sample_ratio_mismatch_is_found_by_chi_square),
		cmocka_unit_test(several_variants_are_corrected_step_by_step),
		cmocka_unit_test(sizes_are_those_of_power_prop_test),
		cmocka_unit_test(
			looking_every_day_keeps_the_error_of_the_sequential_verdict_and_not_of_the_naive_one),
		cmocka_unit_test(a_true_difference_is_found_and_lies_in_the_interval_at_every_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include <math.h>

#include "intents/experiment.h"
#include "intents/load.h"

enum { LEARNERS = 20000, MOST = 8 };

static struct experiment experiment(const char *salt, struct experiment_variant *variants, size_t n)
{
	return (struct experiment){
		.name = STR("e"), .variants = variants, .n = n, .salt = str_of(salt)};
}

/* Which variant learner u0, u1, … is in. */
static size_t variant_of(const struct experiment *e, int learner)
{
	char name[32];

	snprintf(name, sizeof name, "u%d", learner);
	return (size_t)(experiment_assign(e, str_of(name)) - e->variants);
}

/* Chi-square of the counts against the shares. */
static double chi2(const struct experiment *e, const int *counts)
{
	double sum = 0;

	for (size_t i = 0; i < e->n; i++) {
		double expected = LEARNERS * e->variants[i].share / 100;

		if (expected > 0)
			sum += pow(counts[i] - expected, 2) / expected;
		else
			assert_int_equal(counts[i], 0);
	}
	return sum;
}

/* The 99.9 % point of chi-square: 10.8 for 1 degree of freedom, 18.5 for 4. */
static void learners_are_shared_out_as_the_shares_say(void **state)
{
	struct experiment_variant two[] = {{.name = STR("control"), .share = 50},
					   {.name = STR("b"), .share = 50}};
	struct experiment_variant many[] = {
		{.name = STR("a"), .share = 2},	 {.name = STR("b"), .share = 8},
		{.name = STR("c"), .share = 20}, {.name = STR("d"), .share = 30},
		{.name = STR("e"), .share = 40}, {.name = STR("f"), .share = 0}};

	(void)state;
	for (int salt = 0; salt < 5; salt++) {
		char name[16];
		struct experiment e;
		int counts[MOST] = {0}, more[MOST] = {0};

		snprintf(name, sizeof name, "s%d", salt);
		e = experiment(name, two, 2);
		for (int i = 0; i < LEARNERS; i++)
			counts[variant_of(&e, i)]++;
		assert_true(chi2(&e, counts) < 10.8);
		e = experiment(name, many, 6);
		for (int i = 0; i < LEARNERS; i++)
			more[variant_of(&e, i)]++;
		assert_true(chi2(&e, more) < 18.5);
	}
}

/* Values that a program of another day computed: they must never change, or every running experiment is
 * spoilt by an update. Computed with an implementation of SipHash in Python. */
static void a_learner_stays_in_a_variant_over_restarts_and_releases(void **state)
{
	struct experiment_variant v[] = {{.name = STR("control"), .share = 50},
					 {.name = STR("diverse"), .share = 50}};
	struct experiment e = experiment("reco-blend", v, 2);
	char got[25] = "";

	(void)state;
	for (int i = 0; i < 24; i++)
		got[i] = (char)('0' + variant_of(&e, i));
	assert_string_equal(got, "010111100010100000001111");
	assert_null(experiment_assign(&e, STR("")));
}

static void two_experiments_share_learners_out_independently(void **state)
{
	struct experiment_variant v[] = {{.name = STR("control"), .share = 50},
					 {.name = STR("b"), .share = 50}};
	struct experiment a = experiment("one", v, 2), b = experiment("two", v, 2);
	int both = 0;

	(void)state;
	for (int i = 0; i < LEARNERS; i++)
		both += variant_of(&a, i) && variant_of(&b, i);
	/* A quarter, give or take 4 standard deviations. */
	assert_true(fabs(both - LEARNERS / 4.) < 4 * sqrt(LEARNERS * .25 * .75));
}

/* How many moved from each to each. */
static void count_moves(struct experiment *e, const double *after, int moves[MOST][MOST])
{
	struct experiment_variant changed[MOST];
	struct experiment other = *e;

	memset(moves, 0, sizeof(int[MOST][MOST]));
	for (size_t i = 0; i < e->n; i++) {
		changed[i] = e->variants[i];
		changed[i].share = after[i];
	}
	other.variants = changed;
	for (int i = 0; i < LEARNERS; i++)
		moves[variant_of(e, i)][variant_of(&other, i)]++;
}

static void a_change_of_two_shares_moves_only_as_many_as_the_change(void **state)
{
	struct experiment_variant v[] = {{.name = STR("control"), .share = 90},
					 {.name = STR("b"), .share = 10}};
	struct experiment e = experiment("ramp", v, 2);
	int moves[MOST][MOST];

	(void)state;
	count_moves(&e, (const double[]){80, 20}, moves);
	assert_int_equal(moves[1][0], 0);
	assert_true(fabs(moves[0][1] - LEARNERS * .1) < 4 * sqrt(LEARNERS * .1 * .9));
	count_moves(&e, (const double[]){90, 10}, moves);
	assert_int_equal(moves[0][1] + moves[1][0], 0);
}

static void a_new_variant_takes_learners_and_moves_nobody_between_the_others(void **state)
{
	struct experiment_variant v[] = {{.name = STR("control"), .share = 50},
					 {.name = STR("b"), .share = 50},
					 {.name = STR("c"), .share = 0}};
	struct experiment e = experiment("third", v, 3);
	int moves[MOST][MOST];

	(void)state;
	count_moves(&e, (const double[]){40, 40, 20}, moves);
	assert_int_equal(moves[0][1] + moves[1][0], 0);
	assert_true(fabs(moves[0][2] + moves[1][2] - LEARNERS * .2) < 4 * sqrt(LEARNERS * .2 * .8));
}

/* a: 30 -> 30, b: 30 -> 50, c: 40 -> 20: nobody goes from b to a, a to c or b to c. */
static void learners_move_only_towards_shares_that_grew_against_their_own(void **state)
{
	struct experiment_variant v[] = {{.name = STR("a"), .share = 30},
					 {.name = STR("b"), .share = 30},
					 {.name = STR("c"), .share = 40}};
	struct experiment e = experiment("turn", v, 3);
	int moves[MOST][MOST];

	(void)state;
	count_moves(&e, (const double[]){30, 50, 20}, moves);
	assert_int_equal(moves[1][0] + moves[0][2] + moves[1][2], 0);
	assert_true(moves[2][1] > 0);
}

static void the_file_is_read_with_its_defaults(void **state)
{
	struct arena arena;
	struct diags diags;
	const struct ruleset *rs;
	const struct experiment *e;

	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	rs = load_bytes(&arena, STR("t.yaml"),
			STR("settings:\n  experiments:\n"
			    "    reco:\n"
			    "      set: {diverse: {recommend.diversity: 0.3, margin: 0.1}}\n"
			    "      variants: {control: 33.3%, diverse: 66.7}\n"
			    "      outcome: purchase\n      within: 14\n      salt: x\n"
			    "    tone: {variants: {a: 50, b: 50}}\n"),
			NULL, 0, &diags);
	assert_int_equal(diags.n, 0);
	assert_int_equal(rs->settings.n_experiments, 2);
	e = experiment_named(rs, STR("reco"));
	assert_true(e->variants[0].share == 33.3 && e->variants[0].n == 0);
	assert_int_equal(e->variants[1].n, 2);
	assert_str(e->variants[1].values[0].key, "recommend.diversity");
	assert_true(e->variants[1].values[1].value == .1);
	assert_str(e->outcome, "purchase");
	assert_int_equal(e->within, 14);
	assert_str(e->plan, "control 33.3, diverse 66.7; salt x");
	e = experiment_named(rs, STR("tone"));
	assert_str(e->outcome, "click");
	assert_int_equal(e->within, 7);
	assert_str(e->salt, "tone");
	assert_null(experiment_named(rs, STR("none")));
	diags_done(&diags);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learners_are_shared_out_as_the_shares_say),
		cmocka_unit_test(a_learner_stays_in_a_variant_over_restarts_and_releases),
		cmocka_unit_test(two_experiments_share_learners_out_independently),
		cmocka_unit_test(a_change_of_two_shares_moves_only_as_many_as_the_change),
		cmocka_unit_test(a_new_variant_takes_learners_and_moves_nobody_between_the_others),
		cmocka_unit_test(learners_move_only_towards_shares_that_grew_against_their_own),
		cmocka_unit_test(the_file_is_read_with_its_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

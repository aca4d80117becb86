#include "unit/unit.h"

#include <math.h>

#include "kb/ab_result.h"

struct fixture {
	struct arena arena;
	struct diags diags;
	struct ab_result *results;
	size_t n;
	struct err err;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	arena_init(&f.arena);
	diags_init(&f.diags, false);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	diags_done(&f->diags);
	arena_done(&f->arena);
	return 0;
}

static int read_bytes(struct fixture *f, const char *bytes)
{
	struct rows *rows = rows_of(str_of(bytes), ROWS_TSV);
	int rc = ab_result_read(rows, &f->arena, STR("counts.tsv"), &f->results, &f->n, &f->diags,
				&f->err);

	rows_close(rows);
	return rc;
}

/* One experiment with control first. */
static struct ab_result *judge(struct fixture *f, const struct ab_arm *arms, size_t n,
			       const struct ab_options *o)
{
	struct ab_result *r = ARENA_NEW(&f->arena, struct ab_result);

	r->variants = ARENA_ARRAY(&f->arena, struct ab_variant, n);
	r->n = n;
	for (size_t i = 0; i < n; i++)
		r->variants[i] = (struct ab_variant){
			.name = i ? arena_printf(&f->arena, "v%zu", i) : STR("control"),
			.arm = arms[i],
			.share = 1,
		};
	ab_result_compute(r, o);
	return r;
}

static bool says(const struct ab_result *r, bool chinese, const char *part)
{
	struct buf out = {0};
	bool found;

	ab_result_words(r, &AB_DEFAULTS, chinese, &out);
	found = str_find(buf_view(&out), str_of(part), 0) != SIZE_MAX;
	if (!found)
		print_error("%s\n", out.p);
	buf_done(&out);
	return found;
}

static void counts_are_read_by_experiment_whatever_the_order_of_rows_and_columns(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_bytes(f, "variant\tconverted\texperiment\texposed\tnote\n"
				       "b\t34\ttone\t310\t\n"
				       "control\t200\treco\t2000\tx\n"
				       "control\t30\ttone\t300\t\n"
				       "diverse\t250\treco\t2000\t\n"),
			 0);
	assert_int_equal(f->n, 2);
	assert_str(f->results[0].name, "tone");
	assert_int_equal(f->results[0].control, 1);
	assert_int_equal(f->results[0].variants[0].arm.converted, 34);
	assert_str(f->results[1].variants[1].name, "diverse");
	assert_int_equal(f->results[1].variants[1].arm.exposed, 2000);
	assert_int_equal(f->diags.errors, 0);
}

static void bad_rows_are_said_with_their_line_and_the_others_are_kept(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_bytes(f, "experiment\tvariant\texposed\tconverted\tshare\n"
				       "e\ta\t10\t1\t50\n"
				       "e\tb\t10\t11\t50\n"
				       "e\tb\t10\t-1\t50\n"
				       "e\tb\t10\t2.5\t50\n"
				       "e\t\t10\t2\t50\n"
				       "e\ta\t10\t2\t50\n"
				       "e\tb\t10\t2\t-1\n"
				       "e\tc\t10\t2\t50\n"),
			 0);
	assert_int_equal(f->diags.errors, 6);
	assert_int_equal(f->diags.items[0].mark.line, 3);
	assert_int_equal(f->results[0].n, 2);
	assert_str(f->results[0].variants[1].name, "c");
}

static void a_file_without_two_variants_or_without_the_columns_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_bytes(f, "experiment\tvariant\texposed\tconverted\ne\ta\t1\t1\n"),
			 ERR_INVALID);
	assert_non_null(strstr(f->err.text, "two variants"));
	assert_int_equal(read_bytes(f, "experiment\tvariant\texposed\ne\ta\t1\n"), ERR_INVALID);
	assert_non_null(strstr(f->err.text, "'converted'"));
}

static void a_clear_difference_wins_and_an_unclear_one_keeps_running(void **state)
{
	const struct ab_arm clear[] = {{5000, 500}, {5000, 640}},
			    unclear[] = {{2000, 200}, {2000, 250}};
	const struct ab_arm worse[] = {{5000, 640}, {5000, 500}};
	struct ab_result *r = judge(*state, clear, 2, &AB_DEFAULTS);

	assert_int_equal(r->all, AB_BETTER);
	assert_int_equal(r->best, 1);
	assert_true(says(r, false, "variant v1 wins"));
	assert_true(says(r, true, "方案 v1 胜出"));
	/* p = .012 looked at once is no reason to stop: p = .19 whenever one looks. */
	r = judge(*state, unclear, 2, &AB_DEFAULTS);
	assert_true(r->variants[1].z.p < .05);
	assert_int_equal(r->all, AB_KEEP_RUNNING);
	assert_true(says(r, false, "keep running"));
	assert_true(says(r, true, "继续运行"));
	r = judge(*state, worse, 2, &AB_DEFAULTS);
	assert_int_equal(r->all, AB_WORSE);
	assert_true(says(r, false, "control wins"));
}

static void the_relative_difference_is_of_controls_rate_and_unknown_when_that_is_zero(void **state)
{
	const struct ab_arm arms[] = {{2000, 200}, {2000, 250}}, none[] = {{2000, 0}, {2000, 3}};
	struct ab_result *r = judge(*state, arms, 2, &AB_DEFAULTS);

	assert_true(fabs(r->variants[1].difference - .025) < 1e-12);
	assert_true(fabs(r->variants[1].relative - .25) < 1e-12);
	r = judge(*state, none, 2, &AB_DEFAULTS);
	assert_true(isnan(r->variants[1].relative));
	assert_true(isinf(r->more));
	assert_true(says(r, false, "cannot be told"));
}

/* Alone it would win whenever one looks; as the best of four it does not. */
static void the_best_of_several_variants_must_be_clearer_than_the_only_one(void **state)
{
	const struct ab_arm arms[] = {
		{5000, 500}, {5000, 608}, {5000, 500}, {5000, 501}, {5000, 499}};
	struct ab_result *r = judge(*state, arms, 2, &AB_DEFAULTS);
	double alone = r->variants[1].sequential_p_holm;

	assert_true(alone < .05);
	assert_int_equal(r->all, AB_BETTER);
	r = judge(*state, arms, 5, &AB_DEFAULTS);
	assert_true(fabs(r->variants[1].sequential_p_holm - 4 * alone) < 1e-12);
	assert_int_equal(r->all, AB_KEEP_RUNNING);
}

static void too_many_learners_in_one_variant_silence_every_other_verdict(void **state)
{
	const struct ab_arm arms[] = {{5000, 500}, {5600, 717}};
	struct ab_result *r = judge(*state, arms, 2, &AB_DEFAULTS);

	assert_true(r->mismatch);
	assert_true(says(r, false, "do not read this result"));
	assert_true(says(r, true, "先别看结果"));
}

/* An interval within +-10 % of the rate: no change worth having is left. */
static void variants_that_are_alike_are_said_to_be(void **state)
{
	const struct ab_arm arms[] = {{200000, 40000}, {200000, 40020}};
	struct ab_result *r = judge(*state, arms, 2, &AB_DEFAULTS);

	assert_int_equal(r->all, AB_SAME);
	assert_true(says(r, false, "ruled out"));
}

static void how_many_learners_are_missing_falls_as_they_come(void **state)
{
	const struct ab_arm few[] = {{100, 10}, {100, 10}}, more[] = {{10000, 1000}, {10000, 1000}};
	struct ab_result *a = judge(*state, few, 2, &AB_DEFAULTS);
	struct ab_result *b = judge(*state, more, 2, &AB_DEFAULTS);

	assert_true(a->needed == 14751);
	assert_true(fabs(a->more - b->more - 2 * 9900) < 1e-6);
	assert_true(a->more == 2 * (a->needed_look - 100));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_are_read_by_experiment_whatever_the_order_of_rows_and_columns),
		TEST(bad_rows_are_said_with_their_line_and_the_others_are_kept),
		TEST(a_file_without_two_variants_or_without_the_columns_is_refused),
		TEST(a_clear_difference_wins_and_an_unclear_one_keeps_running),
		TEST(the_relative_difference_is_of_controls_rate_and_unknown_when_that_is_zero),
		TEST(the_best_of_several_variants_must_be_clearer_than_the_only_one),
		TEST(too_many_learners_in_one_variant_silence_every_other_verdict),
		TEST(variants_that_are_alike_are_said_to_be),
		TEST(how_many_learners_are_missing_falls_as_they_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

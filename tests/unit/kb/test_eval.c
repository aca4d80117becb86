#include "unit/kb/kb.h"

#include <math.h>

#include "kb/eval_faq.h"
#include "kb/eval_recommender.h"
#include "text/lexicon.h"

struct world {
	struct arena arena;
	struct diags diags;
	struct err err;
	const char *courses; /* words of the items; NULL: none */
};

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	arena_init(&w->arena);
	diags_init(&w->diags, false);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;

	diags_done(&w->diags);
	arena_done(&w->arena);
	free(w);
	return 0;
}

static void assert_near(double actual, double expected)
{
	if (fabs(actual - expected) > 1e-6)
		fail_msg("%g is not %g", actual, expected);
}

static int read_faq(struct world *w, const char *tsv, struct eval_faq *out)
{
	struct rows *rows = rows_of(str_of(tsv), ROWS_TSV);
	int rc = eval_faq_read(rows, &w->arena, STR("faq.tsv"), out, &w->diags, &w->err);

	rows_close(rows);
	return rc;
}

static void faq_questions_are_asked_of_the_other_wordings(void **state)
{
	struct world *w = *state;
	const struct lexicon *l = lexicon_new(&w->arena, NULL, 0, NULL, 0);
	struct eval_faq set;
	struct faq_index *f;
	struct measure m;

	assert_ok(read_faq(w,
			   "split\tid\ttext\n"
			   "kb\trefund\thow do I get a refund\n"
			   "kb\trefund\tmoney back please\n"
			   "kb\tinvoice\twhere is my invoice\n"
			   "query\tinvoice\tmy invoice please\n"
			   "query\trefund\tget refund\n"
			   "query\trefund\tinvoice\n"
			   "query\tnobody\thello\n"
			   "other\tx\ty\n"
			   "kb\t\tempty id\n",
			   &set),
		  w->err);
	assert_int_equal(set.n_docs, 2);
	assert_int_equal(set.n_wordings, 3);
	assert_int_equal(set.n_queries, 3);
	assert_int_equal(set.orphans, 1);
	assert_int_equal(w->diags.errors, 2);
	assert_int_equal(w->diags.items[0].mark.line, 9);
	f = faq_index_new(l, set.docs, set.n_docs);
	eval_faq_run(&set, f, l, &m);
	assert_int_equal(m.lists, 3);
	assert_near(measure_at(&m, 1)->hit, 2 / 3.);
	faq_index_free(f);
}

static void a_faq_file_that_cannot_be_used_is_said(void **state)
{
	struct world *w = *state;
	struct eval_faq set;

	assert_int_equal(read_faq(w, "split\tlabel\ttext\n", &set), ERR_INVALID);
	assert_says(w->err, "names no column 'id'");
	assert_int_equal(read_faq(w, "split\tid\ttext\nkb\ta\tb\n", &set), ERR_INVALID);
	assert_says(w->err, "split query");
}

static int read_recommender(struct world *w, const char *train, const char *test,
			    const char *negatives, struct eval_recommender **out)
{
	const struct eval_recommender_files files = {.train = str_of(train),
						     .test = str_of(test),
						     .negatives = str_of(negatives),
						     .courses = str_of(w->courses),
						     .train_name = STR("train.tsv"),
						     .test_name = STR("test.tsv"),
						     .negatives_name = STR("neg.tsv"),
						     .courses_name = STR("courses.tsv")};

	return eval_recommender_read(&files, out, &w->diags, &w->err);
}

/* Two kinds of learners: a b c and x y z; each tested one follows its kind. */
static void tests_are_foretold_from_what_others_took(void **state)
{
	static const char train[] = "1\ta\t1\t1\n1\tb\t1\t2\n1\tc\t1\t3\n"
				    "2\ta\t1\t1\n2\tb\t1\t2\n2\tc\t1\t3\n"
				    "3\tx\t1\t1\n3\ty\t1\t2\n3\tz\t1\t3\n"
				    "4\ta\t1\t1\n4\tb\t1\t2\n"
				    "5\tx\t1\t1\n5\ty\t1\t2\n\n";
	static const char test[] = "4\tc\n5\tz\n";
	static const char negatives[] = "4\tc\tx\ty\tz\n5\tz\ta\tb\tc\n";
	const size_t ks[] = {1, 2};
	struct world *w = *state;
	struct eval_recommender *e;
	struct eval_recommender_result r;

	assert_ok(read_recommender(w, train, test, negatives, &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, -1, &r);
	assert_int_equal(w->diags.n, 0);
	assert_int_equal(r.users, 5);
	assert_int_equal(r.items, 6);
	assert_int_equal(r.interactions, 13);
	assert_int_equal(r.full.lists, 2);
	assert_near(measure_at(&r.full, 1)->hit, 1);
	assert_near(r.full.mrr, 1);
	assert_int_equal(r.sampled.lists, 2);
	assert_near(measure_at(&r.sampled, 1)->ndcg, 1);
	assert_true(r.coverage > 0 && r.coverage <= 1);
	assert_true(r.novelty > 0);
	eval_recommender_free(e);
	eval_recommender_free(NULL);
}

static void an_item_nothing_speaks_for_stands_behind_its_equals(void **state)
{
	const size_t ks[] = {1, 3};
	struct world *w = *state;
	struct eval_recommender *e;
	struct eval_recommender_result r;

	assert_ok(read_recommender(w, "1\ta\n2\tb\n", "1\tp\n", "1\tp\tq\tr\n", &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, -1, &r);
	assert_near(r.sampled.mrr, 1 / 3.);
	assert_near(measure_at(&r.sampled, 3)->hit, 1);
	assert_near(r.full.mrr, 1 / 4.); /* behind b, q and r */
	eval_recommender_free(e);
}

/* Nobody asked about is known, so the list is that of popularity: a 3, b 2, c 1, e 1, d 0. */
static void every_measure_is_what_a_hand_computes(void **state)
{
	static const char train[] = "1\ta\n1\tb\n1\tc\n2\ta\n2\tb\n3\ta\n3\te\n";
	static const char test[] = "9\tb\n9\td\n8\tc\n1\ta\n";
	static const char negatives[] = "9\tb\ta\tc\n8\tc\td\te\n";
	const size_t ks[] = {2, 4};
	struct world *w = *state;
	struct eval_recommender *e;
	struct eval_recommender_result r;
	const struct measure_at *at;
	double ideal = 1 + 1 / log2(3);

	assert_ok(read_recommender(w, train, test, negatives, &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, -1, &r);
	assert_int_equal(r.full.lists, 2); /* a is known of 1: nothing to foretell */
	at = measure_at(&r.full, 2);
	assert_near(at->hit, 1 / 2.);
	assert_near(at->precision, 1 / 4.);
	assert_near(at->recall, 1 / 4.);
	assert_near(at->f1, 1 / 4.);
	assert_near(at->ndcg, 1 / log2(3) / ideal / 2);
	at = measure_at(&r.full, 4); /* c stands behind e, its equal; d is fifth */
	assert_near(at->hit, 1);
	assert_near(at->precision, 1 / 4.);
	assert_near(at->recall, (1 / 2. + 1) / 2);
	assert_near(at->f1, (1 / 3. + 2 / 5.) / 2);
	assert_near(at->ndcg, (1 / log2(3) / ideal + 1 / log2(5)) / 2);
	assert_near(r.full.mrr, (1 / 2. + 1 / 4.) / 2);
	assert_int_equal(r.sampled.lists, 2); /* second of three, both */
	assert_near(measure_at(&r.sampled, 2)->hit, 1);
	assert_near(measure_at(&r.sampled, 2)->precision, 1 / 2.);
	assert_near(measure_at(&r.sampled, 2)->f1, 2 / 3.);
	assert_near(measure_at(&r.sampled, 2)->ndcg, 1 / log2(3));
	assert_near(r.sampled.mrr, 1 / 2.);
	eval_recommender_free(e);
}

static void coverage_and_novelty_are_of_the_longest_cut(void **state)
{
	const size_t ks[] = {1, 2};
	struct world *w = *state;
	struct eval_recommender *e;
	struct eval_recommender_result r;

	assert_ok(read_recommender(w, "1\ta\n1\tb\n2\ta\n", "9\tb\n9\tc\n8\tc\n", "", &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, -1, &r);
	assert_near(r.coverage, 2 / 3.); /* a and b, twice; of four users two have a, one has b */
	assert_near(r.novelty, -(log2(3 / 5.) + log2(2 / 5.)) / 2);
	eval_recommender_free(e);
}

static void bad_rows_are_said_and_an_empty_file_is_refused(void **state)
{
	struct world *w = *state;
	struct eval_recommender *e;

	assert_ok(
		read_recommender(w, "1\ta\nalone\n1\tb\tmany\n1\tc\t1\tnever\n", "1\tx\n", "", &e),
		w->err);
	assert_int_equal(w->diags.errors, 3);
	assert_int_equal(w->diags.items[0].mark.line, 2);
	assert_str(w->diags.items[0].mark.file, "train.tsv");
	eval_recommender_free(e);
	assert_int_equal(read_recommender(w, "", "1\tx\n", "", &e), ERR_INVALID);
	assert_says(w->err, "train.tsv");
	assert_int_equal(read_recommender(w, "1\ta\n", "", "", &e), ERR_INVALID);
	assert_says(w->err, "test.tsv");
}

/* Takers of s also take three courses of one kind, and fewer of them one of another. */
static void lists_as_shown_are_measured_and_the_more_varied_the_more_that_counts(void **state)
{
	static const char train[] = "1\ts\n1\tp\n1\tq\n1\tr\n2\ts\n2\tp\n2\tq\n2\tr\n"
				    "3\ts\n3\tp\n3\tq\n3\tr\n4\ts\n4\tz\n5\ts\n";
	static const char courses[] = "s\tBaking bread\np\tPython basics\tfirst\ttag\n"
				      "q\tPython basics two\nr\tPython basics three\nz\tPiano\n"
				      "unknown\tNobody took it\n";
	const size_t ks[] = {1, 3};
	struct world *w = *state;
	struct eval_recommender *e;
	struct eval_recommender_result same, varied;

	assert_ok(read_recommender(w, train, "5\tz\n", "", &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, -1, &same);
	assert_int_equal(same.shown.lists, 0);
	eval_recommender_free(e);
	w->courses = courses;
	assert_ok(read_recommender(w, train, "5\tz\n", "", &e), w->err);
	eval_recommender_fit(e);
	eval_recommender_run(e, ks, 2, 0, &same);
	eval_recommender_run(e, ks, 2, .8f, &varied);
	assert_int_equal(same.shown.lists, 1);
	assert_true(same.shown.at[1].hit < .5 && varied.shown.at[1].hit > .5);
	assert_true(varied.diversity > same.diversity + .1);
	assert_true(fabs(same.full.mrr - varied.full.mrr) < 1e-12);
	eval_recommender_free(e);
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
	const struct CMUnitTest tests[] = {
		IN_WORLD(faq_questions_are_asked_of_the_other_wordings),
		IN_WORLD(a_faq_file_that_cannot_be_used_is_said),
		IN_WORLD(tests_are_foretold_from_what_others_took),
		IN_WORLD(an_item_nothing_speaks_for_stands_behind_its_equals),
		IN_WORLD(every_measure_is_what_a_hand_computes),
		IN_WORLD(coverage_and_novelty_are_of_the_longest_cut),
		IN_WORLD(lists_as_shown_are_measured_and_the_more_varied_the_more_that_counts),
		IN_WORLD(bad_rows_are_said_and_an_empty_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include "kb/store_ab.h"
#include "kb/store_list.h"

static const int64_t day = 86400000, start = 1772330400000;

struct fixture {
	struct arena arena;
	struct store *store;
	struct store_ab *all;
	size_t n;
	struct store_ab_query q;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.q = {.until_unix_ms = INT64_MAX}};
	arena_init(&f.arena);
	f.store = kb_memory();
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->store);
	arena_done(&f->arena);
	return 0;
}

#define PLAN "control 50, b 50"

static void meet(struct fixture *f, const char *user, const char *variant, const char *plan,
		 int64_t list, int64_t at)
{
	struct exposure_row row = {.experiment = STR("reco"),
				   .variant = str_of(variant),
				   .plan = str_of(plan),
				   .share = 50,
				   .outcome = STR("purchase"),
				   .within = 7,
				   .user = str_of(user),
				   .session = str_of(user),
				   .list = list,
				   .at_unix_ms = at};
	struct err err;

	assert_ok(store_exposure_put(f->store, &row, &err), err);
}

/* n learners called PREFIX0, PREFIX1, … */
static void meet_many(struct fixture *f, const char *prefix, const char *variant, const char *plan,
		      int n)
{
	char name[32];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "%s%d", prefix, i);
		meet(f, name, variant, plan, 0, start);
	}
}

static struct store_ab *count(struct fixture *f)
{
	struct err err;

	assert_ok(store_ab_read(f->store, &f->arena, &f->q, &f->all, &f->n, &err), err);
	return f->n ? &f->all[0] : NULL;
}

static void outcome(struct fixture *f, const char *word)
{
	f->q.outcome_given = true;
	assert_true(ab_outcome_read(str_of(word), &f->q.outcome));
}

static int64_t converted(struct fixture *f, const char *variant)
{
	struct store_ab *ab = count(f);

	for (size_t i = 0; i < ab->result.n; i++)
		if (str_eq(ab->result.variants[i].name, str_of(variant)))
			return ab->result.variants[i].arm.converted;
	fail();
	return -1;
}

static void learners_are_counted_by_variant_in_the_order_of_the_plan(void **state)
{
	struct fixture *f = *state;
	struct store_ab *ab;

	assert_null(count(f));
	meet_many(f, "c", "control", PLAN, 3);
	meet_many(f, "b", "b", PLAN, 5);
	ab = count(f);
	assert_int_equal(f->n, 1);
	assert_str(ab->result.name, "reco");
	assert_int_equal(ab->outcome, AB_PURCHASE);
	assert_int_equal(ab->within, 7);
	assert_int_equal(ab->result.n, 2);
	assert_str(ab->result.variants[0].name, "control");
	assert_int_equal(ab->result.variants[0].arm.exposed, 3);
	assert_int_equal(ab->result.variants[1].arm.exposed, 5);
	assert_int_equal(ab->moved, 0);
}

static void purchases_count_once_a_learner_and_only_within_the_days_after(void **state)
{
	struct fixture *f = *state;

	meet_many(f, "b", "b", PLAN, 5);
	kb_put(f->store, "b0", "c1", EVENT_PURCHASE, start + day);
	kb_put(f->store, "b0", "c2", EVENT_PURCHASE, start + 2 * day);
	kb_put(f->store, "b1", "c1", EVENT_PURCHASE, start - 1);
	kb_put(f->store, "b2", "c1", EVENT_PURCHASE, start + 8 * day);
	kb_put(f->store, "b3", "c1", EVENT_ENROLL, start + day);
	kb_put(f->store, "zoe", "c1", EVENT_PURCHASE, start + day);
	assert_int_equal(converted(f, "b"), 1);
	f->q.within = 30;
	assert_int_equal(converted(f, "b"), 2);
	outcome(f, "enroll");
	assert_int_equal(converted(f, "b"), 1);
}

static void give(struct fixture *f, int64_t list, const char *user, int64_t at)
{
	struct list_course_row row = {.list = list,
				      .user = str_of(user),
				      .course = STR("c1"),
				      .via = LIST_HTTP,
				      .at_unix_ms = at};
	struct err err;

	assert_ok(store_list_course_put(f->store, &row, &err), err);
	meet(f, user, "b", PLAN, list, at);
}

static void clicks_count_in_lists_and_what_lists_did_is_told_by_variant(void **state)
{
	struct fixture *f = *state;
	struct event click = kb_event("b1", "c1", EVENT_VIEW, start + 2);
	struct err err;
	const struct store_ab_lists *l;

	meet_many(f, "c", "control", PLAN, 2);
	give(f, 1, "b0", start);
	give(f, 2, "b1", start);
	give(f, 3, "b1", start + 1);
	click.list = 3;
	assert_ok(event_put(f->store, &click, &err), err);
	kb_put(f->store, "b0", "c1", EVENT_PURCHASE, start + day);
	kb_put(f->store, "b1", "c9", EVENT_PURCHASE, start + day);
	outcome(f, "click");
	assert_int_equal(converted(f, "b"), 1);
	assert_int_equal(converted(f, "control"), 0);
	l = &f->all[0].lists[1];
	assert_int_equal(l->lists, 3);
	assert_int_equal(l->shown, 3);
	assert_int_equal(l->clicked, 1);
	assert_int_equal(l->purchased, 1);
	assert_int_equal(f->all[0].lists[0].lists, 0);
	/* Any purchase counts, or only that of a course a list showed. */
	outcome(f, "purchase");
	assert_int_equal(converted(f, "b"), 2);
	f->q.listed = true;
	assert_int_equal(converted(f, "b"), 1);
}

static void say(struct fixture *f, const char *session, const char *user, int64_t seq,
		const char *source)
{
	struct talk_row row = {.session = str_of(session),
			       .user = str_of(user),
			       .seq = seq,
			       .at_unix_ms = start + seq,
			       .side = TALK_BOT,
			       .source = str_of(source)};
	struct err err;

	assert_ok(store_talk_put(f->store, &row, &err), err);
}

static void helpful_and_answered_are_read_from_the_conversations(void **state)
{
	struct fixture *f = *state;
	struct feedback_row first = {STR("b0"), STR(""), 2, true, start + 5};
	struct feedback_row other = {STR("later"), STR("b1"), 2, true, start + day};
	struct feedback_row bad = {STR("b2"), STR("b2"), 2, false, start + 5};
	struct err err;

	meet_many(f, "b", "b", PLAN, 4);
	assert_ok(store_feedback_put(f->store, &first, &err), err);
	assert_ok(store_feedback_put(f->store, &other, &err), err);
	assert_ok(store_feedback_put(f->store, &bad, &err), err);
	outcome(f, "helpful");
	assert_int_equal(converted(f, "b"), 2);
	say(f, "b0", "", 1, "rule"); /* the welcome */
	say(f, "b1", "", 2, "rule");
	say(f, "b2", "", 2, "rule");
	say(f, "b2", "", 3, "fallback");
	say(f, "later", "b3", 2, "faq");
	outcome(f, "answered");
	assert_int_equal(converted(f, "b"), 2);
}

/* 60 : 40 under a plan of 60 : 40 and 100 : 100 under one of halves are as they should be; together they would
 * not be. */
static void shares_that_changed_are_checked_plan_by_plan(void **state)
{
	struct fixture *f = *state;
	struct ab_options o = AB_DEFAULTS;
	struct store_ab *ab;

	meet_many(f, "p", "control", "control 60, b 40", 60);
	meet_many(f, "q", "b", "control 60, b 40", 40);
	meet_many(f, "r", "control", PLAN, 100);
	meet_many(f, "s", "b", PLAN, 100);
	ab = count(f);
	ab_result_compute(&ab->result, &o);
	assert_int_equal(ab->result.variants[0].arm.exposed, 160);
	assert_true(ab->result.srm.freedom == 2);
	assert_true(ab->result.srm.chi2 == 0);
	/* Nobody in a variant that should have half of them. */
	meet_many(f, "t", "control", "control 50, b 50; salt x", 30);
	ab = count(f);
	ab_result_compute(&ab->result, &o);
	assert_true(ab->result.srm.chi2 == 30);
	assert_true(ab->result.mismatch);
}

static void who_met_two_variants_is_left_out_and_counted(void **state)
{
	struct fixture *f = *state;
	struct store_ab *ab;

	meet_many(f, "c", "control", PLAN, 10);
	meet_many(f, "b", "b", PLAN, 10);
	meet(f, "c3", "b", "control 10, b 90", 0, start + day);
	meet(f, "c4", "control", "control 10, b 90", 0, start + day);
	ab = count(f);
	assert_int_equal(ab->moved, 1);
	assert_int_equal(ab->result.variants[0].arm.exposed, 9);
	assert_int_equal(ab->result.variants[1].arm.exposed, 10);
}

static void time_and_name_choose_what_is_counted(void **state)
{
	struct fixture *f = *state;

	meet(f, "c0", "control", PLAN, 0, start);
	meet(f, "b0", "b", PLAN, 0, start + day);
	meet(f, "b1", "b", PLAN, 0, start + 2 * day);
	f->q.since_unix_ms = start + 1;
	f->q.until_unix_ms = start + 2 * day;
	assert_int_equal(count(f)->result.variants[0].arm.exposed, 0);
	assert_int_equal(f->all[0].result.variants[1].arm.exposed, 1);
	f->q.experiment = STR("other");
	assert_null(count(f));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(learners_are_counted_by_variant_in_the_order_of_the_plan),
		TEST(purchases_count_once_a_learner_and_only_within_the_days_after),
		TEST(clicks_count_in_lists_and_what_lists_did_is_told_by_variant),
		TEST(helpful_and_answered_are_read_from_the_conversations),
		TEST(shares_that_changed_are_checked_plan_by_plan),
		TEST(who_met_two_variants_is_left_out_and_counted),
		TEST(time_and_name_choose_what_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

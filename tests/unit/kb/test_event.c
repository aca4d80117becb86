#include "unit/kb/kb.h"

#include <math.h>

static void types_have_names(void **state)
{
	enum event_type t;

	(void)state;
	for (int i = EVENT_VIEW; i <= EVENT_UNDISMISS; i++) {
		assert_true(event_type_read(str_of(event_type_name((enum event_type)i)), &t));
		assert_int_equal(t, i);
	}
	assert_false(event_type_read(STR("View"), &t));
	assert_false(event_type_read(STR(""), &t));
}

static void what_is_wrong_with_an_event_is_said(void **state)
{
	static char longer[300];
	const struct event good = kb_event("u", "c", EVENT_VIEW, 1);
	const struct {
		enum event_type type;
		const char *user, *course;
		double value, minutes, progress, score;
		int64_t at;
		const char *says; /* NULL: sound */
	} cases[] = {
		{EVENT_VIEW, "", "c", 1, -1, -1, -1, 1, "user is empty"},
		{EVENT_VIEW, "u", "", 1, -1, -1, -1, 1, "course is empty"},
		{EVENT_VIEW, "u", longer, 1, -1, -1, -1, 1, "299 bytes"},
		{EVENT_VIEW, "u", "\xff", 1, -1, -1, -1, 1, "not UTF-8"},
		{EVENT_VIEW, "u", "c", 1, -1, -1, -1, -1, "at is out of range"},
		{EVENT_VIEW, "u", "c", 1, -1, -1, -1, INT64_MAX, "at is out of range"},
		{EVENT_VIEW, "u", "c", INFINITY, -1, -1, -1, 1, "finite"},
		{(enum event_type)99, "u", "c", 1, -1, -1, -1, 1, "type must be"},
		{EVENT_RATE, "u", "c", 0, -1, -1, -1, 1, "from 1 to 5"},
		{EVENT_RATE, "u", "c", 5.5, -1, -1, -1, 1, "from 1 to 5"},
		{EVENT_RATE, "u", "c", NAN, -1, -1, -1, 1, "from 1 to 5"},
		{EVENT_RATE, "u", "c", 5, -1, -1, -1, 1, NULL},
		{EVENT_STUDY, "u", "c", 1, -1, -1, -1, 1, "says nothing"},
		{EVENT_STUDY, "u", "c", 1, 5, 1.5, -1, 1, "progress"},
		{EVENT_STUDY, "u", "c", 1, 5, NAN, -1, 1, "progress"},
		{EVENT_STUDY, "u", "c", 1, 5, 1, 101, 1, "score"},
		{EVENT_STUDY, "u", "c", 1, 1e9, 1, 100, 1, "minutes"},
		{EVENT_STUDY, "u", "c", 1, 5, 1, 100, 1, NULL},
	};
	struct err err;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	assert_ok(event_check(&good, &err), err);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct event e = {str_of(cases[i].user),
				  str_of(cases[i].course),
				  cases[i].type,
				  cases[i].value,
				  cases[i].minutes,
				  cases[i].progress,
				  cases[i].score,
				  cases[i].at,
				  0};
		int rc = event_check(&e, &err);

		assert_int_equal(rc == 0, cases[i].says == NULL);
		if (rc < 0)
			assert_says(err, cases[i].says);
	}
}

struct seen_events {
	struct event v[16];
	char ids[16][2][16];
	size_t n, stop_at;
};

static int keep(void *arg, const struct event *e)
{
	struct seen_events *seen = arg;

	if (seen->n == seen->stop_at)
		return ERR_LIMIT;
	snprintf(seen->ids[seen->n][0], 16, "%.*s", STR_ARG(e->user));
	snprintf(seen->ids[seen->n][1], 16, "%.*s", STR_ARG(e->course));
	seen->v[seen->n++] = *e;
	return 0;
}

static void events_come_back_by_learner_in_order_of_time(void **state)
{
	struct store *s = kb_memory();
	struct seen_events seen = {.stop_at = 16};
	struct event study = kb_event("ann", "c2", EVENT_STUDY, 30);
	struct err err;

	(void)state;
	study.minutes = 12;
	study.progress = .5;
	kb_put(s, "ann", "c1", EVENT_PURCHASE, 20);
	kb_put(s, "bob", "c1", EVENT_VIEW, 5);
	assert_ok(event_put(s, &study, &err), err);
	kb_put(s, "ann", "c3", EVENT_VIEW, 10);
	assert_ok(event_each(s, STR_NONE, keep, &seen, &err), err);
	assert_int_equal(seen.n, 4);
	assert_string_equal(seen.ids[0][1], "c3");
	assert_string_equal(seen.ids[1][1], "c1");
	assert_int_equal(seen.v[1].type, EVENT_PURCHASE);
	assert_true(seen.v[1].minutes < 0);
	assert_string_equal(seen.ids[2][1], "c2");
	assert_true(seen.v[2].minutes == 12 && seen.v[2].progress == .5 && seen.v[2].score < 0);
	assert_string_equal(seen.ids[3][0], "bob");
	seen.n = 0;
	assert_ok(event_each(s, STR("bob"), keep, &seen, &err), err);
	assert_int_equal(seen.n, 1);
	seen.n = 0;
	assert_ok(event_each(s, STR("nobody"), keep, &seen, &err), err);
	assert_int_equal(seen.n, 0);
	seen.stop_at = 2;
	assert_int_equal(event_each(s, STR_NONE, keep, &seen, &err), ERR_LIMIT);
	assert_int_equal(seen.n, 2);
	store_close(s);
}

static void the_same_event_again_is_one_event_with_the_later_values(void **state)
{
	struct store *s = kb_memory();
	struct seen_events seen = {.stop_at = 16};
	struct event rate = kb_event("u", "c", EVENT_RATE, 7);
	struct err err;

	(void)state;
	rate.value = 2;
	assert_ok(event_put(s, &rate, &err), err);
	rate.value = 5;
	assert_ok(event_put(s, &rate, &err), err);
	assert_ok(event_each(s, STR_NONE, keep, &seen, &err), err);
	assert_int_equal(seen.n, 1);
	assert_true(seen.v[0].value == 5);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(what_is_wrong_with_an_event_is_said),
		cmocka_unit_test(events_come_back_by_learner_in_order_of_time),
		cmocka_unit_test(the_same_event_again_is_one_event_with_the_later_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

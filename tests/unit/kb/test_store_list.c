#include "unit/kb/kb.h"

#include "kb/store_list.h"
#include "kb/store_sql.h"
#include "kb/store_user.h"

enum { DAY = 86400000 };

static void give(struct store *s, int64_t list, const char *user, const char *session,
		 enum list_via via, int64_t at)
{
	static const char *const courses[] = {"c1", "c2"};
	struct err err;

	for (int64_t i = 0; i < 2; i++) {
		struct list_course_row row = {.list = list,
					      .user = str_of(user),
					      .session = str_of(session),
					      .course = str_of(courses[i]),
					      .via = via,
					      .place = i,
					      .at_unix_ms = at};

		assert_ok(store_list_course_put(s, &row, &err), err);
	}
}

static void mark(struct store *s, int64_t list, const char *user, const char *course,
		 enum list_mark what, int64_t at)
{
	struct list_mark_row row = {list, str_of(user), str_of(course), what, at};
	struct err err;

	assert_ok(store_list_mark(s, &row, &err), err);
}

static void meet(struct store *s, const char *user, const char *variant, int64_t list, int64_t at)
{
	struct exposure_row row = {.experiment = STR("e"),
				   .variant = str_of(variant),
				   .plan = STR("control 50, b 50"),
				   .share = 50,
				   .place = 0,
				   .outcome = STR("click"),
				   .within = 7,
				   .user = str_of(user),
				   .list = list,
				   .at_unix_ms = at};
	struct err err;

	assert_ok(store_exposure_put(s, &row, &err), err);
}

/* One number of the database, -1 for NULL or no row. */
static int64_t number(struct store *s, const struct sql *q)
{
	struct sql_rows r;
	struct err err;
	int64_t out = -1;

	assert_ok(sql_open(s, q, SQL_NO_ARGS, &r, &err), err);
	if (sql_next(&r, &err) == 1 && sql_given(&r, 0) >= 0)
		out = sql_int(&r, 0);
	sql_close(&r);
	return out;
}

#define NUMBER(s, text)                                                                            \
	__extension__({                                                                            \
		static const struct sql q = {text, "test"};                                        \
		number((s), &q);                                                                   \
	})

static void an_id_survives_its_way_over_the_wire_and_no_other_text_is_one(void **state)
{
	char text[LIST_ID_TEXT];
	int64_t id = 0;

	(void)state;
	list_id_print(0x0123456789abcdef, text);
	assert_string_equal(text, "0123456789abcdef");
	assert_true(list_id_read(str_of(text), &id));
	assert_true(id == 0x0123456789abcdef);
	list_id_print(1, text);
	assert_true(list_id_read(str_of(text), &id) && id == 1);
	assert_false(list_id_read(STR("0000000000000000"), &id));
	assert_false(list_id_read(STR("8000000000000000"), &id));
	assert_false(list_id_read(STR("0123456789ABCDEF"), &id));
	assert_false(list_id_read(STR("123"), &id));
	assert_false(list_id_read(STR(""), &id));
}

static void the_first_time_of_each_thing_is_kept_with_its_list(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	give(s, 7, "ann", "s1", LIST_REPLY, 100);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_courses WHERE shown IS NULL"), 2);
	mark(s, 7, "ann", "c1", LIST_SHOWN, 110);
	mark(s, 7, "ann", "c1", LIST_SHOWN, 190);
	mark(s, 7, "ann", "c1", LIST_CLICKED, 130);
	mark(s, 7, "ann", "c1", LIST_CLICKED, 120);
	mark(s, 7, "ann", "c2", LIST_DISMISSED, 140);
	assert_int_equal(NUMBER(s, "SELECT shown FROM list_courses WHERE place = 0"), 110);
	assert_int_equal(NUMBER(s, "SELECT clicked FROM list_courses WHERE place = 0"), 120);
	assert_int_equal(NUMBER(s, "SELECT dismissed FROM list_courses WHERE place = 1"), 140);
	assert_int_equal(NUMBER(s, "SELECT shown FROM list_courses WHERE place = 1"), -1);
	mark(s, 7, "ann", "c2", LIST_RECALLED, 135);
	assert_int_equal(NUMBER(s, "SELECT dismissed FROM list_courses WHERE place = 1"), 140);
	mark(s, 7, "ann", "c2", LIST_RECALLED, 150);
	assert_int_equal(NUMBER(s, "SELECT dismissed FROM list_courses WHERE place = 1"), -1);
	mark(s, 7, "ann", "c1", LIST_DISMISSED, 160);
	mark(s, 0, "ann", "c1", LIST_RECALLED, 170);
	assert_int_equal(NUMBER(s, "SELECT dismissed FROM list_courses WHERE place = 0"), -1);
	store_close(s);
}

static void a_list_given_over_http_is_taken_for_shown(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	give(s, 7, "ann", "", LIST_HTTP, 100);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_courses WHERE shown = 100"), 2);
	store_close(s);
}

static void what_nobody_knows_changes_nothing(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	give(s, 7, "ann", "s1", LIST_REPLY, 100);
	mark(s, 8, "ann", "c1", LIST_SHOWN, 110);
	mark(s, 7, "ann", "c9", LIST_SHOWN, 110);
	mark(s, 0, "zoe", "c1", LIST_CLICKED, 110);
	assert_int_equal(
		NUMBER(s, "SELECT count(*) FROM list_courses WHERE ifnull(shown, clicked) > 0"), 0);
	store_close(s);
}

static void a_purchase_without_a_list_counts_in_the_last_that_showed_the_course(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	give(s, 1, "ann", "", LIST_HTTP, 1 * DAY);
	give(s, 2, "ann", "", LIST_HTTP, 2 * DAY);
	give(s, 3, "ann", "s1", LIST_REPLY, 3 * DAY); /* given, never shown */
	give(s, 4, "ann", "", LIST_HTTP, 5 * DAY);    /* later than the purchase */
	give(s, 5, "bob", "", LIST_HTTP, 3 * DAY);
	kb_put(s, "ann", "c2", EVENT_PURCHASE, 4 * DAY);
	kb_put(s, "ann", "c1", EVENT_ENROLL, 4 * DAY);
	assert_int_equal(NUMBER(s, "SELECT list FROM list_courses WHERE purchased IS NOT NULL"), 2);
	assert_int_equal(NUMBER(s, "SELECT list FROM list_courses WHERE enrolled IS NOT NULL"), 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_courses WHERE purchased > 0"), 1);
	/* A view tells of a list only when it names it. */
	kb_put(s, "ann", "c1", EVENT_VIEW, 4 * DAY);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_courses WHERE clicked > 0"), 0);
	store_close(s);
}

static void an_event_that_names_its_list_counts_there_and_not_in_a_later_one(void **state)
{
	struct store *s = kb_memory();
	struct event e = kb_event("ann", "c1", EVENT_PURCHASE, 4 * DAY);
	struct err err;

	(void)state;
	give(s, 1, "ann", "", LIST_HTTP, 1 * DAY);
	give(s, 2, "ann", "", LIST_HTTP, 2 * DAY);
	e.list = 1;
	assert_ok(event_put(s, &e, &err), err);
	assert_int_equal(NUMBER(s, "SELECT list FROM list_courses WHERE purchased IS NOT NULL"), 1);
	/* One that names a list nobody knows is as one that names none. */
	e.list = 99;
	e.course = STR("c2");
	assert_ok(event_put(s, &e, &err), err);
	assert_int_equal(
		NUMBER(s, "SELECT list FROM list_courses WHERE place = 1 AND purchased > 0"), 2);
	e.type = EVENT_VIEW;
	e.list = 2;
	assert_ok(event_put(s, &e, &err), err);
	assert_int_equal(NUMBER(s, "SELECT list FROM list_courses WHERE clicked IS NOT NULL"), 2);
	store_close(s);
}

static void what_a_guest_was_shown_counts_when_they_buy_under_their_name(void **state)
{
	struct store *s = kb_memory();
	struct session_row session = {
		.session = STR("s1"), .user = STR("ann"), .lang = STR("zh"), .state = STR("")};
	struct err err;

	(void)state;
	give(s, 1, "guest:s1", "s1", LIST_REPLY, 1 * DAY);
	mark(s, 1, "guest:s1", "c1", LIST_SHOWN, 1 * DAY);
	kb_put(s, "ann", "c1", EVENT_PURCHASE, 2 * DAY);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_courses WHERE purchased > 0"), 0);
	assert_ok(store_session_put(s, &session, &err), err);
	kb_put(s, "ann", "c1", EVENT_PURCHASE, 3 * DAY);
	assert_int_equal(NUMBER(s, "SELECT purchased FROM list_courses WHERE place = 0"), 3 * DAY);
	store_close(s);
}

static void a_variant_is_met_once_and_a_list_made_under_it_says_so(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	give(s, 1, "ann", "s1", LIST_REPLY, 100);
	meet(s, "ann", "b", 1, 100);
	meet(s, "ann", "b", 0, 90);
	meet(s, "ann", "b", 0, 120);
	meet(s, "bob", "control", 0, 130);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM exposures"), 2);
	assert_int_equal(NUMBER(s, "SELECT min(at) FROM exposures"), 90);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM arms"), 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_arms WHERE list = 1"), 1);
	store_close(s);
}

static void a_learner_is_given_and_may_have_forgotten_what_was_recommended(void **state)
{
	struct store *s = kb_memory();
	struct session_row session = {.session = STR("0123456789abcdef99"),
				      .user = STR("ann"),
				      .lang = STR("zh"),
				      .state = STR("")};
	struct forgotten n;
	struct buf b = {0};
	struct err err;

	(void)state;
	assert_ok(store_session_put(s, &session, &err), err);
	give(s, 1, "guest:0123456789abcdef", "0123456789abcdef99", LIST_REPLY, 1772330400000);
	give(s, 2, "ann", "", LIST_HTTP, 1772330400000);
	give(s, 3, "bob", "", LIST_HTTP, 1772330400000);
	mark(s, 1, "ann", "c2", LIST_CLICKED, 1772330401000);
	meet(s, "guest:0123456789abcdef", "b", 1, 1772330400000);
	meet(s, "bob", "b", 3, 1772330400000);
	assert_ok(store_user_export(s, STR("ann"), &b, &err), err);
	assert_non_null(strstr(b.p, "\"list\":\"0000000000000001\",\"via\":\"reply\",\"course\":"
				    "\"c2\",\"place\":\"2\",\"shown\":\"\",\"clicked\":"
				    "\"2026-03-01T02:00:01Z\""));
	assert_non_null(strstr(b.p, "\"list\":\"0000000000000002\",\"via\":\"http\""));
	assert_null(strstr(b.p, "0000000000000003"));
	assert_non_null(strstr(b.p, "\"experiment\":\"e\",\"variant\":\"b\""));
	assert_ok(store_user_forget(s, STR("ann"), &n, &err), err);
	assert_int_equal(n.recommendations, 4);
	assert_int_equal(n.experiments, 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM lists"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM list_arms"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM learners"), 1);
	assert_ok(store_check(s, &err), err);
	buf_done(&b);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_survives_its_way_over_the_wire_and_no_other_text_is_one),
		cmocka_unit_test(the_first_time_of_each_thing_is_kept_with_its_list),
		cmocka_unit_test(a_list_given_over_http_is_taken_for_shown),
		cmocka_unit_test(what_nobody_knows_changes_nothing),
		cmocka_unit_test(
			a_purchase_without_a_list_counts_in_the_last_that_showed_the_course),
		cmocka_unit_test(an_event_that_names_its_list_counts_there_and_not_in_a_later_one),
		cmocka_unit_test(what_a_guest_was_shown_counts_when_they_buy_under_their_name),
		cmocka_unit_test(a_variant_is_met_once_and_a_list_made_under_it_says_so),
		cmocka_unit_test(a_learner_is_given_and_may_have_forgotten_what_was_recommended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

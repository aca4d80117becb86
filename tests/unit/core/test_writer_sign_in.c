#include "unit/core/writer_fixture.h"

/* In one batch with events before and after. */
static void a_sign_in_comes_back_with_all_that_the_learner_did_up_to_then(void **state)
{
	struct session_row row = {.session = STR("0123456789abcdef0123456789abcdef"),
				  .user = STR("u1"),
				  .state = STR("{}")};
	struct writer *w = started(100);
	struct event looked = viewed(2), before = viewed(1), after = viewed(3);
	struct writer_result r[4];

	(void)state;
	looked.user = STR("guest:0123456789abcdef");
	looked.course = STR("js201");
	gather_begin(w);
	assert_int_equal(writer_events(w, &before, 1, 0), 0);
	assert_int_equal(writer_events(w, &looked, 1, 0), 0);
	assert_int_equal(writer_sign_in(w, &row, 90), 0);
	assert_int_equal(writer_events(w, &after, 1, 0), 0);
	gather_end();
	for (int i = 0; i < 4; i++)
		r[i] = result_of(w);
	assert_int_equal(r[2].ticket, 90);
	assert_int_equal(r[2].code, 0);
	assert_string_equal(r[2].guest, "guest:0123456789abcdef");
	assert_int_equal(r[2].n_events, 2);
	assert_str(r[2].events[0].user, "u1");
	assert_str(r[2].events[1].user, "u1");
	assert_str(r[2].events[1].course, "js201");
	assert_string_equal(r[3].guest, "");
	assert_int_equal(r[3].n_events, 1);
	assert_int_equal(r[2].change, r[3].change);
	for (int i = 0; i < 4; i++)
		writer_result_done(&r[i]);
	/* Again: there is nothing to learn, but an answer. */
	assert_int_equal(writer_sign_in(w, &row, 91), 0);
	r[0] = result_of(w);
	assert_int_equal(r[0].ticket, 91);
	assert_int_equal(r[0].n_events, 0);
	assert_string_equal(r[0].guest, "");
	writer_result_done(&r[0]);
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(events_on_disk(), 2);
}

static void a_sign_in_outlasts_a_disk_that_refuses(void **state)
{
	struct session_row row = {.session = STR("0123456789abcdef0123456789abcdef"),
				  .user = STR("u1"),
				  .state = STR("{}")};
	struct writer *w = started(100);
	struct event looked = viewed(2);
	struct writer_result r;
	struct store *lock;
	struct err err;

	(void)state;
	looked.user = STR("guest:0123456789abcdef");
	assert_int_equal(writer_events(w, &looked, 1, 0), 0);
	r = result_of(w);
	writer_result_done(&r);
	assert_int_equal(store_open(db, STORE_WRITE, &lock, &err), 0);
	assert_int_equal(store_begin(lock, &err), 0);
	assert_int_equal(writer_sign_in(w, &row, 92), 0);
	r = result_of(w);
	assert_int_equal(r.ticket, 92);
	assert_int_equal(r.code, ERR_BUSY);
	assert_null(r.events);
	writer_result_done(&r);
	store_rollback(lock);
	store_close(lock);
	r = result_of(w);
	assert_int_equal(r.ticket, 0);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.guest, "guest:0123456789abcdef");
	assert_int_equal(r.n_events, 1);
	writer_result_done(&r);
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(events_on_disk(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(a_sign_in_comes_back_with_all_that_the_learner_did_up_to_then),
		WRITER_TEST(a_sign_in_outlasts_a_disk_that_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "bot/session.h"
#include "roster.h"

#define A STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define B STR("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
#define C STR("cccccccccccccccccccccccccccccccc")

static struct handover *add(struct roster *r, struct str session, enum handover_state state,
			    int64_t since)
{
	struct handover *h = roster_add(r, session);

	h->state = state;
	h->waiting_since_unix_ms = since;
	roster_sort(r, h);
	return h;
}

static void those_who_wait_stand_in_the_order_of_asking(void **state)
{
	struct roster *r = roster_new(30000);
	struct handover *c = add(r, C, HANDOVER_QUEUED, 300), *a = add(r, A, HANDOVER_QUEUED, 100),
			*b = add(r, B, HANDOVER_AGENT, 200);

	(void)state;
	assert_ptr_equal(roster_first(r), a);
	assert_ptr_equal(roster_after(r, a), b);
	assert_ptr_equal(roster_after(r, b), c);
	assert_null(roster_after(r, c));
	assert_int_equal(roster_position(r, c), 2); /* who is served does not wait */
	a->waiting_since_unix_ms = 400;
	roster_sort(r, a);
	assert_int_equal(roster_position(r, c), 1);
	assert_int_equal(roster_position(r, a), 2);
	roster_sort(r, a); /* again, as the last: stays */
	assert_int_equal(roster_position(r, a), 2);
	assert_int_equal(roster_count(r, HANDOVER_QUEUED), 2);
	roster_drop(r, c);
	assert_null(roster_find(r, C));
	assert_ptr_equal(roster_find(r, A), a);
	roster_free(r);
}

static void who_asked_first_waits_first_among_equals(void **state)
{
	struct roster *r = roster_new(30000);
	struct handover *a = add(r, A, HANDOVER_QUEUED, 5), *b = add(r, B, HANDOVER_QUEUED, 5);

	(void)state;
	assert_int_equal(roster_position(r, a), 1);
	assert_int_equal(roster_position(r, b), 2);
	roster_free(r);
}

static void count_gone(void *ctx, struct person *p)
{
	(void)p;
	++*(int *)ctx;
}

static void a_lost_connection_has_thirty_seconds(void **state)
{
	struct roster *r = roster_new(30000);
	struct person *lin = roster_enter(r, STR("lin"));
	int gone = 0;

	(void)state;
	lin->online = true;
	assert_false(roster_away(r, STR("lin"), 0));
	roster_leave(r, STR("lin"), 1000);
	assert_false(roster_away(r, STR("lin"), 30999));
	roster_sweep(r, 30999, count_gone, &gone);
	assert_int_equal(gone, 0);
	assert_true(roster_away(r, STR("lin"), 31000));
	roster_sweep(r, 31000, count_gone, &gone);
	roster_sweep(r, 99000, count_gone, &gone);
	assert_int_equal(gone, 1);
	roster_enter(r, STR("lin"));
	assert_false(lin->online); /* after so long they say it again */
	roster_free(r);
}

static void who_comes_back_in_time_is_as_before(void **state)
{
	struct roster *r = roster_new(30000);
	int gone = 0;

	(void)state;
	roster_enter(r, STR("lin"))->online = true;
	roster_leave(r, STR("lin"), 1000);
	assert_int_equal(roster_online(r), 0);
	roster_enter(r, STR("lin"));
	roster_sweep(r, 90000, count_gone, &gone);
	assert_int_equal(gone, 0);
	assert_int_equal(roster_online(r), 1);
	roster_free(r);
}

static void two_windows_are_one_person(void **state)
{
	struct roster *r = roster_new(30000);

	(void)state;
	roster_enter(r, STR("lin"))->online = true;
	roster_enter(r, STR("lin"));
	assert_int_equal(roster_online(r), 1);
	roster_leave(r, STR("lin"), 0);
	assert_false(roster_away(r, STR("lin"), 99000));
	roster_leave(r, STR("lin"), 0);
	assert_true(roster_away(r, STR("lin"), 99000));
	roster_free(r);
}

static void who_says_away_may_be_relieved(void **state)
{
	struct roster *r = roster_new(30000);
	struct person *lin = roster_enter(r, STR("lin"));
	struct handover *h = add(r, A, HANDOVER_AGENT, 1);

	(void)state;
	session_set(&h->agent, STR("lin"));
	assert_int_equal(roster_held(r, STR("lin")), 1);
	assert_int_equal(roster_held(r, STR("wu")), 0);
	assert_true(roster_away(r, STR("lin"), 5));
	lin->online = true;
	assert_false(roster_away(r, STR("lin"), 5));
	assert_true(roster_away(r, STR("never seen"), 5));
	roster_free(r);
}

static void after_a_restart_holders_are_waited_for(void **state)
{
	struct roster *r = roster_new(30000);

	(void)state;
	roster_expect(r, STR("lin"), 1000);
	assert_false(roster_away(r, STR("lin"), 2000));
	assert_true(roster_away(r, STR("lin"), 31000));
	roster_free(r);
}

static void a_desk_is_deserted_when_nobody_was_online_for_thirty_seconds(void **state)
{
	struct roster *r = roster_new(30000);
	int gone = 0;

	(void)state;
	roster_sweep(r, 1000, count_gone, &gone);
	assert_false(roster_deserted(r, 1000));
	assert_false(roster_deserted(r, 30999));
	assert_true(roster_deserted(r, 31000));
	roster_enter(r, STR("lin"))->online = true;
	roster_sweep(r, 32000, count_gone, &gone);
	assert_false(roster_deserted(r, 99000));
	roster_leave(r, STR("lin"), 40000);
	roster_sweep(r, 40000, count_gone, &gone);
	roster_sweep(r, 69999, count_gone, &gone);
	assert_false(roster_deserted(r, 69999));
	assert_true(roster_deserted(r, 70000));
	roster_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_who_wait_stand_in_the_order_of_asking),
		cmocka_unit_test(who_asked_first_waits_first_among_equals),
		cmocka_unit_test(a_lost_connection_has_thirty_seconds),
		cmocka_unit_test(who_comes_back_in_time_is_as_before),
		cmocka_unit_test(two_windows_are_one_person),
		cmocka_unit_test(who_says_away_may_be_relieved),
		cmocka_unit_test(after_a_restart_holders_are_waited_for),
		cmocka_unit_test(a_desk_is_deserted_when_nobody_was_online_for_thirty_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

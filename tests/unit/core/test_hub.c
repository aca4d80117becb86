#include "unit/unit.h"

#include <stdlib.h>

#include "hub.h"
#include "secret.h"
#include "text/buf.h"

static const struct hub_limits limits = {
	.sessions = 3,
	.outbox_frames = 20,
	.session_ms = 1000,
	.rate = 3,
	.rate_seconds = 1,
};

static int hub_setup(void **state)
{
	struct err err;

	if (secret_init(&err))
		return -1;
	*state = hub_new(&limits);
	return 0;
}

static int hub_teardown(void **state)
{
	hub_free(*state);
	return 0;
}

static struct chat *opened(struct hub *h, int64_t now)
{
	struct chat *c = NULL;
	struct err err;

	assert_int_equal(hub_open(h, now, &c, &err), 0);
	return c;
}

static void a_chat_is_found_by_its_token_only(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 5);
	char other[33];

	assert_true(hub_token_valid(str_of(c->token)));
	assert_ptr_equal(hub_find(h, str_of(c->token)), c);
	assert_null(hub_find(h, str_of(c->hash)));
	memcpy(other, c->token, sizeof other);
	other[31] = other[31] == '0' ? '1' : '0';
	assert_null(hub_find(h, str_of(other)));
	assert_null(hub_find(h, STR("")));
	assert_false(hub_token_valid(STR("0123456789ABCDEF0123456789ABCDEF")));
	assert_false(hub_token_valid(STR("0123456789abcdef0123456789abcde")));
	hub_token_hash(str_of(c->token), other);
	assert_string_equal(other, c->hash);
	hub_end(h, c);
	assert_int_equal(hub_size(h), 0);
}

static void the_longest_unseen_chat_without_connection_makes_room(void **state)
{
	struct hub *h = *state;
	struct chat *a = opened(h, 1), *b = opened(h, 2), *c = opened(h, 3), *d;
	char gone[33];
	struct err err;
	int conn;

	a->conn = &conn;
	hub_touch(h, b, 4);
	memcpy(gone, c->token, sizeof gone);
	d = opened(h, 5);
	assert_int_equal(hub_size(h), 3);
	assert_null(hub_find(h, str_of(gone)));
	b->conn = d->conn = &conn;
	assert_int_equal(hub_open(h, 6, &c, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "all 3 sessions"));
	assert_ptr_equal(hub_find(h, str_of(a->token)), a);
}

static void sweeping_ends_old_chats_without_connection(void **state)
{
	struct hub *h = *state;
	struct chat *a = opened(h, 0), *b = opened(h, 0), *c = opened(h, 999);
	char token[33];
	int conn;

	a->conn = &conn;
	memcpy(token, b->token, sizeof token);
	hub_sweep(h, 999);
	assert_int_equal(hub_size(h), 3);
	hub_sweep(h, 1000);
	assert_null(hub_find(h, str_of(token)));
	assert_ptr_equal(hub_find(h, str_of(a->token)), a);
	assert_ptr_equal(hub_find(h, str_of(c->token)), c);
	a->conn = NULL;
	hub_sweep(h, 5000);
	assert_int_equal(hub_size(h), 0);
}

static void a_token_the_database_knows_is_taken_up_once(void **state)
{
	struct hub *h = *state;
	struct chat *c, *again;
	struct err err;
	uint64_t seed;

	assert_int_equal(hub_adopt(h, STR("no token"), 1, &c, &err), ERR_INVALID);
	assert_int_equal(hub_adopt(h, STR("0123456789abcdef0123456789abcdef"), 1, &c, &err), 0);
	assert_string_equal(c->token, "0123456789abcdef0123456789abcdef");
	assert_int_equal(hub_adopt(h, STR("0123456789abcdef0123456789abcdef"), 1, &again, &err),
			 ERR_INVALID);
	seed = c->session.seed;
	hub_end(h, c);
	assert_int_equal(hub_adopt(h, STR("0123456789abcdef0123456789abcdef"), 2, &c, &err), 0);
	assert_true(c->session.seed == seed);
	hub_end(h, c);
	c = opened(h, 2);
	assert_true(c->session.seed != seed);
}

static void the_rate_is_a_burst_and_then_a_refill(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 10000);

	for (int i = 0; i < 3; i++)
		assert_true(hub_rate(h, c, 10000));
	assert_false(hub_rate(h, c, 10000));
	assert_false(hub_rate(h, c, 10300));
	assert_true(hub_rate(h, c, 10340));
	assert_false(hub_rate(h, c, 5000)); /* the clock was set back */
	assert_true(hub_rate(h, c, 5400));
	for (int i = 0; i < 3; i++)
		assert_true(hub_rate(h, c, 1000000));
	assert_false(hub_rate(h, c, 1000000));
}

static void send(struct hub *h, struct chat *c, int64_t seq, const char *to)
{
	char json[64];

	snprintf(json, sizeof json, "{\"seq\":%lld}", (long long)seq);
	hub_sent(h, c, seq, str_of(to), str_of(json));
}

static void collect(void *ctx, int64_t seq, struct str json)
{
	buf_printf(ctx, "%lld=%.*s ", (long long)seq, STR_ARG(json));
}

static void what_was_sent_since_comes_again_in_order(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	struct buf b = {0};

	assert_true(hub_since(c, 0, collect, &b));
	assert_int_equal(b.n, 0);
	assert_int_equal(hub_oldest(c), 1);
	for (int seq = 1; seq <= 3; seq++)
		send(h, c, seq, "");
	assert_int_equal(c->seq, 3);
	assert_true(hub_since(c, 1, collect, &b));
	assert_str(buf_view(&b), "2={\"seq\":2} 3={\"seq\":3} ");
	buf_reset(&b);
	assert_true(hub_since(c, 3, collect, &b));
	assert_true(hub_since(c, 99, collect, &b));
	assert_int_equal(b.n, 0);
	assert_true(hub_since(c, -5, collect, &b));
	assert_true(str_starts(buf_view(&b), STR("1=")));
	buf_done(&b);
}

static void beyond_the_outbox_the_database_is_asked(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	struct buf b = {0};

	for (int seq = 1; seq <= 50; seq++)
		send(h, c, seq, "");
	assert_int_equal(hub_oldest(c), 31);
	assert_false(hub_since(c, 29, collect, &b));
	assert_int_equal(b.n, 0);
	assert_true(hub_since(c, 30, collect, &b));
	assert_true(str_starts(buf_view(&b), STR("31=")));
	assert_true(str_ends(buf_view(&b), STR("50={\"seq\":50} ")));
	c = opened(h, 2);
	c->seq = 7; /* taken up from the database: nothing in memory */
	assert_false(hub_since(c, 6, collect, &b));
	assert_true(hub_since(c, 7, collect, &b));
	buf_done(&b);
}

static void an_answered_id_finds_its_reply(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	char id[16];

	assert_int_equal(hub_answer(c, STR("c1")).n, 0);
	for (int seq = 1; seq <= 25; seq++) {
		snprintf(id, sizeof id, "c%d", seq);
		send(h, c, seq, seq % 2 ? id : "");
	}
	assert_str(hub_answer(c, STR("c7")), "{\"seq\":7}");
	assert_str(hub_answer(c, STR("c25")), "{\"seq\":25}");
	assert_null(hub_answer(c, STR("c5")).p); /* pushed out */
	assert_null(hub_answer(c, STR("c8")).p);
	assert_null(hub_answer(c, STR("")).p);
}

static void a_held_frame_and_what_follows_wait_for_its_release(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	struct buf b = {0};

	send(h, c, 1, "");
	hub_hold(h, c, 2, STR("c2"), STR("two"));
	send(h, c, 3, "c3");
	assert_true(hub_since(c, 0, collect, &b));
	assert_str(buf_view(&b), "1={\"seq\":1} ");
	assert_true(hub_holds(c, STR("c2")));
	assert_null(hub_answer(c, STR("c2")).p);
	assert_false(hub_holds(c, STR("c3")));
	assert_true(hub_release(c, 2));
	assert_false(hub_release(c, 9));
	buf_reset(&b);
	assert_true(hub_since(c, 1, collect, &b));
	assert_str(buf_view(&b), "2=two 3={\"seq\":3} ");
	assert_str(hub_answer(c, STR("c2")), "two");
	buf_done(&b);
}

static void a_dropped_frame_leaves_its_number_out(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	struct buf b = {0};

	send(h, c, 1, "");
	hub_hold(h, c, 2, STR("c2"), STR("two"));
	send(h, c, 3, "");
	hub_drop(c, 2);
	assert_true(hub_since(c, 1, collect, &b));
	assert_str(buf_view(&b), "3={\"seq\":3} ");
	assert_false(hub_holds(c, STR("c2")));
	assert_null(hub_answer(c, STR("c2")).p);
	buf_done(&b);
}

static void a_late_frame_comes_in_only_as_the_newest(void **state)
{
	struct hub *h = *state;
	struct chat *c = opened(h, 1);
	struct buf b = {0};

	send(h, c, 5, "");
	c->seq = 9; /* numbered while nobody had it in memory */
	hub_late(h, c, 8, STR_NONE, STR("eight"));
	hub_late(h, c, 7, STR_NONE, STR("seven"));
	assert_int_equal(c->seq, 9);
	assert_true(hub_since(c, 4, collect, &b));
	assert_str(buf_view(&b), "5={\"seq\":5} 8=eight ");
	buf_done(&b);
}

int main(void)
{
#define HUB_TEST(f) cmocka_unit_test_setup_teardown(f, hub_setup, hub_teardown)
	const struct CMUnitTest tests[] = {
		HUB_TEST(a_chat_is_found_by_its_token_only),
		HUB_TEST(the_longest_unseen_chat_without_connection_makes_room),
		HUB_TEST(sweeping_ends_old_chats_without_connection),
		HUB_TEST(a_token_the_database_knows_is_taken_up_once),
		HUB_TEST(the_rate_is_a_burst_and_then_a_refill),
		HUB_TEST(what_was_sent_since_comes_again_in_order),
		HUB_TEST(beyond_the_outbox_the_database_is_asked),
		HUB_TEST(an_answered_id_finds_its_reply),
		HUB_TEST(a_held_frame_and_what_follows_wait_for_its_release),
		HUB_TEST(a_dropped_frame_leaves_its_number_out),
		HUB_TEST(a_late_frame_comes_in_only_as_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

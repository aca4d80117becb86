#include "unit/kb/kb.h"

static struct talk_row row(const char *session, int64_t seq, enum talk_side side, const char *text)
{
	return (struct talk_row){.session = str_of(session),
				 .user = STR("u1"),
				 .seq = seq,
				 .at_unix_ms = 1000 + seq,
				 .side = side,
				 .text = str_of(text),
				 .client_id = STR("c1"),
				 .intent = STR("refund"),
				 .source = STR("rule"),
				 .score = .75,
				 .json = side == TALK_USER ? STR_NONE : STR("{\"seq\":1}")};
}

static void put(struct store *s, struct talk_row r)
{
	struct err err;

	assert_ok(store_talk_put(s, &r, &err), err);
}

static void resume_gives_sent_frames_after_a_seq_in_order(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	struct talk_row *rows;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	put(s, row("s1", 3, TALK_AGENT, "three"));
	put(s, row("s1", 2, TALK_USER, "question"));
	put(s, row("s1", 2, TALK_BOT, "two"));
	put(s, row("s1", 1, TALK_BOT, "one"));
	put(s, row("other", 2, TALK_BOT, "not ours"));
	assert_ok(store_talk_since(s, &a, STR("s1"), 1, 100, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_str(rows[0].text, "two");
	assert_int_equal(rows[0].side, TALK_BOT);
	assert_str(rows[0].intent, "refund");
	assert_str(rows[0].json, "{\"seq\":1}");
	assert_str(rows[0].client_id, "c1");
	assert_true(rows[0].score == .75);
	assert_int_equal(rows[0].at_unix_ms, 1002);
	assert_str(rows[1].text, "three");
	assert_ok(store_talk_since(s, &a, STR("s1"), 3, 100, &rows, &n, &err), err);
	assert_int_equal(n, 0);
	assert_ok(store_talk_since(s, &a, STR("s1"), 0, 2, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_str(rows[1].text, "two");
	arena_done(&a);
	store_close(s);
}

static void a_frame_saved_twice_is_one_frame_but_what_users_say_all_counts(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	struct talk_row *rows;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	put(s, row("s1", 1, TALK_BOT, "first"));
	put(s, row("s1", 1, TALK_BOT, "again"));
	put(s, row("s1", 1, TALK_USER, "hello"));
	put(s, row("s1", 1, TALK_USER, "are you there?"));
	assert_ok(store_talk_since(s, &a, STR("s1"), 0, 100, &rows, &n, &err), err);
	assert_int_equal(n, 1);
	assert_str(rows[0].text, "again");
	arena_done(&a);
	store_close(s);
}

static void a_session_is_kept_replaced_and_missed(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	struct session_row out, in = {.session = STR("s1"),
				      .user = STR("u1"),
				      .lang = STR("zh"),
				      .last_seq = 4,
				      .seen_unix_ms = 99,
				      .state = STR("{\"context\":\"退款\"}")};
	struct err err;

	(void)state;
	arena_init(&a);
	assert_int_equal(store_session_get(s, &a, STR("s1"), &out, &err), ERR_NOT_FOUND);
	assert_ok(store_session_put(s, &in, &err), err);
	in.last_seq = 5;
	assert_ok(store_session_put(s, &in, &err), err);
	assert_ok(store_session_get(s, &a, STR("s1"), &out, &err), err);
	assert_int_equal(out.last_seq, 5);
	assert_int_equal(out.seen_unix_ms, 99);
	assert_str(out.user, "u1");
	assert_str(out.lang, "zh");
	assert_str(out.state, "{\"context\":\"退款\"}");
	arena_done(&a);
	store_close(s);
}

static void feedback_may_change_and_handovers_are_kept(void **state)
{
	struct store *s = kb_memory();
	struct feedback_row f = {STR("s1"), STR("u1"), 7, true, 1};
	struct handoff_row h = {STR("s1"), STR("u1"), STR("售后"), STR("note"), STR("a\nb"), 2};
	struct err err;

	(void)state;
	assert_ok(store_feedback_put(s, &f, &err), err);
	f.helpful = false;
	assert_ok(store_feedback_put(s, &f, &err), err);
	assert_ok(store_handoff_put(s, &h, &err), err);
	assert_ok(store_handoff_put(s, &h, &err), err);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resume_gives_sent_frames_after_a_seq_in_order),
		cmocka_unit_test(a_frame_saved_twice_is_one_frame_but_what_users_say_all_counts),
		cmocka_unit_test(a_session_is_kept_replaced_and_missed),
		cmocka_unit_test(feedback_may_change_and_handovers_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

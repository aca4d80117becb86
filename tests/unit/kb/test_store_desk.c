#include "unit/kb/kb.h"

#include "kb/store_desk.h"

#define S STR("0123456789abcdef0123456789abcdef")

static struct desk_step said(enum desk_side side, const char *id, int64_t seq, const char *text)
{
	return (struct desk_step){.has = DESK_HAS_LINE,
				  .line = {.session = S,
					   .at_unix_ms = 1000,
					   .side = side,
					   .text = str_of(text),
					   .raw = STR("raw"),
					   .who = side == DESK_AGENT ? STR("lin") : STR_NONE,
					   .id = str_of(id),
					   .seq = seq}};
}

static int64_t put(struct store *s, struct desk_step step)
{
	struct err err;

	assert_ok(store_desk_put(s, &step, &err), err);
	return step.line.n;
}

static struct desk_step moved(int was, int state, int64_t at)
{
	return (struct desk_step){.has = DESK_HAS_CHAT,
				  .chat = {.session = S,
					   .was = was,
					   .state = state,
					   .team = STR("售后"),
					   .agent = state == 2 ? STR("lin") : STR_NONE,
					   .since_unix_ms = at,
					   .waiting_since_unix_ms = 1000}};
}

static void lines_are_numbered_and_what_is_said_again_is_no_second_one(void **state)
{
	struct store *s = kb_memory();
	struct desk_line *lines;
	struct arena a;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	assert_int_equal(put(s, said(DESK_LEARNER, "", 2, "a")), 1);
	assert_int_equal(put(s, said(DESK_BOT, "", 2, "b")), 2);
	assert_int_equal(put(s, said(DESK_BOT, "", 2, "the same frame")), 0);
	assert_int_equal(put(s, said(DESK_AGENT, "a1", 3, "c")), 3);
	assert_int_equal(put(s, said(DESK_AGENT, "a1", 4, "the same id")), 0);
	assert_int_equal(put(s, said(DESK_NOTE, "", 0, "d")), 4);
	assert_int_equal(put(s, said(DESK_NOTE, "", 0, "d")), 5);
	assert_ok(store_desk_lines(s, &a, S, 1, 3, &lines, &n, &err), err);
	assert_int_equal(n, 3);
	assert_int_equal(lines[0].n, 2);
	assert_str(lines[1].who, "lin");
	assert_str(lines[1].raw, "raw");
	arena_done(&a);
	store_close(s);
}

static void a_frame_of_a_line_that_is_there_already_is_not_kept(void **state)
{
	struct store *s = kb_memory();
	struct desk_step step = said(DESK_AGENT, "a1", 3, "c");
	struct talk_row *rows;
	struct arena a;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	for (int64_t seq = 3; seq < 6; seq++) {
		step.has = DESK_HAS_LINE | DESK_HAS_TALK;
		step.talk = (struct talk_row){
			.session = S, .seq = seq, .side = TALK_AGENT, .json = STR("{}")};
		step.line.seq = seq;
		put(s, step);
	}
	assert_ok(store_talk_since(s, &a, S, 0, 9, &rows, &n, &err), err);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].seq, 3);
	arena_done(&a);
	store_close(s);
}

static void what_a_restart_finds(void **state)
{
	struct store *s = kb_memory();
	struct session_row row = {.session = S, .last_seq = 7};
	struct desk_step read = moved(2, 2, 0);
	struct desk_known *known;
	struct arena a;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	assert_ok(store_session_put(s, &row, &err), err);
	put(s, moved(0, 1, 1000));
	put(s, said(DESK_LEARNER, "", 2, "one"));
	put(s, moved(1, 2, 4000));
	put(s, said(DESK_LEARNER, "", 3, "two"));
	put(s, said(DESK_NOTE, "", 0, "note"));
	read.has = DESK_READS;
	read.chat.read = 1;
	put(s, read);
	assert_ok(store_desk_all(s, &a, &known, &n, &err), err);
	assert_int_equal(n, 1);
	assert_int_equal(known[0].chat.state, 2);
	assert_str(known[0].chat.agent, "lin");
	assert_str(known[0].chat.team, "售后");
	assert_int_equal(known[0].unread, 1);
	assert_int_equal(known[0].seq, 7);
	assert_str(known[0].last.text, "two");
	put(s, moved(2, 0, 9000));
	assert_ok(store_desk_all(s, &a, &known, &n, &err), err);
	assert_int_equal(n, 0);
	arena_done(&a);
	store_close(s);
}

static void raw_words_go_when_the_bot_has_it_again(void **state)
{
	struct store *s = kb_memory();
	struct desk_step over = moved(2, 0, 9000);
	struct desk_line *lines;
	struct arena a;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	put(s, said(DESK_LEARNER, "", 2, "masked"));
	over.has |= DESK_WIPES;
	put(s, over);
	assert_ok(store_desk_lines(s, &a, S, 0, 9, &lines, &n, &err), err);
	assert_int_equal(n, 1);
	assert_str(lines[0].text, "masked");
	assert_int_equal(lines[0].raw.n, 0);
	arena_done(&a);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_numbered_and_what_is_said_again_is_no_second_one),
		cmocka_unit_test(a_frame_of_a_line_that_is_there_already_is_not_kept),
		cmocka_unit_test(what_a_restart_finds),
		cmocka_unit_test(raw_words_go_when_the_bot_has_it_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

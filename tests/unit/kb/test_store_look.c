#include "unit/kb/kb.h"

#include <stdio.h>

#include "kb/store_look.h"
#include "kb/store_stats.h"

struct fixture {
	struct store *s;
	struct arena a;
};

/* The learner says something and gets a reply. */
static void say(struct fixture *x, const char *session, int64_t seq, int64_t at, const char *text,
		const char *intent, const char *source)
{
	struct talk_row row = {.session = str_of(session),
			       .seq = seq,
			       .at_unix_ms = at,
			       .side = TALK_USER,
			       .text = str_of(text)};
	struct session_row s = {
		.session = str_of(session), .lang = STR("zh"), .last_seq = seq, .seen_unix_ms = at};
	struct err err;

	assert_ok(store_talk_put(x->s, &row, &err), err);
	row.side = TALK_BOT;
	row.text = STR("reply");
	row.intent = str_of(intent);
	row.source = str_of(source);
	row.json = STR("{}");
	assert_ok(store_talk_put(x->s, &row, &err), err);
	assert_ok(store_session_put(x->s, &s, &err), err);
}

static void feel(struct fixture *x, const char *session, int64_t seq, int64_t at, bool helpful)
{
	struct feedback_row row = {
		.session = str_of(session), .seq = seq, .helpful = helpful, .at_unix_ms = at};
	struct err err;

	assert_ok(store_feedback_put(x->s, &row, &err), err);
}

static size_t count(struct fixture *x, struct look what)
{
	struct look_row *rows;
	struct err err;
	size_t n;

	what.max = 100;
	if (!what.before_unix_ms)
		what.before_unix_ms = INT64_MAX;
	assert_ok(store_look(x->s, &x->a, &what, &rows, &n, &err), err);
	return n;
}

static void everything_that_is_looked_for_must_hold(void **state)
{
	struct fixture *x = *state;

	say(x, "s1", 2, 1000, "Hello World", "hello", "rule");
	say(x, "s1", 3, 1001, "50% off_", "", "fallback");
	say(x, "s2", 2, 2000, "refund", "refund", "phrase");
	feel(x, "s2", 2, 2001, false);
	assert_int_equal(count(x, (struct look){.feedback = -1}), 2);
	assert_int_equal(count(x, (struct look){.feedback = -1, .words = STR("hello w")}), 1);
	assert_int_equal(count(x, (struct look){.feedback = -1, .words = STR("REPLY")}), 2);
	assert_int_equal(count(x, (struct look){.feedback = -1, .words = STR("50%")}), 1);
	assert_int_equal(count(x, (struct look){.feedback = -1, .words = STR("5%o")}), 0);
	assert_int_equal(count(x, (struct look){.feedback = -1, .unanswered = true}), 1);
	assert_int_equal(count(x, (struct look){.feedback = 0}), 1);
	assert_int_equal(count(x, (struct look){.feedback = 1}), 0);
	assert_int_equal(count(x, (struct look){.feedback = -1, .source = STR("phrase")}), 1);
	assert_int_equal(
		count(x, (struct look){.feedback = -1, .intent = STR("hello"), .unanswered = true}),
		1);
	assert_int_equal(
		count(x, (struct look){.feedback = 0, .intent = STR("hello"), .unanswered = true}),
		0);
	assert_int_equal(count(x, (struct look){.feedback = -1, .handoff = true}), 0);
}

static void conversations_of_one_moment_are_each_listed_once(void **state)
{
	struct fixture *x = *state;
	struct look what = {.feedback = -1, .before_unix_ms = INT64_MAX, .max = 3};
	struct look_row *rows;
	char name[16];
	size_t n, seen = 0;
	struct err err;

	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof name, "s%d", i);
		say(x, name, 2, 5000, "text", "hello", "rule");
	}
	do {
		assert_ok(store_look(x->s, &x->a, &what, &rows, &n, &err), err);
		seen += n;
		if (n) {
			what.before_unix_ms = rows[n - 1].seen_unix_ms;
			what.before_session = rows[n - 1].session;
		}
	} while (n);
	assert_int_equal(seen, 10);
}

static void the_newest_lines_come_in_order(void **state)
{
	struct fixture *x = *state;
	struct look_line *lines;
	struct err err;
	size_t n;

	for (int i = 0; i < 6; i++)
		say(x, "s1", 2 + i, 1000 + i, "text", "hello", "rule");
	feel(x, "s1", 7, 2000, true);
	assert_ok(store_look_lines(x->s, &x->a, STR("s1"), 5, &lines, &n, &err), err);
	assert_int_equal(n, 5);
	assert_int_equal(lines[0].seq, 5);
	assert_int_equal(lines[0].side, TALK_BOT);
	assert_int_equal(lines[1].side, TALK_USER);
	assert_int_equal(lines[4].seq, 7);
	assert_int_equal(lines[4].helpful, 1);
	assert_int_equal(lines[2].helpful, -1);
}

static void a_question_that_takes_too_long_is_given_up(void **state)
{
	struct fixture *x = *state;
	struct look what = {
		.feedback = -1, .before_unix_ms = INT64_MAX, .max = 10, .words = STR("nowhere")};
	struct look_row *rows;
	struct err err;
	size_t n;
	char name[16];

	assert_ok(store_begin(x->s, &err), err);
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof name, "s%d", i);
		say(x, name, 2, i, "text", "hello", "rule");
	}
	assert_ok(store_commit(x->s, &err), err);
	store_deadline(x->s, 1);
	assert_int_equal(store_look(x->s, &x->a, &what, &rows, &n, &err), ERR_BUSY);
	assert_non_null(strstr(err.text, "too long"));
	store_deadline(x->s, 0);
	assert_ok(store_look(x->s, &x->a, &what, &rows, &n, &err), err);
	assert_int_equal(n, 0);
}

/* ---- numbers ---- */

static void numbers_fall_into_their_steps(void **state)
{
	struct fixture *x = *state;
	struct minute_row minute = {
		.at_unix_ms = 2000, .process = 1, .turns = 3, .buckets = STR("10:2 12:1")};
	struct stats stats;
	struct err err;

	say(x, "s1", 2, 999, "before", "hello", "rule");
	say(x, "s1", 3, 1000, "first", "hello", "rule");
	say(x, "s1", 4, 1999, "still the first", "faq:a", "faq");
	say(x, "s1", 5, 2000, "second", "", "fallback");
	say(x, "s2", 2, 2500, "second", "", "ask");
	say(x, "s2", 3, 3000, "after", "hello", "rule");
	feel(x, "s1", 3, 1500, true);
	feel(x, "s1", 4, 2999, false);
	assert_ok(store_minute_put(x->s, &minute, &err), err);
	minute.process = 2;
	assert_ok(store_minute_put(x->s, &minute, &err), err);
	assert_ok(store_stats(x->s, &x->a, 1000, 1000, 2, &stats, &err), err);
	assert_int_equal(stats.points[0].messages, 2);
	assert_int_equal(stats.points[0].answered, 2);
	assert_int_equal(stats.points[0].sessions, 1);
	assert_int_equal(stats.points[0].up, 1);
	assert_int_equal(stats.points[1].messages, 2);
	assert_int_equal(stats.points[1].asked, 1);
	assert_int_equal(stats.points[1].fallbacks, 1);
	assert_int_equal(stats.points[1].down, 1);
	assert_int_equal(stats.points[1].turns, 6);
	assert_int_equal(stats.points[1].counts[10], 4);
	assert_int_equal(stats.total.messages, 4);
	assert_int_equal(stats.total.sessions, 2);
	assert_int_equal(stats.n_intents, 1);
	assert_true(str_eq(stats.intents[0].name, STR("hello")));
	assert_int_equal(stats.intents[0].n, 1);
	assert_true(str_eq(stats.faq[0].name, STR("a")));
}

static void the_most_frequent_come_first(void **state)
{
	struct fixture *x = *state;
	struct stats stats;
	struct err err;
	char name[16];
	int64_t seq = 1, total = 0;

	for (int i = 0; i < STATS_TOP + 15; i++) {
		/* 11 steps through them all in an order that is neither up nor down */
		int which = i * 11 % (STATS_TOP + 15);

		snprintf(name, sizeof name, "intent%02d", which);
		for (int k = 0; k <= which / 2; k++, total++)
			say(x, "s1", ++seq, 1000, "text", name, "rule");
	}
	assert_ok(store_stats(x->s, &x->a, 0, 60000, 1, &stats, &err), err);
	assert_int_equal(stats.total.messages, total);
	assert_int_equal(stats.total.sessions, 1);
	assert_int_equal(stats.n_intents, STATS_TOP);
	for (size_t i = 0; i < STATS_TOP; i++) {
		/* 34: 18 times, 32 and 33: 17 times each, the first by name first, … */
		int which = i ? 33 - ((int)i - 1) / 2 * 2 - ((int)i % 2 ? 1 : 0) : 34;

		snprintf(name, sizeof name, "intent%02d", which);
		assert_true(str_eq(stats.intents[i].name, str_of(name)));
		assert_int_equal(stats.intents[i].n, which / 2 + 1);
	}
}

static void an_empty_time_has_points_of_nothing(void **state)
{
	struct fixture *x = *state;
	struct stats stats;
	struct err err;

	assert_ok(store_stats(x->s, &x->a, 0, 60000, 1000, &stats, &err), err);
	assert_int_equal(stats.points[999].messages, 0);
	assert_int_equal(stats.total.messages, 0);
	assert_true(turn_percentile(stats.total.counts, 0.5) < 0);
	assert_int_equal(stats.n_intents + stats.n_faq, 0);
}

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);

	x->s = kb_memory();
	arena_init(&x->a);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	store_close(x->s);
	arena_done(&x->a);
	free(x);
	return 0;
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(everything_that_is_looked_for_must_hold),
		FRESH(conversations_of_one_moment_are_each_listed_once),
		FRESH(the_newest_lines_come_in_order),
		FRESH(a_question_that_takes_too_long_is_given_up),
		FRESH(numbers_fall_into_their_steps),
		FRESH(the_most_frequent_come_first),
		FRESH(an_empty_time_has_points_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

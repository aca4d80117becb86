#include "unit/core/writer_fixture.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "text/arena.h"

static struct talk_row talk(int64_t seq)
{
	return (struct talk_row){
		.session = STR("0123456789abcdef0123456789abcdef"),
		.user = STR("u1"),
		.seq = seq,
		.at_unix_ms = 1772330400000 + seq,
		.side = TALK_BOT,
		.text = STR("退款已提交"),
		.json = STR("{}"),
	};
}

/* Frames of the test's session that are on the disk. */
static size_t talk_on_disk(int64_t *last)
{
	struct store *s = NULL;
	struct talk_row *rows;
	struct arena a;
	struct err err;
	size_t n;

	arena_init(&a);
	assert_int_equal(store_open(db, STORE_READ, &s, &err), 0);
	assert_int_equal(store_talk_since(s, &a, talk(0).session, 0, 1000000, &rows, &n, &err), 0);
	if (last)
		*last = n ? rows[n - 1].seq : 0;
	store_close(s);
	arena_done(&a);
	return n;
}

static void rows_of_every_kind_are_on_the_disk_after_the_stop(void **state)
{
	struct writer *w = started(100);
	struct session_row session = {.session = STR("s1"), .state = STR("{\"misses\":1}")};
	struct feedback_row feedback = {.session = STR("s1"), .seq = 2, .helpful = true};
	struct handoff_row handoff = {.session = STR("s1"), .team = STR("售后")};
	struct talk_row row = talk(1);
	struct event e = viewed(5);
	struct session_row got;
	struct store *s;
	struct arena a;
	struct err err;

	(void)state;
	assert_int_equal(writer_talk(w, &row), 0);
	assert_int_equal(writer_session(w, &session), 0);
	assert_int_equal(writer_feedback(w, &feedback, 0), 0);
	assert_int_equal(writer_handoff(w, &handoff), 0);
	assert_int_equal(writer_events(w, &e, 1, 0), 0);
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(talk_on_disk(NULL), 1);
	assert_int_equal(events_on_disk(), 1);
	arena_init(&a);
	assert_int_equal(store_open(db, STORE_READ, &s, &err), 0);
	assert_int_equal(store_session_get(s, &a, STR("s1"), &got, &err), 0);
	assert_str(got.state, "{\"misses\":1}");
	store_close(s);
	arena_done(&a);
}

static void a_ticket_comes_back_when_its_rows_are_on_the_disk(void **state)
{
	struct writer *w = started(100);
	struct event events[2] = {viewed(1), viewed(2)};
	struct feedback_row feedback = {.session = STR("s1"), .seq = 2};
	struct writer_result r;

	(void)state;
	events[1].course = STR("js201");
	assert_int_equal(writer_events(w, events, 2, 41), 0);
	events[0].user = events[1].course = STR_NONE; /* it has copies */
	r = result_of(w);
	assert_int_equal(r.ticket, 41);
	assert_int_equal(r.code, 0);
	assert_int_equal(r.n_events, 2);
	assert_str(r.events[0].user, "u1");
	assert_str(r.events[1].course, "js201");
	assert_int_equal(events_on_disk(), 2);
	writer_result_done(&r);
	assert_int_equal(writer_feedback(w, &feedback, 42), 0);
	r = result_of(w);
	assert_int_equal(r.ticket, 42);
	assert_int_equal(r.code, 0);
	assert_null(r.events);
	writer_result_done(&r);
	/* Events come back for the profiles even when nobody waits for them. */
	assert_int_equal(writer_events(w, events, 0, 43), 0);
	events[0] = viewed(7);
	assert_int_equal(writer_events(w, events, 1, 0), 0);
	r = result_of(w);
	assert_int_equal(r.ticket, 43);
	writer_result_done(&r);
	r = result_of(w);
	assert_int_equal(r.ticket, 0);
	assert_int_equal(r.n_events, 1);
	writer_result_done(&r);
	assert_int_equal(writer_stop(w, 5000), 0);
}

static void many_rows_share_a_commit_and_keep_their_order(void **state)
{
	struct writer *w = started(100000);
	struct writer_stats stats;
	int64_t last;

	(void)state;
	for (int64_t seq = 1; seq <= 5000; seq++) {
		struct talk_row row = talk(seq);

		assert_int_equal(writer_talk(w, &row), 0);
	}
	do
		writer_stats(w, &stats);
	while (stats.queued && !usleep(1000));
	assert_int_equal(stats.committed, 5000);
	assert_true(stats.commits < 500);
	assert_int_equal(stats.dropped, 0);
	assert_string_equal(stats.last_error, "");
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(talk_on_disk(&last), 5000);
	assert_int_equal(last, 5000);
}

static void a_row_refused_for_its_own_fault_leaves_the_others_alone(void **state)
{
	struct writer *w = started(100);
	struct event good = viewed(1), bad[2] = {viewed(2), viewed(3)};
	struct talk_row row = talk(1);
	struct writer_stats stats;
	struct writer_result r[3];

	(void)state;
	gather_begin(w);
	bad[1].value = NAN; /* which is NULL to SQLite */
	assert_int_equal(writer_talk(w, &row), 0);
	row = talk(2);
	row.score = NAN;
	assert_int_equal(writer_talk(w, &row), 0);
	row = talk(3);
	assert_int_equal(writer_talk(w, &row), 0);
	assert_int_equal(writer_events(w, bad, 2, 50), 0);
	assert_int_equal(writer_events(w, &good, 1, 51), 0);
	gather_end();
	r[0] = result_of(w);
	r[1] = result_of(w);
	r[2] = r[0].ticket == 50 ? r[0] : r[1];
	assert_int_equal(r[2].ticket, 50);
	assert_int_equal(r[2].code, ERR_INVALID);
	assert_null(r[2].events);
	assert_non_null(strstr(r[2].text, "a rule of the table was broken"));
	r[2] = r[0].ticket == 51 ? r[0] : r[1];
	assert_int_equal(r[2].ticket, 51);
	assert_int_equal(r[2].code, 0);
	writer_result_done(&r[0]);
	writer_result_done(&r[1]);
	do
		writer_stats(w, &stats);
	while (stats.queued && !usleep(1000));
	assert_int_equal(stats.dropped, 3);
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(talk_on_disk(NULL), 2);
	assert_int_equal(events_on_disk(), 1);
}

static void a_full_queue_drops_the_oldest_talk_and_refuses_the_rest(void **state)
{
	struct writer *w;
	struct store *lock;
	struct writer_stats stats;
	struct event e[11] = {viewed(1), viewed(2)};
	int64_t last;
	struct err err;

	(void)state;
	w = started(10);
	assert_int_equal(store_open(db, STORE_WRITE, &lock, &err), 0);
	assert_int_equal(store_begin(lock, &err), 0);
	assert_int_equal(writer_events(w, e, 2, 0), 0);
	for (int64_t seq = 1; seq <= 100; seq++) {
		struct talk_row row = talk(seq);
		int code = writer_talk(w, &row);

		assert_true(code == 0 || code == ERR_BUSY);
	}
	writer_stats(w, &stats);
	assert_int_equal(stats.queued, 10);
	assert_int_equal(stats.dropped, 92);
	assert_int_equal(writer_events(w, e, 1, 60), ERR_BUSY);
	assert_int_equal(writer_events(w, e, 11, 61), ERR_LIMIT);
	store_rollback(lock);
	store_close(lock);
	assert_int_equal(writer_stop(w, 5000), 0);
	assert_int_equal(talk_on_disk(&last), 8);
	assert_int_equal(events_on_disk(), 1); /* one course */
}

static void a_locked_database_is_waited_for(void **state)
{
	struct writer *w = started(100);
	struct writer_stats stats;
	struct writer_result r;
	struct event e = viewed(1);
	struct store *lock;
	struct err err;

	(void)state;
	assert_int_equal(store_open(db, STORE_WRITE, &lock, &err), 0);
	assert_int_equal(store_begin(lock, &err), 0);
	assert_int_equal(writer_events(w, &e, 1, 70), 0);
	/* The first try fails; the ticket stays. */
	do {
		assert_false(writer_take(w, &r));
		writer_stats(w, &stats);
	} while (!stats.errors && !usleep(1000));
	assert_non_null(strstr(stats.last_error, "locked"));
	store_rollback(lock);
	store_close(lock);
	r = result_of(w);
	assert_int_equal(r.code, 0);
	writer_result_done(&r);
	writer_stats(w, &stats);
	assert_string_equal(stats.last_error, "");
	assert_int_equal(writer_stop(w, 5000), 0);
}

static void a_database_locked_for_long_gives_tickets_back(void **state)
{
	struct writer *w = started(100);
	struct writer_result r;
	struct event e = viewed(1);
	struct talk_row row = talk(1);
	struct store *lock;
	struct err err;

	(void)state;
	assert_int_equal(store_open(db, STORE_WRITE, &lock, &err), 0);
	assert_int_equal(store_begin(lock, &err), 0);
	assert_int_equal(writer_events(w, &e, 1, 71), 0);
	assert_int_equal(writer_talk(w, &row), 0);
	r = result_of(w);
	assert_int_equal(r.ticket, 71);
	assert_int_equal(r.code, ERR_BUSY);
	assert_non_null(strstr(r.text, "locked"));
	/* Stopped while locked: what is left is told. */
	assert_int_equal(writer_stop(w, 0), 1);
	store_rollback(lock);
	store_close(lock);
	assert_int_equal(events_on_disk(), 0);
}

/* In a child of its own: the limit on the size of files is the whole process's. */
static int disk_full_child(void)
{
	struct rlimit limit = {1 << 20, RLIM_INFINITY};
	struct writer *w = started(100000);
	struct event e = viewed(1);
	struct writer_stats stats;
	struct writer_result r;
	char big[20000];

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	memset(big, 'x', sizeof big);
	for (int64_t seq = 1; seq <= 200; seq++) { /* 4 MB */
		struct talk_row row = talk(seq);

		row.json = (struct str){big, sizeof big};
		if (writer_talk(w, &row))
			return 1;
	}
	do
		writer_stats(w, &stats);
	while (!stats.errors && !usleep(1000));
	if (!stats.last_error[0] || stats.dropped)
		return 2;
	if (writer_events(w, &e, 1, 80))
		return 3;
	r = result_of(w);
	if (r.ticket != 80 || !r.code || r.events || !r.text[0])
		return 4;
	limit.rlim_cur = RLIM_INFINITY; /* somebody made room */
	setrlimit(RLIMIT_FSIZE, &limit);
	do
		writer_stats(w, &stats);
	while (stats.queued && !usleep(1000));
	if (stats.last_error[0] || stats.dropped)
		return 5;
	return writer_stop(w, 5000) ? 6 : 0;
}

static void a_full_disk_keeps_talk_and_gives_tickets_back(void **state)
{
	int64_t last;
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (!pid)
		_exit(disk_full_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(talk_on_disk(&last), 200);
	assert_int_equal(last, 200);
	assert_int_equal(events_on_disk(), 0);
}

/* Acknowledges events for ever; each acknowledged time goes to `out`. */
static void acknowledging_child(int out)
{
	struct writer *w = started(1000);

	for (int64_t at = 1;; at++) {
		struct event e = viewed(at);
		struct writer_result r;
		char course[24];

		snprintf(course, sizeof course, "c%lld", (long long)at);
		e.course = str_of(course);
		if (writer_events(w, &e, 1, (uint64_t)at))
			_exit(1);
		if (at % 8)
			continue; /* several in flight */
		for (int i = 0; i < 8; i++) {
			r = result_of(w);
			if (r.code || write(out, &r.ticket, sizeof r.ticket) != sizeof r.ticket)
				_exit(2);
			writer_result_done(&r);
		}
	}
}

static void what_was_acknowledged_survives_a_kill(void **state)
{
	uint64_t acknowledged = 0, ticket;
	int out[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		acknowledging_child(out[1]);
	close(out[1]);
	while (acknowledged < 200 && read(out[0], &ticket, sizeof ticket) == sizeof ticket)
		acknowledged++;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	while (read(out[0], &ticket, sizeof ticket) == sizeof ticket)
		acknowledged++;
	close(out[0]);
	assert_true(acknowledged >= 200);
	assert_true(events_on_disk() >= acknowledged);
}

static void a_database_that_cannot_be_opened_says_so_at_the_start(void **state)
{
	struct writer *w = NULL;
	struct err err;

	(void)state;
	assert_int_equal(writer_start("/nowhere/kefu.db", 10, wake, &wake_pipe[1], &w, &err),
			 ERR_NOT_FOUND);
	assert_null(w);
	assert_non_null(strstr(err.text, "/nowhere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(rows_of_every_kind_are_on_the_disk_after_the_stop),
		WRITER_TEST(a_ticket_comes_back_when_its_rows_are_on_the_disk),
		WRITER_TEST(many_rows_share_a_commit_and_keep_their_order),
		WRITER_TEST(a_row_refused_for_its_own_fault_leaves_the_others_alone),
		WRITER_TEST(a_full_queue_drops_the_oldest_talk_and_refuses_the_rest),
		WRITER_TEST(a_locked_database_is_waited_for),
		WRITER_TEST(a_database_locked_for_long_gives_tickets_back),
		WRITER_TEST(a_full_disk_keeps_talk_and_gives_tickets_back),
		WRITER_TEST(what_was_acknowledged_survives_a_kill),
		WRITER_TEST(a_database_that_cannot_be_opened_says_so_at_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

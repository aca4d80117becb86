#include "unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "child.h"
#include "deadline.h"

enum { PLENTY_MS = 60000 };

/* Programs of the test are one-liners of sh; the code under test starts no shell by itself. */
static int run_with(const char *script, struct str in, size_t out_max, int ms, int quit_fd,
		    struct buf *out, struct err *err)
{
	char sh[] = "sh", c[] = "-c", text[600], *argv[] = {sh, c, text, NULL};
	struct child_job job = {.argv = argv,
				.in = in,
				.out_max = out_max,
				.deadline = deadline_in(ms),
				.quit_fd = quit_fd};

	snprintf(text, sizeof text, "%s", script);
	return child_run(&job, out, err);
}

static int run(const char *script, struct str in, struct buf *out, struct err *err)
{
	return run_with(script, in, 1 << 20, PLENTY_MS, -1, out, err);
}

static void what_goes_in_comes_out(void **state)
{
	struct buf out = {0}, in = {0};
	struct err err;

	(void)state;
	for (int i = 0; i < 60000; i++)
		buf_printf(&in, "line %d\n", i);
	assert_int_equal(run("cat", buf_view(&in), &out, &err), 0);
	assert_true(str_eq(buf_view(&in), buf_view(&out)));
	buf_done(&in);
	buf_done(&out);
}

static void a_program_may_leave_its_input_unread(void **state)
{
	struct buf out = {0}, in = {0};
	struct err err;

	(void)state;
	buf_reserve(&in, 1 << 20);
	memset(in.p, 'x', 1 << 20);
	in.n = 1 << 20;
	assert_int_equal(run("exec <&-; echo enough", buf_view(&in), &out, &err), 0);
	assert_true(str_eq(buf_view(&out), STR("enough\n")));
	buf_done(&in);
	buf_done(&out);
}

static void a_status_and_a_signal_are_failures_that_are_named(void **state)
{
	struct buf out = {0};
	struct err err;

	(void)state;
	assert_int_equal(run("echo half; exit 3", STR_NONE, &out, &err), ERR_IO);
	assert_non_null(strstr(err.text, "status 3"));
	assert_int_equal(run("kill -SEGV $$", STR_NONE, &out, &err), ERR_IO);
	assert_non_null(strstr(err.text, "signal 11"));
	buf_done(&out);
}

static void a_program_that_is_not_there_cannot_be_started(void **state)
{
	char name[] = "/nowhere/at-all", *argv[] = {name, NULL};
	struct child_job job = {.argv = argv, .deadline = deadline_in(PLENTY_MS), .quit_fd = -1};
	struct buf out = {0};
	struct err err;

	(void)state;
	assert_int_equal(child_run(&job, &out, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nowhere/at-all"));
	assert_false(child_exists(name));
	assert_true(child_exists("sh"));
	assert_true(child_exists("/bin/sh"));
	assert_false(child_exists("no-such-program-here"));
	buf_done(&out);
}

static void one_that_writes_for_ever_is_stopped(void **state)
{
	struct buf out = {0};
	struct err err;

	(void)state;
	assert_int_equal(run_with("cat /dev/zero", STR_NONE, 100000, PLENTY_MS, -1, &out, &err),
			 ERR_LIMIT);
	assert_true(out.n < 400000);
	buf_done(&out);
}

static void one_that_hangs_is_stopped_at_its_deadline(void **state)
{
	static const char *const hangs[] = {"sleep 1000", "exec >&-; sleep 1000",
					    "trap '' TERM INT HUP; while :; do sleep 1; done"};
	struct buf out = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof hangs / sizeof hangs[0]; i++)
		assert_int_equal(run_with(hangs[i], STR("never read"), 1000, 150, -1, &out, &err),
				 ERR_BUSY);
	buf_done(&out);
}

static void it_stops_when_all_is_to_stop(void **state)
{
	struct buf out = {0};
	struct err err;
	int quit = eventfd(1, EFD_CLOEXEC);

	(void)state;
	assert_int_equal(run_with("sleep 1000", STR_NONE, 1000, PLENTY_MS, quit, &out, &err),
			 ERR_BUSY);
	close(quit);
	buf_done(&out);
}

static void what_it_started_goes_with_it(void **state)
{
	struct buf out = {0};
	struct err err;
	int left;

	(void)state;
	/* One that has let go of the pipe, of a parent that ended well. */
	assert_int_equal(run("sleep 1000 >&- & echo $!", STR_NONE, &out, &err), 0);
	buf_char(&out, '\0');
	left = atoi(out.p);
	assert_true(left > 1);
	/* Killed already; whoever adopts orphans here may be slow to reap it. */
	for (int i = 0; i < 500 && kill(left, 0) == 0; i++) {
		char path[64], text[256] = "";
		int fd;

		snprintf(path, sizeof path, "/proc/%d/stat", left);
		fd = open(path, O_RDONLY);
		if (fd >= 0 && read(fd, text, sizeof text - 1) > 0 && strstr(text, ") Z")) {
			close(fd);
			break;
		}
		if (fd >= 0)
			close(fd);
		assert_true(i < 499);
		usleep(10000);
	}
	buf_done(&out);
}

static void it_is_given_no_descriptors_and_no_environment_of_ours(void **state)
{
	struct buf out = {0};
	struct err err;
	int fd = open("/dev/zero", O_RDONLY); /* without O_CLOEXEC, as a library might */

	(void)state;
	setenv("KEFU_API_KEY", "secret", 1);
	assert_int_equal(run("env; ls -l /proc/$$/fd; true", STR_NONE, &out, &err), 0);
	assert_int_not_equal(str_find(buf_view(&out), STR("LANG=C.UTF-8"), 0), SIZE_MAX);
	assert_int_not_equal(str_find(buf_view(&out), STR("2 -> /dev/null"), 0), SIZE_MAX);
	assert_int_equal(str_find(buf_view(&out), STR("/dev/zero"), 0), SIZE_MAX);
	assert_int_equal(str_find(buf_view(&out), STR("secret"), 0), SIZE_MAX);
	unsetenv("KEFU_API_KEY");
	close(fd);
	buf_done(&out);
}

static void signals_work_in_it_as_usual(void **state)
{
	struct buf out = {0};
	struct err err;
	sigset_t all, old;

	(void)state;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	assert_int_equal(
		run("exec grep -e SigBlk -e SigIgn /proc/self/status", STR_NONE, &out, &err), 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	buf_char(&out, '\0');
	/* Two signals are the C library's own affair. */
	assert_int_equal(strtoull(strstr(out.p, "SigBlk:") + 8, NULL, 16), 0);
	assert_int_equal(strtoull(strstr(out.p, "SigIgn:") + 8, NULL, 16) & 0x7fffffff, 0);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(a_program_may_leave_its_input_unread),
		cmocka_unit_test(a_status_and_a_signal_are_failures_that_are_named),
		cmocka_unit_test(a_program_that_is_not_there_cannot_be_started),
		cmocka_unit_test(one_that_writes_for_ever_is_stopped),
		cmocka_unit_test(one_that_hangs_is_stopped_at_its_deadline),
		cmocka_unit_test(it_stops_when_all_is_to_stop),
		cmocka_unit_test(what_it_started_goes_with_it),
		cmocka_unit_test(it_is_given_no_descriptors_and_no_environment_of_ours),
		cmocka_unit_test(signals_work_in_it_as_usual),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

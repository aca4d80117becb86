#include "unit/kb/kb.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	kb_folder(folder);
	snprintf(path, sizeof path, "%s/kefu.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	kb_folder_done(folder);
	return 0;
}

static void write_file(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* The words of the error of an open that must fail with `code`. */
static struct err refused(const char *name, enum store_mode mode, enum err_code code)
{
	struct store *s = NULL;
	struct err err = {0};

	assert_int_equal(store_open(name, mode, &s, &err), code);
	assert_int_equal(err.code, code);
	assert_null(s);
	assert_null(strchr(err.text, '\n'));
	return err;
}

static void a_new_file_is_created_and_opens_again(void **state)
{
	struct store *s, *reader;
	struct err err;
	struct arena a;
	const struct catalogue *c;
	struct course course = kb_course("py", "Python入门");

	(void)state;
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	assert_ok(course_put(s, &course, &err), err);
	assert_ok(store_check(s, &err), err);
	assert_ok(store_open(path, STORE_READ, &reader, &err), err);
	arena_init(&a);
	assert_ok(catalogue_read(reader, &a, &c, &err), err);
	assert_int_equal(c->n, 1);
	assert_str(c->courses[0].title, "Python入门");
	assert_int_equal(course_put(reader, &course, &err), ERR_DENIED);
	assert_says(err, "read-only");
	store_close(reader);
	store_close(s);
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	assert_ok(catalogue_read(s, &a, &c, &err), err);
	assert_int_equal(c->n, 1);
	store_close(s);
	arena_done(&a);
}

static void a_missing_folder_or_file_is_said(void **state)
{
	char deep[192];
	struct err err;

	(void)state;
	snprintf(deep, sizeof deep, "%s/none/kefu.db", folder);
	err = refused(deep, STORE_WRITE, ERR_NOT_FOUND);
	assert_says(err, "/none'");
	assert_says(err, "there is no folder");
	err = refused(path, STORE_READ, ERR_NOT_FOUND);
	assert_says(err, "no such file");
	assert_int_equal(access(path, F_OK), -1);
	err = refused(folder, STORE_WRITE, ERR_INVALID);
	assert_says(err, "is a folder");
}

static void what_is_not_a_database_is_left_as_it_is(void **state)
{
	char words[4096], again[4096];
	struct err err;
	FILE *f;

	(void)state;
	memset(words, 'x', sizeof words);
	write_file(path, words, sizeof words);
	err = refused(path, STORE_WRITE, ERR_CORRUPT);
	assert_says(err, "not a SQLite database");
	refused(path, STORE_READ, ERR_CORRUPT);
	f = fopen(path, "rb");
	assert_int_equal(fread(again, 1, sizeof again, f), sizeof again);
	fclose(f);
	assert_memory_equal(words, again, sizeof words);
}

static void run_sql(const char *sql)
{
	char command[512];

	snprintf(command, sizeof command, "sqlite3 %s \"%s\" > /dev/null", path, sql);
	assert_int_equal(system(command), 0);
}

static void the_database_of_another_program_is_refused(void **state)
{
	(void)state;
	run_sql("CREATE TABLE t (x)");
	assert_says(refused(path, STORE_WRITE, ERR_INVALID), "another program");
}

static void an_empty_file_is_filled_by_a_writer_only(void **state)
{
	struct store *s;
	struct err err;

	(void)state;
	write_file(path, "", 0);
	assert_says(refused(path, STORE_READ, ERR_UNSUPPORTED), "empty");
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	store_close(s);
}

static void a_newer_version_is_refused(void **state)
{
	struct store *s;
	struct err err;

	(void)state;
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	store_close(s);
	run_sql("PRAGMA user_version = 999");
	err = refused(path, STORE_WRITE, ERR_UNSUPPORTED);
	assert_says(err, "newer kefu");
	assert_says(err, "999");
}

static void damage_is_found_and_said(void **state)
{
	unsigned char noise[4096 * 6];
	struct store *s;
	struct err err;
	struct arena a;
	const struct catalogue *c;
	int fd, rc;

	(void)state;
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	assert_ok(store_begin(s, &err), err);
	for (int i = 0; i < 3000; i++) {
		char id[24];
		struct course course;

		snprintf(id, sizeof id, "course%d", i);
		course = kb_course(id, "a title of some length to fill the page");
		assert_ok(course_put(s, &course, &err), err);
	}
	assert_ok(store_commit(s, &err), err);
	store_close(s);
	memset(noise, 0x5a, sizeof noise);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, noise, sizeof noise, 4096 * 60), sizeof noise);
	close(fd);
	assert_ok(store_open(path, STORE_READ, &s, &err), err);
	assert_int_equal(store_check(s, &err), ERR_CORRUPT);
	assert_says(err, "damaged");
	arena_init(&a);
	rc = catalogue_read(s, &a, &c, &err);
	assert_int_equal(rc, ERR_CORRUPT);
	assert_says(err, "restore a backup");
	arena_done(&a);
	store_close(s);
}

static void a_lock_of_another_writer_is_waited_for_then_said(void **state)
{
	struct store *one, *two;
	struct err err;

	(void)state;
	assert_ok(store_open(path, STORE_WRITE, &one, &err), err);
	assert_ok(store_open(path, STORE_WRITE, &two, &err), err);
	store_wait(two, 20);
	assert_ok(store_begin(one, &err), err);
	assert_int_equal(store_begin(two, &err), ERR_BUSY);
	assert_says(err, "locked");
	assert_ok(store_commit(one, &err), err);
	assert_ok(store_begin(two, &err), err);
	store_rollback(two);
	store_close(one);
	store_close(two);
}

static void rollback_undoes_all_since_begin(void **state)
{
	struct store *s = kb_memory();
	struct err err;
	struct profiles *p = profiles_new();

	(void)state;
	kb_put(s, "u", "kept", EVENT_VIEW, 1);
	assert_ok(store_begin(s, &err), err);
	kb_put(s, "u", "undone", EVENT_VIEW, 2);
	store_rollback(s);
	store_rollback(s);
	assert_ok(profiles_read(p, s, NULL, &err), err);
	assert_int_equal(profiles_of(p, STR("u")).n, 1);
	assert_true(store_commit(s, &err) < 0);
	profiles_free(p);
	store_close(s);
}

/* In a child of its own: root may write anywhere, and limits are for ever. */
static void in_child(void (*body)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void open_what_may_only_be_read(void)
{
	struct store *s = NULL;
	struct err err = {0};

	if (geteuid() == 0 && seteuid(65534) < 0)
		_exit(1);
	if (store_open(path, STORE_WRITE, &s, &err) != ERR_DENIED || !strstr(err.text, "read-only"))
		_exit(2);
	if (store_open(path, STORE_READ, &s, &err) != 0)
		_exit(3);
	store_close(s);
}

static void a_read_only_file_in_a_read_only_folder_is_read_not_written(void **state)
{
	struct store *s;
	struct err err;

	(void)state;
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	store_close(s);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	in_child(open_what_may_only_be_read);
}

static void write_past_the_limit(void)
{
	struct rlimit limit = {600000, 600000}; /* the empty tables take half */
	struct store *s = NULL;
	struct err err = {0};
	int rc = 0;

	signal(SIGXFSZ, SIG_IGN);
	if (store_open(path, STORE_WRITE, &s, &err) != 0 || setrlimit(RLIMIT_FSIZE, &limit) < 0)
		_exit(1);
	for (int i = 0; i < 10000 && rc == 0; i++) {
		char id[24];
		struct course course;

		snprintf(id, sizeof id, "course%d", i);
		course = kb_course(id, "a title");
		rc = course_put(s, &course, &err);
	}
	if (rc != ERR_IO || !strstr(err.text, "check the disk and its limits"))

		_exit(2);
	store_close(s);
}

static void a_file_size_limit_is_said_and_loses_nothing_saved(void **state)
{
	struct store *s;
	struct err err;
	struct arena a;
	const struct catalogue *c;

	(void)state;
	in_child(write_past_the_limit);
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	assert_ok(store_check(s, &err), err);
	arena_init(&a);
	assert_ok(catalogue_read(s, &a, &c, &err), err);
	assert_true(c->n > 10);
	arena_done(&a);
	store_close(s);
}

/* Puts events and tells each acknowledged one through the pipe, until killed. */
static void put_until_killed(int fd)
{
	struct store *s;
	struct err err;

	if (store_open(path, STORE_WRITE, &s, &err) != 0)
		_exit(1);
	for (int64_t i = 1;; i++) {
		struct event e = kb_event("u", "c", EVENT_VIEW, i);

		if (event_put(s, &e, &err) != 0 || write(fd, &i, sizeof i) != sizeof i)
			_exit(2);
	}
}

static int count_each(void *arg, const struct event *e)
{
	(void)e;
	++*(int64_t *)arg;
	return 0;
}

static void every_acknowledged_event_survives_kill_9(void **state)
{
	int fds[2], status;
	int64_t last = 0, found = 0;
	struct store *s;
	struct err err;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		put_until_killed(fds[1]);
	close(fds[1]);
	while (last < 200)
		assert_int_equal(read(fds[0], &last, sizeof last), sizeof last);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (read(fds[0], &last, sizeof last) == sizeof last)
		;
	close(fds[0]);
	assert_ok(store_open(path, STORE_READ, &s, &err), err);
	assert_ok(event_each(s, STR_NONE, count_each, &found, &err), err);
	assert_true(found >= last);
	assert_true(found <= last + 1);
	store_close(s);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_new_file_is_created_and_opens_again),
		IN_FOLDER(a_missing_folder_or_file_is_said),
		IN_FOLDER(what_is_not_a_database_is_left_as_it_is),
		IN_FOLDER(the_database_of_another_program_is_refused),
		IN_FOLDER(an_empty_file_is_filled_by_a_writer_only),
		IN_FOLDER(a_newer_version_is_refused),
		IN_FOLDER(damage_is_found_and_said),
		IN_FOLDER(a_lock_of_another_writer_is_waited_for_then_said),
		cmocka_unit_test(rollback_undoes_all_since_begin),
		IN_FOLDER(a_read_only_file_in_a_read_only_folder_is_read_not_written),
		IN_FOLDER(a_file_size_limit_is_said_and_loses_nothing_saved),
		IN_FOLDER(every_acknowledged_event_survives_kill_9),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

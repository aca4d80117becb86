#include "unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record_file.h"

static const int64_t noon = 1772366400000; /* 2026-03-01T12:00:00Z */
static char folder[64], inside[96];

static int folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-record-XXXXXX");
	snprintf(inside, sizeof inside, "%s", "");
	if (!mkdtemp(folder))
		return -1;
	snprintf(inside, sizeof inside, "%s/recordings", folder);
	return 0;
}

static int folder_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct record_file *opened(size_t max_bytes)
{
	struct record_file *f = NULL;
	struct err err;

	if (record_file_open(inside, noon, max_bytes, &f, &err))
		fail_msg("%s", err.text);
	return f;
}

static void put(struct record_file *f, int64_t at, uint64_t session, const char *head,
		const char *lines)
{
	struct err err;

	if (record_file_put(f, at, session, str_of(head), str_of(lines), &err))
		fail_msg("%s", err.text);
}

static void assert_file(const char *name, const char *expected)
{
	char path[160], text[1000];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", inside, name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("no file %s", path);
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	assert_string_equal(text, expected);
}

static void a_conversation_has_its_head_once_a_file(void **state)
{
	struct record_file *f = opened(20);
	struct stat st;

	(void)state;
	put(f, noon, 1000, "head A\n", "a\n");
	put(f, noon, 2000, "head B\n", "b\n");
	put(f, noon, 1000, "head A\n", "a\n");
	put(f, noon, 1000, "head A\n", "a\n"); /* the first file is full */
	put(f, noon, 1000, "head A\n", "a\n");
	record_file_close(f);
	assert_file("kefu-20260301-000.jsonl", "head A\na\nhead B\nb\na\n");
	assert_file("kefu-20260301-001.jsonl", "head A\na\na\n");
	assert_int_equal(stat(inside, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void a_day_and_a_start_begin_new_files(void **state)
{
	struct record_file *f = opened(1000);

	(void)state;
	put(f, noon, 1, "head\n", "a\n");
	put(f, noon + 43199999, 1, "head\n", "b\n");
	put(f, noon + 43200000, 1, "head\n", "c\n");
	record_file_close(f);
	f = opened(1000);
	put(f, noon, 1, "head\n", "d\n");
	record_file_close(f);
	assert_file("kefu-20260301-000.jsonl", "head\na\nb\n");
	assert_file("kefu-20260302-000.jsonl", "head\nc\n");
	assert_file("kefu-20260301-001.jsonl", "head\nd\n");
}

static void an_event_larger_than_a_file_is_kept_whole(void **state)
{
	struct record_file *f = opened(4);

	(void)state;
	put(f, noon, 1, "head\n", "long line\n");
	put(f, noon, 1, "head\n", "x\n");
	record_file_close(f);
	assert_file("kefu-20260301-000.jsonl", "head\nlong line\n");
	assert_file("kefu-20260301-001.jsonl", "head\nx\n");
}

static void many_conversations_are_told_apart(void **state)
{
	struct record_file *f = opened(1 << 20);
	char path[128];
	struct stat st;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < 1000; i++)
			put(f, noon, i * 0x9E3779B97F4A7C15u, "h\n", "e\n");
	}
	snprintf(path, sizeof path, "%s", record_file_path(f));
	record_file_close(f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 1000 * 2 + 2000 * 2);
}

/* In a child of its own: the limit on the size of files is the whole process's. */
static int disk_full_child(void)
{
	struct rlimit limit = {12, RLIM_INFINITY};
	struct record_file *f = opened(1000);
	struct err err;

	signal(SIGXFSZ, SIG_IGN);
	put(f, noon, 1, "head\n", "a\n");
	setrlimit(RLIMIT_FSIZE, &limit);
	if (record_file_put(f, noon, 1, STR("head\n"), STR("too long\n"), &err) != ERR_IO)
		return 1;
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	put(f, noon, 1, "head\n", "b\n");
	record_file_close(f);
	return 0;
}

static void a_full_disk_leaves_whole_lines(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (!pid)
		_exit(disk_full_child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_file("kefu-20260301-000.jsonl", "head\na\n");
	assert_file("kefu-20260301-001.jsonl", "head\nb\n");
}

static void a_folder_that_cannot_be_is_told_at_once(void **state)
{
	struct record_file *f = NULL;
	struct err err;

	(void)state;
	assert_int_equal(record_file_open("/nowhere/at/all", noon, 10, &f, &err), ERR_IO);
	assert_null(f);
	assert_non_null(strstr(err.text, "/nowhere/at/all"));
}

int main(void)
{
#define RECORD_TEST(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		RECORD_TEST(a_conversation_has_its_head_once_a_file),
		RECORD_TEST(a_day_and_a_start_begin_new_files),
		RECORD_TEST(an_event_larger_than_a_file_is_kept_whole),
		RECORD_TEST(many_conversations_are_told_apart),
		RECORD_TEST(a_full_disk_leaves_whole_lines),
		RECORD_TEST(a_folder_that_cannot_be_is_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

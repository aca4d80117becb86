#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"

static char path[] = "/tmp/kefu-log-XXXXXX";

/* What `run` writes to stderr. */
static void captured(void (*run)(void), char *out, size_t size)
{
	int fd, saved = dup(STDERR_FILENO);
	ssize_t n;

	fd = mkstemp(path);
	assert_true(fd >= 0);
	dup2(fd, STDERR_FILENO);
	run();
	dup2(saved, STDERR_FILENO);
	n = pread(fd, out, size - 1, 0);
	assert_true(n >= 0);
	out[n] = '\0';
	close(fd);
	close(saved);
	unlink(path);
	memcpy(path + sizeof path - 7, "XXXXXX", 6);
}

static size_t formatted(char *out, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static size_t formatted(char *out, size_t size, const char *fmt, ...)
{
	struct timespec at = {.tv_sec = 1772359200, .tv_nsec = 123456789};
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = log_format(out, size, &at, LOG_LVL_WARN, "listener", fmt, ap);
	va_end(ap);
	out[n] = '\0';
	return n;
}

static void a_line_has_time_level_place_and_words(void **state)
{
	char line[1025];

	(void)state;
	formatted(line, sizeof line - 1, "%d left", 3);
	assert_string_equal(line, "2026-03-01T10:00:00.123Z warn listener: 3 left\n");
}

static void an_event_is_one_line_whatever_is_put_into_it(void **state)
{
	char line[1025], many[3000];

	(void)state;
	formatted(line, sizeof line - 1, "%s", "a\nerror: forged\x1b[31m\x7f退款");
	assert_non_null(strstr(line, "a?error: forged?[31m?退款\n"));
	memset(many, 'x', sizeof many - 1);
	many[sizeof many - 1] = '\0';
	assert_int_equal(formatted(line, sizeof line - 1, "%s", many), sizeof line - 2);
	assert_int_equal(line[sizeof line - 3], '\n');
	assert_int_equal(formatted(line, 40, "%s", many), 39);
	assert_int_equal(line[38], '\n');
}

static void a_site_logs_twenty_lines_a_second_and_counts_the_rest(void **state)
{
	struct log_site site = {0};
	int admitted = 0, left_out;

	(void)state;
	for (int i = 0; i < 100; i++) {
		admitted += log_admit(&site, 7, &left_out);
		assert_int_equal(left_out, 0);
	}
	assert_int_equal(admitted, 20);
	assert_true(log_admit(&site, 8, &left_out));
	assert_int_equal(left_out, 80);
	assert_true(log_admit(&site, 9, &left_out));
	assert_int_equal(left_out, 0);
}

static void log_at_every_level(void)
{
	log_error("a", "%d", 1);
	log_warn("b", "%d", 2);
	log_info("c", "%d", 3);
	log_debug("d", "%d", 4);
}

static void lines_below_the_level_are_not_written(void **state)
{
	char out[1000];
	enum log_level level;

	(void)state;
	assert_int_equal(log_level_read("verbose", &level), -1);
	assert_int_equal(log_level_read("warn", &level), 0);
	log_set_level(level);
	captured(log_at_every_level, out, sizeof out);
	assert_non_null(strstr(out, " error a: 1\n"));
	assert_non_null(strstr(out, " warn b: 2\n"));
	assert_null(strstr(out, " info "));
	assert_null(strstr(out, " debug "));
	assert_int_equal(log_level_read("debug", &level), 0);
	log_set_level(level);
	captured(log_at_every_level, out, sizeof out);
	assert_non_null(strstr(out, " info c: 3\n"));
	assert_non_null(strstr(out, " debug d: 4\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_time_level_place_and_words),
		cmocka_unit_test(an_event_is_one_line_whatever_is_put_into_it),
		cmocka_unit_test(a_site_logs_twenty_lines_a_second_and_counts_the_rest),
		cmocka_unit_test(lines_below_the_level_are_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

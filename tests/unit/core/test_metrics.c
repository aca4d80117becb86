#include "unit/unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "metrics.h"

static void *count(void *arg)
{
	(void)arg;
	for (int i = 0; i < 10000; i++) {
		metric_add(METRIC_ACCEPTED, 1);
		metric_turn_us(15);
	}
	return NULL;
}

static void counting_from_two_threads_loses_nothing(void **state)
{
	pthread_t a, b;
	struct buf out = {0};

	(void)state;
	assert_int_equal(pthread_create(&a, NULL, count, NULL), 0);
	assert_int_equal(pthread_create(&b, NULL, count, NULL), 0);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert_int_equal(metric_get(METRIC_ACCEPTED), 20000);
	metrics_print(&out);
	assert_non_null(strstr(out.p, "\nkefu_accepted_total 20000\n"));
	assert_non_null(strstr(out.p, "\nkefu_turn_seconds_bucket{le=\"0.00001\"} 0\n"));
	assert_non_null(strstr(out.p, "\nkefu_turn_seconds_bucket{le=\"0.00002\"} 20000\n"));
	assert_non_null(strstr(out.p, "\nkefu_turn_seconds_bucket{le=\"+Inf\"} 20000\n"));
	assert_non_null(strstr(out.p, "\nkefu_turn_seconds_sum 0.300000000\n"));
	assert_non_null(strstr(out.p, "\nkefu_turn_seconds_count 20000\n"));
	buf_done(&out);
}

static void turns_slower_than_every_bound_are_counted_too(void **state)
{
	struct buf out = {0};

	(void)state;
	metric_turn_us(2e6);
	metric_turn_us(0);
	metrics_print(&out);
	assert_non_null(strstr(out.p, "{le=\"0.00001\"} 1\n"));
	assert_non_null(strstr(out.p, "{le=\"1\"} 20001\n"));
	assert_non_null(strstr(out.p, "{le=\"+Inf\"} 20002\n"));
	buf_done(&out);
}

/* Text format 0.0.4: every sample follows a HELP and a TYPE of its own name, every line ends. */
static void every_metric_has_help_and_type(void **state)
{
	struct buf out = {0};
	size_t helps = 0, types = 0, samples = 0;

	(void)state;
	metric_set(METRIC_SESSIONS, 5);
	metric_add(METRIC_SESSIONS, -2);
	metrics_print(&out);
	for (char *line = strtok(out.p, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, "# HELP ", 7) == 0)
			helps++;
		else if (strncmp(line, "# TYPE ", 7) == 0)
			types++;
		else
			samples++;
		if (strncmp(line, "kefu_sessions ", 14) == 0)
			assert_string_equal(line, "kefu_sessions 3");
	}
	assert_int_equal(helps, METRIC_COUNT + 6);
	assert_int_equal(types, helps);
	assert_true(samples > helps);
	buf_done(&out);
}

static double sample(const struct buf *out, const char *name)
{
	const char *at = strstr(out->p, name);

	assert_non_null(at);
	return strtod(at + strlen(name), NULL);
}

static void the_process_tells_what_it_uses(void **state)
{
	struct buf out = {0};
	double files;
	FILE *f;

	(void)state;
	metrics_print(&out);
	assert_true(sample(&out, "\nprocess_resident_memory_bytes ") > 1 << 20);
	assert_true(sample(&out, "\nprocess_cpu_seconds_total ") > 0);
	files = sample(&out, "\nprocess_open_fds ");
	assert_true(files >= 2 && files < sample(&out, "\nprocess_max_fds "));
	f = fopen("/dev/null", "r");
	buf_reset(&out);
	metrics_print(&out);
	assert_true(sample(&out, "\nprocess_open_fds ") - files > 0.5);
	fclose(f);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counting_from_two_threads_loses_nothing),
		cmocka_unit_test(turns_slower_than_every_bound_are_counted_too),
		cmocka_unit_test(every_metric_has_help_and_type),
		cmocka_unit_test(the_process_tells_what_it_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

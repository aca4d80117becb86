#include "metrics.h"

#include <inttypes.h>

static const struct {
	const char *name, *type, *help;
} rows[METRIC_COUNT] = {
#define METRIC(id, type, name, help) [METRIC_##id] = {(name), (type), (help)},
#include "metrics.tbl"
#undef METRIC
};

static int64_t values[METRIC_COUNT]; /* atomic */

/* Upper bounds of the histogram. A turn takes 10 µs to 1 ms; the tail shows what went wrong. */
static const struct {
	double us;
	const char *seconds;
} bounds[] = {
	{10, "0.00001"}, {20, "0.00002"}, {50, "0.00005"}, {100, "0.0001"}, {200, "0.0002"},
	{500, "0.0005"}, {1e3, "0.001"},  {2e3, "0.002"},  {5e3, "0.005"},  {1e4, "0.01"},
	{2e4, "0.02"},	 {5e4, "0.05"},	  {1e5, "0.1"},	   {1e6, "1"},
};

enum { BOUNDS = sizeof bounds / sizeof bounds[0] };

static int64_t turns[BOUNDS + 1]; /* not cumulative; the last: slower than every bound. Atomic */
static int64_t turns_ns;	  /* atomic */

void metric_add(enum metric m, int64_t by)
{
	__atomic_fetch_add(&values[m], by, __ATOMIC_RELAXED);
}

void metric_set(enum metric m, int64_t value)
{
	__atomic_store_n(&values[m], value, __ATOMIC_RELAXED);
}

int64_t metric_get(enum metric m)
{
	return __atomic_load_n(&values[m], __ATOMIC_RELAXED);
}

void metric_turn_us(double us)
{
	size_t i = 0;

	while (i < BOUNDS && us > bounds[i].us)
		i++;
	__atomic_fetch_add(&turns[i], 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&turns_ns, (int64_t)(us * 1000), __ATOMIC_RELAXED);
}

static void print_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The count is taken from the buckets themselves, so that it agrees with le="+Inf" whatever other
 * threads add meanwhile. */
static void print_turns(struct buf *out)
{
	int64_t sum = 0;

	print_head(out, "kefu_turn_seconds", "histogram", "time to answer a message");
	for (size_t i = 0; i <= BOUNDS; i++) {
		sum += __atomic_load_n(&turns[i], __ATOMIC_RELAXED);
		buf_printf(out, "kefu_turn_seconds_bucket{le=\"%s\"} %" PRId64 "\n",
			   i < BOUNDS ? bounds[i].seconds : "+Inf", sum);
	}
	buf_printf(out, "kefu_turn_seconds_sum %.9f\n",
		   (double)__atomic_load_n(&turns_ns, __ATOMIC_RELAXED) / 1e9);
	buf_printf(out, "kefu_turn_seconds_count %" PRId64 "\n", sum);
}

void metrics_print(struct buf *out)
{
	print_head(out, "kefu_build_info", "gauge", "1, with the version as a label");
	buf_printf(out, "kefu_build_info{version=\"%s\"} 1\n", KEFU_VERSION);
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		print_head(out, rows[i].name, rows[i].type, rows[i].help);
		buf_printf(out, "%s %" PRId64 "\n", rows[i].name, metric_get((enum metric)i));
	}
	print_turns(out);
}

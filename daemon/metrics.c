#include "metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

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

/* ---- the process, under the names Prometheus' own clients use ---- */

static void print_one(struct buf *out, const char *name, const char *type, const char *help,
		      double value)
{
	print_head(out, name, type, help);
	buf_printf(out, "%s %.15g\n", name, value);
}

/* Field 2 of /proc/self/statm: resident pages. */
static double resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (f) {
		if (fscanf(f, "%*u %lu", &pages) != 1)
			pages = 0;
		fclose(f);
	}
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	double n = -3; /* ".", ".." and the folder itself */

	if (!d)
		return 0;
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void print_process(struct buf *out)
{
	struct timespec cpu = {0};
	struct rlimit files = {0};

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	getrlimit(RLIMIT_NOFILE, &files);
	print_one(out, "process_cpu_seconds_total", "counter", "time on a processor",
		  (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9);
	print_one(out, "process_resident_memory_bytes", "gauge", "memory in use", resident_bytes());
	print_one(out, "process_open_fds", "gauge", "open files and sockets", open_files());
	print_one(out, "process_max_fds", "gauge", "files and sockets allowed",
		  (double)files.rlim_cur);
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
	print_process(out);
}

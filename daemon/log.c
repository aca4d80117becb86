#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PER_SECOND = 20, LINE_MAX_BYTES = 1024 };

static const char *const names[] = {
	[LOG_LVL_ERROR] = "error",
	[LOG_LVL_WARN] = "warn",
	[LOG_LVL_INFO] = "info",
	[LOG_LVL_DEBUG] = "debug",
};

static int level_now = LOG_LVL_INFO; /* atomic */
static pthread_mutex_t sites = PTHREAD_MUTEX_INITIALIZER;

void log_set_level(enum log_level level)
{
	__atomic_store_n(&level_now, (int)level, __ATOMIC_RELAXED);
}

int log_level_read(const char *name, enum log_level *out)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum log_level)i;
			return 0;
		}
	}
	return -1;
}

bool log_admit(struct log_site *site, long second, int *left_out)
{
	*left_out = 0;
	if (site->second != second) {
		if (site->count > PER_SECOND)
			*left_out = site->count - PER_SECOND;
		site->second = second;
		site->count = 0;
	}
	return ++site->count <= PER_SECOND;
}

size_t log_format(char *out, size_t size, const struct timespec *at, enum log_level level,
		  const char *what, const char *fmt, va_list ap)
{
	struct tm tm;
	size_t n;
	int put;

	gmtime_r(&at->tv_sec, &tm);
	n = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &tm);
	put = snprintf(out + n, size - n, ".%03ldZ %s %s: ", at->tv_nsec / 1000000, names[level],
		       what);
	n += put > 0 ? (size_t)put : 0;
	if (n < size - 1) {
		put = vsnprintf(out + n, size - n, fmt, ap);
		n += put > 0 ? (size_t)put : 0;
	}
	if (n > size - 2)
		n = size - 2;
	/* An event is one line whatever was put into it: nobody can forge a second one. */
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)out[i] < 0x20 || out[i] == 0x7F)
			out[i] = '?';
	}
	out[n++] = '\n';
	return n;
}

/* One write for one line, so that lines of several threads do not mix. A failing stderr has nobody
 * to be told to. */
static void put_line(const struct timespec *at, enum log_level level, const char *what,
		     const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void put_line_va(const struct timespec *at, enum log_level level, const char *what,
			const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES];
	size_t n = log_format(line, sizeof line, at, level, what, fmt, ap);
	ssize_t ignored = write(STDERR_FILENO, line, n);

	(void)ignored;
}

static void put_line(const struct timespec *at, enum log_level level, const char *what,
		     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line_va(at, level, what, fmt, ap);
	va_end(ap);
}

void log_write(struct log_site *site, enum log_level level, const char *what, const char *fmt, ...)
{
	struct timespec at;
	int left_out;
	bool admitted;
	va_list ap;

	if ((int)level > __atomic_load_n(&level_now, __ATOMIC_RELAXED))
		return;
	clock_gettime(CLOCK_REALTIME, &at);
	pthread_mutex_lock(&sites);
	admitted = log_admit(site, at.tv_sec, &left_out);
	pthread_mutex_unlock(&sites);
	if (left_out)
		put_line(&at, level, what, "%d more lines like the next were left out", left_out);
	if (!admitted)
		return;
	va_start(ap, fmt);
	put_line_va(&at, level, what, fmt, ap);
	va_end(ap);
}

/* The daemon's log: one line an event on stderr, "2026-03-01T10:00:00.123Z warn listener: …"
 * (UTC; at most 1 KiB; control characters become '?').
 *
 * Any thread. Rate limited per call site (20 a second, then a count of what was left out). Never given
 * learners' texts or tokens. */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum log_level { LOG_LVL_ERROR, LOG_LVL_WARN, LOG_LVL_INFO, LOG_LVL_DEBUG };

void log_set_level(enum log_level level);
int log_level_read(const char *name, enum log_level *out); /* 0, or -1 for an unknown name */

struct log_site {
	long second;
	int count;
};
void log_write(struct log_site *site, enum log_level level, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The halves without clock and stderr: may a site log at this second (and how many lines were left out
 * in an earlier one), and the line itself, newline included, cut to size; returns its length. */
bool log_admit(struct log_site *site, long second, int *left_out);
size_t log_format(char *out, size_t size, const struct timespec *at, enum log_level level,
		  const char *what, const char *fmt, va_list ap)
	__attribute__((format(printf, 6, 0)));

#define LOG(level, what, ...)                                                                      \
	do {                                                                                       \
		static struct log_site log_site_;                                                  \
		log_write(&log_site_, (level), (what), __VA_ARGS__);                               \
	} while (0)
#define log_error(what, ...) LOG(LOG_LVL_ERROR, what, __VA_ARGS__)
#define log_warn(what, ...)  LOG(LOG_LVL_WARN, what, __VA_ARGS__)
#define log_info(what, ...)  LOG(LOG_LVL_INFO, what, __VA_ARGS__)
#define log_debug(what, ...) LOG(LOG_LVL_DEBUG, what, __VA_ARGS__)

#endif

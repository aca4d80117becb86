/* When people are there, as staff write it (`settings: hours:`):
 *
 *	- Mon-Fri 09:00-12:00, 13:30-18:00      weekdays; 周一-周五 is the same, `daily` and 每天 are all
 *	- Sat 10:00-16:00
 *	- 2026-10-01..2026-10-07 closed         a date, or dates, in place of their weekdays; 休息 is the same
 *	- 2026-10-10 09:00-18:00
 *
 * 22:00-06:00 ends the day after; 24:00 is the end of a day. Pure. */
#ifndef INTENTS_HOURS_H
#define INTENTS_HOURS_H

#include "text/zone.h"

enum { HOURS_SPANS = 6, HOURS_ROWS_MAX = 400 };

struct hours_span {
	int from, to; /* minutes of the day; to may be beyond 1440 */
};

struct hours_row {
	unsigned weekdays;   /* bit 1 << weekday, 0 = Sunday; 0: dates */
	int64_t first, last; /* days since 1970 */
	struct hours_span spans[HOURS_SPANS];
	size_t n; /* 0: closed */
};

struct hours {
	const struct hours_row *rows;
	size_t n; /* 0: always open */
	struct zone zone;
};

enum hours_fault { HOURS_GOOD, HOURS_NO_DAY, HOURS_NO_TIME, HOURS_BACKWARDS, HOURS_TOO_MANY };

/* One row of the list; *part is the word that is wrong. */
enum hours_fault hours_read(struct str text, struct hours_row *out, struct str *part);

bool hours_open(const struct hours *h, int64_t unix_ms);
/* When they next open, at most a year ahead: now while open, 0 when not known. */
int64_t hours_opens(const struct hours *h, int64_t unix_ms);

#endif

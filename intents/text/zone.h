/* A time zone: how far local time is from UTC, at any time. Read from the system's files (RFC 8536, TZif version 2
 * and later), which are kept by others; no process-wide setting is touched.
 *
 *	transitions   at[0]   at[1] …  at[n-1] | rule: "CET-1CEST,M3.5.0,M10.5.0/3" for all time after
 *	offset  first |  [0]  |  [1] … |       */
#ifndef TEXT_ZONE_H
#define TEXT_ZONE_H

#include <stdint.h>

#include "text/arena.h"

/* A day of each year: month 1..12, week 1..5 (5 = last), weekday 0 = Sunday, and seconds of that day. */
struct zone_turn {
	int month, week, weekday, seconds;
};

struct zone {
	size_t n;
	const int64_t *at;     /* Unix seconds, growing */
	const int32_t *offset; /* seconds east of UTC, from at[i] on */
	int32_t first;	       /* before at[0] */
	/* after the last transition */
	int32_t standard, summer; /* the same when there is no summer time */
	struct zone_turn begins, ends;
	bool ruled; /* the file says it; else the last transition's holds on */
};

/* The file's bytes; what is kept lives in `a`. False: it is no such file. */
bool zone_read(struct arena *a, struct str bytes, struct zone *out);
/* "+08:00", "-0330", "UTC": a zone without a file. */
bool zone_fixed(struct str text, struct zone *out);
/* "Asia/Shanghai" names a file of the system, or a fixed zone; "" is the machine's own. False: there is none. */
bool zone_load(struct arena *a, struct str name, struct zone *out);

/* Seconds east of UTC. */
int32_t zone_offset(const struct zone *z, int64_t unix_s);

/* Days from 1970-01-01 to a date of the Gregorian calendar, and back. */
int64_t zone_days(int64_t year, int month, int day);
void zone_date(int64_t days, int64_t *year, int *month, int *day);

#endif

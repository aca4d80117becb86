/* Numbers that outlive a restart: replies by intent, and how long turns took, minute by minute.
 *
 * Turns are counted in buckets whose bounds grow by the square root of two, so that a percentile is
 * right within a fifth and those of many minutes can be had by adding:
 *
 *	bucket      0        1         2      3         …  TURN_BUCKETS - 1
 *	up to (µs)  1.4      2         2.8    4         …  everything slower
 *	as text     "13:40 14:7"   40 turns in bucket 13, 7 in bucket 14 */
#ifndef KB_STORE_TALLY_H
#define KB_STORE_TALLY_H

#include "kb/store.h"

enum { TURN_BUCKETS = 48, MINUTES_KEPT_DAYS = 400 };

struct hit_row {
	struct str name; /* an intent, or faq:ID */
	int64_t n, last_unix_ms;
};

/* Adds row->n to what there is. */
MUST_USE int store_hit_put(struct store *s, const struct hit_row *row, struct err *err);
/* All, by name in byte order. */
MUST_USE int store_hits(struct store *s, struct arena *a, struct hit_row **rows, size_t *n,
			struct err *err);

struct minute_row {
	int64_t at_unix_ms; /* the minute's beginning */
	int64_t process;    /* tells several daemons on one database apart */
	int64_t turns;
	struct str buckets;
};

/* Takes the place of that minute's row of that process. Minutes older than MINUTES_KEPT_DAYS go. */
MUST_USE int store_minute_put(struct store *s, const struct minute_row *row, struct err *err);

size_t turn_bucket(double us);
void turn_buckets_print(const uint64_t counts[TURN_BUCKETS], struct buf *out);
/* Adds a printed row to counts; what is no such text is left out. */
void turn_buckets_add(struct str printed, uint64_t counts[TURN_BUCKETS]);
/* Microseconds under which the share `q` (0..1) of the turns stayed, linear within a bucket; -1 without
 * turns. */
double turn_percentile(const uint64_t counts[TURN_BUCKETS], double q);

#endif

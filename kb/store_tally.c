#include "kb/store_tally.h"

#include <inttypes.h>
#include <math.h>

#include "kb/store_sql.h"

int store_hit_put(struct store *s, const struct hit_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO hits (name, n, last) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE "
		"SET n = n + ?2, last = max(last, ?3)",
		"count the replies"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->name), SQL_INT(row->n), SQL_INT(row->last_unix_ms)),
		       err);
}

int store_hits(struct store *s, struct arena *a, struct hit_row **rows, size_t *n, struct err *err)
{
	static const struct sql list = {"SELECT name, n, last FROM hits ORDER BY name",
					"read the counts of replies"};
	struct hit_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap,
				   ((struct hit_row){arena_str(a, sql_text(&r, 0)), sql_int(&r, 1),
						     sql_int(&r, 2)}));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

int store_minute_put(struct store *s, const struct minute_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO turn_minutes (at, process, turns, buckets) VALUES (?1, ?2, ?3, ?4) ON "
		"CONFLICT (at, process) DO UPDATE SET turns = ?3, buckets = ?4",
		"keep the minute's latency"};
	static const struct sql prune = {"DELETE FROM turn_minutes WHERE at < ?1",
					 "drop old minutes"};
	int64_t oldest = row->at_unix_ms - (int64_t)MINUTES_KEPT_DAYS * 86400000;
	int rc = sql_run(s, &put,
			 SQL_ARGS(SQL_INT(row->at_unix_ms), SQL_INT(row->process),
				  SQL_INT(row->turns), SQL_TEXT(row->buckets)),
			 err);

	return rc == 0 ? sql_run(s, &prune, SQL_ARGS(SQL_INT(oldest)), err) : rc;
}

/* ---- buckets ---- */

/* Upper bound in microseconds. */
static double bound(size_t i)
{
	return exp2((double)(i + 1) / 2);
}

size_t turn_bucket(double us)
{
	double i = us > 1 ? ceil(2 * log2(us)) - 1 : 0;

	return i < 0 ? 0 : i < TURN_BUCKETS - 1 ? (size_t)i : TURN_BUCKETS - 1;
}

void turn_buckets_print(const uint64_t counts[TURN_BUCKETS], struct buf *out)
{
	for (size_t i = 0; i < TURN_BUCKETS; i++) {
		if (counts[i])
			buf_printf(out, "%s%zu:%" PRIu64, out->n ? " " : "", i, counts[i]);
	}
}

void turn_buckets_add(struct str printed, uint64_t counts[TURN_BUCKETS])
{
	while (printed.n) {
		size_t end = str_find(printed, STR(" "), 0);
		struct str one = str_sub(printed, 0, end);
		size_t colon = str_find(one, STR(":"), 0);
		uint64_t i, n;

		printed = str_sub(printed, end == SIZE_MAX ? printed.n : end + 1, printed.n);
		if (colon != SIZE_MAX && str_to_u64(str_sub(one, 0, colon), &i) &&
		    str_to_u64(str_sub(one, colon + 1, one.n), &n) && i < TURN_BUCKETS)
			counts[i] += n;
	}
}

double turn_percentile(const uint64_t counts[TURN_BUCKETS], double q)
{
	double all = 0, wanted, below = 0;
	size_t i = 0;

	for (size_t k = 0; k < TURN_BUCKETS; k++)
		all += (double)counts[k];
	if (all <= 0)
		return -1;
	wanted = q * all;
	while (i < TURN_BUCKETS - 1 && below + (double)counts[i] < wanted)
		below += (double)counts[i++];
	if (!counts[i])
		return bound(i);
	return (i ? bound(i - 1) : 0) +
	       (bound(i) - (i ? bound(i - 1) : 0)) * (wanted - below) / (double)counts[i];
}

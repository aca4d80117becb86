#include "kb/store_stats.h"

#include "kb/store_sql.h"

/* ?1 .. ?2 is the whole time, ?3 a step. The table has an index for each part of a question; which one
 * is said, since nobody has told SQLite how the rows are spread. */
#define MESSAGES                                                                                   \
	" FROM talk AS u INDEXED BY talk_at JOIN talk AS b INDEXED BY talk_sent ON b.session = "   \
	"u.session AND b.seq = u.seq AND b.side <> 0 WHERE u.side = 0 AND u.at >= ?1 AND u.at < "  \
	"?2"

/* A question that gives numbers by step: column 0 is the step's number, the others go into
 * the fields of a point, whole or as differences to the field. */
struct series {
	struct sql sql;
	size_t fields[6], n;
};

#define FIELD(name) offsetof(struct stats_point, name)

static const struct series series[] = {
	{{"SELECT (u.at - ?1) / ?3, count(*), count(DISTINCT u.session), "
	  "sum(b.source NOT IN ('fallback', 'ask')), sum(b.source = 'ask'), sum(b.source = "
	  "'fallback')" MESSAGES " GROUP BY 1",
	  "count the messages"},
	 {FIELD(messages), FIELD(sessions), FIELD(answered), FIELD(asked), FIELD(fallbacks)},
	 5},
	{{"SELECT (at - ?1) / ?3, sum(helpful = 1), sum(helpful = 0) FROM feedback WHERE at >= ?1 "
	  "AND at < ?2 GROUP BY 1",
	  "count the feedback"},
	 {FIELD(up), FIELD(down)},
	 2},
	{{"SELECT (at - ?1) / ?3, count(*) FROM handoffs WHERE at >= ?1 AND at < ?2 GROUP BY 1",
	  "count the handovers"},
	 {FIELD(handoffs)},
	 1},
};

struct span {
	struct store *store;
	int64_t from, to, step;
	size_t n;
};

static int64_t *field_of(struct stats_point *p, size_t offset)
{
	return (int64_t *)(void *)((char *)p + offset);
}

static int open_span(const struct span *span, const struct sql *sql, struct sql_rows *r,
		     struct err *err)
{
	return sql_open(span->store, sql,
			SQL_ARGS(SQL_INT(span->from), SQL_INT(span->to), SQL_INT(span->step)), r,
			err);
}

static int read_series(const struct span *span, const struct series *q, struct stats *out,
		       struct err *err)
{
	struct sql_rows r;
	int rc = open_span(span, &q->sql, &r, err);

	while (rc == 0 && (rc = sql_next(&r, err)) == 1) {
		int64_t at = sql_int(&r, 0);

		rc = 0;
		for (size_t i = 0; i < q->n && at >= 0 && at < (int64_t)span->n; i++) {
			int64_t n = sql_int(&r, (int)i + 1);

			*field_of(&out->points[at], q->fields[i]) = n;
			*field_of(&out->total, q->fields[i]) += n;
		}
	}
	sql_close(&r);
	return rc;
}

/* A session that goes on over many steps is one. */
static int read_sessions(const struct span *span, struct stats *out, struct err *err)
{
	static const struct sql count = {"SELECT count(DISTINCT u.session)" MESSAGES " AND ?3 > 0",
					 "count the sessions"};
	struct sql_rows r;
	int rc = open_span(span, &count, &r, err);

	if (rc == 0 && (rc = sql_next(&r, err)) == 1)
		out->total.sessions = sql_int(&r, 0);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

static int read_minutes(const struct span *span, struct stats *out, struct err *err)
{
	static const struct sql list = {"SELECT (at - ?1) / ?3, turns, buckets FROM turn_minutes "
					"WHERE at >= ?1 AND at < ?2",
					"read the time of turns"};
	struct sql_rows r;
	int rc = open_span(span, &list, &r, err);

	while (rc == 0 && (rc = sql_next(&r, err)) == 1) {
		int64_t at = sql_int(&r, 0);

		rc = 0;
		if (at < 0 || at >= (int64_t)span->n)
			continue;
		out->points[at].turns += sql_int(&r, 1);
		out->total.turns += sql_int(&r, 1);
		turn_buckets_add(sql_text(&r, 2), out->points[at].counts);
		turn_buckets_add(sql_text(&r, 2), out->total.counts);
	}
	sql_close(&r);
	return rc;
}

static int read_top(const struct span *span, struct arena *a, const struct sql *sql,
		    struct stats_top *top, size_t *n, struct err *err)
{
	struct sql_rows r;
	int rc = open_span(span, sql, &r, err);

	*n = 0;
	while (rc == 0 && (rc = sql_next(&r, err)) == 1) {
		rc = 0;
		if (*n < STATS_TOP)
			top[(*n)++] =
				(struct stats_top){arena_str(a, sql_text(&r, 0)), sql_int(&r, 1)};
	}
	sql_close(&r);
	return rc;
}

int store_stats(struct store *s, struct arena *a, int64_t from_unix_ms, int64_t step_ms, size_t n,
		struct stats *out, struct err *err)
{
	static const struct sql intents = {
		"SELECT b.intent, count(*)" MESSAGES
		" AND ?3 > 0 AND b.intent <> '' AND b.intent NOT GLOB 'faq:*' GROUP BY 1 ORDER BY "
		"2 DESC, 1 LIMIT 20",
		"count the intents"};
	static const struct sql faq = {
		"SELECT substr(b.intent, 5), count(*)" MESSAGES
		" AND ?3 > 0 AND b.intent GLOB 'faq:*' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
		"count the FAQ entries"};
	const struct span span = {s, from_unix_ms, from_unix_ms + step_ms * (int64_t)n, step_ms, n};
	int rc = 0;

	*out = (struct stats){.points = ARENA_ARRAY(a, struct stats_point, n)};
	for (size_t i = 0; i < sizeof series / sizeof series[0] && rc == 0; i++)
		rc = read_series(&span, &series[i], out, err);
	if (rc == 0)
		rc = read_sessions(&span, out, err);
	if (rc == 0)
		rc = read_minutes(&span, out, err);
	if (rc == 0)
		rc = read_top(&span, a, &intents, out->intents, &out->n_intents, err);
	if (rc == 0)
		rc = read_top(&span, a, &faq, out->faq, &out->n_faq, err);
	return rc;
}

#include "kb/store_look.h"

#include "kb/store_sql.h"

/* The talk of a conversation, by one of its two indexes; its greeting is no answer. */
#define SAID	"FROM talk AS t WHERE t.session = s.session AND t.side = 0"
#define SENT	"FROM talk AS t WHERE t.session = s.session AND t.side <> 0"
#define REPLIES SENT " AND t.seq > 1"
#define FELT	"FROM feedback AS f WHERE f.session = s.session"
#define HANDED	"FROM handoffs AS h WHERE h.session = s.session"

/* %, _ and \ stand for themselves. */
static struct str pattern_of(struct arena *a, struct str words)
{
	struct buf b = {0};
	struct str out;

	buf_char(&b, '%');
	for (size_t i = 0; i < words.n; i++) {
		if (strchr("%_\\", words.p[i]))
			buf_char(&b, '\\');
		buf_char(&b, words.p[i]);
	}
	buf_char(&b, '%');
	out = arena_str(a, buf_view(&b));
	buf_done(&b);
	return out;
}

static struct look_row read_row(const struct sql_rows *r, struct arena *a)
{
	return (struct look_row){
		.session = arena_str(a, sql_text(r, 0)),
		.user = arena_str(a, sql_text(r, 1)),
		.lang = arena_str(a, sql_text(r, 2)),
		.seen_unix_ms = sql_int(r, 3),
		.started_unix_ms = sql_int(r, 4),
		.messages = sql_int(r, 5),
		.unanswered = sql_int(r, 6),
		.up = sql_int(r, 7),
		.down = sql_int(r, 8),
		.handoffs = sql_int(r, 9),
		.first = arena_str(a, sql_text(r, 10)),
		.last = arena_str(a, sql_text(r, 11)),
	};
}

int store_look(struct store *s, struct arena *a, const struct look *what, struct look_row **rows,
	       size_t *n, struct err *err)
{
	static const struct sql list = {
		"SELECT session, user, lang, seen, (SELECT min(at) " SENT
		"), (SELECT count(*) " SAID "), (SELECT count(*) " REPLIES
		" AND t.source = 'fallback'), "
		"(SELECT count(*) " FELT " AND helpful = 1), (SELECT count(*) " FELT
		" AND helpful = 0), (SELECT count(*) " HANDED "), "
		"(SELECT text " SAID " ORDER BY seq LIMIT 1), "
		"(SELECT text " SAID " ORDER BY seq DESC LIMIT 1) "
		"FROM sessions AS s WHERE (seen, session) < (?1, ?2) "
		"AND (?3 = '' OR user = ?3) AND EXISTS (SELECT 1 " SAID ") "
		"AND (?4 = '' OR EXISTS (SELECT 1 " REPLIES " AND t.intent = ?4)) "
		"AND (?5 = '' OR EXISTS (SELECT 1 " REPLIES " AND t.source = ?5)) "
		"AND (?6 < 0 OR EXISTS (SELECT 1 " FELT " AND helpful = ?6)) "
		"AND (?7 = 0 OR EXISTS (SELECT 1 " REPLIES " AND t.source = 'fallback')) "
		"AND (?8 = 0 OR EXISTS (SELECT 1 " HANDED ")) "
		"AND (?9 = '%%' OR EXISTS (SELECT 1 " SAID " AND t.text LIKE ?9 ESCAPE '\\') "
		"OR EXISTS (SELECT 1 " SENT " AND t.text LIKE ?9 ESCAPE '\\')) "
		"ORDER BY seen DESC, session DESC LIMIT ?10",
		"look for conversations"};
	struct look_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(
		s, &list,
		SQL_ARGS(SQL_INT(what->before_unix_ms), SQL_TEXT(what->before_session),
			 SQL_TEXT(what->user), SQL_TEXT(what->intent), SQL_TEXT(what->source),
			 SQL_INT(what->feedback), SQL_INT(what->unanswered), SQL_INT(what->handoff),
			 SQL_TEXT(pattern_of(a, what->words)), SQL_INT((int64_t)what->max)),
		&r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_row(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

/* ---- one conversation ---- */

static struct look_line read_line(const struct sql_rows *r, struct arena *a)
{
	double helpful = sql_given(r, 7);

	return (struct look_line){
		.at_unix_ms = sql_int(r, 0),
		.seq = sql_int(r, 1),
		.side = (enum talk_side)sql_int(r, 2),
		.text = arena_str(a, sql_text(r, 3)),
		.intent = arena_str(a, sql_text(r, 4)),
		.source = arena_str(a, sql_text(r, 5)),
		.score = sql_real(r, 6),
		.helpful = helpful < 0 ? -1 : (int)helpful,
	};
}

static void turn_round(struct look_line *lines, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct look_line one = lines[i];

		lines[i] = lines[n - 1 - i];
		lines[n - 1 - i] = one;
	}
}

int store_look_lines(struct store *s, struct arena *a, struct str session, size_t max,
		     struct look_line **lines, size_t *n, struct err *err)
{
	/* Two halves, since each has its own index. */
	static const struct sql list = {
		"SELECT at, seq, side, text, intent, source, score, NULL FROM talk WHERE session = "
		"?1 AND side = 0 AND text <> '' UNION ALL "
		"SELECT t.at, t.seq, side, text, intent, source, score, helpful FROM talk AS t "
		"LEFT JOIN feedback AS f ON f.session = t.session AND f.seq = t.seq "
		"WHERE t.session = ?1 AND side <> 0 AND text <> '' "
		"ORDER BY 2 DESC, 3 DESC LIMIT ?2",
		"read the conversation"};
	struct look_line *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_ARGS(SQL_TEXT(session), SQL_INT((int64_t)max)), &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_line(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	turn_round(found, used);
	*lines = found;
	*n = used;
	return 0;
}

int store_look_handoffs(struct store *s, struct arena *a, struct str session,
			struct handoff_row **rows, size_t *n, struct err *err)
{
	static const struct sql list = {
		"SELECT at, team, note FROM handoffs WHERE session = ?1 ORDER BY id",
		"read the handovers"};
	struct handoff_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_ARGS(SQL_TEXT(session)), &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap,
				   ((struct handoff_row){.session = session,
							 .at_unix_ms = sql_int(&r, 0),
							 .team = arena_str(a, sql_text(&r, 1)),
							 .note = arena_str(a, sql_text(&r, 2))}));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

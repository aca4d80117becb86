#include "kb/store_desk.h"

#include "kb/store_sql.h"

/* ---- steps ---- */

static int put_move(struct store *s, const struct desk_chat *c, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO desk_moves (session, at, state, was, who, team, waited) VALUES (?1, "
		"?2, ?3, ?4, ?5, ?6, ?7)",
		"save the move"};
	bool taken = c->agent.n && c->was != c->state;

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(c->session), SQL_INT(c->since_unix_ms), SQL_INT(c->state),
				SQL_INT(c->was), SQL_TEXT(c->agent), SQL_TEXT(c->team),
				taken ? SQL_INT(c->since_unix_ms - c->waiting_since_unix_ms)
				      : (struct sql_arg){.kind = SQL_KIND_NULL}),
		       err);
}

static int put_chat(struct store *s, const struct desk_chat *c, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO desk_chats (session, state, user, lang, page, team, note, agent, "
		"logged_in, since, waiting_since, read) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"?9, ?10, ?11, ?12) ON CONFLICT (session) DO UPDATE SET state = ?2, user = ?3, "
		"lang = ?4, page = ?5, team = ?6, note = ?7, agent = ?8, logged_in = ?9, since = "
		"?10, waiting_since = ?11, read = ?12",
		"save the handover"};
	static const struct sql drop = {"DELETE FROM desk_chats WHERE session = ?1",
					"save the handover"};
	int rc = put_move(s, c, err);

	if (rc == 0 && !c->state)
		return sql_run(s, &drop, SQL_ARGS(SQL_TEXT(c->session)), err);
	if (rc == 0)
		rc = sql_run(s, &put,
			     SQL_ARGS(SQL_TEXT(c->session), SQL_INT(c->state), SQL_TEXT(c->user),
				      SQL_TEXT(c->lang), SQL_TEXT(c->page), SQL_TEXT(c->team),
				      SQL_TEXT(c->note), SQL_TEXT(c->agent), SQL_INT(c->logged_in),
				      SQL_INT(c->since_unix_ms), SQL_INT(c->waiting_since_unix_ms),
				      SQL_INT(c->read)),
			     err);
	return rc;
}

static int next_line(struct store *s, struct str session, int64_t *n, struct err *err)
{
	static const struct sql get = {
		"SELECT ifnull(max(n), 0) + 1 FROM desk_lines WHERE session = ?1",
		"number the line"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(session)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*n = sql_int(&r, 0);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

static int put_line(struct store *s, struct desk_line *l, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO desk_lines (session, n, at, side, text, raw, who, client_id, intent, "
		"source, seq) VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, ?8, ?9, ?10, ?11) "
		"ON CONFLICT DO NOTHING",
		"save the line"};
	int rc = next_line(s, l->session, &l->n, err);

	if (rc == 0)
		rc = sql_run(s, &put,
			     SQL_ARGS(SQL_TEXT(l->session), SQL_INT(l->n), SQL_INT(l->at_unix_ms),
				      SQL_INT(l->side), SQL_TEXT(l->text), SQL_TEXT(l->raw),
				      SQL_TEXT(l->who), SQL_TEXT(l->id), SQL_TEXT(l->intent),
				      SQL_TEXT(l->source), SQL_INT(l->seq)),
			     err);
	if (rc == 0 && sql_changes(s) == 0)
		l->n = 0;
	return rc;
}

/* A session whose learner is away: what was said to them counts in its numbers, and as life. */
static int put_talk(struct store *s, const struct talk_row *row, struct err *err)
{
	static const struct sql note = {
		"UPDATE sessions SET last_seq = max(last_seq, ?2), seen = max(seen, ?3) WHERE "
		"session = ?1",
		"save the message"};
	int rc = store_talk_put(s, row, err);

	if (rc == 0 && row->side == TALK_AGENT)
		rc = sql_run(s, &note,
			     SQL_ARGS(SQL_TEXT(row->session), SQL_INT(row->seq),
				      SQL_INT(row->at_unix_ms)),
			     err);
	return rc;
}

int store_desk_put(struct store *s, struct desk_step *step, struct err *err)
{
	static const struct sql wipe = {
		"UPDATE desk_lines SET raw = NULL WHERE session = ?1 AND raw IS NOT NULL",
		"mask the conversation"};
	static const struct sql reads = {
		"UPDATE desk_chats SET read = ?2 WHERE session = ?1 AND read < ?2",
		"note what was read"};
	bool again = false;
	int rc = 0;

	if (step->has & DESK_HAS_LINE) {
		rc = put_line(s, &step->line, err);
		again = step->line.n == 0;
	}
	if (rc == 0 && step->has & DESK_HAS_CHAT)
		rc = put_chat(s, &step->chat, err);
	if (rc == 0 && step->has & DESK_HAS_TALK && !again)
		rc = put_talk(s, &step->talk, err);
	if (rc == 0 && step->has & DESK_READS)
		rc = sql_run(s, &reads,
			     SQL_ARGS(SQL_TEXT(step->chat.session), SQL_INT(step->chat.read)), err);
	if (rc == 0 && step->has & DESK_WIPES)
		rc = sql_run(s, &wipe, SQL_ARGS(SQL_TEXT(step->chat.session)), err);
	return rc;
}

/* ---- reading ---- */

#define LINE                                                                                       \
	"session, n, at, side, text, ifnull(raw, ''), who, client_id, intent, source, seq FROM "   \
	"desk_lines "

static struct desk_line read_line(const struct sql_rows *r, struct arena *a)
{
	return (struct desk_line){
		.session = arena_str(a, sql_text(r, 0)),
		.n = sql_int(r, 1),
		.at_unix_ms = sql_int(r, 2),
		.side = (enum desk_side)sql_int(r, 3),
		.text = arena_str(a, sql_text(r, 4)),
		.raw = arena_str(a, sql_text(r, 5)),
		.who = arena_str(a, sql_text(r, 6)),
		.id = arena_str(a, sql_text(r, 7)),
		.intent = arena_str(a, sql_text(r, 8)),
		.source = arena_str(a, sql_text(r, 9)),
		.seq = sql_int(r, 10),
	};
}

int store_desk_lines(struct store *s, struct arena *a, struct str session, int64_t since,
		     size_t max, struct desk_line **rows, size_t *n, struct err *err)
{
	static const struct sql get = {"SELECT " LINE
				       "WHERE session = ?1 AND n > ?2 ORDER BY n LIMIT ?3",
				       "read the conversation"};
	struct desk_line *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &get,
			  SQL_ARGS(SQL_TEXT(session), SQL_INT(since), SQL_INT((int64_t)max)), &r,
			  err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_line(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

static int read_one(struct store *s, struct arena *a, const struct sql *sql, struct str session,
		    struct desk_line *out, struct err *err)
{
	struct sql_rows r;
	int rc = sql_open(s, sql, SQL_ARGS(SQL_TEXT(session)), &r, err);

	*out = (struct desk_line){0};
	if (rc == 0 && (rc = sql_next(&r, err)) == 1)
		*out = read_line(&r, a);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_desk_said(struct store *s, struct arena *a, struct str session, struct desk_line *out,
		    struct err *err)
{
	static const struct sql get = {"SELECT " LINE
				       "WHERE session = ?1 AND side = 0 ORDER BY n DESC LIMIT 1",
				       "read the conversation"};

	return read_one(s, a, &get, session, out, err);
}

static struct desk_known read_known(const struct sql_rows *r, struct arena *a)
{
	return (struct desk_known){
		.chat =
			{
				.session = arena_str(a, sql_text(r, 0)),
				.state = (int)sql_int(r, 1),
				.user = arena_str(a, sql_text(r, 2)),
				.lang = arena_str(a, sql_text(r, 3)),
				.page = arena_str(a, sql_text(r, 4)),
				.team = arena_str(a, sql_text(r, 5)),
				.note = arena_str(a, sql_text(r, 6)),
				.agent = arena_str(a, sql_text(r, 7)),
				.logged_in = sql_int(r, 8) != 0,
				.since_unix_ms = sql_int(r, 9),
				.waiting_since_unix_ms = sql_int(r, 10),
				.read = sql_int(r, 11),
			},
		.seq = sql_int(r, 12),
		.unread = sql_int(r, 13),
	};
}

static int read_last(struct store *s, struct arena *a, struct desk_known *k, struct err *err)
{
	static const struct sql get = {
		"SELECT " LINE "WHERE session = ?1 AND side IN (0, 2) ORDER BY n DESC LIMIT 1",
		"read the conversation"};

	return read_one(s, a, &get, k->chat.session, &k->last, err);
}

int store_desk_all(struct store *s, struct arena *a, struct desk_known **rows, size_t *n,
		   struct err *err)
{
	static const struct sql get = {
		"SELECT session, state, user, lang, page, team, note, agent, logged_in, since, "
		"waiting_since, read, max(ifnull((SELECT last_seq FROM sessions AS x WHERE "
		"x.session = c.session), 0), ifnull((SELECT max(seq) FROM talk AS t WHERE "
		"t.session = c.session AND t.side <> 0), 0)), (SELECT count(*) FROM desk_lines AS "
		"l WHERE l.session = c.session AND l.side = 0 AND l.n > c.read) "
		"FROM desk_chats AS c ORDER BY waiting_since, session",
		"read the handovers"};
	struct desk_known *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_known(&r, a));
	sql_close(&r);
	for (size_t i = 0; i < used && rc == 0; i++)
		rc = read_last(s, a, &found[i], err);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

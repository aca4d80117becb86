#include "kb/store_sql.h"

/* ?2, or whose the session ?1 is by now: a guest's message may reach the disk after the sign-in that
 * followed it. */
#define OWNER                                                                                      \
	"CASE WHEN ?2 = '' THEN ifnull((SELECT user FROM sessions WHERE session = ?1), '') ELSE "  \
	"?2 END"

int store_talk_put(struct store *s, const struct talk_row *row, struct err *err)
{
	/* A frame written twice (a retry after a busy answer) is one frame. */
	static const struct sql put = {
		"INSERT INTO talk (session, user, seq, at, side, text, client_id, intent, source, "
		"score, json) VALUES (?1, " OWNER ", ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
		"ON CONFLICT (session, seq) WHERE side <> 0 DO UPDATE SET user = excluded.user, at "
		"= ?4, "
		"side = ?5, text = ?6, client_id = ?7, intent = ?8, source = ?9, score = ?10, "
		"json = ?11",
		"save the message"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->session), SQL_TEXT(row->user), SQL_INT(row->seq),
				SQL_INT(row->at_unix_ms), SQL_INT(row->side), SQL_TEXT(row->text),
				SQL_TEXT(row->client_id), SQL_TEXT(row->intent),
				SQL_TEXT(row->source), SQL_REAL(row->score), SQL_TEXT(row->json)),
		       err);
}

static struct talk_row read_talk(const struct sql_rows *r, struct arena *a)
{
	return (struct talk_row){
		.session = arena_str(a, sql_text(r, 0)),
		.user = arena_str(a, sql_text(r, 1)),
		.seq = sql_int(r, 2),
		.at_unix_ms = sql_int(r, 3),
		.side = (enum talk_side)sql_int(r, 4),
		.text = arena_str(a, sql_text(r, 5)),
		.client_id = arena_str(a, sql_text(r, 6)),
		.intent = arena_str(a, sql_text(r, 7)),
		.source = arena_str(a, sql_text(r, 8)),
		.score = sql_real(r, 9),
		.json = arena_str(a, sql_text(r, 10)),
	};
}

int store_talk_since(struct store *s, struct arena *a, struct str session, int64_t since,
		     size_t max, struct talk_row **rows, size_t *n, struct err *err)
{
	static const struct sql get = {
		"SELECT session, user, seq, at, side, text, client_id, intent, source, score, json "
		"FROM talk WHERE session = ?1 AND seq > ?2 AND side <> 0 ORDER BY seq LIMIT ?3",
		"read the conversation"};
	struct talk_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &get,
			  SQL_ARGS(SQL_TEXT(session), SQL_INT(since), SQL_INT((int64_t)max)), &r,
			  err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_talk(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

int store_session_put(struct store *s, const struct session_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO sessions (session, user, lang, last_seq, seen, state) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (session) DO UPDATE SET user = iif(?2 "
		"= '', user, ?2), "
		"lang = ?3, last_seq = ?4, seen = ?5, state = ?6",
		"save the session"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->session), SQL_TEXT(row->user), SQL_TEXT(row->lang),
				SQL_INT(row->last_seq), SQL_INT(row->seen_unix_ms),
				SQL_TEXT(row->state)),
		       err);
}

int store_session_get(struct store *s, struct arena *a, struct str session, struct session_row *out,
		      struct err *err)
{
	static const struct sql get = {
		"SELECT session, user, lang, last_seq, seen, state FROM sessions WHERE session = "
		"?1",
		"read the session"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(session)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*out = (struct session_row){
			.session = arena_str(a, sql_text(&r, 0)),
			.user = arena_str(a, sql_text(&r, 1)),
			.lang = arena_str(a, sql_text(&r, 2)),
			.last_seq = sql_int(&r, 3),
			.seen_unix_ms = sql_int(&r, 4),
			.state = arena_str(a, sql_text(&r, 5)),
		};
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no session '%.*s'; start a new one",
			     STR_ARG(session));
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_feedback_put(struct store *s, const struct feedback_row *row, struct err *err)
{
	/* The learner may change their mind: the last word counts. */
	static const struct sql put = {
		"INSERT INTO feedback (session, seq, user, helpful, at) VALUES (?1, ?2, ?3, ?4, "
		"?5) "
		"ON CONFLICT (session, seq) DO UPDATE SET user = ?3, helpful = ?4, at = ?5",
		"save the feedback"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->session), SQL_INT(row->seq), SQL_TEXT(row->user),
				SQL_INT(row->helpful), SQL_INT(row->at_unix_ms)),
		       err);
}

int store_handoff_put(struct store *s, const struct handoff_row *row, struct err *err)
{
	static const struct sql put = {"INSERT INTO handoffs (session, user, team, note, said, at) "
				       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
				       "save the handover"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->session), SQL_TEXT(row->user), SQL_TEXT(row->team),
				SQL_TEXT(row->note), SQL_TEXT(row->said), SQL_INT(row->at_unix_ms)),
		       err);
}

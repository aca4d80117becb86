#include "kb/store_missed.h"

#include "kb/store_sql.h"

/* ---- messages ---- */

static struct missed read_row(const struct sql_rows *r, struct arena *a)
{
	int64_t kind = sql_int(r, 4);

	return (struct missed){
		.text = arena_str(a, sql_text(r, 0)),
		.session = arena_str(a, sql_text(r, 1)),
		.seq = sql_int(r, 2),
		.at_unix_ms = sql_int(r, 3),
		.kind = kind >= 0 && kind < MISS_KINDS ? (enum miss_kind)kind : MISS_FALLBACK,
	};
}

int store_missed(struct store *s, struct arena *a, size_t max, struct missed **rows, size_t *n,
		 struct err *err)
{
	/* Replies are found in an index that has all that is asked of them. A reply that was no answer
	 * and did not help either is one message. */
	static const struct sql list = {
		"SELECT u.text, m.session, m.seq, m.at, m.kind FROM ("
		"SELECT session, seq, at, source = 'ask' AS kind FROM talk INDEXED BY talk_replies "
		"WHERE side = 1 AND seq > 1 AND source IN ('fallback', 'ask') UNION ALL "
		"SELECT t.session, t.seq, t.at, 2 FROM feedback AS f JOIN talk AS t "
		"ON t.session = f.session AND t.seq = f.seq AND t.side <> 0 "
		"WHERE f.helpful = 0 AND t.side = 1 AND t.source NOT IN ('fallback', 'ask') "
		"ORDER BY 3 DESC LIMIT ?1) AS m "
		"JOIN talk AS u ON u.session = m.session AND u.seq = m.seq AND u.side = 0 "
		"WHERE u.text <> '' ORDER BY m.at DESC, m.session, m.seq",
		"read the messages without an answer"};
	struct missed *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_ARGS(SQL_INT((int64_t)max)), &r, err);

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

/* ---- what was dealt with ---- */

static const char *const states[] = {
	[HANDLED_OPEN] = "open", [HANDLED_DONE] = "done", [HANDLED_IGNORED] = "ignored"};

bool handled_read(struct str word, enum handled_state *out)
{
	for (size_t i = 0; i < HANDLED_STATES; i++) {
		if (str_eq(word, str_of(states[i]))) {
			*out = (enum handled_state)i;
			return true;
		}
	}
	return false;
}

const char *handled_name(enum handled_state state)
{
	return states[state];
}

int store_handled_put(struct store *s, const uint64_t *forms, size_t n, enum handled_state state,
		      int64_t at_unix_ms, struct str who, struct err *err)
{
	static const struct sql put = {"INSERT OR REPLACE INTO handled VALUES (?1, ?2, ?3, ?4)",
				       "note what was dealt with"};
	static const struct sql take = {"DELETE FROM handled WHERE form = ?1",
					"note what was dealt with"};
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < n && rc == 0; i++) {
		int64_t form = (int64_t)forms[i];

		rc = state == HANDLED_OPEN ? sql_run(s, &take, SQL_ARGS(SQL_INT(form)), err)
					   : sql_run(s, &put,
						     SQL_ARGS(SQL_INT(form), SQL_INT(state),
							      SQL_INT(at_unix_ms), SQL_TEXT(who)),
						     err);
	}
	return sql_scope_end(&scope, rc, err);
}

int store_handled(struct store *s, struct arena *a, struct handled_row **rows, size_t *n,
		  struct err *err)
{
	static const struct sql list = {"SELECT form, state, at FROM handled ORDER BY form",
					"read what was dealt with"};
	struct handled_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap,
				   ((struct handled_row){.form = (uint64_t)sql_int(&r, 0),
							 .state = sql_int(&r, 1) == HANDLED_IGNORED
									  ? HANDLED_IGNORED
									  : HANDLED_DONE,
							 .at_unix_ms = sql_int(&r, 2)}));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

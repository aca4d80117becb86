#include "kb/store_canned.h"

#include "kb/store_sql.h"

static struct canned read_canned(const struct sql_rows *r, struct arena *a)
{
	return (struct canned){
		.id = sql_int(r, 0),
		.owner = arena_str(a, sql_text(r, 1)),
		.shared = sql_int(r, 2) != 0,
		.lang = arena_str(a, sql_text(r, 3)),
		.title = arena_str(a, sql_text(r, 4)),
		.text = arena_str(a, sql_text(r, 5)),
	};
}

int store_canned_list(struct store *s, struct arena *a, struct str owner, struct canned **rows,
		      size_t *n, struct err *err)
{
	static const struct sql get = {
		"SELECT id, owner, shared, lang, title, text FROM desk_canned WHERE owner = ?1 OR "
		"shared ORDER BY title, id",
		"read the ready answers"};
	struct canned *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(owner)), &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_canned(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

static int not_there(int64_t id, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "you have no ready answer %lld", (long long)id);
}

static int read_number(struct store *s, const struct sql *sql, struct str owner, int64_t *out,
		       struct err *err)
{
	struct sql_rows r;
	int rc = sql_open(s, sql, SQL_ARGS(SQL_TEXT(owner)), &r, err);

	if (rc == 0 && (rc = sql_next(&r, err)) == 1)
		*out = sql_int(&r, 0);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

static int add(struct store *s, const struct canned *one, int64_t now, int64_t *id, struct err *err)
{
	static const struct sql count = {"SELECT count(*) FROM desk_canned WHERE owner = ?1",
					 "count the ready answers"};
	static const struct sql put = {
		"INSERT INTO desk_canned (owner, shared, lang, title, text, at) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6)",
		"save the ready answer"};
	static const struct sql newest = {"SELECT max(id) FROM desk_canned WHERE owner = ?1",
					  "save the ready answer"};
	int64_t n = 0;
	int rc = read_number(s, &count, one->owner, &n, err);

	if (rc == 0 && n >= CANNED_MAX)
		rc = err_set(err, ERR_LIMIT, "you have %d ready answers already; delete some",
			     CANNED_MAX);
	if (rc == 0)
		rc = sql_run(s, &put,
			     SQL_ARGS(SQL_TEXT(one->owner), SQL_INT(one->shared),
				      SQL_TEXT(one->lang), SQL_TEXT(one->title),
				      SQL_TEXT(one->text), SQL_INT(now)),
			     err);
	return rc == 0 ? read_number(s, &newest, one->owner, id, err) : rc;
}

static int change(struct store *s, const struct canned *one, int64_t now, int64_t *id,
		  struct err *err)
{
	static const struct sql set = {
		"UPDATE desk_canned SET shared = ?2, lang = ?3, title = ?4, text = ?5, at = ?6 "
		"WHERE owner = ?1 AND id = ?7",
		"save the ready answer"};
	int rc = sql_run(s, &set,
			 SQL_ARGS(SQL_TEXT(one->owner), SQL_INT(one->shared), SQL_TEXT(one->lang),
				  SQL_TEXT(one->title), SQL_TEXT(one->text), SQL_INT(now),
				  SQL_INT(one->id)),
			 err);

	if (rc == 0 && sql_changes(s) == 0)
		rc = not_there(one->id, err);
	*id = one->id;
	return rc;
}

int store_canned_put(struct store *s, const struct canned *one, int64_t now, int64_t *id,
		     struct err *err)
{
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	rc = one->id ? change(s, one, now, id, err) : add(s, one, now, id, err);
	return sql_scope_end(&scope, rc, err);
}

int store_canned_drop(struct store *s, struct str owner, int64_t id, struct err *err)
{
	static const struct sql drop = {"DELETE FROM desk_canned WHERE owner = ?1 AND id = ?2",
					"delete the ready answer"};
	int rc = sql_run(s, &drop, SQL_ARGS(SQL_TEXT(owner), SQL_INT(id)), err);

	if (rc == 0 && sql_changes(s) == 0)
		rc = not_there(id, err);
	return rc;
}

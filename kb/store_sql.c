#include "kb/store_sql.h"

#include <assert.h>
#include <sqlite3.h>

static sqlite3_stmt **find_slot(struct store *s, const struct sql *sql)
{
	size_t i = ((uintptr_t)sql >> 4) % STORE_STATEMENTS;

	while (s->cache[i].key && s->cache[i].key != sql)
		i = (i + 1) % STORE_STATEMENTS;
	if (!s->cache[i].key) {
		assert(s->n_cached < STORE_STATEMENTS / 2);
		s->cache[i].key = sql;
		s->n_cached++;
	}
	return &s->cache[i].stmt;
}

void sql_forget(struct store *s)
{
	for (size_t i = 0; i < STORE_STATEMENTS; i++) {
		sqlite3_finalize(s->cache[i].stmt);
		s->cache[i].key = NULL;
		s->cache[i].stmt = NULL;
	}
	s->n_cached = 0;
}

static int bind_one(sqlite3_stmt *stmt, int i, const struct sql_arg *arg)
{
	switch (arg->kind) {
	case SQL_KIND_TEXT:
		/* A NULL pointer would bind NULL. STATIC: the text outlives the reset below. */
		return sqlite3_bind_text64(stmt, i, arg->text.n ? arg->text.p : "", arg->text.n,
					   SQLITE_STATIC, SQLITE_UTF8);
	case SQL_KIND_INT:
		return sqlite3_bind_int64(stmt, i, arg->integer);
	case SQL_KIND_REAL:
		return sqlite3_bind_double(stmt, i, arg->real);
	case SQL_KIND_BLOB:
		return sqlite3_bind_blob64(stmt, i, arg->text.n ? arg->text.p : "", arg->text.n,
					   SQLITE_STATIC);
	case SQL_KIND_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, i);
}

/* The compiled statement with its arguments bound, ready to step. */
static int prepare(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
		   sqlite3_stmt **out, struct err *err)
{
	sqlite3_stmt **slot = find_slot(s, sql);
	int rc = SQLITE_OK;

	if (!*slot)
		rc = sqlite3_prepare_v3(s->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, slot,
					NULL);
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind_one(*slot, (int)i + 1, &args[i]);
	if (rc != SQLITE_OK)
		return store_fail(s, sql->doing, rc, err);
	*out = *slot;
	return 0;
}

/* Bindings are borrowed texts: none may stay behind. */
static void release(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
}

int sql_run(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
	    struct err *err)
{
	sqlite3_stmt *stmt;
	int rc = prepare(s, sql, args, n, &stmt, err);

	if (rc < 0)
		return rc;
	rc = sqlite3_step(stmt);
	rc = rc == SQLITE_DONE ? 0 : store_fail(s, sql->doing, rc, err);
	release(stmt);
	return rc;
}

int64_t sql_changes(const struct store *s)
{
	return sqlite3_changes64(s->db);
}

int sql_open(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
	     struct sql_rows *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = prepare(s, sql, args, n, &stmt, err);

	*out = (struct sql_rows){.store = s, .sql = sql, .stmt = stmt};
	return rc;
}

int sql_next(struct sql_rows *r, struct err *err)
{
	int rc = sqlite3_step(r->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : store_fail(r->store, r->sql->doing, rc, err);
}

void sql_close(struct sql_rows *r)
{
	if (r->stmt)
		release(r->stmt);
	r->stmt = NULL;
}

struct str sql_text(const struct sql_rows *r, int column)
{
	const char *p = (const char *)sqlite3_column_text(r->stmt, column);

	return (struct str){p, p ? (size_t)sqlite3_column_bytes(r->stmt, column) : 0};
}

struct str sql_blob(const struct sql_rows *r, int column)
{
	const char *p = sqlite3_column_blob(r->stmt, column);

	return (struct str){p, p ? (size_t)sqlite3_column_bytes(r->stmt, column) : 0};
}

int64_t sql_int(const struct sql_rows *r, int column)
{
	return sqlite3_column_int64(r->stmt, column);
}

double sql_real(const struct sql_rows *r, int column)
{
	return sqlite3_column_double(r->stmt, column);
}

double sql_given(const struct sql_rows *r, int column)
{
	return sqlite3_column_type(r->stmt, column) == SQLITE_NULL
		       ? -1
		       : sqlite3_column_double(r->stmt, column);
}

int sql_scope_begin(struct store *s, struct sql_scope *out, struct err *err)
{
	*out = (struct sql_scope){.store = s, .own = sqlite3_get_autocommit(s->db) != 0};
	return out->own ? store_begin(s, err) : 0;
}

int sql_scope_end(struct sql_scope *scope, int rc, struct err *err)
{
	if (!scope->own)
		return rc;
	if (rc == 0)
		return store_commit(scope->store, err);
	store_rollback(scope->store);
	return rc;
}

/* SQL for the files of kb that keep something, without sqlite3.h.
 *
 * A statement is a static struct sql; its address is the key under which the compiled statement is
 * cached in the store. Arguments are bound in order to ?1, ?2, …; `text` may be empty, never NULL.
 *	static const struct sql put = {"INSERT INTO t VALUES (?1, ?2)", "save the row"};
 *	return sql_run(s, &put, SQL_ARGS(SQL_TEXT(id), SQL_INT(n)), err);
 * Words of an error: "cannot <doing> in 'kefu.db': why; how to mend it". */
#ifndef KB_STORE_SQL_H
#define KB_STORE_SQL_H

#include "kb/store.h"

struct sql {
	const char *text;
	const char *doing;
};

enum sql_kind { SQL_KIND_TEXT, SQL_KIND_INT, SQL_KIND_REAL, SQL_KIND_NULL, SQL_KIND_BLOB };

struct sql_arg {
	enum sql_kind kind;
	union {
		struct str text;
		int64_t integer;
		double real;
	};
};

#define SQL_TEXT(v) ((struct sql_arg){.kind = SQL_KIND_TEXT, .text = (v)})
#define SQL_BLOB(v) ((struct sql_arg){.kind = SQL_KIND_BLOB, .text = (v)}) /* bytes */
#define SQL_INT(v)  ((struct sql_arg){.kind = SQL_KIND_INT, .integer = (v)})
#define SQL_REAL(v) ((struct sql_arg){.kind = SQL_KIND_REAL, .real = (v)})
/* NULL when negative: the "not given" of the headers. */
#define SQL_GIVEN(v)                                                                               \
	((struct sql_arg){.kind = (v) < 0 ? SQL_KIND_NULL : SQL_KIND_REAL, .real = (v)})
#define SQL_ARGS(...)                                                                              \
	(const struct sql_arg[]){__VA_ARGS__},                                                     \
		sizeof((const struct sql_arg[]){__VA_ARGS__}) / sizeof(struct sql_arg)
#define SQL_NO_ARGS NULL, 0

/* For statements that give no rows. */
MUST_USE int sql_run(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
		     struct err *err);

/* Rows that the last sql_run inserted, changed or deleted. */
int64_t sql_changes(const struct store *s);

/* Rows of a SELECT; one loop at a time per statement. Every sql_open is closed by sql_close, also
 * after an error of sql_next. */
struct sql_rows {
	struct store *store;
	const struct sql *sql;
	void *stmt;
};

MUST_USE int sql_open(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
		      struct sql_rows *out, struct err *err);
/* 1: on a row; 0: no more; negative: error. */
MUST_USE int sql_next(struct sql_rows *r, struct err *err);
void sql_close(struct sql_rows *r);

/* Columns count from 0. The text is borrowed until the next sql_next or sql_close. */
struct str sql_text(const struct sql_rows *r, int column);
struct str sql_blob(const struct sql_rows *r, int column);
int64_t sql_int(const struct sql_rows *r, int column);
double sql_real(const struct sql_rows *r, int column);
double sql_given(const struct sql_rows *r, int column); /* -1 for NULL */

/* A begin that joins an open transaction, for puts made of several statements: */
struct sql_scope {
	struct store *store;
	bool own;
};
MUST_USE int sql_scope_begin(struct store *s, struct sql_scope *out, struct err *err);
/* Commits what it began when rc is 0, rolls it back else; returns rc or the commit's error. */
MUST_USE int sql_scope_end(struct sql_scope *scope, int rc, struct err *err);

/* ---- for store*.c ---- */

struct sqlite3;
struct sqlite3_stmt;

enum { STORE_STATEMENTS = 512 }; /* slots of the cache; more than twice the statements there are */

struct store {
	struct sqlite3 *db;
	char *path;
	struct {
		const struct sql *key;
		struct sqlite3_stmt *stmt;
	} cache[STORE_STATEMENTS]; /* open addressing by address */
	size_t n_cached;
	int64_t deadline_ms; /* monotonic; 0 = none */
};

/* Is this a database that may be opened so? Changes nothing. (store_schema.c) */
MUST_USE int store_schema_check(struct store *s, enum store_mode mode, struct err *err);
/* Creates the tables or brings older ones up to date, in one transaction. */
MUST_USE int store_schema_migrate(struct store *s, struct err *err);
/* Words and code for what SQLite answered (store_error.c). */
int store_fail(struct store *s, const char *doing, int sqlite_code, struct err *err);
/* Runs plain SQL without a cache: pragmas, schema. */
MUST_USE int store_exec(struct store *s, const char *text, const char *doing, struct err *err);
/* Finalizes every cached statement. */
void sql_forget(struct store *s);

#endif

#include "kb/store_versions.h"

#include "kb/store_sql.h"

static struct version_row read_version(const struct sql_rows *r, struct arena *a)
{
	return (struct version_row){
		.id = sql_int(r, 0),
		.path = arena_str(a, sql_text(r, 1)),
		.version = arena_str(a, sql_text(r, 2)),
		.at_unix_ms = sql_int(r, 3),
		.who = arena_str(a, sql_text(r, 4)),
		.comment = arena_str(a, sql_text(r, 5)),
		.text = arena_str(a, sql_text(r, 6)),
		.bytes = sql_int(r, 7),
	};
}

static int read_one(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
		    struct arena *a, struct version_row *out, struct err *err)
{
	struct sql_rows r;
	int rc = sql_open(s, sql, args, n, &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*out = read_version(&r, a);
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such version");
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_version_put(struct store *s, const struct version_row *row, int64_t *id, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO file_versions (path, version, at, who, comment, text) VALUES (?1, ?2, "
		"?3, ?4, ?5, ?6)",
		"keep the version"};
	static const struct sql prune = {
		"DELETE FROM file_versions WHERE path = ?1 AND id <= (SELECT id FROM file_versions "
		"WHERE path = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
		"drop the oldest versions"};
	static const struct sql last = {"SELECT last_insert_rowid()", "keep the version"};
	struct sql_rows r;
	int rc = sql_run(s, &put,
			 SQL_ARGS(SQL_TEXT(row->path), SQL_TEXT(row->version),
				  SQL_INT(row->at_unix_ms), SQL_TEXT(row->who),
				  SQL_TEXT(row->comment), SQL_TEXT(row->text)),
			 err);

	if (rc == 0)
		rc = sql_run(s, &prune, SQL_ARGS(SQL_TEXT(row->path), SQL_INT(VERSIONS_KEPT)), err);
	if (rc < 0)
		return rc;
	rc = sql_open(s, &last, SQL_NO_ARGS, &r, err);
	if (rc == 0 && (rc = sql_next(&r, err)) == 1)
		*id = sql_int(&r, 0);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_version_newest(struct store *s, struct arena *a, struct str path, struct str except,
			 struct version_row *out, struct err *err)
{
	static const struct sql get = {
		"SELECT id, path, version, at, who, comment, text, length(CAST(text AS BLOB)) FROM "
		"file_versions WHERE path = ?1 AND version <> ?2 ORDER BY id DESC LIMIT 1",
		"read the newest version"};

	return read_one(s, &get, SQL_ARGS(SQL_TEXT(path), SQL_TEXT(except)), a, out, err);
}

int store_version_get(struct store *s, struct arena *a, int64_t id, struct version_row *out,
		      struct err *err)
{
	static const struct sql get = {
		"SELECT id, path, version, at, who, comment, text, length(CAST(text AS BLOB)) FROM "
		"file_versions WHERE id = ?1",
		"read the version"};

	return read_one(s, &get, SQL_ARGS(SQL_INT(id)), a, out, err);
}

int store_version_list(struct store *s, struct arena *a, struct str path, int64_t before,
		       size_t max, struct version_row **rows, size_t *n, struct err *err)
{
	static const struct sql list = {
		"SELECT id, path, version, at, who, comment, '', length(CAST(text AS BLOB)) FROM "
		"file_versions WHERE path = ?1 AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3",
		"read the versions"};
	struct version_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc =
		sql_open(s, &list, SQL_ARGS(SQL_TEXT(path), SQL_INT(before), SQL_INT((int64_t)max)),
			 &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_version(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

#include "kb/store_staff.h"

#include "kb/store_sql.h"
#include "text/utf8.h"

static const char *const roles[] = {
	[ROLE_NONE] = "none",	  [ROLE_VIEWER] = "viewer", [ROLE_AGENT] = "agent",
	[ROLE_EDITOR] = "editor", [ROLE_ADMIN] = "admin",
};

const char *staff_role_name(enum staff_role role)
{
	return roles[role];
}

bool staff_role_read(struct str word, enum staff_role *out)
{
	for (int i = ROLE_VIEWER; i <= ROLE_ADMIN; i++) {
		if (!str_eq(word, str_of(roles[i])))
			continue;
		*out = (enum staff_role)i;
		return true;
	}
	return false;
}

bool staff_name_valid(struct str name)
{
	if (!name.n || name.n > STAFF_NAME_MAX || utf8_valid(name) < name.n)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		if ((unsigned char)name.p[i] <= ' ' || name.p[i] == 0x7f)
			return false;
	}
	return true;
}

/* ---- accounts ---- */

int store_staff_add(struct store *s, const struct staff *who, struct err *err)
{
	static const struct sql put = {"INSERT INTO staff (name, role, password, made) VALUES (?1, "
				       "?2, ?3, ?4) ON CONFLICT DO NOTHING",
				       "add the account"};
	int rc = sql_run(s, &put,
			 SQL_ARGS(SQL_TEXT(who->name), SQL_TEXT(str_of(staff_role_name(who->role))),
				  SQL_TEXT(who->password), SQL_INT(who->made_unix_ms)),
			 err);

	if (rc == 0 && sql_changes(s) == 0)
		rc = err_set(err, ERR_DENIED, "there is an account '%.*s' already",
			     STR_ARG(who->name));
	return rc;
}

/* Changes one account, and ends its sessions with it. */
static int change(struct store *s, const struct sql *sql, const struct sql_arg *args, size_t n,
		  struct err *err)
{
	static const struct sql end = {"DELETE FROM staff_sessions WHERE name = ?1", "sign out"};
	struct str name = args[0].text;
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	rc = sql_run(s, &end, SQL_ARGS(SQL_TEXT(name)), err);
	if (rc == 0)
		rc = sql_run(s, sql, args, n, err);
	if (rc == 0 && sql_changes(s) == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no account '%.*s'", STR_ARG(name));
	return sql_scope_end(&scope, rc, err);
}

int store_staff_password(struct store *s, struct str name, struct str hash, struct err *err)
{
	static const struct sql set = {"UPDATE staff SET password = ?2 WHERE name = ?1",
				       "set the password"};

	return change(s, &set, SQL_ARGS(SQL_TEXT(name), SQL_TEXT(hash)), err);
}

int store_staff_role(struct store *s, struct str name, enum staff_role role, struct err *err)
{
	static const struct sql set = {"UPDATE staff SET role = ?2 WHERE name = ?1",
				       "set the role"};

	return change(s, &set, SQL_ARGS(SQL_TEXT(name), SQL_TEXT(str_of(staff_role_name(role)))),
		      err);
}

int store_staff_remove(struct store *s, struct str name, struct err *err)
{
	static const struct sql drop = {"DELETE FROM staff WHERE name = ?1", "remove the account"};

	return change(s, &drop, SQL_ARGS(SQL_TEXT(name)), err);
}

static struct staff read_staff(const struct sql_rows *r, struct arena *a)
{
	struct staff who = {
		.name = arena_str(a, sql_text(r, 0)),
		.password = arena_str(a, sql_text(r, 2)),
		.made_unix_ms = sql_int(r, 3),
		.seen_unix_ms = sql_int(r, 4),
	};

	if (!staff_role_read(sql_text(r, 1), &who.role))
		who.role = ROLE_NONE;
	return who;
}

int store_staff_get(struct store *s, struct arena *a, struct str name, struct staff *out,
		    struct err *err)
{
	static const struct sql get = {
		"SELECT name, role, password, made, 0 FROM staff WHERE name = ?1",
		"read the account"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(name)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*out = read_staff(&r, a);
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no account '%.*s'", STR_ARG(name));
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_staff_list(struct store *s, struct arena *a, struct staff **rows, size_t *n,
		     struct err *err)
{
	static const struct sql list = {
		"SELECT name, role, '', made, (SELECT max(seen) FROM staff_sessions AS e WHERE "
		"e.name = staff.name) FROM staff ORDER BY name",
		"read the accounts"};
	struct staff *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &list, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_staff(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

int store_staff_any(struct store *s, bool *any, struct err *err)
{
	static const struct sql ask = {"SELECT 1 FROM staff LIMIT 1", "read the accounts"};
	struct sql_rows r;
	int rc = sql_open(s, &ask, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	sql_close(&r);
	if (rc < 0)
		return rc;
	*any = rc == 1;
	return 0;
}

/* ---- who is signed in ---- */

int store_staff_enter(struct store *s, struct str hash, struct str name, int64_t now,
		      struct err *err)
{
	static const struct sql put = {
		"INSERT INTO staff_sessions (hash, name, seen) VALUES (?1, ?2, ?3)", "sign in"};

	return sql_run(s, &put, SQL_ARGS(SQL_TEXT(hash), SQL_TEXT(name), SQL_INT(now)), err);
}

int store_staff_session(struct store *s, struct arena *a, struct str hash, int64_t oldest,
			struct staff *out, struct err *err)
{
	static const struct sql get = {
		"SELECT staff.name, role, '', made, seen FROM staff_sessions AS e JOIN staff ON "
		"staff.name = e.name WHERE hash = ?1 AND seen > ?2",
		"read the session"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_ARGS(SQL_TEXT(hash), SQL_INT(oldest)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*out = read_staff(&r, a);
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "nobody is signed in with this cookie");
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_staff_seen(struct store *s, struct str hash, int64_t now, struct err *err)
{
	static const struct sql set = {"UPDATE staff_sessions SET seen = ?2 WHERE hash = ?1",
				       "renew the session"};

	return sql_run(s, &set, SQL_ARGS(SQL_TEXT(hash), SQL_INT(now)), err);
}

int store_staff_leave(struct store *s, struct str hash, struct err *err)
{
	static const struct sql drop = {"DELETE FROM staff_sessions WHERE hash = ?1", "sign out"};

	return sql_run(s, &drop, SQL_ARGS(SQL_TEXT(hash)), err);
}

int store_staff_sweep(struct store *s, int64_t oldest, struct err *err)
{
	static const struct sql drop = {"DELETE FROM staff_sessions WHERE seen <= ?1",
					"end old sessions"};

	return sql_run(s, &drop, SQL_ARGS(SQL_INT(oldest)), err);
}

/* ---- the log ---- */

int store_audit_put(struct store *s, const struct audit_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO audit (at, who, origin, what, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
		"write the log of the staff"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_INT(row->at_unix_ms), SQL_TEXT(row->who), SQL_TEXT(row->origin),
				SQL_TEXT(row->what), SQL_TEXT(row->detail)),
		       err);
}

static struct audit_row read_audit(const struct sql_rows *r, struct arena *a)
{
	return (struct audit_row){
		.id = sql_int(r, 0),
		.at_unix_ms = sql_int(r, 1),
		.who = arena_str(a, sql_text(r, 2)),
		.origin = arena_str(a, sql_text(r, 3)),
		.what = arena_str(a, sql_text(r, 4)),
		.detail = arena_str(a, sql_text(r, 5)),
	};
}

int store_audit_list(struct store *s, struct arena *a, int64_t before, struct str who, size_t max,
		     struct audit_row **rows, size_t *n, struct err *err)
{
	static const struct sql all = {
		"SELECT id, at, who, origin, what, detail FROM audit WHERE (?1 = 0 OR id < ?1) "
		"ORDER BY id DESC LIMIT ?2",
		"read the log of the staff"};
	static const struct sql ones = {
		"SELECT id, at, who, origin, what, detail FROM audit WHERE (?1 = 0 OR id < ?1) AND "
		"who = ?3 ORDER BY id DESC LIMIT ?2",
		"read the log of the staff"};
	struct audit_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(
		s, who.n ? &ones : &all,
		(const struct sql_arg[]){SQL_INT(before), SQL_INT((int64_t)max), SQL_TEXT(who)},
		who.n ? 3 : 2, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap, read_audit(&r, a));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

#include "kb/store_list.h"

#include <stdio.h>

#include "kb/store_sql.h"

void list_id_print(int64_t id, char out[LIST_ID_TEXT])
{
	snprintf(out, LIST_ID_TEXT, "%016llx", (unsigned long long)id);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool list_id_read(struct str text, int64_t *out)
{
	uint64_t id = 0;

	if (text.n != LIST_ID_TEXT - 1)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		int d = digit(text.p[i]);

		if (d < 0)
			return false;
		id = id << 4 | (unsigned)d;
	}
	if (!id || id > INT64_MAX)
		return false;
	*out = (int64_t)id;
	return true;
}

/* ---- giving a list ---- */

static int put_learner(struct store *s, struct str user, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO learners (name) VALUES (?1) ON CONFLICT DO NOTHING",
		"save the learner"};

	return sql_run(s, &put, SQL_ARGS(SQL_TEXT(user)), err);
}

static int put_list(struct store *s, const struct list_course_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO lists (id, learner, session, at, via) "
		"SELECT ?1, id, ?3, ?4, ?5 FROM learners WHERE name = ?2 ON CONFLICT DO NOTHING",
		"save a list of courses"};
	int rc = put_learner(s, row->user, err);

	if (rc < 0)
		return rc;
	return sql_run(s, &put,
		       SQL_ARGS(SQL_INT(row->list), SQL_TEXT(row->user), SQL_TEXT(row->session),
				SQL_INT(row->at_unix_ms), SQL_INT(row->via)),
		       err);
}

static int put_course(struct store *s, const struct list_course_row *row, struct err *err)
{
	static const struct sql item = {
		"INSERT INTO items (name) VALUES (?1) ON CONFLICT DO NOTHING",
		"save a list of courses"};
	static const struct sql put = {
		"INSERT INTO list_courses (list, place, item, shown) "
		"SELECT ?1, ?2, id, ?4 FROM items WHERE name = ?3 ON CONFLICT DO NOTHING",
		"save a list of courses"};
	int64_t shown = row->via == LIST_HTTP ? row->at_unix_ms : -1;
	int rc = sql_run(s, &item, SQL_ARGS(SQL_TEXT(row->course)), err);

	if (rc < 0)
		return rc;
	return sql_run(s, &put,
		       SQL_ARGS(SQL_INT(row->list), SQL_INT(row->place), SQL_TEXT(row->course),
				shown < 0 ? SQL_GIVEN(-1) : SQL_INT(shown)),
		       err);
}

int store_list_course_put(struct store *s, const struct list_course_row *row, struct err *err)
{
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	if (row->place == 0)
		rc = put_list(s, row, err);
	if (rc == 0)
		rc = put_course(s, row, err);
	return sql_scope_end(&scope, rc, err);
}

/* ---- what came of it ---- */

#define MARK(column)                                                                               \
	{                                                                                          \
		"UPDATE list_courses SET " column " = min(ifnull(" column ", ?3), ?3) "            \
		"WHERE list = ?1 AND item = (SELECT id FROM items WHERE name = ?2)",               \
			"save what came of a list"                                                 \
	}

static const struct sql marks[] = {
	[LIST_SHOWN] = MARK("shown"),
	[LIST_CLICKED] = MARK("clicked"),
	[LIST_DISMISSED] = MARK("dismissed"),
	[LIST_ENROLLED] = MARK("enrolled"),
	[LIST_PURCHASED] = MARK("purchased"),
	[LIST_RECALLED] =
		{"UPDATE list_courses SET dismissed = CASE WHEN dismissed > ?3 THEN dismissed END "
		 "WHERE list = ?1 AND item = (SELECT id FROM items WHERE name = ?2)",
		 "save what came of a list"},
};

/* *found: the list has the course. */
static int mark(struct store *s, const struct list_mark_row *row, int64_t list, bool *found,
		struct err *err)
{
	int rc = sql_run(s, &marks[row->mark],
			 SQL_ARGS(SQL_INT(list), SQL_TEXT(row->course), SQL_INT(row->at_unix_ms)),
			 err);

	*found = rc == 0 && sql_changes(s) > 0;
	return rc;
}

/* The last list that showed it, 0 for none. Those of conversations that are the learner's now count
 * even if they were begun as a guest. */
static int find_list(struct store *s, const struct list_mark_row *row, int64_t *list,
		     struct err *err)
{
	static const struct sql find = {
		"SELECT l.id FROM lists l JOIN list_courses c ON c.list = l.id WHERE l.id IN "
		"(SELECT id FROM lists WHERE learner = (SELECT id FROM learners WHERE name = ?1) "
		"UNION ALL SELECT id FROM lists WHERE session <> '' AND session IN "
		"(SELECT session FROM sessions WHERE user = ?1 AND user <> '')) "
		"AND c.item = (SELECT id FROM items WHERE name = ?2) AND c.shown <= ?3 "
		"ORDER BY c.shown DESC, l.at DESC LIMIT 1",
		"find the list a course was shown in"};
	struct sql_rows r;
	int rc = sql_open(
		s, &find,
		SQL_ARGS(SQL_TEXT(row->user), SQL_TEXT(row->course), SQL_INT(row->at_unix_ms)), &r,
		err);

	*list = 0;
	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1)
		*list = sql_int(&r, 0);
	sql_close(&r);
	return rc < 0 ? rc : 0;
}

int store_list_mark(struct store *s, const struct list_mark_row *row, struct err *err)
{
	bool found = false;
	int64_t list;
	int rc = 0;

	if (row->list)
		rc = mark(s, row, row->list, &found, err);
	if (rc < 0 || found || row->mark == LIST_SHOWN)
		return rc;
	rc = find_list(s, row, &list, err);
	return rc == 0 && list ? mark(s, row, list, &found, err) : rc;
}

/* ---- experiments ---- */

static int put_arm(struct store *s, const struct exposure_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO arms (experiment, plan, variant, place, share, outcome, within) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET outcome = ?6, "
		"within = ?7 WHERE outcome <> ?6 OR within <> ?7",
		"save the variant of an experiment"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->experiment), SQL_TEXT(row->plan),
				SQL_TEXT(row->variant), SQL_INT(row->place), SQL_REAL(row->share),
				SQL_TEXT(row->outcome), SQL_INT(row->within)),
		       err);
}

static int put_exposure(struct store *s, const struct exposure_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO exposures (learner, arm, at, session) SELECT l.id, a.id, ?5, ?6 FROM "
		"learners l, arms a WHERE l.name = ?4 AND a.experiment = ?1 AND a.plan = ?2 AND "
		"a.variant = ?3 AND NOT EXISTS (SELECT 1 FROM exposures x JOIN arms b ON b.id = "
		"x.arm WHERE x.learner = l.id AND b.experiment = ?1 AND b.plan = ?2 AND "
		"b.variant <> ?3) ON CONFLICT DO UPDATE SET at = ?5, session = ?6 WHERE at > ?5",
		"save who met a variant"};
	int rc = put_learner(s, row->user, err);

	if (rc < 0)
		return rc;
	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->experiment), SQL_TEXT(row->plan),
				SQL_TEXT(row->variant), SQL_TEXT(row->user),
				SQL_INT(row->at_unix_ms), SQL_TEXT(row->session)),
		       err);
}

static int put_list_arm(struct store *s, const struct exposure_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT INTO list_arms (list, arm) SELECT l.id, a.id FROM lists l, arms a "
		"WHERE l.id = ?4 AND a.experiment = ?1 AND a.plan = ?2 AND a.variant = ?3 "
		"ON CONFLICT DO NOTHING",
		"save the variant of a list"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->experiment), SQL_TEXT(row->plan),
				SQL_TEXT(row->variant), SQL_INT(row->list)),
		       err);
}

int store_exposure_put(struct store *s, const struct exposure_row *row, struct err *err)
{
	struct sql_scope scope;
	int rc = sql_scope_begin(s, &scope, err);

	if (rc < 0)
		return rc;
	rc = put_arm(s, row, err);
	if (rc == 0)
		rc = put_exposure(s, row, err);
	if (rc == 0 && row->list)
		rc = put_list_arm(s, row, err);
	return sql_scope_end(&scope, rc, err);
}

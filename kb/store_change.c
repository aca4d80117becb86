#include "kb/store_change.h"

#include "kb/store_sql.h"

int store_change_note(struct store *s, enum change c, int64_t *now, struct err *err)
{
	static const struct sql raise = {
		"INSERT INTO changes (kind, n) VALUES (?1, 1) ON CONFLICT DO UPDATE SET n = n + 1 "
		"RETURNING n",
		"note the change"};
	struct sql_rows r;
	int rc = sql_open(s, &raise, SQL_ARGS(SQL_INT(c)), &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1) {
		if (now)
			*now = sql_int(&r, 0);
		rc = 0;
	}
	sql_close(&r);
	return rc;
}

int store_changes_read(struct store *s, struct changes *out, struct err *err)
{
	static const struct sql get = {"SELECT kind, n FROM changes", "look for changes"};
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	*out = (struct changes){0};
	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			if (sql_int(&r, 0) >= 0 && sql_int(&r, 0) < CHANGES)
				out->of[sql_int(&r, 0)] = sql_int(&r, 1);
	sql_close(&r);
	return rc;
}

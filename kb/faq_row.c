#include "kb/faq_row.h"

#include "kb/store_sql.h"

int faq_row_put(struct store *s, const struct faq_row *row, struct err *err)
{
	static const struct sql put = {
		"INSERT OR REPLACE INTO faq (id, question, also, answer, tags) "
		"VALUES (?1, ?2, ?3, ?4, ?5)",
		"save the FAQ entry"};

	return sql_run(s, &put,
		       SQL_ARGS(SQL_TEXT(row->id), SQL_TEXT(row->question), SQL_TEXT(row->also),
				SQL_TEXT(row->answer), SQL_TEXT(row->tags)),
		       err);
}

int faq_rows_read(struct store *s, struct arena *a, struct faq_row **rows, size_t *n,
		  struct err *err)
{
	static const struct sql get = {
		"SELECT id, question, also, answer, tags FROM faq ORDER BY id", "read the FAQ"};
	struct faq_row *found = NULL;
	size_t used = 0, cap = 0;
	struct sql_rows r;
	int rc = sql_open(s, &get, SQL_NO_ARGS, &r, err);

	if (rc == 0)
		while ((rc = sql_next(&r, err)) == 1)
			ARENA_PUSH(a, found, used, cap,
				   ((struct faq_row){arena_str(a, sql_text(&r, 0)),
						     arena_str(a, sql_text(&r, 1)),
						     arena_str(a, sql_text(&r, 2)),
						     arena_str(a, sql_text(&r, 3)),
						     arena_str(a, sql_text(&r, 4))}));
	sql_close(&r);
	if (rc < 0)
		return rc;
	*rows = found;
	*n = used;
	return 0;
}

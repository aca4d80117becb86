#include "kb/store_sql.h"

#include <sqlite3.h>
#include <stdio.h>

/* The SQL of each step, embedded as bytes by the assembler (KB_FOLDER comes from CMake). */
#define EMBED(name, file)                                                                          \
	__asm__(".pushsection .rodata\n" #name ":\n.incbin \"" KB_FOLDER "/" file                  \
		"\"\n.byte 0\n.popsection\n");                                                     \
	extern const char name[]

EMBED(kb_schema_1, "schema.sql");
EMBED(kb_schema_2, "schema_2.sql");
EMBED(kb_schema_3, "schema_3.sql");
EMBED(kb_schema_4, "schema_4.sql");
EMBED(kb_schema_5, "schema_5.sql");
EMBED(kb_schema_6, "schema_6.sql");
EMBED(kb_schema_7, "schema_7.sql");
EMBED(kb_schema_8, "schema_8.sql");
EMBED(kb_schema_9, "schema_9.sql");

/* Step i takes a database from version i to i + 1. */
static const char *const steps[] = {kb_schema_1, kb_schema_2, kb_schema_3, kb_schema_4, kb_schema_5,
				    kb_schema_6, kb_schema_7, kb_schema_8, kb_schema_9};

enum {
	VERSION = sizeof steps / sizeof *steps,
	APPLICATION = 0x6b656675, /* "kefu", in the header of the file */
};

static int read_int(struct store *s, const struct sql *sql, int64_t *out, struct err *err)
{
	struct sql_rows rows;
	int rc = sql_open(s, sql, SQL_NO_ARGS, &rows, err);

	if (rc == 0)
		rc = sql_next(&rows, err);
	if (rc == 1) {
		*out = sql_int(&rows, 0);
		rc = 0;
	}
	sql_close(&rows);
	return rc;
}

static int read_version(struct store *s, int64_t *version, int64_t *application, int64_t *tables,
			struct err *err)
{
	static const struct sql q_version = {"PRAGMA user_version", "read the version"};
	static const struct sql q_application = {"PRAGMA application_id", "read the version"};
	static const struct sql q_tables = {"SELECT count(*) FROM sqlite_schema",
					    "read the tables"};
	int rc = read_int(s, &q_version, version, err);

	if (rc == 0)
		rc = read_int(s, &q_application, application, err);
	if (rc == 0)
		rc = read_int(s, &q_tables, tables, err);
	return rc;
}

static int migrate(struct store *s, int64_t from, struct err *err)
{
	char mark[96];
	int rc = 0;

	for (int64_t i = from; i < VERSION && rc == 0; i++)
		rc = store_exec(s, steps[i], "bring the tables up to date", err);
	if (rc < 0)
		return rc;
	snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION, VERSION);
	return store_exec(s, mark, "note the version", err);
}

/* Two programs may start at once: the one that gets the lock second finds the work done. */
int store_schema_migrate(struct store *s, struct err *err)
{
	int64_t version, application, tables;
	int rc = store_begin(s, err);

	if (rc < 0)
		return rc;
	rc = read_version(s, &version, &application, &tables, err);
	if (rc == 0 && version < VERSION)
		rc = migrate(s, version, err);
	if (rc == 0)
		return store_commit(s, err);
	store_rollback(s);
	return rc;
}

static bool is_ours(int64_t application, int64_t tables)
{
	return application == APPLICATION || (application == 0 && tables == 0);
}

int store_schema_check(struct store *s, enum store_mode mode, struct err *err)
{
	int64_t version = 0, application = 0, tables = 0;
	int rc = read_version(s, &version, &application, &tables, err);

	if (rc < 0)
		return rc;
	if (!is_ours(application, tables))
		return err_set(err, ERR_INVALID,
			       "'%s' is a database of another program; nothing was changed in it; "
			       "name another file",
			       s->path);
	if (version > VERSION)
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s' was written by a newer kefu (version %lld, this one knows "
			       "%d); update this program",
			       s->path, (long long)version, VERSION);
	if (version < VERSION && mode == STORE_READ)
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s' is %s; bring it up to date with 'kefu import' or by starting "
			       "kefud on it",
			       s->path, version ? "from an older kefu" : "empty");
	return 0;
}

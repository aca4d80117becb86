#include "kb/store_sql.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text/mem.h"

enum {
	BUSY_MS = 5000,
	PROGRESS_STEPS = 20000, /* of SQLite's machine, between two looks at the clock: some 1 ms */
};

/* FULL: with WAL the log is synced at every commit, so what was acknowledged survives a power cut.
 */
static const char writer_pragmas[] = "PRAGMA journal_mode = WAL;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA cache_size = -65536;"
				     "PRAGMA journal_size_limit = 67108864;";
static const char pragmas[] = "PRAGMA foreign_keys = ON;"
			      "PRAGMA temp_store = MEMORY;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA cell_size_check = ON;";

int store_exec(struct store *s, const char *text, const char *doing, struct err *err)
{
	int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : store_fail(s, doing, rc, err);
}

/* The folder a path lies in, NUL-terminated, on the heap. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(STR("."));
	return mem_strdup((struct str){path, slash == path ? 1 : (size_t)(slash - path)});
}

/* SQLite says only "unable to open": look for the reason that a person can act on. */
static int explain_open(const char *path, enum store_mode mode, struct err *err)
{
	char *folder = folder_of(path);
	struct stat st;
	int rc;

	if (stat(folder, &st) < 0 && errno == ENOENT)
		rc = err_set(err, ERR_NOT_FOUND,
			     "cannot open the database '%s': there is no folder '%s'; create it or "
			     "name another file",
			     path, folder);
	else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		rc = err_set(err, ERR_INVALID,
			     "cannot open the database '%s': it is a folder; name a file in it",
			     path);
	else if (stat(path, &st) < 0 && errno == ENOENT && mode == STORE_READ)
		rc = err_set(err, ERR_NOT_FOUND,
			     "cannot open the database '%s': there is no such file; create it with "
			     "'kefu import', or name another",
			     path);
	else if (euidaccess(path, R_OK) < 0 && errno == EACCES)
		rc = err_set(err, ERR_DENIED,
			     "cannot open the database '%s': this user may not read it; check the "
			     "owner and mode",
			     path);
	else if (mode == STORE_WRITE && euidaccess(folder, W_OK) < 0)
		rc = err_set(err, ERR_DENIED,
			     "cannot open the database '%s' for writing: the folder '%s' is "
			     "read-only for this user; allow writing to it",
			     path, folder);
	else
		rc = err_set(
			err, ERR_IO,
			"cannot open the database '%s': the file (or a -wal or -shm beside it) "
			"cannot be opened; check the folder and its mode",
			path);
	free(folder);
	return rc;
}

/* A reader needs to write the -shm of a WAL database. Where it may not, and no log is there to be
 * read, the file stands still and can be read as immutable. */
static int open_still(struct store *s)
{
	char *wal = sqlite3_mprintf("%s-wal", s->path);
	char *uri = sqlite3_mprintf("file:%s?immutable=1", s->path);
	int rc = SQLITE_CANTOPEN;

	if (wal && uri && euidaccess(s->path, R_OK) == 0 && euidaccess(wal, F_OK) < 0 &&
	    !strpbrk(s->path, "?#%")) {
		sqlite3_close(s->db);
		rc = sqlite3_open_v2(uri, &s->db,
				     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
				     NULL);
	}
	sqlite3_free(wal);
	sqlite3_free(uri);
	return rc;
}

/* sqlite3_open is lazy: the first read tells. */
static int probe(struct store *s)
{
	return sqlite3_exec(s->db, "PRAGMA schema_version", NULL, NULL, NULL);
}

static int open_file(struct store *s, enum store_mode mode, struct err *err)
{
	bool memory = strcmp(s->path, ":memory:") == 0;
	int flags = mode == STORE_WRITE || memory ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
						  : SQLITE_OPEN_READONLY;
	int rc = sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(s->db, BUSY_MS);
		rc = probe(s);
	}
	if (mode == STORE_READ &&
	    ((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY)) {
		rc = open_still(s);
		if (rc == SQLITE_OK)
			rc = probe(s);
	}
	if ((rc & 0xff) == SQLITE_CANTOPEN)
		return explain_open(s->path, mode, err);
	if (rc != SQLITE_OK)
		return store_fail(s, "read the database", rc, err);
	/* SQLite falls back to reading silently. */
	if (mode == STORE_WRITE && sqlite3_db_readonly(s->db, "main") == 1)
		return store_fail(s, "write", SQLITE_READONLY, err);
	return 0;
}

static int configure(struct store *s, enum store_mode mode, struct err *err)
{
	int rc;

	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	rc = store_exec(s, pragmas, "set up the connection", err);
	if (rc == 0 && mode == STORE_WRITE)
		rc = store_exec(s, writer_pragmas, "set up the log", err);
	return rc;
}

/* Pages when they are read: each connection would be given twenty beforehand, and most read a few. */
static void set_up(void)
{
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

int store_open(const char *path, enum store_mode mode, struct store **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store *s = mem_zalloc(sizeof *s);
	int rc;

	pthread_once(&once, set_up);
	s->path = mem_strdup(str_of(path));
	if (strcmp(path, ":memory:") == 0)
		mode = STORE_WRITE;
	rc = open_file(s, mode, err);
	/* The schema first: a stranger's file is refused before anything is changed in it. */
	if (rc == 0)
		rc = store_schema_check(s, mode, err);
	if (rc == 0)
		rc = configure(s, mode, err);
	if (rc == 0 && mode == STORE_WRITE)
		rc = store_schema_migrate(s, err);
	if (rc < 0) {
		store_close(s);
		return rc;
	}
	/* What looking at the schema read: few of those pages are asked for again. */
	sqlite3_db_release_memory(s->db);
	*out = s;
	return 0;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	sql_forget(s);
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}

void store_wait(struct store *s, int ms)
{
	sqlite3_busy_timeout(s->db, ms);
}

void store_rest(struct store *s)
{
	sqlite3_db_release_memory(s->db);
}

static int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int out_of_time(void *store)
{
	const struct store *s = store;

	return s->deadline_ms && monotonic_ms() > s->deadline_ms;
}

void store_deadline(struct store *s, int ms)
{
	s->deadline_ms = ms ? monotonic_ms() + ms : 0;
	sqlite3_progress_handler(s->db, ms ? PROGRESS_STEPS : 0, ms ? out_of_time : NULL, s);
}

int store_begin(struct store *s, struct err *err)
{
	static const struct sql begin = {"BEGIN IMMEDIATE", "begin writing"};

	return sql_run(s, &begin, SQL_NO_ARGS, err);
}

int store_begin_read(struct store *s, struct err *err)
{
	static const struct sql begin = {"BEGIN", "begin reading"};

	return sql_run(s, &begin, SQL_NO_ARGS, err);
}

int store_commit(struct store *s, struct err *err)
{
	static const struct sql commit = {"COMMIT", "save"};
	int rc;

	/* A full disk makes SQLite roll back by itself. */
	if (sqlite3_get_autocommit(s->db))
		return err_set(err, ERR_IO,
			       "cannot save in '%s': the transaction was rolled back after an "
			       "error; put the rows again",
			       s->path);
	rc = sql_run(s, &commit, SQL_NO_ARGS, err);
	if (rc < 0)
		store_rollback(s);
	return rc;
}

void store_rollback(struct store *s)
{
	static const struct sql rollback = {"ROLLBACK", "undo"};

	if (!sqlite3_get_autocommit(s->db) && sql_run(s, &rollback, SQL_NO_ARGS, NULL) < 0)
		return; /* an interrupted rollback is finished by the next reader of the log */
}

int store_check(struct store *s, struct err *err)
{
	static const struct sql check = {"PRAGMA quick_check(1)", "check the database"};
	struct sql_rows rows;
	int rc = sql_open(s, &check, SQL_NO_ARGS, &rows, err);

	if (rc == 0)
		rc = sql_next(&rows, err);
	if (rc == 1) {
		struct str said = sql_text(&rows, 0);

		rc = str_eq(said, STR("ok"))
			     ? 0
			     : err_set(err, ERR_CORRUPT,
				       "the database '%s' is damaged (%.*s); restore a backup",
				       s->path, STR_ARG(said));
	}
	sql_close(&rows);
	return rc;
}

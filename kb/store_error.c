#include "kb/store_sql.h"

#include <sqlite3.h>
#include <string.h>

/* What SQLite answers -> whose fault it is, why, and how to mend it. */
struct cause {
	int code;
	enum err_code err;
	const char *why;
};

static const struct cause causes[] = {
	{SQLITE_FULL, ERR_IO, "the disk is full; free some space and try again"},
	{SQLITE_BUSY, ERR_BUSY,
	 "another program keeps it locked; wait for it to finish (or stop it) and try again"},
	{SQLITE_LOCKED, ERR_BUSY, "it is in use by this program; try again"},
	{SQLITE_READONLY, ERR_DENIED,
	 "it is read-only for this user; allow writing to the file and its folder"},
	{SQLITE_PERM, ERR_DENIED, "access was refused; check the owner and mode of the file"},
	{SQLITE_AUTH, ERR_DENIED, "access was refused; check the owner and mode of the file"},
	{SQLITE_CORRUPT, ERR_CORRUPT,
	 "the file is damaged; restore a backup, or save what can be read with: sqlite3 FILE "
	 ".recover"},
	{SQLITE_NOTADB, ERR_CORRUPT,
	 "the file is not a SQLite database; name a database of kefu, or a file that does not "
	 "exist yet"},
	{SQLITE_CANTOPEN, ERR_IO,
	 "the file (or a -wal or -shm beside it) cannot be opened; check its folder and mode"},
	{SQLITE_NOLFS, ERR_LIMIT, "the file is too large for this system; move it to another disk"},
	{SQLITE_TOOBIG, ERR_LIMIT, "a text is too long; shorten it"},
	{SQLITE_INTERRUPT, ERR_BUSY, "it took too long; ask for less"},
	{SQLITE_CONSTRAINT, ERR_INVALID, "a rule of the table was broken; check the row"},
	{SQLITE_MISMATCH, ERR_INVALID, "a value has the wrong type; check the row"},
};

static const struct cause *find_cause(int code)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (causes[i].code == (code & 0xff))
			return &causes[i];
	return NULL;
}

int store_fail(struct store *s, const char *doing, int code, struct err *err)
{
	const struct cause *cause = find_cause(code);
	int os = sqlite3_system_errno(s->db);

	if (cause)
		return err_set(err, cause->err, "cannot %s in '%s': %s", doing, s->path,
			       cause->why);
	if ((code & 0xff) == SQLITE_IOERR)
		return err_set(err, ERR_IO,
			       "cannot %s in '%s': the disk reports an error (%s); check the disk "
			       "and its limits",
			       doing, s->path, os ? strerror(os) : sqlite3_errstr(code));
	return err_set(err, ERR_IO, "cannot %s in '%s': %s", doing, s->path,
		       s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(code));
}

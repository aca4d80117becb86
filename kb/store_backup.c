#include "kb/store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "text/mem.h"

/* Every page at one moment, while others write. */
static int copy_pages(struct store *from, struct store *to, struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to->db, "main", from->db, "main");
	int rc;

	if (!b)
		return store_fail(to, "begin the backup", sqlite3_errcode(to->db), err);
	sqlite3_backup_step(b, -1);
	rc = sqlite3_backup_finish(b);
	return rc == SQLITE_OK ? 0 : store_fail(to, "write the backup", rc, err);
}

static int write_part(struct store *s, const char *part, struct err *err)
{
	struct store to = {.path = mem_strdup(str_of(part))};
	int rc = sqlite3_open_v2(part, &to.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	rc = rc == SQLITE_OK ? copy_pages(s, &to, err) : store_fail(&to, "open", rc, err);
	if (rc == 0)
		rc = store_check(&to, err);
	sql_forget(&to);
	sqlite3_close(to.db);
	free(to.path);
	return rc;
}

/* A rename is on the disk when its folder is. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strdup((struct str){path, (size_t)(slash - path) + 1})
			     : mem_strdup(STR("."));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

int store_backup(struct store *s, const char *path, struct err *err)
{
	char *part;
	int rc;

	if (access(path, F_OK) == 0)
		return err_set(err, ERR_INVALID,
			       "'%s' exists already; name a file that does not, or move it away",
			       path);
	part = mem_alloc(strlen(path) + sizeof ".part");
	sprintf(part, "%s.part", path);
	unlink(part);
	rc = write_part(s, part, err);
	if (rc == 0 && rename(part, path) < 0)
		rc = err_set(err, ERR_IO, "cannot rename '%s' to '%s': %s", part, path,
			     strerror(errno));
	if (rc == 0)
		sync_folder(path);
	else
		unlink(part);
	free(part);
	return rc;
}

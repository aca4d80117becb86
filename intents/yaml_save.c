#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intents/yaml_edit.h"
#include "text/mem.h"

static int fail(struct err *err, const char *path, const char *what)
{
	return err_set(err, ERR_IO, "%s: %s: %s", path, what, strerror(errno));
}

/* Does the open file hold just these bytes? */
static bool holds(int fd, struct str bytes)
{
	char chunk[1 << 16];
	size_t at = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof chunk)) > 0) {
		if (!str_eq(str_sub(bytes, at, at + (size_t)n), (struct str){chunk, (size_t)n}))
			return false;
		at += (size_t)n;
	}
	return n == 0 && at == bytes.n;
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return true;
}

/* A rename is on the disk when its folder is. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder =
		mem_strdup(slash ? str_sub(str_of(path), 0, (size_t)(slash - path) + 1) : STR("."));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static int write_beside(const char *temp, int fd, const struct stat *like, struct str now,
			struct err *err)
{
	/* Only root may give a file away; for others it is theirs already, or another of its group. */
	if (fchown(fd, like->st_uid, like->st_gid) != 0 && errno != EPERM)
		return fail(err, temp, "cannot be given its owner");
	if (fchmod(fd, like->st_mode & 07777) != 0)
		return fail(err, temp, "cannot be given its mode");
	if (!write_all(fd, now) || fsync(fd) != 0)
		return fail(err, temp, "cannot be written");
	return 0;
}

static int replace(const char *path, const struct stat *like, struct str now, struct err *err)
{
	char *temp = mem_alloc(strlen(path) + 8);
	int fd, rc;

	sprintf(temp, "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		rc = fail(err, path, "no file can be made beside it");
		free(temp);
		return rc;
	}
	rc = write_beside(temp, fd, like, now, err);
	if (close(fd) != 0 && rc == 0)
		rc = fail(err, temp, "cannot be written");
	if (rc == 0 && rename(temp, path) != 0)
		rc = fail(err, path, "cannot be replaced");
	if (rc != 0)
		unlink(temp);
	else
		sync_folder(path);
	free(temp);
	return rc;
}

int yaml_edit_save(const char *path, struct str was, struct str now, struct err *err)
{
	char *target = realpath(path, NULL);
	int fd = target ? open(target, O_RDONLY | O_CLOEXEC) : -1, rc;
	struct stat st;

	if (fd < 0) {
		rc = fail(err, path, "cannot be opened");
		free(target);
		return rc;
	}
	if (fstat(fd, &st) != 0)
		rc = fail(err, path, "cannot be read");
	else if (!holds(fd, was))
		rc = err_set(err, ERR_BUSY,
			     "%s: somebody else changed the file meanwhile; nothing was saved",
			     path);
	else
		rc = replace(target, &st, now, err);
	close(fd);
	free(target);
	return rc;
}

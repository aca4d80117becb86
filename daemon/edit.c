#include "edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret.h"
#include "text/file.h"

/* ---- reading ---- */

int edit_read(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int rc;

	buf_reset(out);
	if (fd < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
			       "'%s' cannot be read: %s", path, strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		rc = err_set(err, ERR_IO, "'%s' is not a regular file", path);
	else if (st.st_size > EDIT_FILE_MAX)
		rc = err_set(err, ERR_LIMIT, "'%s' is larger than %d MiB", path,
			     EDIT_FILE_MAX >> 20);
	else if ((rc = file_read(fd, (size_t)st.st_size, out)) != 0)
		rc = err_set(err, ERR_IO, "'%s' cannot be read: %s", path, strerror(errno));
	close(fd);
	return rc;
}

void edit_version(struct str text, char out[EDIT_VERSION])
{
	unsigned char hash[32];

	secret_hash(text, hash);
	secret_hex(hash, (EDIT_VERSION - 1) / 2, out);
}

/* ---- replacing ---- */

/* "/a/b.yaml" -> "/a/" and "b.yaml" */
static struct str folder_of(struct str path, struct str *name)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	*name = str_sub(path, n, path.n);
	return str_sub(path, 0, n);
}

static int write_all(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text = str_sub(text, (size_t)n, text.n);
	}
	return 0;
}

static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* The new file whole and on the disk, under a name of its own. -1: errno. */
static int write_beside(char *temp, const struct stat *like, struct str text)
{
	int fd = mkostemp(temp, O_CLOEXEC);
	int rc = -1, why;

	if (fd < 0)
		return -1;
	/* Whoever may write here need not be allowed to give files away. */
	if (fchown(fd, like->st_uid, like->st_gid) < 0)
		errno = 0;
	if (fchmod(fd, like->st_mode & 07777) == 0 && write_all(fd, text) == 0 && fsync(fd) == 0)
		rc = 0;
	why = errno;
	close(fd);
	if (rc < 0)
		unlink(temp);
	errno = why;
	return rc;
}

static int replace(const char *real, struct str text)
{
	struct str name, folder = folder_of(str_of(real), &name);
	struct buf temp = {0}, dir = {0};
	struct stat like;
	int rc = -1;

	buf_printf(&temp, "%.*s.%.*s.kefu-XXXXXX", STR_ARG(folder), STR_ARG(name));
	buf_str(&dir, folder);
	if (stat(real, &like) == 0 && write_beside(temp.p, &like, text) == 0) {
		rc = rename(temp.p, real);
		if (rc < 0)
			unlink(temp.p);
		else
			rc = sync_folder(dir.p);
	}
	buf_done(&temp);
	buf_done(&dir);
	return rc;
}

int edit_replace(const char *path, struct str text, struct err *err)
{
	char *real = realpath(path, NULL);
	int rc = 0;

	if (!real || replace(real, text) < 0)
		rc = err_set(err, ERR_IO, "'%s' cannot be saved: %s; check the folder and its mode",
			     path, strerror(errno));
	free(real);
	return rc;
}

bool edit_writable(const char *path)
{
	char *real = realpath(path, NULL);
	struct str name, folder;
	struct buf dir = {0};
	bool yes = false;

	if (real) {
		folder = folder_of(str_of(real), &name);
		buf_str(&dir, folder);
		yes = access(dir.p, W_OK) == 0;
		buf_done(&dir);
	}
	free(real);
	return yes;
}

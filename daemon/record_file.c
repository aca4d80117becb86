#include "record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text/mem.h"

enum { FILES_A_DAY = 100000, SET_FIRST = 64, PATH_BYTES = 4096 };

/* Conversations whose head is in the file: hashes, open addressing, 0 = free. */
struct set {
	uint64_t *slots;
	size_t n, cap;
};

struct record_file {
	char *folder;
	char path[PATH_BYTES];
	int fd; /* -1: the next put opens one */
	size_t bytes, max_bytes;
	int64_t day; /* since 1970 */
	struct set heads;
};

/* ---- the set ---- */

static bool set_has(const struct set *s, uint64_t hash)
{
	for (size_t i = hash; s->cap && s->slots[i % s->cap]; i++) {
		if (s->slots[i % s->cap] == hash)
			return true;
	}
	return false;
}

static void set_place(struct set *s, uint64_t hash)
{
	size_t i = hash;

	while (s->slots[i % s->cap])
		i++;
	s->slots[i % s->cap] = hash;
	s->n++;
}

static void set_add(struct set *s, uint64_t hash)
{
	if (s->n * 2 >= s->cap) {
		struct set wider = {.cap = s->cap ? s->cap * 2 : SET_FIRST};

		wider.slots = mem_zalloc(wider.cap * sizeof *wider.slots);
		for (size_t i = 0; i < s->cap; i++) {
			if (s->slots[i])
				set_place(&wider, s->slots[i]);
		}
		free(s->slots);
		*s = wider;
	}
	set_place(s, hash);
}

static void set_empty(struct set *s)
{
	free(s->slots);
	*s = (struct set){0};
}

/* ---- files ---- */

static int64_t day_of(int64_t unix_ms)
{
	return unix_ms / 86400000;
}

/* A file nothing came into is not left behind. */
static void file_end(struct record_file *f)
{
	if (f->fd >= 0) {
		close(f->fd);
		if (!f->bytes)
			unlink(f->path);
	}
	f->fd = -1;
	set_empty(&f->heads);
}

/* The first number that is free: what is there is never written to again. */
static int file_begin(struct record_file *f, int64_t now_unix_ms, struct err *err)
{
	time_t seconds = (time_t)(now_unix_ms / 1000);
	char date[16];
	struct tm tm;

	file_end(f);
	gmtime_r(&seconds, &tm);
	strftime(date, sizeof date, "%Y%m%d", &tm);
	errno = EEXIST;
	for (int i = 0; i < FILES_A_DAY && errno == EEXIST; i++) {
		snprintf(f->path, sizeof f->path, "%s/kefu-%s-%03d.jsonl", f->folder, date, i);
		f->fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (f->fd >= 0) {
			f->day = day_of(now_unix_ms);
			f->bytes = 0;
			return 0;
		}
	}
	return err_set(err, ERR_IO, "cannot create the recording %s: %s", f->path, strerror(errno));
}

int record_file_open(const char *folder, int64_t now_unix_ms, size_t max_bytes,
		     struct record_file **out, struct err *err)
{
	struct record_file *f;
	int code;

	if (strlen(folder) + 64 > PATH_BYTES)
		return err_set(err, ERR_INVALID, "the name of the recordings' folder is too long");
	if (mkdir(folder, 0700) && errno != EEXIST)
		return err_set(err, ERR_IO, "cannot make the folder %s for recordings: %s", folder,
			       strerror(errno));
	f = mem_zalloc(sizeof *f);
	f->folder = mem_strdup(str_of(folder));
	f->fd = -1;
	f->max_bytes = max_bytes;
	code = file_begin(f, now_unix_ms, err);
	if (code)
		record_file_close(f);
	else
		*out = f;
	return code;
}

void record_file_close(struct record_file *f)
{
	if (!f)
		return;
	file_end(f);
	free(f->folder);
	free(f);
}

const char *record_file_path(const struct record_file *f)
{
	return f->path;
}

/* A full disk may take half a line: it is cut off again, so that the file stays readable. */
static int append(struct record_file *f, struct str s, struct err *err)
{
	size_t done = 0;

	while (done < s.n) {
		ssize_t n = write(f->fd, s.p + done, s.n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int why = errno;

			if (ftruncate(f->fd, (off_t)f->bytes))
				why = errno;
			return err_set(err, ERR_IO, "cannot write the recording %s: %s", f->path,
				       strerror(why));
		}
		done += (size_t)n;
	}
	f->bytes += s.n;
	return 0;
}

int record_file_put(struct record_file *f, int64_t now_unix_ms, uint64_t session, struct str head,
		    struct str lines, struct err *err)
{
	struct buf both = {0};
	int code = 0;
	bool headed;

	session |= 1; /* 0 is a free slot */
	headed = set_has(&f->heads, session);
	if (f->fd < 0 || day_of(now_unix_ms) != f->day ||
	    (f->bytes && f->bytes + (headed ? 0 : head.n) + lines.n > f->max_bytes)) {
		code = file_begin(f, now_unix_ms, err);
		headed = false;
	}
	if (code)
		return code;
	if (!headed)
		buf_str(&both, head);
	buf_str(&both, lines);
	code = append(f, buf_view(&both), err);
	if (code)
		file_end(f);
	else if (!headed)
		set_add(&f->heads, session);
	buf_done(&both);
	return code;
}

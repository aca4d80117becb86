#include "filewatch.h"

#include <limits.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/mem.h"

/* CREATE: a link is made in one step and never closed after writing. */
static const uint32_t events = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
			       IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

struct folder {
	char *path;
	int wd;	   /* -1: not there now */
	bool keep; /* while a new set replaces the old one */
};

struct file {
	char *path;
	const char *name; /* the last part of path */
	bool keep;
};

struct filewatch {
	int fd;
	struct folder *folders;
	size_t n_folders;
	struct file *files;
	size_t n_files;
	uint64_t looks;	    /* of the files at the last look */
	bool files_changed; /* which they are, since then */
};

struct filewatch *filewatch_new(void)
{
	struct filewatch *w = mem_zalloc(sizeof *w);

	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return w;
}

void filewatch_free(struct filewatch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n_folders; i++)
		free(w->folders[i].path);
	for (size_t i = 0; i < w->n_files; i++)
		free(w->files[i].path);
	free(w->folders);
	free(w->files);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
}

int filewatch_fd(const struct filewatch *w)
{
	return w->fd;
}

/* ---- what is watched ---- */

/* "a/b.yaml" -> "a", "b.yaml" -> ".", "/b.yaml" -> "/", "a/" -> "a" */
static struct str folder_of(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	if (!path.n)
		return STR(".");
	return path.n == 1 ? path : str_sub(path, 0, path.n - 1);
}

static int watch(const struct filewatch *w, const char *folder)
{
	return w->fd < 0 ? -1 : inotify_add_watch(w->fd, folder, events);
}

static void add_folder(struct filewatch *w, struct str path)
{
	struct folder *f;

	for (size_t i = 0; i < w->n_folders; i++) {
		if (str_eq(str_of(w->folders[i].path), path)) {
			w->folders[i].keep = true;
			return;
		}
	}
	w->folders = mem_resize(w->folders, w->n_folders + 1, sizeof *w->folders);
	f = &w->folders[w->n_folders++];
	*f = (struct folder){.path = mem_strdup(path), .keep = true};
	f->wd = watch(w, f->path);
}

static void add_file(struct filewatch *w, struct str path)
{
	struct file *f;
	char *slash;

	for (size_t i = 0; i < w->n_files; i++) {
		if (str_eq(str_of(w->files[i].path), path)) {
			w->files[i].keep = true;
			return;
		}
	}
	w->files = mem_resize(w->files, w->n_files + 1, sizeof *w->files);
	f = &w->files[w->n_files++];
	f->path = mem_strdup(path);
	f->keep = true;
	w->files_changed = true;
	slash = strrchr(f->path, '/');
	f->name = slash ? slash + 1 : f->path;
}

/* A path, and where it leads to when it is a link. */
static void add_path(struct filewatch *w, struct str path)
{
	char *name = mem_strdup(path), *real = realpath(name, NULL);

	add_folder(w, folder_of(path));
	if (!str_ends(path, STR("/"))) {
		add_file(w, path);
		if (real) {
			add_file(w, str_of(real));
			add_folder(w, folder_of(str_of(real)));
		}
	}
	free(real);
	free(name);
}

static bool wd_used(const struct filewatch *w, int wd)
{
	for (size_t i = 0; i < w->n_folders; i++) {
		if (w->folders[i].keep && w->folders[i].wd == wd)
			return true;
	}
	return false;
}

/* Two paths of one folder share one watch: it goes with the last of them. */
static void drop_rest(struct filewatch *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n_folders; i++) {
		struct folder f = w->folders[i];

		if (f.keep) {
			w->folders[n++] = f;
			continue;
		}
		if (f.wd >= 0 && !wd_used(w, f.wd))
			inotify_rm_watch(w->fd, f.wd);
		free(f.path);
	}
	w->n_folders = n;
	n = 0;
	for (size_t i = 0; i < w->n_files; i++) {
		if (w->files[i].keep)
			w->files[n++] = w->files[i];
		else
			free(w->files[i].path);
	}
	w->files_changed = w->files_changed || n < w->n_files;
	w->n_files = n;
}

/* ---- the look ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	return str_hash((struct str){(const char *)&(uint64_t[2]){h, v}, sizeof(uint64_t[2])});
}

static uint64_t look_at(const char *path)
{
	struct stat st;
	uint64_t h = 1;

	if (stat(path, &st))
		return 0;
	h = mix(h, st.st_dev);
	h = mix(h, st.st_ino);
	h = mix(h, (uint64_t)st.st_size);
	h = mix(h, (uint64_t)st.st_mtim.tv_sec);
	return mix(h, (uint64_t)st.st_mtim.tv_nsec);
}

static uint64_t look_at_all(struct filewatch *w)
{
	uint64_t h = 0;

	w->files_changed = false;
	for (size_t i = 0; i < w->n_files; i++)
		h = mix(h, look_at(w->files[i].path));
	return h;
}

void filewatch_set(struct filewatch *w, const struct str *paths, size_t n, bool more)
{
	for (size_t i = 0; i < w->n_folders; i++)
		w->folders[i].keep = more;
	for (size_t i = 0; i < w->n_files; i++)
		w->files[i].keep = more;
	for (size_t i = 0; i < n; i++)
		add_path(w, paths[i]);
	drop_rest(w);
	/* The same files keep their last look: what changed since (while they were being read) is
	 * still to be told. */
	if (w->files_changed)
		w->looks = look_at_all(w);
}

bool filewatch_look(struct filewatch *w)
{
	uint64_t looks = look_at_all(w);
	bool changed = looks != w->looks;

	w->looks = looks;
	for (size_t i = 0; i < w->n_folders; i++) {
		if (w->folders[i].wd >= 0 || w->fd < 0)
			continue;
		w->folders[i].wd = watch(w, w->folders[i].path);
		changed = changed || w->folders[i].wd >= 0;
	}
	return changed;
}

/* ---- the events ---- */

static bool counts(const struct filewatch *w, const char *name)
{
	struct str s = str_of(name);

	for (size_t i = 0; i < w->n_files; i++) {
		if (strcmp(w->files[i].name, name) == 0)
			return true;
	}
	if (str_eq(s, STR("..data")))
		return true;
	if (str_starts(s, STR(".")) || str_starts(s, STR("#")))
		return false;
	return str_ends(s, STR(".yaml")) || str_ends(s, STR(".yml"));
}

/* The folder is gone from where it was: filewatch_look finds the next one there. */
static void forget(struct filewatch *w, int wd)
{
	for (size_t i = 0; i < w->n_folders; i++) {
		if (w->folders[i].wd == wd)
			w->folders[i].wd = -1;
	}
}

static bool event_counts(struct filewatch *w, const struct inotify_event *e)
{
	if (e->mask & IN_Q_OVERFLOW)
		return true;
	if (e->mask & IN_MOVE_SELF)
		inotify_rm_watch(w->fd, e->wd);
	if (e->mask & (IN_IGNORED | IN_MOVE_SELF)) {
		forget(w, e->wd);
		return false;
	}
	return e->len && (counts(w, e->name) || (e->mask & IN_ISDIR && e->name[0] != '.'));
}

bool filewatch_read(struct filewatch *w)
{
	alignas(struct inotify_event) char
		bytes[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
	bool any = false;
	ssize_t n;

	while (w->fd >= 0 && (n = read(w->fd, bytes, sizeof bytes)) > 0) {
		for (char *p = bytes; p < bytes + n;) {
			const struct inotify_event *e = (const void *)p;

			any = event_counts(w, e) || any;
			p += sizeof *e + e->len;
		}
	}
	return any;
}

/* The files of one load: the main one, then its includes in name order, each followed by its own.
 */
#include "intents/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/file.h"
#include "text/mem.h"

static void load_includes(struct loader *l, const struct load_file_tree *tree);

/* ---- bytes of a file ---- */

/* What is said when a file cannot be read, in both languages. */
struct reason {
	const char *en, *zh;
};

static struct reason errno_reason(void)
{
	switch (errno) {
	case ENOENT:
		return (struct reason){"there is no such file", "没有这个文件"};
	case EACCES:
		return (struct reason){"no permission", "没有读取权限"};
	default:
		return (struct reason){strerror(errno), strerror(errno)};
	}
}

static const struct reason too_large = {"it is larger than 64 MiB", "大于 64 MiB"};

/* O_NONBLOCK: a pipe in the folder must not hang the load; only regular files are read. */
static int slurp(const char *path, struct buf *out, struct stat *st, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc = ERR_IO;

	if (fd < 0 || fstat(fd, st) < 0) {
		*why = errno_reason();
	} else if (!S_ISREG(st->st_mode)) {
		*why = (struct reason){"it is not a regular file", "不是普通文件"};
	} else if (st->st_size > LOAD_FILE_MAX) {
		*why = too_large;
	} else {
		rc = file_read(fd, (size_t)st->st_size, out);
		if (rc)
			*why = errno_reason();
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static void say_unreadable(struct loader *l, struct mark mark, struct str name, struct reason why)
{
	diags_add(l->diags, DIAG_ERROR, mark, "unreadable", "cannot read '%.*s': %s",
		  "无法读取“%.*s”：%s", STR_ARG(name), l->diags->chinese ? why.zh : why.en);
	l->rs->cut_short = true;
}

/* ---- trees ---- */

static void add_tree(struct loader *l, struct str name, struct str bytes, const struct stat *st)
{
	struct load_file_tree tree = {.name = name, .hash = str_hash_quick(bytes)};
	struct str outer = l->file;

	if (st) {
		tree.device = (uint64_t)st->st_dev;
		tree.inode = (uint64_t)st->st_ino;
	}
	l->file = name;
	if (!node_read(&l->scratch, name, bytes, load_is_key, &l->nodes_left, l->diags, &tree.root))
		l->rs->cut_short = true;
	ARENA_PUSH(&l->scratch, l->files, l->n_files, l->cap_files, tree);
	load_includes(l, &tree);
	l->file = outer;
}

static const struct load_file_tree *find_file(const struct loader *l, const struct stat *st)
{
	for (size_t i = 0; i < l->n_files; i++)
		if (l->files[i].inode == (uint64_t)st->st_ino &&
		    l->files[i].device == (uint64_t)st->st_dev)
			return &l->files[i];
	return NULL;
}

/* `from` is the place that asked for the file: an include, or the file itself for the main one. */
static void add_file(struct loader *l, struct str path, struct mark from)
{
	struct str name = load_keep(l, path); /* NUL-terminated too */
	struct buf bytes = {0};
	struct stat st;
	struct reason why;

	int rc = slurp(name.p, &bytes, &st, &why);

	if (rc == 0 && l->overlay && str_eq(l->overlay->path, name)) {
		buf_reset(&bytes);
		buf_str(&bytes, l->overlay->bytes);
	}
	if (rc) {
		say_unreadable(l, from, name, why);
	} else if (find_file(l, &st)) {
		diags_add(l->diags, DIAG_ERROR, from, "included-twice",
			  "file '%.*s' is included twice; name each file once",
			  "文件“%.*s”被包含了两次；每个文件只写一次", STR_ARG(name));
	} else {
		add_tree(l, name, buf_view(&bytes), &st);
	}
	buf_done(&bytes);
}

/* ---- includes ---- */

struct str load_folder_of(struct str path)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	return str_sub(path, 0, n);
}

/* The folder's own name may hold characters that glob(3) would take as wildcards. */
static struct str glob_pattern(struct loader *l, struct str folder, struct str pattern)
{
	struct buf b = {0};
	struct str out;

	for (size_t i = 0; i < folder.n; i++) {
		if (strchr("*?[\\", folder.p[i]))
			buf_char(&b, '\\');
		buf_char(&b, folder.p[i]);
	}
	buf_str(&b, pattern);
	out = arena_str(&l->scratch, buf_view(&b));
	buf_done(&b);
	return out;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has_wildcard(struct str s)
{
	return str_find(s, STR("*"), 0) != SIZE_MAX || str_find(s, STR("?"), 0) != SIZE_MAX ||
	       str_find(s, STR("["), 0) != SIZE_MAX;
}

/* "faq/new-*.yaml" -> "faq/", "*.yaml" -> "./": as from where the file's own name counts. */
static void keep_folder(struct loader *l, struct str pattern)
{
	size_t fixed = 0;
	struct str folder;

	while (!memchr("*?[", pattern.p[fixed], 3))
		fixed++;
	folder = load_folder_of(str_sub(pattern, 0, fixed));
	folder = arena_printf(l->keep, "%.*s%.*s", STR_ARG(load_folder_of(l->file)),
			      STR_ARG(folder));
	if (!folder.n)
		folder = STR("./");
	ARENA_PUSH(l->keep, l->folders, l->n_folders, l->cap_folders, folder);
}

static bool room_for_file(struct loader *l, const struct node *n)
{
	if (l->n_files < LOAD_FILES_MAX)
		return true;
	LOAD_ERROR(l, n, "too-many-files", "more than %d files are included",
		   "包含的文件超过 %d 个", (int)LOAD_FILES_MAX);
	return false;
}

static void include_matches(struct loader *l, struct str pattern, const struct node *n)
{
	/* Sorted here by byte: glob's own order depends on the locale. */
	glob_t found = {0};
	int rc = glob(glob_pattern(l, load_folder_of(l->file), pattern).p, GLOB_NOSORT, NULL,
		      &found);

	keep_folder(l, pattern);
	if (rc || found.gl_pathc == 0)
		LOAD_WARNING(l, n, "no-files", "include '%.*s' matches no file",
			     "include “%.*s”没有匹配到任何文件", STR_ARG(pattern));
	if (rc == 0)
		qsort(found.gl_pathv, found.gl_pathc, sizeof *found.gl_pathv, by_name);
	for (size_t i = 0; rc == 0 && i < found.gl_pathc; i++) {
		if (!room_for_file(l, n))
			break;
		add_file(l, str_of(found.gl_pathv[i]), load_mark(l, n));
	}
	globfree(&found);
}

static void include_one(struct loader *l, const struct node *n)
{
	struct str path;

	if (n->kind != NODE_SCALAR || !n->text.n || memchr(n->text.p, '\0', n->text.n)) {
		load_expected(l, n, "a file name, or a list of them",
			      "文件名，或由文件名组成的列表");
		return;
	}
	if (str_starts(n->text, STR("/"))) {
		LOAD_ERROR(l, n, "absolute-include",
			   "include '%.*s' starts at the root; write it relative to this file's "
			   "folder",
			   "include “%.*s”是绝对路径；请写成相对于本文件所在文件夹的路径",
			   STR_ARG(n->text));
		return;
	}
	if (has_wildcard(n->text)) {
		include_matches(l, n->text, n);
		return;
	}
	path = arena_printf(&l->scratch, "%.*s%.*s", STR_ARG(load_folder_of(l->file)),
			    STR_ARG(n->text));
	if (room_for_file(l, n))
		add_file(l, path, load_mark(l, n));
}

static void load_includes(struct loader *l, const struct load_file_tree *tree)
{
	static const struct node key = {.kind = NODE_SCALAR, .text = {"include", 7}};
	const struct node *v = node_get(&tree->root, STR("include"));
	const struct node *items;
	size_t n;

	if (!v || v->kind == NODE_BROKEN)
		return;
	items = v->kind == NODE_LIST ? v->items : v;
	n = v->kind == NODE_LIST ? v->n : 1;
	load_set_where(l, "include", "包含 include ", STR_NONE);
	for (size_t i = 0; i < n; i++) {
		l->key_node = &key;
		include_one(l, &items[i]);
	}
	l->key_node = NULL;
}

void load_read_file(struct loader *l, const char *path)
{
	add_file(l, str_of(path), (struct mark){load_keep(l, str_of(path)), 0, 0});
}

void load_read_bytes(struct loader *l, struct str name, struct str bytes)
{
	if (bytes.n > LOAD_FILE_MAX) {
		say_unreadable(l, (struct mark){name, 0, 0}, name, too_large);
		return;
	}
	add_tree(l, load_keep(l, name), bytes, NULL);
}

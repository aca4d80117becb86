/* The rules' files and their earlier versions, to look at. */
#include "edit.h"
#include "kb/store_versions.h"
#include "net/admin.h"
#include "net/rules_path.h"

/* The file that the parameter `path` names; NULL: the problem is in the call. */
static const char *file_of(struct call *c, struct str path)
{
	struct str file = rules_long(c->snapshot->rules, path);

	if (!file.n)
		call_problem(c, 404, "not-found",
			     "the rules were not loaded from a file of this name");
	return file.n ? file.p : NULL;
}

static void read_failed(struct call *c, int rc, const struct err *err)
{
	if (rc == ERR_NOT_FOUND)
		call_problem(c, 404, "not-found", "%s", err->text);
	else
		call_problem(c, 500, rc == ERR_LIMIT ? "too-large" : "not-read", "%s", err->text);
}

static void put_file(struct buf *b, const struct ruleset *rs, size_t i, struct buf *text)
{
	char version[EDIT_VERSION] = "";
	struct err err;
	bool there = edit_read(rs->files.v[i].p, text, &err) == 0;

	if (there)
		edit_version(buf_view(text), version);
	json_open(b, '{');
	json_kstr(b, "path", rules_short(rs, rs->files.v[i]));
	json_kbool(b, "main", i == 0);
	json_kint(b, "bytes", (int64_t)text->n);
	json_kstr(b, "version", str_of(version));
	json_kbool(b, "writable", there && edit_writable(rs->files.v[i].p));
	json_close(b, '}');
}

void admin_files_work(struct call *c, struct store *s)
{
	const struct ruleset *rs = c->snapshot->rules;
	struct buf text = {0};

	(void)s;
	json_open(&c->out, '{');
	json_kint(&c->out, "serial", (int64_t)c->snapshot->serial);
	json_key(&c->out, "files");
	json_open(&c->out, '[');
	for (size_t i = 0; i < rules_files(rs); i++)
		put_file(&c->out, rs, i, &text);
	json_close(&c->out, ']');
	json_close(&c->out, '}');
	buf_done(&text);
}

void admin_file_work(struct call *c, struct store *s)
{
	struct str path = call_param(c, "path");
	const char *file = file_of(c, path);
	char version[EDIT_VERSION];
	struct buf text = {0};
	struct err err;
	int rc;

	(void)s;
	if (!file)
		return;
	rc = edit_read(file, &text, &err);
	if (rc != 0) {
		read_failed(c, rc, &err);
	} else {
		edit_version(buf_view(&text), version);
		json_open(&c->out, '{');
		json_kstr(&c->out, "path", path);
		json_kstr(&c->out, "text", buf_view(&text));
		json_kstr(&c->out, "version", str_of(version));
		json_kbool(&c->out, "writable", edit_writable(file));
		json_close(&c->out, '}');
	}
	buf_done(&text);
}

/* ---- versions ---- */

static void put_version(struct buf *b, const struct version_row *row)
{
	json_kint(b, "id", row->id);
	json_kstr(b, "version", row->version);
	json_kint(b, "at", row->at_unix_ms);
	json_kstr(b, "who", row->who);
	json_kstr(b, "comment", row->comment);
	json_kint(b, "bytes", row->bytes);
}

static void put_versions(struct call *c, struct str path, const char *now,
			 const struct version_row *rows, size_t n, bool more)
{
	struct buf *b = &c->out;

	json_open(b, '{');
	json_kstr(b, "path", path);
	json_key(b, "versions");
	json_open(b, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(b, '{');
		put_version(b, &rows[i]);
		json_kbool(b, "current", str_eq(rows[i].version, str_of(now)));
		json_close(b, '}');
	}
	json_close(b, ']');
	json_kbool(b, "more", more);
	json_close(b, '}');
}

void admin_history_work(struct call *c, struct store *s)
{
	struct str path = call_param(c, "path");
	const char *file = file_of(c, path);
	int64_t before = 0, limit = 50;
	char now[EDIT_VERSION] = "";
	struct version_row *rows;
	struct buf text = {0};
	struct err err;
	size_t n;
	int rc;

	if (!file || !call_number(c, "before", 1, INT64_MAX, &before) ||
	    !call_number(c, "limit", 1, VERSIONS_KEPT, &limit))
		return;
	if (edit_read(file, &text, &err) == 0)
		edit_version(buf_view(&text), now);
	buf_done(&text);
	rc = store_version_list(s, &c->arena, path, before, (size_t)limit + 1, &rows, &n, &err);
	if (rc != 0)
		call_failed(c, rc, &err);
	else
		put_versions(c, path, now, rows, n > (size_t)limit ? (size_t)limit : n,
			     n > (size_t)limit);
}

void admin_version_work(struct call *c, struct store *s)
{
	struct version_row row;
	int64_t id = 0;
	struct err err;
	int rc;

	if (!call_number(c, "id", 1, INT64_MAX, &id))
		return;
	rc = store_version_get(s, &c->arena, id, &row, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	json_open(&c->out, '{');
	json_kstr(&c->out, "path", row.path);
	put_version(&c->out, &row);
	json_kstr(&c->out, "text", row.text);
	json_close(&c->out, '}');
}

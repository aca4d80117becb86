#include "kb/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "kb/import_row.h"
#include "kb/intern.h"
#include "kb/store_sql.h"
#include "text/mem.h"

enum { WATCH_EVERY = 1000, HASH_TEXT = 40 };

struct import {
	struct store *store;
	const struct import_table *table;
	struct rows *rows;
	struct str name; /* of the file */
	char hash[HASH_TEXT];
	const struct import_watch *watch;
	struct import_report *report;
	struct diags *diags;
	int columns[ROWS_FIELDS_MAX]; /* of the header: our column, or -1 */
	struct str names[ROWS_FIELDS_MAX];
	struct import_extra extras[IMPORT_EXTRAS_MAX]; /* of the row */
	size_t n_extras;
	struct intern unknown; /* column names reported */
	struct intern ids;     /* seen in this run */
	int64_t *id_lines;
	struct arena row;
	uint64_t batch; /* rows since begin */
};

static struct mark mark_of(const struct import *im, int64_t line)
{
	return (struct mark){im->name, (int)line, 0};
}

/* ---- which file this is, and how far it came ---- */

struct hasher {
	uint64_t a, b, n;
};

/* Two FNV-1a sums with different seeds and the length: a name for the bytes, not a defence. */
static void hash_bytes(struct hasher *h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		h->a = (h->a ^ (unsigned char)p[i]) * 0x100000001b3u;
		h->b = (h->b + (unsigned char)p[i]) * 0x9e3779b97f4a7c15u;
	}
	h->n += n;
}

static void name_bytes(struct import *im, const struct hasher *h)
{
	snprintf(im->hash, sizeof im->hash, "%016llx%016llx", (unsigned long long)h->a,
		 (unsigned long long)(h->b ^ h->n));
	im->report->total_bytes = h->n;
}

static int hash_file(struct hasher *h, const char *path, struct err *err)
{
	FILE *f = fopen(path, "rb");
	char *p;
	size_t n;
	int rc = 0;

	if (!f)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
			       "cannot open '%s': %s; check the name", path, strerror(errno));
	p = mem_alloc(1 << 16);
	while ((n = fread(p, 1, 1 << 16, f)) > 0)
		hash_bytes(h, p, n);
	if (ferror(f))
		rc = err_set(err, ERR_IO, "cannot read '%s': %s; check that it is a file", path,
			     strerror(errno));
	free(p);
	fclose(f);
	return rc;
}

/* Goes to where an earlier run stopped. */
static int resume(struct import *im, struct err *err)
{
	static const struct sql get = {
		"SELECT at_byte, at_line, done FROM imports WHERE kind = ?1 AND hash = ?2",
		"look up the import"};
	struct rows_place place = {0, 0};
	struct sql_rows r;
	bool done = false;
	int rc = sql_open(im->store, &get,
			  SQL_ARGS(SQL_TEXT(str_of(im->table->name)), SQL_TEXT(str_of(im->hash))),
			  &r, err);

	if (rc == 0)
		rc = sql_next(&r, err);
	if (rc == 1) {
		place = (struct rows_place){(uint64_t)sql_int(&r, 0), sql_int(&r, 1)};
		done = sql_int(&r, 2) != 0;
	}
	sql_close(&r);
	if (rc <= 0)
		return rc;
	im->report->already = done;
	if (done)
		return 0;
	im->report->resumed_line = place.line;
	return rows_seek(im->rows, place, err);
}

static int note_place(struct import *im, bool done, struct err *err)
{
	static const struct sql put = {
		"INSERT OR REPLACE INTO imports (kind, hash, at_byte, at_line, done) "
		"VALUES (?1, ?2, ?3, ?4, ?5)",
		"note how far the import is"};
	static const struct sql drop = {"DELETE FROM imports WHERE kind = ?1 AND hash = ?2",
					"note the end of the import"};
	struct rows_place place = rows_tell(im->rows);
	struct str kind = str_of(im->table->name), hash = str_of(im->hash);

	/* What has an id may be changed by another file and wanted back: only events stay done. */
	if (done && im->table->has_id)
		return sql_run(im->store, &drop, SQL_ARGS(SQL_TEXT(kind), SQL_TEXT(hash)), err);
	return sql_run(im->store, &put,
		       SQL_ARGS(SQL_TEXT(kind), SQL_TEXT(hash), SQL_INT((int64_t)place.byte),
				SQL_INT(place.line), SQL_INT(done)),
		       err);
}

/* ---- columns ---- */

/* Each unknown name is said once. */
static void say_unknown(struct import *im, struct str name, int64_t line)
{
	struct str names[IMPORT_COLUMNS_MAX], near;
	uint32_t before = im->unknown.n;

	if (intern_put(&im->unknown, name) < before)
		return;
	for (size_t i = 0; i < im->table->n; i++)
		names[i] = str_of(im->table->columns[i].name);
	near = str_nearest(name, names, im->table->n);
	if (near.n)
		diags_add(im->diags, DIAG_WARNING, mark_of(im, line), "unknown-column",
			  "unknown column '%.*s' is not imported; did you mean '%.*s'?",
			  "未知的列“%.*s”没有导入；是不是“%.*s”？", STR_ARG(name), STR_ARG(near));
	else
		diags_add(im->diags, DIAG_WARNING, mark_of(im, line), "unknown-column",
			  "unknown column '%.*s' is not imported", "未知的列“%.*s”没有导入",
			  STR_ARG(name));
}

static bool is_extra(const struct import *im, struct str name)
{
	return im->table->extra && str_starts(name, str_of(im->table->extra));
}

static int read_header(struct import *im, struct err *err)
{
	bool found[IMPORT_COLUMNS_MAX] = {0};
	const struct str *names = NULL;
	size_t n = 0;
	int rc = rows_header(im->rows, &names, &n, err);

	if (rc < 0 || !n)
		return rc;
	for (size_t i = 0; i < n; i++) {
		int column = import_column(im->table, names[i]);

		im->names[i] = names[i];
		if (column < 0 && !is_extra(im, names[i]))
			say_unknown(im, names[i], 1);
		else if (column >= 0 && found[column])
			return err_set(err, ERR_INVALID,
				       "%.*s:1: the column '%.*s' is there twice; remove one",
				       STR_ARG(im->name), STR_ARG(names[i]));
		else if (column >= 0)
			found[column] = true;
		im->columns[i] = column;
	}
	for (size_t i = 0; i < im->table->n; i++)
		if (im->table->columns[i].required && !found[i])
			return err_set(
				err, ERR_INVALID,
				"%.*s:1: the first line names no column '%s', which %s need; "
				"add it",
				STR_ARG(im->name), im->table->columns[i].name, im->table->name);
	return 0;
}

static void place_extra(struct import *im, struct str name, struct str value)
{
	size_t cut = strlen(im->table->extra);

	if (value.n && im->n_extras < IMPORT_EXTRAS_MAX)
		im->extras[im->n_extras++] =
			(struct import_extra){str_sub(name, cut, name.n), value};
}

static void place_values(struct import *im, const struct row *row, bool named, struct str *values)
{
	im->n_extras = 0;
	for (size_t i = 0; i < row->n; i++) {
		struct str name = named ? row->names[i] : im->names[i];
		int column = named ? import_column(im->table, name) : im->columns[i];

		if (column >= 0)
			values[column] = row->values[i];
		else if (is_extra(im, name))
			place_extra(im, name, row->values[i]);
		else if (named)
			say_unknown(im, name, row->line);
	}
}

/* ---- rows ---- */

static void say_repeated(struct import *im, struct str id, int64_t line)
{
	uint32_t before = im->ids.n, number = intern_put(&im->ids, id);

	if (number < before)
		diags_add(im->diags, DIAG_WARNING, mark_of(im, line), "repeated-id",
			  "id '%.*s' is also in line %lld; this row replaces it",
			  "编号“%.*s”在第 %lld 行已有；以本行为准", STR_ARG(id),
			  (long long)im->id_lines[number]);
	else if ((number & (number + 1)) == 0) /* 0, 1, 3, 7 …: room for twice as many */
		im->id_lines =
			mem_resize(im->id_lines, ((size_t)number + 1) * 2, sizeof *im->id_lines);
	im->id_lines[number] = line;
}

static int save_extras(struct import *im, struct str id, bool dry, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < im->n_extras && rc == 0; i++)
		rc = im->table->save_extra(im->store, &im->row, id, &im->extras[i], dry, err);
	return rc;
}

/* 0: saved, or a bad row that was said; negative: the database failed. */
static int save_row(struct import *im, const struct row *row, bool named, struct err *err)
{
	struct str values[IMPORT_COLUMNS_MAX] = {STR_NONE};
	int rc;

	place_values(im, row, named, values);
	rc = save_extras(im, values[0], true, err);
	if (rc == 0)
		rc = im->table->save(im->store, values, row->line, err);
	if (rc == 0)
		rc = save_extras(im, values[0], false, err);
	if (rc == 0) {
		im->report->saved++;
		if (im->table->remark)
			im->table->remark(values, mark_of(im, row->line), im->diags);
		if (im->table->has_id)
			say_repeated(im, values[0], row->line);
	}
	return rc;
}

static int next_row(struct import *im, bool named, struct err *err)
{
	struct row row = {0};
	struct err why = {0};
	int rc;

	arena_reset(&im->row);
	rc = rows_next(im->rows, &im->row, &row, &why);
	if (rc == 0)
		return 0;
	if (rc == 1)
		rc = save_row(im, &row, named, &why);
	if (rc < 0 && rc != ERR_INVALID)
		return err_set(err, (enum err_code)rc, "%.*s:%lld: %s", STR_ARG(im->name),
			       (long long)row.line, why.text);
	im->report->rows++;
	im->batch++;
	if (rc < 0) {
		im->report->bad++;
		diags_add(im->diags, DIAG_ERROR, mark_of(im, row.line), "bad-row", "%s%.0s",
			  "%.0s%s", why.text, why.zh[0] ? why.zh : why.text);
	}
	return 1;
}

static bool may_go_on(struct import *im)
{
	im->report->bytes = rows_tell(im->rows).byte;
	if (im->report->rows % WATCH_EVERY || !im->watch)
		return true;
	return im->watch->go_on(im->watch->arg, im->report);
}

/* Up to a batch in one transaction. 1: there is more; 0: the end (or stopped). */
static int save_batch(struct import *im, bool named, struct err *err)
{
	uint64_t saved = im->report->saved;
	int rc = store_begin(im->store, err), more = 1;

	if (rc < 0)
		return rc;
	im->batch = 0;
	while (im->batch < IMPORT_BATCH && more == 1 && !im->report->stopped) {
		more = next_row(im, named, err);
		if (more == 1)
			im->report->stopped = !may_go_on(im);
	}
	rc = more < 0 ? more : note_place(im, more == 0, err);
	if (rc == 0)
		rc = store_change_note(im->store, im->table->change, NULL, err);
	if (rc == 0)
		rc = store_commit(im->store, err);
	else
		store_rollback(im->store);
	if (rc < 0) {
		im->report->saved = saved;
		return rc;
	}
	return more == 1 && !im->report->stopped;
}

static int run(struct import *im, enum rows_format format, struct err *err)
{
	int rc = read_header(im, err);

	if (rc == 0)
		rc = resume(im, err);
	if (rc < 0 || im->report->already)
		return rc;
	do
		rc = save_batch(im, format == ROWS_JSONL, err);
	while (rc == 1);
	im->report->bytes = rows_tell(im->rows).byte;
	return rc;
}

static int run_all(struct import *im, enum rows_format format, struct err *err)
{
	int rc;

	arena_init(&im->row);
	intern_init(&im->unknown);
	intern_init(&im->ids);
	rc = run(im, format, err);
	intern_done(&im->unknown);
	intern_done(&im->ids);
	arena_done(&im->row);
	free(im->id_lines);
	rows_close(im->rows);
	return rc;
}

static const struct hasher first_hash = {0xcbf29ce484222325u, 0x51afd7ed558ccdu, 0};

int import_file(struct store *s, enum import_kind kind, const char *path, enum rows_format format,
		const struct import_watch *watch, struct import_report *report, struct diags *diags,
		struct err *err)
{
	struct import im = {.store = s,
			    .table = import_table(kind),
			    .name = str_of(path),
			    .watch = watch,
			    .report = report,
			    .diags = diags};
	struct hasher h = first_hash;
	int rc = hash_file(&h, path, err);

	*report = (struct import_report){0};
	if (rc == 0)
		rc = rows_open(path, format, &im.rows, err);
	if (rc < 0)
		return rc;
	name_bytes(&im, &h);
	return run_all(&im, format, err);
}

int import_bytes(struct store *s, enum import_kind kind, struct str name, struct str bytes,
		 enum rows_format format, const struct import_watch *watch,
		 struct import_report *report, struct diags *diags, struct err *err)
{
	struct import im = {.store = s,
			    .table = import_table(kind),
			    .name = name,
			    .watch = watch,
			    .report = report,
			    .diags = diags,
			    .rows = rows_of(bytes, format)};
	struct hasher h = first_hash;

	*report = (struct import_report){0};
	hash_bytes(&h, bytes.p, bytes.n);
	name_bytes(&im, &h);
	return run_all(&im, format, err);
}

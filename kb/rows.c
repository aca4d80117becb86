#include "kb/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/mem.h"
#include "text/utf8.h"

enum { CHUNK = 1 << 16 };

/* bytes:	| read before | ready: p[at .. n) | not read yet |
 * A row is cut out of the ready bytes; when it is not whole yet more are read. */
struct rows {
	enum rows_format format;
	FILE *file; /* NULL: over borrowed bytes, all ready */
	char *p;
	size_t at, n, cap;
	uint64_t before; /* bytes of the file before p */
	int64_t line;	 /* of p[at] */
	bool end;	 /* nothing is left to read */
	bool failed;
	struct arena arena; /* names */
	const struct str *names;
	size_t n_names;
};

bool rows_format_of(struct str path, enum rows_format *out)
{
	static const struct {
		const char *end;
		enum rows_format format;
	} ends[] = {{".csv", ROWS_CSV},
		    {".tsv", ROWS_TSV},
		    {".tab", ROWS_TSV},
		    {".jsonl", ROWS_JSONL},
		    {".ndjson", ROWS_JSONL}};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (str_ends(path, str_of(ends[i].end))) {
			*out = ends[i].format;
			return true;
		}
	return false;
}

static struct rows *make_rows(enum rows_format format)
{
	struct rows *r = mem_zalloc(sizeof *r);

	r->format = format;
	r->line = 1;
	arena_init(&r->arena);
	return r;
}

int rows_open(const char *path, enum rows_format format, struct rows **out, struct err *err)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
			       "cannot open '%s': %s; check the name", path, strerror(errno));
	*out = make_rows(format);
	(*out)->file = f;
	return 0;
}

struct rows *rows_of(struct str bytes, enum rows_format format)
{
	struct rows *r = make_rows(format);

	/* Never written or freed: there is no file. */
	r->p = (char *)(uintptr_t)bytes.p;
	r->n = bytes.n;
	r->end = true;
	return r;
}

void rows_close(struct rows *r)
{
	if (!r)
		return;
	if (r->file) {
		fclose(r->file);
		free(r->p);
	}
	arena_done(&r->arena);
	free(r);
}

/* ---- bytes ---- */

static void read_more(struct rows *r)
{
	size_t got;

	if (r->at) {
		memmove(r->p, r->p + r->at, r->n - r->at);
		r->before += r->at;
		r->n -= r->at;
		r->at = 0;
	}
	if (r->cap - r->n < CHUNK) {
		r->cap = r->cap ? r->cap * 2 : CHUNK * 2;
		r->p = mem_resize(r->p, r->cap, 1);
	}
	got = fread(r->p + r->n, 1, CHUNK, r->file);
	r->n += got;
	if (got < CHUNK) {
		r->end = true;
		r->failed = ferror(r->file) != 0;
	}
}

static struct str ready(const struct rows *r)
{
	return (struct str){r->n ? r->p + r->at : NULL, r->n - r->at};
}

static void skip_mark(struct rows *r)
{
	while (!r->end && r->n < 3)
		read_more(r);
	if (r->before == 0 && r->at == 0 && str_starts(ready(r), STR("\xef\xbb\xbf")))
		r->at = 3;
}

/* Length with the line break, or SIZE_MAX when it is not among these bytes. */
static size_t line_length(struct str s)
{
	size_t end = str_find(s, STR("\n"), 0);

	return end == SIZE_MAX ? SIZE_MAX : end + 1;
}

/* Behind the closing quote of the field that begins at `from`, or SIZE_MAX. */
static size_t quoted_end(struct str s, size_t from)
{
	for (size_t i = from + 1; i < s.n; i++)
		if (s.p[i] == '"') {
			if (i + 1 < s.n && s.p[i + 1] == '"')
				i++;
			else
				return i + 1;
		}
	return SIZE_MAX;
}

/* Like line_length, but a break inside quotes does not end the record. */
static size_t record_length(struct str s)
{
	bool field_begins = true;

	for (size_t i = 0; i < s.n;) {
		if (field_begins && s.p[i] == '"') {
			i = quoted_end(s, i);
			if (i == SIZE_MAX)
				return SIZE_MAX;
			field_begins = false;
			continue;
		}
		if (s.p[i] == '\n')
			return i + 1;
		field_begins = s.p[i] == ',';
		i++;
	}
	return SIZE_MAX;
}

static void advance(struct rows *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->line += r->p[r->at + i] == '\n';
	r->at += n;
}

static struct str without_break(struct str s)
{
	if (s.n && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

static size_t length_of(const struct rows *r)
{
	return r->format == ROWS_CSV ? record_length(ready(r)) : line_length(ready(r));
}

/* The row was too long or its quote never closed: the reader goes on behind its first line. */
static int drop_line(struct rows *r, const char *why, const char *why_zh, struct err *err)
{
	size_t n = line_length(ready(r));

	while (n == SIZE_MAX && !r->end) {
		advance(r, r->n - r->at);
		read_more(r);
		n = line_length(ready(r));
	}
	advance(r, n == SIZE_MAX ? r->n - r->at : n);
	return err_say(err, ERR_INVALID, "%s%.0s", "%.0s%s", why, why_zh);
}

/* 1: *out is the next record without its line break, valid until the next call; as rows_next else.
 */
static int next_record(struct rows *r, struct str *out, int64_t *line, struct err *err)
{
	size_t n = length_of(r);

	*line = r->line;
	while (n == SIZE_MAX && !r->end && r->n - r->at <= ROWS_LENGTH_MAX) {
		read_more(r);
		n = length_of(r);
	}
	if (r->failed)
		return err_set(err, ERR_IO, "cannot read further: %s; check the disk",
			       strerror(EIO));
	if (n == SIZE_MAX && r->end && r->at == r->n)
		return 0;
	if (n == SIZE_MAX ? r->n - r->at > ROWS_LENGTH_MAX : n > ROWS_LENGTH_MAX)
		return drop_line(r, "the row is longer than 1 MiB, or a quote is never closed",
				 "这一行超过 1 MiB，或者引号没有闭合", err);
	if (n == SIZE_MAX && r->format == ROWS_CSV && line_length(ready(r)) != SIZE_MAX)
		return drop_line(r, "a quote is never closed; double quotes inside a field",
				 "引号没有闭合；字段里的引号要写两个", err);
	if (n == SIZE_MAX)
		n = r->n - r->at;
	*out = without_break(str_sub(ready(r), 0, n));
	advance(r, n);
	return 1;
}

/* ---- fields ---- */

/* "say ""hi""" -> say "hi"; *at is left behind the closing quote. */
static int read_quoted(struct arena *a, struct str s, size_t *at, struct str *out, struct err *err)
{
	size_t end = quoted_end(s, *at), n = 0;
	char *p;

	if (end == SIZE_MAX)
		return err_say(err, ERR_INVALID,
			       "a quote is never closed; double quotes inside a field",
			       "引号没有闭合；字段里的引号要写两个");
	p = arena_alloc(a, end - *at);
	for (size_t i = *at + 1; i < end - 1; i++) {
		p[n++] = s.p[i];
		if (s.p[i] == '"')
			i++;
	}
	*out = (struct str){p, n};
	*at = end;
	if (end < s.n && s.p[end] != ',')
		return err_say(err, ERR_INVALID,
			       "text behind a closing quote; double quotes inside a field",
			       "闭合的引号后面还有文字；字段里的引号要写两个");
	return 0;
}

static int read_fields(const struct rows *r, struct arena *a, struct str s, struct str *values,
		       size_t *n, struct err *err)
{
	const char separator = r->format == ROWS_CSV ? ',' : '\t';
	size_t at = 0, used = 0;

	for (;; at++) {
		size_t from = at;

		if (used == ROWS_FIELDS_MAX)
			return err_say(err, ERR_INVALID, "more than %d fields", "字段超过 %d 个",
				       ROWS_FIELDS_MAX);
		if (r->format == ROWS_CSV && at < s.n && s.p[at] == '"') {
			int rc = read_quoted(a, s, &at, &values[used], err);

			if (rc < 0)
				return rc;
		} else {
			while (at < s.n && s.p[at] != separator)
				at++;
			values[used] = arena_str(a, str_sub(s, from, at));
		}
		values[used] = str_trim(values[used]);
		used++;
		if (at >= s.n)
			break;
	}
	*n = used;
	return 0;
}

static int check_bytes(struct str s, struct err *err)
{
	if (utf8_valid(s) != s.n)
		return err_say(
			err, ERR_INVALID,
			"the text is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)",
			"文字不是 UTF-8；请把文件保存为 UTF-8（Excel 里选“CSV UTF-8”）");
	if (memchr(s.p, '\0', s.n))
		return err_say(err, ERR_INVALID, "there is a zero byte in the text; remove it",
			       "文字里有零字节；请去掉");
	return 0;
}

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return (struct str){p, s.n};
}

int rows_column(const struct str *names, size_t n, const char *name)
{
	int found = -1;

	for (size_t i = 0; i < n; i++) {
		if (str_eq(names[i], str_of(name)))
			found = (int)i;
	}
	return found;
}

int rows_header(struct rows *r, const struct str **names, size_t *n, struct err *err)
{
	struct str *found = ARENA_ARRAY(&r->arena, struct str, ROWS_FIELDS_MAX), s;
	int64_t line;
	int rc;

	skip_mark(r);
	*n = 0;
	if (r->format == ROWS_JSONL)
		return 0;
	do
		rc = next_record(r, &s, &line, err);
	while (rc == 1 && !str_trim(s).n);
	if (rc == 0)
		return err_set(err, ERR_INVALID,
			       "the file is empty; its first line must name the columns");
	if (rc == 1)
		rc = check_bytes(s, err);
	if (rc == 0)
		rc = read_fields(r, &r->arena, s, found, &r->n_names, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < r->n_names; i++)
		found[i] = lower(&r->arena, found[i]);
	r->names = found;
	*names = found;
	*n = r->n_names;
	return 0;
}

static int column_missing(struct str file, const char *const *wanted, size_t needed, size_t missing,
			  struct err *err)
{
	char all[200];
	size_t used = 0;

	for (size_t i = 0; i < needed && used < sizeof all; i++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
					 !i		  ? ""
					 : i + 1 < needed ? ", "
							  : " and ",
					 wanted[i]);
	return err_set(err, ERR_INVALID,
		       "%.*s:1: the first line names no column '%s'; it must name %s",
		       STR_ARG(file), wanted[missing], all);
}

int rows_columns(struct rows *r, struct str file, const char *const *wanted, size_t n,
		 size_t needed, int *places, struct err *err)
{
	const struct str *names;
	size_t columns;
	int rc = rows_header(r, &names, &columns, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		places[i] = rows_column(names, columns, wanted[i]);
		if (places[i] < 0 && i < needed)
			rc = column_missing(file, wanted, needed, i, err);
	}
	return rc;
}

int rows_next(struct rows *r, struct arena *a, struct row *out, struct err *err)
{
	struct str values[ROWS_FIELDS_MAX], s;
	size_t n = 0;
	int rc;

	do
		rc = next_record(r, &s, &out->line, err);
	while (rc == 1 && !str_trim(s).n);
	if (rc != 1)
		return rc;
	rc = check_bytes(s, err);
	if (rc == 0 && r->format == ROWS_JSONL) {
		rc = rows_read_json(a, s, out, err);
		return rc < 0 ? rc : 1;
	}
	if (rc == 0)
		rc = read_fields(r, a, s, values, &n, err);
	if (rc == 0 && n != r->n_names)
		rc = err_say(err, ERR_INVALID, "%zu fields where the first line names %zu columns",
			     "这一行有 %zu 个字段，第一行却有 %zu 列", n, r->n_names);
	if (rc < 0)
		return rc;
	out->names = r->names;
	out->values = memcpy(arena_array(a, n, sizeof *values), values, n * sizeof *values);
	out->n = n;
	return 1;
}

struct rows_place rows_tell(const struct rows *r)
{
	return (struct rows_place){r->before + r->at, r->line};
}

int rows_seek(struct rows *r, struct rows_place place, struct err *err)
{
	if (!r->file) {
		r->at = place.byte < r->n ? (size_t)place.byte : r->n;
	} else {
		if (fseeko(r->file, (off_t)place.byte, SEEK_SET) < 0)
			return err_set(err, ERR_IO, "cannot go back to byte %llu: %s",
				       (unsigned long long)place.byte, strerror(errno));
		r->before = place.byte;
		r->at = r->n = 0;
		r->end = false;
	}
	r->line = place.line;
	return 0;
}

/* Rows of a file of outside data, one at a time: CSV (RFC 4180: quotes, doubled quotes, line breaks
 * inside quotes), TSV (no quotes), JSONL (an object a line). UTF-8, with or without a byte order
 * mark; lines end in LF or CRLF; blank lines are passed over.
 *
 * The first line of CSV and TSV names the columns. A row that cannot be read costs that row only: a
 * quote that is never closed ends with its line. A row is at most ROWS_LENGTH_MAX bytes. */
#ifndef KB_ROWS_H
#define KB_ROWS_H

#include "text/err.h"

enum rows_format { ROWS_CSV, ROWS_TSV, ROWS_JSONL };

enum {
	ROWS_LENGTH_MAX = 1 << 20,
	ROWS_FIELDS_MAX = 256,
};

struct rows;

struct row {
	const struct str *names; /* of the columns; lower case, trimmed */
	const struct str
		*values; /* trimmed; a JSON null is "", a list is joined with `;`, values of
			   an object are columns of their own, outer.inner */
	size_t n;
	int64_t line; /* where the row begins, from 1 */
};

/* By the end of a file name: .csv, .tsv or .tab, .jsonl or .ndjson. False: none of them. */
bool rows_format_of(struct str path, enum rows_format *out);

MUST_USE int rows_open(const char *path, enum rows_format format, struct rows **out,
		       struct err *err);
/* Over borrowed bytes. */
struct rows *rows_of(struct str bytes, enum rows_format format);
void rows_close(struct rows *r);

/* The columns of CSV and TSV; call first, once. ERR_INVALID: there is no usable header. JSONL:
 * nothing to read, *n = 0. The names live as long as the reader. */
MUST_USE int rows_header(struct rows *r, const struct str **names, size_t *n, struct err *err);
/* Place of the column of that name; -1: there is none. Of two the later one. */
int rows_column(const struct str *names, size_t n, const char *name);
/* rows_header, and the place of each of the n columns `wanted` in *places; ERR_INVALID, with `file` and what the first
 * line must name, where one of the first `needed` is missing. Of the others: -1. */
MUST_USE int rows_columns(struct rows *r, struct str file, const char *const *wanted, size_t n,
			  size_t needed, int *places, struct err *err);

/* 1: *out is a row, everything in `a`; 0: the end; ERR_INVALID: a bad row (out->line is set, the
 * next call goes on behind it); ERR_IO: the file cannot be read further. */
MUST_USE int rows_next(struct rows *r, struct arena *a, struct row *out, struct err *err);

/* Where the next row begins: to come back to with rows_seek, after rows_header. */
struct rows_place {
	uint64_t byte;
	int64_t line;
};
struct rows_place rows_tell(const struct rows *r);
MUST_USE int rows_seek(struct rows *r, struct rows_place place, struct err *err);

/* One JSON object as a row (rows_json.c): names and values into out. */
MUST_USE int rows_read_json(struct arena *a, struct str line, struct row *out, struct err *err);

#endif

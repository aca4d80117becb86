/* One row of an import: which columns each kind has, and how a row becomes a record. */
#ifndef KB_IMPORT_ROW_H
#define KB_IMPORT_ROW_H

#include "kb/import.h"

enum { IMPORT_COLUMNS_MAX = 16 };

struct import_column {
	const char *name;
	bool required;
};

struct import_table {
	const char *name;
	const struct import_column *columns;
	size_t n;
	bool has_id; /* column 0 must not repeat */
	/* values[i] is column i, "" when not given. ERR_INVALID: a bad row. */
	int (*save)(struct store *s, const struct str *values, int64_t line, struct err *err);
	/* May say something of a row that was saved; NULL: nothing ever. */
	void (*remark)(const struct str *values, struct mark mark, struct diags *diags);
};

const struct import_table *import_table(enum import_kind kind);

/* Column of that name, or -1. */
int import_column(const struct import_table *t, struct str name);

#endif

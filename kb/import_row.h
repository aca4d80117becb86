/* One row of an import: which columns each kind has, and how a row becomes a record. */
#ifndef KB_IMPORT_ROW_H
#define KB_IMPORT_ROW_H

#include "kb/import.h"
#include "kb/store_change.h"

enum { IMPORT_COLUMNS_MAX = 16 };

struct import_column {
	const char *name;
	bool required;
};

/* Values of columns that are not in the table, all with one beginning: vectors.image, vectors.text. */
struct import_extra {
	struct str name; /* behind the beginning */
	struct str value;
};
enum { IMPORT_EXTRAS_MAX = 8 };

struct import_table {
	const char *name;
	enum change change; /* noted when rows are saved */
	const struct import_column *columns;
	size_t n;
	bool has_id; /* column 0 must not repeat */
	/* values[i] is column i, "" when not given. ERR_INVALID: a bad row. */
	int (*save)(struct store *s, const struct str *values, int64_t line, struct err *err);
	const char *extra; /* "vectors."; NULL: other columns are unknown */
	/* `dry`: only whether it could be saved. The row is saved between the two calls. */
	int (*save_extra)(struct store *s, struct arena *a, struct str id,
			  const struct import_extra *x, bool dry, struct err *err);
	/* May say something of a row that was saved; NULL: nothing ever. */
	void (*remark)(const struct str *values, struct mark mark, struct diags *diags);
};

const struct import_table *import_table(enum import_kind kind);

/* Column of that name, or -1. */
int import_column(const struct import_table *t, struct str name);

#endif

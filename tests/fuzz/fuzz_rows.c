/* rows_next over any bytes in each format (the first byte chooses): it ends, every row is whole and
 * valid UTF-8, and going back to a place gives the same row again. */
#include "fuzz/fuzz.h"

#include "kb/rows.h"
#include "text/utf8.h"

static void check_row(const struct row *row)
{
	HOLDS(row->line > 0);
	for (size_t i = 0; i < row->n; i++) {
		HOLDS(utf8_valid(row->names[i]) == row->names[i].n);
		HOLDS(utf8_valid(row->values[i]) == row->values[i].n);
	}
}

static void check_again(struct rows *r, struct arena *a, struct rows_place place,
			const struct row *row)
{
	struct rows_place after = rows_tell(r);
	struct row again;

	HOLDS(rows_seek(r, place, NULL) == 0);
	HOLDS(rows_next(r, a, &again, NULL) == 1);
	HOLDS(again.n == row->n && again.line == row->line);
	for (size_t i = 0; i < row->n; i++)
		HOLDS(str_eq(again.values[i], row->values[i]));
	HOLDS(rows_tell(r).byte == after.byte && rows_tell(r).line == after.line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data + 1, size - 1};
	const struct str *names;
	struct rows_place place;
	struct err err = {0};
	struct arena a;
	struct row row;
	struct rows *r;
	size_t n;
	int rc;

	if (!size)
		return 0;
	r = rows_of(bytes, (enum rows_format)(data[0] % 3));
	arena_init(&a);
	rc = rows_header(r, &names, &n, &err);
	place = rows_tell(r);
	while (rc == 0 && (rc = rows_next(r, &a, &row, &err)) != 0) {
		HOLDS(rc == 1 || (rc == ERR_INVALID && err.text[0]));
		HOLDS(rows_tell(r).byte > place.byte);
		if (rc == 1) {
			check_row(&row);
			check_again(r, &a, place, &row);
		}
		place = rows_tell(r);
		arena_reset(&a);
		rc = 0;
	}
	arena_done(&a);
	rows_close(r);
	return 0;
}

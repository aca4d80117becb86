/* Outside data into the database: courses, events, FAQ entries.
 *
 * Columns (by name, any order; * must be there):
 *	courses	id* title* description category tags level price url image creator language
 *		format aliases
 *	events	user* course* type* value at minutes progress score
 *	faq	id* question* also answer* tags
 *	vectors	id* name* vector*
 *
 * Levels and formats are known by several words (kb/course_words.c) and kept under one; an unknown
 * level is a bad row, an unknown format a warning.
 * Types of events: view enroll purchase rate complete study dismiss undismiss.
 * A course may carry vectors (vector.h), as columns vectors.NAME or, in JSONL, as an object
 * {"vectors": {"image": [0.1, …]}}; in a file of vectors `id` is the course and each row one vector.
 * All of one name have one length.
 * `at` is ISO 8601 or Unix seconds or milliseconds; without it the number of the row is the time,
 * so that the order is kept. Lists (tags, aliases, also) have `;` between.
 *
 * Rows are saved in batches, each one transaction with a note of how far it came: an import that
 * was interrupted (killed, full disk, stopped by `watch`) goes on behind its last batch when the
 * same bytes are imported again. Importing a finished file again changes nothing; a file of
 * events that was finished is not even read. A bad row, an unknown column and a repeated id are
 * diagnostics with file and line, and counted; the other rows are saved. */
#ifndef KB_IMPORT_H
#define KB_IMPORT_H

#include "kb/rows.h"
#include "kb/store.h"

enum import_kind { IMPORT_COURSES, IMPORT_EVENTS, IMPORT_FAQ, IMPORT_VECTORS };

/* "courses" -> IMPORT_COURSES; false: there is no such kind. */
bool import_kind_read(struct str name, enum import_kind *out);

enum { IMPORT_BATCH = 10000 };

struct import_report {
	uint64_t rows;	/* read in this run, good and bad */
	uint64_t saved; /* of them */
	uint64_t bad;
	uint64_t bytes, total_bytes; /* of the file, behind us and in all */
	int64_t resumed_line;	     /* > 1: an earlier run had come to here */
	bool already;		     /* events: this very file was finished before */
	bool stopped;		     /* by the watcher, between two rows; what was read is saved */
};

/* Called every thousand rows; false stops. */
struct import_watch {
	bool (*go_on)(void *arg, const struct import_report *so_far);
	void *arg;
};

/* `watch` may be NULL. 0 also when there were bad rows (report->bad). Negative: nothing more could
 * be done (no such file, a column is missing, the database failed); whole batches before that are
 * saved, and *report tells how many rows. */
MUST_USE int import_file(struct store *s, enum import_kind kind, const char *path,
			 enum rows_format format, const struct import_watch *watch,
			 struct import_report *report, struct diags *diags, struct err *err);

/* The same from bytes; `name` is the file in diagnostics. */
MUST_USE int import_bytes(struct store *s, enum import_kind kind, struct str name, struct str bytes,
			  enum rows_format format, const struct import_watch *watch,
			  struct import_report *report, struct diags *diags, struct err *err);

#endif

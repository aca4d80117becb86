/* Earlier texts of the rules' files: those that were saved, and those that were found on the disk and
 * loaded without errors. Of each file the newest VERSIONS_KEPT are kept. */
#ifndef KB_STORE_VERSIONS_H
#define KB_STORE_VERSIONS_H

#include "kb/store.h"

enum { VERSIONS_KEPT = 200 };

struct version_row {
	int64_t id; /* given by the database */
	struct str path, version;
	int64_t at_unix_ms;
	struct str who, comment; /* who "": found on the disk */
	struct str text;
	int64_t bytes; /* of the text; for lists, which are without */
};

/* *id is its number; older ones beyond VERSIONS_KEPT go. */
MUST_USE int store_version_put(struct store *s, const struct version_row *row, int64_t *id,
			       struct err *err);
/* The newest of a file whose version is not `except` ("" = the very newest).
 * ERR_NOT_FOUND. */
MUST_USE int store_version_newest(struct store *s, struct arena *a, struct str path,
				  struct str except, struct version_row *out, struct err *err);
MUST_USE int store_version_get(struct store *s, struct arena *a, int64_t id,
			       struct version_row *out, struct err *err);
/* Newest first, those with id < before (0 = all), without their texts. */
MUST_USE int store_version_list(struct store *s, struct arena *a, struct str path, int64_t before,
				size_t max, struct version_row **rows, size_t *n, struct err *err);

#endif

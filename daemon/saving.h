/* A file of the rules changed by somebody of the staff: kept in the history (kb/store_versions.h), told in the log of
 * the staff (kb/store_staff.h) and put in the file's place. All of it or nothing; the staff's page and the command both
 * save this way. */
#ifndef DAEMON_SAVING_H
#define DAEMON_SAVING_H

#include "edit.h"
#include "kb/store.h"

struct saving {
	struct str file; /* NUL-terminated */
	struct str path; /* its name in history and log (rules_files.h) */
	struct str was;	 /* its text until now; STR_NONE, or … */
	bool was_served; /* … worth going back to: kept too when it never was */
	struct str now, comment;
	struct str who, origin; /* of the log */
	const char *what;
	int64_t at_unix_ms;
};

struct saved {
	int64_t id; /* in the history */
	char version[EDIT_VERSION];
	bool file_refused; /* the failure is the file's, not the database's */
};

/* A text that was found and is good: worth going back to, unless it is the newest that is kept. */
MUST_USE int saving_keep(struct store *s, struct str path, struct str text, int64_t at_unix_ms,
			 struct err *err);
MUST_USE int saving_put(struct store *s, const struct saving *v, struct saved *out,
			struct err *err);

#endif

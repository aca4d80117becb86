/* Numbers of changes: one a kind of data, raised in the transaction that changes it, so that whoever
 * keeps a copy in memory sees by one short read that the database has moved on, whoever moved it. */
#ifndef KB_STORE_CHANGE_H
#define KB_STORE_CHANGE_H

#include "kb/store.h"

enum change { CHANGE_COURSES, CHANGE_EVENTS, CHANGE_FAQ, CHANGES };

struct changes {
	int64_t of[CHANGES];
};

/* Within the caller's transaction. *now: the number as it is then; may be NULL. */
MUST_USE int store_change_note(struct store *s, enum change c, int64_t *now, struct err *err);
MUST_USE int store_changes_read(struct store *s, struct changes *out, struct err *err);

#endif

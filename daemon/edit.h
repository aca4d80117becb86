/* Reading and replacing a file that people edit, so that nobody ever finds half of one.
 *
 *	text -> .intents.yaml.kefu-a1B2c3 (synced) -> rename to intents.yaml -> folder synced
 *
 * Links are followed: what is replaced is the file, not the link. Mode and, where that is allowed, owner
 * stay as they were. */
#ifndef DAEMON_EDIT_H
#define DAEMON_EDIT_H

#include "text/err.h"

enum { EDIT_FILE_MAX = 4 << 20, EDIT_VERSION = 33 };

/* ERR_NOT_FOUND, ERR_LIMIT (more than EDIT_FILE_MAX bytes), ERR_IO. */
MUST_USE int edit_read(const char *path, struct buf *out, struct err *err);
/* 32 hex digits of BLAKE2b: names a text. */
void edit_version(struct str text, char out[EDIT_VERSION]);
/* The file is there already. ERR_IO says what the system said; then the file is as it was. */
MUST_USE int edit_replace(const char *path, struct str text, struct err *err);
/* May its folder be written to? */
bool edit_writable(const char *path);

#endif

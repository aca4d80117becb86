/* The files of a recording: DIR/kefu-20260301-000.jsonl, whole lines only.
 *
 * A new file begins with each start, each day (UTC) and when one is full; none is left empty. In every file a conversation's
 * first line is preceded by its head, so that each file can be read alone. One thread. */
#ifndef DAEMON_RECORD_FILE_H
#define DAEMON_RECORD_FILE_H

#include "text/err.h"

struct record_file;

/* The folder is made when absent (for this user alone: recordings are nobody else's business). */
MUST_USE int record_file_open(const char *folder, int64_t now_unix_ms, size_t max_bytes,
			      struct record_file **out, struct err *err);
void record_file_close(struct record_file *f); /* NULL is fine */

/* One event of a conversation: `head` and `lines` are whole lines. ERR_IO: nothing of it was written, the
 * next put tries a new file. */
MUST_USE int record_file_put(struct record_file *f, int64_t now_unix_ms, uint64_t session,
			     struct str head, struct str lines, struct err *err);
/* Of the file being written. */
const char *record_file_path(const struct record_file *f);

#endif

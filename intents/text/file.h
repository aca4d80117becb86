/* The bytes of files. */
#ifndef TEXT_FILE_H
#define TEXT_FILE_H

#include "text/err.h"

/* Appends what the open file has from where it stands, at most `most` bytes; *out is NUL-terminated. Interrupted
 * and partial reads go on. ERR_IO: errno says why. */
MUST_USE int file_read(int fd, size_t most, struct buf *out);

#endif

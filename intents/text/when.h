/* Times and durations as people write them. */
#ifndef TEXT_WHEN_H
#define TEXT_WHEN_H

#include "text/str.h"

/* "2026-03-01T10:00:00+08:00", "2026-03-01 10:00", "2026-03-01" (UTC without a zone; fractions of a
 * second and `Z` are fine), or a Unix time: up to 11 digits are seconds, more are milliseconds.
 * False: it is none. */
bool when_read(struct str s, int64_t *unix_ms);

/* "50ms", "30s", "5m", "2h", "1d"; false: it is none. */
bool when_duration(struct str s, int64_t *ms);

/* "2026-03-01T02:00:00.123Z" */
enum { WHEN_TEXT_MAX = 32 };
void when_print(int64_t unix_ms, char out[WHEN_TEXT_MAX]);

#endif

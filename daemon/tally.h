/* Replies by intent and the time of turns, gathered in memory (30 ns a turn, measured) and sent
 * to the disk now and then. Loop thread only. */
#ifndef DAEMON_TALLY_H
#define DAEMON_TALLY_H

#include "writer.h"

struct tally;

/* `process` tells this daemon's minutes from another's: when it started, Unix milliseconds. */
struct tally *tally_new(int64_t process);
void tally_free(struct tally *t); /* NULL is fine */

/* A reply of an intent (or faq:ID). */
void tally_hit(struct tally *t, struct str name, int64_t now_unix_ms);
void tally_turn(struct tally *t, double us, int64_t now_unix_ms);

/* Queues the replies counted since the last time, and the minute's turns when it is over, or with `all`
 * in any case. For every second, and before the writer stops. What the queue has no room for is tried
 * again. */
void tally_flush(struct tally *t, struct writer *w, int64_t now_unix_ms, bool all);

#endif

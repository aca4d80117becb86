/* A connection as a cursor over the numbered frames of its conversation.
 *
 *	frames of the session   1  2  3 | 4  5  6  7 |            (only 4..7 are in memory)
 *	cursor                     ^
 *	                           3 comes from the database, then 4..7 from memory, then live ones
 *
 * Whether a frame is new or is sent again after a reconnect, it leaves by the same door: the pump
 * sends what lies behind the cursor, in order, each once, as far as the connection's queue has room.
 */
#ifndef NET_FEED_H
#define NET_FEED_H

#include "net/conn.h"

/* The conversation is on this connection now, and continues after seq `since`. Another connection
 * it was on is closed ("replaced", 4001). */
void feed_attach(struct conn *c, struct chat *chat, int64_t since);
void feed_detach(struct conn *c);
void feed_pump(struct conn *c);
/* The conversation's newest frame, just made: sent at once when nothing lies before it. */
void feed_newest(struct conn *c, int64_t seq, struct str json);
/* What the reader found for this connection; takes the result. */
void feed_page(struct conn *c, struct reader_result *r);

#endif

/* Bytes waiting to go out on one WebSocket: whole frames, ready for the wire, one behind the other.
 *
 * Frames are built here (RFC 6455 5.2, server side: unmasked) so that many go out in one write; the
 * library's frame-by-frame writes cost 13 to 20 times the CPU when replies come in bursts.
 *
 *	 0        room       head                     n
 *	 |  room  |  sent ...|  frame  |  frame  | fr |
 *
 * The first OUTQ_ROOM bytes are head room the library demands in front of what it writes. */
#ifndef NET_OUTQ_H
#define NET_OUTQ_H

#include "text/buf.h"

enum {
	OUTQ_ROOM = 16,
	OUTQ_BATCH = 65536, /* most bytes of one write, unless one frame alone is longer */
};

enum ws_opcode { WS_TEXT = 1, WS_PING = 9 };

struct outq {
	struct buf b;
	size_t head; /* 0 = nothing was ever put */
};

/* A zeroed struct outq is an empty one. */
void outq_done(struct outq *q);
void outq_put(struct outq *q, enum ws_opcode opcode, struct str payload);
/* Unsent bytes. */
size_t outq_bytes(const struct outq *q);
/* The next whole frames, at most OUTQ_BATCH bytes or one frame; "" when empty. Writable memory with
 * OUTQ_ROOM bytes in front of it. */
struct str outq_batch(const struct outq *q);
/* The batch was taken. */
void outq_sent(struct outq *q, size_t bytes);

#endif

/* Utterances: the parts of an `audio` frame put together, given to the engine of `speech-in`, and the
 * `heard` frame that comes of it.
 *
 *	audio a1 more -+
 *	audio a1 more  +-> c->hearing (samples) --whole--> speech_ask ... hearing_done -> heard to a1
 *	audio a1      -+
 *
 * One utterance at a time a connection, at most `speech-seconds` long and as long again (and some) in coming;
 * all together at most HEARING_BYTES_MAX. Nothing of it is numbered, kept, recorded or logged. */
#ifndef NET_HEARING_H
#define NET_HEARING_H

#include "net/conn.h"

struct speech_job;

enum { HEARING_BYTES_MAX = 64 << 20 };

/* Adds to a welcome what can be heard and said; nothing where both are off. */
void hearing_offer(struct server *s, struct buf *welcome);
void hearing_done(struct conn *c, const struct speech_job *j);
/* Drops what has come in, and what waits to be heard. */
void hearing_end(struct conn *c);
void hearing_sweep(struct conn *c, int64_t now_ms);
/* Whose share of the engines a job of that connection takes. */
uint64_t hearing_owner(const struct link *l);

#endif

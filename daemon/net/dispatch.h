/* From a message to its handler, one a frame type.
 *
 * A new client frame = one row of fields in frame.c, one handler here. */
#ifndef NET_DISPATCH_H
#define NET_DISPATCH_H

#include "net/conn.h"
#include "net/frame.h"

/* One whole text message of a client: read, checked, handled. While the connection waits for the
 * database it is held back, in order. */
void dispatch_message(struct conn *c, struct str message);
/* What was held back. */
void dispatch_held(struct conn *c);

/* ---- handlers, and what they share ---- */
void handle_hello(struct conn *c, const struct frame *f);
void handle_message(struct conn *c, const struct frame *f); /* message and click */
void handle_feedback(struct conn *c, const struct frame *f);
void handle_event(struct conn *c, const struct frame *f);
void handle_typing(struct conn *c, const struct frame *f);
void handle_audio(struct conn *c, const struct frame *f); /* hearing.c */
void handle_end(struct conn *c, const struct frame *f);

/* The connection's conversation, opened (and greeted) when there is none yet. NULL: an error was
 * sent. */
struct chat *dispatch_chat(struct conn *c, struct str to);
/* The database's answer to a hello; takes the result. */
void hello_found(struct conn *c, struct reader_result *r);
/* The guest of that conversation is signed in. */
void hello_signed_in(struct conn *c, struct str token);

#endif

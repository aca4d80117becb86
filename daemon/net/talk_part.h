/* A turn of a conversation in parts, for net/talk*.c. */
#ifndef NET_TALK_PART_H
#define NET_TALK_PART_H

#include "net/talk.h"

/* The bot's turn: its reply is in s->turn. Then one of the two others. */
void talk_begin(struct server *s, struct chat *chat, enum turn_kind kind, struct str text);
/* The reply is numbered, kept, sent, and what it asks for is done; the frame, valid until the next turn. */
struct str talk_finish(struct server *s, struct chat *chat, struct str id);
/* Nothing more comes of it. */
void talk_done(struct server *s);

#endif

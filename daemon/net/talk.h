/* Conversations: opened, resumed, one turn after the other, every frame numbered, remembered and
 * queued for the disk. What is above a connection and below the protocol's frames; POST /message
 * uses it too.
 *
 * Numbers: each frame the learner is to keep gets the session's next seq, goes into the hub and is
 * pumped to the connection the session is on, if any. */
#ifndef NET_TALK_H
#define NET_TALK_H

#include "net/identity.h"
#include "net/server.h"

/* Who and where, as a client said; NULL = not said. */
struct visitor {
	const char *lang, *page, *user;
	bool logged_in;	       /* the user is proven … */
	int64_t until_unix_ms; /* … until then */
};

/* Somebody with that proof. Borrows it. */
struct visitor talk_visitor(const struct identity *who);
void talk_know(struct chat *chat, const struct visitor *v);
/* Is the conversation a guest's (or, since a restart, not certainly more), so that the proven visitor has to be
 * signed in? That is talk_know, and all that the guest did becomes the learner's (kb/store_guest.h): `ticket` is told
 * when it is. ERR_BUSY: nothing was done. */
bool talk_is_guests(const struct chat *chat, const struct visitor *v);
MUST_USE int talk_sign_in(struct server *s, struct chat *chat, const struct visitor *v,
			  uint64_t ticket);
/* A new conversation, greeted (its welcome is frame 1), on `conn` unless that is NULL. */
MUST_USE int talk_open(struct server *s, struct conn *conn, const struct visitor *v,
		       struct chat **out, struct err *err);
/* One the database knows; ERR_NOT_FOUND when it has ended or expired. */
MUST_USE int talk_adopt(struct server *s, struct str token, const struct reader_result *r,
			struct chat **out, struct err *err);
/* Says welcome again on its connection and lets everything after `since` follow. */
void talk_resume(struct server *s, struct conn *conn, struct chat *chat, int64_t since);
/* What a learner wrote or clicked, to whoever has the conversation; `id` is the learner's, "" = none. The bot's
 * reply frame, valid until the next turn; STR_NONE: a person is to read it, and it is acknowledged once it is on
 * the disk. */
struct str talk_say(struct server *s, struct chat *chat, enum turn_kind kind, struct str id,
		    struct str text);
/* The same, to the bot. */
struct str talk_turn(struct server *s, struct chat *chat, enum turn_kind kind, struct str id,
		     struct str text);
void talk_ack(struct server *s, struct chat *chat, struct str id);
/* Over: it cannot be resumed, here (chat->ended) or after a restart. */
void talk_end(struct server *s, struct chat *chat);

/* NULL, or why nothing more may be said in this chat (NULL: one not begun, by a guest): the setting
 * `identity` is required, or the proof of who its learner is has run out. */
const char *talk_unproven(const struct server *s, const struct chat *chat);
/* 0, or the code of an error frame and words in *why: may this be taken as a message? */
const char *talk_refuses(struct server *s, struct chat *chat, struct str text, const char **why);

#endif

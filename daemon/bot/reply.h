/* Replies as JSON, once for the wire, the command and the recordings. */
#ifndef BOT_REPLY_H
#define BOT_REPLY_H

#include "bot/turn.h"

/* The members shared by a wire reply, in the contract's order, into an open object:
 * "text","intent","score","source","buttons","courses","lang", and "list" before the last where the courses are
 * kept as a list. intent is null on fallback. */
void reply_json(const struct reply *r, struct buf *out);

/* The object of `kefu ask --json`: text, lang, tokens, intent, score, source, slots, reply,
 * candidates, why. `why` is one sentence a step. */
void turn_json(const struct turn *t, struct buf *out);

/* The explanation as a JSON array of lines. */
void turn_why(const struct turn *t, struct buf *out);

/* The same explanation for people, several lines. `chinese`: in which language. */
void turn_explain(const struct turn *t, bool chinese, struct buf *out);

/* The object of GET /recommend and `kefu recommend --json`:
 * {"user_id","query","courses":[{"id","title","description","price","score","reason",…}],"matched","list"},
 * and "categories":[…] when the list is empty. Where no course passes the filters "courses" is empty and
 * "nearest":[courses],"without":["price",…] follow "matched". */
void recommended_json(struct str user, struct str query, const struct recommended_list *list,
		      struct buf *out);

#endif

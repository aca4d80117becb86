/* Lists of courses that were given, on their way to the disk.
 *
 * Whoever gives courses to a learner (a reply, a push, GET /recommend) says so here and hands the id on with
 * them; what comes back with that id (shown, click, …) counts in that list. The id is random: to know it
 * is to have been given the list. Loop thread only; nothing waits. */
#ifndef NET_GIVEN_H
#define NET_GIVEN_H

#include "kb/store_list.h"

struct server;
struct turn;
struct chat;
struct recommended_list;

/* A list's id as text, in the turn's arena, set in the turn's reply; nothing for a reply without courses. */
void given_reply(struct server *s, const struct chat *chat, struct turn *t);
/* `user` is who asked over HTTP. The id goes to `out`, "" for an empty list. */
void given_http(struct server *s, struct str user, const struct recommended_list *list,
		char out[LIST_ID_TEXT]);

#endif

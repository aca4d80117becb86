/* Lists of courses that were given and variants that were met, on their way to the disk.
 *
 * Whoever gives courses to a learner (a reply, a push, GET /recommend) says so here and hands the id on with
 * them; what comes back with that id (shown, click, …) counts in that list. The id is random: to know it
 * is to have been given the list. Loop thread only; nothing waits. */
#ifndef NET_GIVEN_H
#define NET_GIVEN_H

#include "bot/turn.h"
#include "kb/store_list.h"

struct server;
struct chat;

/* The variants that had a say in the turn, and its courses as a list, whose id is set in the turn's reply; taken for
 * shown where chat->shows. */
void given_reply(struct server *s, struct chat *chat, struct turn *t);
/* The same for who asked over HTTP. The id goes to `out`, "" for an empty list. */
void given_http(struct server *s, struct str user, const struct recommended_list *list,
		const struct exposures *met, char out[LIST_ID_TEXT]);

#endif

/* Parts of `kefu check`, for daemon/check*.c alone. */
#ifndef DAEMON_CHECK_PART_H
#define DAEMON_CHECK_PART_H

#include "bot/turn.h"

/* Says `text` to the bot in a new session in which the intent may fire: as its `only` wants it. The reply
 * is in t->reply until the next call. */
void check_say(struct turn *t, const struct intent *intent, struct str text);

/* Intents that never answer their own tests, phrases and keywords, because others always come first. */
void check_reach(struct turn *t, struct diags *d);

/* Phrases of the intent that a rule of another one answers. */
void check_taken(struct turn *t, const struct intent *intent, struct diags *d);

#endif

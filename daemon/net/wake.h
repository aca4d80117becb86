/* How other threads knock: an eventfd in the loop. Many knocks before the loop looks count as one.
 */
#ifndef NET_WAKE_H
#define NET_WAKE_H

#include "net/watch.h"

struct wake {
	struct watch watch;
	int fd;
	bool watched; /* the loop owns fd */
	void (*work)(void *ctx);
	void *ctx;
};

/* Makes the eventfd: threads may knock from here on. */
MUST_USE int wake_init(struct wake *w, void (*work)(void *ctx), void *ctx, struct err *err);
/* Puts it into the loop, which runs `work` after knocks; owns the descriptor from then on. */
MUST_USE int wake_open(struct wake *w, struct server *s, struct err *err);
/* Closes the descriptor if it never came into a loop. */
void wake_done(struct wake *w);
/* Any thread; `w` is a struct wake. */
void wake_knock(void *w);

#endif

/* What happens once a second: pings, silence, slow readers, late request bodies, forgotten
 * sessions.
 *
 * One pass over all connections, driven by a timerfd: the library's own timers misfire under libev
 * and cost O(n) each. While draining it runs every 50 ms. */
#ifndef NET_SWEEP_H
#define NET_SWEEP_H

#include "net/watch.h"

MUST_USE int sweep_open(struct watch *w, struct server *s, struct err *err);
/* Faster, for the drain. */
void sweep_hurry(struct watch *w);

#endif

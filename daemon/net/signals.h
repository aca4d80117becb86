/* TERM and INT drain, a second one stops at once; HUP rebuilds the snapshot. Signals arrive through
 * a signalfd in the loop, so that none of this runs inside a signal handler. */
#ifndef NET_SIGNALS_H
#define NET_SIGNALS_H

#include "net/watch.h"

/* Before any thread starts: they inherit the mask. Also ignores SIGPIPE and SIGXFSZ. */
void signals_block(void);
MUST_USE int signals_open(struct watch *w, struct server *s, struct err *err);

#endif

/* New snapshots while the old one serves: a thread builds, the loop publishes.
 *
 * Requests come from the loop (SIGHUP, admin) and from inotify on the folders of the rules' files
 * (editors that rename included), debounced 100 ms. Requests during a build lead to one more build. */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "bot/snapshot.h"

struct reload;

/* `first` is the snapshot in service (its files are watched). One reference of the latest snapshot
 * is held throughout, so that the next build can share what did not change. Loop thread. */
MUST_USE int reload_start(const struct snapshot_source *src, struct snapshot *first,
			  void (*wake)(void *), void *ctx, struct reload **out, struct err *err);
void reload_stop(struct reload *r);
void reload_request(struct reload *r); /* any thread */

struct reload_result {
	struct snapshot *snapshot; /* one reference, the taker's; NULL: the build failed */
	struct diags diags;	   /* the taker's: diags_done */
	struct err err;
	double ms;
};
/* Loop thread: true when a build has ended since. */
bool reload_take(struct reload *r, struct reload_result *out);

#endif

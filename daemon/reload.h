/* New snapshots while the old one serves: a thread builds, the loop publishes.
 *
 * Requests come from the loop (SIGHUP, admin) and from inotify on the folders of the rules' files
 * (editors that rename included), debounced 100 ms. Requests during a build lead to one more build.
 *
 * The thread also keeps what was learned of learners (kb/learning.h): it weaves lessons into the table of
 * neighbours, and reads everything anew when the database changed under it (another program imported or
 * forgot something): it looks every two seconds. */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "bot/snapshot.h"
#include "kb/learning.h"
#include "lesson.h"

struct reload;

/* `first` is the snapshot in service (its files are watched). One reference of the latest snapshot
 * is held throughout, so that the next build can share what did not change. Takes the loom of
 * src->learning over (there may be none). Loop thread. */
MUST_USE int reload_start(const struct snapshot_source *src, struct snapshot *first,
			  void (*wake)(void *), void *ctx, struct reload **out, struct err *err);
void reload_stop(struct reload *r);
void reload_request(struct reload *r); /* any thread */

/* ---- learning; all for the loop thread ---- */

/* Ready for a lesson: none waits, no result waits to be taken, and nothing is being read anew. */
bool reload_is_free(struct reload *r);
/* The lesson is taken over. False: it is not free (any more), the lesson is still the caller's, and no
 * good: learners may have other numbers soon. */
bool reload_teach(struct reload *r, struct lesson *l);
/* Asks to read everything anew; not more often than a tenth of the time goes into it. */
void reload_relearn(struct reload *r);
/* Commits of events by this program are numbered up to here (kb/store_change.h). */
void reload_told(struct reload *r, int64_t change);
/* Since a reading began, until its result is taken: it may or may not know what is committed now. */
bool reload_is_reading(struct reload *r);

struct reload_result {
	struct snapshot *snapshot; /* one reference, the taker's; NULL: the build failed */
	bool learned;		   /* the table of neighbours is another; only that, when !rules */
	bool rules;		   /* built from the files */
	struct profiles *profiles; /* the taker's: everything was read anew; else NULL */
	int64_t change;		   /* with profiles: of the events they know */
	uint64_t reading;	   /* its number, if it was or may have been one */
	uint64_t told;		   /* of the last lesson that the table knows; 0: none since */
	struct diags diags;	   /* the taker's: diags_done */
	struct err err;
	double ms;
};
/* Loop thread: true when a build has ended since. */
bool reload_take(struct reload *r, struct reload_result *out);

#endif

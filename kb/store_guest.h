/* A conversation that a guest began and a learner goes on with: who signs in is who the guest was.
 *
 *	guest:0123456789abcdef --store_guest_merge--> u42
 *	  events, lists of courses, variants met		with those of u42
 *	  the session; its messages, feedback, handovers	u42's
 *
 * All of it in one transaction, so that a crash leaves it a guest's or the learner's; merging again finds
 * nothing left and changes nothing. A session that is another learner's already stays his.
 *
 * An event of the same course, kind and millisecond is one event. In each experiment the meeting that came first stays
 * and the others go: one person counts once (docs/experiments.md). */
#ifndef KB_STORE_GUEST_H
#define KB_STORE_GUEST_H

#include "kb/store.h"

/* What a guest is called in events, lists and experiments. `session` is the hex hash of the token. */
enum { GUEST_NAME = 23, GUEST_HASH = 16 };
#define GUEST_PREFIX "guest:"
void guest_name(struct str session, char out[GUEST_NAME]);
/* Such names are given here, to no learner. */
bool guest_is_name(struct str user);

/* Within the caller's transaction or its own. The session is kept as it says there, with the learner's id as
 * `user`. *events: how many the learner got, or had already; none when the session is another's. */
MUST_USE int store_guest_merge(struct store *s, const struct session_row *session, int64_t *events,
			       struct err *err);

#endif

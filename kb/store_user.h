/* One learner's data, all of it: handed out, or forgotten.
 *
 * A conversation belongs to the learner when any part of it does: what was said in it before
 * signing in is handed out and forgotten with it. */
#ifndef KB_STORE_USER_H
#define KB_STORE_USER_H

#include "kb/store.h"

/* Puts one JSON object into `out`: {"user", "events":[…], "sessions":[…], "messages":[…],
 * "feedback":[…], "handoffs":[…], "desk":[…], "recommendations":[…], "experiments":[…]}, empty lists for a learner nobody knows. */
MUST_USE int store_user_export(struct store *s, struct str user, struct buf *out, struct err *err);

struct forgotten {
	int64_t events, sessions, messages, feedback, handoffs;
	int64_t recommendations; /* courses of lists */
	int64_t experiments;	 /* variants met */
};

/* Deletes it in one transaction, overwrites the freed bytes with zeros, and shortens the log, so
 * that nothing is left in the files once no other program reads them. Profiles in memory know the
 * learner until they are read anew: a daemon does so when it sees the change noted (store_change.h). */
MUST_USE int store_user_forget(struct store *s, struct str user, struct forgotten *out,
			       struct err *err);

#endif

/* The one writer: everything that must reach the disk goes through its thread, in order, many rows a
 * commit. The loop never waits: it queues copies and later collects what was committed.
 *
 *	loop --job--> [lossy: talk, sessions       ]             transaction
 *	     --job--> [kept: feedback, handoffs,   ] --take all--> BEGIN … COMMIT --results--> loop (wake)
 *	              [      events                ] <--put back-- failed, again in a second
 *
 * Nothing is acknowledged before its commit. When the disk refuses (full, locked, damaged):
 * - jobs with a ticket get a result that says why, and leave the queue (but sign-ins): who sent them still has them and
 *   tries again. A locked database is tried for some 5 s first.
 * - all other rows stay queued and are tried again every second; when the queue is full, talk and session
 *   rows are dropped oldest first and counted, and everything else is refused with ERR_BUSY.
 * A row that the database refuses for its own fault (a job's rows are one whole) is taken out, logged and
 * counted as dropped, and does not keep the others from being committed. */
#ifndef DAEMON_WRITER_H
#define DAEMON_WRITER_H

#include "kb/event.h"
#include "kb/store_desk.h"
#include "kb/store_guest.h"
#include "kb/store_list.h"

struct writer;

/* `wake` is called from the writer's thread when results are waiting (it may only poke an eventfd). Fails
 * as store_open does. */
MUST_USE int writer_start(const char *db_path, size_t queue_rows, void (*wake)(void *), void *ctx,
			  struct writer **out, struct err *err);
/* Commits all that is queued, then ends the thread and frees the writer with the results not taken. A disk
 * that refuses is tried again for about `timeout_ms`, at least once. Returns rows left unwritten. */
size_t writer_stop(struct writer *w, int timeout_ms);

/* Queue copies. ERR_BUSY when full; ERR_LIMIT for more events than the queue can ever hold. `ticket` != 0
 * asks for a result. */
MUST_USE int writer_talk(struct writer *w, const struct talk_row *row);
MUST_USE int writer_session(struct writer *w, const struct session_row *row);
MUST_USE int writer_feedback(struct writer *w, const struct feedback_row *row, uint64_t ticket);
MUST_USE int writer_handoff(struct writer *w, const struct handoff_row *row);
/* The courses of one list in order, and whom it puts into which variants; queued in this order, what came of
 * the list is known wherever the list is. */
MUST_USE int writer_list(struct writer *w, const struct list_course_row *rows, size_t n);
MUST_USE int writer_exposures(struct writer *w, const struct exposure_row *rows, size_t n);
MUST_USE int writer_marks(struct writer *w, const struct list_mark_row *rows, size_t n,
			  uint64_t ticket);
/* Steps at the desk, one whole; what came of them is a result in any case, told by its `desk`, in the order in
 * which they were queued. */
MUST_USE int writer_desk(struct writer *w, const struct desk_step *steps, size_t n);
/* The guest of that session is the learner `user` (kb/store_guest.h). Never given up: when the disk refuses, the ticket's
 * result says so and the job stays queued. */
MUST_USE int writer_sign_in(struct writer *w, const struct session_row *row, uint64_t ticket);
/* A job of other rows; may be dropped as messages may when there is no room. Takes it over. */
struct job;
MUST_USE int writer_enqueue(struct writer *w, struct job *j);
/* All in one transaction. */
MUST_USE int writer_events(struct writer *w, const struct event *events, size_t n, uint64_t ticket);

struct writer_result {
	uint64_t ticket;
	int code; /* 0 = committed */
	char text[160];
	int64_t change;	      /* of events: the number of this commit (kb/store_change.h) */
	struct event *events; /* committed events, for profiles_add; freed by writer_result_done */
	size_t n_events;
	struct desk_step *
		desk; /* steps, committed (code 0: lines have their numbers) or not; freed likewise */
	size_t n_desk;
	/* Not "": a guest signed in, and these are all the events of that learner, for profiles_merge. */
	char guest[GUEST_NAME];
};
/* Loop thread: takes one finished job; false when there is none. Results with events come for every
 * committed events job, whatever its ticket. Take until false: wake comes once for many. */
bool writer_take(struct writer *w, struct writer_result *out);
void writer_result_done(struct writer_result *r);

struct writer_stats {
	size_t queued; /* rows, with those of the commit under way */
	uint64_t committed, commits, dropped, errors;
	char last_error[160]; /* "" while the disk is well */
};
void writer_stats(struct writer *w, struct writer_stats *out);

#endif

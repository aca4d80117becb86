/* Rows on their way to the disk: copies that outlive whoever queued them.
 *
 * A job is one malloc: its head, n rows of one kind, and the bytes of all their strings.
 *
 *	[struct job | row 0 | row 1 | … | "u42" "py101" "u42" …]
 *	                ^ job_rows            ^ the rows' strs point here */
#ifndef DAEMON_JOB_H
#define DAEMON_JOB_H

#include "kb/event.h"
#include "kb/store_desk.h"
#include "kb/store_list.h"

enum job_kind {
	JOB_TALK,
	JOB_SESSION,
	JOB_FEEDBACK,
	JOB_HANDOFF,
	JOB_EVENTS,
	JOB_LIST,
	JOB_EXPOSURES,
	JOB_MARKS,
	JOB_SIGN_IN, /* one session_row: kb/store_guest.h */
	JOB_HITS,
	JOB_MINUTE,
	JOB_DESK,
	JOB_KINDS
};

struct job {
	struct job *next; /* of the list it is in */
	enum job_kind kind;
	size_t n; /* rows */
	uint64_t ticket;
	int tries; /* failed because the database was locked */
	int code;  /* why its rows cannot be put; 0 */
	/* A sign-in, once put: all the learner's events, as JOB_EVENTS; NULL: none were a guest's. */
	struct job *told;
};

/* `rows` are n structs of the kind's row type. Freed with job_free. */
struct job *job_new(enum job_kind kind, const void *rows, size_t n, uint64_t ticket);
void job_free(struct job *j); /* NULL is fine */
void *job_rows(struct job *j);
struct job *job_of_rows(void *rows);

/* Puts every row; the caller has begun a transaction. */
MUST_USE int job_put(struct job *j, struct store *s, struct err *err);

/* First in, first out. */
struct job_list {
	struct job *head, *tail;
	size_t rows;
};

void job_push(struct job_list *l, struct job *j);
struct job *job_pop(struct job_list *l);		       /* NULL when empty */
void job_prepend(struct job_list *l, struct job_list *before); /* empties `before` */

#endif

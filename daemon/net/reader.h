/* Reading the database without stopping the loop: a thread with a connection of its own.
 *
 * What memory no longer has (sessions from before a restart, frames beyond the outbox) is asked for
 * here and comes back as a result. Bounded: with READER_JOBS waiting the answer is ERR_BUSY. */
#ifndef NET_READER_H
#define NET_READER_H

#include "kb/store_desk.h"
#include "kb/store_look.h"

struct reader;

enum {
	READER_JOBS = 256,
	READER_FRAMES = 500, /* most frames, or lines, of one result */
	READER_SAID = 40,    /* newest lines of READ_SESSION */
};

enum reader_what {
	READ_SESSION, /* the session and its newest frames */
	READ_FRAMES,  /* frames with seq > since */
	READ_LINES,   /* lines as the desk sees them, with n > since */
};

struct reader_job {
	enum reader_what what;
	uint64_t link; /* who asks */
	char hash[33]; /* of the session's token */
	int64_t since; /* READ_FRAMES */
	int64_t keep;  /* READ_SESSION: that many newest frames */
};

struct reader_result {
	struct reader_job job;
	int code; /* 0, ERR_NOT_FOUND (no such session), or what went wrong */
	struct err err;
	struct arena arena; /* all below lives here */
	struct session_row session;
	struct talk_row *rows;
	size_t n;
	struct look_line *said; /* READ_SESSION: what was said last, masked */
	size_t n_said;
	struct desk_line *lines; /* READ_LINES */
	size_t n_lines;
	struct reader_result *next;
};

/* `wake` is called from the reader's thread when a result is waiting. */
MUST_USE int reader_start(const char *db_path, void (*wake)(void *), void *ctx, struct reader **out,
			  struct err *err);
void reader_stop(struct reader *r); /* NULL is fine */

MUST_USE int reader_ask(struct reader *r, const struct reader_job *job);
/* Loop thread: the next result, NULL when there is none. The taker frees it. */
struct reader_result *reader_take(struct reader *r);
void reader_result_free(struct reader_result *r);

#endif

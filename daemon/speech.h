/* Speech to text and back: a few threads, each of which runs one program at a time.
 *
 *	loop --speech_ask--> [waiting, at most SPEECH_WAITING] --> thread: child_run --speech_take--> loop (wake)
 *
 * What an engine does to itself (hang, crash, write for ever) is a failed job and nothing else: child.h. A
 * job has `speech-wait` seconds from the moment it is asked, waiting included. What was said is in memory
 * only, never in a log, and gone with its job. */
#ifndef DAEMON_SPEECH_H
#define DAEMON_SPEECH_H

#include <time.h>

#include "speech_engine.h"

struct speech;

enum {
	SPEECH_WAITING = 16,
	SPEECH_OF_ONE = SPEECH_WAITING / 4, /* waiting or in work for one owner */
	SPEECH_WAV_MAX = 8 << 20,	    /* bytes of what is read aloud */
};

struct speech_job {
	struct speech_job *next;
	enum speech_way way;
	uint64_t link;	  /* who waits: the connection … */
	uint64_t owner;	  /* … and on whose behalf */
	char id[65];	  /* of the learner's frame */
	const char *lang; /* from speech_lang */
	struct buf
		in; /* SPEECH_IN: samples (16 bits, SPEECH_RATE, one channel); SPEECH_OUT: text */
	struct timespec deadline;

	/* 0: `out` has the text, or a whole WAV. ERR_NOT_FOUND: nothing was understood; ERR_BUSY: it took
	 * too long; else the engine failed. */
	int code;
	struct buf out;
};

struct speech_job *speech_job_new(enum speech_way way, uint64_t link);
void speech_job_free(struct speech_job *j); /* NULL is fine */

/* *out is NULL when both ways are off. `wake` is called from a thread when a job is done. */
MUST_USE int speech_start(const struct settings *s, void (*wake)(void *), void *ctx,
			  struct speech **out, struct err *err);
/* Would speech_start find its programs? */
MUST_USE int speech_check(const struct settings *s, struct err *err);
/* Ends the programs that run; jobs not done are dropped. NULL is fine, here and below. */
void speech_stop(struct speech *s);

/* The engine's language for a tag; NULL when there is no engine for it, or none at all. */
const char *speech_lang(const struct speech *s, enum speech_way way, struct str tag);
bool speech_has(const struct speech *s, enum speech_way way);
/* "hears":["en"],"says":["en","zh"] into an open object. */
void speech_put(const struct speech *s, struct buf *out);

/* Takes the job over when it gives 0; ERR_BUSY: too many are waiting, or for this owner. */
MUST_USE int speech_ask(struct speech *s, struct speech_job *j);
/* Loop thread: the next job that is done, NULL when there is none. */
struct speech_job *speech_take(struct speech *s);
/* Nobody waits at that connection any more. */
void speech_forget(struct speech *s, uint64_t link);

#endif

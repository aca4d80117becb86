/* The inside of reload, for daemon/reload*.c and nobody else. */
#ifndef DAEMON_RELOAD_PART_H
#define DAEMON_RELOAD_PART_H

#include <pthread.h>

#include "reload.h"

enum { LOOK_MS = 2000 };

struct reload {
	pthread_t thread;
	int poke; /* eventfd: a request, or the end */
	struct filewatch *watch;
	char *intents_path, *db_path;
	/* The last that was built, with a reference of this thread's own. It makes each but the
	 * first, so it is the first owner; that one comes with its reference from the loop. */
	struct snapshot *last;
	/* When a build's memory, and that of the snapshot it replaced, is given back (monotonic): by
	 * then the loop has let go of that snapshot, and the new rules' texts are kept. 0: it was. */
	int64_t tidy_ms;
	void (*wake)(void *);
	void *ctx;

	/* What was learned, for its thread alone. */
	struct learning learning;
	bool learns;				/* there is something to learn from */
	struct store *store;			/* to look for changes; opened when first needed */
	struct changes known, seen;		/* in the last build; when last looked at */
	int64_t look_ms, lesson_ms, reading_ms; /* not before that time (monotonic) */

	pthread_mutex_t lock;
	bool requested, stopping, ended; /* ended: `result` waits to be taken */
	bool relearn;
	uint64_t begun, taken; /* readings, by number; taken < begun: one may be under way */
	int64_t told;
	struct lesson *lesson; /* waits, or is being learned */
	struct reload_result result;
};

/* ---- reload.c ---- */

double reload_ms(void); /* monotonic */
/* What a build left behind is given back in a while. */
void reload_tidy_soon(struct reload *r);
void reload_hand_over(struct reload *r, struct reload_result *result);
/* Before it is handed over, when nobody else knows it. */
void reload_keep_last(struct reload *r, struct snapshot *s);

/* ---- reload_learn.c; all but the last for its thread ---- */

/* The number of a reading that begins now. */
uint64_t reload_begin_reading(struct reload *r);
/* After one: its profiles are the loop's, and know what a lesson that waits would teach. */
void reload_give_profiles(struct reload *r, struct reload_result *result, double began);
bool reload_look_up(struct reload *r, struct changes *out);
/* Did others than this program write events? */
bool reload_changed(struct reload *r, const struct changes *c);
/* Looks at the database. True: courses or faq entries changed, build. */
bool reload_look(struct reload *r);
/* What is due of reading and learning. */
void reload_study(struct reload *r);
/* Until the next of it is due. */
int reload_wait_ms(struct reload *r);

#endif

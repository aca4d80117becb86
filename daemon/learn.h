/* The loop's side of learning: live profiles, and what the table of neighbours does not know yet.
 *
 *	commit --learn_told--> profiles (the next answer knows it)
 *	                  \--> whose history changed --lesson--> reload's thread --> new snapshot
 *
 * Events that cannot simply be added (late ones, those told twice, those that another program wrote) make
 * everything be read anew; what is committed meanwhile is kept and told again when that is there. */
#ifndef DAEMON_LEARN_H
#define DAEMON_LEARN_H

#include "reload.h"
#include "writer.h"

struct learn {
	struct profiles *profiles; /* own */
	uint32_t *changed;	   /* learners whose histories the table does not know; repeats */
	size_t n_changed, cap_changed;
	struct kept *kept; /* commits since a reading began */
	size_t n_kept, cap_kept;
	int64_t read;	/* number of the last commit that the profiles were read with */
	int64_t change; /* number of the last commit told */
	int64_t stale;	/* a reading must know this change; 0: nothing is wrong */
	uint64_t told, known, serial; /* events told; of them in the table; tables published */
};

/* Takes the profiles over. change: of the events they were read from. */
void learn_init(struct learn *l, struct profiles *p, int64_t change);
void learn_done(struct learn *l);

/* A commit's events; may keep them (result->events is NULL then). */
void learn_told(struct learn *l, struct reload *r, struct writer_result *result);
/* A result of reload's thread, before its snapshot is published; takes its profiles. */
void learn_result(struct learn *l, struct reload *r, struct reload_result *result);
/* Hands over what the table does not know, if the thread is free. */
void learn_teach(struct learn *l, struct reload *r, const struct catalogue *c);

/* Events told that no published table knows. */
uint64_t learn_pending(const struct learn *l);

#endif

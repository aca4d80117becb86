/* Who waits, who helps whom, and who of the staff is there.
 *
 *	in order of asking:  [left]-[queued 1]-[agent]-[queued 2]-[queued 3]
 *	                                         |
 *	people:                          [lin: online]   [wu: gone for 12 s]
 *
 * Everything a person has or awaits, in memory as on the disk. Loop thread only, no clock of its
 * own: times are given, all from one clock. A person whose connection is lost has grace_ms to come
 * back; after that, and while they say they are away, others may take their conversations over. */
#ifndef DAEMON_ROSTER_H
#define DAEMON_ROSTER_H

#include <stdint.h>

#include "handover.h"
#include "kb/store_desk.h"

struct roster;

/* Those with ` *` are heap copies of its own: set with session_set. */
struct handover {
	struct handover *prev,
		*next; /* by waiting_since; queued ones get positions in this order */
	char session[33];
	enum handover_state state;
	bool changing; /* a move is on its way to the disk: no other may begin */
	char *user, *lang, *page, *team, *note;
	char *agent; /* who has it; "" = nobody */
	bool logged_in;
	int64_t since_unix_ms;	       /* in this state */
	int64_t waiting_since_unix_ms; /* asked for a person */
	int64_t read;		       /* n of the last line the agent has read */
	int64_t unread;		       /* learner's lines after it */
	int64_t heard;		       /* n of the learner's last line */
	int64_t seq; /* the greatest used for its learner while nobody has it in memory */
	bool leapt;  /* seq is ahead of all that may have been lost */
	struct {
		enum desk_side side;
		char *text;
		int64_t at_unix_ms;
	} last;		 /* line; text NULL = none */
	int64_t told_at; /* position last told to the learner; 0 = none */
};

struct roster *roster_new(int64_t grace_ms);
void roster_free(struct roster *r); /* NULL is fine */

struct handover *roster_find(const struct roster *r, struct str session); /* NULL: the bot has it */
/* A new one in state BOT. */
struct handover *roster_add(struct roster *r, struct str session);
/* Puts it where its waiting_since belongs. */
void roster_sort(struct roster *r, struct handover *h);
void roster_drop(struct roster *r, struct handover *h);
/* All of them, longest waiting first; NULL: no more. */
struct handover *roster_first(const struct roster *r);
struct handover *roster_after(const struct roster *r, const struct handover *h);
/* 1 for the one who waits longest. Only queued ones. */
int64_t roster_position(const struct roster *r, const struct handover *h);
/* How many are in that state. */
size_t roster_count(const struct roster *r, enum handover_state state);
/* How many that person has. */
size_t roster_held(const struct roster *r, struct str name);

/* ---- people ---- */

struct person {
	char name[65];
	bool online;	  /* says so, and is connected */
	unsigned present; /* connections */
	int64_t gone_ms;  /* when the last one was lost */
	bool missed;	  /* gone for longer than the grace, and that was told */
};

/* A connection more, or less. */
struct person *roster_enter(struct roster *r, struct str name);
void roster_leave(struct roster *r, struct str name, int64_t now_ms);
struct person *roster_person(const struct roster *r, struct str name); /* NULL: never seen */
/* After a restart: one who had conversations. */
void roster_expect(struct roster *r, struct str name, int64_t now_ms);
/* May others take over what this person has? */
bool roster_away(const struct roster *r, struct str name, int64_t now_ms);
size_t roster_online(const struct roster *r);
/* Has nobody been online for as long as a lost connection has time to come back? As of the last sweep. */
bool roster_deserted(const struct roster *r, int64_t now_ms);
/* Calls `gone` once for each whose grace has run out. */
void roster_sweep(struct roster *r, int64_t now_ms, void (*gone)(void *ctx, struct person *p),
		  void *ctx);
/* Everybody known, in no order; NULL, or the one before, to begin and go on. */
struct person *roster_next_person(const struct roster *r, const struct person *p);

#endif

/* A conversation in people's hands: its states, what moves it between them, and who may.
 *
 *	         ask              take               release, close
 *	  bot ---------> queued ---------> agent --------------------> bot
 *	   |               ^  |  requeue    |  ^
 *	   | leave     ask |  +<------------+  | take, pass
 *	   v               |                   |
 *	  left ------------+-------------------+
 *
 * One table, pure. Nobody is told of a move before it is on the disk (net/assist.h). */
#ifndef DAEMON_HANDOVER_H
#define DAEMON_HANDOVER_H

#include <stdbool.h>

enum handover_state {
	HANDOVER_BOT,	 /* no person has or awaits it */
	HANDOVER_QUEUED, /* the learner waits; the bot still answers what it is sure of */
	HANDOVER_AGENT,	 /* a person has it; the bot is silent */
	HANDOVER_LEFT,	 /* a message waits for a person; the bot answers */
	HANDOVER_STATES
};

enum handover_event {
	HANDOVER_ASK,	  /* a person is wanted, and somebody is there */
	HANDOVER_LEAVE,	  /* a message was left */
	HANDOVER_CANCEL,  /* the learner no longer wants to wait */
	HANDOVER_END,	  /* the learner ended the conversation */
	HANDOVER_TAKE,	  /* by a person */
	HANDOVER_PASS,	  /* to another person */
	HANDOVER_REQUEUE, /* to a team: it waits again */
	HANDOVER_RELEASE, /* back to the bot */
	HANDOVER_CLOSE,	  /* dealt with; back to the bot */
	HANDOVER_SAY,	  /* a person speaks */
	HANDOVER_EVENTS
};

/* Who wants the move. */
enum handover_who {
	WHO_LEARNER = 1,
	WHO_HOLDER = 2,	  /* the person who has it */
	WHO_OTHER = 4,	  /* another person, or any while nobody has it */
	WHO_RELIEVER = 8, /* another person, while the one who has it is away */
};

struct handover_move {
	enum handover_state to;
	const char *told; /* state of the `agent` frame to the learner; NULL: none */
	const char *code; /* NULL: it may be; else "taken", "not_yours" or "gone" */
};

struct handover_move handover_move(enum handover_state from, enum handover_event event,
				   enum handover_who who);

/* "bot", "queued", "agent", "left". */
const char *handover_state_name(enum handover_state state);

#endif

/* People beside the bot: who is asked for, who comes, what they say (docs/protocol.md, docs/admin-api.md).
 *
 *	learner's message  --assist_heard--\                          /--> ack, agent frames (hub, feed)
 *	the bot's handoff  --assist_ask----+--> writer --> committed +
 *	agents' frames     --assist_move---/     (disk)               \--> chat, line, done (agents)
 *
 * Memory decides (a conversation has one holder, one move at a time), the disk confirms, and only then is anybody
 * told: what a kill takes away nobody has heard of. Frames for the learner get their numbers at once and are held in
 * the hub until their commit, so that they stay in order with the bot's.
 *
 * Loop thread only. */
#ifndef NET_ASSIST_H
#define NET_ASSIST_H

#include "net/server.h"
#include "roster.h"

struct agent;

enum { ASSIST_STEPS = RECENT_LINES + 16 };

struct assist {
	struct roster *roster;
	struct store *store;  /* for looking at cookies */
	struct agent *agents; /* connections */
	struct arena arena;   /* of the steps being made */
	bool open;	      /* within the hours, as last told */
	struct desk_step steps[ASSIST_STEPS];
	size_t n;
};

/* Reads what the last daemon left. */
MUST_USE int assist_open(struct server *s, struct err *err);
void assist_close(struct server *s);
void assist_sweep(struct server *s);
/* Their place in the queue, to a learner who is connected: a frame that is not kept. */
void assist_tell_position(struct server *s, struct handover *h, int64_t position);
/* The gauges. */
void assist_count(struct server *s);
/* What came of steps. */
void assist_committed(struct server *s, struct writer_result *r);

/* ---- the learner's side (assist_learner.c) ---- */

/* NULL: no person has or awaits it. */
struct handover *assist_find(struct server *s, const struct chat *chat);
enum turn_people assist_people(struct server *s);
/* In a turn whose reply asks for a person, after its frame. False: it was asked for already. */
bool assist_ask(struct server *s, struct chat *chat, const struct handoff *wanted);
/* A message the bot did not answer: `said` is masked. It is acknowledged once it is on the disk. */
void assist_heard(struct server *s, struct chat *chat, struct str id, struct str raw,
		  struct str said);
/* The learner waits, and the bot did answer. The turn is still there. */
void assist_answered(struct server *s, struct chat *chat, struct str raw, struct str said,
		     struct str replied);
/* Does this leave the queue? */
bool assist_cancels(const struct handover *h, struct str text);
/* The learner wants that, or (LEAVE) nobody is there for them any more; moves that cannot be are left. */
void assist_learner_moves(struct server *s, struct handover *h, enum handover_event event);
/* The conversation is in memory (again), or its connection came or went. */
void assist_adopted(struct server *s, struct chat *chat);
void assist_online(struct server *s, struct chat *chat);
/* It is known who the learner is. */
void assist_known(struct server *s, struct chat *chat);
/* The learner is back: their place in the queue, who they are now. */
void assist_resumed(struct server *s, struct chat *chat);
void assist_typing(struct server *s, struct chat *chat);

/* ---- agents' side; NULL, or the code of the refusal ---- */

struct assist_by {
	struct str name; /* who */
	uint64_t link;	 /* their connection */
	struct str id;	 /* of what is said */
};

const char *assist_move(struct server *s, struct handover *h, enum handover_event event,
			const struct assist_by *by, struct str to, struct str note);
const char *assist_say(struct server *s, struct handover *h, const struct assist_by *by,
		       struct str text);
const char *assist_note(struct server *s, struct handover *h, const struct assist_by *by,
			struct str text);
void assist_read(struct server *s, struct handover *h, int64_t line);

/* ---- steps (assist_step.c) ---- */

void step_begin(struct server *s);
struct desk_step *step_add(struct server *s);
void step_line(struct server *s, const char *session, const struct desk_line *line);
/* A frame for the learner; its number is `seq`. `to`: the message it answers. */
void step_frame(struct server *s, struct handover *h, int64_t seq, struct str to, struct str text,
		struct str json);
/* The number the learner's next frame gets. */
int64_t step_seq(struct server *s, const struct handover *h);
void step_move(struct server *s, struct handover *h, const struct desk_chat *to, int event);
/* The row of the conversation as it is. */
struct desk_chat step_chat(const struct handover *h);
/* False: the disk is behind; nothing has happened. */
bool step_end(struct server *s, struct handover *h);

#endif

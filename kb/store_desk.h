/* Conversations that people have or are awaited in: what must survive a kill of the daemon.
 *
 * Each thing that happens is a step, or several in one transaction: a move (the conversation's new row), a line,
 * a frame for the learner. Lines are numbered here, in the order of their commits, so that who reads "after
 * line 7" misses nothing and gets nothing twice. */
#ifndef KB_STORE_DESK_H
#define KB_STORE_DESK_H

#include "kb/store.h"

enum desk_side { DESK_LEARNER, DESK_BOT, DESK_AGENT, DESK_NOTE, DESK_EVENT };

struct desk_chat {
	struct str session, user, lang, page, team, note, agent;
	int state, was; /* enum handover_state; 0: the bot has it (again), and the row goes */
	bool logged_in;
	int64_t since_unix_ms, waiting_since_unix_ms;
	int64_t read; /* line */
};

struct desk_line {
	struct str session;
	int64_t n; /* given by store_desk_put; 0 = it was there already */
	int64_t at_unix_ms;
	enum desk_side side;
	struct str text; /* masked */
	struct str raw;	 /* as written; "" = the same */
	struct str who;	 /* of the staff; "" = nobody */
	struct str id;	 /* who's name for it: said again it is no second line; "" = none */
	struct str intent, source;
	int64_t seq; /* > 0: one line a session, side and seq */
};

/* What a step has. Texts not used are "". */
enum desk_part {
	DESK_HAS_CHAT = 1,
	DESK_HAS_LINE = 2,
	DESK_HAS_TALK = 4, /* left out when the line was there already */
	DESK_WIPES = 8,	   /* raw texts of the session's lines go */
	DESK_READS = 16,   /* chat.read alone */
};

struct desk_step {
	unsigned has;
	struct desk_chat chat;
	struct desk_line line;
	struct talk_row talk;
	/* for whoever queued it, not stored: */
	uint64_t link;
	int event;
};

/* Within a transaction. */
MUST_USE int store_desk_put(struct store *s, struct desk_step *step, struct err *err);

struct desk_known {
	struct desk_chat chat;
	int64_t seq;	       /* the greatest its learner may have been sent */
	int64_t unread;	       /* learner's lines after chat.read */
	struct desk_line last; /* n 0 = there is none; the last that is no note or event */
};
/* All there are, longest waiting first; everything in `a`. */
MUST_USE int store_desk_all(struct store *s, struct arena *a, struct desk_known **rows, size_t *n,
			    struct err *err);
/* The learner's last line; n 0 = there is none. */
MUST_USE int store_desk_said(struct store *s, struct arena *a, struct str session,
			     struct desk_line *out, struct err *err);
/* The first `max` lines with n > since, in order. Raw texts where there are. */
MUST_USE int store_desk_lines(struct store *s, struct arena *a, struct str session, int64_t since,
			      size_t max, struct desk_line **rows, size_t *n, struct err *err);

#endif

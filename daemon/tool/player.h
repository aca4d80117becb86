/* Plays a transcript to a bot and judges each reply: in process through bot_turn, or over a
 * WebSocket. */
#ifndef TOOL_PLAYER_H
#define TOOL_PLAYER_H

#include "tool/coverage.h"
#include "tool/heard.h"
#include "tool/tool.h"

struct played {
	const struct transcript *transcript;
	struct findings findings;
	const struct heard *heard; /* by step, when it was to be remembered; else NULL */
	size_t turns;		   /* messages and clicks played */
	size_t same;		   /* of these: no difference (only when comparing) */
	struct str skipped;	   /* why it was not played; "" = it was */
	double ms;
};

/* In process. Bots are read only: several threads may play on the same ones. */
struct player {
	const struct tool_bot *bot;
	const struct tool_bot *old; /* compare with this one instead of judging; NULL: judge */
	struct profiles *view, *old_view; /* of their profiles, for the calling thread alone */
	struct coverage *coverage;	  /* of `bot`; may be NULL */
	bool remember;			  /* keep what was heard at each step */
};

/* Each transcript has a session of its own, and `event` steps are of its own learner alone: they reach no
 * other transcript. `reload` steps build a snapshot for the rest of it. After an `agent` step the
 * bot is silent until the agent leaves. Results live in `a`. */
MUST_USE int player_inside(struct arena *a, const struct player *player, const struct transcript *t,
			   struct played *out, struct err *err);

/* Over ws://host:port/path. */
MUST_USE int player_wire(struct arena *a, const char *url, const struct transcript *t,
			 struct played *out, struct err *err);

/* A button of the last reply by title or value -> its value; the text itself when it is none. */
struct str player_button(const struct heard *last, struct str text);

#endif

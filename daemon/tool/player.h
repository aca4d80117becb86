/* Plays a transcript to a bot and judges each reply: in process through bot_turn, or over a
 * WebSocket. */
#ifndef TOOL_PLAYER_H
#define TOOL_PLAYER_H

#include "tool/heard.h"
#include "tool/tool.h"

struct played {
	const struct transcript *transcript;
	struct findings findings;
	size_t turns;	    /* messages and clicks played */
	struct str skipped; /* why it was not played; "" = it was */
	double ms;
};

/* Counts of how often each intent and FAQ entry answered, over all transcripts; sized by the rules.
 */
struct coverage {
	size_t *intents, *faq;
	size_t fallbacks, asked;
};

/* In process: each transcript has a session of its own; `reload` steps build a snapshot for the
 * rest of it. */
MUST_USE int player_inside(struct arena *a, struct tool_bot *bot, const struct transcript *t,
			   struct coverage *coverage, struct played *out, struct err *err);

/* Over ws://host:port/path. */
MUST_USE int player_wire(struct arena *a, const char *url, const struct transcript *t,
			 struct played *out, struct err *err);

/* A button of the last reply by title or value -> its value; the text itself when it is none. */
struct str player_button(const struct heard *last, struct str text);

#endif

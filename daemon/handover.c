#include "handover.h"

#include <stddef.h>

enum {
	PERSON = WHO_HOLDER | WHO_OTHER | WHO_RELIEVER,
};

struct cell {
	unsigned who; /* may; 0: nobody */
	enum handover_state to;
	const char *told;
};

/* clang-format off */
static const struct cell table[HANDOVER_STATES][HANDOVER_EVENTS] = {
	[HANDOVER_BOT] = {
		[HANDOVER_ASK] = {WHO_LEARNER, HANDOVER_QUEUED, "queued"},
		[HANDOVER_LEAVE] = {WHO_LEARNER, HANDOVER_LEFT, "offline"},
	},
	[HANDOVER_QUEUED] = {
		[HANDOVER_LEAVE] = {WHO_LEARNER, HANDOVER_LEFT, "offline"},
		[HANDOVER_CANCEL] = {WHO_LEARNER, HANDOVER_BOT, "left"},
		[HANDOVER_END] = {WHO_LEARNER, HANDOVER_BOT, NULL},
		[HANDOVER_TAKE] = {PERSON, HANDOVER_AGENT, "joined"},
	},
	[HANDOVER_AGENT] = {
		[HANDOVER_END] = {WHO_LEARNER, HANDOVER_BOT, NULL},
		[HANDOVER_TAKE] = {WHO_RELIEVER, HANDOVER_AGENT, "joined"},
		[HANDOVER_PASS] = {WHO_HOLDER, HANDOVER_AGENT, "joined"},
		[HANDOVER_REQUEUE] = {WHO_HOLDER, HANDOVER_QUEUED, "queued"},
		[HANDOVER_RELEASE] = {WHO_HOLDER, HANDOVER_BOT, "left"},
		[HANDOVER_CLOSE] = {WHO_HOLDER, HANDOVER_BOT, "closed"},
		[HANDOVER_SAY] = {WHO_HOLDER, HANDOVER_AGENT, NULL},
	},
	[HANDOVER_LEFT] = {
		[HANDOVER_ASK] = {WHO_LEARNER, HANDOVER_QUEUED, "queued"},
		[HANDOVER_LEAVE] = {WHO_LEARNER, HANDOVER_LEFT, NULL}, /* more of the same */
		[HANDOVER_TAKE] = {PERSON, HANDOVER_AGENT, "joined"},
	},
};
/* clang-format on */

static const char *refusal(enum handover_state from, enum handover_event event)
{
	if (from == HANDOVER_BOT)
		return "gone";
	return event == HANDOVER_TAKE ? "taken" : "not_yours";
}

struct handover_move handover_move(enum handover_state from, enum handover_event event,
				   enum handover_who who)
{
	const struct cell *cell = &table[from][event];

	if (!(cell->who & (unsigned)who))
		return (struct handover_move){.to = from, .code = refusal(from, event)};
	return (struct handover_move){.to = cell->to, .told = cell->told};
}

const char *handover_state_name(enum handover_state state)
{
	static const char *const names[] = {"bot", "queued", "agent", "left"};

	return names[state];
}

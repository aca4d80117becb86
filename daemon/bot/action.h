/* Actions: what `do:` can ask for. One verb = one file action_<verb>.c + one row in action.c. */
#ifndef BOT_ACTION_H
#define BOT_ACTION_H

#include "bot/turn.h"

/* How an argument may be written. */
struct action_param {
	const char *name; /* "" = the plain value: `do: {say: sorry}` */
	bool required;
};

struct action_kind {
	const char *verb;
	const struct action_param *params; /* ended by name NULL */
	/* Extends turn->reply; false: it found nothing (the answer's `none` is said then). */
	bool (*run)(struct turn *t, const struct action *a);
	/* Name of the text said when the rules have no words of their own; may be NULL. */
	const char *(*words)(struct turn *t, const struct action *a);
	/* Further checks at load (unknown intents in a menu, …); may be NULL. */
	void (*check)(const struct ruleset *rs, const struct action *a, struct diags *d);
};

extern const struct action_kind action_recommend, action_handoff, action_menu, action_faq,
	action_say, action_set, action_progress, action_feedback, action_intent;

const struct action_kind *action_find(struct str verb);
/* Every action of the rules: unknown verbs and arguments, missing ones. */
void action_check(const struct ruleset *rs, struct diags *d);

/* Argument by name rendered with the turn's slots ("" when absent or empty). */
struct str action_value(struct turn *t, const struct action *a, const char *name);

/* The argument as written, or NULL. */
const struct action_arg *action_arg(const struct action *a, const char *name);

#endif

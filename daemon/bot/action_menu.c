/* do: {menu: [refund, faq:invoice, recommend]}: a button for each. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	const struct action_arg *arg = action_arg(a, "");

	reply_buttons(t, &arg->values);
	reply_done(t, "menu", STR_NONE);
	return true;
}

static const char *words(struct turn *t, const struct action *a)
{
	(void)t;
	(void)a;
	return "menu";
}

static const struct action_param params[] = {{"", true}, {NULL, false}};

const struct action_kind action_menu = {"menu", params, run, words, NULL};

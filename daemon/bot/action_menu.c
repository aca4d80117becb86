/* do: {menu: [refund, recommend]}: a button for each intent. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	const struct action_arg *arg = action_arg(a, "");

	for (size_t i = 0; i < arg->values.n; i++) {
		const struct intent *intent = rule_intent(t->snapshot->rules, arg->values.v[i]);

		if (intent)
			reply_button(t, reply_title(t, intent),
				     arena_printf(&t->arena, "intent:%.*s", STR_ARG(intent->name)));
	}
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

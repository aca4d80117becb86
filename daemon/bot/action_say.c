/* do: {say: sorry} (a text's name) · do: {say: "words"} · do: {say: {zh: …, en: …}}: one more
 * paragraph. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	const struct action_arg *arg = action_arg(a, "");
	const struct text *named;

	if (arg->text.n) {
		reply_say(t, render_text(t, &arg->text));
	} else if (arg->values.n) {
		named = rule_text(t->snapshot->rules, arg->values.v[0]);
		reply_say(t,
			  named ? render_text(t, named) : render_slots(t, arg->values.v[0], false));
	}
	reply_done(t, "say", STR_NONE);
	return true;
}

static const struct action_param params[] = {{"", true}, {NULL, false}};

const struct action_kind action_say = {"say", params, run, NULL, NULL};

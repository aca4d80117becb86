/* do: {feedback: yes} · do: {feedback: no}: the learner said whether the last answer helped. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	bool no = str_eq(action_value(t, a, ""), STR("no"));

	t->effects.helpful = no ? -1 : 1;
	reply_done(t, "feedback", no ? STR("no") : STR("yes"));
	return true;
}

static const char *words(struct turn *t, const struct action *a)
{
	(void)t;
	(void)a;
	return "feedback";
}

static void check(const struct ruleset *rs, const struct action *a, struct diags *d)
{
	const struct action_arg *arg = action_arg(a, "");

	(void)rs;
	if (arg && (!arg->values.n ||
		    !(str_eq(arg->values.v[0], STR("yes")) || str_eq(arg->values.v[0], STR("no")))))
		diags_add(d, DIAG_ERROR, arg->mark, "bad-value", "feedback is yes or no",
			  "feedback 只能写 yes 或 no");
}

static const struct action_param params[] = {{"", false}, {NULL, false}};

const struct action_kind action_feedback = {"feedback", params, run, words, check};

/* else: refund_policy: goes on with another intent. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	answer_jump(t, action_value(t, a, ""));
	return true;
}

static void check(const struct ruleset *rs, const struct action *a, struct diags *d)
{
	const struct action_arg *arg = action_arg(a, "");

	if (arg && arg->values.n && !rule_intent(rs, arg->values.v[0]))
		diags_add(d, DIAG_ERROR, arg->mark, "unknown-intent", "there is no intent '%.*s'",
			  "没有名为「%.*s」的意图", STR_ARG(arg->values.v[0]));
}

static const struct action_param params[] = {{"", true}, {NULL, false}};

const struct action_kind action_intent = {"intent", params, run, NULL, check};

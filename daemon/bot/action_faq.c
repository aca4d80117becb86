/* do: {faq: invoice}: that entry's answer and follow-up buttons. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	const struct faq_entry *entry = rule_faq(t->snapshot->rules, action_value(t, a, ""));
	struct str intent = t->reply.intent;

	if (!entry)
		return false;
	answer_faq(t, entry);
	if (intent.n)
		t->reply.intent = intent;
	reply_done(t, "faq", entry->id);
	return true;
}

static void check(const struct ruleset *rs, const struct action *a, struct diags *d)
{
	const struct action_arg *arg = action_arg(a, "");

	if (arg && arg->values.n && str_find(arg->values.v[0], STR("<"), 0) == SIZE_MAX &&
	    !rule_faq(rs, arg->values.v[0]))
		diags_add(d, DIAG_ERROR, arg->mark, "unknown-faq",
			  "there is no faq entry with id '%.*s'", "faq 里没有 id 为「%.*s」的条目",
			  STR_ARG(arg->values.v[0]));
}

static const struct action_param params[] = {{"", true}, {NULL, false}};

const struct action_kind action_faq = {"faq", params, run, NULL, check};

/* do: handoff · do: {handoff: 售后} · do: {handoff: {team: 售后, note: 超期 <order_no>, offline:
 * leave_message}}
 *
 * Asks for a person. What was said is added by whoever carries the effect out. */
#include "bot/steps.h"

static bool leaves_message(struct turn *t, const struct action *a)
{
	if (t->people != PEOPLE_UNKNOWN)
		return t->people == PEOPLE_AWAY;
	return str_eq(action_value(t, a, "offline"), STR("leave_message"));
}

/* Who waits may stop waiting: the words are known to whoever keeps the queue. */
static void offer_cancel(struct turn *t)
{
	struct str words = str_eq(t->reply.lang, STR("zh")) ? STR("取消排队") : STR("Cancel");

	if (t->people == PEOPLE_THERE)
		reply_button(t, words, words);
}

/* Nobody is there: the intent `leave_message`, where the rules have one, asks for the question and how to reach its
 * learner. Its own handoff says what came of it. */
static void ask_message(struct turn *t)
{
	const struct intent *ask = rule_intent(t->snapshot->rules, STR("leave_message"));

	if (t->people != PEOPLE_AWAY || !ask || str_eq(t->reply.intent, ask->name))
		return;
	for (size_t i = 0; i < ask->n_asks; i++)
		session_slot_drop(t->session, ask->asks[i].slot);
	reply_say(t, render_named(t, "handoff_offline"));
	form_ask(t, ask);
}

static bool run(struct turn *t, const struct action *a)
{
	struct handoff *h = &t->effects.handoff;
	struct str team = action_value(t, a, "");

	h->wanted = true;
	h->team = team.n ? team : action_value(t, a, "team");
	h->note = action_value(t, a, "note");
	h->leave_message = leaves_message(t, a);
	t->session->handed_off = true;
	reply_done(t, "handoff", h->team);
	offer_cancel(t);
	ask_message(t);
	return true;
}

static const char *words(struct turn *t, const struct action *a)
{
	return leaves_message(t, a) ? "handoff_offline" : "handoff";
}

static void check(const struct ruleset *rs, const struct action *a, struct diags *d)
{
	const struct action_arg *offline = action_arg(a, "offline");

	(void)rs;
	if (offline && (!offline->values.n || !str_eq(offline->values.v[0], STR("leave_message"))))
		diags_add(d, DIAG_ERROR, offline->mark, "bad-value",
			  "offline of 'handoff' can only be leave_message",
			  "handoff 的 offline 只能写 leave_message");
}

static const struct action_param params[] = {
	{"", false}, {"team", false}, {"note", false}, {"offline", false}, {NULL, false}};

const struct action_kind action_handoff = {"handoff", params, run, words, check};

/* do: {set: {plan: pro}}: variables of the conversation; they outlive the intent. Named like a
 * private entity, they are private. */
#include "bot/steps.h"

static bool run(struct turn *t, const struct action *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct str name = arena_str(&t->arena, a->args[i].key);
		struct str value = a->args[i].values.n
					   ? render_slots(t, a->args[i].values.v[0], true)
					   : STR_NONE;
		char *text = (char *)(uintptr_t)arena_str(&t->arena, value).p;

		const struct entity *e = rule_entity(t->snapshot->rules, name);

		session_slot_put(t->session, &(struct session_slot){(char *)(uintptr_t)name.p, text,
								    text, e && e->private, true});
	}
	reply_done(t, "set", a->n ? a->args[0].key : STR_NONE);
	return true;
}

static void check(const struct ruleset *rs, const struct action *a, struct diags *d)
{
	(void)rs;
	if (a->n == 0 || !a->args[0].key.n)
		diags_add(d, DIAG_ERROR, a->mark, "missing-argument",
			  "action 'set' needs names and values: {set: {plan: pro}}",
			  "动作「set」要写名字和值：{set: {plan: pro}}");
}

/* "*": any names. */
static const struct action_param params[] = {{"*", false}, {NULL, false}};

const struct action_kind action_set = {"set", params, run, NULL, check};

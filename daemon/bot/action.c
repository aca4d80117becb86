#include "bot/action.h"
#include "bot/steps.h"

static const struct action_kind *const kinds[] = {
	&action_recommend, &action_handoff,  &action_menu,     &action_faq,    &action_say,
	&action_set,	   &action_progress, &action_feedback, &action_intent,
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const struct action_kind *action_find(struct str verb)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_eq(verb, str_of(kinds[i]->verb)))
			return kinds[i];
	return NULL;
}

static const struct action_arg *find_arg(const struct action *a, struct str name)
{
	for (size_t i = 0; i < a->n; i++)
		if (str_eq(a->args[i].key, name))
			return &a->args[i];
	return NULL;
}

struct str action_value(struct turn *t, const struct action *a, const char *name)
{
	const struct action_arg *arg = find_arg(a, str_of(name));

	return arg && arg->values.n ? str_trim(render_slots(t, arg->values.v[0], true)) : STR_NONE;
}

const struct action_arg *action_arg(const struct action *a, const char *name)
{
	return find_arg(a, str_of(name));
}

/* ---- checks at load ---- */

static void unknown_verb(const struct action *a, struct diags *d)
{
	struct str names[KINDS];
	struct str near;

	for (size_t i = 0; i < KINDS; i++)
		names[i] = str_of(kinds[i]->verb);
	near = str_nearest(a->verb, names, KINDS);
	if (near.n)
		diags_add(d, DIAG_ERROR, a->mark, "unknown-action",
			  "unknown action '%.*s'; did you mean '%.*s'?",
			  "没有「%.*s」这个动作；是不是想写「%.*s」？", STR_ARG(a->verb),
			  STR_ARG(near));
	else
		diags_add(
			d, DIAG_ERROR, a->mark, "unknown-action",
			"unknown action '%.*s'; known are recommend, handoff, menu, faq, say, set, "
			"progress and feedback",
			"没有「%.*s」这个动作；可用的有 recommend、handoff、menu、faq、say、set、"
			"progress、feedback",
			STR_ARG(a->verb));
}

static bool takes(const struct action_kind *kind, struct str name)
{
	for (const struct action_param *p = kind->params; p->name; p++)
		if (strcmp(p->name, "*") == 0 || str_eq(name, str_of(p->name)))
			return true;
	return false;
}

static void unknown_arg(const struct action_kind *kind, const struct action_arg *arg,
			struct diags *d)
{
	struct str names[16];
	size_t n = 0;
	struct str near;

	for (const struct action_param *p = kind->params; p->name && n < 16; p++)
		names[n++] = str_of(p->name);
	near = arg->key.n ? str_nearest(arg->key, names, n) : STR_NONE;
	if (!arg->key.n)
		diags_add(d, DIAG_ERROR, arg->mark, "unknown-argument",
			  "action '%s' takes named arguments, not a plain value",
			  "动作「%s」的参数要写成「名字: 值」的形式", kind->verb);
	else if (near.n)
		diags_add(d, DIAG_ERROR, arg->mark, "unknown-argument",
			  "action '%s' has no argument '%.*s'; did you mean '%.*s'?",
			  "动作「%s」没有「%.*s」这个参数；是不是想写「%.*s」？", kind->verb,
			  STR_ARG(arg->key), STR_ARG(near));
	else
		diags_add(d, DIAG_ERROR, arg->mark, "unknown-argument",
			  "action '%s' has no argument '%.*s'", "动作「%s」没有「%.*s」这个参数",
			  kind->verb, STR_ARG(arg->key));
}

static void check_args(const struct action_kind *kind, const struct action *a, struct diags *d)
{
	for (size_t i = 0; i < a->n; i++)
		if (!takes(kind, a->args[i].key))
			unknown_arg(kind, &a->args[i], d);
	for (const struct action_param *p = kind->params; p->name; p++)
		if (p->required && !find_arg(a, str_of(p->name)))
			diags_add(d, DIAG_ERROR, a->mark, "missing-argument",
				  "action '%s' needs %s%s", "动作「%s」缺少%s%s", kind->verb,
				  *p->name ? "argument " : "a value", p->name);
}

static void check_actions(const struct ruleset *rs, const struct actions *acts, struct diags *d)
{
	for (size_t i = 0; i < acts->n; i++) {
		const struct action_kind *kind = action_find(acts->v[i].verb);

		if (!kind) {
			unknown_verb(&acts->v[i], d);
			continue;
		}
		check_args(kind, &acts->v[i], d);
		if (kind->check)
			kind->check(rs, &acts->v[i], d);
	}
}

static void check_intent(const struct ruleset *rs, const struct intent *intent, struct diags *d)
{
	check_actions(rs, &intent->acts, d);
	for (size_t i = 0; i < intent->n_answers; i++)
		check_actions(rs, &intent->answers[i].acts, d);
	for (size_t i = 0; i < intent->n_asks; i++)
		check_actions(rs, &intent->asks[i].otherwise, d);
}

void action_check(const struct ruleset *rs, struct diags *d)
{
	for (size_t i = 0; i < rs->n_intents; i++)
		check_intent(rs, &rs->intents[i], d);
	for (size_t i = 0; i < rs->fallback.n; i++)
		check_actions(rs, &rs->fallback.after[i].acts, d);
}

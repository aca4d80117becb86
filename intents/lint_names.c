/* Intents, contexts and texts that are called by name; and what can never happen. */
#include "intents/linter.h"

/* ---- intents by name ---- */

static void check_intent_name(struct linter *l, struct str name, struct mark mark)
{
	struct str near;

	if (rule_intent(l->rs, name))
		return;
	near = lint_nearest(l, name, l->intent_list, l->rs->n_intents);
	if (near.n)
		LINT_ERROR(l, mark, "unknown-intent", "no intent '%.*s'; did you mean '%.*s'?",
			   "没有意图“%.*s”；您是不是想写“%.*s”？", STR_ARG(name), STR_ARG(near));
	else
		LINT_ERROR(l, mark, "unknown-intent",
			   "no intent '%.*s' in this file or its includes",
			   "没有意图“%.*s”，本文件和它包含的文件里都没有", STR_ARG(name));
}

static bool names_intents(const struct action *act)
{
	return str_eq(act->verb, STR("menu")) || str_eq(act->verb, STR("intent"));
}

static void check_action_names(struct linter *l, const struct action *act, void *unused)
{
	(void)unused;
	for (size_t i = 0; names_intents(act) && i < act->n; i++) {
		const struct action_arg *arg = &act->args[i];

		for (size_t k = 0; !arg->key.n && k < arg->values.n; k++)
			if (str_find(arg->values.v[k], STR("<"), 0) == SIZE_MAX) /* filled later */
				check_intent_name(l, arg->values.v[k], arg->mark);
	}
}

static void check_tests(struct linter *l, const struct intent *it)
{
	for (size_t i = 0; i < it->n_tests; i++) {
		const struct rule_test *t = &it->tests[i];

		if (t->intent.n)
			check_intent_name(l, t->intent, t->mark);
		if (t->not_intent.n)
			check_intent_name(l, t->not_intent, t->mark);
	}
}

/* ---- contexts ---- */

static void check_contexts(struct linter *l, const struct strmap *set, const struct intent *it)
{
	for (size_t i = 0; i < it->only.contexts.n; i++)
		if (!strmap_get(set, it->only.contexts.v[i]))
			LINT_WARNING(l, it->mark, "context-never-set",
				     "intent '%.*s' waits for context '%.*s', which no 'then' sets",
				     "意图“%.*s”要求上下文“%.*s”，但没有任何 then 会设置它",
				     STR_ARG(it->name), STR_ARG(it->only.contexts.v[i]));
}

/* ---- texts ---- */

/* Names are plain words; "好的" is an answer, however near the name "好" may be. */
static bool looks_like_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
		      s.p[i] == '_'))
			return false;
	return s.n >= 3;
}

/* "sory" alone, where a text is called "sorry". */
static void check_text_name(struct linter *l, const struct text *t, void *names)
{
	struct str s, near;

	if (t->n != 1 || t->langs[0].lang.n || t->langs[0].variants.n != 1)
		return;
	s = t->langs[0].variants.v[0];
	if (!looks_like_name(s) || rule_text(l->rs, s))
		return;
	near = lint_nearest(l, s, names, l->rs->n_texts);
	if (near.n)
		LINT_WARNING(l, t->mark, "unknown-text",
			     "'%.*s' is said as it stands; did you mean the text '%.*s'?",
			     "“%.*s”会原样说出来；您是不是想用文本“%.*s”？", STR_ARG(s),
			     STR_ARG(near));
}

static void check_text_names(struct linter *l)
{
	struct str *names = ARENA_ARRAY(l->a, struct str, l->rs->n_texts);

	for (size_t i = 0; i < l->rs->n_texts; i++)
		names[i] = l->rs->texts[i].name;
	if (l->rs->n_texts)
		lint_each_text(l, check_text_name, names);
}

void lint_references(struct linter *l)
{
	struct strmap contexts = {0};
	struct str *names = ARENA_ARRAY(l->a, struct str, l->rs->n_intents);

	for (size_t i = 0; i < l->rs->n_intents; i++) {
		names[i] = l->rs->intents[i].name;
		strmap_put(l->a, &contexts, l->rs->intents[i].then_context, 1);
	}
	l->intent_list = names;
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		check_contexts(l, &contexts, &l->rs->intents[i]);
		check_tests(l, &l->rs->intents[i]);
	}
	lint_each_action(l, check_action_names, NULL);
	check_text_names(l);
}

/* ---- what can never happen ---- */

static void note_called(struct linter *l, const struct action *act, void *called)
{
	for (size_t i = 0; names_intents(act) && i < act->n; i++)
		for (size_t k = 0; k < act->args[i].values.n; k++)
			strmap_put(l->a, called, act->args[i].values.v[k], 1);
}

static void check_answers(struct linter *l, const struct intent *it)
{
	for (size_t i = 0; i + 1 < it->n_answers; i++)
		if (!it->answers[i].n_conds) {
			LINT_WARNING(l, it->answers[i + 1].mark, "never-said",
				     "this answer of intent '%.*s' is never given: the one "
				     "before it has no 'if'; put it last",
				     "意图“%.*s”的这个回答永远轮不到：它前面的回答没有 "
				     "if；请把没有 if 的放在最后",
				     STR_ARG(it->name));
			return;
		}
}

void lint_reach(struct linter *l)
{
	struct strmap called = {0};

	lint_each_action(l, note_called, &called);
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		if (!it->n_blocks && !strmap_get(&called, it->name))
			LINT_WARNING(
				l, it->mark, "never-fires",
				"intent '%.*s' can never fire: it has no 'when', and no "
				"menu or 'else' calls it",
				"意图“%.*s”永远不会触发：它没有 when，也没有 menu 或 else 用到它",
				STR_ARG(it->name));
		if (!it->n_answers && !it->acts.n && !it->n_asks)
			LINT_WARNING(
				l, it->mark, "says-nothing",
				"intent '%.*s' has neither 'answer' nor 'do', so it says nothing",
				"意图“%.*s”既没有 answer 也没有 do，什么都不会说",
				STR_ARG(it->name));
		check_answers(l, it);
	}
}

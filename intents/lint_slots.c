/* `<x>`: in a phrase it must be an entity; in an answer, something that is filled somewhere. */
#include "intents/linter.h"

/* Filled by the bot itself. */
static const char *const built_in[] = {"user", "lang", "page", "people", "dropped"};

struct name_list {
	struct str *v;
	size_t n, cap;
};

static void add_slot(struct linter *l, struct name_list *list, struct str name)
{
	if (!strmap_put(l->a, &l->slots, name, 1))
		ARENA_PUSH(l->a, list->v, list->n, list->cap, name);
}

static void add_set_variables(struct linter *l, const struct action *act, void *list)
{
	if (!str_eq(act->verb, STR("set")))
		return;
	for (size_t i = 0; i < act->n; i++)
		add_slot(l, list, act->args[i].key);
}

static void add_intent_slots(struct linter *l, struct name_list *list, const struct intent *it)
{
	for (size_t i = 0; i < it->n_asks; i++)
		add_slot(l, list, it->asks[i].slot);
	for (size_t b = 0; b < it->n_blocks; b++) {
		const struct block *block = &it->blocks[b];

		for (size_t i = 0; block->kind == BLOCK_REGEX && i < block->n; i++) {
			struct str name;

			for (size_t at = 0; lint_next_group(block->phrases[i].text, &at, &name);)
				add_slot(l, list, name);
		}
	}
}

static void learn_slots(struct linter *l)
{
	struct str *entities = ARENA_ARRAY(l->a, struct str, l->rs->n_entities);
	struct name_list list = {0};

	for (size_t i = 0; i < l->rs->n_entities; i++) {
		entities[i] = l->rs->entities[i].name;
		add_slot(l, &list, entities[i]);
	}
	for (size_t i = 0; i < l->rs->n_intents; i++)
		add_intent_slots(l, &list, &l->rs->intents[i]);
	for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++)
		add_slot(l, &list, str_of(built_in[i]));
	for (size_t i = 0; i < l->rs->settings.n_experiments; i++)
		add_slot(l, &list, l->rs->settings.experiments[i].name);
	lint_each_action(l, add_set_variables, &list);
	l->entity_list = entities;
	l->slot_list = list.v;
	l->n_slots = list.n;
}

static struct str nearest_entity(struct linter *l, struct str name)
{
	return lint_nearest(l, name, l->entity_list, l->rs->n_entities);
}

/* ---- phrases ---- */

static void check_phrase(struct linter *l, const struct example *e)
{
	struct str name;

	for (size_t at = 0; lint_next_capture(e->text, &at, &name);) {
		struct str near;

		if (rule_entity(l->rs, name))
			continue;
		near = nearest_entity(l, name);
		if (near.n)
			LINT_ERROR(l, e->mark, "unknown-entity",
				   "<%.*s> in this phrase is no entity; did you mean <%.*s>?",
				   "例句里的 <%.*s> 不是实体；您是不是想写 <%.*s>？", STR_ARG(name),
				   STR_ARG(near));
		else
			LINT_ERROR(l, e->mark, "unknown-entity",
				   "<%.*s> in this phrase is no entity; define it under 'entities'",
				   "例句里的 <%.*s> 不是实体；请在 entities 里定义它",
				   STR_ARG(name));
	}
}

static void check_phrases(struct linter *l, const struct intent *it)
{
	for (size_t b = 0; b < it->n_blocks; b++)
		for (size_t i = 0; it->blocks[b].kind == BLOCK_PHRASES && i < it->blocks[b].n; i++)
			check_phrase(l, &it->blocks[b].phrases[i]);
}

/* ---- questions and conditions ---- */

/* A slot without an entity takes the whole answer, so only one that looks mistyped is told. */
static void check_asks(struct linter *l, const struct intent *it)
{
	for (size_t i = 0; i < it->n_asks; i++) {
		const struct slot_ask *ask = &it->asks[i];
		struct str near;

		if (rule_entity(l->rs, ask->slot))
			continue;
		near = nearest_entity(l, ask->slot);
		if (near.n)
			LINT_WARNING(l, ask->mark, "unknown-entity",
				     "slot '%.*s' is no entity and takes any answer; did you mean "
				     "'%.*s'?",
				     "槽位“%.*s”不是实体，会接受任何回答；您是不是想写“%.*s”？",
				     STR_ARG(ask->slot), STR_ARG(near));
	}
}

static void check_known(struct linter *l, struct str name, struct mark mark, const char *en,
			const char *zh)
{
	bool chinese = l->diags->chinese;
	struct str near;

	if (strmap_get(&l->slots, name))
		return;
	near = lint_nearest(l, name, l->slot_list, l->n_slots);
	if (near.n)
		LINT_WARNING(l, mark, "unknown-slot",
			     "nothing fills <%.*s>: %s; did you mean <%.*s>?",
			     "没有什么会填写 <%.*s>：%s；您是不是想写 <%.*s>？", STR_ARG(name),
			     chinese ? zh : en, STR_ARG(near));
	else
		LINT_WARNING(l, mark, "unknown-slot", "nothing fills <%.*s>: %s",
			     "没有什么会填写 <%.*s>：%s", STR_ARG(name), chinese ? zh : en);
}

static void check_conds(struct linter *l, const struct intent *it)
{
	for (size_t i = 0; i < it->n_answers; i++)
		for (size_t k = 0; k < it->answers[i].n_conds; k++)
			check_known(l, it->answers[i].conds[k].slot, it->answers[i].conds[k].mark,
				    "this condition is never met", "这个条件永远不会成立");
}

/* ---- strings ---- */

static void check_string(struct linter *l, struct str s, struct mark mark, void *unused)
{
	struct str name;

	(void)unused;
	for (size_t at = 0; lint_next_capture(s, &at, &name);)
		check_known(l, name, mark, "learners will see it as written",
			    "学员会看到原样的文字");
}

void lint_slots(struct linter *l)
{
	learn_slots(l);
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		check_phrases(l, &l->rs->intents[i]);
		check_asks(l, &l->rs->intents[i]);
		check_conds(l, &l->rs->intents[i]);
	}
	lint_each_string(l, check_string, NULL);
}

/* Experiments: names that are taken, conditions on variants there are not, and those that change nothing. */
#include "intents/experiment.h"
#include "intents/linter.h"

/* ---- conditions ---- */

static void check_variant(struct linter *l, const struct experiment *e, const struct cond *c)
{
	struct str names[VARIANTS_MAX], near;

	for (size_t i = 0; i < e->n; i++) {
		if (str_eq(e->variants[i].name, c->value))
			return;
		names[i] = e->variants[i].name;
	}
	near = lint_nearest(l, c->value, names, e->n);
	if (near.n)
		LINT_ERROR(l, c->mark, "unknown-variant",
			   "experiment '%.*s' has no variant '%.*s'; did you mean '%.*s'?",
			   "试验“%.*s”没有方案“%.*s”；您是不是想写“%.*s”？", STR_ARG(e->name),
			   STR_ARG(c->value), STR_ARG(near));
	else
		LINT_ERROR(l, c->mark, "unknown-variant", "experiment '%.*s' has no variant '%.*s'",
			   "试验“%.*s”没有方案“%.*s”", STR_ARG(e->name), STR_ARG(c->value));
}

static void check_cond(struct linter *l, const struct cond *c, bool *used)
{
	const struct experiment *e = experiment_named(l->rs, c->slot);

	if (!e)
		return;
	used[e - l->rs->settings.experiments] = true;
	if (c->op == COND_EQ || c->op == COND_NE)
		check_variant(l, e, c);
}

static void check_conds(struct linter *l, bool *used)
{
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		for (size_t k = 0; k < it->n_answers; k++)
			for (size_t c = 0; c < it->answers[k].n_conds; c++)
				check_cond(l, &it->answers[k].conds[c], used);
	}
}

/* `do: {recommend: {count: <how-many>}}` and texts may use the variant's name, too. */
static void see_string(struct linter *l, struct str s, struct mark mark, void *used)
{
	struct str name;

	(void)mark;
	for (size_t at = 0; lint_next_capture(s, &at, &name);) {
		const struct experiment *e = experiment_named(l->rs, name);

		if (e)
			((bool *)used)[e - l->rs->settings.experiments] = true;
	}
}

/* ---- the experiments ---- */

static bool is_taken(const struct linter *l, struct str name)
{
	static const char *const built_in[] = {"user",	      "lang",	"page",	  "text",
					       "last_course", "people", "dropped"};

	for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
		if (str_eq(name, str_of(built_in[i])))
			return true;
	return rule_entity(l->rs, name) != NULL;
}

static bool sets_something(const struct experiment *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->variants[i].n)
			return true;
	return false;
}

void lint_experiments(struct linter *l)
{
	const struct rule_settings *s = &l->rs->settings;
	bool used[EXPERIMENTS_MAX] = {false};

	if (!s->n_experiments)
		return;
	check_conds(l, used);
	lint_each_string(l, see_string, used);
	for (size_t i = 0; i < s->n_experiments; i++) {
		const struct experiment *e = &s->experiments[i];

		if (is_taken(l, e->name))
			LINT_ERROR(l, e->mark, "experiment-name",
				   "experiment '%.*s' has the name of something that is captured; "
				   "give it another",
				   "试验“%.*s”与实体或内置槽位同名；请换个名字", STR_ARG(e->name));
		if (!used[i] && !sets_something(e))
			LINT_WARNING(
				l, e->mark, "experiment-without-effect",
				"experiment '%.*s' changes nothing; write 'set', or 'if: <%.*s> "
				"= %.*s' in an answer",
				"试验“%.*s”什么都没有改变；请写 set，或在回答里写 if: <%.*s> = "
				"%.*s",
				STR_ARG(e->name), STR_ARG(e->name),
				STR_ARG(e->variants[e->n - 1].name));
	}
}

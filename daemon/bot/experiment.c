#include "bot/experiment.h"

#include <stddef.h>

enum knob_kind { KNOB_DOUBLE, KNOB_FLOAT };

#define PART_AT(part) offsetof(struct tuning, recommend.factor) + sizeof(float) * (part)

/* Factors are of the weights in kb/recommend_blend.c. */
static const struct knob {
	const char *name;
	enum experiment_area area;
	enum knob_kind kind;
	size_t at;
	double max; /* from 0 */
} knobs[] = {
	{"answer_at", AREA_DECISION, KNOB_DOUBLE, offsetof(struct tuning, answer_at), 1},
	{"ask_at", AREA_DECISION, KNOB_DOUBLE, offsetof(struct tuning, ask_at), 1},
	{"margin", AREA_DECISION, KNOB_DOUBLE, offsetof(struct tuning, margin), 1},
	{"recommend.words", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_WORDS), 100},
	{"recommend.taste", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_TASTE), 100},
	{"recommend.alike", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_ALIKE), 100},
	{"recommend.field", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_FIELD), 100},
	{"recommend.popular", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_POPULAR), 100},
	{"recommend.tongue", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_TONGUE), 100},
	{"recommend.averse", AREA_RECOMMEND, KNOB_FLOAT, PART_AT(PART_AVERSE), 100},
	{"recommend.diversity", AREA_RECOMMEND, KNOB_FLOAT,
	 offsetof(struct tuning, recommend.diversity), 1},
};

enum { KNOBS = sizeof knobs / sizeof *knobs };

static const struct knob *find_knob(struct str name)
{
	for (size_t i = 0; i < KNOBS; i++)
		if (str_eq(name, str_of(knobs[i].name)))
			return &knobs[i];
	return NULL;
}

static void turn_knob(struct tuning *t, const struct knob *k, double value)
{
	char *at = (char *)t + k->at;

	if (k->kind == KNOB_DOUBLE)
		*(double *)(void *)at = value;
	else
		*(float *)(void *)at = (float)value;
}

/* ---- meeting ---- */

static void meet(struct exposures *met, const struct experiment *e,
		 const struct experiment_variant *v)
{
	for (size_t i = 0; i < met->n; i++)
		if (met->v[i].experiment == e)
			return;
	if (met->n < EXPERIMENTS_MAX)
		met->v[met->n++] = (struct exposure){e, v};
}

/* Any variant of it sets something of the area. */
static bool touches(const struct experiment *e, enum experiment_area area)
{
	for (size_t i = 0; i < e->n; i++)
		for (size_t k = 0; k < e->variants[i].n; k++) {
			const struct knob *knob = find_knob(e->variants[i].values[k].key);

			if (knob && knob->area == area)
				return true;
		}
	return false;
}

static void apply(struct tuning *t, const struct experiment_variant *v, enum experiment_area area)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct knob *knob = find_knob(v->values[i].key);

		if (knob && knob->area == area)
			turn_knob(t, knob, v->values[i].value);
	}
}

void experiment_tune(const struct ruleset *rs, struct str learner, enum experiment_area area,
		     struct tuning *out, struct exposures *met)
{
	const struct rule_settings *s = &rs->settings;

	*out = (struct tuning){s->answer_at, s->ask_at, s->margin, RECOMMEND_AS_EVER};
	for (size_t i = 0; learner.n && i < s->n_experiments; i++) {
		const struct experiment *e = &s->experiments[i];
		const struct experiment_variant *v;

		if (!touches(e, area))
			continue;
		v = experiment_assign(e, learner);
		if (!v)
			continue;
		meet(met, e, v);
		apply(out, v, area);
	}
}

bool experiment_find(const struct ruleset *rs, struct str learner, struct str name,
		     struct exposures *met, struct str *variant)
{
	const struct experiment *e = experiment_named(rs, name);
	const struct experiment_variant *v = e ? experiment_assign(e, learner) : NULL;

	if (!v)
		return false;
	meet(met, e, v);
	*variant = v->name;
	return true;
}

/* ---- checking ---- */

static void say_unknown(const struct experiment *e, const struct experiment_value *v,
			struct diags *d)
{
	struct str names[KNOBS], near;

	for (size_t i = 0; i < KNOBS; i++)
		names[i] = str_of(knobs[i].name);
	near = str_nearest(v->key, names, KNOBS);
	if (near.n)
		diags_add(
			d, DIAG_ERROR, v->mark, "unknown-setting",
			"experiment '%.*s' sets '%.*s', which no experiment can set; did you mean "
			"'%.*s'?",
			"试验“%.*s”设置的“%.*s”不是可试验的设置；您是不是想写“%.*s”？",
			STR_ARG(e->name), STR_ARG(v->key), STR_ARG(near));
	else
		diags_add(
			d, DIAG_ERROR, v->mark, "unknown-setting",
			"experiment '%.*s' sets '%.*s', which no experiment can set; it may be "
			"answer_at, ask_at, margin, recommend.diversity, or recommend. and words, "
			"taste, alike, field, popular, tongue, averse",
			"试验“%.*s”设置的“%.*s”不是可试验的设置；可用的有 "
			"answer_at、ask_at、margin、"
			"recommend.diversity，以及 recommend. 加 "
			"words、taste、alike、field、popular、"
			"tongue、averse",
			STR_ARG(e->name), STR_ARG(v->key));
}

static void check_value(const struct experiment *e, const struct experiment_value *v,
			struct diags *d)
{
	const struct knob *k = find_knob(v->key);

	if (!k)
		say_unknown(e, v, d);
	else if (!(v->value >= 0 && v->value <= k->max))
		diags_add(d, DIAG_ERROR, v->mark, "bad-value",
			  "experiment '%.*s' sets '%.*s' to %g; it must be from 0 to %g",
			  "试验“%.*s”把“%.*s”设为 %g；应在 0 到 %g 之间", STR_ARG(e->name),
			  STR_ARG(v->key), v->value, k->max);
}

/* Two that change the same thing: the later one wins, and the earlier one measures nothing. */
static const struct experiment *changed_before(const struct rule_settings *s, size_t before,
					       struct str key)
{
	for (size_t e = 0; e < before; e++)
		for (size_t i = 0; i < s->experiments[e].n; i++)
			for (size_t k = 0; k < s->experiments[e].variants[i].n; k++)
				if (str_eq(s->experiments[e].variants[i].values[k].key, key))
					return &s->experiments[e];
	return NULL;
}

static void check_variant(const struct rule_settings *s, size_t at,
			  const struct experiment_variant *v, struct diags *d)
{
	const struct experiment *e = &s->experiments[at];

	for (size_t k = 0; k < v->n; k++) {
		const struct experiment *other = changed_before(s, at, v->values[k].key);

		check_value(e, &v->values[k], d);
		if (other)
			diags_add(
				d, DIAG_ERROR, v->values[k].mark, "set-twice",
				"experiment '%.*s' already changes '%.*s'; one thing is changed by "
				"one experiment at a time",
				"试验“%.*s”已经在改变“%.*s”；同一设置同时只能由一个试验改变",
				STR_ARG(other->name), STR_ARG(v->values[k].key));
	}
}

void experiment_check(const struct ruleset *rs, struct diags *diags)
{
	const struct rule_settings *s = &rs->settings;

	for (size_t i = 0; i < s->n_experiments; i++)
		for (size_t v = 0; v < s->experiments[i].n; v++)
			check_variant(s, i, &s->experiments[i].variants[v], diags);
}

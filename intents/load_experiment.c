/* `settings: experiments:`
 *
 *	reco-blend:
 *	  variants: {control: 50, diverse: 50}            shares in per cent
 *	  set: {diverse: {recommend.diversity: 0.3}}      what is different for whom
 *	  outcome: purchase                               what is hoped for
 *	  within: 7                                       days
 */
#include "intents/loader.h"

#include <math.h>

#include "text/utf8.h"

enum { WITHIN_DAYS = 7, NAME_MAX = 64 };

/* An experiment while its keys are read: `set` may stand before `variants`. */
struct draft {
	struct experiment e;
	const struct node *variants, *set;
};

static void keep_node(struct loader *l, const struct node *v, void *field)
{
	if (load_is(l, v, NODE_MAP))
		*(const struct node **)field = v;
}

static void load_outcome(struct loader *l, const struct node *v, void *field)
{
	static const char *const words[] = {"click", "enroll", "purchase", "helpful", "answered"};

	for (size_t i = 0; v->kind == NODE_SCALAR && i < sizeof words / sizeof *words; i++)
		if (str_eq(v->text, str_of(words[i]))) {
			*(struct str *)field = str_of(words[i]);
			return;
		}
	load_expected(l, v, "click, enroll, purchase, helpful or answered",
		      "click、enroll、purchase、helpful 或 answered");
}

static const struct load_key experiment_keys[] = {
	{"variants", keep_node, offsetof(struct draft, variants), "shares",
	 "Variants and their shares in per cent, together 100; one is called control"},
	{"set", keep_node, offsetof(struct draft, set), "variant_settings",
	 "Settings that differ, a map for each variant; or write `if: <name> = variant` in "
	 "answers"},
	{"outcome", load_outcome, offsetof(struct draft, e.outcome), "outcome",
	 "What is hoped for; default click"},
	{"within", load_count, offsetof(struct draft, e.within), "count",
	 "Days after the first meeting in which it counts; default 7"},
	{"salt", load_str, offsetof(struct draft, e.salt), "scalar",
	 "Another salt shares the learners out anew; default the name"},
};
const struct load_table load_experiment_table = LOAD_TABLE(experiment_keys);

/* ---- names ---- */

/* As captures are written: answers can ask for an experiment, and records list variants. */
static bool is_name(struct str s)
{
	if (!s.n || s.n > NAME_MAX || (s.p[0] >= '0' && s.p[0] <= '9'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-' && !(c & 0x80))
			return false;
	}
	return true;
}

static void say_bad_name(struct loader *l, const struct node *key, const char *en, const char *zh)
{
	LOAD_ERROR(l, key, "experiment-name",
		   "%s '%.*s': a name is of letters, digits, _ and -, with no digit first",
		   "%s“%.*s”：名字只能由字母、数字、_ 和 - 组成，且不以数字开头",
		   l->diags->chinese ? zh : en, STR_ARG(utf8_cut(key->text, 60)));
}

/* ---- variants ---- */

/* "50", "12.5", "50%" */
static bool read_share(const struct node *v, double *out)
{
	struct str s = v->kind == NODE_SCALAR ? v->text : STR_NONE;

	if (s.n && s.p[s.n - 1] == '%')
		s = str_trim(str_sub(s, 0, s.n - 1));
	return str_to_double(s, out) && *out >= 0 && *out <= 100;
}

static void check_sum(struct loader *l, const struct node *v, const struct experiment *e)
{
	double sum = 0;

	for (size_t i = 0; i < e->n; i++)
		sum += e->variants[i].share;
	if (fabs(sum - 100) > 1e-6)
		LOAD_ERROR(l, v, "shares", "the shares of %.*s add up to %g; they must be 100",
			   "%.*s的各方案比例之和是 %g，应为 100", STR_ARG(l->where), sum);
}

static void write_plan(struct loader *l, struct experiment *e)
{
	struct buf b = {0};

	for (size_t i = 0; i < e->n; i++)
		buf_printf(&b, "%s%.*s %g", i ? ", " : "", STR_ARG(e->variants[i].name),
			   e->variants[i].share);
	if (!str_eq(e->salt, e->name))
		buf_printf(&b, "; salt %.*s", STR_ARG(e->salt));
	e->plan = load_keep(l, buf_view(&b));
	buf_done(&b);
}

/* False: said. */
static bool read_variants(struct loader *l, const struct node *v, struct experiment *e)
{
	struct experiment_variant *out;
	bool good = true;

	if (v->n < 2 || v->n > VARIANTS_MAX) {
		LOAD_ERROR(l, v, "variants", "%.*s has %zu variant%s; it needs 2 to %d",
			   "%.*s有 %zu 个方案%.0s；应有 2 到 %d 个", STR_ARG(l->where), v->n,
			   v->n == 1 ? "" : "s", (int)VARIANTS_MAX);
		return false;
	}
	out = ARENA_ARRAY(l->keep, struct experiment_variant, v->n);
	for (size_t i = 0; i < v->n; i++) {
		const struct node *share = node_value(v, i);

		l->key_node = node_key(v, i);
		out[i].name = load_keep(l, l->key_node->text);
		if (!is_name(out[i].name))
			say_bad_name(l, l->key_node, "variant", "方案");
		else if (read_share(share, &out[i].share))
			continue;
		else
			load_expected(l, share, "a share in per cent, from 0 to 100",
				      "0 到 100 的百分比");
		good = false;
	}
	e->variants = out;
	e->n = v->n;
	if (good)
		check_sum(l, v, e);
	return good;
}

/* ---- what is set ---- */

static struct experiment_variant *find_variant(struct experiment *e, struct str name)
{
	for (size_t i = 0; i < e->n; i++)
		if (str_eq(e->variants[i].name, name))
			return (struct experiment_variant *)(uintptr_t)&e->variants[i];
	return NULL;
}

static void say_no_variant(struct loader *l, const struct node *key, const struct experiment *e)
{
	struct str names[VARIANTS_MAX], near;

	for (size_t i = 0; i < e->n; i++)
		names[i] = e->variants[i].name;
	near = str_nearest(key->text, names, e->n);
	if (near.n)
		LOAD_ERROR(l, key, "unknown-variant",
			   "%.*s has no variant '%.*s'; did you mean '%.*s'?",
			   "%.*s没有方案“%.*s”；您是不是想写“%.*s”？", STR_ARG(l->where),
			   STR_ARG(utf8_cut(key->text, 60)), STR_ARG(near));
	else
		LOAD_ERROR(l, key, "unknown-variant", "%.*s has no variant '%.*s'",
			   "%.*s没有方案“%.*s”", STR_ARG(l->where),
			   STR_ARG(utf8_cut(key->text, 60)));
}

static void read_values(struct loader *l, const struct node *v, struct experiment_variant *out)
{
	struct experiment_value *values;

	if (!load_is(l, v, NODE_MAP))
		return;
	values = ARENA_ARRAY(l->keep, struct experiment_value, v->n);
	out->values = values;
	for (size_t i = 0; i < v->n; i++) {
		const struct node *key = node_key(v, i), *value = node_value(v, i);
		double number;

		l->key_node = key;
		if (value->kind != NODE_SCALAR || !str_to_double(value->text, &number)) {
			load_expected(l, value, "a number", "数");
			continue;
		}
		values[out->n++] = (struct experiment_value){load_keep(l, key->text), number,
							     load_mark(l, key)};
	}
}

static void read_set(struct loader *l, const struct node *v, struct experiment *e)
{
	for (size_t i = 0; v && i < v->n; i++) {
		const struct node *key = node_key(v, i);
		struct experiment_variant *variant = find_variant(e, key->text);

		l->key_node = key;
		if (variant)
			read_values(l, node_value(v, i), variant);
		else
			say_no_variant(l, key, e);
	}
}

/* ---- one experiment, all of them ---- */

static bool load_experiment(struct loader *l, const struct node *key, const struct node *v,
			    struct experiment *out)
{
	struct draft d = {.e = {.name = load_keep(l, key->text),
				.outcome = STR("click"),
				.within = WITHIN_DAYS,
				.mark = load_mark(l, key)}};

	load_set_where(l, "experiment", "试验", key->text);
	l->key_node = key;
	if (!is_name(key->text)) {
		say_bad_name(l, key, "experiment", "试验");
		return false;
	}
	d.e.salt = d.e.name;
	load_map(l, v, &load_experiment_table, &d);
	if (!d.variants) {
		if (v->kind == NODE_MAP && !node_get(v, STR("variants")))
			LOAD_ERROR(l, key, "variants", "%.*s names no variants",
				   "%.*s没有写方案（variants）", STR_ARG(l->where));
		return false;
	}
	if (!read_variants(l, d.variants, &d.e))
		return false;
	read_set(l, d.set, &d.e);
	write_plan(l, &d.e);
	*out = d.e;
	return true;
}

void load_experiments(struct loader *l, const struct node *v, void *settings)
{
	struct rule_settings *s = settings;
	struct str outer = l->where;
	struct experiment *list;

	if (!load_is(l, v, NODE_MAP))
		return;
	if (v->n > EXPERIMENTS_MAX) {
		LOAD_ERROR(l, v, "too-many", "more than %d experiments at once",
			   "同时进行的试验超过 %d 个", (int)EXPERIMENTS_MAX);
		return;
	}
	list = ARENA_ARRAY(l->keep, struct experiment, v->n);
	for (size_t i = 0; i < v->n; i++)
		if (load_experiment(l, node_key(v, i), node_value(v, i), &list[s->n_experiments]))
			s->n_experiments++;
	s->experiments = list;
	l->where = outer;
}

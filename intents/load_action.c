/* `do:` and `else:`: a verb, a map of verbs and their arguments, or a list of these. */
#include "intents/loader.h"

static struct action_arg read_arg(struct loader *l, const struct node *key, const struct node *v)
{
	const struct node *outer = l->key_node;
	struct action_arg arg = {.mark = load_mark(l, v)};

	if (key) {
		arg.key = load_keep(l, key->text);
		l->key_node = key;
	}
	if (load_is_language_map(l, v))
		load_text(l, v, &arg.text);
	else
		load_strs(l, v, &arg.values);
	l->key_node = outer;
	return arg;
}

static void read_args(struct loader *l, const struct node *v, struct action *out)
{
	bool named = v->kind == NODE_MAP && !load_is_language_map(l, v);
	size_t n = named ? v->n : 1;
	struct action_arg *args;

	if (node_blank(v) || v->kind == NODE_BROKEN)
		return;
	args = ARENA_ARRAY(l->keep, struct action_arg, n);
	for (size_t i = 0; i < n; i++)
		args[i] = named ? read_arg(l, node_key(v, i), node_value(v, i))
				: read_arg(l, NULL, v);
	out->args = args;
	out->n = n;
}

/* A caller that knows the catalogue and found it empty passes the source with no values. */
static void check_courses(struct loader *l, const struct node *verb)
{
	if (!str_eq(verb->text, STR("recommend")))
		return;
	for (size_t i = 0; i < l->n_sources; i++)
		if (str_eq(l->sources[i].name, STR("kb.courses")) && l->sources[i].n == 0)
			LOAD_WARNING(
				l, verb, "no-courses",
				"'recommend' has no courses to choose from; add some with "
				"'kefu import courses'",
				"“recommend”没有课程可推荐；请用 kefu import courses 导入课程");
}

void load_verb(struct loader *l, const struct node *verb, const struct node *args,
	       struct action_list *out)
{
	const struct node *outer = l->key_node;
	struct action act = {.verb = load_keep(l, verb->text), .mark = load_mark(l, verb)};

	check_courses(l, verb);
	if (args) {
		l->key_node = verb;
		read_args(l, args, &act);
		l->key_node = outer;
	}
	ARENA_PUSH(&l->scratch, out->v, out->n, out->cap, act);
}

/* One item: a verb alone, or a map of verbs. */
static void load_do_item(struct loader *l, const struct node *v, struct action_list *out)
{
	if (v->kind == NODE_MAP) {
		for (size_t i = 0; i < v->n; i++)
			load_verb(l, node_key(v, i), node_value(v, i), out);
	} else if (v->kind == NODE_SCALAR && v->text.n) {
		load_verb(l, v, NULL, out);
	} else {
		load_expected(l, v, "a verb, or a map of a verb and its arguments",
			      "动词，或“动词: 参数”的映射");
	}
}

void load_do(struct loader *l, const struct node *v, struct action_list *out)
{
	if (v->kind != NODE_LIST) {
		load_do_item(l, v, out);
		return;
	}
	for (size_t i = 0; i < v->n; i++)
		load_do_item(l, &v->items[i], out);
}

void load_actions(struct loader *l, const struct node *v, void *field)
{
	struct action_list list = {0};

	load_do(l, v, &list);
	*(struct actions *)field = (struct actions){LOAD_KEEP_ITEMS(l, list.v, list.n), list.n};
}

void load_else(struct loader *l, const struct node *v, void *field)
{
	static const struct str verb = {"intent", 6};
	struct action *act;
	struct action_arg *arg;
	struct str *name;

	if (v->kind != NODE_SCALAR || !strmap_get(&l->intent_names, v->text)) {
		load_actions(l, v, field);
		return;
	}
	act = ARENA_NEW(l->keep, struct action);
	arg = ARENA_NEW(l->keep, struct action_arg);
	name = ARENA_NEW(l->keep, struct str);
	*name = load_keep(l, v->text);
	*arg = (struct action_arg){.values = {name, 1}, .mark = load_mark(l, v)};
	*act = (struct action){.verb = verb, .args = arg, .n = 1, .mark = load_mark(l, v)};
	*(struct actions *)field = (struct actions){act, 1};
}

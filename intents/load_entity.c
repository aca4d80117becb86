/* `entities:`: the things in a message that are captured. */
#include "intents/loader.h"

static void load_source(struct loader *l, const struct node *v, void *entity)
{
	struct entity *e = entity;
	struct str *names;

	load_str(l, v, &e->source);
	if (!e->source.n)
		return;
	e->kind = ENTITY_SOURCE;
	names = ARENA_ARRAY(&l->scratch, struct str, l->n_sources);
	for (size_t i = 0; i < l->n_sources; i++) {
		names[i] = l->sources[i].name;
		if (!str_eq(names[i], e->source))
			continue;
		e->values = l->sources[i].values;
		e->n_values = l->sources[i].n;
		return;
	}
	/* Without sources nobody knows which there are: `kefu check` of a file alone. */
	if (l->n_sources)
		load_expected(l, v, "a source of values such as kb.courses",
			      "已有的数据来源，例如 kb.courses");
}

static void load_pattern(struct loader *l, const struct node *v, void *entity)
{
	struct entity *e = entity;

	e->kind = ENTITY_REGEX;
	e->pattern_mark = load_inner_mark(l, v);
	load_str(l, v, &e->pattern);
}

static void load_builtin(struct loader *l, const struct node *v, void *entity)
{
	static const char *const names[] = {
		[BUILTIN_NUMBER] = "number",   [BUILTIN_MONEY] = "money",
		[BUILTIN_DATE] = "date",       [BUILTIN_DURATION] = "duration",
		[BUILTIN_PHONE] = "phone",     [BUILTIN_EMAIL] = "email",
		[BUILTIN_ORDINAL] = "ordinal", [BUILTIN_PRICE] = "price",
	};
	struct entity *e = entity;

	e->kind = ENTITY_BUILTIN;
	for (size_t i = 0; v->kind == NODE_SCALAR && i < sizeof names / sizeof names[0]; i++)
		if (str_eq(v->text, str_of(names[i]))) {
			e->builtin = (enum builtin)i;
			return;
		}
	load_expected(l, v, "one of number, money, date, duration, phone, email, ordinal, price",
		      "number、money、date、duration、phone、email、ordinal、price 之一");
}

/* ---- values and the ways to say them ---- */

struct value_list {
	struct entity_value *v;
	size_t n, cap;
};

/* The value itself is always a way to say it, and the first. */
static void push_value(struct loader *l, struct value_list *list, struct str value,
		       struct strs names)
{
	struct entity_value ev = {.value = load_keep(l, value)};
	struct str *all = ARENA_ARRAY(l->keep, struct str, names.n + 1);
	size_t n = 0;

	all[n++] = ev.value;
	for (size_t i = 0; i < names.n; i++)
		if (!str_eq(names.v[i], value))
			all[n++] = names.v[i];
	ev.names = (struct strs){all, n};
	ARENA_PUSH(&l->scratch, list->v, list->n, list->cap, ev);
}

static void load_value(struct loader *l, const struct node *key, const struct node *v,
		       struct value_list *list)
{
	struct strs names = {0};

	l->key_node = key;
	if (!node_blank(v))
		load_terms(l, v, &names);
	push_value(l, list, key->text, names);
}

static void load_values(struct loader *l, const struct node *v, void *entity)
{
	struct entity *e = entity;
	struct value_list list = {0};
	struct strs plain = {0};

	if (v->kind == NODE_MAP)
		for (size_t i = 0; i < v->n; i++)
			load_value(l, node_key(v, i), node_value(v, i), &list);
	else
		load_terms(l, v, &plain);
	for (size_t i = 0; i < plain.n; i++)
		push_value(l, &list, plain.v[i], (struct strs){0});
	e->values = LOAD_KEEP_ITEMS(l, list.v, list.n);
	e->n_values = list.n;
}

/* ---- the entity ---- */

static const struct load_key entity_keys[] = {
	{"from", load_source, 0, "scalar", "A source of values: kb.courses"},
	{"regex", load_pattern, 0, "scalar", "A pattern; the whole match is the value"},
	{"builtin", load_builtin, 0, "builtin",
	 "number, money, date, duration, phone, email, ordinal or price"},
	{"values", load_values, 0, "values", "Values and the ways to say them"},
	{"private", load_flag, offsetof(struct entity, private), "yes_no",
	 "Masked in transcripts, logs and exports"},
	{"typos", load_typos, offsetof(struct entity, typos), "typos",
	 "Typing mistakes that are forgiven here"},
};
const struct load_table load_entity_table = LOAD_TABLE(entity_keys);

/* Values may have any name, `from` too; but the keys that tell where values come from are followed
 * by plain text, and `values` by a map or list, whereas a value's names are a list. */
static bool says_its_kind(const struct node *v)
{
	static const char *const plain[] = {"from", "regex", "builtin"};
	const struct node *values = node_get(v, STR("values"));

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		const struct node *n = node_get(v, str_of(plain[i]));

		if (n && n->kind != NODE_LIST)
			return true;
	}
	return values && values->kind == NODE_MAP;
}

/* `regx: '\d+'` would make a value "regx" that is said "\d+". */
static void warn_near_option(struct loader *l, const struct node *key, const struct node *v)
{
	static const struct str names[] = {
		{"from", 4}, {"regex", 5}, {"builtin", 7}, {"private", 7}, {"typos", 5}};
	struct str near = v->kind == NODE_SCALAR ? str_nearest(key->text, names, 5) : STR_NONE;

	if (near.n)
		LOAD_WARNING(l, key, "value-like-key",
			     "'%.*s' in %.*s is read as a value; did you mean '%.*s'? "
			     "(a value's names are best written as a list)",
			     "“%.*s”（在%.*s里）被当作一个取值；您是不是想写“%.*s”？"
			     "（取值的说法最好写成列表）",
			     STR_ARG(key->text), STR_ARG(l->where), STR_ARG(near));
}

/* What any entity may have, wherever its values come from. */
static bool is_option(const struct load_key *row)
{
	return row->read == load_flag || row->read == load_typos;
}

/* value: [names] pairs, with `private` and `typos` among them. */
static void load_bare_values(struct loader *l, const struct node *v, struct entity *e)
{
	struct value_list list = {0};

	for (size_t i = 0; i < v->n; i++) {
		const struct node *key = node_key(v, i), *value = node_value(v, i);
		const struct load_key *row = load_find_key(&load_entity_table, key->text);

		if (row && is_option(row) && value->kind == NODE_SCALAR) {
			l->key_node = key;
			row->read(l, value, (char *)e + row->at);
			continue;
		}
		warn_near_option(l, key, value);
		load_value(l, key, value, &list);
	}
	e->values = LOAD_KEEP_ITEMS(l, list.v, list.n);
	e->n_values = list.n;
}

static void load_entity(struct loader *l, const struct node *key, const struct node *v)
{
	struct entity e = {.name = load_keep(l, key->text), .typos = -1, .mark = load_mark(l, key)};

	l->key_node = key;
	load_set_where(l, "entity", "实体", key->text);
	if (v->kind == NODE_LIST)
		load_values(l, v, &e);
	else if (!load_is(l, v, NODE_MAP))
		return;
	else if (says_its_kind(v))
		load_map(l, v, &load_entity_table, &e);
	else
		load_bare_values(l, v, &e);
	ARENA_PUSH(&l->scratch, l->entities, l->rs->n_entities, l->cap_entities, e);
}

void load_entities(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	if (!load_is(l, v, NODE_MAP))
		return;
	for (size_t i = 0; i < v->n; i++)
		load_entity(l, node_key(v, i), node_value(v, i));
}

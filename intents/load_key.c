/* Key tables: which keys a map may have, and what is said about the others. */
#include "intents/loader.h"

#include "text/utf8.h"

struct mark load_mark(const struct loader *l, const struct node *n)
{
	return (struct mark){l->file, n->line, n->col};
}

struct mark load_inner_mark(const struct loader *l, const struct node *n)
{
	return (struct mark){l->file, n->line, n->col + !n->plain};
}

void load_set_where(struct loader *l, const char *en, const char *zh, struct str name)
{
	bool chinese = l->diags->chinese;
	const char *head = chinese ? zh : en;

	if (!name.n)
		l->where = str_of(head);
	else
		l->where = arena_printf(&l->scratch, chinese ? "%s“%.*s”" : "%s '%.*s'", head,
					STR_ARG(name));
}

/* `- 请问: 怎么退款` was meant as text and is a map of one key. */
static bool say_colon_in_text(struct loader *l, const struct node *n)
{
	const struct node *key, *value;

	if (n->kind != NODE_MAP || n->flow || n->n != 1)
		return false;
	key = node_key(n, 0);
	value = node_value(n, 0);
	if (value->kind != NODE_SCALAR || load_is_key(key->text))
		return false;
	LOAD_ERROR(l, n, "colon-in-text",
		   "in '%.*s: %.*s' the colon and space make a key; put the text in quotes, or "
		   "write the colon full-width (：)",
		   "“%.*s: %.*s”里的冒号加空格把它变成了一个键；请给文字加引号，或用全角冒号（：）",
		   STR_ARG(utf8_cut(key->text, 40)), STR_ARG(utf8_cut(value->text, 40)));
	return true;
}

void load_expected(struct loader *l, const struct node *n, const char *en, const char *zh)
{
	static const char *const kinds[][2] = {
		[NODE_SCALAR] = {"an empty text", "空的文字"},
		[NODE_LIST] = {"a list", "列表"},
		[NODE_MAP] = {"a map of keys", "映射"},
	};
	bool chinese = l->diags->chinese;
	struct str key = l->key_node ? l->key_node->text : STR_NONE;
	const char *wanted = chinese ? zh : en;

	if (n->kind == NODE_BROKEN || say_colon_in_text(l, n))
		return;
	if (node_blank(n))
		LOAD_ERROR(l, n, "bad-value", "'%.*s' in %.*s is empty; it must be %s",
			   "“%.*s”（在%.*s里）是空的；应为：%s", STR_ARG(key), STR_ARG(l->where),
			   wanted);
	else if (n->kind == NODE_SCALAR && n->text.n)
		LOAD_ERROR(l, n, "bad-value", "'%.*s' in %.*s must be %s, not '%.*s'",
			   "“%.*s”（在%.*s里）应为：%s；现在是“%.*s”", STR_ARG(key),
			   STR_ARG(l->where), wanted, STR_ARG(utf8_cut(n->text, 60)));
	else
		LOAD_ERROR(l, n, "bad-value", "'%.*s' in %.*s must be %s, not %s",
			   "“%.*s”（在%.*s里）应为：%s；现在是%s", STR_ARG(key), STR_ARG(l->where),
			   wanted, kinds[n->kind][chinese]);
}

bool load_is(struct loader *l, const struct node *n, enum node_kind kind)
{
	static const char *const words[][2] = {
		[NODE_SCALAR] = {"plain text", "一段文字"},
		[NODE_LIST] = {"a list", "列表"},
		[NODE_MAP] = {"a map of keys and values", "由“键: 值”组成的映射"},
	};

	if (n->kind == kind)
		return true;
	load_expected(l, n, words[kind][0], words[kind][1]);
	return false;
}

const struct load_key *load_find_key(const struct load_table *table, struct str name)
{
	for (size_t i = 0; i < table->n; i++)
		if (str_eq(str_of(table->keys[i].name), name))
			return &table->keys[i];
	return NULL;
}

/* Every table, and the key it is known by: for "keywords" written beside `when` instead of under
 * it.
 * "" where a stray key tells nothing. */
static const struct {
	const struct load_table *table;
	const char *under;
} tables[] = {
	{&load_top_table, ""},	     {&load_settings_table, "settings"},
	{&load_fallback_table, ""},  {&load_intent_table, ""},
	{&load_when_table, "when"},  {&load_keyword_table, "keywords"},
	{&load_only_table, "only"},  {&load_then_table, "then"},
	{&load_ask_table, "ask"},    {&load_answer_table, "answer"},
	{&load_test_table, "tests"}, {&load_entity_table, ""},
	{&load_faq_table, ""},	     {&load_experiment_table, ""},
};

bool load_is_key(struct str word)
{
	if (str_eq(word, STR("zh")) || str_eq(word, STR("en")))
		return true;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		if (load_find_key(tables[i].table, word))
			return true;
	return false;
}

/* The key of `here` under which a key called `name` may stand, or NULL. */
static const char *proper_place(const struct load_table *here, struct str name)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		if (load_find_key(here, str_of(tables[i].under)) &&
		    load_find_key(tables[i].table, name))
			return tables[i].under;
	return NULL;
}

static struct str nearest_key(struct loader *l, const struct load_table *table, struct str name)
{
	size_t n_langs = table->languages ? l->rs->languages.n : 0;
	struct str *names = ARENA_ARRAY(&l->scratch, struct str, table->n + n_langs);

	for (size_t i = 0; i < table->n; i++)
		names[i] = str_of(table->keys[i].name);
	for (size_t i = 0; i < n_langs; i++)
		names[table->n + i] = l->rs->languages.v[i];
	return str_nearest(name, names, table->n + n_langs);
}

/* "fr", "pt-BR": two or three letters, and maybe more behind a dash. */
static bool looks_like_language(struct str s)
{
	size_t letters = 0;

	while (letters < s.n && s.p[letters] >= 'a' && s.p[letters] <= 'z')
		letters++;
	return (letters == 2 || letters == 3) && (letters == s.n || s.p[letters] == '-');
}

void load_unknown_key(struct loader *l, const struct node *key, const struct load_table *table)
{
	struct str name = utf8_cut(key->text, 80);
	struct str near = nearest_key(l, table, name);
	const char *place = proper_place(table, name);

	if (place)
		LOAD_ERROR(l, key, "unknown-key",
			   "unknown key '%.*s' in %.*s; it belongs under '%s'",
			   "不认识的键“%.*s”，在%.*s里；它应当写在“%s”下面", STR_ARG(name),
			   STR_ARG(l->where), place);
	else if (near.n)
		LOAD_ERROR(l, key, "unknown-key",
			   "unknown key '%.*s' in %.*s; did you mean '%.*s'?",
			   "不认识的键“%.*s”，在%.*s里；您是不是想写“%.*s”？", STR_ARG(name),
			   STR_ARG(l->where), STR_ARG(near));
	else if (table->languages && looks_like_language(name))
		LOAD_ERROR(l, key, "unknown-language",
			   "'%.*s' in %.*s is no language of this file; add it to 'languages'",
			   "“%.*s”（在%.*s里）不是本文件的语言；请把它加进 languages",
			   STR_ARG(name), STR_ARG(l->where));
	else if (key->text.n && (unsigned char)key->text.p[0] >= 0x80)
		LOAD_ERROR(l, key, "unknown-key",
			   "unknown key '%.*s' in %.*s; if it is part of a text, put the text in "
			   "quotes, or write the colon full-width (：)",
			   "不认识的键“%.*s”，在%.*s里；如果它是文字的一部分，请给整段文字加引号，"
			   "或用全角冒号（：）",
			   STR_ARG(name), STR_ARG(l->where));
	else
		LOAD_ERROR(l, key, "unknown-key", "unknown key '%.*s' in %.*s",
			   "不认识的键“%.*s”，在%.*s里", STR_ARG(name), STR_ARG(l->where));
}

/* `answer: {course}` and `{zh: 你好, 请问}` were meant as text. */
static void say_valueless(struct loader *l, const struct node *map, const struct node *key)
{
	struct str name = utf8_cut(key->text, 60);

	if (map->n == 1)
		LOAD_ERROR(l, map, "special-start",
			   "a value that starts with '{' is a map in YAML; put the text in quotes, "
			   "and write captures as <%.*s>",
			   "以“{”开头的值在 YAML 里是映射；请给这段文字加引号，槽位请写成 <%.*s>",
			   STR_ARG(name));
	else
		LOAD_ERROR(l, key, "comma-in-braces",
			   "'%.*s' in %.*s has no value; a comma inside { } ends a text, so put "
			   "texts with commas in quotes",
			   "“%.*s”（在%.*s里）没有值；{ } 里的逗号会结束文字，含逗号的文字请加引号",
			   STR_ARG(name), STR_ARG(l->where));
}

void load_map(struct loader *l, const struct node *map, const struct load_table *table, void *into)
{
	const struct node *outer = l->key_node;

	if (!load_is(l, map, NODE_MAP))
		return;
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = node_key(map, i), *value = node_value(map, i);
		const struct load_key *row = load_find_key(table, key->text);

		l->key_node = key;
		if (row)
			row->read(l, value, (char *)into + row->at);
		else if (table->languages && load_is_language(l, key->text))
			load_text_lang(l, key, value,
				       (struct text *)(void *)((char *)into + table->text_at));
		else if (map->flow && node_blank(value))
			say_valueless(l, map, key);
		else
			load_unknown_key(l, key, table);
	}
	l->key_node = outer;
}

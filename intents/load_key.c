/* Key tables: which keys a map may have, and what is said about the others. */
#include "intents/loader.h"

#include "text/utf8.h"

struct mark load_mark(const struct loader *l, const struct node *n)
{
	return (struct mark){l->file, n->line, n->col};
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

static const char *kind_name(const struct node *n, bool chinese)
{
	static const char *const names[][2] = {
		[NODE_SCALAR] = {"text", "文字"},
		[NODE_LIST] = {"a list", "列表"},
		[NODE_MAP] = {"a map of keys", "映射"},
		[NODE_BROKEN] = {"nothing", "空"},
	};

	if (node_blank(n))
		return names[NODE_BROKEN][chinese];
	return names[n->kind][chinese];
}

void load_expected(struct loader *l, const struct node *n, const char *en, const char *zh)
{
	bool chinese = l->diags->chinese;
	struct str key = l->key_node ? l->key_node->text : STR_NONE;

	if (n->kind == NODE_BROKEN)
		return;
	if (n->kind == NODE_SCALAR && n->text.n)
		LOAD_ERROR(l, n, "bad-value", "'%.*s' in %.*s must be %s, not '%.*s'",
			   "“%.*s”（在%.*s里）应当是%s，而不是“%.*s”", STR_ARG(key),
			   STR_ARG(l->where), chinese ? zh : en, STR_ARG(utf8_cut(n->text, 60)));
	else
		LOAD_ERROR(l, n, "bad-value", "'%.*s' in %.*s must be %s, not %s",
			   "“%.*s”（在%.*s里）应当是%s，而不是%s", STR_ARG(key), STR_ARG(l->where),
			   chinese ? zh : en, kind_name(n, chinese));
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

	if (near.n)
		LOAD_ERROR(l, key, "unknown-key",
			   "unknown key '%.*s' in %.*s; did you mean '%.*s'?",
			   "不认识的键“%.*s”，在%.*s里；您是不是想写“%.*s”？", STR_ARG(name),
			   STR_ARG(l->where), STR_ARG(near));
	else if (table->languages && looks_like_language(name))
		LOAD_ERROR(l, key, "unknown-language",
			   "'%.*s' in %.*s is no language of this file; add it to 'languages'",
			   "“%.*s”（在%.*s里）不是本文件的语言；请把它加进 languages",
			   STR_ARG(name), STR_ARG(l->where));
	else
		LOAD_ERROR(l, key, "unknown-key", "unknown key '%.*s' in %.*s",
			   "不认识的键“%.*s”，在%.*s里", STR_ARG(name), STR_ARG(l->where));
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
		else
			load_unknown_key(l, key, table);
	}
	l->key_node = outer;
}

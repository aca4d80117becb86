/* Texts: a string, variants, or a language map of either. */
#include "intents/loader.h"

/* The number of a language, or how many there are. */
static size_t find_language(const struct loader *l, struct str key)
{
	size_t i = 0;

	while (i < l->rs->languages.n && !str_eq(l->rs->languages.v[i], key))
		i++;
	return i;
}

bool load_is_language(const struct loader *l, struct str key)
{
	return find_language(l, key) < l->rs->languages.n;
}

bool load_is_language_map(const struct loader *l, const struct node *v)
{
	if (v->kind != NODE_MAP || v->n == 0)
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (!load_is_language(l, node_key(v, i)->text))
			return false;
	return true;
}

/* Adds `variants` under `lang`. Most texts are in one language or two, so the first one gets room for
 * a second; but a text that came by its name shares its list. */
static void add_lang(struct loader *l, struct text *t, struct str lang, struct strs variants)
{
	struct text_lang *langs;

	if (!variants.n)
		return;
	if (t->n && t->langs + t->n == l->free_lang) {
		langs = (struct text_lang *)(uintptr_t)t->langs;
		l->free_lang = NULL;
	} else {
		langs = ARENA_ARRAY(l->keep, struct text_lang, t->n || !lang.n ? t->n + 1 : 2);
		l->free_lang = t->n || !lang.n ? NULL : langs + 1;
		if (t->n)
			memcpy(langs, t->langs, t->n * sizeof *langs);
	}
	langs[t->n++] = (struct text_lang){lang, variants};
	t->langs = langs;
}

void load_text_lang(struct loader *l, const struct node *key, const struct node *v, struct text *t)
{
	struct strs variants = {0};
	size_t number = find_language(l, key->text);

	if (!t->mark.line)
		t->mark = load_mark(l, key);
	load_strs(l, v, &variants);
	l->languages_used |= UINT32_C(1) << number;
	add_lang(l, t, l->rs->languages.v[number], variants);
}

static void load_language_map(struct loader *l, const struct node *v, struct text *out)
{
	static const struct load_table languages = {NULL, 0, true, 0};

	load_map(l, v, &languages, out);
}

void load_text(struct loader *l, const struct node *v, void *field)
{
	struct text *out = field;
	struct text t = {.mark = load_mark(l, v)};
	struct strs variants = {0};
	const uint32_t *named;

	if (v->kind == NODE_MAP) {
		load_language_map(l, v, &t);
	} else if (v->kind == NODE_SCALAR && (named = strmap_get(&l->names->texts, v->text))) {
		l->free_lang = NULL;
		t.langs = l->texts[*named].text.langs;
		t.n = l->texts[*named].text.n;
	} else {
		load_strs(l, v, &variants);
		add_lang(l, &t, STR_NONE, variants);
	}
	*out = t;
}

void load_texts(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	if (!load_is(l, v, NODE_MAP))
		return;
	for (size_t i = 0; i < v->n; i++) {
		const struct node *key = node_key(v, i);
		struct named_text named = {.name = load_keep(l, key->text)};

		l->key_node = key;
		load_set_where(l, "texts", "文本 texts ", STR_NONE);
		load_text(l, node_value(v, i), &named.text);
		ARENA_PUSH(l->keep, l->texts, l->rs->n_texts, l->cap_texts, named);
	}
}

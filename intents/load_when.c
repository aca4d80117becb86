/* `when:`: a map, or a list of maps, of phrases, keywords and regex; each is a block of its own. */
#include "intents/loader.h"

struct block_list {
	struct block *v;
	size_t n, cap;
};

static void push_block(struct loader *l, struct block_list *list, struct block b)
{
	b.mark = load_mark(l, l->key_node);
	ARENA_PUSH(&l->scratch, list->v, list->n, list->cap, b);
}

/* A string or a list of strings, each with its place. */
static void load_examples(struct loader *l, const struct node *v, enum block_kind kind,
			  struct block_list *list)
{
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1, kept = 0;
	struct example *examples = ARENA_ARRAY(l->keep, struct example, n);

	for (size_t i = 0; i < n; i++) {
		if (items[i].kind == NODE_SCALAR && items[i].text.n)
			examples[kept++] =
				(struct example){load_keep(l, items[i].text),
						 kind == BLOCK_REGEX ? load_inner_mark(l, &items[i])
								     : load_mark(l, &items[i])};
		else
			load_expected(l, &items[i], "text, or a list of texts",
				      "文字，或由文字组成的列表");
	}
	if (kept)
		push_block(l, list, (struct block){.kind = kind, .phrases = examples, .n = kept});
}

static void load_phrases(struct loader *l, const struct node *v, void *list)
{
	load_examples(l, v, BLOCK_PHRASES, list);
}

static void load_regex(struct loader *l, const struct node *v, void *list)
{
	load_examples(l, v, BLOCK_REGEX, list);
}

static const struct load_key keyword_keys[] = {
	{"all", load_terms, offsetof(struct block, all), "strings", "Every one must be there"},
	{"any", load_terms, offsetof(struct block, any), "strings", "At least one must be there"},
	{"none", load_terms, offsetof(struct block, none), "strings", "Not one may be there"},
};
const struct load_table load_keyword_table = LOAD_TABLE(keyword_keys);

static void load_keywords(struct loader *l, const struct node *v, void *list)
{
	struct block b = {.kind = BLOCK_KEYWORDS};

	if (v->kind == NODE_MAP)
		load_map(l, v, &load_keyword_table, &b);
	else
		load_terms(l, v, &b.any);
	if (b.all.n || b.any.n)
		push_block(l, list, b);
	else if (b.none.n)
		LOAD_ERROR(
			l, v, "only-none",
			"keywords in %.*s have only 'none', which would match nearly everything; "
			"add 'any' or 'all'",
			"关键词（在%.*s里）只写了 none，几乎什么都会匹配；请加上 any 或 all",
			STR_ARG(l->where));
}

static const struct load_key when_keys[] = {
	{"phrases", load_phrases, 0, "strings",
	 "Examples of what learners write; <name> captures, * is any words"},
	{"keywords", load_keywords, 0, "keywords", "Words to look for; a plain list means any"},
	{"regex", load_regex, 0, "strings", "Patterns; named groups become slots"},
};
const struct load_table load_when_table = LOAD_TABLE(when_keys);

void load_when(struct loader *l, const struct node *v, void *intent)
{
	struct intent *it = intent;
	struct block_list list = {0};
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1;

	for (size_t i = 0; i < n; i++)
		if (items[i].kind == NODE_MAP)
			load_map(l, &items[i], &load_when_table, &list);
		else
			load_expected(l, &items[i], "a map with phrases, keywords or regex",
				      "包含 phrases、keywords 或 regex 的映射");
	it->blocks = LOAD_KEEP_ITEMS(l, list.v, list.n);
	it->n_blocks = list.n;
}

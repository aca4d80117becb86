/* `faq:`: plain questions and answers. */
#include "intents/loader.h"

static const struct load_key faq_keys[] = {
	{"id", load_str, offsetof(struct faq_entry, id), "scalar",
	 "Name of the entry in logs and reports"},
	{"q", load_text, offsetof(struct faq_entry, question), "text", "The question"},
	{"also", load_strs, offsetof(struct faq_entry, also), "strings", "Other ways to ask it"},
	{"a", load_text, offsetof(struct faq_entry, answer), "text", "The answer"},
	{"tags", load_strs, offsetof(struct faq_entry, tags), "strings",
	 "Groups the entry belongs to"},
	{"next", load_strs, offsetof(struct faq_entry, next), "strings",
	 "Buttons with questions that follow"},
};
const struct load_table load_faq_table = LOAD_TABLE(faq_keys);

/* How messages call an entry: its id, or its question before it has one. */
static void set_where(struct loader *l, const struct node *v)
{
	const struct node *name = node_get(v, STR("id"));

	if (!name)
		name = node_get(v, STR("q"));
	load_set_where(l, "FAQ", "常见问题",
		       name && name->kind == NODE_SCALAR ? name->text : STR_NONE);
}

static void need_key(struct loader *l, const struct node *v, const char *key)
{
	if (!node_get(v, str_of(key)) && !l->rs->cut_short)
		LOAD_ERROR(l, v, "missing-key", "%.*s has no '%s'", "%.*s缺少“%s”",
			   STR_ARG(l->where), key);
}

static void load_entry(struct loader *l, const struct node *v)
{
	struct faq_entry entry = {.mark = load_mark(l, v)};

	set_where(l, v);
	if (!load_is(l, v, NODE_MAP))
		return;
	need_key(l, v, "q");
	need_key(l, v, "a");
	load_map(l, v, &load_faq_table, &entry);
	if (!entry.id.n && entry.question.n)
		entry.id = entry.question.langs[0].variants.v[0];
	if (entry.question.n && entry.answer.n)
		ARENA_PUSH(&l->scratch, l->faq, l->rs->n_faq, l->cap_faq, entry);
}

void load_faq(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	load_set_where(l, "faq", "常见问题 faq ", STR_NONE);
	if (!load_is(l, v, NODE_LIST))
		return;
	for (size_t i = 0; i < v->n; i++)
		load_entry(l, &v->items[i]);
}

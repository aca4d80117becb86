/* `words:`: head -> members, the synonyms of every keyword, phrase and FAQ entry. */
#include "intents/loader.h"

#include "text/normal.h"

/* The lexicon gives a word to the first group that has it, so a second one is without effect. */
static void note_word(struct loader *l, const struct node *n, struct str head)
{
	struct str word = normal_text(&l->scratch, n->text);
	const uint32_t *first;

	if (n->kind != NODE_SCALAR || !word.n)
		return;
	first = strmap_put(&l->scratch, &l->synonyms, word, (uint32_t)l->rs->n_words);
	if (!first || *first == l->rs->n_words || str_eq(l->words[*first].head, head))
		return;
	LOAD_WARNING(l, n, "two-synonyms",
		     "'%.*s' is a synonym of '%.*s' already; keep it under one of the two",
		     "“%.*s”已经是“%.*s”的同义词；请只保留在一处", STR_ARG(n->text),
		     STR_ARG(l->words[*first].head));
}

static void load_group(struct loader *l, const struct node *head, const struct node *v)
{
	struct synonym s = {.head = load_keep(l, head->text)};
	struct strs members = {0};

	l->key_node = head;
	load_terms(l, v, &members);
	s.members = members.v;
	s.n = members.n;
	note_word(l, head, s.head);
	if (v->kind != NODE_LIST)
		note_word(l, v, s.head);
	for (size_t i = 0; v->kind == NODE_LIST && i < v->n; i++)
		note_word(l, &v->items[i], s.head);
	ARENA_PUSH(&l->scratch, l->words, l->rs->n_words, l->cap_words, s);
}

void load_words(struct loader *l, const struct node *v, void *unused)
{
	(void)unused;
	load_set_where(l, "words", "同义词 words ", STR_NONE);
	if (!load_is(l, v, NODE_MAP))
		return;
	for (size_t i = 0; i < v->n; i++)
		load_group(l, node_key(v, i), node_value(v, i));
}

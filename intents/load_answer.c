/* `answer:` with its conditions, and `ask:` with its questions. */
#include "intents/loader.h"

#include "intents/load_cond.h"

static void load_conds(struct loader *l, const struct node *v, void *field)
{
	struct answer *answer = field;
	const struct node *items = v->kind == NODE_LIST ? v->items : v;
	size_t n = v->kind == NODE_LIST ? v->n : 1, kept = 0;
	struct cond *conds = ARENA_ARRAY(l->keep, struct cond, n);

	for (size_t i = 0; i < n; i++) {
		struct cond c;

		if (items[i].kind != NODE_SCALAR || !cond_read(items[i].text, &c)) {
			load_expected(l, &items[i], "a condition such as <days> > 7 or <days>",
				      "条件，例如 <days> > 7 或 <days>");
			continue;
		}
		c.slot = load_keep(l, c.slot);
		c.value = load_keep(l, c.value);
		c.mark = load_mark(l, &items[i]);
		conds[kept++] = c;
	}
	answer->conds = conds;
	answer->n_conds = kept;
}

static const struct load_key answer_keys[] = {
	{"if", load_conds, 0, "conditions", "Conditions such as <days> > 7; all must hold"},
	{"text", load_text, offsetof(struct answer, text), "text",
	 "The words; or write a key for each language"},
	{"none", load_text, offsetof(struct answer, none), "text",
	 "Said when the action finds nothing"},
	{"buttons", load_strs, offsetof(struct answer, buttons), "strings",
	 "Buttons below the answer"},
	{"do", load_actions, offsetof(struct answer, acts), "actions", "What is done besides"},
};
const struct load_table load_answer_table =
	LOAD_TEXT_TABLE(answer_keys, offsetof(struct answer, text));

static struct answer read_answer(struct loader *l, const struct node *v)
{
	struct answer out = {.mark = load_mark(l, v)};

	if (v->kind == NODE_MAP)
		load_map(l, v, &load_answer_table, &out);
	else
		load_text(l, v, &out.text);
	return out;
}

/* A list with a map in it is a list of answers; a list of strings is one answer's variants. */
static bool is_answer_list(const struct node *v)
{
	if (v->kind != NODE_LIST)
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (v->items[i].kind == NODE_MAP)
			return true;
	return false;
}

void load_answers(struct loader *l, const struct node *v, void *intent)
{
	struct intent *it = intent;
	bool many = is_answer_list(v);
	size_t n = many ? v->n : 1;
	struct answer *answers = ARENA_ARRAY(l->keep, struct answer, n);

	for (size_t i = 0; i < n; i++)
		answers[i] = read_answer(l, many ? &v->items[i] : v);
	it->answers = answers;
	it->n_answers = n;
}

static const struct load_key ask_keys[] = {
	{"text", load_text, offsetof(struct slot_ask, question), "text",
	 "The question; or write a key for each language"},
	{"tries", load_count, offsetof(struct slot_ask, tries), "count",
	 "Questions before giving up; default 2"},
	{"else", load_else, offsetof(struct slot_ask, otherwise), "actions",
	 "An action or an intent when no answer fits"},
};
const struct load_table load_ask_table =
	LOAD_TEXT_TABLE(ask_keys, offsetof(struct slot_ask, question));

static struct slot_ask read_ask(struct loader *l, const struct node *key, const struct node *v)
{
	struct slot_ask ask = {
		.slot = load_keep(l, key->text), .tries = 2, .mark = load_mark(l, key)};

	l->key_node = key;
	if (v->kind == NODE_MAP)
		load_map(l, v, &load_ask_table, &ask);
	else
		load_text(l, v, &ask.question);
	if (!ask.question.n && v->kind == NODE_MAP)
		LOAD_ERROR(l, key, "no-question", "slot '%.*s' in %.*s has no question to ask",
			   "槽位“%.*s”（在%.*s里）没有要问的话", STR_ARG(key->text),
			   STR_ARG(l->where));
	return ask;
}

void load_asks(struct loader *l, const struct node *v, void *intent)
{
	struct intent *it = intent;
	const struct node *outer = l->key_node;
	struct slot_ask *asks;

	if (!load_is(l, v, NODE_MAP))
		return;
	asks = ARENA_ARRAY(l->keep, struct slot_ask, v->n);
	for (size_t i = 0; i < v->n; i++)
		asks[i] = read_ask(l, node_key(v, i), node_value(v, i));
	it->asks = asks;
	it->n_asks = v->n;
	l->key_node = outer;
}

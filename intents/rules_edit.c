#include "intents/rules_edit.h"

/* ---- values ---- */

static const struct node *texts(struct yaml_edit *e, struct strs list)
{
	struct node *v = ARENA_ARRAY(&e->arena, struct node, list.n);

	for (size_t i = 0; i < list.n; i++)
		v[i] = YAML_TEXT(list.v[i]);
	return v;
}

static struct node list_of(struct yaml_edit *e, struct strs list)
{
	return list.n == 1 ? YAML_TEXT(list.v[0]) : YAML_FLOW_LIST(texts(e, list), list.n);
}

/* `{key: value}` on lines of its own. */
static struct node pair(struct yaml_edit *e, const char *key, struct node value)
{
	const struct node both[] = {YAML_TEXT(str_of(key)), value};

	return YAML_MAP(yaml_edit_keep(e, both, 2), 1);
}

/* A text as people write it: a string, a list of variants, or a language map. */
static struct node text_value(struct yaml_edit *e, const struct text *t)
{
	struct node *pairs = ARENA_ARRAY(&e->arena, struct node, 2 * t->n);

	if (t->n == 1 && !t->langs[0].lang.n)
		return list_of(e, t->langs[0].variants);
	for (size_t i = 0; i < t->n; i++) {
		pairs[2 * i] = YAML_TEXT(t->langs[i].lang);
		pairs[2 * i + 1] = list_of(e, t->langs[i].variants);
	}
	return YAML_MAP(pairs, t->n);
}

/* Adds to the one or many under `key`, which may be absent. */
static void add_under(struct yaml_edit *e, const struct node *map, const char *key,
		      const struct node *values, size_t n)
{
	size_t i = yaml_edit_find(map, str_of(key));

	if (i == SIZE_MAX)
		yaml_edit_put(e, map, str_of(key), YAML_LIST(values, n));
	else
		yaml_edit_add(e, map, i, values, n);
}

/* ---- intents ---- */

static int find_intent(const struct yaml_edit *e, struct str name, const struct node **out,
		       struct err *err)
{
	const struct node *intents = node_get(&e->root, STR("intents"));
	const struct node *it = intents ? node_get(intents, name) : NULL;

	if (!it || it->kind != NODE_MAP)
		return err_set(err, ERR_NOT_FOUND, "%.*s: no intent '%.*s' in this file",
			       STR_ARG(e->file), STR_ARG(name));
	*out = it;
	return 0;
}

/* The block of `when` that has phrases; NULL: none has. */
static const struct node *phrase_block(const struct node *when)
{
	for (size_t i = 0; when->kind == NODE_LIST && i < when->n; i++)
		if (node_get(&when->items[i], STR("phrases")))
			return &when->items[i];
	return when->kind == NODE_MAP ? when : NULL;
}

int rules_edit_phrases(struct yaml_edit *e, struct str intent, struct strs phrases, struct err *err)
{
	const struct node *it, *block, *values = texts(e, phrases);
	struct node fresh = pair(e, "phrases", YAML_LIST(values, phrases.n));
	size_t when;
	int rc = find_intent(e, intent, &it, err);

	if (rc != 0)
		return rc;
	when = yaml_edit_find(it, STR("when"));
	if (when == SIZE_MAX) {
		yaml_edit_put(e, it, STR("when"), fresh);
		return 0;
	}
	block = phrase_block(node_value(it, when));
	if (block)
		add_under(e, block, "phrases", values, phrases.n);
	else
		yaml_edit_add(e, it, when, &fresh, 1);
	return 0;
}

int rules_edit_tests(struct yaml_edit *e, struct str intent, struct strs says, bool reaches,
		     struct err *err)
{
	struct node *lines = ARENA_ARRAY(&e->arena, struct node, says.n);
	const struct node *it;
	int rc = find_intent(e, intent, &it, err);

	for (size_t i = 0; i < says.n; i++) {
		const struct node not [] = {YAML_TEXT(STR("say")), YAML_TEXT(says.v[i]),
					    YAML_TEXT(STR("not")), YAML_TEXT(intent)};

		lines[i] = reaches ? YAML_TEXT(says.v[i])
				   : YAML_FLOW_MAP(yaml_edit_keep(e, not, 4), 2);
	}
	if (rc == 0)
		add_under(e, it, "tests", lines, says.n);
	return rc;
}

/* ---- words ---- */

int rules_edit_words(struct yaml_edit *e, struct str head, struct strs words, struct err *err)
{
	const struct node *all = node_get(&e->root, STR("words")), *values = texts(e, words);
	const struct node group[] = {YAML_TEXT(head), YAML_FLOW_LIST(values, words.n)};
	const struct node fresh = YAML_MAP(yaml_edit_keep(e, group, 2), 1);
	size_t i = all ? yaml_edit_find(all, head) : SIZE_MAX;

	if (!head.n || !words.n)
		return err_set(err, ERR_INVALID,
			       "synonyms need a word and others that stand for it");
	if (!all)
		yaml_edit_put(e, &e->root, STR("words"), fresh);
	else if (all->kind != NODE_MAP)
		yaml_edit_set(e, &e->root, yaml_edit_find(&e->root, STR("words")), fresh);
	else if (i == SIZE_MAX)
		yaml_edit_put(e, all, head, group[1]);
	else
		yaml_edit_add(e, all, i, values, words.n);
	return 0;
}

/* ---- FAQ ---- */

struct entry {
	struct node pairs[12];
	size_t n;
};

static void put(struct entry *out, const char *key, struct node value)
{
	out->pairs[2 * out->n] = YAML_TEXT(str_of(key));
	out->pairs[2 * out->n++ + 1] = value;
}

static void put_list(struct yaml_edit *e, struct entry *out, const char *key, struct strs list)
{
	if (list.n)
		put(out, key, YAML_FLOW_LIST(texts(e, list), list.n));
}

/* The entry of that id; NULL: there is none. */
static const struct node *find_entry(const struct yaml_edit *e, struct str id)
{
	const struct node *faq = node_get(&e->root, STR("faq"));

	for (size_t i = 0; faq && faq->kind == NODE_LIST && i < faq->n; i++) {
		const struct node *known = node_get(&faq->items[i], STR("id"));

		if (id.n && known && known->kind == NODE_SCALAR && str_eq(known->text, id))
			return &faq->items[i];
	}
	return NULL;
}

int rules_edit_faq(struct yaml_edit *e, const struct faq_draft *draft, struct err *err)
{
	struct entry entry = {.n = 0};
	struct node value;

	if (!draft->question->n || !draft->answer->n)
		return err_set(err, ERR_INVALID, "an FAQ entry needs a question and an answer");
	if (find_entry(e, draft->id))
		return err_set(err, ERR_INVALID, "%.*s: FAQ '%.*s' is there already",
			       STR_ARG(e->file), STR_ARG(draft->id));
	if (draft->id.n)
		put(&entry, "id", YAML_TEXT(draft->id));
	put(&entry, "q", text_value(e, draft->question));
	put_list(e, &entry, "also", draft->also);
	put(&entry, "a", text_value(e, draft->answer));
	put_list(e, &entry, "tags", draft->tags);
	put_list(e, &entry, "next", draft->next);
	value = YAML_MAP(yaml_edit_keep(e, entry.pairs, 2 * entry.n), entry.n);
	add_under(e, &e->root, "faq", yaml_edit_keep(e, &value, 1), 1);
	return 0;
}

int rules_edit_also(struct yaml_edit *e, struct str id, struct strs wordings, struct err *err)
{
	const struct node *entry = find_entry(e, id);

	if (!entry)
		return err_set(err, ERR_NOT_FOUND, "%.*s: no FAQ '%.*s' in this file",
			       STR_ARG(e->file), STR_ARG(id));
	add_under(e, entry, "also", texts(e, wordings), wordings.n);
	return 0;
}

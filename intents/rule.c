#include "intents/rule.h"

#include "intents/rule_names.h"

/* A ruleset that was loaded has an index of names; one made by hand is scanned. `first` is the name
 * field of the first item, `stride` the size of an item. Returns n when there is none. */
static size_t find_name(const struct strmap *index, const struct str *first, size_t stride,
			size_t n, struct str name)
{
	if (index) {
		const uint32_t *at = strmap_get(index, name);

		return at ? *at : n;
	}
	for (size_t i = 0; i < n; i++)
		if (str_eq(*(const struct str *)((const char *)first + i * stride), name))
			return i;
	return n;
}

const struct intent *rule_intent(const struct ruleset *rs, struct str name)
{
	size_t i = rs->n_intents;

	if (i)
		i = find_name(rs->names ? &rs->names->intents : NULL, &rs->intents->name,
			      sizeof *rs->intents, rs->n_intents, name);
	return i < rs->n_intents ? &rs->intents[i] : NULL;
}

const struct entity *rule_entity(const struct ruleset *rs, struct str name)
{
	size_t i = rs->n_entities;

	if (i)
		i = find_name(rs->names ? &rs->names->entities : NULL, &rs->entities->name,
			      sizeof *rs->entities, rs->n_entities, name);
	return i < rs->n_entities ? &rs->entities[i] : NULL;
}

const struct text *rule_text(const struct ruleset *rs, struct str name)
{
	size_t i = rs->n_texts;

	if (i)
		i = find_name(rs->names ? &rs->names->texts : NULL, &rs->texts->name,
			      sizeof *rs->texts, rs->n_texts, name);
	return i < rs->n_texts ? &rs->texts[i].text : NULL;
}

const struct faq_entry *rule_faq(const struct ruleset *rs, struct str id)
{
	size_t i = rs->n_faq;

	if (i)
		i = find_name(rs->names ? &rs->names->faq : NULL, &rs->faq->id, sizeof *rs->faq,
			      rs->n_faq, id);
	return i < rs->n_faq ? &rs->faq[i] : NULL;
}

size_t rule_add_faq(struct arena *a, struct ruleset *rs, const struct faq_entry *more, size_t n)
{
	size_t before = rs->n_faq, end = before;
	struct rule_names *names;
	struct faq_entry *all;

	if (n == 0)
		return 0;
	all = ARENA_ARRAY(a, struct faq_entry, before + n);
	names = ARENA_NEW(a, struct rule_names);
	if (before)
		memcpy(all, rs->faq, before * sizeof *all);
	if (rs->names)
		*names = *rs->names;
	for (size_t i = 0; i < n; i++) {
		if (rule_faq(rs, more[i].id) ||
		    strmap_put(a, &names->faq, more[i].id, (uint32_t)end))
			continue;
		all[end++] = more[i];
	}
	rs->faq = all;
	rs->n_faq = end;
	rs->names = rs->names ? names : NULL;
	return end - before;
}

static const struct text_lang *find_lang(const struct text *t, struct str lang)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->langs[i].lang, lang))
			return &t->langs[i];
	return NULL;
}

struct strs text_variants(const struct text *t, struct str lang, const struct ruleset *rs)
{
	const struct text_lang *found = find_lang(t, lang);

	if (!found)
		found = find_lang(t, STR_NONE);
	if (!found && rs->languages.n)
		found = find_lang(t, rs->languages.v[0]);
	if (!found && t->n)
		found = &t->langs[0];
	return found ? found->variants : (struct strs){NULL, 0};
}

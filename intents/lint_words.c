/* Words that collide: one phrase in two intents, a keyword that its own `none` forbids, two FAQ
 * entries with the same words. */
#include "intents/linter.h"

#include "text/normal.h"
#include "text/utf8.h"

struct str lint_bare(struct arena *a, struct str s)
{
	struct str normal = normal_text(a, s);
	char *out = arena_alloc(a, normal.n + 1);
	size_t n = 0, len;

	for (size_t i = 0; i < normal.n; i += len) {
		uint32_t cp;

		len = utf8_decode(normal.p + i, normal.n - i, &cp);
		if ((cp < 0x80 && !memchr(" ,.?!;:", (int)cp, 7)) ||
		    (cp >= 0x80 && !(cp >= 0x3000 && cp <= 0x3011))) {
			memcpy(out + n, normal.p + i, len);
			n += len;
		}
	}
	return (struct str){out, n};
}

/* ---- phrases ---- */

struct owner {
	const struct intent *intent;
	struct mark mark;
};

struct owners {
	struct strmap index;
	struct owner *v;
	size_t n, cap;
};

static void check_phrase(struct linter *l, struct owners *owners, const struct intent *it,
			 const struct example *e)
{
	struct str words = lint_bare(l->a, e->text);
	const uint32_t *first;

	if (!words.n)
		return;
	first = strmap_put(l->a, &owners->index, words, (uint32_t)owners->n);
	if (!first) {
		ARENA_PUSH(l->a, owners->v, owners->n, owners->cap, (struct owner){it, e->mark});
		return;
	}
	if (owners->v[*first].intent != it)
		LINT_WARNING(
			l, e->mark, "same-phrase",
			"phrase '%.*s' is also in intent '%.*s' (%.*s); keep it in one of them",
			"例句“%.*s”在意图“%.*s”里也有（%.*s）；请只保留一处",
			STR_ARG(utf8_cut(e->text, 80)), STR_ARG(owners->v[*first].intent->name),
			STR_ARG(lint_place(l, e->mark, owners->v[*first].mark)));
}

static void check_phrases(struct linter *l)
{
	struct owners owners = {0};

	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		for (size_t b = 0; b < it->n_blocks; b++)
			for (size_t k = 0;
			     it->blocks[b].kind == BLOCK_PHRASES && k < it->blocks[b].n; k++)
				check_phrase(l, &owners, it, &it->blocks[b].phrases[k]);
	}
}

/* ---- keywords against their own `none` ---- */

/* A word, or the head of its synonyms. */
static struct str head_of(struct linter *l, struct str word)
{
	struct str normal = normal_text(l->a, word);
	const uint32_t *group = strmap_get(&l->heads, normal);

	return group ? normal_text(l->a, l->rs->words[*group].head) : normal;
}

/* Does the keyword `inner` hit wherever `outer` stands? Chinese ones hit as characters; of Latin ones
 * only whole words do, and whether those agree a stemmer decides. */
static bool is_inside(struct linter *l, struct str inner, struct str outer)
{
	struct str in = normal_text(l->a, inner), out = normal_text(l->a, outer);

	return in.n && (unsigned char)in.p[0] >= 0x80 && (unsigned char)in.p[in.n - 1] >= 0x80 &&
	       str_find(out, in, 0) != SIZE_MAX;
}

static void check_none_inside(struct linter *l, const struct block *b, struct str word)
{
	for (size_t i = 0; i < b->none.n; i++)
		if (is_inside(l, b->none.v[i], word)) {
			LINT_WARNING(l, b->mark, "own-none",
				     "keyword '%.*s' holds '%.*s', which is in 'none', so it can "
				     "never count",
				     "关键词“%.*s”里含有 none 的“%.*s”，永远不会起作用",
				     STR_ARG(word), STR_ARG(b->none.v[i]));
			return;
		}
}

static void check_none(struct linter *l, const struct block *b, struct str word,
		       const struct strmap *none)
{
	const uint32_t *forbidden = strmap_get(none, head_of(l, word));

	if (!forbidden) {
		check_none_inside(l, b, word);
		return;
	}
	if (str_eq(b->none.v[*forbidden], word))
		LINT_WARNING(l, b->mark, "own-none",
			     "keyword '%.*s' is in its own 'none', so it can never count",
			     "关键词“%.*s”同时写在 none 里，永远不会起作用", STR_ARG(word));
	else
		LINT_WARNING(
			l, b->mark, "own-none",
			"keyword '%.*s' means the same as '%.*s' in 'none', so it can never count",
			"关键词“%.*s”和 none 里的“%.*s”是同义词，永远不会起作用", STR_ARG(word),
			STR_ARG(b->none.v[*forbidden]));
}

static void check_keywords(struct linter *l, const struct block *b)
{
	struct strmap none = {0};

	for (size_t i = 0; i < b->none.n; i++)
		strmap_put(l->a, &none, head_of(l, b->none.v[i]), (uint32_t)i);
	for (size_t i = 0; b->none.n && i < b->all.n; i++)
		check_none(l, b, b->all.v[i], &none);
	for (size_t i = 0; b->none.n && i < b->any.n; i++)
		check_none(l, b, b->any.v[i], &none);
}

/* ---- FAQ ---- */

static void check_question(struct linter *l, struct strmap *seen, uint32_t entry,
			   struct str question)
{
	const struct faq_entry *faq = l->rs->faq;
	struct str words = lint_bare(l->a, question);
	const uint32_t *first = words.n ? strmap_put(l->a, seen, words, entry) : NULL;

	if (first && *first != entry)
		LINT_WARNING(l, faq[entry].mark, "same-question",
			     "FAQ '%.*s' asks '%.*s', and so does FAQ '%.*s' (%.*s); merge them",
			     "常见问题“%.*s”的问法“%.*s”和“%.*s”（%.*s）相同；请合并",
			     STR_ARG(faq[entry].id), STR_ARG(utf8_cut(question, 80)),
			     STR_ARG(faq[*first].id),
			     STR_ARG(lint_place(l, faq[entry].mark, faq[*first].mark)));
}

static size_t count_wordings(const struct ruleset *rs)
{
	size_t n = 0;

	for (size_t i = 0; i < rs->n_faq; i++) {
		for (size_t k = 0; k < rs->faq[i].question.n; k++)
			n += rs->faq[i].question.langs[k].variants.n;
		n += rs->faq[i].also.n;
	}
	return n;
}

static void check_faq(struct linter *l)
{
	struct strmap seen = {0};

	strmap_reserve(l->a, &seen, count_wordings(l->rs));
	for (size_t i = 0; i < l->rs->n_faq; i++) {
		const struct faq_entry *e = &l->rs->faq[i];

		for (size_t k = 0; k < e->question.n; k++)
			for (size_t v = 0; v < e->question.langs[k].variants.n; v++)
				check_question(l, &seen, (uint32_t)i,
					       e->question.langs[k].variants.v[v]);
		for (size_t k = 0; k < e->also.n; k++)
			check_question(l, &seen, (uint32_t)i, e->also.v[k]);
	}
}

void lint_words(struct linter *l)
{
	check_phrases(l);
	check_faq(l);
	for (size_t i = 0; i < l->rs->n_intents; i++)
		for (size_t b = 0; b < l->rs->intents[i].n_blocks; b++)
			check_keywords(l, &l->rs->intents[i].blocks[b]);
}

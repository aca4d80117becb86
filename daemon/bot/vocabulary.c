#include "bot/vocabulary.h"

#include "intents/strmap.h"
#include "text/utf8.h"

enum { WEIGHT_WORD = 1, WEIGHT_SYNONYM = 4, WEIGHT_KEYWORD = 8 };

struct gathering {
	struct arena scratch;
	struct spell_text *v; /* distinct texts: many rules share a word */
	size_t n, cap;
	struct strmap index; /* text -> number in v */
};

static void add(struct gathering *g, struct str text, uint32_t weight, unsigned meant)
{
	const uint32_t *at;

	if (!text.n)
		return;
	at = strmap_put(&g->scratch, &g->index, text, (uint32_t)g->n);
	if (at) {
		g->v[*at].weight += weight;
		g->v[*at].meant |= (uint8_t)meant;
		return;
	}
	ARENA_PUSH(&g->scratch, g->v, g->n, g->cap,
		   ((struct spell_text){text, weight, (uint8_t)meant}));
}

static void add_all(struct gathering *g, struct strs words, uint32_t weight, unsigned meant)
{
	for (size_t i = 0; i < words.n; i++)
		add(g, words.v[i], weight, meant);
}

/* Without its <slots>. */
static void add_phrase(struct gathering *g, struct str text)
{
	for (size_t from = 0; from < text.n;) {
		size_t open = str_find(text, STR("<"), from);
		size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(text, STR(">"), open);

		if (close == SIZE_MAX)
			open = text.n;
		add(g, str_sub(text, from, open), WEIGHT_WORD, SPELL_ALL);
		from = close == SIZE_MAX ? text.n : close + 1;
	}
}

/* Bytes of the stretch of letters or Chinese characters at `from`; 0 when it begins with neither.
 */
static size_t stretch(struct str text, size_t from)
{
	size_t at = from, step;
	uint32_t cp;

	for (; at < text.n; at += step) {
		step = utf8_decode(text.p + at, text.n - at, &cp);
		if (!utf8_is_han(cp) && !((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'))
			break;
	}
	return at - from;
}

/* Words of a pattern are stretches that stand between its signs. What follows a backslash is none
 * of theirs, and a letter before ? or * may be missing: colou?r gives no word. */
static void add_pattern(struct gathering *g, struct str p)
{
	for (size_t i = 0; i < p.n;) {
		size_t n = stretch(p, i);

		if (p.p[i] == '\\') {
			i += 2;
			continue;
		}
		if (n && (i + n == p.n || !memchr("?*{+", p.p[i + n], 4)))
			add(g, str_sub(p, i, i + n), WEIGHT_WORD, SPELL_ALL);
		i += n ? n : 1;
	}
}

static void add_block(struct gathering *g, const struct block *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->kind == BLOCK_REGEX)
			add_pattern(g, b->phrases[i].text);
		else
			add_phrase(g, b->phrases[i].text);
	}
	add_all(g, b->all, WEIGHT_KEYWORD, SPELL_ALL);
	add_all(g, b->any, WEIGHT_KEYWORD, SPELL_ALL);
	add_all(g, b->none, WEIGHT_WORD, 0);
}

static void add_synonyms(struct gathering *g, const struct synonym *s)
{
	add(g, s->head, WEIGHT_SYNONYM, SPELL_ALL);
	add_all(g, (struct strs){s->members, s->n}, WEIGHT_SYNONYM, SPELL_ALL);
}

static void add_entity(struct gathering *g, const struct entity *e)
{
	for (size_t i = 0; i < e->n_values; i++)
		add_all(g, e->values[i].names, WEIGHT_WORD, e->typos == 0 ? 0 : SPELL_HAN);
}

static void add_faq(struct gathering *g, const struct faq_entry *e)
{
	for (size_t i = 0; i < e->question.n; i++)
		add_all(g, e->question.langs[i].variants, WEIGHT_WORD, SPELL_ALL);
	add_all(g, e->also, WEIGHT_WORD, SPELL_ALL);
}

static void gather(struct gathering *g, const struct ruleset *rs)
{
	for (size_t i = 0; i < rs->n_words; i++)
		add_synonyms(g, &rs->words[i]);
	for (size_t i = 0; i < rs->n_entities; i++)
		add_entity(g, &rs->entities[i]);
	for (size_t i = 0; i < rs->n_intents; i++) {
		for (size_t k = 0; k < rs->intents[i].n_blocks; k++)
			add_block(g, &rs->intents[i].blocks[k]);
	}
}

struct spell_base *vocabulary_base(const struct ruleset *rs, const struct lexicon *l)
{
	struct gathering g = {0};
	struct spell_base *base;

	if (rs->settings.typos == 0)
		return NULL;
	arena_init(&g.scratch);
	for (size_t i = 0; i < rs->n_faq; i++)
		add_faq(&g, &rs->faq[i]);
	base = spell_base_new(l, g.v, g.n);
	arena_done(&g.scratch);
	return base;
}

const struct speller *vocabulary_speller(struct arena *a, const struct ruleset *rs,
					 const struct lexicon *l, const struct spell_base *base)
{
	struct gathering g = {0};
	const struct speller *s;

	if (!base)
		return NULL;
	arena_init(&g.scratch);
	gather(&g, rs);
	s = speller_new(a, l, base, g.v, g.n,
			rs->settings.typos == TYPOS_AUTO ? SPELL_AUTO : rs->settings.typos);
	arena_done(&g.scratch);
	return s;
}

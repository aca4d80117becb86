#include "intents/match_index.h"

#include <limits.h>
#include <stdlib.h>

#include "intents/cnf.h"
#include "intents/strmap.h"
#include "text/mem.h"

enum {
	TERM_MAX = 18
}; /* bytes of a value's name that is cut as one word: six Chinese characters */

struct compiler {
	struct matcher *m;
	struct diags *diags;
	struct arena scratch; /* of one rule */
	struct arena drafting;
	struct draft *drafts; /* of each rule */
	size_t n_drafts, cap_drafts;
	struct rule *rules; /* as many as in m, where they come last */
	size_t cap_rules;
	struct phrase *phrases;
	size_t n_phrases, cap_phrases;
	struct strmap words; /* as written -> number in keywords: many rules share a word */
	struct keyword *keywords;
	size_t n_keywords, cap_keywords;
};

/* A list that grew in another arena. */
static void *keep(struct matcher *m, const void *items, size_t size)
{
	void *kept = arena_alloc(&m->arena, size);

	if (size)
		memcpy(kept, items, size);
	return kept;
}

/* ---- rules ---- */

static void add_rule(struct compiler *c, struct rule r, struct draft d)
{
	ARENA_PUSH(&c->drafting, c->rules, c->m->n_rules, c->cap_rules, r);
	ARENA_PUSH(&c->drafting, c->drafts, c->n_drafts, c->cap_drafts, d);
	arena_reset(&c->scratch);
}

static struct keyword read_keyword(struct compiler *c, struct str word)
{
	struct matcher *m = c->m;
	const uint32_t *at = strmap_put(&c->drafting, &c->words, word, (uint32_t)c->n_keywords);
	struct keyword k;

	if (at)
		return c->keywords[*at];
	keyword_read(&m->arena, &c->scratch, m->literals, m->lexicon, word, &k);
	ARENA_PUSH(&c->drafting, c->keywords, c->n_keywords, c->cap_keywords, k);
	return k;
}

static struct keywords read_keywords(struct compiler *c, struct arena *a, struct strs words)
{
	struct keyword *v = ARENA_ARRAY(a, struct keyword, words.n);
	size_t n = 0;

	for (size_t i = 0; i < words.n; i++) {
		v[n] = read_keyword(c, words.v[i]);
		n += v[n].n > 0;
	}
	return (struct keywords){v, n};
}

/* The literals of all of them. */
static struct clause join_keywords(struct compiler *c, struct keywords words)
{
	size_t n = 0;
	uint32_t *ids;

	for (size_t i = 0; i < words.n; i++)
		n += words.v[i].n;
	ids = ARENA_ARRAY(&c->drafting, uint32_t, n);
	n = 0;
	for (size_t i = 0; i < words.n; i++) {
		memcpy(ids + n, words.v[i].ids, words.v[i].n * sizeof *ids);
		n += words.v[i].n;
	}
	return (struct clause){ids, n};
}

/* A block with neither `all` nor `any` has no clause, is never triggered, and so never fires. */
static void compile_keywords(struct compiler *c, const struct intent *intent,
			     const struct block *block)
{
	struct rule r = {.intent = intent, .mark = block->mark};
	struct draft d = {0};

	r.all = read_keywords(c, &c->m->arena, block->all);
	r.any = read_keywords(c, &c->m->arena, block->any);
	d.absent = join_keywords(c, read_keywords(c, &c->drafting, block->none));
	d.clauses = ARENA_ARRAY(&c->drafting, struct clause, r.all.n + 1);
	for (size_t i = 0; i < r.all.n; i++)
		d.clauses[d.n_clauses++] = (struct clause){r.all.v[i].ids, r.all.v[i].n};
	if (r.any.n > 0)
		d.clauses[d.n_clauses++] = join_keywords(c, r.any);
	add_rule(c, r, d);
}

static void compile_regex(struct compiler *c, const struct intent *intent,
			  const struct example *pattern)
{
	struct matcher *m = c->m;
	struct rule r = {.intent = intent, .mark = pattern->mark};
	struct draft d = {0};
	struct str needs, texts[CNF_CLAUSE_MAX];
	size_t cap = 0, n;

	r.regex = regex_set_take(m->regexes, pattern->text, pattern->mark, c->diags);
	if (!r.regex)
		return;
	needs = regex_needs(r.regex);
	while ((n = cnf_next(&needs, texts)) > 0) {
		uint32_t *ids = ARENA_ARRAY(&c->drafting, uint32_t, n);

		for (size_t i = 0; i < n; i++)
			ids[i] = literals_add(m->literals, LITERAL_BYTES, texts[i]);
		ARENA_PUSH(&c->drafting, d.clauses, d.n_clauses, cap, ((struct clause){ids, n}));
	}
	add_rule(c, r, d);
}

static void add_phrase(struct compiler *c, struct phrase phrase)
{
	ARENA_PUSH(&c->drafting, c->phrases, c->n_phrases, c->cap_phrases, phrase);
}

static void compile_block(struct compiler *c, const struct intent *intent,
			  const struct block *block)
{
	if (block->kind == BLOCK_KEYWORDS)
		compile_keywords(c, intent, block);
	for (size_t i = 0; i < block->n; i++) {
		const struct example *e = &block->phrases[i];

		if (block->kind == BLOCK_REGEX)
			compile_regex(c, intent, e);
		else if (block->kind == BLOCK_PHRASES)
			add_phrase(c, (struct phrase){e->text, intent->index, e->mark, false});
	}
}

static bool has_phrases(const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_blocks; i++) {
		if (intent->blocks[i].kind == BLOCK_PHRASES)
			return true;
	}
	return false;
}

/* Where keywords keep words out (`none`), the intent's name would let them in. */
static bool keeps_words_out(const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_blocks; i++)
		if (intent->blocks[i].none.n)
			return true;
	return false;
}

/* What people read on its button says in a few words what an intent is about. */
static void add_name(struct compiler *c, const struct intent *intent)
{
	const struct text *title = &intent->title;
	struct phrase phrase = {.intent = intent->index, .mark = title->mark, .name = true};

	for (size_t i = 0; i < title->n; i++) {
		for (size_t k = 0; k < title->langs[i].variants.n; k++) {
			phrase.text = title->langs[i].variants.v[k];
			add_phrase(c, phrase);
		}
	}
	if (title->n > 0)
		return;
	phrase.text = phrase_of_name(&c->m->arena, intent->name);
	add_phrase(c, phrase);
}

static void compile_intent(struct compiler *c, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_blocks; i++)
		compile_block(c, intent, &intent->blocks[i]);
	if (has_phrases(intent) && !keeps_words_out(intent))
		add_name(c, intent);
}

/* ---- what phrases can overrule ---- */

static void note_phrases(struct matcher *m)
{
	m->phrase_priority = INT_MIN;
	for (size_t i = 0; i < m->rs->n_intents; i++) {
		const struct intent *intent = &m->rs->intents[i];

		if (!has_phrases(intent))
			continue;
		if (intent->priority > m->phrase_priority)
			m->phrase_priority = intent->priority;
		if (intent->only.contexts.n > 0)
			ARENA_PUSH(&m->arena, m->in_contexts, m->n_in_contexts, m->cap_in_contexts,
				   intent);
	}
}

/* ---- the whole ---- */

/* Words the rules themselves use are not typos of a value's name. */
static void know_words(struct compiler *c)
{
	struct typos *typos = entities_typos(c->m->entities);
	struct strs terms = {0};
	struct utterance u;

	if (!typos_wanted(typos))
		return;
	terms = match_terms(&c->drafting, c->m->rs);
	for (size_t i = 0; i < c->n_phrases + terms.n; i++) {
		struct str text = i < terms.n ? terms.v[i] : c->phrases[i - terms.n].text;

		arena_reset(&c->scratch);
		utterance_read(&c->scratch, c->m->lexicon, text, &u);
		for (size_t k = 0; k < u.n; k++) {
			if (u.tokens[k].kind == TOKEN_WORD)
				typos_add(typos, u.tokens[k].text, 0);
		}
	}
}

static const char *trouble_in_chinese(int rc)
{
	return rc == ERR_NOT_FOUND ? "没有这个文件"
	       : rc == ERR_DENIED  ? "没有读取权限"
	       : rc == ERR_INVALID ? "不是词向量文件"
	       : rc == ERR_CORRUPT ? "文件已损坏或不完整"
				   : "无法读取";
}

static void add_texts(struct compiler *c, struct strs texts, uint32_t number, struct mark mark)
{
	for (size_t i = 0; i < texts.n; i++)
		add_phrase(c, (struct phrase){texts.v[i], number, mark, false});
}

/* What the FAQ's entries mean, an intent must not take: they are numbered behind the intents. */
static const struct meaning *make_meaning(struct compiler *c)
{
	const struct ruleset *rs = c->m->rs;

	for (size_t i = 0; i < rs->n_faq; i++) {
		const struct faq_entry *e = &rs->faq[i];
		uint32_t number = (uint32_t)(rs->n_intents + i);

		for (size_t k = 0; k < e->question.n; k++)
			add_texts(c, e->question.langs[k].variants, number, e->mark);
		add_texts(c, e->also, number, e->mark);
	}
	return meaning_new(&c->m->arena, c->m->vectors, c->m->lexicon,
			   keep(c->m, c->phrases, c->n_phrases * sizeof *c->phrases), c->n_phrases,
			   (uint32_t)rs->n_intents);
}

static void open_vectors(struct compiler *c)
{
	const struct rule_settings *s = &c->m->rs->settings;
	struct matcher *m = c->m;
	struct err err;
	int rc;

	if (!s->vectors.n)
		return;
	rc = vectors_open(arena_str(&c->scratch, s->vectors).p, &m->vectors, &err);
	if (rc == 0)
		m->meaning = make_meaning(c);
	else
		diags_add(c->diags, DIAG_ERROR, s->vectors_mark, "bad-vectors",
			  "cannot use the word vectors '%.*s': %s; make the file with ./dev "
			  "vectors, or take the key 'vectors' out",
			  "无法使用词向量“%.*s”：%s；请用 ./dev vectors 生成该文件，或删去 vectors "
			  "这一项",
			  STR_ARG(s->vectors),
			  c->diags->chinese ? trouble_in_chinese(rc) : err.text);
}

static void compile_all(struct compiler *c)
{
	struct matcher *m = c->m;

	for (size_t i = 0; i < m->rs->n_intents; i++)
		compile_intent(c, &m->rs->intents[i]);
	m->rules = keep(m, c->rules, m->n_rules * sizeof *m->rules);
}

struct matcher *matcher_new_untrained(const struct ruleset *rs, const struct lexicon *lexicon,
				      const struct matcher *previous, struct diags *diags)
{
	struct matcher *m = mem_zalloc(sizeof *m);
	struct compiler c = {.m = m, .diags = diags};
	struct phrase_before before;

	arena_init(&m->arena);
	arena_init(&c.scratch);
	arena_init(&c.drafting);
	m->rs = rs;
	m->lexicon = lexicon;
	m->literals = literals_new();
	m->regexes = regex_set_new(previous ? previous->regexes : NULL);
	compile_all(&c);
	m->entities = entities_new(&m->arena, rs, lexicon, m->literals, m->regexes, diags);
	regex_set_ready(m->regexes);
	know_words(&c);
	if (literals_build(m->literals))
		diags_add(diags, DIAG_ERROR, (struct mark){0}, "too-many-keywords",
			  "keywords and entity values are more than about 3 MB of text; use fewer",
			  "关键词和实体取值的文字总量超过约 3 MB；请减少");
	match_index_make(m, c.drafts);
	entities_ready(m->entities);
	note_phrases(m);
	if (previous)
		before = (struct phrase_before){previous->phrases, previous->lexicon};
	m->phrases = phrase_model_new(&m->arena, lexicon,
				      keep(m, c.phrases, c.n_phrases * sizeof *c.phrases),
				      c.n_phrases, previous ? &before : NULL);
	open_vectors(&c);
	arena_done(&c.drafting);
	arena_done(&c.scratch);
	return m;
}

struct matcher *matcher_new(const struct ruleset *rs, const struct lexicon *lexicon,
			    const struct matcher *previous, struct diags *diags)
{
	struct matcher *m = matcher_new_untrained(rs, lexicon, previous, diags);

	phrase_model_train(m->phrases);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	regex_set_free(m->regexes);
	phrase_model_free(m->phrases);
	literals_free(m->literals);
	vectors_close(m->vectors);
	arena_done(&m->arena);
	free(m);
}

static bool always_runs(const struct matcher *m, size_t rule)
{
	for (size_t i = 0; i < m->n_always; i++) {
		if (m->checks[m->always[i]] == rule)
			return true;
	}
	return false;
}

void matcher_lint(const struct matcher *m, struct diags *diags)
{
	for (size_t i = 0; i < m->n_rules; i++) {
		const struct rule *r = &m->rules[i];

		if (!r->regex)
			continue;
		regex_lint(r->regex, r->mark, diags);
		if (always_runs(m, i))
			diags_add(
				diags, DIAG_NOTE, r->mark, "regex-always-runs",
				"no fixed text of two letters or one Chinese character must be in "
				"a "
				"message for this regular expression, so it runs on every message",
				"这条正则表达式没有必须出现的固定文字（一个汉字或两个字母），因此每"
				"条消息都要运行它");
	}
	entities_lint(m->entities, diags);
}

/* ---- terms ---- */

struct terms {
	struct arena *arena;
	struct strmap seen;
	struct str *v;
	size_t n, cap;
};

static void add_term(struct terms *t, struct str word)
{
	if (!strmap_put(t->arena, &t->seen, word, 1))
		ARENA_PUSH(t->arena, t->v, t->n, t->cap, word);
}

static void add_terms(struct terms *t, struct strs words)
{
	for (size_t i = 0; i < words.n; i++)
		add_term(t, words.v[i]);
}

static void add_short_names(struct terms *t, struct strs names)
{
	for (size_t i = 0; i < names.n; i++) {
		if (names.v[i].n <= TERM_MAX)
			add_term(t, names.v[i]);
	}
}

struct strs match_terms(struct arena *a, const struct ruleset *rs)
{
	struct terms t = {.arena = a};

	for (size_t i = 0; i < rs->n_intents; i++) {
		for (size_t k = 0; k < rs->intents[i].n_blocks; k++) {
			const struct block *b = &rs->intents[i].blocks[k];

			add_terms(&t, b->all);
			add_terms(&t, b->any);
			add_terms(&t, b->none);
		}
	}
	for (size_t i = 0; i < rs->n_entities; i++) {
		for (size_t k = 0; k < rs->entities[i].n_values; k++)
			add_short_names(&t, rs->entities[i].values[k].names);
	}
	return (struct strs){t.v, t.n};
}

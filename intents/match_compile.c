#include "intents/matcher.h"

#include <math.h>
#include <stdlib.h>

#include "intents/cnf.h"
#include "text/mem.h"

enum {
	TERM_MAX = 18
}; /* bytes of a value's name that is cut as one word: six Chinese characters */

struct compiler {
	struct matcher *m;
	struct diags *diags;
	struct arena scratch;
	struct phrase *phrases;
	size_t n_phrases, cap_phrases;
};

/* ---- rules ---- */

static void push_clause(struct rule *r, const uint32_t *ids, size_t n)
{
	r->clauses[r->n_clauses++] = (struct clause){ids, n};
}

static struct keywords read_keywords(struct matcher *m, struct strs words)
{
	struct keyword *v = ARENA_ARRAY(&m->arena, struct keyword, words.n);
	size_t n = 0;

	for (size_t i = 0; i < words.n; i++) {
		keyword_read(&m->arena, m->literals, m->lexicon, words.v[i], &v[n]);
		n += v[n].n > 0;
	}
	return (struct keywords){v, n};
}

/* The literals of all of them. */
static void join_keywords(struct matcher *m, struct rule *r, struct keywords words)
{
	size_t n = 0;
	uint32_t *ids;

	for (size_t i = 0; i < words.n; i++)
		n += words.v[i].n;
	ids = ARENA_ARRAY(&m->arena, uint32_t, n);
	n = 0;
	for (size_t i = 0; i < words.n; i++) {
		memcpy(ids + n, words.v[i].ids, words.v[i].n * sizeof *ids);
		n += words.v[i].n;
	}
	push_clause(r, ids, n);
}

/* A block with neither `all` nor `any` has no clause, is never triggered, and so never fires. */
static void compile_keywords(struct compiler *c, const struct intent *intent,
			     const struct block *block)
{
	struct matcher *m = c->m;
	struct rule r = {.intent = intent, .mark = block->mark};

	r.all = read_keywords(m, block->all);
	r.any = read_keywords(m, block->any);
	r.none = read_keywords(m, block->none);
	r.clauses = ARENA_ARRAY(&m->arena, struct clause, r.all.n + 1);
	for (size_t i = 0; i < r.all.n; i++)
		push_clause(&r, r.all.v[i].ids, r.all.v[i].n);
	if (r.any.n > 0)
		join_keywords(m, &r, r.any);
	ARENA_PUSH(&m->arena, m->rules, m->n_rules, m->cap_rules, r);
}

static void compile_regex(struct compiler *c, const struct intent *intent,
			  const struct example *pattern)
{
	struct matcher *m = c->m;
	struct rule r = {.intent = intent, .mark = pattern->mark};
	struct cnf cnf;

	r.regex = regex_new(pattern->text, pattern->mark, c->diags);
	if (!r.regex)
		return;
	r.pattern = regex_text(r.regex);
	cnf_read(&c->scratch, r.pattern, &cnf);
	r.clauses = ARENA_ARRAY(&m->arena, struct clause, cnf.n + 1);
	for (const struct cnf_clause *clause = cnf.first; clause; clause = clause->next) {
		uint32_t *ids = ARENA_ARRAY(&m->arena, uint32_t, clause->n);

		for (size_t i = 0; i < clause->n; i++)
			ids[i] = literals_add(m->literals, LITERAL_BYTES, clause->v[i]);
		push_clause(&r, ids, clause->n);
	}
	arena_reset(&c->scratch);
	ARENA_PUSH(&m->arena, m->rules, m->n_rules, m->cap_rules, r);
}

static void compile_block(struct compiler *c, const struct intent *intent,
			  const struct block *block)
{
	if (block->kind == BLOCK_KEYWORDS)
		compile_keywords(c, intent, block);
	for (size_t i = 0; i < block->n; i++) {
		if (block->kind == BLOCK_REGEX)
			compile_regex(c, intent, &block->phrases[i]);
		else if (block->kind == BLOCK_PHRASES)
			ARENA_PUSH(&c->m->arena, c->phrases, c->n_phrases, c->cap_phrases,
				   ((struct phrase){block->phrases[i].text, intent->index,
						    block->phrases[i].mark}));
	}
}

/* ---- triggers ---- */

/* How many rules a clause will wake up a message, up to a factor: rules that share a literal share
 * a common word, which messages have too; longer texts are rarer. */
static double clause_cost(const struct matcher *m, const struct clause *c,
			  const uint32_t *rules_with)
{
	double cost = 0;

	for (size_t i = 0; i < c->n; i++) {
		double many = rules_with[c->ids[i]];

		cost += many * (many > 3 ? 4 : 1) *
			exp2(-0.5 * (double)literals_size(m->literals, c->ids[i]));
	}
	return cost;
}

static void swap_clauses(struct clause *a, struct clause *b)
{
	struct clause t = *a;

	*a = *b;
	*b = t;
}

/* The trigger becomes clauses[0]. */
static void choose_trigger(const struct matcher *m, struct rule *r, const uint32_t *rules_with)
{
	double least = INFINITY;

	for (size_t i = 0; i < r->n_clauses; i++) {
		double cost = clause_cost(m, &r->clauses[i], rules_with);

		if (cost < least) {
			least = cost;
			swap_clauses(&r->clauses[0], &r->clauses[i]);
		}
	}
}

static void make_triggers(struct matcher *m)
{
	struct arena scratch;
	uint32_t *rules_with;
	struct literal_pair *pairs = NULL;
	size_t n = 0, cap = 0;

	arena_init(&scratch);
	rules_with = ARENA_ARRAY(&scratch, uint32_t, literals_count(m->literals) + 1);
	for (size_t i = 0; i < m->n_rules; i++) {
		for (size_t k = 0; k < m->rules[i].n_clauses; k++) {
			for (size_t j = 0; j < m->rules[i].clauses[k].n; j++)
				rules_with[m->rules[i].clauses[k].ids[j]]++;
		}
	}
	for (uint32_t i = 0; i < m->n_rules; i++) {
		struct rule *r = &m->rules[i];

		choose_trigger(m, r, rules_with);
		for (size_t j = 0; r->n_clauses > 0 && j < r->clauses[0].n; j++)
			ARENA_PUSH(&scratch, pairs, n, cap,
				   ((struct literal_pair){r->clauses[0].ids[j], i}));
		if (r->n_clauses == 0 && r->regex)
			ARENA_PUSH(&m->arena, m->always, m->n_always, m->cap_always, i);
	}
	literal_index_make(&m->arena, pairs, n, literals_count(m->literals), &m->triggers);
	arena_done(&scratch);
}

/* ---- the whole ---- */

/* Words the rules themselves use are not typos of a value's name. */
static void know_words(struct compiler *c)
{
	struct typos *typos = entities_typos(c->m->entities);
	struct strs terms = match_terms(&c->m->arena, c->m->rs);
	struct utterance u;

	for (size_t i = 0; i < c->n_phrases + terms.n; i++) {
		struct str text = i < terms.n ? terms.v[i] : c->phrases[i - terms.n].text;

		utterance_read(&c->m->arena, c->m->lexicon, text, &u);
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
		ARENA_PUSH(&c->m->arena, c->phrases, c->n_phrases, c->cap_phrases,
			   ((struct phrase){texts.v[i], number, mark}));
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
	return meaning_new(&c->m->arena, c->m->vectors, c->m->lexicon, c->phrases, c->n_phrases,
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

struct matcher *matcher_new(const struct ruleset *rs, const struct lexicon *lexicon,
			    struct diags *diags)
{
	struct matcher *m = mem_zalloc(sizeof *m);
	struct compiler c = {.m = m, .diags = diags};

	arena_init(&m->arena);
	arena_init(&c.scratch);
	m->rs = rs;
	m->lexicon = lexicon;
	m->literals = literals_new();
	for (size_t i = 0; i < rs->n_intents; i++) {
		for (size_t k = 0; k < rs->intents[i].n_blocks; k++)
			compile_block(&c, &rs->intents[i], &rs->intents[i].blocks[k]);
	}
	m->entities = entities_new(&m->arena, rs, lexicon, m->literals, diags);
	know_words(&c);
	if (literals_build(m->literals))
		diags_add(diags, DIAG_ERROR, (struct mark){0}, "too-many-keywords",
			  "keywords and entity values are more than about 3 MB of text; use fewer",
			  "关键词和实体取值的文字总量超过约 3 MB；请减少");
	make_triggers(m);
	entities_ready(m->entities);
	m->phrases = phrase_model_new(&m->arena, lexicon, c.phrases, c.n_phrases);
	open_vectors(&c);
	arena_done(&c.scratch);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_rules; i++)
		regex_free(m->rules[i].regex);
	entities_free(m->entities);
	literals_free(m->literals);
	vectors_close(m->vectors);
	arena_done(&m->arena);
	free(m);
}

void matcher_lint(const struct matcher *m, struct diags *diags)
{
	for (size_t i = 0; i < m->n_rules; i++) {
		const struct rule *r = &m->rules[i];

		if (!r->regex)
			continue;
		regex_lint(r->regex, r->mark, diags);
		if (r->n_clauses == 0)
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
	struct str *v;
	size_t n, cap;
};

static void add_terms(struct terms *t, struct strs words)
{
	for (size_t i = 0; i < words.n; i++)
		ARENA_PUSH(t->arena, t->v, t->n, t->cap, words.v[i]);
}

static void add_short_names(struct terms *t, struct strs names)
{
	for (size_t i = 0; i < names.n; i++) {
		if (names.v[i].n <= TERM_MAX)
			ARENA_PUSH(t->arena, t->v, t->n, t->cap, names.v[i]);
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

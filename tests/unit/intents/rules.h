/* A matcher made from YAML as the daemon makes it, with a small catalogue, for the tests of
 * matching. */
#ifndef TESTS_RULES_H
#define TESTS_RULES_H

#include "intents/load.h"
#include "intents/match.h"
#include "text/lexicon.h"

struct rules {
	struct arena arena; /* of the rules; and of the messages: tests are short */
	struct diags diags;
	struct ruleset *rs;
	const struct lexicon *lexicon;
	struct matcher *matcher;
	struct match_state state;
};

static inline void rules_compile(struct rules *r)
{
	struct strs terms = match_terms(&r->arena, r->rs);

	r->lexicon = lexicon_new(&r->arena, r->rs->words, r->rs->n_words, terms.v, terms.n);
	r->matcher = matcher_new(r->rs, r->lexicon, NULL, &r->diags);
	r->state = (struct match_state){.lang = STR("zh")};
}

static inline struct entity_source rules_catalogue(void)
{
	static const char *const names[][2] = {
		{"py101", "Python入门：零基础到实战"},
		{"js201", "JavaScript 进阶"},
		{"da301", "数据分析：从Excel到SQL"},
	};
	static struct str strs[3][2];
	static struct entity_value values[3];

	for (size_t i = 0; i < 3; i++) {
		strs[i][0] = str_of(names[i][0]);
		strs[i][1] = str_of(names[i][1]);
		values[i] = (struct entity_value){strs[i][0], {strs[i], 2}};
	}
	return (struct entity_source){STR("kb.courses"), values, 3};
}

/* yaml must outlive the rules. */
static inline void rules_open(struct rules *r, const char *yaml)
{
	struct entity_source source = rules_catalogue();

	memset(r, 0, sizeof *r);
	arena_init(&r->arena);
	diags_init(&r->diags, false);
	r->rs = load_bytes(&r->arena, STR("t.yaml"), str_of(yaml), &source, 1, &r->diags);
	rules_compile(r);
}

static inline void rules_close(struct rules *r)
{
	matcher_free(r->matcher);
	diags_done(&r->diags);
	arena_done(&r->arena);
}

static inline struct utterance rules_read(struct rules *r, const char *message)
{
	struct utterance u;

	utterance_read(&r->arena, r->lexicon, str_of(message), &u);
	return u;
}

static inline struct matches rules_match(struct rules *r, const char *message)
{
	struct utterance u = rules_read(r, message);
	struct matches m;

	intent_match(r->matcher, &r->arena, &u, &r->state, true, &m);
	return m;
}

/* "refund 1.00": the best intent and its score; "" when there is none. */
static inline struct str rules_best(struct rules *r, const char *message)
{
	struct matches m = rules_match(r, message);

	if (m.n == 0)
		return STR("");
	return arena_printf(&r->arena, "%.*s %.2f", STR_ARG(m.v[0].intent->name), m.v[0].score);
}

#endif

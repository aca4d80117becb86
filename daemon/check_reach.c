#include "check_part.h"

#include <limits.h>

enum { PROBES_MAX = 200 }; /* of one intent */

/* The words of one intent, said until one of them reaches it. */
struct probing {
	struct turn *turn;
	const struct intent *intent;
	int phrase_priority; /* the highest of an intent with phrases */
	size_t said;
	bool reached;		     /* by one of its words, or by none of the others */
	const struct intent *winner; /* of the first */
};

/* ---- what rules tell without the phrases, which need not be trained then ---- */

static bool same_order(const struct candidate *a, const struct candidate *b)
{
	return a->in_context == b->in_context && a->intent->priority == b->intent->priority;
}

/* Two rules are rivals, and no phrase comes before them: the bot asks back. */
static bool asks_back(const struct probing *p)
{
	const struct matches *m = &p->turn->matches;

	return m->n > 1 && same_order(&m->v[0], &m->v[1]) &&
	       m->v[0].intent->priority >= p->phrase_priority &&
	       (m->v[0].in_context || !p->intent->only.contexts.n);
}

/* A phrase that was learned from is as sure as a rule: what comes before its intent is a rule or phrase of
 * higher priority alone. */
static bool phrase_wins(const struct probing *p)
{
	const struct matches *m = &p->turn->matches;
	const struct intent *it = p->intent;

	if (it->priority < p->phrase_priority || it->only.langs.n)
		return false;
	return m->n == 0 || it->priority > m->v[0].intent->priority ||
	       (it->only.contexts.n && !m->v[0].in_context);
}

enum probe_kind {
	PROBE_TEST,
	PROBE_FILLED,  /* a phrase with examples in the place of captures */
	PROBE_LEARNED, /* a phrase as it stands */
	PROBE_KEYWORDS,
};

/* Says it; false: the intent is reached, or nobody else is. */
static bool another_answers(const struct probing *p, struct str text, enum probe_kind kind)
{
	struct turn *t = p->turn;

	t->rules_alone = true;
	check_say(t, p->intent, text);
	t->rules_alone = false;
	if (!t->matches.unscored)
		return true;
	if (asks_back(p) || (kind == PROBE_LEARNED && phrase_wins(p)))
		return false;
	if (kind == PROBE_KEYWORDS &&
	    t->matches.n == 0) /* not even its own: lint_words tells why */
		return false;
	check_say(t, p->intent, text);
	return true;
}

static void probe(struct probing *p, struct str text, enum probe_kind kind)
{
	const struct intent *winner = NULL;

	if (p->reached || p->said == PROBES_MAX || !str_trim(text).n)
		return;
	if (another_answers(p, text, kind))
		winner = rule_intent(p->turn->snapshot->rules, p->turn->reply.intent);
	p->said++;
	/* A question back, an FAQ entry or fallback is another matter: tests tell of it. */
	p->reached = winner == NULL || winner == p->intent;
	if (!p->winner)
		p->winner = winner;
}

/* ---- phrases, with something in the place of captures ---- */

static struct str example_of(const struct ruleset *rs, struct str name)
{
	const struct entity *e = rule_entity(rs, name);

	return e && e->n_values && e->values[0].names.n ? e->values[0].names.v[0] : STR_NONE;
}

static bool is_plain(struct str phrase)
{
	return !memchr(phrase.p, '<', phrase.n) && !memchr(phrase.p, '*', phrase.n);
}

/* False: a capture of which no example is known. */
static bool fill(const struct ruleset *rs, struct str phrase, struct buf *out)
{
	for (size_t i = 0; i < phrase.n; i++) {
		size_t end = phrase.p[i] == '<' ? str_find(phrase, STR(">"), i) : SIZE_MAX;
		struct str example;

		if (end == SIZE_MAX) {
			buf_char(out, phrase.p[i] == '*' ? ' ' : phrase.p[i]);
			continue;
		}
		example = example_of(rs, str_sub(phrase, i + 1, end));
		if (!example.n)
			return false;
		buf_str(out, example);
		i = end;
	}
	return true;
}

static void probe_phrases(struct probing *p, const struct block *b)
{
	struct buf text = {0};

	for (size_t i = 0; i < b->n && !p->reached; i++) {
		buf_reset(&text);
		if (fill(p->turn->snapshot->rules, b->phrases[i].text, &text))
			probe(p, buf_view(&text),
			      is_plain(b->phrases[i].text) ? PROBE_LEARNED : PROBE_FILLED);
	}
	buf_done(&text);
}

/* ---- keywords: all of `all`, with each of `any` ---- */

static void probe_keywords(struct probing *p, const struct block *b)
{
	struct buf text = {0};
	size_t base;

	for (size_t i = 0; i < b->all.n; i++) {
		buf_str(&text, b->all.v[i]);
		buf_char(&text, ' ');
	}
	base = text.n;
	for (size_t i = 0; i < (b->any.n ? b->any.n : 1) && !p->reached; i++) {
		text.n = base;
		if (b->any.n)
			buf_str(&text, b->any.v[i]);
		probe(p, buf_view(&text), PROBE_KEYWORDS);
	}
	buf_done(&text);
}

/* ---- an intent ---- */

static void probe_tests(struct probing *p)
{
	const struct intent *it = p->intent;

	for (size_t i = 0; i < it->n_tests; i++)
		if (str_eq(it->tests[i].intent, it->name))
			probe(p, it->tests[i].say, PROBE_TEST);
}

static void report(const struct probing *p, struct diags *d)
{
	const struct intent *it = p->intent, *by = p->winner;

	diags_add(
		d, DIAG_WARNING, it->mark, "shadowed",
		"intent '%.*s' never answers its own tests, phrases and keywords: '%.*s' (line %d) "
		"comes first each time; give it words of its own, or a higher priority than %d",
		"意图“%.*s”在自己的测试、例句和关键词上从来轮不到：每次都先命中“%.*s”（第 %d 行）；"
		"请给它独有的说法，或把 priority 设得比 %d 高",
		STR_ARG(it->name), STR_ARG(by->name), by->mark.line, by->priority);
}

static int phrase_priority(const struct ruleset *rs)
{
	int highest = INT_MIN;

	for (size_t i = 0; i < rs->n_intents; i++)
		for (size_t b = 0; b < rs->intents[i].n_blocks; b++)
			if (rs->intents[i].blocks[b].kind == BLOCK_PHRASES &&
			    rs->intents[i].priority > highest)
				highest = rs->intents[i].priority;
	return highest;
}

void check_reach(struct turn *t, struct diags *d)
{
	const struct ruleset *rs = t->snapshot->rules;
	const int highest = phrase_priority(rs);

	for (size_t i = 0; i < rs->n_intents; i++) {
		struct probing p = {
			.turn = t, .intent = &rs->intents[i], .phrase_priority = highest};

		probe_tests(&p);
		for (size_t b = 0; b < p.intent->n_blocks && !p.reached; b++) {
			const struct block *block = &p.intent->blocks[b];

			if (block->kind == BLOCK_PHRASES)
				probe_phrases(&p, block);
			else if (block->kind == BLOCK_KEYWORDS)
				probe_keywords(&p, block);
			else if (!p.intent->n_tests)
				p.reached = true; /* nobody knows what a regex is for */
		}
		if (p.said && !p.reached)
			report(&p, d);
		else
			check_taken(t, p.intent, d);
	}
}

#include "fuzz/fuzz.h"

#include "intents/load.h"
#include "intents/match.h"
#include "text/lexicon.h"

/* Any message against rules of every kind. */

static const char yaml[] =
	"version: 1\n"
	"languages: [zh, en]\n"
	"words: {退款: [退钱, money back]}\n"
	"entities:\n"
	"  topic: {python: [Python, 爬虫, py编程], js: [JavaScript, front-end]}\n"
	"  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
	"  phone: {builtin: phone, private: true}\n"
	"  email: {builtin: email, private: true}\n"
	"  budget: {builtin: money}\n"
	"  day: {builtin: date}\n"
	"  time: {builtin: duration}\n"
	"  n: {builtin: number}\n"
	"  nth: {builtin: ordinal}\n"
	"intents:\n"
	"  refund:\n"
	"    priority: 3\n"
	"    when:\n"
	"      phrases: [我要退掉<topic>课, how do I get my money back]\n"
	"      keywords: {all: [退款], none: [政策]}\n"
	"      regex: ['(?<days>\\d+)\\s*天.*退', '(?:a|(b))*c']\n"
	"    answer: {zh: 好, en: ok}\n"
	"  learn:\n"
	"    only: {context: x}\n"
	"    when: {phrases: [推荐一门<topic>课, 学<topic> * 好], keywords: [学, learn]}\n"
	"    answer: {zh: 好, en: ok}\n"
	"  other:\n"
	"    when: {phrases: [你好, hello there], regex: ['.']}\n"
	"    answer: {zh: 好, en: ok}\n";

struct world {
	struct arena arena;
	struct diags diags;
	const struct ruleset *rs;
	const struct lexicon *lexicon;
	struct matcher *matcher;
};

/* Made once: libFuzzer calls the target many times. */
static const struct world *the_world(void)
{
	static struct world w;
	struct strs terms;

	if (w.matcher)
		return &w;
	arena_init(&w.arena);
	diags_init(&w.diags, false);
	w.rs = load_bytes(&w.arena, STR("fuzz.yaml"), str_of(yaml), NULL, 0, &w.diags);
	terms = match_terms(&w.arena, w.rs);
	w.lexicon = lexicon_new(&w.arena, w.rs->words, w.rs->n_words, terms.v, terms.n);
	w.matcher = matcher_new(w.rs, w.lexicon, NULL, &w.diags);
	HOLDS(w.diags.errors == 0);
	return &w;
}

static void check_slots(const struct slots *s, const struct utterance *u)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct slot *slot = &s->v[i];

		HOLDS(slot->len > 0 && slot->at + slot->len <= u->normal.text.n);
		HOLDS(slot->value.n > 0);
		HOLDS(slot->raw.n == 0 ||
		      (slot->raw.p >= u->normal.raw.p &&
		       slot->raw.p + slot->raw.n <= u->normal.raw.p + u->normal.raw.n));
	}
}

static void check_matches(const struct matches *m, const struct utterance *u)
{
	HOLDS(m->n <= MATCH_CANDIDATES_MAX && m->n_kept_out <= MATCH_CANDIDATES_MAX);
	for (size_t i = 0; i < m->n; i++) {
		HOLDS(m->v[i].score > 0 && m->v[i].score <= 1);
		HOLDS(m->v[i].source == MATCH_PHRASE || m->v[i].score == 1);
		HOLDS(m->v[i].n_reasons > 0);
	}
	check_slots(&m->entities, u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct world *w = the_world();
	struct match_state state = {.lang = STR("zh")};
	struct utterance u;
	struct matches m, again;
	struct slots private;
	struct slot slot;
	struct arena a;

	arena_init(&a);
	utterance_read(&a, w->lexicon, (struct str){(const char *)data, size}, &u);
	state.context = size % 2 ? STR("x") : STR("");
	intent_match(w->matcher, &a, &u, &state, true, &m);
	check_matches(&m, &u);
	intent_match(w->matcher, &a, &u, &state, true, &again);
	HOLDS(again.n == m.n && again.entities.n == m.entities.n);
	for (size_t i = 0; i < m.n; i++)
		HOLDS(m.v[i].intent == again.v[i].intent && m.v[i].score == again.v[i].score);
	private = match_private(w->matcher, &a, &u);
	check_slots(&private, &u);
	for (size_t i = 0; i < w->rs->n_entities; i++) {
		if (slot_fill(w->matcher, &a, w->rs->entities[i].name, &u, &slot))
			HOLDS(slot.value.n > 0);
	}
	arena_done(&a);
	return 0;
}

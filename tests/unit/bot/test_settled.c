/* Phrases and the FAQ are left alone when a rule hit settles a message: the reply must be the one
 * they would have been asked for. Turns with and without the explanation (which asks everything)
 * are compared, over the sample's own rules and over rules made to be contested. */
#include "fixture.h"

enum { PAIRS = 600 };

struct said {
	struct arena arena;
	struct str *v;
	size_t n, cap;
};

static void say(struct said *all, struct str text)
{
	ARENA_PUSH(&all->arena, all->v, all->n, all->cap, text);
}

static void say_all(struct said *all, struct strs words)
{
	for (size_t i = 0; i < words.n; i++)
		say(all, words.v[i]);
}

static uint64_t seed;

static size_t pick(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 11) % n;
}

/* What the rules are about: their phrases, keywords and questions, one by one and in pairs. */
static void gather(const struct ruleset *rs, struct said *all)
{
	for (size_t i = 0; i < rs->n_intents; i++) {
		for (size_t k = 0; k < rs->intents[i].n_blocks; k++) {
			const struct block *b = &rs->intents[i].blocks[k];

			for (size_t p = 0; b->kind == BLOCK_PHRASES && p < b->n; p += 4)
				say(all, b->phrases[p].text);
			say_all(all, b->all);
			say_all(all, b->any);
		}
	}
	for (size_t i = 0; i < rs->n_faq; i++) {
		const struct faq_entry *e = &rs->faq[i];

		for (size_t k = 0; k < e->question.n; k++)
			say_all(all, e->question.langs[k].variants);
	}
	for (size_t i = 0, n = all->n; i < PAIRS; i++)
		say(all, arena_printf(&all->arena, "%.*s %.*s", STR_ARG(all->v[pick(n)]),
				      STR_ARG(all->v[pick(n)])));
}

static struct str outcome(struct fixture *x, struct arena *a, struct str text, const char *context,
			  bool explain)
{
	const struct reply *r;
	struct str s;

	session_done(&x->session);
	session_init(&x->session, 0);
	session_set(&x->session.context, str_of(context));
	x->session.context_turns = *context ? 3 : 0;
	x->turn.explain = explain;
	r = fixture_say(x, arena_str(a, text).p);
	s = arena_printf(a, "%.*s|%s|%.17g|%.*s|%s", STR_ARG(r->intent),
			 reply_source_name(r->source), r->score, STR_ARG(r->text),
			 x->session.asking_slot);
	for (size_t i = 0; i < r->n_buttons; i++)
		s = arena_printf(a, "%.*s|%.*s", STR_ARG(s), STR_ARG(r->buttons[i].value));
	return s;
}

/* How many messages were settled without phrases and FAQ. */
static size_t compare_all(struct fixture *x, const struct said *all, const char *context)
{
	struct arena a;
	size_t settled = 0;

	arena_init(&a);
	for (size_t i = 0; i < all->n; i++) {
		struct str with, without;

		arena_reset(&a);
		with = outcome(x, &a, all->v[i], context, true);
		assert_false(x->turn.matches.settled);
		without = outcome(x, &a, all->v[i], context, false);
		settled += x->turn.matches.settled;
		if (!str_eq(with, without))
			fail_msg("'%.*s' in context '%s':\n%.*s\nbut without phrases\n%.*s",
				 STR_ARG(all->v[i]), context, STR_ARG(with), STR_ARG(without));
	}
	arena_done(&a);
	return settled;
}

static void the_sample_replies_alike_with_and_without_the_shortcut(void **state)
{
	struct fixture x;
	struct said all = {0};
	size_t settled;

	(void)state;
	seed = 0x9e3779b97f4a7c15ULL;
	fixture_open(&x, NULL, KEFU_SOURCE_DIR "/intents.yaml");
	arena_init(&all.arena);
	gather(x.snapshot->rules, &all);
	settled = compare_all(&x, &all, "");
	assert_in_range(settled, 50, all.n - 50); /* both ways were taken */
	arena_done(&all.arena);
	fixture_close(&x);
}

/* Every way to stand before a rule hit, and to stand beside it. */
#define CONTESTED                                                                                             \
	"version: 1\nlanguages: [zh]\nintents:\n"                                                             \
	"  plain:\n    when: {keywords: [发票]}\n    answer: 甲\n"                                         \
	"  rival:\n    when: {keywords: [抬头]}\n    answer: 乙\n"                                         \
	"  low:\n    priority: -5\n    when: {keywords: [退款]}\n    answer: 丙\n"                         \
	"  high:\n    priority: 9\n    when: {keywords: [人工]}\n    answer: 丁\n"                         \
	"  guest:\n    priority: 9\n    only: {logged_in: true}\n    when: {keywords: [进度]}\n"            \
	"    answer: 戊\n"                                                                                   \
	"  here:\n    only: {context: chat}\n    when: {phrases: [发票能开专票吗, 退款几天到]}\n" \
	"    answer: 己\n"                                                                                   \
	"  there:\n    only: {context: chat}\n    when: {keywords: [专票]}\n    answer: 庚\n"              \
	"  spoken:\n    priority: 5\n    when: {phrases: [我要投诉发票, 投诉人工]}\n"               \
	"    answer: 辛\n"                                                                                   \
	"faq:\n  - {id: a, q: 退款几天到, a: 壬}\n  - {id: b, q: 发票抬头写错了, a: 癸}\n"

static void contested_messages_get_the_reply_of_everything_asked(void **state)
{
	static const char *const texts[] = {
		"发票",		  "抬头",	"退款",		  "人工",	    "进度",
		"专票",		  "退款几天到", "发票能开专票吗", "我要投诉发票",   "投诉人工",
		"发票抬头写错了", "发票 抬头",	"人工 发票",	  "进度 人工 发票", "发票 专票"};
	struct fixture x;
	struct said all = {0};
	size_t settled;

	(void)state;
	fixture_open(&x, CONTESTED, NULL);
	arena_init(&all.arena);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		say(&all, str_of(texts[i]));
	settled = compare_all(&x, &all, "") + compare_all(&x, &all, "chat");
	assert_in_range(settled, 4, 2 * all.n - 4);
	arena_done(&all.arena);
	fixture_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_replies_alike_with_and_without_the_shortcut),
		cmocka_unit_test(contested_messages_get_the_reply_of_everything_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

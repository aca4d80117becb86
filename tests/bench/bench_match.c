/* What matching costs: bench_match [--json] [--rounds N] [FILE] (one message a line).
 *
 * Rule sets of 100, 1,000 and 10,000 rules are made in the style of support staff: two thirds
 * regexes (alternations, gaps, named groups, \b English), a third keyword blocks; half of the words
 * are of the trade and so are in many rules, half are rare. Phrase sets have 5 phrases an intent.
 * Peers run in alternating rounds over the same messages; the figure is the median round, in
 * microseconds a message. "plain" runs every regex on every message, which is what the fast way
 * must beat and equal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/desk_words.h"
#include "intents/match.h"
#include "intents/regex.h"
#include "text/buf.h"
#include "text/lexicon.h"
#include "text/mem.h"
#include "text/utf8.h"

enum { SIZES = 3, ROUNDS_MAX = 101, PER_INTENT = 5, PLAIN_MAX = 1000 };

static const size_t sizes[SIZES] = {100, 1000, 10000};

struct rules {
	struct arena arena;
	struct diags diags;
	struct ruleset rs;
	const struct lexicon *lexicon;
	struct matcher *matcher;
	struct regex **regexes; /* those of the set, for the plain way */
	size_t n_regexes;
	double compile_ms;
};

struct bench {
	struct arena kept, turn;
	struct str *messages;
	size_t n, cap, bytes;
	struct rules rules[SIZES], phrases[SIZES];
	size_t sink; /* keeps the compiler from dropping the work */
};

/* ---- rules in the style of staff ---- */

static const char *const syllables[] = {"ba", "co", "de", "fi", "ga", "lo", "mi",  "ne",  "po",
					"ra", "su", "ta", "ve", "xo", "zi", "qui", "str", "pla"};
static const char characters[] =
	"天地人和山水云风火土金木日月星河海江湖花草树林鸟鱼虫马牛羊书笔纸墨";

static const char *rare_chinese(struct arena *a)
{
	const size_t n = (sizeof characters - 1) / 3;

	return arena_printf(a, "%.3s%.3s%.3s", characters + 3 * pick(n), characters + 3 * pick(n),
			    characters + 3 * pick(n))
		.p;
}

static const char *noun(struct arena *a)
{
	return pick(2) ? PICK(nouns) : rare_chinese(a);
}

static const char *word(struct arena *a)
{
	return pick(3) == 0 ? PICK(english)
			    : arena_printf(a, "%s%s%s", PICK(syllables), PICK(syllables),
					   PICK(syllables))
				      .p;
}

static struct str pattern(struct arena *a)
{
	switch (pick(6)) {
	case 0:
		return arena_printf(a,
				    "(?:怎么|如何|怎样|咋)(?:才能|可以)?(?:%s|%s).{0,6}(?:%s|%s)",
				    PICK(verbs), PICK(verbs), noun(a), noun(a));
	case 1:
		return arena_printf(a,
				    "(?:%s|%s|%s)(?:的)?.{0,8}(?:在哪|哪里|什么时候|多久|多少钱)",
				    noun(a), noun(a), rare_chinese(a));
	case 2:
		return arena_printf(a, "(?:我|我的)?(?:想|要|想要)?%s(?:一下)?(?<item>%s|%s)",
				    PICK(verbs), noun(a), noun(a));
	case 3:
		return arena_printf(a, "(?:订单|单号|编号)[:：]?\\s*(?<no>%zu\\d{%zu})",
				    10 + pick(90), 7 + pick(5));
	case 4:
		return arena_printf(a,
				    "\\b(?:how|where)\\b.{0,20}\\b(?:do|can)\\s+i\\s+%s\\s+(?:my|"
				    "the)?\\s*%ss?\\b",
				    word(a), word(a));
	default:
		return arena_printf(a, "^(?:你好|请问)?[，, ]*%s.*(?:%s|%s)(?:吗|么)?[?？]*$",
				    noun(a), PICK(verbs), rare_chinese(a));
	}
}

static struct strs words(struct arena *a, size_t n)
{
	struct str *v = ARENA_ARRAY(a, struct str, n);

	for (size_t i = 0; i < n; i++)
		v[i] = str_of(pick(3) ? noun(a) : word(a));
	return (struct strs){v, n};
}

static struct block rule_block(struct arena *a)
{
	struct example *e = ARENA_NEW(a, struct example);

	if (pick(3) == 0)
		return (struct block){
			.kind = BLOCK_KEYWORDS, .all = words(a, 1), .any = words(a, 3)};
	e->text = pattern(a);
	return (struct block){.kind = BLOCK_REGEX, .phrases = e, .n = 1};
}

static struct block phrase_block(struct arena *a)
{
	struct example *e = ARENA_ARRAY(a, struct example, PER_INTENT);
	const char *topic = rare_chinese(a), *verb = PICK(verbs);
	static const char *const forms[] = {"怎么%s%s", "我想%s我的%s", "可以%s%s吗",
					    "请问%s%s在哪里", "帮我%s一下%s"};

	for (size_t i = 0; i < PER_INTENT; i++) {
		const char *form = forms[i], *first = strstr(form, "%s"),
			   *second = strstr(first + 2, "%s");

		e[i].text = arena_printf(a, "%.*s%s%.*s%s%s", (int)(first - form), form, verb,
					 (int)(second - first - 2), first + 2,
					 pick(4) ? topic : PICK(nouns), second + 2);
	}
	return (struct block){.kind = BLOCK_PHRASES, .phrases = e, .n = PER_INTENT};
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void compile(struct rules *r, struct intent *intents, size_t n)
{
	double begun = now_us();
	struct strs terms;

	r->rs.settings =
		(struct rule_settings){.answer_at = .75, .ask_at = .45, .margin = .08, .typos = 0};
	r->rs.intents = intents;
	r->rs.n_intents = n;
	diags_init(&r->diags, false);
	terms = match_terms(&r->arena, &r->rs);
	r->lexicon = lexicon_new(&r->arena, NULL, 0, terms.v, terms.n);
	r->matcher = matcher_new(&r->rs, r->lexicon, NULL, &r->diags);
	r->compile_ms = (now_us() - begun) / 1e3;
}

static void make_rules(struct rules *r, size_t n, struct block (*make)(struct arena *))
{
	struct intent *intents;
	struct block *blocks;

	arena_init(&r->arena);
	intents = ARENA_ARRAY(&r->arena, struct intent, n);
	blocks = ARENA_ARRAY(&r->arena, struct block, n);
	r->regexes = ARENA_ARRAY(&r->arena, struct regex *, n);
	for (uint32_t i = 0; i < n; i++) {
		blocks[i] = make(&r->arena);
		intents[i] = (struct intent){.name = arena_printf(&r->arena, "i%u", i),
					     .blocks = &blocks[i],
					     .n_blocks = 1,
					     .only = {.logged_in = -1},
					     .index = i};
	}
	compile(r, intents, n);
	for (size_t i = 0; i < n && n <= PLAIN_MAX; i++) {
		if (blocks[i].kind == BLOCK_REGEX)
			r->regexes[r->n_regexes++] =
				regex_new(blocks[i].phrases->text, (struct mark){0}, &r->diags);
	}
}

static void free_rules(struct rules *r)
{
	for (size_t i = 0; i < r->n_regexes; i++)
		regex_unref(r->regexes[i]);
	matcher_free(r->matcher);
	diags_done(&r->diags);
	arena_done(&r->arena);
}

/* ---- timing ---- */

static void run_match(struct bench *b, struct rules *r, struct str message)
{
	struct match_state state = {.lang = STR("zh")};
	struct utterance u;
	struct matches m;

	utterance_read(&b->turn, r->lexicon, message, &u);
	intent_match(r->matcher, &b->turn, &u, &state, false, &m);
	b->sink += m.n;
}

static void run_plain(struct bench *b, struct rules *r, struct str message)
{
	struct regex_run *run = regex_run_new(&b->turn);
	struct utterance u;
	size_t begin, end;

	utterance_read(&b->turn, r->lexicon, message, &u);
	for (size_t i = 0; i < r->n_regexes; i++)
		b->sink +=
			regex_find(r->regexes[i], run, u.normal.text, 0, &begin, &end) == REGEX_HIT;
}

struct peer {
	const char *name;
	void (*run)(struct bench *, struct rules *, struct str);
	struct rules *rules;
	double us[ROUNDS_MAX];
};

static double time_pass(struct bench *b, struct peer *p)
{
	size_t repeats = 2000 / b->n + 1;
	double begun = now_us();

	for (size_t r = 0; r < repeats; r++) {
		for (size_t i = 0; i < b->n; i++) {
			arena_reset(&b->turn);
			p->run(b, p->rules, b->messages[i]);
		}
	}
	return (now_us() - begun) / (double)(repeats * b->n);
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void run_rounds(struct bench *b, struct peer *peers, size_t n, size_t rounds)
{
	for (size_t r = 0; r < rounds + 1; r++) {
		for (size_t p = 0; p < n; p++) {
			double t = time_pass(b, &peers[p]);

			if (r) /* the first round warms caches and makes machine code */
				peers[p].us[r - 1] = t;
		}
	}
	for (size_t p = 0; p < n; p++)
		qsort(peers[p].us, rounds, sizeof peers[p].us[0], by_value);
}

static int read_messages(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) {
		struct str s = str_trim(str_of(line));

		if (!s.n)
			continue;
		b->bytes += s.n;
		s = arena_str(&b->kept, s);
		ARENA_PUSH(&b->kept, b->messages, b->n, b->cap, s);
	}
	fclose(f);
	return b->n ? 0 : -1;
}

static void print(const struct peer *peers, size_t n, size_t rounds, bool json)
{
	struct buf out = {0};

	if (json)
		json_open(&out, '[');
	else
		buf_printf(&out, "%-20s %12s %12s\n", "peer", "us/message", "compile ms");
	for (size_t p = 0; p < n; p++) {
		double us = peers[p].us[rounds / 2];

		if (json) {
			json_open(&out, '{');
			json_kstr(&out, "name", str_of(peers[p].name));
			json_knum(&out, "us_per_message", us);
			json_knum(&out, "compile_ms", peers[p].rules->compile_ms);
			json_close(&out, '}');
		} else {
			buf_printf(&out, "%-20s %12.3f %12.1f\n", peers[p].name, us,
				   peers[p].rules->compile_ms);
		}
	}
	if (json)
		json_close(&out, ']');
	puts(out.p);
	buf_done(&out);
}

static int usage(void)
{
	fputs("usage: bench_match [--json] [--rounds N] [FILE]\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct bench b;
	uint64_t rounds = 5;
	bool json = false;
	const char *path = KEFU_SOURCE_DIR "/tests/bench/messages.txt";

	seed = 11;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--rounds") && i + 1 < argc &&
			 str_to_u64(str_of(argv[i + 1]), &rounds) && rounds && rounds <= ROUNDS_MAX)
			i++;
		else if (*argv[i] != '-')
			path = argv[i];
		else
			return usage();
	}
	if (read_messages(&b, path))
		return usage();
	for (size_t i = 0; i < SIZES; i++) {
		make_rules(&b.rules[i], sizes[i], rule_block);
		make_rules(&b.phrases[i], sizes[i] / 10, phrase_block);
	}
	static struct peer peers[] = {
		{"rules 100", run_match, &b.rules[0], {0}},
		{"rules 1000", run_match, &b.rules[1], {0}},
		{"rules 10000", run_match, &b.rules[2], {0}},
		{"plain 100", run_plain, &b.rules[0], {0}},
		{"plain 1000", run_plain, &b.rules[1], {0}},
		{"phrases 50", run_match, &b.phrases[0], {0}},
		{"phrases 500", run_match, &b.phrases[1], {0}},
		{"phrases 5000", run_match, &b.phrases[2], {0}},
	};
	run_rounds(&b, peers, sizeof peers / sizeof *peers, rounds);
	print(peers, sizeof peers / sizeof *peers, rounds, json);
	for (size_t i = 0; i < SIZES; i++) {
		free_rules(&b.rules[i]);
		free_rules(&b.phrases[i]);
	}
	arena_done(&b.turn);
	arena_done(&b.kept);
	return 0;
}

/* What many rules cost: bench_rules [--peer N] [--rounds N] [FILE] (real messages, one a line; without
 * it, what the sample's own rules and FAQ say of learners' wordings).
 *
 * Rules are made from the words of the messages themselves, each word as likely as any other, so
 * that most rules are about rare things and some about what everybody asks; one word in six is of
 * the trade. Mixed sets are half keyword blocks, half regexes; pure sets are regexes. Forms: frame
 * words with alternations and gaps, named groups, \b English, anchors, a twentieth lookaheads.
 *
 * All sets are measured in alternating rounds of one run over the same messages, read beforehand;
 * the figure is the median round, in processor time of this thread; "from text" is with reading the
 * message, as a turn does. Where Vectorscan (or Hyperscan) is installed, it scans the same messages
 * for the same regexes, sets of up to --peer of them (10,000; 0: none): it says which match, not
 * where their groups are, and compiling takes it minutes. Databases stay in memory, nothing is kept. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef BENCH_HS
#include <hs.h>
#endif

#include "bench/made_rules.h"
#include "intents/load.h"
#include "intents/match.h"
#include "intents/regex.h"
#include "text/lexicon.h"
#include "text/mem.h"
#include "text/utf8.h"

enum { ROUNDS_MAX = 101, ROUNDS = 7 };

struct set {
	const char *name;
	size_t size;
	bool mixed;
	struct ruleset rs;
	struct diags diags;
	struct matcher *matcher;
	double compile_ms, reload_ms, mib, run_mib;
	size_t hits;
	double us[ROUNDS_MAX], whole_us[ROUNDS_MAX];
	struct peer *peer; /* of a set of regexes, where it was asked for */
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double heap_mib(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)(m.uordblks + m.hblkhd) / (1 << 20);
}

static void put_block(struct bench *b, struct block *block, bool mixed)
{
	struct example *e;

	if (mixed && pick(2)) {
		*block = (struct block){.kind = BLOCK_KEYWORDS,
					.all = some_words(b, 1 + pick(2)),
					.any = some_words(b, 2 + pick(3)),
					.none = some_words(b, pick(2))};
		return;
	}
	e = ARENA_NEW(&b->kept, struct example);
	e->text = pattern(b);
	*block = (struct block){.kind = BLOCK_REGEX, .phrases = e, .n = 1};
}

static void make_ruleset(struct bench *b, struct set *s)
{
	struct intent *intents = ARENA_ARRAY(&b->kept, struct intent, s->size);
	struct block *blocks = ARENA_ARRAY(&b->kept, struct block, s->size);

	for (uint32_t i = 0; i < s->size; i++) {
		put_block(b, &blocks[i], s->mixed);
		intents[i] = (struct intent){.name = arena_printf(&b->kept, "i%u", i),
					     .blocks = &blocks[i],
					     .n_blocks = 1,
					     .only = {.logged_in = -1},
					     .index = i};
	}
	s->rs.settings = (struct rule_settings){.answer_at = .75, .ask_at = .45, .margin = .08};
	s->rs.intents = intents;
	s->rs.n_intents = s->size;
}

static void compile(struct bench *b, struct set *s)
{
	double begun = now_us(), before = heap_mib();

	s->matcher = matcher_new(&s->rs, b->lexicon, NULL, &s->diags);
	s->compile_ms = (now_us() - begun) / 1e3;
	s->mib = heap_mib() - before;
	if (s->diags.errors) {
		fprintf(stderr, "bench_rules: %.*s\n", STR_ARG(s->diags.items[0].text));
		exit(1);
	}
}

/* As a reload after one rule was edited: `one` differs from the block it stands in for. */
static void reload(struct bench *b, struct set *s)
{
	static const struct example edited = {.text = STR_INIT("(?:怎么|如何).{0,6}第一百门")};
	static const struct block one = {.kind = BLOCK_REGEX, .phrases = &edited, .n = 1};
	struct matcher *before = s->matcher;
	struct intent *intents = ARENA_ARRAY(&b->kept, struct intent, s->size);
	double begun;

	memcpy(intents, s->rs.intents, s->size * sizeof *intents);
	intents[s->size / 2].blocks = &one;
	s->rs.intents = intents;
	begun = now_us();
	s->matcher = matcher_new(&s->rs, b->lexicon, before, &s->diags);
	s->reload_ms = (now_us() - begun) / 1e3;
	matcher_free(before);
}

/* ---- timing ---- */

static double time_match(struct bench *b, struct set *s)
{
	const struct match_state state = {.lang = STR("zh")};
	double begun = now_us();

	s->hits = 0;
	for (size_t i = 0; i < b->n; i++) {
		struct matches m;

		arena_reset(&b->turn);
		intent_match(s->matcher, &b->turn, &b->utterances[i], &state, false, &m);
		s->hits += m.n;
	}
	return (now_us() - begun) / (double)b->n;
}

/* From the text as typed. */
static double time_whole(struct bench *b, struct set *s)
{
	const struct match_state state = {.lang = STR("zh")};
	double begun = now_us();

	for (size_t i = 0; i < b->n; i++) {
		struct utterance u;
		struct matches m;

		arena_reset(&b->turn);
		utterance_read(&b->turn, b->lexicon, b->messages[i], &u);
		intent_match(s->matcher, &b->turn, &u, &state, false, &m);
	}
	return (now_us() - begun) / (double)b->n;
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double median(double *us, size_t n)
{
	qsort(us, n, sizeof *us, by_value);
	return us[n / 2];
}

/* ---- the peer ---- */

#ifdef BENCH_HS

static const bool has_peer = true;

struct peer {
	hs_database_t *db;
	hs_scratch_t *scratch;
	size_t hits;
	double us[ROUNDS_MAX], compile_ms, mib;
};

static struct peer *peer_new(const struct set *s, struct arena *a)
{
	struct peer *p = ARENA_NEW(a, struct peer);
	const char **texts = ARENA_ARRAY(a, const char *, s->size);
	unsigned *flags = ARENA_ARRAY(a, unsigned, s->size),
		 *ids = ARENA_ARRAY(a, unsigned, s->size);
	struct diags diags;
	hs_compile_error_t *error = NULL;
	double begun = now_us();
	size_t size = 0;

	diags_init(&diags, false);
	for (size_t i = 0; i < s->size; i++) {
		struct regex *r =
			regex_new(s->rs.intents[i].blocks->phrases->text, (struct mark){0}, &diags);

		texts[i] = arena_str(a, regex_text(r)).p;
		ids[i] = (unsigned)i;
		flags[i] = HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY;
		if (strstr(texts[i], "(?!"))
			flags[i] |= HS_FLAG_PREFILTER; /* it cannot tell for certain */
		regex_unref(r);
	}
	if (hs_compile_multi(texts, flags, ids, (unsigned)s->size, HS_MODE_BLOCK, NULL, &p->db,
			     &error) != HS_SUCCESS) {
		fprintf(stderr, "bench_rules: the peer: %s\n", error->message);
		exit(1);
	}
	hs_alloc_scratch(p->db, &p->scratch);
	hs_database_size(p->db, &size);
	p->mib = (double)size / (1 << 20);
	p->compile_ms = (now_us() - begun) / 1e3;
	diags_done(&diags);
	return p;
}

static int peer_found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		      void *ctx)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(size_t *)ctx;
	return 0;
}

static void peer_time(struct bench *b, struct peer *p, size_t round)
{
	double begun = now_us();

	p->hits = 0;
	for (size_t i = 0; i < b->n; i++) {
		struct str text = b->utterances[i].normal.text;

		hs_scan(p->db, text.p, (unsigned)text.n, 0, p->scratch, peer_found, &p->hits);
	}
	p->us[round] = (now_us() - begun) / (double)b->n;
}

static void peer_print(struct peer *p, size_t n_messages, size_t rounds)
{
	double us = median(p->us, rounds);

	printf("%-16s %10.3f %12.0f %10s %9.2f %9.0f %9s %9.1f\n", "  vectorscan", us, 1e6 / us, "",
	       (double)p->hits / (double)n_messages, p->compile_ms, "", p->mib);
}

static void peer_free(struct peer *p)
{
	hs_free_scratch(p->scratch);
	hs_free_database(p->db);
}

#else

static const bool has_peer = false;

static struct peer *peer_new(const struct set *s, struct arena *a)
{
	(void)s, (void)a;
	return NULL;
}

static void peer_time(struct bench *b, struct peer *p, size_t round)
{
	(void)b, (void)p, (void)round;
}

static void peer_print(struct peer *p, size_t n_messages, size_t rounds)
{
	(void)p, (void)n_messages, (void)rounds;
}

static void peer_free(struct peer *p)
{
	(void)p;
}

#endif

/* ---- messages ---- */

static void add_message(struct bench *b, struct str s)
{
	s = str_trim(s);
	if (s.n)
		ARENA_PUSH(&b->kept, b->messages, b->n, b->cap, arena_str(&b->kept, s));
}

static bool read_messages(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	while (f && fgets(line, sizeof line, f))
		add_message(b, str_of(line));
	if (f)
		fclose(f);
	return b->n;
}

/* Phrases without slots, what tests say, and the FAQ's further wordings. */
static bool read_sample(struct bench *b)
{
	struct diags diags;
	const struct ruleset *rs;

	diags_init(&diags, false);
	rs = load_file(&b->kept, KEFU_SOURCE_DIR "/intents.yaml", NULL, 0, &diags);
	for (size_t i = 0; i < rs->n_intents; i++) {
		const struct intent *in = &rs->intents[i];

		for (size_t k = 0; k < in->n_blocks; k++) {
			const struct block *block = &in->blocks[k];

			for (size_t e = 0; block->kind == BLOCK_PHRASES && e < block->n; e++) {
				if (!memchr(block->phrases[e].text.p, '<',
					    block->phrases[e].text.n))
					add_message(b, block->phrases[e].text);
			}
		}
		for (size_t k = 0; k < in->n_tests; k++)
			add_message(b, in->tests[k].say);
	}
	for (size_t i = 0; i < rs->n_faq; i++) {
		for (size_t k = 0; k < rs->faq[i].also.n; k++)
			add_message(b, rs->faq[i].also.v[k]);
	}
	diags_done(&diags);
	return b->n;
}

static void cut_messages(struct bench *b)
{
	b->utterances = ARENA_ARRAY(&b->kept, struct utterance, b->n);
	for (size_t i = 0; i < b->n; i++)
		utterance_read(&b->kept, b->lexicon, b->messages[i], &b->utterances[i]);
	collect_words(b);
}

/* ---- the run ---- */

static struct set sets[] = {
	{.name = "100 mixed", .size = 100, .mixed = true},
	{.name = "1000 mixed", .size = 1000, .mixed = true},
	{.name = "5000 mixed", .size = 5000, .mixed = true},
	{.name = "10000 mixed", .size = 10000, .mixed = true},
	{.name = "1000 regexes", .size = 1000},
	{.name = "3000 regexes", .size = 3000},
	{.name = "10000 regexes", .size = 10000},
};
enum { SETS = sizeof sets / sizeof *sets };

static void make(struct bench *b, struct set *s, size_t most_of_peer)
{
	double before;

	diags_init(&s->diags, false);
	make_ruleset(b, s);
	compile(b, s);
	before = heap_mib();
	time_match(b, s);
	s->run_mib = heap_mib() - before;
	reload(b, s);
	if (!s->mixed && s->size <= most_of_peer)
		s->peer = peer_new(s, &b->kept);
}

/* Each is asked once untimed, so that none finds the caches as its neighbour left them. */
static void time_set(struct bench *b, struct set *s, size_t round)
{
	if (s->peer) {
		peer_time(b, s->peer, round);
		peer_time(b, s->peer, round);
	}
	time_match(b, s);
	s->us[round] = time_match(b, s);
	s->whole_us[round] = time_whole(b, s);
}

static void print(struct set *s, size_t n_messages, size_t rounds)
{
	double us = median(s->us, rounds);

	printf("%-16s %10.3f %12.0f %10.3f %9.2f %9.1f %9.1f %9.1f %9.1f\n", s->name, us, 1e6 / us,
	       median(s->whole_us, rounds), (double)s->hits / (double)n_messages, s->compile_ms,
	       s->reload_ms, s->mib, s->run_mib);
	if (s->peer)
		peer_print(s->peer, n_messages, rounds);
}

static void run(struct bench *b, size_t rounds, size_t most_of_peer)
{
	if (most_of_peer && !has_peer)
		puts("Vectorscan and Hyperscan are absent: no peer is measured");
	for (size_t i = 0; i < SETS; i++)
		make(b, &sets[i], most_of_peer);
	for (size_t r = 0; r < rounds; r++) {
		for (size_t i = 0; i < SETS; i++)
			time_set(b, &sets[i], r);
	}
	printf("%zu messages of %zu Chinese and %zu English words\n", b->n, b->zh.n, b->en.n);
	printf("%-16s %10s %12s %10s %9s %9s %9s %9s %9s\n", "rules", "us/message", "decisions/s",
	       "from text", "hits/msg", "build ms", "reload ms", "MiB built", "MiB run");
	for (size_t i = 0; i < SETS; i++) {
		print(&sets[i], b->n, rounds);
		if (sets[i].peer)
			peer_free(sets[i].peer);
		matcher_free(sets[i].matcher);
		diags_done(&sets[i].diags);
	}
}

int main(int argc, char **argv)
{
	static struct bench b;
	uint64_t rounds = ROUNDS, most_of_peer = 10000;
	const char *path = NULL;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--peer") && i + 1 < argc &&
		    str_to_u64(str_of(argv[i + 1]), &most_of_peer))
			i++;
		else if (!strcmp(argv[i], "--rounds") && i + 1 < argc &&
			 str_to_u64(str_of(argv[i + 1]), &rounds) && rounds && rounds <= ROUNDS_MAX)
			i++;
		else
			path = argv[i];
	}
	arena_init(&b.kept);
	arena_init(&b.turn);
	b.lexicon = lexicon_new(&b.kept, NULL, 0, NULL, 0);
	if (!(path ? read_messages(&b, path) : read_sample(&b))) {
		fputs("usage: bench_rules [--peer N] [--rounds N] [FILE]\n", stderr);
		return 2;
	}
	cut_messages(&b);
	run(&b, rounds, most_of_peer);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return 0;
}

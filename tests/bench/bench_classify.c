/* What the phrase model costs: bench_classify [--json] [--rounds N] [FILE] (one message a
 * line).
 *
 * Intents are made from the words of the messages: each has a few words of its own, its examples
 * mix them with words of all. Sizes are as of a small shop, a large one, and CLINC150; times are
 * processor time, medians of the rounds: training includes reading the examples, a decision
 * includes reading the message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intents/classify.h"
#include "intents/common.h"
#include "text/buf.h"
#include "text/lexicon.h"

static const struct size {
	uint32_t intents, examples; /* of each */
} sizes[] = {{12, 8}, {60, 20}, {150, 100}};

enum {
	SIZES = sizeof sizes / sizeof *sizes,
	ROUNDS_MAX = 101,
	OWN_WORDS = 6,	 /* of an intent */
	EXAMPLE_OWN = 3, /* in an example */
	EXAMPLE_ANY = 5,
	DECISIONS = 2000, /* a round */
};

struct bench {
	struct arena kept; /* words and lexicon */
	struct arena turn; /* a round */
	const struct lexicon *lexicon;
	const struct common *common;
	struct str *words;
	size_t n, cap;
	uint64_t random;
	size_t sink; /* keeps the compiler from dropping the work */
};

struct figures {
	double train_ms, decision_us;
	size_t bytes;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t pick(struct bench *b, size_t n)
{
	b->random = b->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (size_t)(b->random >> 33) % n;
}

static struct str make_text(struct bench *b, struct arena *a, uint32_t intent)
{
	struct str text = STR("");

	for (int i = 0; i < EXAMPLE_OWN + EXAMPLE_ANY; i++) {
		size_t own = ((size_t)intent * OWN_WORDS + pick(b, OWN_WORDS)) * 7919;
		size_t word = i % 3 == 0 ? own % b->n : pick(b, b->n);

		text = arena_printf(a, "%.*s %.*s", STR_ARG(text), STR_ARG(b->words[word]));
	}
	return text;
}

static void read_text(struct bench *b, struct arena *a, struct str text, struct grams *out)
{
	struct utterance u;

	utterance_read(a, b->lexicon, text, &u);
	grams_read(a, b->common, &u, NULL, 0, out);
}

static const struct classify *train(struct bench *b, struct arena *a, const struct size *s)
{
	size_t n = (size_t)s->intents * s->examples;
	struct classify_example *v = ARENA_ARRAY(&b->turn, struct classify_example, n);

	for (size_t i = 0; i < n; i++) {
		v[i].class = (uint32_t)(i / s->examples);
		read_text(b, &b->turn, make_text(b, &b->turn, v[i].class), &v[i].grams);
	}
	return classify_new(a, v, n, s->intents);
}

static void decide(struct bench *b, const struct classify *m, const struct size *s)
{
	struct str texts[64];
	struct arena texts_arena;
	struct classify_hits hits;
	struct grams grams;

	arena_init(&texts_arena);
	for (uint32_t i = 0; i < 64; i++)
		texts[i] = make_text(b, &texts_arena, i % s->intents);
	for (size_t i = 0; i < DECISIONS; i++) {
		arena_reset(&b->turn);
		read_text(b, &b->turn, texts[i % 64], &grams);
		classify_read(m, &b->turn, &grams, &hits);
		b->sink += hits.v[0].class;
	}
	arena_done(&texts_arena);
}

static struct figures run_round(struct bench *b, const struct size *s)
{
	struct figures f;
	struct arena model;
	const struct classify *m;
	double begun = now_s();

	arena_init(&model);
	m = train(b, &model, s);
	f.train_ms = (now_s() - begun) * 1e3;
	f.bytes = classify_bytes(m);
	begun = now_s();
	decide(b, m, s);
	f.decision_us = (now_s() - begun) * 1e6 / DECISIONS;
	arena_reset(&b->turn);
	arena_done(&model);
	return f;
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static struct figures run_size(struct bench *b, const struct size *s, size_t rounds)
{
	static double train_ms[ROUNDS_MAX], decision_us[ROUNDS_MAX];
	struct figures f = {0};

	for (size_t r = 0; r < rounds; r++) {
		b->random = 1;
		f = run_round(b, s);
		train_ms[r] = f.train_ms;
		decision_us[r] = f.decision_us;
	}
	qsort(train_ms, rounds, sizeof *train_ms, by_value);
	qsort(decision_us, rounds, sizeof *decision_us, by_value);
	return (struct figures){train_ms[rounds / 2], decision_us[rounds / 2], f.bytes};
}

static int read_words(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) {
		struct utterance u;

		utterance_read(&b->kept, b->lexicon, arena_str(&b->kept, str_of(line)), &u);
		for (size_t i = 0; i < u.n; i++)
			ARENA_PUSH(&b->kept, b->words, b->n, b->cap, u.tokens[i].text);
	}
	fclose(f);
	return b->n ? 0 : -1;
}

static void print_json(const struct figures *f)
{
	struct buf out = {0};

	json_open(&out, '[');
	for (size_t i = 0; i < SIZES; i++) {
		json_open(&out, '{');
		json_kint(&out, "intents", sizes[i].intents);
		json_kint(&out, "examples", (int64_t)sizes[i].intents * sizes[i].examples);
		json_knum(&out, "train_ms", f[i].train_ms);
		json_knum(&out, "us_per_decision", f[i].decision_us);
		json_kint(&out, "bytes", (int64_t)f[i].bytes);
		json_close(&out, '}');
	}
	json_close(&out, ']');
	puts(out.p);
	buf_done(&out);
}

static void print_table(const struct figures *f)
{
	printf("%8s %9s %10s %12s %8s\n", "intents", "examples", "train ms", "us/decision", "MB");
	for (size_t i = 0; i < SIZES; i++)
		printf("%8u %9u %10.1f %12.2f %8.2f\n", sizes[i].intents,
		       sizes[i].intents * sizes[i].examples, f[i].train_ms, f[i].decision_us,
		       (double)f[i].bytes / 1e6);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct figures figures[SIZES];
	uint64_t rounds = 5;
	bool json = false;
	const char *path = "tests/bench/messages.txt";

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &rounds);
		else
			path = argv[i];
	}
	arena_init(&b.kept);
	arena_init(&b.turn);
	b.lexicon = lexicon_new(&b.kept, NULL, 0, NULL, 0);
	b.common = common_new(&b.kept);
	if (rounds < 1 || rounds > ROUNDS_MAX || read_words(&b, path) < 0) {
		fprintf(stderr, "usage: bench_classify [--json] [--rounds 1..%d] [FILE]\n",
			ROUNDS_MAX);
		return 2;
	}
	for (size_t i = 0; i < SIZES; i++)
		figures[i] = run_size(&b, &sizes[i], (size_t)rounds);
	(json ? print_json : print_table)(figures);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return b.sink ? 0 : 1;
}

/* What reading a message costs: bench_text [--json] [--rounds N] [FILE] (one message a line).
 *
 * Peers run in alternating rounds over the same messages, so that a noisy machine is noisy to all;
 * the figure is the median round. Sizes are per message, times microseconds of the processor a message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <utf8proc.h>
#ifdef BENCH_ICU
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#endif

#include "text/buf.h"
#include "text/lexicon.h"
#include "text/mask.h"
#include "text/mem.h"
#include "text/utf8.h"
#include "text/utterance.h"

struct bench {
	struct str *messages;
	size_t n, cap;
	size_t bytes, chars;
	struct arena kept; /* messages and lexicon */
	struct arena turn;
	const struct lexicon *lexicon;
	size_t sink; /* keeps the compiler from dropping the work */
};

static void run_normal(struct bench *b, struct str s)
{
	struct normal n;

	normal_read(&b->turn, s, &n);
	b->sink += n.text.n;
}

static void run_utf8proc(struct bench *b, struct str s)
{
	utf8proc_uint8_t *out;

	b->sink += (size_t)utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out,
					UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
						UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	free(out);
}

#ifdef BENCH_ICU
static void run_icu(struct bench *b, struct str s)
{
	UErrorCode rc = U_ZERO_ERROR;
	const UNormalizer2 *norm = unorm2_getNFKCCasefoldInstance(&rc);
	UChar in[4096], out[4096];
	char back[8192];
	int32_t n;

	u_strFromUTF8(in, 4096, &n, s.p, (int32_t)s.n, &rc);
	n = unorm2_normalize(norm, in, n, out, 4096, &rc);
	u_strToUTF8(back, sizeof back, &n, out, n, &rc);
	b->sink += U_SUCCESS(rc) ? (size_t)n : 0;
}
#endif

static void run_utterance(struct bench *b, struct str s)
{
	struct utterance u;

	utterance_read(&b->turn, b->lexicon, s, &u);
	b->sink += u.n;
}

static void run_mask(struct bench *b, struct str s)
{
	b->sink += mask_text(&b->turn, s, NULL, 0).n;
}

static const struct peer {
	const char *name;
	void (*run)(struct bench *, struct str);
} peers[] = {
	{"normal", run_normal},	      {"utf8proc_map", run_utf8proc},
#ifdef BENCH_ICU
	{"icu_nfkc_cf", run_icu},
#endif
	{"utterance", run_utterance}, {"mask", run_mask},
};

enum { PEERS = sizeof peers / sizeof *peers, ROUNDS_MAX = 101 };

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* One pass long enough to be timed, over every message the same number of times. */
static double time_pass(struct bench *b, const struct peer *p)
{
	size_t repeats = 20000 / b->n + 1;
	double begun = now_us();

	for (size_t r = 0; r < repeats; r++) {
		for (size_t i = 0; i < b->n; i++) {
			arena_reset(&b->turn);
			p->run(b, b->messages[i]);
		}
	}
	return (now_us() - begun) / (double)(repeats * b->n);
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void run_rounds(struct bench *b, size_t rounds, double medians[PEERS])
{
	static double us[PEERS][ROUNDS_MAX];

	for (size_t r = 0; r < rounds + 1; r++) {
		for (size_t p = 0; p < PEERS; p++) {
			double t = time_pass(b, &peers[p]);

			if (r) /* the first round warms caches */
				us[p][r - 1] = t;
		}
	}
	for (size_t p = 0; p < PEERS; p++) {
		qsort(us[p], rounds, sizeof us[p][0], by_value);
		medians[p] = us[p][rounds / 2];
	}
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
		s = arena_str(&b->kept, s);
		b->bytes += s.n;
		b->chars += utf8_count(s);
		ARENA_PUSH(&b->kept, b->messages, b->n, b->cap, s);
	}
	fclose(f);
	return b->n ? 0 : -1;
}

static void print_json(const struct bench *b, size_t rounds, const double medians[PEERS])
{
	struct buf out = {0};

	json_open(&out, '{');
	json_kint(&out, "messages", (int64_t)b->n);
	json_kint(&out, "rounds", (int64_t)rounds);
	json_knum(&out, "bytes", (double)b->bytes / (double)b->n);
	json_knum(&out, "chars", (double)b->chars / (double)b->n);
	json_key(&out, "us_per_message");
	json_open(&out, '{');
	for (size_t p = 0; p < PEERS; p++)
		json_knum(&out, peers[p].name, medians[p]);
	json_close(&out, '}');
	json_close(&out, '}');
	puts(out.p);
	buf_done(&out);
}

static void print_table(const struct bench *b, size_t rounds, const double medians[PEERS])
{
	printf("%zu messages, mean %.1f characters / %.1f bytes, median of %zu rounds\n", b->n,
	       (double)b->chars / (double)b->n, (double)b->bytes / (double)b->n, rounds);
	printf("%-14s %12s %10s %12s\n", "step", "us/message", "MB/s", "x normal");
	for (size_t p = 0; p < PEERS; p++)
		printf("%-14s %12.3f %10.0f %12.2f\n", peers[p].name, medians[p],
		       (double)b->bytes / (double)b->n / medians[p], medians[p] / medians[0]);
}

int main(int argc, char **argv)
{
	static const struct str terms[] = {STR_INIT("退款"), STR_INIT("优惠券"), STR_INIT("refund"),
					   STR_INIT("数据结构与算法")};
	struct bench b = {0};
	uint64_t rounds = 9;
	bool json = false;
	const char *path = KEFU_SOURCE_DIR "/tests/bench/messages.txt";
	double medians[PEERS];

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
	if (rounds < 1 || rounds > ROUNDS_MAX || read_messages(&b, path) < 0) {
		fprintf(stderr, "usage: bench_text [--json] [--rounds 1..%d] [FILE]\n", ROUNDS_MAX);
		return 2;
	}
	b.lexicon = lexicon_new(&b.kept, NULL, 0, terms, sizeof terms / sizeof *terms);
	run_rounds(&b, (size_t)rounds, medians);
	(json ? print_json : print_table)(&b, (size_t)rounds, medians);
	arena_done(&b.turn);
	arena_done(&b.kept);
	return b.sink ? 0 : 1;
}

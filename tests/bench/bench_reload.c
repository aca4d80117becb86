/* What a snapshot costs to build, part by part: cold, again with nothing changed, and with one rule, one
 * phrase, one FAQ entry edited.
 *
 *	bench_reload [--rules N] [--faq N] [--rounds N] [--words FILE] [--write FILE]
 *
 * The file is made by made_file.h from the words of the project's own texts, or of FILE (a line
 * each). Processor time of this thread, the best of N (0: only the memory of a first build is shown, as
 * what the heap holds more of when a part is done). --write only makes the file, for
 * memory_bench.py. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/made_file.h"
#include "bot/snapshot.h"

enum { ROUNDS = 5, PARTS_MAX = 16 };

struct part {
	const char *name;
	double ms, mib;
};

struct build {
	struct part parts[PARTS_MAX];
	size_t n;
	double ms, mib; /* when the part before was done */
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double heap_mib(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)(m.uordblks + m.hblkhd) / (1 << 20);
}

static void part_done(void *ctx, const char *name)
{
	struct build *b = ctx;
	double ms = now_ms(), mib = heap_mib();

	if (b->n < PARTS_MAX)
		b->parts[b->n++] = (struct part){name, ms - b->ms, mib - b->mib};
	b->mib = heap_mib();
	b->ms = now_ms();
}

static struct snapshot *build(const char *path, const struct snapshot *previous, struct build *b)
{
	struct snapshot_source src = {.intents_path = path,
				      .serial = 1,
				      .previous = previous,
				      .part_done = part_done,
				      .ctx = b};
	struct snapshot *s = NULL;
	struct diags diags;
	struct err err;

	*b = (struct build){.mib = heap_mib(), .ms = now_ms()};
	diags_init(&diags, false);
	if (snapshot_build(&src, &diags, &s, &err) != 0) {
		fprintf(stderr, "bench_reload: %s\n", err.text);
		exit(1);
	}
	diags_done(&diags);
	return s;
}

/* ---- columns: what was edited ---- */

enum { COLD, SAME, RULE, PHRASE, FAQ, COLUMNS };

static const struct {
	const char *name;
	enum made_edit edit;
} columns[COLUMNS] = {
	{"cold", MADE_AS_IT_WAS},  {"unchanged", MADE_AS_IT_WAS}, {"a rule", MADE_RULE},
	{"a phrase", MADE_PHRASE}, {"an FAQ entry", MADE_FAQ},
};

/* The quickest of each part. */
static void keep_best(struct build *best, const struct build *b, bool first)
{
	if (first)
		*best = *b;
	for (size_t i = 0; i < b->n; i++) {
		if (b->parts[i].ms < best->parts[i].ms)
			best->parts[i].ms = b->parts[i].ms;
	}
}

static void measure(struct bench *b, struct made_file *file, const char *path, int rounds,
		    struct build best[COLUMNS])
{
	struct build one;

	for (int r = 0; r < rounds; r++) {
		struct snapshot *before;

		file->edit = MADE_AS_IT_WAS;
		made_file_write(b, file, path);
		before = build(path, NULL, &one);
		keep_best(&best[COLD], &one, r == 0);
		for (int c = SAME; c < COLUMNS; c++) {
			file->edit = columns[c].edit;
			made_file_write(b, file, path);
			snapshot_unref(build(path, before, &one));
			keep_best(&best[c], &one, r == 0);
		}
		snapshot_unref(before);
	}
}

/* The memory of a first build alone. */
static void measure_memory(struct bench *b, const struct made_file *file, const char *path)
{
	struct build one;
	double mib = 0;

	made_file_write(b, file, path);
	snapshot_unref(build(path, NULL, &one));
	for (size_t i = 0; i < one.n; i++) {
		printf("%-16s%10.1f\n", one.parts[i].name, one.parts[i].mib);
		mib += one.parts[i].mib;
	}
	printf("%-16s%10.1f\n", "all", mib);
}

static void print(const struct build best[COLUMNS])
{
	double total[COLUMNS] = {0}, mib = 0;

	printf("%-12s", "ms");
	for (int c = 0; c < COLUMNS; c++)
		printf("%14s", columns[c].name);
	printf("%14s\n", "MiB, cold");
	for (size_t i = 0; i < best[COLD].n; i++) {
		printf("%-12s", best[COLD].parts[i].name);
		for (int c = 0; c < COLUMNS; c++) {
			printf("%14.1f", best[c].parts[i].ms);
			total[c] += best[c].parts[i].ms;
		}
		printf("%14.2f\n", best[COLD].parts[i].mib);
		mib += best[COLD].parts[i].mib;
	}
	printf("%-12s", "all");
	for (int c = 0; c < COLUMNS; c++)
		printf("%14.1f", total[c]);
	printf("%14.2f\n", mib);
}

static void read_words(struct bench *b, const char *path)
{
	static const char *const own[] = {
		"tests/bench/messages.txt", "intents.yaml",	 "faq/account.yaml",
		"faq/creators.yaml",	    "faq/learning.yaml", "faq/payment.yaml",
		"faq/presales.yaml",	    "docs/intents.md",	 "docs/intents.zh.md"};

	b->lexicon = lexicon_new(&b->kept, NULL, 0, NULL, 0);
	for (size_t i = 0; !path && i < sizeof own / sizeof *own; i++)
		read_lines(b, own[i]);
	if (path)
		read_lines(b, path);
	cut_lines(b);
	collect_words(b);
}

int main(int argc, char **argv)
{
	static struct bench b;
	static struct build best[COLUMNS];
	struct made_file file = {.intents = 5000, .faq = 5000};
	const char *words = NULL, *out = NULL;
	char path[] = "/tmp/kefu-bench-XXXXXX";
	int fd, rounds = ROUNDS;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--rules"))
			file.intents = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--faq"))
			file.faq = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--words"))
			words = argv[i + 1];
		else if (!strcmp(argv[i], "--write"))
			out = argv[i + 1];
	}
	arena_init(&b.kept);
	read_words(&b, words);
	if (b.zh.n == 0 || b.en.n == 0)
		return fprintf(stderr, "bench_reload: no words\n"), 2;
	if (out)
		return !made_file_write(&b, &file, out);
	fd = mkstemp(path);
	if (fd < 0)
		return 2;
	close(fd);
	printf("%zu rules, %zu FAQ entries; of %zu Chinese and %zu English words\n", file.intents,
	       file.faq, b.zh.n, b.en.n);
	if (rounds > 0) {
		measure(&b, &file, path, rounds, best);
		print(best);
	} else {
		measure_memory(&b, &file, path);
	}
	unlink(path);
	arena_done(&b.kept);
	return 0;
}

/* What `kefu check` of many rules costs: bench_check [--rules N] [--faq N] [--rounds N] [--seconds S]
 *
 * The file is made by made_file.h from the words of the project's own texts; processor time of this thread,
 * part by part, the median of N rounds. --seconds: exit 1 when the median of the whole is above S (on a
 * quiet core; without it nothing is judged). */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/made_file.h"
#include "check.h"

enum { ROUNDS = 7, ROUNDS_MAX = 101, PARTS_MAX = 16 };

struct part {
	const char *name;
	double ms[ROUNDS_MAX];
};

struct measured {
	struct part parts[PARTS_MAX];
	size_t n, at; /* of this round */
	int round;
	double before; /* when the last part was done */
	size_t errors, warnings;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void part_done(void *ctx, const char *name)
{
	struct measured *m = ctx;
	double now = now_ms();

	if (m->at < PARTS_MAX) {
		m->parts[m->at].name = name;
		m->parts[m->at++].ms[m->round] = now - m->before;
	}
	m->n = m->at;
	m->before = now_ms();
}

static int by_size(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_size);
	return v[n / 2];
}

static bool check(const char *path, struct measured *m)
{
	struct snapshot_source src = {.intents_path = path,
				      .serial = 1,
				      .part_done = part_done,
				      .ctx = m,
				      .rules_only = true};
	struct diags diags;
	struct err err;
	int rc;

	m->at = 0;
	m->before = now_ms();
	diags_init(&diags, false);
	rc = check_rules(&src, &diags, &err);
	part_done(m, "tests, reach"); /* and what is given back */
	m->errors = diags.errors;
	m->warnings = diags.warnings;
	diags_done(&diags);
	return rc == 0;
}

static bool measure(struct measured *m, const char *path, int rounds, double *whole)
{
	for (m->round = 0; m->round < rounds; m->round++) {
		whole[m->round] = 0;
		if (!check(path, m))
			return false;
		for (size_t i = 0; i < m->n; i++)
			whole[m->round] += m->parts[i].ms[m->round];
	}
	return true;
}

static double print(struct measured *m, int rounds, double *whole)
{
	double ms = median(whole, rounds);

	for (size_t i = 0; i < m->n; i++)
		printf("%-14s%8.1f ms\n", m->parts[i].name, median(m->parts[i].ms, rounds));
	printf("%-14s%8.1f ms; %zu errors, %zu warnings\n", "kefu check", ms, m->errors,
	       m->warnings);
	return ms;
}

static void read_words(struct bench *b)
{
	static const char *const own[] = {
		"tests/bench/messages.txt", "intents.yaml",	 "faq/account.yaml",
		"faq/creators.yaml",	    "faq/learning.yaml", "faq/payment.yaml",
		"faq/presales.yaml",	    "docs/intents.md",	 "docs/intents.zh.md"};

	b->lexicon = lexicon_new(&b->kept, NULL, 0, NULL, 0);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		read_lines(b, own[i]);
	cut_lines(b);
	collect_words(b);
}

int main(int argc, char **argv)
{
	static struct bench b;
	static struct measured m;
	static double whole[ROUNDS_MAX];
	struct made_file file = {.intents = 10000};
	char path[] = "/tmp/kefu-bench-XXXXXX";
	double most = 0, ms = 0;
	int fd, rounds = ROUNDS;
	bool done;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--rules"))
			file.intents = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--faq"))
			file.faq = strtoul(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--seconds"))
			most = atof(argv[i + 1]);
	}
	rounds = rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
	arena_init(&b.kept);
	read_words(&b);
	fd = mkstemp(path);
	if (fd < 0 || b.zh.n == 0 || b.en.n == 0)
		return fprintf(stderr, "bench_check: run it in the project's folder\n"), 2;
	close(fd);
	printf("%zu rules, %zu FAQ entries, %d rounds\n", file.intents, file.faq, rounds);
	done = made_file_write(&b, &file, path) && measure(&m, path, rounds, whole);
	if (done)
		ms = print(&m, rounds, whole);
	unlink(path);
	arena_done(&b.kept);
	return !done ? 2 : most > 0 && ms > most * 1e3;
}

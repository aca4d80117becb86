/* What typos cost, with the rules that ship: whole turns, and the speller alone.
 *
 *	bench_spell [INTENTS]
 *
 * Messages are those of tests/data/typos, as typed and as meant, by snapshots with typos on and off
 * in alternating rounds; medians are printed. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bot/turn.h"
#include "bot/vocabulary.h"
#include "text/mem.h"

#define SETS KEFU_SOURCE_DIR "/tests/data/typos/"

enum { ROUNDS = 15, LINES_MAX = 1000, PASSES = 20 };

struct lines {
	struct str v[LINES_MAX];
	size_t n;
};

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* Field `field` of each row. */
static void read_field(const char *name, int field, struct lines *out)
{
	FILE *f = fopen(name, "r");
	char *line = NULL;
	size_t cap = 0;

	while (f && out->n < LINES_MAX && getline(&line, &cap, f) > 0) {
		char *at = line;

		for (int i = 0; i < field && at; i++)
			at = strchr(at, '\t') ? strchr(at, '\t') + 1 : NULL;
		if (at && *line != '#')
			out->v[out->n++] =
				str_of(mem_strdup((struct str){at, strcspn(at, "\t\n")}));
	}
	free(line);
	if (f)
		fclose(f);
}

static double turns_us(struct snapshot *s, const struct lines *l)
{
	struct turn t;
	double began;

	turn_init(&t);
	began = now_us();
	for (size_t i = 0; i < l->n * PASSES; i++) {
		struct session session;

		session_init(&session, 1);
		turn_reset(&t);
		t.snapshot = s;
		t.session = &session;
		t.text = l->v[i % l->n];
		bot_turn(&t);
		session_done(&session);
	}
	began = now_us() - began;
	turn_done(&t);
	return began / (double)(l->n * PASSES);
}

static double speller_us(struct snapshot *s, const struct lines *l)
{
	double spent = 0;
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < l->n * PASSES; i++) {
		struct utterance u;
		struct spelling out;
		double began;

		arena_reset(&a);
		utterance_read(&a, s->lexicon, l->v[i % l->n], &u);
		began = now_us();
		spell_correct(s->speller, &a, &u, &out);
		spent += now_us() - began;
	}
	arena_done(&a);
	return spent / (double)(l->n * PASSES);
}

static struct snapshot *open_rules(const char *path)
{
	const struct snapshot_source src = {.intents_path = path, .serial = 1};
	struct snapshot *s;
	struct diags diags;
	struct err err;

	diags_init(&diags, false);
	if (snapshot_build(&src, &diags, &s, &err) != 0) {
		fprintf(stderr, "bench_spell: %s\n", err.text);
		exit(1);
	}
	diags_done(&diags);
	return s;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, compare);
	return v[ROUNDS / 2];
}

static void compare_turns(struct snapshot *on, const struct lines *l, const char *what)
{
	struct snapshot off = *on;
	double with[ROUNDS], without[ROUNDS], alone[ROUNDS];

	off.speller = NULL;
	for (int r = 0; r < ROUNDS; r++) {
		with[r] = turns_us(on, l);
		without[r] = turns_us(&off, l);
		alone[r] = speller_us(on, l);
	}
	printf("%-22s %6.2f us a turn, %6.2f with typos off; the speller alone %5.2f\n", what,
	       median(with), median(without), median(alone));
}

static void build_speller(struct snapshot *s)
{
	double us[ROUNDS];
	size_t bytes = 0;

	for (int r = 0; r < ROUNDS; r++) {
		struct spell_base *base;
		struct arena a;

		arena_init(&a);
		us[r] = now_us();
		base = vocabulary_base(s->rules, s->lexicon);
		vocabulary_speller(&a, s->rules, s->lexicon, base);
		us[r] = now_us() - us[r];
		spell_base_free(base);
		bytes = a.used;
		arena_done(&a);
	}
	printf("the speller is built in %.1f ms, %.1f MiB\n", median(us) / 1e3,
	       (double)bytes / (1 << 20));
}

static void free_lines(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free((char *)(uintptr_t)l->v[i].p);
	free(l);
}

int main(int argc, char **argv)
{
	struct snapshot *s = open_rules(argc > 1 ? argv[1] : KEFU_SOURCE_DIR "/intents.yaml");
	static const char *const names[] = {"en", "zh"};

	build_speller(s);
	for (size_t i = 0; i < 2; i++) {
		struct lines *typed = mem_zalloc(sizeof *typed), *meant = mem_zalloc(sizeof *meant);
		char path[512], what[64];

		snprintf(path, sizeof path, SETS "typos_%s.tsv", names[i]);
		read_field(path, 0, typed);
		read_field(path, 2, meant);
		if (!typed->n)
			return fprintf(stderr, "bench_spell: %s: no messages\n", path), 2;
		snprintf(what, sizeof what, "%s, with typos", names[i]);
		compare_turns(s, typed, what);
		snprintf(what, sizeof what, "%s, spelled right", names[i]);
		compare_turns(s, meant, what);
		free_lines(typed);
		free_lines(meant);
	}
	snapshot_unref(s);
	return 0;
}

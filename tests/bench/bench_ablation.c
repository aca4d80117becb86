/* What each group of features gives the phrase model: bench_ablation FILE.tsv [TRAIN [ASKED]]
 *
 * FILE as `kefu eval intents` reads it (split, label, text); learns from rows of the split TRAIN (train),
 * asks about those of ASKED (val), label `oos` aside, and prints how many in 100 are right: with all
 * features, then each time without one group of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intents/classify.h"
#include "intents/common.h"
#include "intents/phrase.h"
#include "text/lexicon.h"

enum { NO_BACKGROUND = GRAM_KINDS, NO_SENSES, NO_NAMES, GROUPS, CLASSES_MAX = 1024 };

static const char *const names[GROUPS] = {
	[GRAM_WORD] = "words",		[GRAM_PAIR] = "pairs",
	[GRAM_SKIP] = "one between",	[GRAM_LETTERS] = "letters",
	[GRAM_CHAR] = "characters",	[GRAM_CHARS] = "pairs of characters",
	[NO_BACKGROUND] = "background", [NO_SENSES] = "senses",
	[NO_NAMES] = "names",
};

struct row {
	struct str label, text;
	uint32_t class;
	bool asked;
};

struct rows {
	struct arena arena;
	struct row *v;
	size_t n, cap, learned;
	uint32_t classes;
	struct str names[CLASSES_MAX]; /* of the classes */
	const struct lexicon *lexicon;
	const struct common *common;
	const struct vectors *vectors;
};

/* Files list labels in any order and there are hundreds at most. */
static uint32_t class_of(struct rows *r, struct str label)
{
	for (size_t i = 0; i < r->n; i++) {
		if (str_eq(r->v[i].label, label))
			return r->v[i].class;
	}
	if (r->classes == CLASSES_MAX)
		exit(2);
	r->names[r->classes] = phrase_of_name(&r->arena, label);
	return r->classes++;
}

static void read_row(struct rows *r, char *line, const char *train, const char *asked)
{
	char *rest, *split = strtok_r(line, "\t\r\n", &rest), *label = strtok_r(NULL, "\t", &rest);
	char *text = strtok_r(NULL, "\r\n", &rest);
	bool learned = split && strcmp(split, train) == 0;
	struct row row;

	if (!text || strcmp(label, "oos") == 0 || (!learned && strcmp(split, asked) != 0))
		return;
	row = (struct row){arena_str(&r->arena, str_of(label)), arena_str(&r->arena, str_of(text)),
			   class_of(r, str_of(label)), !learned};
	r->learned += learned;
	ARENA_PUSH(&r->arena, r->v, r->n, r->cap, row);
}

static int read_file(struct rows *r, const char *path, const char *train, const char *asked)
{
	static char line[65536];
	FILE *f = fopen(path, "r");

	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		read_row(r, line, train, asked);
	fclose(f);
	return r->learned > 0 && r->learned < r->n ? 0 : -1;
}

static void read_grams(const struct rows *r, struct arena *a, struct str text, int left_out,
		       struct grams *out)
{
	struct utterance u;
	size_t n = 0;

	utterance_read(a, r->lexicon, text, &u);
	grams_read(a, r->common, &u, NULL, 0, out);
	if (left_out != NO_SENSES)
		grams_add_mean(a, &u, r->vectors, out);
	for (size_t i = 0; i < out->n; i++) {
		if (out->v[i].kind == left_out)
			continue;
		out->v[n] = out->v[i];
		if (left_out == NO_BACKGROUND)
			out->v[n].common = 0;
		n++;
	}
	out->n = n;
}

static double run(const struct rows *r, int left_out)
{
	struct arena model, turn;
	struct classify_example *v;
	const struct classify *m;
	struct classify_hits hits;
	size_t n = 0, right = 0;

	arena_init(&model);
	arena_init(&turn);
	v = ARENA_ARRAY(&model, struct classify_example, r->learned + r->classes);
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].asked)
			continue;
		read_grams(r, &model, r->v[i].text, left_out, &v[n].grams);
		v[n++].class = r->v[i].class;
	}
	for (uint32_t c = 0; c < r->classes && left_out != NO_NAMES; c++, n++) {
		read_grams(r, &model, r->names[c], left_out, &v[n].grams);
		v[n].class = c;
		v[n].name = true;
	}
	m = classify_new(&model, v, n, r->classes);
	for (size_t i = 0; i < r->n; i++) {
		struct grams g;

		if (!r->v[i].asked)
			continue;
		arena_reset(&turn);
		read_grams(r, &turn, r->v[i].text, left_out, &g);
		classify_read(m, &turn, &g, &hits);
		right += hits.n > 0 && hits.v[0].class == r->v[i].class;
	}
	arena_done(&turn);
	arena_done(&model);
	return 100.0 * (double)right / (double)(r->n - r->learned);
}

int main(int argc, char **argv)
{
	const char *train = argc > 2 ? argv[2] : "train", *asked = argc > 3 ? argv[3] : "val";
	struct rows r = {0};

	if (argc == 1) {
		puts("skipped: no file; bench_ablation FILE.tsv [TRAIN [ASKED]]");
		return 0;
	}
	arena_init(&r.arena);
	if (argc > 4 || read_file(&r, argv[1], train, asked) < 0) {
		fprintf(stderr, "usage: bench_ablation FILE.tsv [TRAIN [ASKED]]\n");
		arena_done(&r.arena);
		return 2;
	}
	r.lexicon = lexicon_new(&r.arena, NULL, 0, NULL, 0);
	r.common = common_new(&r.arena);
	r.vectors = classify_vectors(&r.arena, r.learned);
	printf("%-22s %5.1f\n", "as it ships", run(&r, -1));
	for (int i = 0; i < GROUPS; i++) {
		if (names[i])
			printf("no %-19s %5.1f\n", names[i], run(&r, i));
	}
	arena_done(&r.arena);
	return 0;
}

/* Host generator of the dictionaries: gen_lexicon OUT.bin dict.txt…
 *
 * Input lines are jieba's, "word frequency part-of-speech", or a word alone, which counts once.
 * Words go through the program's own normaliser, so that they are spelled as messages are; words
 * that become one are added up. The cost of a word is -ln(frequency / sum of all) in
 * SEGMENT_SCALE-ths; of what is no word, that of a frequency of 1. Chinese words of more than two characters
 * pay for the further ones: the list has compounds beside their parts (手机号码, 机械工程) and counts
 * them as if nobody said the parts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/dat.h"
#include "text/lexicon_image.h"
#include "text/mem.h"
#include "text/normal.h"
#include "text/segment.h"
#include "text/utf8.h"

struct word {
	struct str text;
	double frequency;
};

struct list {
	struct word *items;
	size_t n, cap;
	double total;
};

__attribute__((noreturn)) static void die(const char *name, const char *what)
{
	fprintf(stderr, "gen_lexicon: %s: %s\n", name, what);
	exit(1);
}

static void read_words(struct arena *a, const char *name, struct list *list)
{
	FILE *f = fopen(name, "r");
	char line[1024];

	if (!f)
		die(name, "cannot open");
	while (fgets(line, sizeof line, f)) {
		size_t end = strcspn(line, " \n");
		struct word w;

		w.text = normal_text(a, (struct str){line, end});
		w.frequency = fmax(1, strtod(line + end, NULL));
		list->total += w.frequency;
		if (w.text.n)
			ARENA_PUSH(a, list->items, list->n, list->cap, w);
	}
	fclose(f);
}

static int by_text(const void *x, const void *y)
{
	return str_cmp(((const struct word *)x)->text, ((const struct word *)y)->text);
}

static uint32_t cost_of(double frequency, double total)
{
	return (uint32_t)lround(-log(frequency / total) * SEGMENT_SCALE);
}

/* What a Chinese word pays for its third character, and for each beyond. */
enum { THIRD_COST = SEGMENT_SCALE, FURTHER_COST = 3 * SEGMENT_SCALE };

static uint32_t long_cost(struct str word)
{
	uint32_t han = 0, cp;

	for (size_t i = 0; i < word.n;) {
		i += utf8_decode(word.p + i, word.n - i, &cp);
		han += utf8_is_han(cp);
	}
	return han < 3 ? 0 : THIRD_COST + (han - 3) * FURTHER_COST;
}

static size_t make_keys(const struct list *list, struct dat_key *keys)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n;) {
		double sum = 0;
		size_t first = i;

		for (; i < list->n && str_eq(list->items[i].text, list->items[first].text); i++)
			sum += list->items[i].frequency;
		keys[n].key = list->items[first].text;
		keys[n].value = cost_of(sum, list->total) + long_cost(keys[n].key);
		n++;
	}
	return n;
}

static void write_image(const char *name, const struct dat *d, size_t n_words, uint32_t unknown)
{
	struct lexicon_image head = {.magic = "kefulex",
				     .n_words = (uint32_t)n_words,
				     .n_units = (uint32_t)d->n,
				     .unknown = unknown};
	FILE *f = fopen(name, "wb");

	head.magic[7] = '1';
	if (!f)
		die(name, "cannot open");
	fwrite(&head, sizeof head, 1, f);
	fwrite(d->units, sizeof *d->units, d->n, f);
	if (ferror(f) || fclose(f) != 0)
		die(name, "cannot write");
}

int main(int argc, char **argv)
{
	struct arena a;
	struct list list = {0};
	struct dat_key *keys;
	struct dat d;
	size_t n;

	if (argc < 3)
		die("usage", "gen_lexicon OUT.bin dict.txt…");
	arena_init(&a);
	for (int i = 2; i < argc; i++)
		read_words(&a, argv[i], &list);
	if (!list.n)
		die(argv[2], "no words");
	qsort(list.items, list.n, sizeof *list.items, by_text);
	keys = mem_alloc(list.n * sizeof *keys);
	n = make_keys(&list, keys);
	if (dat_build(&a, keys, n, &d) < 0)
		die(argv[2], "does not fit a double array");
	write_image(argv[1], &d, n, cost_of(1, list.total));
	free(keys);
	arena_done(&a);
	return 0;
}

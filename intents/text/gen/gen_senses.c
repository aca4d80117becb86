/* Host generator of the word vectors in the program:
 *
 *	gen_senses OUT.bin senses.en Unihan_Readings.txt jieba/dict.txt
 *
 * English words have the vectors of senses.en (made by tools/senses.py from GloVe). A Chinese character has
 * the weighted mean of the words that explain it in the Unihan database (kDefinition), so both
 * languages share one space. The file has the format of text/vectors.h, in which Chinese words are
 * read by their characters. */
#include <ctype.h>
#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/mem.h"
#include "text/utf8.h"

enum {
	WORDS = 24137,
	DIMS = 64,
	CHARACTERS = 8000,
	FIRST = 0x3400,
	LAST = 0x9FFF,
	HEADER = 64,
};

#define SIF	 1e-3	/* see text/vectors.h */
#define ALL_RANK 400000 /* words that GloVe has */

__attribute__((noreturn)) static void die(const char *name, const char *what)
{
	fprintf(stderr, "gen_senses: %s: %s\n", name, what);
	exit(1);
}

struct row {
	char word[64];
	double probable; /* how often it is one of a text's words */
	float vector[DIMS];
};

static double weight_of(double probable)
{
	return SIF / (SIF + probable);
}

/* ---- English ---- */

/* By Zipf's law. */
static double probable_rank(size_t rank)
{
	return 1 / ((double)rank * (log(ALL_RANK) + 0.5772));
}

static void read_line_of(FILE *f, char *line, size_t size, const char *path)
{
	if (!fgets(line, (int)size, f) || !strchr(line, '\n'))
		die(path, "is cut short, or has a line that is too long");
	line[strcspn(line, "\n")] = '\0';
}

static void read_words(const char *path, struct row *rows)
{
	static float scales[WORDS];
	static uint8_t halves[WORDS][DIMS / 2];
	FILE *f = fopen(path, "rb");
	char line[64];
	unsigned words, dims;

	if (!f)
		die(path, "cannot open");
	read_line_of(f, line, sizeof line, path);
	if (strcmp(line, "kefu senses 1") != 0)
		die(path, "is no such file");
	read_line_of(f, line, sizeof line, path);
	if (sscanf(line, "%u %u", &words, &dims) != 2 || words != WORDS || dims != DIMS)
		die(path, "has other words or numbers than this program is made for");
	for (size_t i = 0; i < WORDS; i++)
		read_line_of(f, rows[i].word, sizeof rows[i].word, path);
	if (fread(scales, sizeof scales, 1, f) != 1 || fread(halves, sizeof halves, 1, f) != 1)
		die(path, "is cut short");
	fclose(f);
	for (size_t i = 0; i < WORDS; i++) {
		rows[i].probable = probable_rank(i + 1);
		for (size_t d = 0; d < DIMS; d++)
			rows[i].vector[d] =
				scales[i] * (float)((halves[i][d / 2] >> d % 2 * 4 & 15) - 8);
	}
}

/* ---- Chinese ---- */

static double character_counts[LAST + 1];

/* "退款 123 v": how often each character stands in words of texts. */
static void count_characters(const char *path)
{
	char line[1024], word[512];
	FILE *f = fopen(path, "r");
	double count;

	if (!f)
		die(path, "cannot open");
	while (fgets(line, sizeof line, f)) {
		uint32_t cp;

		if (sscanf(line, "%511s %lf", word, &count) != 2)
			continue;
		for (size_t i = 0, n = strlen(word); i < n;) {
			i += utf8_decode(word + i, n - i, &cp);
			if (cp >= FIRST && cp <= LAST)
				character_counts[cp] += count;
		}
	}
	fclose(f);
}

/* The least count of the CHARACTERS most frequent ones. */
static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a < b) - (a > b);
}

static double least_count(void)
{
	static double sorted[LAST + 1];

	memcpy(sorted, character_counts, sizeof sorted);
	qsort(sorted, LAST + 1, sizeof *sorted, by_value);
	return fmax(sorted[CHARACTERS], 1);
}

/* Where a word stands, by a table of twice as many slots. */
struct places {
	uint32_t slots[1 << 16]; /* row + 1; 0 = free */
};

static uint32_t *slot_of(struct places *p, const struct row *rows, struct str word)
{
	uint32_t i = (uint32_t)str_hash(word) & 0xFFFF;

	while (p->slots[i] && !str_eq(str_of(rows[p->slots[i] - 1].word), word))
		i = (i + 1) & 0xFFFF;
	return &p->slots[i];
}

static bool make_unit(float v[DIMS])
{
	double square = 0;

	for (size_t d = 0; d < DIMS; d++)
		square += (double)v[d] * (double)v[d];
	for (size_t d = 0; d < DIMS && square > 0; d++)
		v[d] /= (float)sqrt(square);
	return square > 0;
}

/* Adds the words of one explanation; false when none is known. Its meanings, parted by ; and , count
 * less and less; what stands in brackets is no meaning. */
static bool explain(struct places *places, const struct row *words, const char *text,
		    struct row *out)
{
	double share = 1;
	int depth = 0;

	for (size_t n; *text && *text != '\n'; text += n) {
		uint32_t found;
		float by;

		for (n = 0; isalpha((unsigned char)text[n]);)
			n++;
		if (n == 0) {
			depth += (*text == '(') - (*text == ')');
			share *= *text == ';' || *text == ',' ? 0.7 : 1;
			n = 1;
			continue;
		}
		found = *slot_of(places, words, (struct str){text, n});
		if (depth > 0 || !found)
			continue;
		by = (float)(share * weight_of(words[found - 1].probable));
		for (size_t d = 0; d < DIMS; d++)
			out->vector[d] += by * words[found - 1].vector[d];
	}
	return make_unit(out->vector);
}

/* "U+9000\tkDefinition\tstep back, retreat, withdraw"; returns where the text begins, 0 for other lines. */
static int definition_of(char *line, unsigned *cp)
{
	int at = 0;

	if (sscanf(line, "U+%X\tkDefinition\t%n", cp, &at) != 1 || !at || *cp < FIRST || *cp > LAST)
		return 0;
	for (char *p = line + at; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return at;
}

/* Returns how many rows there are then. */
static size_t add_characters(const char *path, struct row *rows)
{
	static struct places places;
	double least = least_count(), all = 0;
	FILE *f = fopen(path, "r");
	size_t n = WORDS;
	char line[4096];
	unsigned cp;

	if (!f)
		die(path, "cannot open");
	for (size_t i = 0; i <= LAST; i++)
		all += character_counts[i];
	for (uint32_t i = 0; i < WORDS; i++)
		*slot_of(&places, rows, str_of(rows[i].word)) = i + 1;
	while (fgets(line, sizeof line, f) && n < WORDS + CHARACTERS) {
		struct row *r = &rows[n];
		int at = definition_of(line, &cp);

		if (!at || character_counts[cp] < least || !explain(&places, rows, line + at, r))
			continue;
		r->word[utf8_encode(cp, r->word)] = '\0';
		r->probable = character_counts[cp] / all;
		n++;
	}
	fclose(f);
	if (n < WORDS + CHARACTERS / 2)
		die(path, "explains too few characters");
	return n;
}

/* ---- writing ---- */

struct image {
	char *p;
	size_t n;
};

static void put_u32(struct image *i, uint32_t x)
{
	x = htole32(x);
	memcpy(i->p + i->n, &x, sizeof x);
	i->n += sizeof x;
}

static void put_float(struct image *i, double x)
{
	float f = (float)x;
	uint32_t bits;

	memcpy(&bits, &f, sizeof bits);
	put_u32(i, bits);
}

static float most_of(const struct row *r)
{
	float most = 1e-6F;

	for (size_t d = 0; d < DIMS; d++)
		most = fmaxf(most, fabsf(r->vector[d]));
	return most;
}

static void put_table(struct image *i, const struct row *rows, size_t n, uint32_t slots)
{
	uint32_t *table = mem_zalloc(slots * sizeof *table);

	for (uint32_t k = 0; k < n; k++) {
		uint32_t at = (uint32_t)str_hash(str_of(rows[k].word)) & (slots - 1);

		while (table[at])
			at = (at + 1) & (slots - 1);
		table[at] = k + 1;
	}
	for (uint32_t k = 0; k < slots; k++)
		put_u32(i, table[k]);
	free(table);
}

static void put_rows(struct image *i, const struct row *rows, size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t d = 0; d < DIMS; d++)
			i->p[i->n++] = (char)lroundf(rows[k].vector[d] * 127 / most_of(&rows[k]));
	for (size_t k = 0; k < n; k++) {
		size_t len = strlen(rows[k].word);

		memcpy(i->p + i->n, rows[k].word, len);
		i->n += len;
	}
}

static uint64_t checksum(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t i = 0; i < n; i += 8) {
		uint64_t word = 0;

		memcpy(&word, p + i, n - i < 8 ? n - i : 8);
		h = (h ^ le64toh(word)) * 0x100000001b3U;
		h ^= h >> 29;
	}
	return h;
}

static void put_header(struct image *i, uint32_t words, uint32_t slots, uint32_t letters)
{
	struct image header = {i->p, 16};
	uint64_t sum = checksum(i->p + HEADER, i->n - HEADER);

	memcpy(i->p, "kefu vectors 1\n", 16);
	put_u32(&header, DIMS);
	put_u32(&header, words);
	put_u32(&header, slots);
	put_u32(&header, letters);
	put_u32(&header, (uint32_t)sum);
	put_u32(&header, (uint32_t)(sum >> 32));
}

static void write_file(const char *path, const struct row *rows, size_t n)
{
	uint32_t slots = 1, letters = 0;
	struct image i = {.n = HEADER};
	FILE *f = fopen(path, "wb");

	while (slots < 2 * n)
		slots *= 2;
	i.p = mem_zalloc(HEADER + 4 * (slots + 3 * n + 1) + n * (DIMS + sizeof rows->word));
	put_table(&i, rows, n, slots);
	for (size_t k = 0; k <= n; k++) {
		put_u32(&i, letters);
		letters += k < n ? (uint32_t)strlen(rows[k].word) : 0;
	}
	for (size_t k = 0; k < n; k++)
		put_float(&i, (double)most_of(&rows[k]) / 127);
	for (size_t k = 0; k < n; k++)
		put_float(&i, weight_of(rows[k].probable));
	put_rows(&i, rows, n);
	put_header(&i, (uint32_t)n, slots, letters);
	if (!f || fwrite(i.p, 1, i.n, f) != i.n || fclose(f) != 0)
		die(path, "cannot write");
	free(i.p);
}

int main(int argc, char **argv)
{
	struct row *rows = mem_zalloc((WORDS + CHARACTERS) * sizeof *rows);

	if (argc != 5)
		die("usage", "gen_senses OUT.bin senses.en Unihan_Readings.txt dict.txt");
	read_words(argv[2], rows);
	count_characters(argv[4]);
	write_file(argv[1], rows, add_characters(argv[3], rows));
	free(rows);
	return 0;
}

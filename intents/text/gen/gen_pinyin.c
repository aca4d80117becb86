/* Host generator of the table of readings: gen_pinyin OUT.h Unihan_Readings.txt
 *
 * A character has its customary reading (kMandarin) and one more when that is at least one in
 * twenty of what was counted in running text (kHanyuPinlu): 行 xing, hang. Tones are left out;
 * ü is written v.
 *
 * Readings that many speakers and keyboards do not tell apart are folded into one: zh ch sh are
 * z c s, eng ing are en in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

enum {
	FIRST = 0x4E00,
	LAST = 0x9FFF,
	SYLLABLES_MAX = 600,
	SYLLABLE_MAX = 8,
	COUNTED_MAX = 8,
	SHARE = 20, /* a second reading is at least one in so many */
};

struct counted {
	unsigned syllable;
	long count;
};

struct character {
	unsigned customary; /* 0 = none; syllables count from 1 */
	struct counted v[COUNTED_MAX];
	size_t n;
};

static char syllables[SYLLABLES_MAX][SYLLABLE_MAX];
static unsigned n_syllables = 1;
static struct character characters[LAST - FIRST + 1];

__attribute__((noreturn)) static void die(const char *name, const char *what)
{
	fprintf(stderr, "gen_pinyin: %s: %s\n", name, what);
	exit(1);
}

static unsigned number_of(const char *syllable)
{
	for (unsigned i = 1; i < n_syllables; i++) {
		if (strcmp(syllables[i], syllable) == 0)
			return i;
	}
	if (n_syllables == SYLLABLES_MAX || strlen(syllable) >= SYLLABLE_MAX)
		die(syllable, "is one syllable too many, or too long");
	strcpy(syllables[n_syllables], syllable);
	return n_syllables++;
}

/* "lǜ" -> the number of "lv"; 0 when nothing is left. */
static unsigned read_syllable(const char *text, size_t len)
{
	char out[SYLLABLE_MAX * 2] = "";
	utf8proc_uint8_t *parts;
	utf8proc_int32_t cp;
	size_t n = 0;
	utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len,
					     &parts, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);

	if (size < 0)
		return 0;
	for (utf8proc_ssize_t i = 0; i < size;) {
		i += utf8proc_iterate(parts + i, size - i, &cp);
		if (cp >= 'a' && cp <= 'z' && n + 1 < sizeof out)
			out[n++] = (char)cp;
		else if (cp == 0x308 && n)
			out[n - 1] = 'v';
	}
	out[n] = '\0';
	free(parts);
	return n ? number_of(out) : 0;
}

/* "le(30101) liǎo(654)" */
static void read_counted(struct character *c, const char *text)
{
	while (*text && *text != '\n') {
		size_t len = strcspn(text, "( \n");
		unsigned syllable = read_syllable(text, len);
		long count = text[len] == '(' ? strtol(text + len + 1, NULL, 10) : 0;
		size_t i = 0;

		while (i < c->n && c->v[i].syllable != syllable)
			i++;
		if (syllable && i < COUNTED_MAX) {
			c->v[i].syllable = syllable;
			c->v[i].count += count;
			c->n += i == c->n;
		}
		text += len + strcspn(text + len, " \n");
		text += *text == ' ';
	}
}

static void read_line(const char *line)
{
	unsigned cp;
	char field[32];
	int at = 0;

	if (sscanf(line, "U+%X\t%31s\t%n", &cp, field, &at) != 2 || !at || cp < FIRST || cp > LAST)
		return;
	if (strcmp(field, "kMandarin") == 0)
		characters[cp - FIRST].customary =
			read_syllable(line + at, strcspn(line + at, " \n"));
	else if (strcmp(field, "kHanyuPinlu") == 0)
		read_counted(&characters[cp - FIRST], line + at);
}

static unsigned second_reading(const struct character *c)
{
	long all = 0, most = 0;
	unsigned best = 0;

	for (size_t i = 0; i < c->n; i++) {
		all += c->v[i].count;
		if (c->v[i].syllable != c->customary && c->v[i].count > most) {
			most = c->v[i].count;
			best = c->v[i].syllable;
		}
	}
	return most * SHARE >= all ? best : 0;
}

/* "zheng" -> the number of "zen", made up if need be. */
static unsigned fold(unsigned syllable)
{
	char name[SYLLABLE_MAX];
	size_t n;

	strcpy(name, syllables[syllable]);
	if (strchr("zcs", name[0]) && name[0] && name[1] == 'h')
		memmove(name + 1, name + 2, strlen(name + 1));
	n = strlen(name);
	if (n > 3 && name[n - 1] == 'g' && name[n - 2] == 'n' && strchr("ei", name[n - 3]))
		name[n - 1] = '\0';
	return number_of(name);
}

static void write_folds(FILE *out)
{
	static unsigned folded[SYLLABLES_MAX];
	unsigned n = n_syllables;

	for (unsigned i = 1; i < n; i++)
		folded[i] = fold(i);
	fprintf(out, "static const uint16_t pinyin_folds[] = {");
	for (unsigned i = 0; i < n_syllables; i++)
		fprintf(out, "%s%u,", i % 16 ? " " : "\n", i < n ? folded[i] : i);
	fprintf(out, "\n};\n");
}

static void write_table(FILE *out)
{
	write_folds(out); /* first: it may need more syllables */
	fprintf(out, "enum { PINYIN_FIRST = 0x%X, PINYIN_LAST = 0x%X, PINYIN_SYLLABLES = %u };\n",
		FIRST, LAST, n_syllables);
	fprintf(out, "static const char pinyin_names[PINYIN_SYLLABLES][%d] = {", SYLLABLE_MAX);
	for (unsigned i = 0; i < n_syllables; i++)
		fprintf(out, "%s\"%s\",", i % 8 ? " " : "\n", syllables[i]);
	fprintf(out, "\n};\nstatic const uint16_t pinyin_table[][2] = {");
	for (size_t i = 0; i <= LAST - FIRST; i++)
		fprintf(out, "%s{%u,%u},", i % 8 ? " " : "\n", characters[i].customary,
			second_reading(&characters[i]));
	fprintf(out, "\n};\n");
}

int main(int argc, char **argv)
{
	static char line[4096];
	FILE *in, *out;

	if (argc != 3)
		die("usage", "gen_pinyin OUT.h Unihan_Readings.txt");
	in = fopen(argv[2], "r");
	if (!in)
		die(argv[2], "cannot open");
	while (fgets(line, sizeof line, in))
		read_line(line);
	fclose(in);
	if (n_syllables < 300)
		die(argv[2], "has too few readings");
	out = fopen(argv[1], "w");
	if (!out)
		die(argv[1], "cannot open");
	write_table(out);
	if (ferror(out) || fclose(out) != 0)
		die(argv[1], "cannot write");
	return 0;
}

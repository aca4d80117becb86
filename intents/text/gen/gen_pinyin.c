/* Host generator of the table of sounds: gen_pinyin OUT.h pinyin.txt
 *
 * Input lines are "syllable characters"; `#` starts a comment. Syllables that many speakers and
 * input methods do not tell apart get one number: zh ch sh as z c s, ing eng as in en.
 *
 *	pin 频… \
 *	         > 217: pinyin_sound['频' - 4E00] = pinyin_sound['屏' - 4E00] = 217
 *	ping 屏… / */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 0x4e00, LAST = 0x9fff, SYLLABLES_MAX = 1000, LINE_MAX_BYTES = 4096 };

static uint16_t sound[LAST - FIRST + 1];
static char names[SYLLABLES_MAX][8];
static uint16_t n_names;

__attribute__((noreturn)) static void die(const char *what, const char *name)
{
	fprintf(stderr, "gen_pinyin: %s: %s\n", name, what);
	exit(1);
}

static void fold(const char *syllable, char out[8])
{
	size_t n = strlen(syllable), to = 0;

	for (size_t i = 0; i < n && to < 7; i++)
		if (!(i == 1 && syllable[1] == 'h'))
			out[to++] = syllable[i];
	if (to > 2 && out[to - 1] == 'g' && out[to - 2] == 'n' && strchr("ie", out[to - 3]))
		to--;
	out[to] = '\0';
}

/* Numbers start at 1: 0 is "no sound known". */
static uint16_t number(const char *syllable)
{
	char name[8];

	fold(syllable, name);
	for (uint16_t i = 0; i < n_names; i++)
		if (strcmp(names[i], name) == 0)
			return (uint16_t)(i + 1);
	if (n_names == SYLLABLES_MAX)
		die("too many syllables", syllable);
	strcpy(names[n_names++], name);
	return n_names;
}

/* Characters of three bytes: all of U+4E00..9FFF are. */
static void read_line(const char *syllable, const unsigned char *p)
{
	uint16_t id = number(syllable);

	for (; p[0] && p[1] && p[2]; p += 3) {
		int cp = (p[0] & 15) << 12 | (p[1] & 63) << 6 | (p[2] & 63);

		if (cp < FIRST || cp > LAST)
			die("a character outside U+4E00..9FFF", syllable);
		sound[cp - FIRST] = id;
	}
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	char syllable[8];
	FILE *in, *out;
	int at;

	if (argc != 3)
		die("usage: gen_pinyin OUT.h pinyin.txt", "");
	if (!(in = fopen(argv[2], "r")))
		die("cannot be read", argv[2]);
	while (fgets(line, sizeof line, in))
		if (line[0] != '#' && sscanf(line, "%7s %n", syllable, &at) == 1) {
			line[strcspn(line, "\n")] = '\0';
			read_line(syllable, (const unsigned char *)line + at);
		}
	fclose(in);
	if (!(out = fopen(argv[1], "w")))
		die("cannot be written", argv[1]);
	fprintf(out,
		"/* Made by gen_pinyin. */\nenum { PINYIN_FIRST = %d, PINYIN_LAST = %d };\n\n"
		"static const uint16_t pinyin_sound[] = {",
		FIRST, LAST);
	for (int i = 0; i <= LAST - FIRST; i++)
		fprintf(out, "%s%d,", i % 20 ? " " : "\n\t", sound[i]);
	fprintf(out, "\n};\n");
	return fclose(out) == 0 ? 0 : 1;
}

/* Host generator of the normaliser's table: gen_normal OUT.h TRADITIONAL.txt...
 *
 * Input files hold lines "from<TAB>to[ other candidates]"; `#` starts a comment; later files win.
 * For every code point below U+30000 it works out what text/normal.c is to write: NFKC_Casefold by
 * utf8proc, then traditional -> simplified, repeated until nothing changes. The answer is a number
 * from enum normal_class, or NORMAL_SPECIAL + the index of a replacement. Code points are cut into
 * pages of 128; equal pages are stored once (three in four are "all the same").
 *
 *	code point --(cp >> 7)--> normal_page[] --> page number
 *	page number * 128 + (cp & 127) --> normal_cell[] --> class or replacement */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "text/normal_class.h"

enum { LIMIT = NORMAL_LIMIT, PAGE = 1 << NORMAL_PAGE_BITS, PAGES = LIMIT / PAGE, LONGEST = 40 };

struct mapping {
	int32_t cp[LONGEST];
	int n;
};

static int32_t simplified[LIMIT];
static uint16_t cell[LIMIT], page_of[PAGES];
static uint16_t packed[LIMIT];
static struct normal_special special[UINT16_MAX];
static char pool[1 << 20];
static size_t n_specials, n_pool, n_packed;

__attribute__((noreturn)) static void die(const char *what, const char *name)
{
	fprintf(stderr, "gen_normal: %s: %s\n", name, what);
	exit(1);
}

static int32_t take_char(const char **p, const char *name)
{
	int32_t cp;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)*p, -1, &cp);

	if (n <= 0)
		die("not a character", name);
	*p += n;
	return cp;
}

static void read_variants(const char *name)
{
	FILE *f = fopen(name, "r");
	char line[512];

	if (!f)
		die("cannot open", name);
	while (fgets(line, sizeof line, f)) {
		const char *p = line;
		int32_t from;

		if (*p == '#' || *p == '\n')
			continue;
		from = take_char(&p, name);
		if (*p++ != '\t' || from >= LIMIT)
			die("no line of: character below U+30000, tab, character", name);
		simplified[from] = take_char(&p, name);
	}
	fclose(f);
}

static struct mapping casefold(int32_t cp)
{
	struct mapping m = {0};
	int last_class = 0;
	utf8proc_ssize_t n;

	n = utf8proc_decompose_char(cp, m.cp, LONGEST,
				    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
					    UTF8PROC_IGNORE,
				    &last_class);
	if (n > 1)
		n = utf8proc_normalize_utf32(m.cp, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n < 0 || n > LONGEST)
		die(utf8proc_errmsg(n), "utf8proc");
	m.n = (int)n;
	return m;
}

static bool is_space(int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	return c == UTF8PROC_CATEGORY_CC || c == UTF8PROC_CATEGORY_ZS ||
	       c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP;
}

/* One step for one code point. */
static struct mapping map_once(int32_t cp)
{
	struct mapping m;

	if (is_space(cp))
		return (struct mapping){{' '}, 1};
	if (cp == 0x2018 || cp == 0x2019 || cp == 0x02BC)
		return (struct mapping){{'\''}, 1};
	m = casefold(cp);
	for (int i = 0; i < m.n; i++) {
		if (m.cp[i] < LIMIT && simplified[m.cp[i]])
			m.cp[i] = simplified[m.cp[i]];
	}
	return m;
}

static struct mapping map_fully(int32_t cp)
{
	struct mapping m = map_once(cp);

	for (int round = 0; round < 8; round++) {
		struct mapping next = {0};

		for (int i = 0; i < m.n; i++) {
			struct mapping part = map_once(m.cp[i]);

			if (next.n + part.n > LONGEST)
				die("a mapping grows without end", "tables");
			memcpy(next.cp + next.n, part.cp, (size_t)part.n * sizeof *part.cp);
			next.n += part.n;
		}
		if (next.n == m.n && memcmp(next.cp, m.cp, (size_t)m.n * sizeof *m.cp) == 0)
			return m;
		m = next;
	}
	die("a mapping never settles", "tables");
}

/* May join or trade places with what stands before it: canonical class not 0, or
 * NFC_Quick_Check=Maybe (utf8proc marks second halves of compositions by comb_index; Hangul vowels
 * and finals by rule). */
static bool is_mark(int32_t cp)
{
	const utf8proc_property_t *p = utf8proc_get_property(cp);

	return p->combining_class || (p->comb_index >= 0x8000 && p->comb_index != UINT16_MAX) ||
	       (cp >= 0x1161 && cp <= 0x1175) || (cp >= 0x11A8 && cp <= 0x11C2);
}

static bool is_emoji(int32_t cp)
{
	return utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
	       (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

static uint16_t add_special(const struct mapping *m)
{
	struct normal_special s = {.at = (uint32_t)n_pool, .mark = is_mark(m->cp[0])};
	size_t n = n_pool;

	for (int i = 0; i < m->n; i++) {
		s.space |= m->cp[i] == ' ';
		n += (size_t)utf8proc_encode_char(m->cp[i], (utf8proc_uint8_t *)pool + n);
	}
	s.n = (uint8_t)(n - n_pool);
	if (s.n > NORMAL_SPECIAL_MAX || n + LONGEST * 4 > sizeof pool)
		die("the pool of replacements is too small", "tables");
	for (size_t i = 0; i < n_specials; i++) {
		if (special[i].n == s.n && special[i].mark == s.mark &&
		    memcmp(pool + special[i].at, pool + n_pool, s.n) == 0)
			return (uint16_t)(NORMAL_SPECIAL + i);
	}
	n_pool = n;
	special[n_specials] = s;
	return (uint16_t)(NORMAL_SPECIAL + n_specials++);
}

static uint16_t classify(int32_t cp)
{
	struct mapping m;

	if (cp >= 0xD800 && cp <= 0xDFFF)
		return NORMAL_SAME; /* never decoded */
	if (cp == 0x200D)
		return NORMAL_JOINER;
	if (cp == 0xFE0F)
		return NORMAL_SELECTOR;
	m = map_fully(cp);
	if (m.n == 0)
		return NORMAL_DROP;
	if (m.n == 1 && m.cp[0] == ' ')
		return NORMAL_SPACE;
	if (m.n == 1 && m.cp[0] == cp)
		return is_mark(cp) ? NORMAL_MARK : is_emoji(cp) ? NORMAL_EMOJI : NORMAL_SAME;
	return add_special(&m);
}

static void pack_pages(void)
{
	for (size_t page = 0; page < PAGES; page++) {
		const uint16_t *mine = cell + page * PAGE;
		size_t k = 0;

		while (k < n_packed && memcmp(packed + k * PAGE, mine, PAGE * sizeof *mine) != 0)
			k++;
		if (k == n_packed)
			memcpy(packed + n_packed++ * PAGE, mine, PAGE * sizeof *mine);
		page_of[page] = (uint16_t)k;
	}
}

static void print_numbers(FILE *f, const char *head, const uint16_t *v, size_t n)
{
	fprintf(f, "static const uint16_t %s[%zu] = {", head, n);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s%u,", i % 20 ? "" : "\n\t", v[i]);
	fprintf(f, "\n};\n\n");
}

static void print_specials(FILE *f)
{
	fprintf(f, "static const struct normal_special normal_special[%zu] = {\n", n_specials);
	for (size_t i = 0; i < n_specials; i++)
		fprintf(f, "\t{%u, %u, %d, %d},\n", special[i].at, special[i].n, special[i].mark,
			special[i].space);
	fprintf(f, "};\n\nstatic const unsigned char normal_pool[%zu] = {", n_pool);
	for (size_t i = 0; i < n_pool; i++)
		fprintf(f, "%s%u,", i % 24 ? "" : "\n\t", (unsigned char)pool[i]);
	fprintf(f, "\n};\n");
}

int main(int argc, char **argv)
{
	FILE *f;

	if (argc < 3)
		die("usage: gen_normal OUT.h TABLE.txt...", "arguments");
	for (int i = 2; i < argc; i++)
		read_variants(argv[i]);
	for (int32_t cp = 0; cp < LIMIT; cp++)
		cell[cp] = classify(cp);
	pack_pages();
	f = fopen(argv[1], "w");
	if (!f)
		die("cannot write", argv[1]);
	fprintf(f, "/* Made by gen_normal: %zu pages, %zu replacements, %zu bytes of them. */\n\n",
		n_packed, n_specials, n_pool);
	print_numbers(f, "normal_page", page_of, PAGES);
	print_numbers(f, "normal_cell", packed, n_packed * PAGE);
	print_specials(f);
	if (fclose(f) != 0)
		die("cannot write", argv[1]);
	return 0;
}

#include "intents/yaml_traps.h"

#include "text/utf8.h"

/* ---- colons ---- */

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t traps_body(struct str line)
{
	size_t i = 0;

	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t' ||
			      (line.p[i] == '-' && i + 1 < line.n && line.p[i + 1] == ' ')))
		i++;
	return i;
}

/* A key stands at the start of the line's text, or in brackets behind { or a comma. */
static bool key_before(struct str line, size_t colon, bool anywhere, struct str *key)
{
	size_t body = traps_body(line), from = colon;

	while (from > body && is_word_char(line.p[from - 1]))
		from--;
	*key = str_sub(line, from, colon);
	if (!key->n || from == body)
		return key->n > 0;
	return anywhere && memchr("{, ", line.p[from - 1], 3);
}

static bool colon_kind(struct str behind, struct bad_colon *out)
{
	if (str_starts(behind, STR("："))) {
		out->kind = COLON_FULL_WIDTH;
		return true;
	}
	if (!str_starts(behind, STR(":")) || behind.n < 2)
		return false;
	behind = str_sub(behind, 1, behind.n);
	if (str_starts(behind, STR("　")) || str_starts(behind, STR("\xc2\xa0")))
		out->kind = COLON_WIDE_SPACE;
	else if (memchr(" \t\r\n/:,}]", behind.p[0], 9))
		return false;
	else
		out->kind = COLON_NO_SPACE;
	return true;
}

bool traps_bad_colon(struct str line, size_t from, bool anywhere, traps_is_key *is_key,
		     struct bad_colon *out)
{
	for (size_t i = from; is_key && i < line.n; i++) {
		struct bad_colon c = {.at = i};

		/* of each byte of a file this is asked: \xef begins a full-width colon */
		if (line.p[i] != ':' && line.p[i] != '\xef')
			continue;
		if (!colon_kind(str_sub(line, i, line.n), &c))
			continue;
		if (key_before(line, i, anywhere, &c.key) && is_key(c.key)) {
			*out = c;
			return true;
		}
	}
	return false;
}

void traps_say_colon(const struct bad_colon *c, struct mark mark, struct diags *diags)
{
	static const struct {
		const char *code, *en, *zh;
	} words[] = {
		[COLON_FULL_WIDTH] =
			{"full-width-colon",
			 "the colon after '%.*s' is full-width (：); write ': ', a colon and a "
			 "space",
			 "“%.*s”后面是全角冒号（：）；请改成半角冒号加空格“: ”"},
		[COLON_WIDE_SPACE] =
			{"wide-space",
			 "the space after '%.*s:' is not an ordinary one; type a plain space",
			 "“%.*s:”后面是全角空格；请改成半角空格"},
		[COLON_NO_SPACE] =
			{"no-space",
			 "'%.*s:' needs a space after the colon; if this is text, put it in "
			 "quotes",
			 "“%.*s:”的冒号后面要加一个空格；如果这是文字，请加引号"},
	};

	diags_add(diags, DIAG_ERROR, mark, words[c->kind].code, words[c->kind].en,
		  words[c->kind].zh, STR_ARG(c->key));
}

/* ---- one line of a plain scalar ---- */

static size_t indent_of(struct str line)
{
	size_t i = 0;

	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	return i;
}

/* `from` is the column of the line's first byte, less one. */
static void check_line(const struct trap_scalar *s, struct str line, int line_no, int from,
		       traps_is_key *is_key, struct diags *diags)
{
	struct bad_colon c;
	struct mark mark = {s->mark.file, line_no, from};

	if (!traps_bad_colon(line, 0, false, is_key, &c))
		return;
	mark.col += (int)utf8_count(str_sub(line, 0, c.at)) + 1;
	traps_say_colon(&c, mark, diags);
}

/* `    - 退课` indented deeper than the item before it is no item but more of that one's text. */
static void check_item(const struct trap_scalar *s, struct str line, int line_no,
		       struct diags *diags)
{
	struct str item = str_trim(line);
	struct mark mark = {s->mark.file, line_no,
			    (int)utf8_count(str_sub(line, 0, indent_of(line))) + 1};

	if (line_no == s->mark.line || !str_starts(item, STR("- ")))
		return;
	diags_add(diags, DIAG_WARNING, mark, "glued-item",
		  "'%.*s' is read as more of the text above, not as an item of the list; let it "
		  "start in the same column as the other items",
		  "“%.*s”被当作上一行文字的一部分，而不是列表里的一项；请和其他项从同一列开始",
		  STR_ARG(utf8_cut(item, 60)));
}

/* A plain scalar goes on over lines: each of them may have been meant as a key, or as an item. */
static void check_lines(const struct trap_scalar *s, traps_is_key *is_key, struct diags *diags)
{
	size_t from = 0;
	int line_no = s->mark.line;

	while (from <= s->source.n) {
		size_t nl = str_find(s->source, STR("\n"), from);
		size_t to = nl == SIZE_MAX ? s->source.n : nl;

		check_line(s, str_sub(s->source, from, to), line_no,
			   line_no == s->mark.line ? s->mark.col - 1 : 0, is_key, diags);
		check_item(s, str_sub(s->source, from, to), line_no, diags);
		line_no++;
		from = to + 1;
	}
}

/* ---- the others ---- */

/* "# " begins a remark that was meant as one; "#1" and "#话题" are the rest of a sentence. */
static void check_cut(const struct trap_scalar *s, struct diags *diags)
{
	struct mark mark = s->mark;
	size_t hash = 0;

	while (hash < s->behind.n && (s->behind.p[hash] == ' ' || s->behind.p[hash] == '\t'))
		hash++;
	if (hash == 0 || hash + 1 >= s->behind.n || s->behind.p[hash] != '#' ||
	    memchr(" \t#!-=", s->behind.p[hash + 1], 6))
		return;
	diags_add(diags, DIAG_WARNING, mark, "cut-by-comment",
		  "YAML drops '%.*s': ' #' begins a comment; put the whole text in quotes",
		  "YAML 会丢掉“%.*s”：空格加 # 是注释的开始；请给整段文字加引号",
		  STR_ARG(str_trim(utf8_cut(str_sub(s->behind, hash, s->behind.n), 60))));
}

/* Marks that look like YAML's own around a whole value. Chinese texts quote single words with the
 * same signs, so only a pair with no other of its kind between is one. */
static void check_lookalikes(const struct trap_scalar *s, struct diags *diags)
{
	static const struct {
		const char *open, *close, *yours;
	} pairs[] = {
		{"“", "”", "\""},    {"‘", "’", "'"},	  {"＂", "＂", "\""},
		{"［", "］", "[ ]"}, {"｛", "｝", "{ }"},
	};

	/* Every scalar of a file comes here: what opens begins with one of two bytes. */
	if (!s->text.n || !memchr("\xe2\xef", s->text.p[0], 2))
		return;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct str open = str_of(pairs[i].open), close = str_of(pairs[i].close);

		if (s->text.n < open.n + close.n || !str_starts(s->text, open) ||
		    str_find(s->text, close, open.n) != s->text.n - close.n)
			continue;
		diags_add(diags, DIAG_WARNING, s->mark, "lookalike",
			  "%s %s are kept as part of the text; YAML's own are %s",
			  "%s %s 会被当作文字保留；YAML 用的是 %s", pairs[i].open, pairs[i].close,
			  pairs[i].yours);
	}
}

/* "-退款" is text; a list wants "- 退款". A minus before a number is none of our business. */
static void check_dash(const struct trap_scalar *s, struct diags *diags)
{
	if (s->text.n < 2 || s->text.p[0] != '-' || memchr("-0123456789.", s->text.p[1], 12))
		return;
	diags_add(diags, DIAG_WARNING, s->mark, "dash-space",
		  "a list item needs a space after its dash: write '- %.*s'; if this is text, "
		  "put it in quotes",
		  "列表项的短横后面要有空格：“- %.*s”；如果这是文字，请加引号",
		  STR_ARG(utf8_cut(str_sub(s->text, 1, s->text.n), 40)));
}

/* "> 7" and ">7" begin a block of text; with a number and no block the value is silently empty. */
static void check_block(const struct trap_scalar *s, struct diags *diags)
{
	if (s->text.n || !s->source.n || !memchr(">|", s->source.p[0], 2))
		return;
	diags_add(diags, DIAG_ERROR, s->mark, "special-start",
		  "a value that starts with '%c' means something else in YAML; put the text in "
		  "quotes",
		  "以“%c”开头的值在 YAML 里另有含义；请给这段文字加引号", s->source.p[0]);
}

static void check_indent(const struct trap_scalar *s, struct diags *diags)
{
	bool key = str_starts(s->behind, STR(":"));

	if (!str_starts(s->text, STR("　")) && !str_starts(s->text, STR("\xc2\xa0")))
		return;
	diags_add(diags, key ? DIAG_ERROR : DIAG_WARNING, s->mark, "wide-space",
		  "this begins with a wide space, which YAML keeps as text; use ordinary spaces",
		  "这里以全角空格开头，YAML 会把它当作文字；请用半角空格");
}

/* `when　: …` makes a key that looks like another. */
static void check_end(const struct trap_scalar *s, struct diags *diags)
{
	if (!str_starts(s->behind, STR(":")) ||
	    (!str_ends(s->text, STR("　")) && !str_ends(s->text, STR("\xc2\xa0"))))
		return;
	diags_add(diags, DIAG_ERROR, s->mark, "wide-space",
		  "a wide space stands between this key and its colon; take it out",
		  "这个键和冒号之间有全角空格；请删去");
}

bool traps_scalar(const struct trap_scalar *s, traps_is_key *is_key, struct diags *diags)
{
	size_t errors = diags->errors;

	if (!s->plain) {
		check_block(s, diags);
		return diags->errors > errors;
	}
	check_lines(s, is_key, diags);
	check_cut(s, diags);
	check_lookalikes(s, diags);
	check_dash(s, diags);
	check_indent(s, diags);
	check_end(s, diags);
	return diags->errors > errors;
}

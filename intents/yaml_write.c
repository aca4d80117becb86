#include "intents/yaml_write.h"

#include "text/utf8.h"

/* ---- scalars ---- */

/* What libyaml accepts outside escapes, line breaks left out. */
static bool printable(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp < 0x7F;
	return cp >= 0xA0 && cp != 0x2028 && cp != 0x2029 && cp != 0xFEFF &&
	       !(cp >= 0xD800 && cp <= 0xDFFF) && cp != 0xFFFE && cp != 0xFFFF;
}

static bool all_printable(struct str s, bool lines_too)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;

		i += utf8_decode(s.p + i, s.n - i, &cp);
		if (!printable(cp) && !(lines_too && cp == '\n'))
			return false;
	}
	return true;
}

/* Words other programs take for something else, and those of transcripts. */
static bool is_special(struct str s)
{
	static const char *const words[] = {"null", "~", "true", "false",  "yes", "no", "on",
					    "off",  "y", "n",	 "silent", "<<",  "=",	"..."};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (s.n == strlen(words[i]) && strncasecmp(s.p, words[i], s.n) == 0)
			return true;
	return false;
}

/* What yaml_traps.h warns of when it stands bare. */
static bool is_trap(struct str s)
{
	static const char *const marks[] = {"：", "　", "\xc2\xa0", "＂"};
	static const char *const starts[] = {"“", "‘", "［", "｛"};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (str_find(s, str_of(marks[i]), 0) != SIZE_MAX)
			return true;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts(s, str_of(starts[i])))
			return true;
	return false;
}

static bool bare_inside(struct str s, bool in_brackets)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : '\0';

		if ((c == ':' && (!next || next == ' ' || in_brackets)) ||
		    (c == ' ' && next == '#'))
			return false;
		if (in_brackets && (memchr(",[]{}", c, 5) || (c == '?' && next == ' ')))
			return false;
	}
	return true;
}

static bool may_be_bare(struct str s, bool in_brackets)
{
	return s.n && s.p[0] != ' ' && s.p[s.n - 1] != ' ' &&
	       !memchr("-?:,[]{}#&*!|>'\"%@`.", s.p[0], 21) && !is_special(s) && !is_trap(s) &&
	       all_printable(s, false) && bare_inside(s, in_brackets);
}

static void put_escaped(struct buf *out, uint32_t cp, struct str raw)
{
	if (cp == '"' || cp == '\\')
		buf_char(out, '\\');
	if (printable(cp))
		buf_str(out, raw);
	else if (cp == '\n')
		buf_cstr(out, "\\n");
	else if (cp == '\t')
		buf_cstr(out, "\\t");
	else if (cp == '\r')
		buf_cstr(out, "\\r");
	else
		buf_printf(out, cp < 0x100 ? "\\x%02X" : cp < 0x10000 ? "\\u%04X" : "\\U%08X", cp);
}

static void put_double(struct buf *out, struct str s)
{
	buf_char(out, '"');
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		size_t len = utf8_decode(s.p + i, s.n - i, &cp);

		put_escaped(out, cp, str_sub(s, i, i + len));
		i += len;
	}
	buf_char(out, '"');
}

static void put_single(struct buf *out, struct str s)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_char(out, '\'');
		buf_char(out, s.p[i]);
	}
	buf_char(out, '\'');
}

static void put_quoted(struct buf *out, struct str s, char quote)
{
	bool escapes = !all_printable(s, false);
	bool single =
		quote == '\'' || (!quote && (memchr(s.p, '"', s.n) || memchr(s.p, '\\', s.n)));

	if (single && !escapes)
		put_single(out, s);
	else
		put_double(out, s);
}

static void put_scalar(struct buf *out, const struct node *n, const struct yaml_style *s,
		       bool in_brackets)
{
	if (n->plain || (!s->quoted && may_be_bare(n->text, in_brackets)))
		buf_str(out, n->text);
	else if (n->text.n)
		put_quoted(out, n->text, s->quote);
	else
		buf_cstr(out, s->quote == '\'' ? "''" : "\"\"");
}

/* ---- | blocks ---- */

/* Each line begins with a word, so that its indentation is that of the block. */
static bool lines_are_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((i == 0 || s.p[i - 1] == '\n') && (s.p[i] == ' ' || (i == 0 && s.p[i] == '\n')))
			return false;
	return true;
}

bool yaml_write_is_block(const struct node *n, const struct yaml_style *s)
{
	struct str t = n->text;

	return s->blocks && !s->quoted && n->kind == NODE_SCALAR && !n->plain && t.n > 1 &&
	       memchr(t.p, '\n', t.n) && t.p[t.n - 1] != '\n' && all_printable(t, true) &&
	       lines_are_plain(t);
}

static void put_indent(struct buf *out, const struct yaml_style *s)
{
	buf_printf(out, "%s%*s", s->eol, s->indent, "");
}

static void put_literal(struct buf *out, struct str text, const struct yaml_style *s)
{
	const struct yaml_style deeper = {.eol = s->eol, .indent = s->indent + s->step};

	buf_cstr(out, " |-");
	while (text.n) {
		size_t end = str_find(text, STR("\n"), 0);
		struct str line = str_sub(text, 0, end);

		if (line.n) {
			put_indent(out, &deeper);
			buf_str(out, line);
		} else {
			buf_cstr(out, s->eol);
		}
		text = end == SIZE_MAX ? STR_NONE : str_sub(text, end + 1, text.n);
	}
}

/* ---- lists and maps ---- */

void yaml_write_flow(struct buf *out, const struct node *n, const struct yaml_style *s,
		     bool in_brackets)
{
	struct yaml_style plain = *s;
	size_t step = n->kind == NODE_MAP ? 2 : 1;

	if (n->kind == NODE_SCALAR) {
		put_scalar(out, n, s, in_brackets);
		return;
	}
	plain.quoted = false;
	buf_char(out, n->kind == NODE_MAP ? '{' : '[');
	for (size_t i = 0; i < n->n * step; i++) {
		if (i)
			buf_cstr(out, i % step ? ": " : ", ");
		yaml_write_flow(out, &n->items[i], &plain, true);
	}
	buf_char(out, n->kind == NODE_MAP ? '}' : ']');
}

static bool goes_on_lines(const struct node *n)
{
	return n->kind != NODE_SCALAR && !n->flow && n->n > 0;
}

void yaml_write_value(struct buf *out, const struct node *n, const struct yaml_style *s)
{
	struct yaml_style deeper = *s;

	if (yaml_write_is_block(n, s)) {
		put_literal(out, n->text, s);
	} else if (goes_on_lines(n)) {
		deeper.indent += s->step;
		put_indent(out, &deeper);
		yaml_write_block(out, n, &deeper);
	} else {
		buf_char(out, ' ');
		yaml_write_flow(out, n, s, false);
	}
}

void yaml_write_item(struct buf *out, const struct node *n, const struct yaml_style *s)
{
	struct yaml_style deeper = *s;

	if (!goes_on_lines(n)) {
		yaml_write_value(out, n, s);
		return;
	}
	deeper.indent += 2;
	buf_char(out, ' ');
	yaml_write_block(out, n, &deeper);
}

void yaml_write_block(struct buf *out, const struct node *n, const struct yaml_style *s)
{
	struct yaml_style plain = *s;

	plain.quoted = false;
	for (size_t i = 0; i < n->n; i++) {
		if (i)
			put_indent(out, s);
		if (n->kind == NODE_LIST) {
			buf_char(out, '-');
			yaml_write_item(out, &n->items[i], &plain);
		} else {
			yaml_write_flow(out, node_key(n, i), &plain, false);
			buf_char(out, ':');
			yaml_write_value(out, node_value(n, i), &plain);
		}
	}
}

bool yaml_same(const struct node *got, const struct node *want)
{
	size_t n = want->kind == NODE_MAP ? 2 * want->n : want->n;

	if (got->kind != want->kind)
		return false;
	if (want->kind == NODE_SCALAR)
		return str_eq(got->text, want->text) && (got->plain || !want->plain);
	if (got->n != want->n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!yaml_same(&got->items[i], &want->items[i]))
			return false;
	return true;
}

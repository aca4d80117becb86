/* A piece goes where a person would have typed it:
 *
 *	list:            map: {a: 1, b: 2}            key: old  # remark
 *	  - one  # x                  ^ ", c: 3"           [--) replaced; the remark stays
 *	  - two  # y
 *	           ^ a line feed and "  - three" behind the line of the last item
 */
#include "intents/yaml_splice.h"

struct splicer {
	struct yaml_edit *e;
	const struct yaml_change *c;
	struct yaml_splices *out;
	struct buf text;
};

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t line_end(struct str bytes, size_t at)
{
	while (at < bytes.n && !is_break(bytes.p[at]))
		at++;
	return at;
}

static size_t skip_blanks(struct str bytes, size_t at)
{
	while (at < bytes.n && is_blank(bytes.p[at]))
		at++;
	return at;
}

/* Bytes [begin, end) become s->text, which is empty again then. A line feed that a | block with `+` took
 * with it comes back. */
static void splice(struct splicer *s, size_t begin, size_t end)
{
	struct yaml_splice piece = {begin, end, s->out->n, STR_NONE};

	if (end > begin && is_break(s->e->bytes.p[end - 1]))
		buf_cstr(&s->text, s->e->eol);
	piece.text = arena_str(&s->e->arena, buf_view(&s->text));
	buf_reset(&s->text);
	ARENA_PUSH(&s->e->arena, s->out->v, s->out->n, s->out->cap, piece);
}

static struct yaml_style style_of(const struct splicer *s, int indent)
{
	return (struct yaml_style){.eol = s->e->eol, .indent = indent, .step = s->e->step};
}

/* May a | block end before byte `at`? What stands behind it on its line, and an indented remark below,
 * would become its text. */
static bool blocks_fit(struct str bytes, size_t at)
{
	if (at < bytes.n && !is_break(bytes.p[at]) && !(at && is_break(bytes.p[at - 1])))
		return false;
	while (at < bytes.n && (is_blank(bytes.p[at]) || is_break(bytes.p[at])))
		at++;
	return at == bytes.n || bytes.p[at] != '#' || is_break(bytes.p[at - 1]);
}

/* ---- appending to a list, putting into a map ---- */

/* The new item or pair, without what leads up to it. */
static void put_piece(struct splicer *s, const struct yaml_style *style, bool in_brackets)
{
	const struct node key = YAML_TEXT(s->c->key);

	if (s->c->op == YAML_PUT) {
		yaml_write_flow(&s->text, &key, style, in_brackets);
		buf_char(&s->text, ':');
		if (in_brackets)
			buf_char(&s->text, ' ');
		else
			yaml_write_value(&s->text, &s->c->value, style);
	} else if (!in_brackets) {
		buf_char(&s->text, '-');
		yaml_write_item(&s->text, &s->c->value, style);
	}
	if (in_brackets)
		yaml_write_flow(&s->text, &s->c->value, style, true);
}

static void new_line(struct splicer *s, int indent)
{
	buf_printf(&s->text, "%s%*s", s->e->eol, indent, "");
}

/* Is an empty line before the line of byte `at`? Then one is wanted before the next piece too. */
static bool stands_apart(struct str bytes, size_t at)
{
	size_t breaks = 0;

	while (at > 0 && !is_break(bytes.p[at - 1]))
		at--;
	while (at > 0 && breaks < 2 && (is_break(bytes.p[at - 1]) || is_blank(bytes.p[at - 1]))) {
		at--;
		breaks += bytes.p[at] == '\n' || (bytes.p[at] == '\r' && bytes.p[at + 1] != '\n');
	}
	return breaks == 2;
}

/* On a line of its own behind the line on which the last one ends. */
static void add_line(struct splicer *s)
{
	const struct node *in = s->c->in;
	struct yaml_style style = style_of(s, in->col - 1);
	size_t end = in->end, width = in->kind == NODE_MAP ? 2 : 1;
	bool at_start = end == 0 || is_break(s->e->bytes.p[end - 1]);

	style.blocks = blocks_fit(s->e->bytes, at_start ? end : line_end(s->e->bytes, end));
	if (in->n > 1 && stands_apart(s->e->bytes, in->items[width * in->n - width].begin))
		buf_cstr(&s->text, s->e->eol);
	if (!at_start)
		new_line(s, style.indent);
	else
		buf_printf(&s->text, "%*s", style.indent, "");
	put_piece(s, &style, false);
	if (at_start)
		buf_cstr(&s->text, s->e->eol);
	else
		end = line_end(s->e->bytes, end);
	splice(s, end, end);
}

/* A file with nothing in it, or remarks alone. */
static void add_first_line(struct splicer *s)
{
	struct yaml_style style = style_of(s, 0);
	struct str bytes = s->e->bytes;

	style.blocks = true;
	if (bytes.n > s->c->in->end && !is_break(bytes.p[bytes.n - 1]))
		buf_cstr(&s->text, s->e->eol);
	put_piece(s, &style, false);
	buf_cstr(&s->text, s->e->eol);
	splice(s, bytes.n, bytes.n);
}

/* The comma between `from` and `to`, remarks left out; SIZE_MAX: none. */
static size_t find_comma(struct str bytes, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (bytes.p[i] == ',')
			return i;
		if (bytes.p[i] == '#')
			i = line_end(bytes, i);
	}
	return SIZE_MAX;
}

static bool added_before(const struct splicer *s)
{
	for (const struct yaml_change *c = s->e->changes; c < s->c; c++)
		if (c->in == s->c->in && (c->op == YAML_APPEND || c->op == YAML_PUT))
			return true;
	return false;
}

/* Is there nothing but spaces before byte `at` on its line? */
static bool begins_line(struct str bytes, size_t at)
{
	while (at > 0 && is_blank(bytes.p[at - 1]))
		at--;
	return at == 0 || is_break(bytes.p[at - 1]);
}

/* Brackets with an item a line, the closing one on a line of its own. */
static void add_bracket_line(struct splicer *s, const struct node *first, size_t end, size_t comma)
{
	struct yaml_style style = style_of(s, first->col - 1);
	size_t behind = line_end(s->e->bytes, comma == SIZE_MAX ? end : comma);
	bool again = added_before(s);

	if (comma == SIZE_MAX) {
		buf_char(&s->text, ',');
		if (!again)
			splice(s, end, end);
	}
	new_line(s, style.indent);
	put_piece(s, &style, true);
	if (comma != SIZE_MAX)
		buf_char(&s->text, ',');
	splice(s, behind, behind);
}

static void add_in_brackets(struct splicer *s)
{
	const struct node *in = s->c->in, *last;
	const struct yaml_style style = style_of(s, 0);
	struct str bytes = s->e->bytes;
	size_t width = in->kind == NODE_MAP ? 2 : 1, close = in->end - 1u, at = in->begin + 1u,
	       comma;
	bool again = added_before(s);

	if (in->n) {
		last = &in->items[width * in->n - width];
		at = in->items[width * in->n - 1].end;
		comma = find_comma(bytes, at, close);
		if (begins_line(bytes, last->begin) && line_end(bytes, at) < close) {
			add_bracket_line(s, last, at, comma);
			return;
		}
		if (comma != SIZE_MAX)
			at = comma + 1;
		buf_cstr(&s->text, comma == SIZE_MAX || again ? ", " : " ");
	} else if (again) {
		buf_cstr(&s->text, ", ");
	}
	put_piece(s, &style, true);
	splice(s, at, at);
}

static void add(struct splicer *s)
{
	if (s->c->in->flow)
		add_in_brackets(s);
	else if (s->c->in->n)
		add_line(s);
	else
		add_first_line(s);
}

/* ---- replacing ---- */

/* As the old one was written: its quotes. */
static void take_quotes(const struct splicer *s, const struct node *old, struct yaml_style *style)
{
	char first = old->begin < old->end ? s->e->bytes.p[old->begin] : '\0';

	if (old->kind != NODE_SCALAR || old->plain || (first != '"' && first != '\''))
		return;
	style->quote = first;
	style->quoted = true;
}

static bool lines_of_own(const struct node *n)
{
	return (n->kind == NODE_LIST || n->kind == NODE_MAP) && !n->flow && n->n > 0;
}

/* Behind the colon or dash of the value, if nothing but white space is between: else SIZE_MAX. */
static size_t behind_mark(const struct splicer *s, const struct node *old)
{
	struct str bytes = s->e->bytes;
	size_t at = old->begin;

	if (s->c->in->kind == NODE_LIST) {
		while (at > 0 && is_blank(bytes.p[at - 1]))
			at--;
		return at > 0 && bytes.p[at - 1] == '-' ? at : SIZE_MAX;
	}
	at = skip_blanks(bytes, node_key(s->c->in, s->c->i)->end);
	if (at >= old->begin || bytes.p[at] != ':')
		return SIZE_MAX;
	for (size_t i = ++at; i < old->begin; i++)
		if (!is_blank(bytes.p[i]) && !is_break(bytes.p[i]))
			return SIZE_MAX;
	return at;
}

/* A list or map without brackets becomes another, or something on one line. */
static void set_lines(struct splicer *s, const struct node *old, struct yaml_style *style)
{
	size_t from = behind_mark(s, old);
	int short_by = s->c->in->col - 1 + s->e->step - (old->col - 1);

	if (lines_of_own(&s->c->value)) {
		style->indent = old->col - 1;
		style->blocks = blocks_fit(s->e->bytes, old->end);
		yaml_write_block(&s->text, &s->c->value, style);
		splice(s, old->begin, old->end);
	} else if (from != SIZE_MAX) {
		yaml_write_value(&s->text, &s->c->value, style);
		splice(s, from, old->end);
	} else {
		buf_printf(&s->text, "%*s", short_by > 0 ? short_by : 0, "");
		yaml_write_flow(&s->text, &s->c->value, style, false);
		splice(s, old->begin, old->end);
	}
}

/* Nothing is written there yet but the colon or dash. */
static void set_blank(struct splicer *s, const struct node *old, struct yaml_style *style)
{
	bool lines = lines_of_own(&s->c->value) && s->c->in->kind == NODE_MAP;
	size_t at = lines ? line_end(s->e->bytes, old->begin) : old->begin;

	if (s->c->in->kind == NODE_LIST)
		yaml_write_item(&s->text, &s->c->value, style);
	else
		yaml_write_value(&s->text, &s->c->value, style);
	splice(s, at, at);
}

static void set_in_brackets(struct splicer *s, const struct node *old, struct yaml_style *style)
{
	if (node_blank(old) && old->begin > 0 && s->e->bytes.p[old->begin - 1] == ':')
		buf_char(&s->text, ' ');
	yaml_write_flow(&s->text, &s->c->value, style, true);
	splice(s, old->begin, old->end);
}

/* What stands on one line is replaced by something on one line, or by a | block. */
static void set_inline(struct splicer *s, const struct node *old, struct yaml_style *style)
{
	struct buf value = {0};

	if (yaml_write_is_block(&s->c->value, style)) {
		yaml_write_value(&value, &s->c->value, style);
		buf_str(&s->text, str_sub(buf_view(&value), 1, value.n));
		buf_done(&value);
	} else {
		yaml_write_flow(&s->text, &s->c->value, style, false);
	}
	splice(s, old->begin, old->end);
}

static void set(struct splicer *s)
{
	const struct node *in = s->c->in;
	const struct node *old =
		in->kind == NODE_MAP ? node_value(in, s->c->i) : &in->items[s->c->i];
	struct yaml_style style = style_of(s, in->col - 1);
	struct str bytes = s->e->bytes;

	take_quotes(s, old, &style);
	style.blocks = !in->flow && blocks_fit(bytes, old->end);
	if (in->flow)
		set_in_brackets(s, old, &style);
	else if (node_blank(old))
		set_blank(s, old, &style);
	else if (lines_of_own(old))
		set_lines(s, old, &style);
	else
		set_inline(s, old, &style);
}

static void rename_key(struct splicer *s)
{
	const struct node *key = node_key(s->c->in, s->c->i);
	struct yaml_style style = style_of(s, 0);

	take_quotes(s, key, &style);
	yaml_write_flow(&s->text, &s->c->value, &style, s->c->in->flow);
	splice(s, key->begin, key->end);
}

void yaml_splice_change(struct yaml_edit *e, size_t i, struct yaml_splices *out)
{
	struct splicer s = {.e = e, .c = &e->changes[i], .out = out};

	if (s.c->op == YAML_SET)
		set(&s);
	else if (s.c->op == YAML_RENAME)
		rename_key(&s);
	else
		add(&s);
	buf_done(&s.text);
}

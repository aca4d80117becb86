#include "intents/node_plain_scalar.h"

enum { KEY_MAX = 1000 }; /* bytes; libyaml's own limit is 1,024 characters */

bool plain_bytes(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.n; i++) {
		if (p[i] >= ' ' && p[i] < 0x7F)
			continue;
		if (p[i] < 0x80 && p[i] != '\n')
			return false;
		/* C1 with NEL; the line and paragraph separators; U+FEFF and what is no character */
		if (p[i] == 0xC2 && p[i + 1] < 0xA0)
			return false;
		if (p[i] == 0xE2 && p[i + 1] == 0x80 && (p[i + 2] == 0xA8 || p[i + 2] == 0xA9))
			return false;
		if (p[i] == 0xEF && ((p[i + 1] == 0xBB && p[i + 2] == 0xBF) ||
				     (p[i + 1] == 0xBF && p[i + 2] >= 0xBE)))
			return false;
	}
	return true;
}

/* ---- lines ---- */

static void start_line(struct plain *p, size_t at)
{
	p->at = p->line_start = p->col_at = at;
	p->chars = 0;
}

static size_t line_feed(const struct plain *p)
{
	const char *nl = p->at < p->s.n ? memchr(p->s.p + p->at, '\n', p->s.n - p->at) : NULL;

	return nl ? (size_t)(nl - p->s.p) : p->s.n;
}

static void skip_line(struct plain *p)
{
	size_t nl = line_feed(p);

	p->line += nl < p->s.n;
	start_line(p, nl < p->s.n ? nl + 1 : nl);
}

/* `---` and `...` begin and end documents. */
static bool is_document_mark(const struct plain *p)
{
	struct str rest = str_sub(p->s, p->at, p->at + 3);

	return p->at == p->line_start && (str_eq(rest, STR("---")) || str_eq(rest, STR("...")));
}

enum plain_line plain_next_line(struct plain *p)
{
	if (p->at > p->line_start)
		skip_line(p);
	for (;;) {
		while (plain_here(p) == ' ')
			p->at++;
		if (p->at == p->s.n)
			return PLAIN_END;
		if (is_document_mark(p))
			return PLAIN_NOT;
		if (plain_here(p) != '\n' && plain_here(p) != '#')
			return PLAIN_LINE;
		skip_line(p);
	}
}

bool plain_skip_spaces(struct plain *p)
{
	while (plain_here(p) == ' ')
		p->at++;
	return p->at < p->s.n && plain_here(p) != '\n' && plain_here(p) != '#';
}

bool plain_line_end(struct plain *p)
{
	size_t at = p->at;

	while (at < p->s.n && p->s.p[at] == ' ')
		at++;
	if (at < p->s.n && p->s.p[at] != '\n' && !(p->s.p[at] == '#' && at > p->at))
		return false;
	p->at = at;
	p->at = line_feed(p);
	return true;
}

/* ---- nodes ---- */

struct node plain_node(struct plain *p, enum node_kind kind)
{
	uint32_t at = (uint32_t)(p->at + p->b->skipped);

	for (; p->col_at < p->at; p->col_at++)
		p->chars += ((unsigned char)p->s.p[p->col_at] & 0xC0) != 0x80;
	return (struct node){.kind = (uint8_t)kind,
			     .line = p->line,
			     .col = (int)p->chars + 1,
			     .begin = at,
			     .end = at};
}

bool plain_count(struct plain *p)
{
	if (*p->b->nodes_left == 0)
		return false;
	--*p->b->nodes_left;
	return true;
}

bool plain_put(struct plain *p, struct node n, size_t to)
{
	if (!plain_count(p))
		return false;
	node_build_scalar(p->b, n, to);
	return true;
}

/* ---- texts ---- */

static bool is_flow_sign(char c)
{
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

/* May a text without quotes begin so? */
static bool begins_bare(const struct plain *p, bool flow)
{
	char c = plain_here(p);

	if (c == '-')
		return !plain_blank_at(p, p->at + 1) && !(flow && is_flow_sign(p->s.p[p->at + 1]));
	return c && c != '\n' && !memchr("?:,[]{}#&*!|>'\"%@` ", c, 20);
}

static bool read_bare(struct plain *p, bool flow, struct node *out)
{
	size_t from = p->at, end = from;

	if (!begins_bare(p, flow))
		return false;
	for (size_t i = from; i < p->s.n && p->s.p[i] != '\n'; i++) {
		char c = p->s.p[i];

		if (c == ' ')
			continue;
		if (c == '#' && p->s.p[i - 1] == ' ')
			break;
		if (c == ':' && plain_blank_at(p, i + 1))
			break;
		if (flow && is_flow_sign(c))
			break;
		if (flow && c == ':' && (is_flow_sign(p->s.p[i + 1]) || p->s.p[i + 1] == '?'))
			return false;
		end = i + 1;
	}
	out->plain = true;
	out->text = str_sub(p->s, from, end);
	p->at = end;
	return true;
}

/* '' is a quote. */
static bool read_single(struct plain *p, struct node *out)
{
	size_t from = p->at + 1, n = 0, i;
	bool doubled = false;
	char *to;

	for (i = from; i < p->s.n && p->s.p[i] != '\n'; i++) {
		if (p->s.p[i] != '\'')
			continue;
		if (i + 1 == p->s.n || p->s.p[i + 1] != '\'')
			break;
		doubled = true;
		i++;
	}
	if (i == p->s.n || p->s.p[i] == '\n')
		return false;
	p->at = i + 1;
	out->text = str_sub(p->s, from, i);
	if (!doubled)
		return true;
	to = arena_alloc(p->b->a, out->text.n + 1);
	for (size_t k = 0; k < out->text.n; k++) {
		to[n++] = out->text.p[k];
		k += out->text.p[k] == '\'';
	}
	out->text = (struct str){to, n};
	return true;
}

/* The usual ones; 0: another. */
static char escaped(char c)
{
	static const char from[] = "nt\"\\/", to[] = "\n\t\"\\/";
	const char *at = c ? memchr(from, c, sizeof from - 1) : NULL;

	return at ? to[at - from] : '\0';
}

static bool read_double(struct plain *p, struct node *out)
{
	size_t from = p->at + 1, n = 0, i;
	bool escapes = false;
	char *to;

	for (i = from; i < p->s.n && p->s.p[i] != '\n' && p->s.p[i] != '"'; i++) {
		if (p->s.p[i] != '\\')
			continue;
		escapes = true;
		if (++i == p->s.n || !escaped(p->s.p[i]))
			return false;
	}
	if (i == p->s.n || p->s.p[i] == '\n')
		return false;
	p->at = i + 1;
	out->text = str_sub(p->s, from, i);
	if (!escapes)
		return true;
	to = arena_alloc(p->b->a, out->text.n + 1);
	for (size_t k = 0; k < out->text.n; k++) {
		bool escape = out->text.p[k] == '\\';

		k += escape;
		to[n++] = escape ? escaped(out->text.p[k]) : out->text.p[k];
	}
	out->text = (struct str){to, n};
	return true;
}

bool plain_scalar(struct plain *p, bool flow, struct node *out)
{
	bool read;

	*out = plain_node(p, NODE_SCALAR);
	if (plain_here(p) == '\'')
		read = read_single(p, out);
	else if (plain_here(p) == '"')
		read = read_double(p, out);
	else
		read = read_bare(p, flow, out);
	out->end = (uint32_t)(p->at + p->b->skipped);
	return read;
}

bool plain_colon(struct plain *p, const struct node *key)
{
	size_t at = p->at;

	while (at < p->s.n && p->s.p[at] == ' ')
		at++;
	if (at == p->s.n || p->s.p[at] != ':' || !plain_blank_at(p, at + 1) ||
	    key->end - key->begin > KEY_MAX)
		return false;
	p->at = at;
	return true;
}

/* ---- brackets ---- */

/* Over spaces, line feeds and remarks. */
static bool skip_flow(struct plain *p)
{
	for (;;) {
		size_t from = p->at;

		while (plain_here(p) == ' ')
			p->at++;
		if (plain_here(p) == '#' && p->at == from && p->at > p->line_start)
			return false;
		if (plain_here(p) != '#' && plain_here(p) != '\n')
			return p->at < p->s.n && !is_document_mark(p);
		skip_line(p);
	}
}

static bool read_flow_value(struct plain *p)
{
	struct node n;

	if (plain_here(p) == '[' || plain_here(p) == '{')
		return plain_flow(p);
	return plain_scalar(p, true, &n) && plain_put(p, n, p->at);
}

static bool read_flow_key(struct plain *p)
{
	struct node key;

	return plain_scalar(p, true, &key) && plain_colon(p, &key) &&
	       plain_put(p, key, key.end - p->b->skipped) && plain_pass_colon(p) && skip_flow(p);
}

/* As deep as nodes may be nested; node_build_open counts. */
bool plain_flow(struct plain *p)
{
	bool map = plain_here(p) == '{';
	char close = map ? '}' : ']';
	struct node n = plain_node(p, map ? NODE_MAP : NODE_LIST);

	n.flow = true;
	if (!plain_count(p) || !node_build_open(p->b, n))
		return false;
	p->at++;
	if (!skip_flow(p))
		return false;
	while (plain_here(p) != close) {
		if ((map && !read_flow_key(p)) || !read_flow_value(p) || !skip_flow(p))
			return false;
		if (plain_here(p) == close)
			break;
		if (plain_here(p) != ',')
			return false;
		p->at++;
		if (!skip_flow(p))
			return false;
	}
	p->at++;
	node_build_close(p->b, p->at);
	return true;
}

/* ---- | blocks ---- */

/* How deep the line here is indented; SIZE_MAX: it is empty. */
static size_t indent_of(const struct plain *p)
{
	size_t at = p->at;

	while (at < p->s.n && p->s.p[at] == ' ')
		at++;
	return at < p->s.n && p->s.p[at] == '\n' && at == p->at ? SIZE_MAX : at - p->at;
}

/* Nothing but spaces, which may or may not be text, or a line that the file ends in. */
static bool is_odd(const struct plain *p, size_t indent)
{
	size_t at = p->at + indent;

	return at == p->s.n || p->s.p[at] == '\n' || line_feed(p) == p->s.n;
}

/* Lines from the one here on, less their indentation; returns how many bytes, and the empty ones at the end,
 * which are none of them, in *empty; SIZE_MAX: not plain. Into `to`, unless it is NULL. */
static size_t read_lines(struct plain *p, size_t col, char *to, size_t *empty)
{
	size_t n = 0, depth = 0;

	for (*empty = 0; p->at < p->s.n;) {
		size_t indent = indent_of(p), nl = line_feed(p);

		if (indent == SIZE_MAX) {
			if (to)
				to[n] = '\n';
			n++;
			++*empty;
			skip_line(p);
			continue;
		}
		if (indent > 0 && is_odd(p, indent))
			return SIZE_MAX;
		if (indent <= col || (depth && indent < depth))
			break;
		if (!depth)
			depth = indent;
		if (to)
			memcpy(to + n, p->s.p + p->at + depth, nl + 1 - p->at - depth);
		n += nl + 1 - p->at - depth;
		*empty = 0;
		skip_line(p);
	}
	return depth ? n : SIZE_MAX;
}

bool plain_literal(struct plain *p, size_t col, struct node *out, size_t *to)
{
	size_t from = p->at, n, empty, end;
	struct plain before;
	bool strip;
	char *text;

	*out = plain_node(p, NODE_SCALAR);
	p->at++;
	strip = plain_here(p) == '-';
	p->at += strip;
	if (plain_here(p) != '\n')
		return false;
	skip_line(p);
	before = *p;
	n = read_lines(p, col, NULL, &empty);
	if (n == SIZE_MAX)
		return false;
	*p = before;
	text = arena_alloc(p->b->a, n);
	read_lines(p, col, text, &empty);
	n -= empty + strip;
	end = *to = p->line_start;
	while (end > from + 1 && memchr(" \n", p->s.p[end - 1], 2))
		end--;
	out->text = (struct str){text, n};
	out->end = (uint32_t)(end + p->b->skipped);
	return true;
}

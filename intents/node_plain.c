#include "intents/node_plain.h"

#include "intents/node_plain_scalar.h"

/* A block list or map whose end has not come yet; `waits`: for the value of its last key. */
struct level {
	size_t col;
	bool list, waits;
};

struct blocks {
	struct plain p;
	struct level levels[NODE_DEPTH_MAX];
	size_t depth;
	struct node empty; /* the value of the last key, if none comes */
};

static struct level *top(struct blocks *s)
{
	return &s->levels[s->depth - 1];
}

static bool open_level(struct blocks *s, bool list, size_t col, struct node at)
{
	if (!plain_count(&s->p) || s->depth == NODE_DEPTH_MAX)
		return false;
	if (s->depth)
		top(s)->waits = false;
	at.kind = list ? NODE_LIST : NODE_MAP;
	at.plain = false;
	at.end = at.begin;
	at.items = NULL;
	at.n = 0;
	s->levels[s->depth++] = (struct level){.col = col, .list = list};
	return node_build_open(s->p.b, at);
}

/* A key without a value has an empty one, behind its colon. */
static bool end_wait(struct blocks *s)
{
	if (!top(s)->waits)
		return true;
	top(s)->waits = false;
	return plain_put(&s->p, s->empty, s->empty.begin - s->p.b->skipped);
}

static bool close_level(struct blocks *s)
{
	if (!end_wait(s))
		return false;
	s->depth--;
	node_build_close(s->p.b, NODE_BUILD_NO_END);
	return true;
}

/* ---- one line ---- */

/* What stands behind a key's colon or a dash, but not another key. */
static bool read_value(struct blocks *s)
{
	struct plain *p = &s->p;
	struct node n;
	size_t to;

	switch (plain_here(p)) {
	case '[':
	case '{':
		return plain_flow(p) && plain_line_end(p);
	case '|':
		return plain_literal(p, top(s)->col, &n, &to) && plain_put(p, n, to);
	default:
		return plain_scalar(p, false, &n) && plain_put(p, n, p->at) && plain_line_end(p);
	}
}

/* Behind the colon of a key of the level on top. */
static bool read_behind_key(struct blocks *s)
{
	struct plain *p = &s->p;

	s->empty = plain_node(p, NODE_SCALAR);
	s->empty.plain = true;
	s->empty.text = (struct str){"", 0};
	top(s)->waits = true;
	if (plain_line_end(p))
		return true;
	if (!plain_skip_spaces(p))
		return false;
	top(s)->waits = false;
	return read_value(s);
}

static bool read_key(struct blocks *s)
{
	struct node key;

	return plain_scalar(&s->p, false, &key) && plain_colon(&s->p, &key) &&
	       plain_put(&s->p, key, key.end - s->p.b->skipped) && plain_pass_colon(&s->p) &&
	       read_behind_key(s);
}

static bool is_dash(const struct plain *p)
{
	return plain_here(p) == '-' && plain_blank_at(p, p->at + 1);
}

/* "- text", "- key: value", "- - text": the level on top is the list. */
static bool read_item(struct blocks *s)
{
	struct plain *p = &s->p, before;
	struct node key;

	for (;;) {
		p->at++;
		if (!plain_skip_spaces(p))
			return false; /* nothing but the dash */
		if (!is_dash(p))
			break;
		if (!open_level(s, true, p->at - p->line_start, plain_node(p, NODE_LIST)))
			return false;
	}
	before = *p;
	if (!memchr("[{|", plain_here(p), 3) && plain_scalar(p, false, &key) &&
	    plain_colon(p, &key)) {
		*p = before;
		return open_level(s, false, p->at - p->line_start, plain_node(p, NODE_MAP)) &&
		       read_key(s);
	}
	*p = before;
	return read_value(s);
}

/* As deep as the level on top. */
static bool go_on(struct blocks *s)
{
	size_t col = top(s)->col;
	bool dash = is_dash(&s->p);

	if (top(s)->list && dash)
		return read_item(s);
	if (top(s)->list) { /* one that stands no deeper than its key: the map goes on */
		if (s->depth < 2 || s->levels[s->depth - 2].col != col || !close_level(s))
			return false;
		return read_key(s);
	}
	if (!dash)
		return end_wait(s) && read_key(s);
	return top(s)->waits && open_level(s, true, col, plain_node(&s->p, NODE_LIST)) &&
	       read_item(s);
}

static bool read_line(struct blocks *s)
{
	size_t col = s->p.at - s->p.line_start;
	bool dash = is_dash(&s->p);

	while (s->depth && top(s)->col > col)
		if (!close_level(s))
			return false;
	if (s->depth && top(s)->col == col)
		return go_on(s);
	if (s->depth ? !top(s)->waits : (col > 0 || dash || s->p.b->has_root))
		return false;
	return open_level(s, dash, col, plain_node(&s->p, dash ? NODE_LIST : NODE_MAP)) &&
	       (dash ? read_item(s) : read_key(s));
}

bool node_plain_read(struct node_build *b)
{
	struct blocks s = {.p = {.b = b, .s = b->bytes, .line = 1}};
	enum plain_line next;

	if (!plain_bytes(b->bytes))
		return false;
	while ((next = plain_next_line(&s.p)) == PLAIN_LINE)
		if (!read_line(&s))
			return false;
	while (s.depth)
		if (!close_level(&s))
			return false;
	return next == PLAIN_END && b->has_root;
}

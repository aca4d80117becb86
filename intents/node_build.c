#include "intents/node_build.h"

#include "intents/strmap.h"

static struct mark node_mark(const struct node_build *b, const struct node *n)
{
	return (struct mark){b->file, n->line, n->col};
}

/* ---- closing a map: keys are text, each once ---- */

static bool key_usable(struct node_build *b, const struct node *key)
{
	if (key->kind == NODE_SCALAR)
		return true;
	if (key->kind != NODE_BROKEN)
		diags_add(b->diags, DIAG_ERROR, node_mark(b, key), "bad-key",
			  "a key must be plain text, not a list or map; put text with brackets in "
			  "quotes",
			  "键必须是普通文字，不能是列表或映射；带括号的文字请加引号");
	return false;
}

/* Of few keys comparing each with those before is quicker than a table. */
enum { FEW_KEYS = 8 };

/* The pair that has the key of `pair` already, or `pair` itself. seen: NULL for few. */
static size_t first_of(struct node_build *b, struct strmap *seen, const struct node *items,
		       size_t pair)
{
	const uint32_t *before;
	size_t first = 0;

	if (!seen) {
		while (!str_eq(items[2 * first].text, items[2 * pair].text))
			first++;
		return first;
	}
	before = strmap_put(b->a, seen, items[2 * pair].text, (uint32_t)pair);
	return before ? *before : pair;
}

static bool key_new(struct node_build *b, struct strmap *seen, const struct node *items,
		    size_t pair)
{
	const struct node *key = &items[2 * pair];
	size_t first = first_of(b, seen, items, pair);

	if (first == pair)
		return true;
	diags_add(b->diags, DIAG_ERROR, node_mark(b, key), "duplicate-key",
		  "key '%.*s' is written twice: on line %d and on line %d; keep one of them",
		  "键“%.*s”写了两次：第 %d 行和第 %d 行；请只保留一个", STR_ARG(key->text),
		  items[2 * first].line, key->line);
	return false;
}

static void close_map(struct node_build *b, struct node_frame *f)
{
	struct strmap map = {0}, *seen = f->n / 2 > FEW_KEYS ? &map : NULL;
	size_t kept = 0;

	for (size_t i = 0; i < f->n / 2; i++) {
		f->items[2 * kept] = f->items[2 * i];
		f->items[2 * kept + 1] = f->items[2 * i + 1];
		if (key_usable(b, &f->items[2 * kept]) && key_new(b, seen, f->items, kept))
			kept++;
	}
	f->node.n = kept;
}

/* ---- building ---- */

void node_build_put(struct node_build *b, struct node n)
{
	struct node_frame *f;

	if (b->depth == 0) {
		b->root = n;
		b->has_root = true;
		return;
	}
	f = &b->frames[b->depth - 1];
	ARENA_PUSH(b->a, f->items, f->n, f->cap, n);
}

void node_build_close(struct node_build *b, size_t end)
{
	struct node_frame *f = &b->frames[--b->depth];

	if (f->node.flow && end != NODE_BUILD_NO_END)
		f->node.end = (uint32_t)(end + b->skipped);
	else if (f->n)
		f->node.end = f->items[f->n - 1].end;
	f->node.n = f->n;
	if (f->node.kind == NODE_MAP)
		close_map(b, f);
	f->node.items = f->items;
	node_build_put(b, f->node);
}

bool node_build_open(struct node_build *b, struct node n)
{
	if (b->depth == NODE_DEPTH_MAX)
		return false;
	b->frames[b->depth++] = (struct node_frame){.node = n};
	return true;
}

/* ---- scalars ---- */

/* So much of the line behind a scalar is looked at: all of it would make a file of one line
 * quadratic. */
enum { BEHIND_MAX = 256 };

/* True when the scalar, which ends at byte `to`, is not what was meant. */
static bool look_for_traps(struct node_build *b, const struct node *n, size_t to)
{
	size_t end = to;
	struct trap_scalar s = {
		.mark = node_mark(b, n),
		.plain = n->plain,
		.text = n->text,
		.source = str_sub(b->bytes, n->begin - b->skipped, to),
	};

	while (end < b->bytes.n && end - to < BEHIND_MAX && b->bytes.p[end] != '\n' &&
	       b->bytes.p[end] != '\r')
		end++;
	s.behind = str_sub(b->bytes, to, end);
	return traps_scalar(&s, b->is_key, b->diags);
}

void node_build_scalar(struct node_build *b, struct node n, size_t to)
{
	if (look_for_traps(b, &n, to))
		n.kind = NODE_BROKEN;
	node_build_put(b, n);
}

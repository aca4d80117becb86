/* What the reader of plain YAML takes, libyaml reads alike. */
#include "fuzz/fuzz.h"

#include "intents/node_plain.h"
#include "text/utf8.h"

static void check_same(const struct node *x, const struct node *y)
{
	HOLDS(x->kind == y->kind && x->plain == y->plain && x->flow == y->flow);
	HOLDS(x->line == y->line && x->col == y->col && x->begin == y->begin && x->end == y->end);
	if (x->kind == NODE_SCALAR) {
		HOLDS(str_eq(x->text, y->text));
		return;
	}
	HOLDS(x->n == y->n);
	for (size_t i = 0; i < x->n * (x->kind == NODE_MAP ? 2 : 1); i++)
		check_same(&x->items[i], &y->items[i]);
}

/* A tab in a remark at the end is not plain: libyaml reads that. */
static void check_by_libyaml(struct arena *a, struct str bytes, const struct node *plain)
{
	const char *feed = bytes.n && bytes.p[bytes.n - 1] != '\n' ? "\n" : "";
	size_t nodes = 1000000;
	struct diags said;
	struct node n;

	diags_init(&said, false);
	HOLDS(node_read(a, STR("f"), arena_printf(a, "%.*s%s#\t\n", STR_ARG(bytes), feed), NULL,
			&nodes, &said, &n));
	HOLDS(said.n == 0);
	check_same(plain, &n);
	diags_done(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	size_t nodes = 1000000;
	struct node_build *b;
	struct diags said;
	struct arena a;

	if (utf8_valid(bytes) != bytes.n)
		return 0;
	arena_init(&a);
	diags_init(&said, false);
	b = ARENA_NEW(&a, struct node_build);
	b->a = &a;
	b->file = STR("f");
	b->bytes = arena_str(&a, bytes);
	b->diags = &said;
	b->nodes_left = &nodes;
	if (node_plain_read(b) && said.n == 0)
		check_by_libyaml(&a, bytes, &b->root);
	diags_done(&said);
	arena_done(&a);
	return 0;
}

#include "fuzz/fuzz.h"

#include "intents/yaml_edit.h"

/* The first line says what to change: bytes that choose the way down the tree, then the new text. */
struct choice {
	struct str way, text;
};

static const struct node *pick(const struct node *n, struct str way)
{
	for (size_t i = 0; i < way.n && (n->kind == NODE_LIST || n->kind == NODE_MAP) && n->n;
	     i++) {
		size_t k = (unsigned char)way.p[i] % n->n;
		const struct node *child = n->kind == NODE_MAP ? node_value(n, k) : &n->items[k];

		if (child->kind == NODE_SCALAR)
			break;
		n = child;
	}
	return n;
}

static struct node value_of(const struct choice *c, struct node *items)
{
	unsigned how = c->way.n ? (unsigned char)c->way.p[0] : 0;

	items[0] = YAML_TEXT(c->text);
	items[1] = YAML_TEXT(STR("x: y"));
	if (how % 3 == 1)
		return (struct node){.kind = NODE_LIST, .flow = how & 8, .items = items, .n = 2};
	if (how % 3 == 2)
		return (struct node){.kind = NODE_MAP, .flow = how & 8, .items = items, .n = 1};
	return items[0];
}

static void edit(struct str bytes, const struct choice *c)
{
	struct yaml_edit e;
	struct node items[2];
	struct buf out = {0};

	if (yaml_edit_open(&e, STR("fuzz.yaml"), bytes, NULL) == 0) {
		const struct node *in = pick(&e.root, c->way);
		unsigned how = c->way.n ? (unsigned char)c->way.p[c->way.n - 1] : 0;

		if (how % 2)
			yaml_edit_set(&e, in, how / 2, value_of(c, items));
		else if (in->kind == NODE_MAP)
			yaml_edit_put(&e, in, STR("new"), value_of(c, items));
		else
			yaml_edit_append(&e, in, value_of(c, items));
		/* A result was read again and compared already; a refusal leaves nothing behind. */
		HOLDS(yaml_edit_finish(&e, &out, NULL) == 0 || out.n == 0);
	}
	yaml_edit_done(&e);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	size_t line = str_find(all, STR("\n"), 0);
	size_t space = str_find(str_sub(all, 0, line), STR(" "), 0);

	if (line != SIZE_MAX && space != SIZE_MAX) {
		const struct choice c = {str_sub(all, 0, space), str_sub(all, space + 1, line)};

		edit(str_sub(all, line + 1, size), &c);
	}
	return 0;
}

#include "intents/yaml_edit.h"

#include <stdlib.h>

#include "intents/yaml_splice.h"

/* ---- opening ---- */

/* How much deeper the first map within the root's is. */
static int find_step(const struct node *root)
{
	for (size_t i = 0; root->kind == NODE_MAP && !root->flow && i < root->n; i++) {
		const struct node *v = node_value(root, i);

		if (v->kind == NODE_MAP && !v->flow && v->col > root->col + 1 &&
		    v->col < root->col + 9)
			return v->col - root->col;
	}
	return 2;
}

static const char *find_eol(struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\n')
			return "\n";
		if (bytes.p[i] == '\r')
			return i + 1 < bytes.n && bytes.p[i + 1] == '\n' ? "\r\n" : "\r";
	}
	return "\n";
}

static int read_tree(struct arena *a, struct str file, struct str bytes, struct node *out,
		     struct err *err)
{
	size_t nodes_left = 4000000;
	struct diags diags;
	int rc = 0;

	diags_init(&diags, false);
	if ((!node_read(a, file, bytes, NULL, &nodes_left, &diags, out) || diags.errors) &&
	    diags.n) {
		const struct diag *d = diags.items;

		while (d->level != DIAG_ERROR && d < diags.items + diags.n - 1)
			d++;
		rc = err_set(err, ERR_INVALID, "%.*s:%d:%d: %.*s", STR_ARG(d->mark.file),
			     d->mark.line, d->mark.col, STR_ARG(d->text));
	}
	diags_done(&diags);
	return rc;
}

int yaml_edit_open(struct yaml_edit *e, struct str file, struct str bytes, struct err *err)
{
	*e = (struct yaml_edit){.file = file, .bytes = bytes};
	arena_init(&e->arena);
	if (bytes.n >= UINT32_MAX)
		return err_set(err, ERR_LIMIT, "%.*s: the file is too large", STR_ARG(file));
	if (read_tree(&e->arena, file, bytes, &e->root, err) != 0)
		return ERR_INVALID;
	e->step = find_step(&e->root);
	e->eol = find_eol(bytes);
	return 0;
}

void yaml_edit_done(struct yaml_edit *e)
{
	arena_done(&e->arena);
}

/* ---- noting changes ---- */

static void note(struct yaml_edit *e, struct yaml_change c)
{
	ARENA_PUSH(&e->arena, e->changes, e->n, e->cap, c);
}

void yaml_edit_set(struct yaml_edit *e, const struct node *in, size_t i, struct node value)
{
	note(e, (struct yaml_change){YAML_SET, in, i, STR_NONE, value});
}

void yaml_edit_append(struct yaml_edit *e, const struct node *list, struct node value)
{
	note(e, (struct yaml_change){YAML_APPEND, list, 0, STR_NONE, value});
}

void yaml_edit_put(struct yaml_edit *e, const struct node *map, struct str key, struct node value)
{
	note(e, (struct yaml_change){YAML_PUT, map, 0, key, value});
}

void yaml_edit_rename(struct yaml_edit *e, const struct node *map, size_t i, struct str key)
{
	note(e, (struct yaml_change){YAML_RENAME, map, i, key, YAML_TEXT(key)});
}

const struct node *yaml_edit_keep(struct yaml_edit *e, const struct node *nodes, size_t n)
{
	struct node *copy = ARENA_ARRAY(&e->arena, struct node, n);

	for (size_t i = 0; i < n; i++)
		copy[i] = nodes[i];
	return copy;
}

static const struct node *child(const struct node *in, size_t i)
{
	return in->kind == NODE_MAP ? node_value(in, i) : &in->items[i];
}

void yaml_edit_add(struct yaml_edit *e, const struct node *in, size_t i, const struct node *values,
		   size_t n)
{
	const struct node *there = child(in, i);
	struct node *all;
	size_t count = 0;

	for (size_t k = 0; there->kind == NODE_LIST && k < n; k++)
		yaml_edit_append(e, there, values[k]);
	if (there->kind == NODE_LIST)
		return;
	all = ARENA_ARRAY(&e->arena, struct node, n + 1);
	if (!node_blank(there)) {
		all[count] = *there;
		all[count++].plain = false;
	}
	for (size_t k = 0; k < n; k++)
		all[count++] = values[k];
	yaml_edit_set(e, in, i, YAML_LIST(all, count));
}

size_t yaml_edit_find(const struct node *map, struct str key)
{
	for (size_t i = 0; map->kind == NODE_MAP && i < map->n; i++)
		if (str_eq(node_key(map, i)->text, key))
			return i;
	return SIZE_MAX;
}

/* ---- what the tree should be afterwards ---- */

/* The changes of n itself, in `items`: those of the tree, changed already, and room for more. */
static struct node apply_all(struct yaml_edit *e, const struct node *n, struct node *items)
{
	size_t width = n->kind == NODE_MAP ? 2 : 1;
	struct node out = *n;

	for (size_t i = 0; i < e->n; i++) {
		const struct yaml_change *c = &e->changes[i];

		if (c->in != n)
			continue;
		if (c->op == YAML_SET || c->op == YAML_RENAME) {
			items[width * c->i + (c->op == YAML_SET ? width - 1 : 0)] = c->value;
			continue;
		}
		if (c->op == YAML_PUT)
			items[2 * out.n] = YAML_TEXT(c->key);
		items[width * out.n + width - 1] = c->value;
		out.n++;
	}
	out.items = items;
	return out;
}

static struct node changed(struct yaml_edit *e, const struct node *n)
{
	size_t count = n->kind == NODE_MAP ? 2 * n->n : n->n;
	struct node *items;

	if (n->kind == NODE_SCALAR || n->kind == NODE_BROKEN)
		return *n;
	items = ARENA_ARRAY(&e->arena, struct node, count + 2 * e->n);
	for (size_t i = 0; i < count; i++)
		items[i] = changed(e, &n->items[i]);
	return apply_all(e, n, items);
}

/* ---- the new bytes ---- */

static bool fits(const struct yaml_change *c)
{
	switch (c->op) {
	case YAML_SET:
		return (c->in->kind == NODE_MAP || c->in->kind == NODE_LIST) && c->i < c->in->n;
	case YAML_APPEND:
		return c->in->kind == NODE_LIST;
	case YAML_RENAME:
		return c->in->kind == NODE_MAP && c->i < c->in->n &&
		       yaml_edit_find(c->in, c->key) == SIZE_MAX;
	case YAML_PUT:
		return c->in->kind == NODE_MAP && yaml_edit_find(c->in, c->key) == SIZE_MAX;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct yaml_splice *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int join(struct yaml_edit *e, struct yaml_splices *all, struct buf *out, struct err *err)
{
	size_t at = 0;

	if (all->n)
		qsort(all->v, all->n, sizeof *all->v, by_place);
	for (size_t i = 0; i < all->n; i++) {
		const struct yaml_splice *s = &all->v[i];

		if (s->begin < at)
			return err_set(err, ERR_INVALID, "%.*s: two changes touch the same place",
				       STR_ARG(e->file));
		buf_str(out, str_sub(e->bytes, at, s->begin));
		buf_str(out, s->text);
		at = s->end;
	}
	buf_str(out, str_sub(e->bytes, at, e->bytes.n));
	return 0;
}

static int check(struct yaml_edit *e, struct str bytes, struct err *err)
{
	struct node got, want = changed(e, &e->root);
	struct arena scratch;
	int rc;

	arena_init(&scratch);
	rc = read_tree(&scratch, e->file, bytes, &got, NULL);
	if (rc != 0 || !yaml_same(&got, &want))
		rc = err_set(err, ERR_CORRUPT,
			     "%.*s: this file is written in a way that cannot be changed safely; "
			     "change it by hand",
			     STR_ARG(e->file));
	arena_done(&scratch);
	return rc;
}

int yaml_edit_finish(struct yaml_edit *e, struct buf *out, struct err *err)
{
	struct yaml_splices all = {0};
	size_t before = out->n;
	int rc = 0;

	for (size_t i = 0; i < e->n; i++) {
		if (!fits(&e->changes[i]))
			return err_set(err, ERR_INVALID, "%.*s: there is no such place to change",
				       STR_ARG(e->file));
		yaml_splice_change(e, i, &all);
	}
	rc = join(e, &all, out, err);
	if (rc == 0)
		rc = check(e, str_sub(buf_view(out), before, out->n), err);
	if (rc != 0)
		out->n = before;
	return rc;
}

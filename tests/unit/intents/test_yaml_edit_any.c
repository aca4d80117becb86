/* Made-up files in every style people write, changed at random: the tree that is read afterwards is the
 * one that was meant, and no byte outside the change is another. */
#include "unit/unit.h"

#include "intents/yaml_edit.h"

enum { ROUNDS = 6000, DEPTH = 3 };

struct maker {
	struct arena *a;
	uint64_t state;
	struct buf out;
	const char *eol;
	int step;
};

static uint32_t any(struct maker *m, uint32_t below)
{
	m->state = m->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(m->state >> 33) % below;
}

/* ---- a file ---- */

static const char *const bare[] = {"a", "退款", "how long", "1:30", "20260301", "x#y", "a'b", "no"};
static const char *const odd[] = {
	"b: c",	 "x # y",   "it's",	"say \"hi\"", "",	"null",	    "a, b",
	"[x]",	 " lead",   "tail ",	"标题：",     "-dash",	"\ttab",    "two\nlines",
	"*star", "{x: y}",  "a\\b",	"“引”",	      "silent", "\xc2\x85", "end:",
	"?",	 "何？ 是", "a\n\nb\n", "\n",	      "#hash",	"@x",
};
enum { BARE = sizeof bare / sizeof *bare, ODD = sizeof odd / sizeof *odd };

static void put_double(struct maker *m, const char *s)
{
	buf_char(&m->out, '"');
	for (; *s; s++) {
		if (*s == '\n')
			buf_cstr(&m->out, "\\n");
		else if (*s == '\t')
			buf_cstr(&m->out, "\\t");
		else if (*s == '\xc2' && s[1] == '\x85') {
			buf_cstr(&m->out, "\\N");
			s++;
		} else {
			if (*s == '"' || *s == '\\')
				buf_char(&m->out, '\\');
			buf_char(&m->out, *s);
		}
	}
	buf_char(&m->out, '"');
}

static void put_single(struct maker *m, const char *s)
{
	buf_char(&m->out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buf_char(&m->out, '\'');
		buf_char(&m->out, *s);
	}
	buf_char(&m->out, '\'');
}

static void put_scalar(struct maker *m)
{
	uint32_t which = any(m, BARE + ODD);

	if (which < BARE && any(m, 3)) {
		buf_cstr(&m->out, bare[which]);
		return;
	}
	if (which >= BARE && strpbrk(odd[which - BARE], "\n\t\xc2"))
		put_double(m, odd[which - BARE]);
	else
		(any(m, 2) ? put_double : put_single)(m, which < BARE ? bare[which]
								      : odd[which - BARE]);
}

static void new_line(struct maker *m, int indent)
{
	/* libyaml takes no tab right behind a dash. */
	bool tab = m->out.n && !strchr("-:", m->out.p[m->out.n - 1]) && any(m, 2);

	if (any(m, 6) == 0)
		buf_printf(&m->out, "%s# 备注, key: %u]", tab ? "\t" : "  ", any(m, 100));
	else if (any(m, 8) == 0)
		buf_cstr(&m->out, "  ");
	buf_cstr(&m->out, m->eol);
	while (any(m, 6) == 0)
		buf_printf(&m->out, "%*s# remark - a: b%s", (int)any(m, 6), "", m->eol);
	while (any(m, 8) == 0)
		buf_cstr(&m->out, m->eol);
	buf_printf(&m->out, "%*s", indent, "");
}

static void put_flow(struct maker *m, int indent, int depth)
{
	bool map = any(m, 2), lines = any(m, 3) == 0;
	uint32_t n = any(m, 4);

	if (depth == 0 || any(m, 2)) {
		put_scalar(m);
		return;
	}
	buf_char(&m->out, map ? '{' : '[');
	for (uint32_t i = 0; i < n; i++) {
		if (lines)
			new_line(m, indent + m->step);
		if (map)
			buf_printf(&m->out, "k%u: ", i);
		put_flow(m, indent + m->step, depth - 1);
		if (i + 1 < n || any(m, 4) == 0)
			buf_cstr(&m->out, any(m, 4) ? ", " : ",");
	}
	if (lines)
		new_line(m, indent + 1);
	buf_char(&m->out, map ? '}' : ']');
}

static void put_block(struct maker *m, int indent, int depth);

/* Behind `key:` or `-` of a map or list whose lines are `indent` deep. */
static void put_value(struct maker *m, int indent, int depth, bool of_list)
{
	uint32_t how = any(m, depth ? 8 : 4);

	if (how >= 4 && of_list && any(m, 2)) {
		buf_char(&m->out, ' ');
		put_block(m, indent + 2, depth - 1);
	} else if (how >= 4) {
		int deeper = indent + m->step;

		new_line(m, deeper);
		put_block(m, deeper, depth - 1);
	} else if (how == 3 && any(m, 2)) {
		return; /* nothing */
	} else if (how == 2 && any(m, 3) == 0) {
		buf_printf(&m->out, " %s%s%*s多行 # text%s%*ssecond", any(m, 2) ? "|" : ">-",
			   m->eol, indent + m->step, "", m->eol, indent + m->step, "");
	} else {
		buf_cstr(&m->out, any(m, 3) ? " " : "   ");
		put_flow(m, indent + 1, depth);
	}
}

static void put_block(struct maker *m, int indent, int depth)
{
	bool map = any(m, 2);
	uint32_t n = 1 + any(m, 4);

	for (uint32_t i = 0; i < n; i++) {
		if (i) {
			/* A remark would be text within a | block. */
			bool remark =
				!strstr(m->out.p + (m->out.n > 12 ? m->out.n - 12 : 0), "second");

			if (remark)
				new_line(m, indent);
			else
				buf_printf(&m->out, "%s%*s", m->eol, indent, "");
		}
		if (map)
			buf_printf(&m->out, any(m, 5) ? "k%u:" : "\"k%u\":", i);
		else
			buf_char(&m->out, '-');
		put_value(m, indent, depth, !map);
	}
}

static void make_file(struct maker *m)
{
	static const char *const eols[] = {"\n", "\n", "\r\n", "\r"};

	m->eol = eols[any(m, 4)];
	m->step = 2 + (int)any(m, 3);
	if (any(m, 10) == 0)
		buf_cstr(&m->out, "\xef\xbb\xbf");
	if (any(m, 3) == 0)
		buf_printf(&m->out, "# head%s", m->eol);
	if (any(m, 20) == 0)
		return;
	if (any(m, 12) == 0)
		put_flow(m, 0, DEPTH);
	else
		put_block(m, 0, DEPTH);
	/* A | block at the end of a file without a line feed would gain one: such a change is refused. */
	if (any(m, 4) == 0 && !str_ends(buf_view(&m->out), STR("second")))
		return;
	buf_cstr(&m->out, m->eol);
	while (any(m, 4) == 0)
		buf_printf(&m->out, "# tail%s", m->eol);
}

/* ---- a change ---- */

static struct node make_value(struct maker *m, int depth)
{
	uint32_t n = any(m, 4), which = any(m, BARE + ODD), width = 1 + any(m, 2);
	struct node *items;

	if (depth == 0 || any(m, 2)) {
		if (any(m, 8) == 0)
			return YAML_WORD(STR("null"));
		return YAML_TEXT(str_of(which < BARE ? bare[which] : odd[which - BARE]));
	}
	items = ARENA_ARRAY(m->a, struct node, (size_t)n * width);
	for (uint32_t i = 0; i < n * width; i++)
		items[i] =
			width == 2 && i % 2 == 0
				? YAML_TEXT(arena_printf(m->a, "%s%u", any(m, 4) ? "n" : "新：", i))
				: make_value(m, depth - 1);
	return (struct node){.kind = (uint8_t)(width == 2 ? NODE_MAP : NODE_LIST),
			     .flow = any(m, 2),
			     .items = items,
			     .n = n};
}

/* A list or map of the tree, anywhere. */
static struct node *pick(struct maker *m, struct node *n)
{
	size_t width = n->kind == NODE_MAP ? 2 : 1;

	while (n->n && any(m, 3)) {
		struct node *child = (struct node *)(uintptr_t)&n
					     ->items[any(m, (uint32_t)n->n) * width + width - 1];

		if (child->kind == NODE_SCALAR)
			break;
		n = child;
		width = n->kind == NODE_MAP ? 2 : 1;
	}
	return n;
}

/* The tree changed by hand, in place. */
static void change_tree(struct maker *m, struct node *in, const struct yaml_change *c)
{
	size_t width = in->kind == NODE_MAP ? 2 : 1;
	struct node *items = ARENA_ARRAY(m->a, struct node, (in->n + 1) * width);

	for (size_t i = 0; i < in->n * width; i++)
		items[i] = in->items[i];
	if (c->op == YAML_SET)
		items[c->i * width + width - 1] = c->value;
	else
		items[in->n * width + width - 1] = c->value;
	if (c->op == YAML_PUT)
		items[in->n * width] = YAML_TEXT(c->key);
	in->items = items;
	in->n += c->op != YAML_SET;
}

/* ---- what must not have changed ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes [from, to) of the old file are the only ones that may differ, or have something among them. */
static void find_span(struct str old, const struct yaml_change *c, size_t *from, size_t *to)
{
	const struct node *in = c->in;
	size_t width = in->kind == NODE_MAP ? 2 : 1, i = c->op == YAML_SET ? c->i : in->n - 1;

	if (in->n == 0) {
		*from = in->flow ? in->begin + 1u : old.n;
		*to = *from;
		return;
	}
	*from = in->items[i * width + width - 1].begin;
	*to = in->items[i * width + width - 1].end;
	if (c->op != YAML_SET)
		*from = *to;
	else if (in->items[i * width + width - 1].kind != NODE_SCALAR)
		while (*from && is_space(old.p[*from - 1]))
			--*from;
	/* A piece of several lines goes behind the remark of its line. */
	if (c->op != YAML_SET || node_blank(&in->items[i * width + width - 1]))
		while (*to < old.n && old.p[*to] != '\n' && old.p[*to] != '\r')
			++*to;
}

static bool is_within(struct str part, struct str whole)
{
	size_t k = 0;

	for (size_t i = 0; i < whole.n && k < part.n; i++)
		k += whole.p[i] == part.p[k];
	return k == part.n;
}

static void check_bytes(struct str old, struct str new, const struct yaml_change *c)
{
	size_t from, to, tail;

	find_span(old, c, &from, &to);
	tail = old.n - to;
	assert_true(new.n >= from + tail);
	assert_memory_equal(old.p, new.p, from);
	assert_memory_equal(old.p + to, new.p + new.n - tail, tail);
	if (c->op != YAML_SET)
		assert_true(is_within(str_sub(old, from, to), str_sub(new, from, new.n - tail)));
}

/* ---- rounds ---- */

static struct node read_tree(struct arena *a, struct str bytes)
{
	struct diags diags;
	struct node root;
	size_t left = 100000;

	diags_init(&diags, false);
	if (!node_read(a, STR("t.yaml"), bytes, NULL, &left, &diags, &root) || diags.errors) {
		struct buf words = {0};

		diags_print(&diags, &words);
		print_error("%.*s\n---\n%s", STR_ARG(bytes), words.p);
		fail();
	}
	diags_done(&diags);
	return root;
}

static struct yaml_change make_change(struct maker *m, struct node *in)
{
	struct yaml_change c = {YAML_SET, in, 0, STR_NONE, make_value(m, 2)};

	if (in->n && any(m, 2))
		c.i = any(m, (uint32_t)in->n);
	else
		c.op = in->kind == NODE_MAP ? YAML_PUT : YAML_APPEND;
	if (c.op == YAML_PUT)
		c.key = any(m, 2) ? STR("fresh") : STR("新 key?");
	return c;
}

static void note(struct yaml_edit *e, const struct yaml_change *c)
{
	if (c->op == YAML_SET)
		yaml_edit_set(e, c->in, c->i, c->value);
	else if (c->op == YAML_PUT)
		yaml_edit_put(e, c->in, c->key, c->value);
	else
		yaml_edit_append(e, c->in, c->value);
}

static void play(struct maker *m)
{
	struct yaml_edit e;
	struct yaml_change c;
	struct buf out = {0};
	struct err err = {0};
	struct str old;
	struct node *in, got;

	make_file(m);
	old = buf_view(&m->out);
	if (yaml_edit_open(&e, STR("t.yaml"), old, &err) != 0) {
		print_error("%s\n%.*s", err.text, STR_ARG(old));
		fail();
	}
	if (e.root.kind == NODE_SCALAR) {
		yaml_edit_done(&e);
		return;
	}
	in = pick(m, &e.root);
	c = make_change(m, in);
	note(&e, &c);
	if (yaml_edit_finish(&e, &out, &err) != 0) {
		print_error("%s\n--- op %d item %zu line %d of\n%.*s", err.text, c.op, c.i,
			    in->line, STR_ARG(old));
		fail();
	}
	check_bytes(old, buf_view(&out), &c);
	got = read_tree(m->a, buf_view(&out));
	change_tree(m, in, &c);
	assert_true(yaml_same(&got, &e.root));
	buf_done(&out);
	yaml_edit_done(&e);
}

static void any_change_of_any_file_is_that_change_and_no_other(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		struct arena a;
		struct maker m = {.a = &a, .state = i * 2654435761u + 17};

		arena_init(&a);
		play(&m);
		buf_done(&m.out);
		arena_done(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_change_of_any_file_is_that_change_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

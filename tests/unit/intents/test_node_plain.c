#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "intents/load.h"
#include "intents/node_plain.h"
#include "text/buf.h"
#include "text/utf8.h"

enum { NODES = 100000 };

static bool is_key(struct str word)
{
	return str_eq(word, STR("title")) || str_eq(word, STR("when"));
}

/* As node_plain.c reads it; false when it leaves it to libyaml. */
static bool read_plain(struct arena *a, struct str bytes, size_t *nodes_left, struct node *out)
{
	struct node_build *b = ARENA_NEW(a, struct node_build);
	struct diags said;
	bool plain;

	diags_init(&said, false);
	*b = (struct node_build){.a = a,
				 .file = STR("f"),
				 .bytes = arena_str(a, bytes),
				 .is_key = is_key,
				 .diags = &said,
				 .nodes_left = nodes_left};
	plain = utf8_valid(bytes) == bytes.n && node_plain_read(b) && said.n == 0;
	diags_done(&said);
	*out = b->root;
	return plain;
}

/* As libyaml does: a tab in a remark at the end is not plain. */
static void read_by_libyaml(struct arena *a, struct str bytes, size_t *nodes_left, struct node *out)
{
	struct str more = arena_printf(a, "%.*s%s#\t\n", STR_ARG(bytes),
				       bytes.n && bytes.p[bytes.n - 1] != '\n' ? "\n" : "");
	struct diags said;
	bool complete;

	diags_init(&said, false);
	complete = node_read(a, STR("f"), more, is_key, nodes_left, &said, out);
	if (!complete || said.n) {
		print_error("%.*s\n", STR_ARG(bytes));
		print_error("%.*s\n", STR_ARG(said.items[0].text));
	}
	assert_true(complete);
	assert_int_equal(said.n, 0);
	diags_done(&said);
}

static bool same(const struct node *x, const struct node *y)
{
	bool alike = x->kind == y->kind && x->plain == y->plain && x->flow == y->flow &&
		     x->line == y->line && x->col == y->col && x->begin == y->begin &&
		     x->end == y->end;

	if (!alike)
		print_error("%d:%d [%u %u) is not %d:%d [%u %u)\n", x->line, x->col, x->begin,
			    x->end, y->line, y->col, y->begin, y->end);
	if (!alike || x->kind == NODE_SCALAR)
		return alike && str_eq(x->text, y->text);
	for (size_t i = 0; i < x->n * (x->kind == NODE_MAP ? 2 : 1) && x->n == y->n; i++)
		if (!same(&x->items[i], &y->items[i]))
			return false;
	return x->n == y->n;
}

/* True when it is plain; then both readers see the same. */
static bool check(struct str bytes)
{
	size_t left = NODES, left_too = NODES;
	struct node x, y;
	struct arena a;
	bool plain;

	arena_init(&a);
	plain = read_plain(&a, bytes, &left, &x);
	if (plain) {
		read_by_libyaml(&a, bytes, &left_too, &y);
		if (!same(&x, &y) || left != left_too)
			fail_msg("read otherwise:\n%.*s", STR_ARG(bytes));
	}
	arena_done(&a);
	return plain;
}

static const char *const plain_texts[] = {
	"version: 1\nlanguages: [zh, en]\nintents:\n  refund:\n    when:\n      keywords: {all: "
	"[退款, "
	"退钱], any: [课程]}\n    answer:\n      zh: 好的 # 说明\n      en: 'It''s \"done\"'\n",
	"faq:\n- id: a\n  q:\n    zh: 怎么退款？\n    en: How do I get my money back?\n  also:\n  "
	"- a b  c\n"
	"  - \"x\\n\\\"y\\\" 中\"\n  a: http://x.org/a?b=c#d\n- id: b\n  a: {zh: 好, en: [fine, "
	"ok]}\n",
	"a:\n  b:\n  c: \n\n  # remark\n  d: []\n  e: {}\nf:\n",
	"say: |\n  one\n    two\n\n  three\n\nlast: |-\n      x # no remark\n      y: z\n",
	"\n# first\na: b\nc:\n  - - 1\n    - 2\n  - k: v\n    l:\n    - m\n    - n: o\n  -   wide: "
	"1\n      "
	"too: 2\n",
	"when:\n  any: [a b,  c-d , 'e,f', \"g]h\",\n    中文,   # remark\n    {x: 1, y: [2, "
	"-3]}\n  ]\n"
	"d: -1.5\ne: a:b :c\n'k': 1\n\"l\" : 2\n",
	"a: b",
};

static void plain_files_are_read_without_libyaml_and_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plain_texts / sizeof *plain_texts; i++)
		if (!check(str_of(plain_texts[i])))
			fail_msg("not plain: %s", plain_texts[i]);
}

static void what_is_not_plain_is_left_to_libyaml(void **state)
{
	static const char *const texts[] = {
		"a: b\n  c\n",	 "a: >\n  b\n",	     "a: |+\n  b\n",
		"a: *b\n",	 "a: &b c\n",	     "a: !b c\n",
		"a:\tb\n",	 "a: b\r\n",	     "a: 'b\n  c'\n",
		"- a\n",	 "--- \na: b\n",     "a: b\n...\n",
		"? a\n: b\n",	 "a: b: c\n",	     "a: 'b'c\n",
		"a: [b\n  c]\n", "a: [b: c]\n",	     "a: {b, c}\n",
		"a: [b,,c]\n",	 "a: \"\\u4e2d\"\n", "a: b\n c: d\n",
		"a:\n -\n  b\n", "a: |\n b\n   \n",  "%YAML 1.1\n",
		" a: b\n",	 "a: \xc2\x85\n",    "",
		"# nothing\n",	 "a: [b\n",	     "a: b\n- c\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (check(str_of(texts[i])))
			fail_msg("plain: %s", texts[i]);
}

/* ---- at random ---- */

static uint64_t seed = 20260301;

static size_t pick(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static void put_piece(struct buf *b)
{
	static const char *const pieces[] = {
		":",	": ",  " :",	 "- ",	 "-",	"\n",	    "\n  ", "\n    ", "\n- ",
		"\n\n", " ",   "  ",	 "'",	 "''",	"\"",	    "[",    "]",      "{",
		"}",	",",   ", ",	 "#",	 " #",	"|",	    "|\n",  "|-\n",   "?",
		"? ",	"x",   "键",	 "退款", "\\n", "\\\\",	    "a: b", "- c",    "!",
		"&",	"*",   ">",	 "%",	 "@",	"`",	    "~",    "=",      "<<",
		"---",	"...", "\n--- ", "：",	 "0",	"键: 值\n",
	};

	buf_str(b, str_of(pieces[pick(sizeof pieces / sizeof *pieces)]));
}

/* A text with some stretches taken out, put in, or doubled. */
static struct str mutate(struct buf *b, struct str text)
{
	size_t edits = 1 + pick(4), from = 0;

	buf_reset(b);
	for (size_t i = 0; i < edits; i++) {
		size_t at = from + pick(text.n - from + 1), skip = pick(4) ? 0 : pick(6);

		buf_str(b, str_sub(text, from, at));
		if (pick(3))
			put_piece(b);
		else if (pick(2))
			buf_str(b, str_sub(text, at - pick(at + 1) / 4, at));
		from = at + skip < text.n ? at + skip : text.n;
	}
	buf_str(b, str_sub(text, from, text.n));
	return buf_view(b);
}

static void edited_at_random_a_file_that_is_plain_is_read_alike(void **state)
{
	const char *rounds = getenv("KEFU_ROUNDS");
	size_t n = rounds ? strtoul(rounds, NULL, 10) : 4000, plain = 0;
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < n; i++) {
		size_t which = pick(sizeof plain_texts / sizeof *plain_texts);

		plain += check(mutate(&b, str_of(plain_texts[which])));
	}
	buf_done(&b);
	assert_true(plain > n / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_files_are_read_without_libyaml_and_alike),
		cmocka_unit_test(what_is_not_plain_is_left_to_libyaml),
		cmocka_unit_test(edited_at_random_a_file_that_is_plain_is_read_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

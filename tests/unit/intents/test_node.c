#include "unit/unit.h"

#include <stdlib.h>

#include "intents/node.h"
#include "text/buf.h"

struct fixture {
	struct arena arena;
	struct diags diags;
	size_t nodes_left;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	arena_init(&f->arena);
	diags_init(&f->diags, false);
	f->nodes_left = 1000000;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	diags_done(&f->diags);
	free(f);
	return 0;
}

static bool read_into(struct fixture *f, struct str yaml, struct node *out)
{
	return node_read(&f->arena, STR("t.yaml"), yaml, NULL, &f->nodes_left, &f->diags, out);
}

static struct node read_clean(struct fixture *f, const char *yaml)
{
	struct node root;

	assert_true(read_into(f, str_of(yaml), &root));
	assert_int_equal(f->diags.n, 0);
	return root;
}

/* One error, with that code. */
static void assert_refused(struct fixture *f, struct str yaml, const char *code, int line, int col)
{
	struct node root;

	read_into(f, yaml, &root);
	assert_int_equal(f->diags.errors, 1);
	assert_str(f->diags.items[0].code, code);
	assert_int_equal(f->diags.items[0].mark.line, line);
	assert_int_equal(f->diags.items[0].mark.col, col);
}

static void every_node_knows_its_line_and_column_in_characters(void **state)
{
	struct node root =
		read_clean(*state, "退款: [课程, {订单: 'x'}]\nb:\n  - |\n    one\n    two\n");
	const struct node *list = node_get(&root, STR("退款"));
	const struct node *pair = &list->items[1];

	assert_int_equal(root.kind, NODE_MAP);
	assert_int_equal(root.n, 2);
	assert_int_equal(list->kind, NODE_LIST);
	assert_true(list->flow);
	assert_int_equal(list->items[0].col, 6);
	assert_int_equal(pair->col, 10);
	assert_str(node_key(pair, 0)->text, "订单");
	assert_false(node_value(pair, 0)->plain);
	assert_int_equal(node_value(pair, 0)->col, 15);
	assert_str(node_get(&root, STR("b"))->items[0].text, "one\ntwo\n");
	assert_int_equal(node_get(&root, STR("b"))->items[0].line, 3);
	assert_null(node_get(&root, STR("c")));
	assert_null(node_get(list, STR("c")));
}

static void scalars_keep_every_character_and_no_type(void **state)
{
	struct node root = read_clean(*state, "a: no\nb: 1:30\nc: 0x1F\nd: ~\ne:\nf: ''\n");

	assert_str(node_get(&root, STR("a"))->text, "no");
	assert_str(node_get(&root, STR("b"))->text, "1:30");
	assert_str(node_get(&root, STR("c"))->text, "0x1F");
	assert_str(node_get(&root, STR("d"))->text, "~");
	assert_true(node_blank(node_get(&root, STR("e"))));
	assert_false(node_blank(node_get(&root, STR("f"))));
}

static void an_empty_file_is_an_empty_map(void **state)
{
	struct node root = read_clean(*state, "");

	assert_int_equal(root.kind, NODE_MAP);
	assert_int_equal(root.n, 0);
	root = read_clean(*state, "# only a remark\n");
	assert_int_equal(root.n, 0);
}

static void a_byte_order_mark_is_no_part_of_the_first_key(void **state)
{
	struct node root = read_clean(*state, "\xef\xbb\xbf"
					      "a: b\nc: d\n");

	assert_str(node_get(&root, STR("a"))->text, "b");
	assert_str(node_get(&root, STR("c"))->text, "d");
}

static void the_tree_outlives_the_bytes_it_was_read_from(void **state)
{
	struct fixture *f = *state;
	char *bytes = strdup("key: value\n");
	struct node root;

	assert_true(read_into(f, str_of(bytes), &root));
	memset(bytes, 'x', strlen(bytes));
	free(bytes);
	assert_str(node_get(&root, STR("key"))->text, "value");
}

static void duplicate_keys_name_both_lines_and_the_first_stays(void **state)
{
	struct fixture *f = *state;
	struct node root;

	assert_true(read_into(f, STR("a: 1\nb: 2\na: 3\n"), &root));
	assert_int_equal(f->diags.errors, 1);
	assert_str(f->diags.items[0].text,
		   "key 'a' is written twice: on line 1 and on line 3; keep one of them");
	assert_int_equal(f->diags.items[0].mark.line, 3);
	assert_int_equal(root.n, 2);
	assert_str(node_get(&root, STR("a"))->text, "1");
}

static void aliases_are_refused_so_that_no_file_grows_by_them(void **state)
{
	struct fixture *f = *state;
	struct node root;

	assert_true(read_into(f, STR("a: &a [x, x]\nb: [*a, *a]\nc: d\n"), &root));
	assert_int_equal(f->diags.errors, 3);
	assert_str(f->diags.items[1].code, "alias");
	assert_int_equal(node_get(&root, STR("b"))->items[1].kind, NODE_BROKEN);
	assert_str(node_get(&root, STR("c"))->text, "d");
}

/* ---- hostile ---- */

static struct buf repeat(const char *s, size_t n)
{
	struct buf b = {0};

	for (size_t i = 0; i < n; i++)
		buf_cstr(&b, s);
	return b;
}

static void lists_nested_two_hundred_thousand_deep_meet_the_limit(void **state)
{
	struct buf b = repeat("[", 200000);

	assert_refused(*state, buf_view(&b), "too-deep", 1, NODE_DEPTH_MAX + 1);
	buf_done(&b);
}

static void dashes_nested_two_hundred_thousand_deep_meet_the_limit(void **state)
{
	struct buf b = repeat("- ", 200000);

	assert_refused(*state, buf_view(&b), "too-deep", 1, 2 * NODE_DEPTH_MAX + 1);
	buf_done(&b);
}

static void maps_nested_two_hundred_thousand_deep_meet_the_limit(void **state)
{
	struct buf b = repeat("{a: ", 200000);

	assert_refused(*state, buf_view(&b), "too-deep", 1, 4 * NODE_DEPTH_MAX + 1);
	buf_done(&b);
}

static void sixty_four_levels_are_fine(void **state)
{
	struct buf b = repeat("[", NODE_DEPTH_MAX);
	struct node root;

	for (int i = 0; i < NODE_DEPTH_MAX; i++)
		buf_char(&b, ']');
	assert_true(read_into(*state, buf_view(&b), &root));
	buf_done(&b);
}

static void nodes_are_counted_over_all_reads(void **state)
{
	struct fixture *f = *state;
	struct node root;

	f->nodes_left = 5;
	assert_true(read_into(f, STR("[a, b, c]"), &root));
	assert_int_equal(f->nodes_left, 1);
	assert_false(read_into(f, STR("[a, b, c]"), &root));
	assert_int_equal(f->diags.errors, 1);
	assert_str(f->diags.items[0].code, "too-many");
	assert_int_equal(f->nodes_left, 0);
}

static void a_hundred_thousand_keys_are_told_apart(void **state)
{
	struct fixture *f = *state;
	struct buf b = {0};
	struct node root;

	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "k%d: v\n", i);
	buf_cstr(&b, "k77777: again\n");
	read_into(f, buf_view(&b), &root);
	assert_int_equal(root.n, 100000);
	assert_int_equal(f->diags.errors, 1);
	assert_str(f->diags.items[0].code, "duplicate-key");
	buf_done(&b);
}

static void bytes_that_are_not_utf8_are_named_with_their_line(void **state)
{
	assert_refused(*state, STR("a: b\nc: \xcd\xcb\n"), "not-utf8", 2, 4);
}

static void a_utf16_file_is_not_utf8(void **state)
{
	assert_refused(*state,
		       (struct str){"\xff\xfe"
				    "a\0:\0",
				    6},
		       "not-utf8", 1, 1);
}

static void control_characters_and_nul_are_named_with_their_place(void **state)
{
	assert_refused(*state, (struct str){"a: 退款\nb: 退\0c\n", 19}, "control-character", 2, 5);
}

static void a_second_document_is_refused_and_the_first_kept(void **state)
{
	struct fixture *f = *state;
	struct node root;

	assert_false(read_into(f, STR("a: b\n---\nc: d\n"), &root));
	assert_int_equal(f->diags.errors, 1);
	assert_str(node_get(&root, STR("a"))->text, "b");
}

static void what_stands_before_a_mistake_is_kept(void **state)
{
	struct fixture *f = *state;
	struct node root;

	assert_false(read_into(f, STR("a: {b: c}\nd: [e, f\ng: h\n"), &root));
	assert_str(node_get(node_get(&root, STR("a")), STR("b"))->text, "c");
}

static void a_file_of_nothing_but_mistakes_ends_after_fifty_readings(void **state)
{
	struct fixture *f = *state;
	struct buf b = repeat("- @x\n", 1000);
	struct node root;

	assert_false(read_into(f, buf_view(&b), &root));
	assert_int_equal(f->diags.errors, 50);
	buf_done(&b);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(every_node_knows_its_line_and_column_in_characters),
		TEST(scalars_keep_every_character_and_no_type),
		TEST(an_empty_file_is_an_empty_map),
		TEST(a_byte_order_mark_is_no_part_of_the_first_key),
		TEST(the_tree_outlives_the_bytes_it_was_read_from),
		TEST(duplicate_keys_name_both_lines_and_the_first_stays),
		TEST(aliases_are_refused_so_that_no_file_grows_by_them),
		TEST(lists_nested_two_hundred_thousand_deep_meet_the_limit),
		TEST(dashes_nested_two_hundred_thousand_deep_meet_the_limit),
		TEST(maps_nested_two_hundred_thousand_deep_meet_the_limit),
		TEST(sixty_four_levels_are_fine),
		TEST(nodes_are_counted_over_all_reads),
		TEST(a_hundred_thousand_keys_are_told_apart),
		TEST(bytes_that_are_not_utf8_are_named_with_their_line),
		TEST(a_utf16_file_is_not_utf8),
		TEST(control_characters_and_nul_are_named_with_their_place),
		TEST(a_second_document_is_refused_and_the_first_kept),
		TEST(what_stands_before_a_mistake_is_kept),
		TEST(a_file_of_nothing_but_mistakes_ends_after_fifty_readings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

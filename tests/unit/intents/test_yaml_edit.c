#include "unit/unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intents/yaml_edit.h"

/* `path`: keys and numbers from the root to a list or map, "" = the root. */
static const struct node *walk(const struct node *n, const char *path)
{
	struct str rest = str_of(path);

	while (rest.n) {
		size_t end = str_find(rest, STR("/"), 0);
		struct str name = str_sub(rest, 0, end);
		uint64_t i;

		n = n->kind == NODE_LIST && str_to_u64(name, &i) ? &n->items[i] : node_get(n, name);
		assert_non_null(n);
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	return n;
}

struct made {
	const char *before, *path;
	enum yaml_op op;
	const char *key; /* YAML_SET of a map, YAML_PUT */
	size_t i;	 /* YAML_SET of a list */
	struct node value;
	const char *after;
};

static void make(const struct made *m)
{
	struct yaml_edit e;
	struct buf out = {0};
	struct err err;
	const struct node *in;

	assert_int_equal(yaml_edit_open(&e, STR("t.yaml"), str_of(m->before), &err), 0);
	in = walk(&e.root, m->path);
	if (m->op == YAML_PUT)
		yaml_edit_put(&e, in, str_of(m->key), m->value);
	else if (m->op == YAML_RENAME)
		yaml_edit_rename(&e, in, m->i, str_of(m->key));
	else if (m->op == YAML_APPEND)
		yaml_edit_append(&e, in, m->value);
	else
		yaml_edit_set(&e, in, m->key ? yaml_edit_find(in, str_of(m->key)) : m->i, m->value);
	assert_int_equal(yaml_edit_finish(&e, &out, &err), 0);
	assert_str(buf_view(&out), m->after);
	buf_done(&out);
	yaml_edit_done(&e);
}

#define TEXT(s)                                                                                    \
	{                                                                                          \
		.kind = NODE_SCALAR, .text = { "" s, sizeof(s) - 1 }                               \
	}
#define WORD(s)                                                                                    \
	{                                                                                          \
		.kind = NODE_SCALAR, .plain = true, .text = { "" s, sizeof(s) - 1 }                \
	}

static void a_value_is_replaced_in_the_style_it_was_written_in(void **state)
{
	static const struct made all[] = {
		{"a: old  # why\nb: 2\n", "", YAML_SET, "a", 0, TEXT("new"),
		 "a: new  # why\nb: 2\n"},
		{"a: \"old\" # why\n", "", YAML_SET, "a", 0, TEXT("new"), "a: \"new\" # why\n"},
		{"a: 'old'\n", "", YAML_SET, "a", 0, TEXT("it's"), "a: 'it''s'\n"},
		{"a: 'old'\n", "", YAML_SET, "a", 0, TEXT("two\nlines"), "a: \"two\\nlines\"\n"},
		{"a: old\n", "", YAML_SET, "a", 0, TEXT("b: c"), "a: \"b: c\"\n"},
		{"a: old\n", "", YAML_SET, "a", 0, TEXT("say \"hi\" #1"), "a: 'say \"hi\" #1'\n"},
		{"a: old\n", "", YAML_SET, "a", 0, TEXT("null"), "a: \"null\"\n"},
		{"a: old\n", "", YAML_SET, "a", 0, WORD("null"), "a: null\n"},
		{"a: \"old\"\n", "", YAML_SET, "a", 0, WORD("silent"), "a: silent\n"},
		{"a: {b: old, c: 1}\n", "a", YAML_SET, "b", 0, TEXT("x, y"),
		 "a: {b: \"x, y\", c: 1}\n"},
		{"a:\nb: 2\n", "", YAML_SET, "a", 0, TEXT("new"), "a: new\nb: 2\n"},
		{"a:  # none yet\nb: 2\n", "", YAML_SET, "a", 0, TEXT("new"),
		 "a: new  # none yet\nb: 2\n"},
		{"a: |\n  one\n  two\n\nb: 2\n", "", YAML_SET, "a", 0, TEXT("x\ny"),
		 "a: |-\n  x\n  y\n\nb: 2\n"},
		{"a: >-\n  one\n  two\nb: 2\n", "", YAML_SET, "a", 0, TEXT("x"), "a: x\nb: 2\n"},
		{"- one # 1\n- two # 2\n", "", YAML_SET, NULL, 1, TEXT("2"),
		 "- one # 1\n- 2 # 2\n"},
		{"a:\n  - one\n  # more\n  - two # last\nb: 2\n", "", YAML_SET, "a", 0, TEXT("x"),
		 "a: x # last\nb: 2\n"},
		{"a: # all\n- one\n- two\nb: 2\n", "", YAML_SET, "a", 0, TEXT("x"),
		 "a: # all\n  x\nb: 2\n"},
		{"a: one\r\nb: |\r\n  x\r\n", "", YAML_SET, "b", 0, TEXT("x\ny"),
		 "a: one\r\nb: |-\r\n  x\r\n  y\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		make(&all[i]);
}

static void a_new_item_goes_behind_the_last_one(void **state)
{
	static const struct node flow[] = {TEXT("x"), TEXT("y: z")};
	static const struct node pairs[] = {TEXT("id"), TEXT("x"), TEXT("q"), TEXT("怎么办？")};
	const struct made all[] = {
		{"a:\n  - one # 1\n  # off: two\nb: 2\n", "a", YAML_APPEND, NULL, 0, TEXT("三"),
		 "a:\n  - one # 1\n  - 三\n  # off: two\nb: 2\n"},
		{"a:\n- one", "a", YAML_APPEND, NULL, 0, TEXT("two"), "a:\n- one\n- two"},
		{"a: [one, two]  # 2\n", "a", YAML_APPEND, NULL, 0, TEXT("三？"),
		 "a: [one, two, 三？]  # 2\n"},
		{"a: []\n", "a", YAML_APPEND, NULL, 0, YAML_FLOW_LIST(flow, 2),
		 "a: [[x, \"y: z\"]]\n"},
		{"a: [one, ]\n", "a", YAML_APPEND, NULL, 0, TEXT("two"), "a: [one, two ]\n"},
		{"a: [\n  one, # 1\n  two  # 2\n]\n", "a", YAML_APPEND, NULL, 0, TEXT("x"),
		 "a: [\n  one, # 1\n  two,  # 2\n  x\n]\n"},
		{"a: [\n  one,\n  two, # 2\n]\n", "a", YAML_APPEND, NULL, 0, TEXT("x"),
		 "a: [\n  one,\n  two, # 2\n  x,\n]\n"},
		{"- a: 1\n  b: 2\n\n- a: 3\n# end\n", "", YAML_APPEND, NULL, 0, YAML_MAP(pairs, 2),
		 "- a: 1\n  b: 2\n\n- a: 3\n\n- id: x\n  q: 怎么办？\n# end\n"},
		{"a:\r\n  - one\r\n", "a", YAML_APPEND, NULL, 0, TEXT("two"),
		 "a:\r\n  - one\r\n  - two\r\n"},
		{"- - x\n", "0", YAML_APPEND, NULL, 0, TEXT("z"), "- - x\n  - z\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		make(&all[i]);
}

static void a_new_key_goes_behind_the_last_one_or_into_the_place_of_another(void **state)
{
	static const struct node list[] = {TEXT("x"), TEXT("z")};
	const struct made all[] = {
		{"a: 1\n\n# end\n", "", YAML_PUT, "b", 0, TEXT("2"), "a: 1\nb: 2\n\n# end\n"},
		{"a:\n    b:\n        c: 1 # c\nd: 2\n", "a", YAML_PUT, "e", 0, YAML_LIST(list, 2),
		 "a:\n    b:\n        c: 1 # c\n    e:\n        - x\n        - z\nd: 2\n"},
		{"- a: 1\n- a: 2\n", "0", YAML_PUT, "b", 0, YAML_FLOW_LIST(list, 2),
		 "- a: 1\n  b: [x, z]\n- a: 2\n"},
		{"a: {b: 1}\n", "a", YAML_PUT, "c", 0, TEXT("x"), "a: {b: 1, c: x}\n"},
		{"a: {}\n", "a", YAML_PUT, "c", 0, TEXT(""), "a: {c: \"\"}\n"},
		{"", "", YAML_PUT, "a", 0, TEXT("x"), "a: x\n"},
		{"a: 1 # one\nb: 2\n", "", YAML_RENAME, "c", 0, TEXT(""), "c: 1 # one\nb: 2\n"},
		{"{'a': 1, b: 2}\n", "", YAML_RENAME, "c", 0, TEXT(""), "{'c': 1, b: 2}\n"},
		{"# nothing yet", "", YAML_PUT, "a", 0, YAML_LIST(list, 2),
		 "# nothing yet\na:\n  - x\n  - z\n"},
		{"a: |+\n  x\n\n", "", YAML_PUT, "b", 0, TEXT("x"), "a: |+\n  x\n\nb: x\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		make(&all[i]);
}

static void many_changes_are_made_at_once(void **state)
{
	static const struct node two[] = {TEXT("x"), TEXT("z")};
	struct yaml_edit e;
	struct buf out = {0};
	struct err err;
	const struct node *a;

	(void)state;
	assert_int_equal(yaml_edit_open(&e, STR("t.yaml"),
					STR("a: [1]  # one\nb: 一\nc:\nd:\n  - 1\n"), &err),
			 0);
	a = walk(&e.root, "a");
	yaml_edit_add(&e, &e.root, 3, two, 2);
	yaml_edit_add(&e, &e.root, 2, two, 1);
	yaml_edit_add(&e, &e.root, 1, two, 2);
	yaml_edit_add(&e, &e.root, 0, two, 2);
	yaml_edit_set(&e, a, 0, YAML_TEXT(STR("2")));
	assert_int_equal(yaml_edit_finish(&e, &out, &err), 0);
	assert_str(buf_view(&out),
		   "a: [2, x, z]  # one\nb: [一, x, z]\nc:\n  - x\nd:\n  - 1\n  - x\n  - z\n");
	buf_done(&out);
	yaml_edit_done(&e);
}

static void assert_no_finish(const char *before, const char *path, const char *put, const char *why)
{
	struct yaml_edit e;
	struct buf out = {0};
	struct err err;

	buf_cstr(&out, "kept");
	assert_int_equal(yaml_edit_open(&e, STR("t.yaml"), str_of(before), &err), 0);
	yaml_edit_put(&e, walk(&e.root, path), str_of(put), YAML_TEXT(STR("x")));
	yaml_edit_set(&e, &e.root, 0, YAML_TEXT(STR("x")));
	assert_true(yaml_edit_finish(&e, &out, &err) < 0);
	assert_string_equal(err.text, why);
	assert_str(buf_view(&out), "kept");
	buf_done(&out);
	yaml_edit_done(&e);
}

static void what_cannot_be_changed_safely_is_refused(void **state)
{
	(void)state;
	assert_no_finish("a: {b: 1}\n", "a", "c", "t.yaml: two changes touch the same place");
	assert_no_finish("a: {b: 1}\n", "", "a", "t.yaml: there is no such place to change");
	/* Its value is nowhere in the file, so nothing can go behind it. */
	assert_no_finish(
		"? a\n# b\n", "", "c",
		"t.yaml: this file is written in a way that cannot be changed safely; change it "
		"by hand");
}

static void a_file_with_mistakes_is_refused_with_the_first(void **state)
{
	struct yaml_edit e;
	struct err err;

	(void)state;
	assert_int_equal(yaml_edit_open(&e, STR("t.yaml"), STR("a: 1\na: 2\n"), &err), ERR_INVALID);
	assert_string_equal(err.text,
			    "t.yaml:2:1: key 'a' is written twice: on line 1 and on line 2; "
			    "keep one of them");
	yaml_edit_done(&e);
}

/* ---- saving ---- */

static void put_file(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fwrite(bytes.p, 1, bytes.n, f);
	fclose(f);
}

static void assert_file(const char *path, const char *bytes)
{
	char got[100] = {0};
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof got - 1, f), strlen(bytes));
	fclose(f);
	assert_string_equal(got, bytes);
}

static void a_file_is_replaced_whole_with_its_mode_and_through_its_link(void **state)
{
	char folder[] = "/tmp/kefu-edit-XXXXXX", path[64], link[64];
	struct stat st;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/real.yaml", folder);
	snprintf(link, sizeof link, "%s/link.yaml", folder);
	put_file(path, STR("a: 1\n"));
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("real.yaml", link), 0);
	assert_int_equal(yaml_edit_save(link, STR("a: 1\n"), STR("a: 2\n"), &err), 0);
	assert_file(path, "a: 2\n");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);

	/* Somebody else was faster. */
	assert_int_equal(yaml_edit_save(path, STR("a: 1\n"), STR("a: 3\n"), &err), ERR_BUSY);
	assert_file(path, "a: 2\n");
	unlink(link);
	unlink(path);
	/* Nothing else is left in it. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(yaml_edit_save(path, STR(""), STR("x"), &err), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_replaced_in_the_style_it_was_written_in),
		cmocka_unit_test(a_new_item_goes_behind_the_last_one),
		cmocka_unit_test(a_new_key_goes_behind_the_last_one_or_into_the_place_of_another),
		cmocka_unit_test(many_changes_are_made_at_once),
		cmocka_unit_test(what_cannot_be_changed_safely_is_refused),
		cmocka_unit_test(a_file_with_mistakes_is_refused_with_the_first),
		cmocka_unit_test(a_file_is_replaced_whole_with_its_mode_and_through_its_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

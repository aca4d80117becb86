#include "unit/kb/kb.h"

#include "kb/store_versions.h"

struct fixture {
	struct store *s;
	struct arena a;
};

static int64_t put(struct fixture *x, const char *path, const char *version, const char *text)
{
	struct version_row row = {.path = str_of(path),
				  .version = str_of(version),
				  .at_unix_ms = 7,
				  .who = STR("lin"),
				  .comment = STR("why"),
				  .text = str_of(text)};
	int64_t id = 0;
	struct err err;

	assert_ok(store_version_put(x->s, &row, &id, &err), err);
	return id;
}

static void a_version_is_got_back_as_it_was(void **state)
{
	struct fixture *x = *state;
	int64_t id = put(x, "a.yaml", "v1", "您好");
	struct version_row row;
	struct err err;

	assert_ok(store_version_get(x->s, &x->a, id, &row, &err), err);
	assert_true(str_eq(row.path, STR("a.yaml")) && str_eq(row.version, STR("v1")));
	assert_true(str_eq(row.who, STR("lin")) && str_eq(row.comment, STR("why")));
	assert_true(str_eq(row.text, STR("您好")));
	assert_int_equal(row.bytes, 6);
	assert_int_equal(store_version_get(x->s, &x->a, id + 1, &row, &err), ERR_NOT_FOUND);
}

static void the_newest_is_found_and_the_newest_other(void **state)
{
	struct fixture *x = *state;
	struct version_row row;
	struct err err;

	put(x, "a.yaml", "v1", "1");
	put(x, "a.yaml", "v2", "2");
	put(x, "b.yaml", "v3", "3");
	assert_ok(store_version_newest(x->s, &x->a, STR("a.yaml"), STR_NONE, &row, &err), err);
	assert_true(str_eq(row.version, STR("v2")));
	assert_ok(store_version_newest(x->s, &x->a, STR("a.yaml"), STR("v2"), &row, &err), err);
	assert_true(str_eq(row.version, STR("v1")));
	assert_int_equal(store_version_newest(x->s, &x->a, STR("c.yaml"), STR_NONE, &row, &err),
			 ERR_NOT_FOUND);
}

static void lists_come_newest_first_in_pages(void **state)
{
	struct fixture *x = *state;
	struct version_row *rows;
	struct err err;
	size_t n;

	for (int i = 0; i < 5; i++)
		put(x, "a.yaml", i % 2 ? "odd" : "even", "text");
	put(x, "b.yaml", "v", "text");
	assert_ok(store_version_list(x->s, &x->a, STR("a.yaml"), 0, 3, &rows, &n, &err), err);
	assert_int_equal(n, 3);
	assert_true(rows[0].id > rows[1].id && rows[1].id > rows[2].id);
	assert_int_equal(rows[0].text.n, 0);
	assert_int_equal(rows[0].bytes, 4);
	assert_ok(store_version_list(x->s, &x->a, STR("a.yaml"), rows[2].id, 9, &rows, &n, &err),
		  err);
	assert_int_equal(n, 2);
}

static void the_oldest_of_a_file_go_when_there_are_too_many(void **state)
{
	struct fixture *x = *state;
	struct version_row *rows;
	int64_t other, first = put(x, "a.yaml", "v", "text");
	struct err err;
	size_t n;

	other = put(x, "b.yaml", "v", "text");
	for (int i = 0; i < VERSIONS_KEPT + 4; i++)
		put(x, "a.yaml", "v", "text");
	assert_ok(store_version_list(x->s, &x->a, STR("a.yaml"), 0, 999, &rows, &n, &err), err);
	assert_int_equal(n, VERSIONS_KEPT);
	assert_true(rows[n - 1].id > first + 4);
	assert_ok(store_version_get(x->s, &x->a, other, rows, &err), err);
}

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);

	x->s = kb_memory();
	arena_init(&x->a);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	store_close(x->s);
	arena_done(&x->a);
	free(x);
	return 0;
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(a_version_is_got_back_as_it_was),
		FRESH(the_newest_is_found_and_the_newest_other),
		FRESH(lists_come_newest_first_in_pages),
		FRESH(the_oldest_of_a_file_go_when_there_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

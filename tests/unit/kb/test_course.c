#include "unit/kb/kb.h"

/* More than are fetched at once, some of them unknown. */
static const struct str hinted[CATALOGUE_TOGETHER + 1] = {STR_INIT("a"), STR_INIT("x"),
							  STR_INIT("c")};

static void courses_come_back_sorted_and_whole(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	const struct catalogue *c;
	struct err err;
	struct course full = {
		.id = STR("b"),
		.title = STR("Python 入门"),
		.description = STR("变量, loops"),
		.category = STR("编程"),
		.tags = STR("python;零基础"),
		.level = STR("beginner"),
		.url = STR("https://example.com/b"),
		.image = STR("b.png"),
		.creator = STR("李老师"),
		.language = STR("zh"),
		.format = STR("video"),
		.aliases = STR("Py入门"),
		.price = 99.5,
	};
	struct course later = kb_course("c", "C"), first = kb_course("a", "A");

	(void)state;
	arena_init(&a);
	assert_ok(catalogue_read(s, &a, &c, &err), err);
	assert_int_equal(c->n, 0);
	assert_int_equal(catalogue_find(c, STR("a")), -1);
	assert_ok(course_put(s, &later, &err), err);
	assert_ok(course_put(s, &full, &err), err);
	assert_ok(course_put(s, &first, &err), err);
	assert_ok(catalogue_read(s, &a, &c, &err), err);
	assert_int_equal(c->n, 3);
	catalogue_foretell(c, hinted, sizeof hinted / sizeof *hinted);
	assert_int_equal(catalogue_find(c, STR("a")), 0);
	assert_int_equal(catalogue_find(c, STR("b")), 1);
	assert_int_equal(catalogue_find(c, STR("c")), 2);
	assert_int_equal(catalogue_find(c, STR("bb")), -1);
	assert_int_equal(catalogue_find(c, STR("")), -1);
	assert_str(c->courses[1].title, "Python 入门");
	assert_str(c->courses[1].description, "变量, loops");
	assert_str(c->courses[1].category, "编程");
	assert_str(c->courses[1].tags, "python;零基础");
	assert_str(c->courses[1].level, "beginner");
	assert_str(c->courses[1].url, "https://example.com/b");
	assert_str(c->courses[1].image, "b.png");
	assert_str(c->courses[1].creator, "李老师");
	assert_str(c->courses[1].language, "zh");
	assert_str(c->courses[1].format, "video");
	assert_str(c->courses[1].aliases, "Py入门");
	assert_true(c->courses[1].price == 99.5);
	assert_true(c->courses[0].price < 0);
	arena_done(&a);
	store_close(s);
}

static void a_course_put_again_is_replaced(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	const struct catalogue *c;
	struct err err;
	struct course course = kb_course("a", "old");

	(void)state;
	arena_init(&a);
	assert_ok(course_put(s, &course, &err), err);
	course.title = STR("new");
	assert_ok(course_put(s, &course, &err), err);
	assert_ok(catalogue_read(s, &a, &c, &err), err);
	assert_int_equal(c->n, 1);
	assert_str(c->courses[0].title, "new");
	arena_done(&a);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(courses_come_back_sorted_and_whole),
		cmocka_unit_test(a_course_put_again_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

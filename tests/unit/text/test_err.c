#include "unit/unit.h"

#include <stdlib.h>

#include "text/err.h"

static void err_set_returns_its_code_and_keeps_whole_characters(void **state)
{
	struct err e;
	char many[1000];

	(void)state;
	assert_int_equal(err_set(&e, ERR_IO, "cannot open %s", "a.yaml"), ERR_IO);
	assert_string_equal(e.text, "cannot open a.yaml");
	assert_int_equal(e.code, ERR_IO);
	assert_int_equal(err_set(NULL, ERR_BUSY, "%d", 1), ERR_BUSY);
	for (size_t i = 0; i + 3 < sizeof many; i += 3)
		memcpy(many + i, "退", 4);
	for (int lead = 0; lead < 3; lead++) {
		assert_int_equal(err_set(&e, ERR_LIMIT, "%.*s%s", lead, "aa", many), ERR_LIMIT);
		assert_int_equal((strlen(e.text) - (size_t)lead) % 3, 0);
		assert_true(strlen(e.text) >= 509);
	}
}

static struct mark at(const char *file, int line, int col)
{
	return (struct mark){str_of(file), line, col};
}

static void diagnostics_print_like_gcc_in_two_languages(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int chinese = 0; chinese < 2; chinese++) {
		struct diags d;

		diags_init(&d, chinese);
		diags_add(&d, DIAG_ERROR, at("a.yaml", 12, 7), "unknown-key", "unknown key '%s'",
			  "未知的键“%s”", "keyword");
		diags_add(&d, DIAG_WARNING, at("a.yaml", 0, 0), "empty", "no intents", "没有意图");
		diags_add(&d, DIAG_NOTE, at("", 0, 0), "hint", "see docs", "参见文档");
		diags_print(&d, &b);
		assert_int_equal(d.errors, 1);
		assert_int_equal(d.warnings, 1);
		diags_done(&d);
	}
	assert_str(buf_view(&b), "a.yaml:12:7: error: unknown key 'keyword'\n"
				 "a.yaml: warning: no intents\n"
				 "note: see docs\n"
				 "a.yaml:12:7: 错误：未知的键“keyword”\n"
				 "a.yaml: 警告：没有意图\n"
				 "附注：参见文档\n");
	buf_done(&b);
}

static void sorting_is_by_place_and_stable(void **state)
{
	struct diags d;
	struct buf b = {0};

	(void)state;
	diags_init(&d, false);
	diags_add(&d, DIAG_ERROR, at("b", 1, 1), "x", "1", "1");
	diags_add(&d, DIAG_ERROR, at("a", 2, 1), "x", "2", "2");
	diags_add(&d, DIAG_ERROR, at("a", 1, 5), "x", "3", "3");
	diags_add(&d, DIAG_ERROR, at("a", 1, 5), "x", "4", "4");
	diags_sort(&d);
	for (size_t i = 0; i < d.n; i++)
		buf_str(&b, d.items[i].text);
	assert_str(buf_view(&b), "3421");
	buf_done(&b);
	diags_done(&d);
}

static void json_lists_every_field(void **state)
{
	struct diags d;
	struct buf b = {0};

	(void)state;
	diags_init(&d, false);
	diags_add(&d, DIAG_ERROR, at("a.yaml", 3, 4), "bad-\"x\"", "text", "文");
	diags_json(&d, &b);
	assert_str(buf_view(&b),
		   "{\"diagnostics\":[{\"level\":\"error\",\"file\":\"a.yaml\","
		   "\"line\":3,\"col\":4,\"code\":\"bad-\\\"x\\\"\",\"text\":\"text\"}"
		   "],\"errors\":1,\"warnings\":0}");
	buf_done(&b);
	diags_done(&d);
}

static void beyond_the_bound_items_are_counted_not_kept(void **state)
{
	struct diags d;
	struct buf b = {0};

	(void)state;
	diags_init(&d, false);
	for (int i = 0; i < DIAGS_MAX + 5; i++)
		diags_add(&d, DIAG_ERROR, at("a", i + 1, 1), "x", "%d", "%d", i);
	assert_int_equal(d.n, DIAGS_MAX);
	assert_int_equal(d.dropped, 5);
	assert_int_equal(d.errors, DIAGS_MAX + 5);
	diags_print(&d, &b);
	assert_true(str_ends(buf_view(&b), STR("(5 more not listed)\n")));
	buf_done(&b);
	diags_done(&d);
}

static void the_first_locale_variable_set_decides(void **state)
{
	(void)state;
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
	assert_false(err_locale_chinese());
	setenv("LANG", "zh_CN.UTF-8", 1);
	assert_true(err_locale_chinese());
	setenv("LC_MESSAGES", "en_GB.UTF-8", 1);
	assert_false(err_locale_chinese());
	setenv("LC_ALL", "zh", 1);
	assert_true(err_locale_chinese());
	setenv("LC_ALL", "", 1);
	assert_false(err_locale_chinese());
}

static void words_may_be_in_both_languages(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_say(&err, ERR_INVALID, "%d rows", "%d 行", 3), ERR_INVALID);
	assert_string_equal(err.text, "3 rows");
	assert_string_equal(err.zh, "3 行");
	err_set(&err, ERR_IO, "again");
	assert_string_equal(err.zh, "");
	assert_int_equal(err_say(NULL, ERR_IO, "x", "y"), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_may_be_in_both_languages),
		cmocka_unit_test(err_set_returns_its_code_and_keeps_whole_characters),
		cmocka_unit_test(diagnostics_print_like_gcc_in_two_languages),
		cmocka_unit_test(sorting_is_by_place_and_stable),
		cmocka_unit_test(json_lists_every_field),
		cmocka_unit_test(beyond_the_bound_items_are_counted_not_kept),
		cmocka_unit_test(the_first_locale_variable_set_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

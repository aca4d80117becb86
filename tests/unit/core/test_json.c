#include "unit/unit.h"

#include <stdlib.h>

#include "json.h"
#include "text/buf.h"

static void members_are_given_only_with_the_type_asked_for(void **state)
{
	struct json *j;
	struct err err;
	struct str text = STR("untouched");
	int64_t i = -1;
	double d = -1;
	bool b = false;

	(void)state;
	assert_int_equal(
		json_read(STR(" {\"s\":\"怎么\\ud83d\\ude00\",\"i\":42,\"r\":1.5,\"t\":true,"
			      "\"n\":null,\"o\":{\"i\":9007199254740993},\"a\":[1]} \n"),
			  &j, &err),
		0);
	assert_true(json_is_object(j));
	assert_true(json_get_str(j, "s", &text));
	assert_str(text, "怎么😀");
	assert_false(json_get_str(j, "i", &text));
	assert_false(json_get_str(j, "absent", &text));
	assert_str(text, "怎么😀");
	assert_true(json_get_int(j, "i", &i) && i == 42);
	assert_false(json_get_int(j, "r", &i));
	assert_false(json_get_int(j, "n", &i));
	assert_true(json_get_num(j, "r", &d) && d > 1.4 && d < 1.6);
	assert_true(json_get_num(j, "i", &d) && d > 41.9);
	assert_true(json_get_bool(j, "t", &b) && b);
	assert_false(json_get_bool(j, "i", &b));
	assert_true(json_is_object(json_member(j, "o")));
	assert_true(json_get_int(json_member(j, "o"), "i", &i) && i == 9007199254740993);
	assert_false(json_is_object(json_member(j, "a")));
	assert_null(json_member(j, "absent"));
	assert_null(json_member(json_member(j, "absent"), "i"));
	assert_false(json_is_object(NULL));
	json_free(j);
}

static void a_lone_value_is_a_document_but_no_object(void **state)
{
	struct json *j;
	int64_t i = 7;

	(void)state;
	assert_int_equal(json_read(STR("null"), &j, NULL), 0);
	assert_false(json_is_object(j));
	assert_false(json_get_int(j, "x", &i));
	json_free(j);
	json_free(NULL);
}

static void what_is_not_strict_json_is_refused_with_words(void **state)
{
	static const struct {
		struct str bytes;
		const char *says;
	} cases[] = {
		{STR_INIT(""), "it ends in the middle"},
		{STR_INIT("{\"a\":1"), "it ends in the middle"},
		{STR_INIT("{\"a\":1}x"), "something follows the value, near byte 8"},
		{STR_INIT("{\"a\":1} {\"a\":1}"), "something follows the value"},
		{STR_INIT("{\"a\":1,\"a\":2}"), "a name comes twice"},
		{STR_INIT("{\"a\":\"\\u0000\"}"), "a string holds \\u0000"},
		{STR_INIT("{\"\\u0000\":1}"), "\\u0000"},
		{STR_INIT("{\"a\":\"\0\"}"), "not JSON"},
		{STR_INIT("{\"a\":1}\0"), "something follows"},
		{STR_INIT("{'a':1}"), "not JSON"},
		{STR_INIT("{\"a\":\xC0\x80}"), "byte 6 is not UTF-8"},
		{STR_INIT("\"\\ud800\""), "not"},
		{STR_INIT("1e999"), "a number is too large"},
		{STR_INIT("99999999999999999999"), "a number is too large"},
		{STR_INIT("[1,]"), "not JSON"},
		{STR_INIT("01"), ""},
		{STR_INIT("\xEF\xBB\xBF{}"), "not JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct json *j = NULL;
		struct err err = {0};

		assert_int_equal(json_read(cases[i].bytes, &j, &err), ERR_INVALID);
		assert_null(j);
		if (!strstr(err.text, cases[i].says))
			fail_msg("case %zu: %s", i, err.text);
	}
}

static void nest(struct buf *b, size_t depth)
{
	buf_reset(b);
	for (size_t i = 0; i < depth; i++)
		buf_cstr(b, i % 2 ? "{\"[{\\\"[\":" : "[");
	buf_cstr(b, "\"[[\\\"{{\"");
	for (size_t i = depth; i-- > 0;)
		buf_char(b, i % 2 ? '}' : ']');
}

static void nesting_is_bounded_and_brackets_in_strings_do_not_count(void **state)
{
	struct buf b = {0};
	struct err err;
	struct json *j;

	(void)state;
	nest(&b, 32);
	assert_int_equal(json_read(buf_view(&b), &j, &err), 0);
	json_free(j);
	nest(&b, 33);
	assert_int_equal(json_read(buf_view(&b), &j, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "nested deeper than 32"));
	buf_reset(&b);
	for (int i = 0; i < 1000000; i++)
		buf_char(&b, '[');
	assert_int_equal(json_read(buf_view(&b), &j, &err), ERR_LIMIT);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_given_only_with_the_type_asked_for),
		cmocka_unit_test(a_lone_value_is_a_document_but_no_object),
		cmocka_unit_test(what_is_not_strict_json_is_refused_with_words),
		cmocka_unit_test(nesting_is_bounded_and_brackets_in_strings_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

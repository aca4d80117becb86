#include "unit/unit.h"

#include <math.h>

#include "text/buf.h"

static void bytes_are_kept_and_terminated(void **state)
{
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_printf(&b, "%d,", i);
	buf_put(&b, "\0x", 2);
	buf_str(&b, STR_NONE);
	buf_char(&b, '!');
	assert_int_equal(b.p[b.n], 0);
	assert_int_equal(b.p[b.n - 3], 0);
	assert_true(str_starts(buf_view(&b), STR("0,1,2,")));
	buf_reset(&b);
	assert_int_equal(b.n, 0);
	buf_cstr(&b, "again");
	assert_str(buf_view(&b), "again");
	buf_done(&b);
	assert_null(b.p);
}

static void json_puts_its_commas_itself(void **state)
{
	struct buf b = {0};

	(void)state;
	json_open(&b, '{');
	json_kstr(&b, "text", STR("你好"));
	json_kint(&b, "n", -3);
	json_knum(&b, "score", 0.75);
	json_kbool(&b, "ok", true);
	json_key(&b, "list");
	json_open(&b, '[');
	json_cstr(&b, NULL);
	json_bool(&b, false);
	json_open(&b, '{');
	json_close(&b, '}');
	json_open(&b, '[');
	json_close(&b, ']');
	json_raw(&b, STR(" {\"x\":1}\n"));
	json_close(&b, ']');
	json_key_str(&b, STR("z"));
	json_nil(&b);
	json_close(&b, '}');
	assert_str(buf_view(&b), "{\"text\":\"你好\",\"n\":-3,\"score\":0.75,\"ok\":true,"
				 "\"list\":[null,false,{},[],{\"x\":1}],\"z\":null}");
	buf_done(&b);
}

static void strings_are_escaped_and_always_utf8(void **state)
{
	struct buf b = {0};

	(void)state;
	json_str(&b, STR("a\"b\\c\n\t\x01\x7f\xff退\xe9\x80"));
	assert_str(buf_view(&b), "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\xEF\xBF\xBD退\xEF\xBF\xBD"
				 "\xEF\xBF\xBD\"");
	buf_reset(&b);
	json_str(&b, STR("\xEF\xBF\xBD kept"));
	assert_str(buf_view(&b), "\"\xEF\xBF\xBD kept\"");
	buf_done(&b);
}

static void numbers_survive_the_round_trip(void **state)
{
	static const double values[] = {0.1, 1.0 / 3, 1e21, 5e-324, -0.0, 123456789.125, 1e-7};
	struct buf b = {0};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		double back;

		buf_reset(&b);
		json_num(&b, values[i]);
		assert_int_equal(sscanf(b.p, "%lf", &back), 1);
		assert_true(back == values[i]);
	}
	buf_reset(&b);
	json_num(&b, 0.1);
	json_num(&b, NAN);
	json_num(&b, INFINITY);
	json_num(&b, 5e-324);
	assert_str(buf_view(&b), "0.1,null,null,5e-324");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_kept_and_terminated),
		cmocka_unit_test(json_puts_its_commas_itself),
		cmocka_unit_test(strings_are_escaped_and_always_utf8),
		cmocka_unit_test(numbers_survive_the_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "text/utf8.h"

static void every_scalar_value_survives_the_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char bytes[4];
		uint32_t back;
		size_t n;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		n = utf8_encode(cp, bytes);
		if (utf8_decode(bytes, n, &back) != n || back != cp)
			fail_msg("U+%04X came back as U+%04X", cp, back);
	}
}

static void malformed_bytes_are_one_replacement_each(void **state)
{
	/* overlong, surrogate, beyond U+10FFFF, lone tail, cut short, never-used bytes */
	static const char *const bad[] = {"\xC0\x80",	  "\xE0\x80\x80",     "\xF0\x80\x80\x80",
					  "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
					  "\xE9\x80",	  "\xF5\x80\x80\x80", "\xFF"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		uint32_t cp;

		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 1);
		assert_int_equal(cp, 0xFFFD);
		assert_int_equal(utf8_valid(str_of(bad[i])), 0);
		assert_int_equal(utf8_count(str_of(bad[i])), strlen(bad[i]));
	}
	assert_int_equal(utf8_valid(STR("退\xff")), 3);
	assert_int_equal(utf8_valid(STR("a\xEF\xBF\xBD")), 4);
}

static void count_is_of_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(STR("退a款😀")), 4);
	assert_int_equal(utf8_count(STR_NONE), 0);
}

static void cut_never_splits_a_character(void **state)
{
	(void)state;
	assert_str(utf8_cut(STR("退款"), 5), "退");
	assert_str(utf8_cut(STR("退款"), 6), "退款");
	assert_str(utf8_cut(STR("退款"), 3), "退");
	assert_str(utf8_cut(STR("退款"), 2), "");
	assert_str(utf8_cut(STR("a😀b"), 4), "a");
	assert_str(utf8_cut(STR("a😀b"), 5), "a😀");
	assert_str(utf8_cut(STR("abc"), 0), "");
	assert_int_equal(utf8_cut(STR("\x80\x80\x80\x80\x80"), 4).n, 4);
}

static void han_covers_every_plane(void **state)
{
	(void)state;
	assert_true(utf8_is_han(0x9000));
	assert_true(utf8_is_han(0x3400));
	assert_true(utf8_is_han(0x20000));
	assert_true(utf8_is_han(0x30000));
	assert_true(utf8_is_han(0x3007));
	assert_false(utf8_is_han('a'));
	assert_false(utf8_is_han(0x3042));
	assert_false(utf8_is_han(0xFF0C));
	assert_false(utf8_is_han(0x1F600));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scalar_value_survives_the_round_trip),
		cmocka_unit_test(malformed_bytes_are_one_replacement_each),
		cmocka_unit_test(count_is_of_characters),
		cmocka_unit_test(cut_never_splits_a_character),
		cmocka_unit_test(han_covers_every_plane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

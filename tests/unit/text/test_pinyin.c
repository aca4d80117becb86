/* How characters are read. */
#include "unit/unit.h"

#include "text/pinyin.h"
#include "text/utf8.h"

static size_t read(const char *character, uint16_t out[PINYIN_READINGS_MAX])
{
	uint32_t cp;

	utf8_decode(character, strlen(character), &cp);
	return pinyin_read(cp, out);
}

static uint16_t first(const char *character)
{
	uint16_t readings[PINYIN_READINGS_MAX];

	return read(character, readings) ? readings[0] : 0;
}

static void characters_of_one_syllable_are_read_the_same_whatever_the_tone(void **state)
{
	(void)state;
	assert_string_equal(pinyin_name(first("款")), "kuan");
	assert_int_equal(first("款"), first("宽"));
	assert_int_equal(first("证"), first("正"));
	assert_int_not_equal(first("退"), first("款"));
	assert_string_equal(pinyin_name(first("绿")), "lv");
	assert_string_equal(pinyin_name(first("路")), "lu");
}

static void a_character_of_two_common_readings_has_both(void **state)
{
	uint16_t readings[PINYIN_READINGS_MAX];

	(void)state;
	assert_int_equal(read("行", readings), 2);
	assert_string_equal(pinyin_name(readings[0]), "xing");
	assert_string_equal(pinyin_name(readings[1]), "hang");
	assert_int_equal(read("款", readings), 1);
	assert_int_equal(read("了", readings), 1); /* liao is rare */
}

static void sounds_that_are_often_mixed_up_fold_into_one(void **state)
{
	(void)state;
	assert_int_not_equal(first("频"), first("屏"));
	assert_int_equal(pinyin_fold(first("频")), pinyin_fold(first("屏")));
	assert_int_equal(pinyin_fold(first("是")), pinyin_fold(first("四")));
	assert_int_equal(pinyin_fold(first("真")), pinyin_fold(first("增")));
	assert_int_not_equal(pinyin_fold(first("房")), pinyin_fold(first("饭")));
	for (uint16_t r = 1; r <= PINYIN_NUMBER_MAX && *pinyin_name(r); r++)
		assert_int_equal(pinyin_fold(pinyin_fold(r)), pinyin_fold(r));
}

static void what_is_no_chinese_character_has_no_reading(void **state)
{
	uint16_t readings[PINYIN_READINGS_MAX];

	(void)state;
	assert_int_equal(pinyin_read('a', readings), 0);
	assert_int_equal(pinyin_read(0, readings), 0);
	assert_int_equal(pinyin_read(0x4dff, readings), 0);
	assert_int_equal(pinyin_read(0xa000, readings), 0);
	assert_int_equal(pinyin_read(0x1f600, readings), 0);
	assert_int_equal(pinyin_fold(0), 0);
	assert_int_equal(pinyin_fold(UINT16_MAX), 0);
	assert_string_equal(pinyin_name(UINT16_MAX), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_of_one_syllable_are_read_the_same_whatever_the_tone),
		cmocka_unit_test(a_character_of_two_common_readings_has_both),
		cmocka_unit_test(sounds_that_are_often_mixed_up_fold_into_one),
		cmocka_unit_test(what_is_no_chinese_character_has_no_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

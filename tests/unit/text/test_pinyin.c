/* Sounds of characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/pinyin.h"

static void characters_of_one_syllable_sound_the_same_whatever_the_tone(void **state)
{
	(void)state;
	assert_int_not_equal(pinyin_of(0x6b3e), 0);		    /* 款 */
	assert_int_equal(pinyin_of(0x6b3e), pinyin_of(0x5bbd));	    /* 款 kuan3, 宽 kuan1 */
	assert_int_equal(pinyin_of(0x8bc1), pinyin_of(0x6b63));	    /* 证, 正 */
	assert_int_not_equal(pinyin_of(0x9000), pinyin_of(0x6b3e)); /* 退, 款 */
}

static void sounds_that_are_often_mixed_up_are_one(void **state)
{
	(void)state;
	assert_int_equal(pinyin_of(0x9891), pinyin_of(0x5c4f));	    /* 频 pin, 屏 ping */
	assert_int_equal(pinyin_of(0x662f), pinyin_of(0x56db));	    /* 是 shi, 四 si */
	assert_int_equal(pinyin_of(0x771f), pinyin_of(0x589e));	    /* 真 zhen, 增 zeng */
	assert_int_not_equal(pinyin_of(0x623f), pinyin_of(0x996d)); /* 房 fang, 饭 fan */
}

static void what_is_no_common_chinese_character_has_no_sound(void **state)
{
	(void)state;
	assert_int_equal(pinyin_of('a'), 0);
	assert_int_equal(pinyin_of(0), 0);
	assert_int_equal(pinyin_of(-1), 0);
	assert_int_equal(pinyin_of(0x4dff), 0);
	assert_int_equal(pinyin_of(0xa000), 0);
	assert_int_equal(pinyin_of(0x1f600), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_of_one_syllable_sound_the_same_whatever_the_tone),
		cmocka_unit_test(sounds_that_are_often_mixed_up_are_one),
		cmocka_unit_test(what_is_no_common_chinese_character_has_no_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

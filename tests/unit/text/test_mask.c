#include "unit/unit.h"

#include "text/mask.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

#define assert_masked(raw, expected) assert_str(mask_text(&arena, str_of(raw), NULL, 0), (expected))
#define assert_kept(raw)	     assert_masked(raw, raw)

static void mobile_numbers_keep_their_ends(void **state)
{
	(void)state;
	assert_masked("我的手机13812345678换了", "我的手机138****5678换了");
	assert_masked("138-1234-5678 或 139 1234 5678", "138-****-5678 或 139 **** 5678");
	assert_masked("+86 13812345678, 8613812345678", "+86 138****5678, 86138****5678");
	assert_masked("0086-138 1234 5678", "0086-138 **** 5678");
	assert_masked("wx13812345678", "wx138****5678");
	assert_masked("订单12 13812345678", "订单12 138****5678");
}

static void full_width_digits_do_not_escape(void **state)
{
	(void)state;
	assert_masked("電話１３８１２３４５６７８。", "電話１３８****５６７８。");
	assert_masked("138\xE3\x80\x80"
		      "1234\xE2\x80\x8B 5678",
		      "138\xE3\x80\x80****\xE2\x80\x8B 5678");
}

static void other_phones_are_masked_when_set_apart(void **state)
{
	(void)state;
	assert_masked("010-12345678", "010-****5678");
	assert_masked("0755 1234567", "0755 ***4567");
	assert_masked("+44 20 7946 0958", "+44 ** **** 0958");
	assert_kept("400-123-4567");
}

static void mail_addresses_keep_their_host(void **state)
{
	(void)state;
	assert_masked("写信给Zhang.San@Example.COM吧", "写信给Z********@Example.COM吧");
	assert_masked("a@qq.com;13812345678@163.com", "*@qq.com;1**********@163.com");
	assert_kept("@老师 a@b @qq.com");
}

static void identity_cards_must_hold_their_check(void **state)
{
	(void)state;
	/* The example of GB 11643-1999. */
	assert_masked("身份证11010519491231002X", "身份证110***********002X");
	assert_kept("110105194913310021"); /* no month 13 */
	assert_masked("身份证11010519491231002x。", "身份证110***********002x。");
	assert_kept("110105194912310021");
	assert_masked("110105 19491231 002X", "110*** ******** 002X");
}

static void bank_cards_must_hold_luhns_check(void **state)
{
	(void)state;
	assert_masked("卡号6222021234567890128", "卡号6222***********0128");
	assert_masked("4111111111111111", "4111********1111");
	assert_masked("4111 1111 1111 1111", "4111 **** **** 1111");
	assert_masked("3782-822463-10005", "3782-******-*0005");
	assert_kept("4111111111111112");
	assert_kept("订单20260301123456");
	assert_kept("2026030112345678");
}

static void longer_numbers_are_not_taken_for_shorter_ones(void **state)
{
	(void)state;
	assert_kept("138123456789");
	assert_kept("99913812345678");
	assert_kept("第12期 2026-03-01 12:30 ¥1,999.00");
}

static void given_spans_are_hidden(void **state)
{
	const struct mask_span order = {6, 20}, name = {6, 12}, wild[] = {{3, 999}, {9, 3}};

	(void)state;
	assert_str(mask_text(&arena, STR("订单20260301123456到了"), &order, 1),
		   "订单20**********56到了");
	assert_str(mask_text(&arena, STR("我叫张三"), &name, 1), "我叫**");
	assert_str(mask_text(&arena, STR("我叫张三"), wild, 2), "我***");
}

static void text_without_private_data_is_given_back_itself(void **state)
{
	struct str raw = STR("课程 怎么退");

	(void)state;
	assert_ptr_equal(mask_text(&arena, raw, NULL, 0).p, raw.p);
	assert_int_equal(mask_text(&arena, STR_NONE, NULL, 0).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mobile_numbers_keep_their_ends),
		cmocka_unit_test(full_width_digits_do_not_escape),
		cmocka_unit_test(other_phones_are_masked_when_set_apart),
		cmocka_unit_test(mail_addresses_keep_their_host),
		cmocka_unit_test(identity_cards_must_hold_their_check),
		cmocka_unit_test(bank_cards_must_hold_luhns_check),
		cmocka_unit_test(longer_numbers_are_not_taken_for_shorter_ones),
		cmocka_unit_test(given_spans_are_hidden),
		cmocka_unit_test(text_without_private_data_is_given_back_itself),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}

#include "unit/unit.h"

#include <pthread.h>

#include "text/buf.h"
#include "text/lexicon.h"
#include "text/utterance.h"

static struct arena arena;
static const struct lexicon *plain, *shop;

static int open_lexicons(void **state)
{
	static const struct str refund[] = {STR_INIT("退钱"), STR_INIT("退费"), STR_INIT("退课"),
					    STR_INIT("Refund"), STR_INIT("money back")};
	static const struct str cert[] = {STR_INIT("结业证"), STR_INIT("certificates")};
	static const struct synonym words[] = {{STR_INIT("退款"), refund, 5},
					       {STR_INIT("证书"), cert, 2}};
	static const struct str terms[] = {STR_INIT("数据结构与算法"), STR_INIT("Node.js"),
					   STR_INIT(".NET"), STR_INIT("学员之家"), STR_INIT("会")};

	(void)state;
	arena_init(&arena);
	plain = lexicon_new(&arena, NULL, 0, NULL, 0);
	shop = lexicon_new(&arena, words, 2, terms, 5);
	return 0;
}

static int close_lexicons(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* Tokens joined by |, with what `show` picks of each. */
static const char *shown(const struct lexicon *l, const char *raw, char show)
{
	struct utterance u;
	struct buf b = {0};
	const char *kept;

	utterance_read(&arena, l, str_of(raw), &u);
	for (size_t i = 0; i < u.n; i++) {
		const struct token *t = &u.tokens[i];

		if (i)
			buf_char(&b, '|');
		if (show == 'k')
			buf_char(&b, "HWNO"[t->kind]);
		else
			buf_str(&b, show == 's' ? t->stem : show == 'h' ? t->head : t->text);
	}
	kept = arena_str(&arena, buf_view(&b)).p;
	buf_done(&b);
	return kept;
}

#define assert_cut(l, raw, expected)   assert_string_equal(shown((l), (raw), 't'), (expected))
#define assert_kinds(l, raw, expected) assert_string_equal(shown((l), (raw), 'k'), (expected))
#define assert_stems(l, raw, expected) assert_string_equal(shown((l), (raw), 's'), (expected))
#define assert_heads(l, raw, expected) assert_string_equal(shown((l), (raw), 'h'), (expected))

static void everyday_support_questions_are_cut_into_words(void **state)
{
	(void)state;
	assert_cut(plain, "我想退Python课的钱", "我|想|退|python|课|的|钱");
	assert_cut(plain, "课程视频打不开怎么办", "课程|视频|打不开|怎么办");
	assert_cut(plain, "請問如何申請電子發票？", "请问|如何|申请|电子|发票");
	assert_cut(plain, "为什么作业提交失败", "为什么|作业|提交|失败");
	assert_cut(plain, "我的优惠券过期了，能补发吗", "我|的|优惠券|过期|了|能|补发|吗");
	assert_cut(plain, "期末考试成绩什么时候公布", "期末考试|成绩|什么|时候|公布");
	assert_cut(plain, "研究生命的起源", "研究|生命|的|起源");
	assert_cut(plain, "支付宝付款后订单显示未支付", "支付宝|付款|后|订单|显示|未|支付");
	assert_cut(plain, "老师的直播在哪里看", "老师|的|直播|在|哪里|看");
	assert_cut(plain, "手机号换了登录不了账号", "手机号|换|了|登录|不了|账号");
}

static void latin_words_numbers_and_symbols_have_their_kinds(void **state)
{
	(void)state;
	assert_cut(plain, "Don't use C++ or C#!", "don't|use|c++|or|c#");
	assert_kinds(plain, "Don't use C++ or C#!", "W|W|W|W|W");
	assert_cut(plain, "订单20260301123456付了￥199.00元",
		   "订单|20260301123456|付|了|¥|199.00|元");
	assert_kinds(plain, "订单20260301123456付了￥199.00元", "H|N|H|H|O|N|H");
	assert_cut(plain, "2026-03-01 12:30, 1,000 and 3/4.", "2026-03-01|12:30|1,000|and|3/4");
	assert_cut(plain, "1080p 3d 7days 5.", "1080p|3d|7days|5");
	assert_kinds(plain, "1080p 3d 7days 5.", "W|W|W|N");
	assert_cut(plain, "'quoted' user_name l’été", "quoted|user_name|l'été");
	assert_cut(plain, "……！？  ", "");
	assert_cut(plain, "C语言和c 语言", "c|语言|和|c|语言");
	assert_cut(plain, "Привет 한국어", "привет|한국어");
}

static void a_number_is_one_word_with_its_unit_where_that_is_one(void **state)
{
	struct utterance u;

	(void)state;
	assert_cut(plain, "2024年12月15日8时", "2024年|12月|15日|8时");
	assert_kinds(plain, "2024年12月15日8时", "N|N|N|N");
	assert_cut(plain, "打折５０％，1.5‰", "打折|50%|1.5‰");
	assert_cut(plain, "30万学员3万亿元", "30万|学员|3万亿|元");
	assert_cut(plain, "3年 90年代 1990年代 2024年度", "3|年|90|年代|1990|年代|2024|年度");
	assert_cut(plain, "12月份 5日元 8时间", "12月份|5|日元|8|时间");
	assert_cut(plain, "100 % off %50", "100|off|50");
	utterance_read(&arena, plain, STR("2024年 50% 12:30 abc"), &u);
	assert_str(token_amount(&u.tokens[0]), "2024");
	assert_str(token_amount(&u.tokens[1]), "50");
	assert_str(token_amount(&u.tokens[2]), "12:30");
	assert_str(token_amount(&u.tokens[3]), "abc");
}

static void compounds_are_cut_into_their_words(void **state)
{
	(void)state;
	assert_cut(plain, "手机号码换了", "手机|号码|换|了");
	assert_cut(plain, "机械工程专业", "机械|工程|专业");
	assert_cut(plain, "一心一意学习", "一心一意|学习");
}

static void an_emoji_is_one_token_with_all_that_is_joined(void **state)
{
	(void)state;
	assert_cut(plain, "好👍🏽❤️👨‍👩‍👧🇨🇳🇺🇸😀😀",
		   "好|👍🏽|❤️|👨‍👩‍👧|🇨🇳|🇺🇸|😀|😀");
	assert_kinds(plain, "好👍🏽❤️", "H|O|O");
}

static void english_words_are_stemmed_and_others_are_not(void **state)
{
	(void)state;
	assert_stems(plain, "Refunding courses quickly", "refund|cours|quick");
	assert_stems(plain, "was happy été 退款 mp4s", "was|happi|été|退款|mp4s");
	assert_str(utterance_stem(&arena, STR("refunds")), "refund");
	assert_str(utterance_stem(&arena, STR("退款")), "退款");
	assert_str(utterance_stem(&arena, STR("don't")), "don't");
}

static void synonyms_read_as_their_head_over_several_words(void **state)
{
	(void)state;
	assert_heads(shop, "Money back please!", "退款||pleas");
	assert_heads(shop, "can i get refunds", "can|i|get|退款");
	assert_heads(shop, "我要退課", "我|要|退款");
	assert_heads(shop, "课程能退钱吗", "课程|能|退款|吗");
	assert_heads(shop, "退款进度", "退款|进度");
	assert_heads(shop, "money for my certificate", "money|for|my|证书");
	assert_heads(plain, "money back", "money|back");
}

static void terms_are_cut_as_one_word_but_break_no_other(void **state)
{
	(void)state;
	assert_cut(plain, "数据结构与算法怎么学", "数据|结构|与|算法|怎么|学");
	assert_cut(shop, "數據結構與算法怎么学", "数据结构与算法|怎么|学");
	assert_cut(shop, "我在学员之家看到的", "我|在|学员之家|看到|的");
	assert_cut(shop, "node.js和.net", "node.js|和|.net");
	assert_cut(plain, "node.js", "node|js");
	assert_cut(shop, "会员", "会员");
	assert_cut(shop, "退课程的钱", "退|课程|的|钱");
}

static void known_words_are_told_from_unknown_ones(void **state)
{
	struct utterance u;

	(void)state;
	utterance_read(&arena, shop, STR("退款 mony back 鿿 5 node.js"), &u);
	assert_int_equal(u.n, 6);
	assert_true(u.tokens[0].known);
	assert_false(u.tokens[1].known);
	assert_true(u.tokens[2].known);
	assert_false(u.tokens[3].known);
	assert_true(u.tokens[4].known);
	assert_true(u.tokens[5].known);
	assert_true(lexicon_knows(shop, STR("money back")));
	assert_true(lexicon_knows(shop, STR("退款")));
	assert_false(lexicon_knows(shop, STR("退款款款")));
	assert_false(lexicon_knows(shop, STR_NONE));
}

static void a_group_lists_its_members_head_first(void **state)
{
	size_t n;
	const struct str *m = lexicon_synonyms(shop, STR("money back"), &n);

	(void)state;
	assert_int_equal(n, 6);
	assert_str(m[0], "退款");
	assert_str(m[4], "refund");
	assert_ptr_equal(lexicon_synonyms(shop, STR("退款"), &n), m);
	assert_null(lexicon_synonyms(shop, STR("money"), &n));
	assert_int_equal(n, 0);
	assert_null(lexicon_synonyms(plain, STR("退款"), &n));
}

static void the_first_group_keeps_a_member_of_two(void **state)
{
	const struct str a[] = {STR("x1"), STR("X1")}, b[] = {STR("x1"), STR(" ")};
	const struct synonym words[] = {{STR("one"), a, 2}, {STR("two"), b, 2}};
	const struct lexicon *l = lexicon_new(&arena, words, 2, NULL, 0);
	size_t n;

	(void)state;
	assert_str(lexicon_synonyms(l, STR("x1"), &n)[0], "one");
	assert_int_equal(n, 2);
	assert_heads(l, "X1", "one");
}

static void tokens_lie_in_order_inside_the_text(void **state)
{
	struct utterance u;
	size_t end = 0;

	(void)state;
	utterance_read(&arena, shop, STR("Ｈｉ，我想學 C++ 和😀 node.js 12:30 鿿"), &u);
	for (size_t i = 0; i < u.n; i++) {
		const struct token *t = &u.tokens[i];

		assert_true(t->at >= end);
		assert_ptr_equal(t->text.p, u.normal.text.p + t->at);
		end = t->at + t->text.n;
		assert_true(end <= u.normal.text.n);
	}
}

static void long_runs_are_cut_whole_and_tokens_are_bounded(void **state)
{
	struct utterance u;
	struct buf b = {0};

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_cstr(&b, "期末考试成绩");
	utterance_read(&arena, plain, buf_view(&b), &u);
	assert_int_equal(u.n, 1000);
	for (size_t i = 0; i < u.n; i++)
		assert_str(u.tokens[i].text, i % 2 ? "成绩" : "期末考试");
	for (int i = 0; i < 5000; i++)
		buf_cstr(&b, "期末考试成绩");
	utterance_read(&arena, plain, buf_view(&b), &u);
	assert_int_equal(u.n, UTTERANCE_TOKENS_MAX);
	buf_done(&b);
}

static void the_language_is_what_carries_the_sentence(void **state)
{
	(void)state;
	assert_str(utterance_lang(STR("怎么退款")), "zh");
	assert_str(utterance_lang(STR("how do i get a refund")), "en");
	assert_str(utterance_lang(STR("javascript怎么学")), "zh");
	assert_str(utterance_lang(STR("i want to refund 数据结构")), "en");
	assert_str(utterance_lang(STR("hi")), "en");
	assert_str(utterance_lang(STR("123 !? 😀")), "");
	assert_str(utterance_lang(STR("")), "");
	assert_str(utterance_lang(STR("привет")), "");
}

static void *read_many(void *unused)
{
	struct arena mine;
	struct utterance u;

	(void)unused;
	for (int i = 0; i < 200; i++) {
		arena_init(&mine);
		utterance_read(&mine, shop, STR("I was refunding my courses quickly"), &u);
		if (!str_eq(u.tokens[4].stem, STR("cours")))
			return "a stem went wrong";
		arena_done(&mine);
	}
	return NULL;
}

static void threads_share_a_lexicon_and_not_a_stemmer(void **state)
{
	pthread_t threads[4];
	void *wrong;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_many, NULL), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everyday_support_questions_are_cut_into_words),
		cmocka_unit_test(latin_words_numbers_and_symbols_have_their_kinds),
		cmocka_unit_test(a_number_is_one_word_with_its_unit_where_that_is_one),
		cmocka_unit_test(compounds_are_cut_into_their_words),
		cmocka_unit_test(an_emoji_is_one_token_with_all_that_is_joined),
		cmocka_unit_test(english_words_are_stemmed_and_others_are_not),
		cmocka_unit_test(synonyms_read_as_their_head_over_several_words),
		cmocka_unit_test(terms_are_cut_as_one_word_but_break_no_other),
		cmocka_unit_test(known_words_are_told_from_unknown_ones),
		cmocka_unit_test(a_group_lists_its_members_head_first),
		cmocka_unit_test(the_first_group_keeps_a_member_of_two),
		cmocka_unit_test(tokens_lie_in_order_inside_the_text),
		cmocka_unit_test(long_runs_are_cut_whole_and_tokens_are_bounded),
		cmocka_unit_test(the_language_is_what_carries_the_sentence),
		cmocka_unit_test(threads_share_a_lexicon_and_not_a_stemmer),
	};

	return cmocka_run_group_tests(tests, open_lexicons, close_lexicons);
}

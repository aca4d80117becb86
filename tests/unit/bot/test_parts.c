/* Messages of several sentences: bot/parts.c */
#include "fixture.h"

#define RULES                                                                                          \
	"version: 1\n"                                                                                 \
	"languages: [zh, en]\n"                                                                        \
	"intents:\n"                                                                                   \
	"  hello:\n"                                                                                   \
	"    when: {phrases: [你好, 您好, hello, hi there]}\n"                                     \
	"    answer: {zh: 您好！, en: Hello!}\n"                                                    \
	"  price:\n"                                                                                   \
	"    title: {zh: 价格, en: Prices}\n"                                                        \
	"    when: {phrases: [钢琴课多少钱一节, 学费怎么算, how much is a piano lesson, " \
	"what do lessons cost]}\n"                                                                     \
	"    answer: {zh: 200 元。, en: 200 yuan.}\n"                                                \
	"  place:\n"                                                                                   \
	"    title: {zh: 地址, en: Address}\n"                                                       \
	"    when: {phrases: [你们校区在哪里, 校区地址, where are you located, "            \
	"what is your address]}\n"                                                                     \
	"    answer: {zh: 人民路。, en: Renmin Road.}\n"                                           \
	"  refund:\n"                                                                                  \
	"    when: {keywords: {all: [退款], none: [政策]}}\n"                                      \
	"    answer: {zh: 退。, en: Refunded.}\n"                                                    \
	"fallback: {answer: {zh: 没听懂, en: What?}}\n"                                             \
	"faq:\n"                                                                                       \
	"  - {id: online, q: {zh: 可以上网课吗, en: Are there online lessons?}, "                \
	"also: [能不能线上学], a: {zh: 可以。, en: 'Yes.'}}\n"

static struct fixture x;

static int open_bot(void **state)
{
	(void)state;
	fixture_open(&x, RULES, NULL);
	return 0;
}

static int close_bot(void **state)
{
	(void)state;
	fixture_close(&x);
	return 0;
}

static const struct reply *ask(const char *text)
{
	return fixture_ask(&x, text);
}

static void a_question_is_heard_among_other_sentences(void **state)
{
	(void)state;
	assert_str(ask("您好，我想了解一下。我女儿今年七岁，之前在别的地方学过半年。钢琴课多少钱一"
		       "节？")
			   ->intent,
		   "price");
	assert_str(ask("Hello, my daughter is seven and has never played anything. Where are you "
		       "located? We live near the old market.")
			   ->intent,
		   "place");
}

static void an_faq_entry_is_heard_among_other_sentences(void **state)
{
	(void)state;
	assert_str(ask("我家离得太远了每天开车要一个多小时。可以上网课吗？孩子爸爸也不会开车。")
			   ->intent,
		   "faq:online");
}

static void clauses_are_read_when_sentences_say_nothing(void **state)
{
	(void)state;
	assert_str(ask("我昨天路过看到招牌，孩子他爸一直念叨，学费怎么算")->intent, "price");
}

static void the_end_of_a_very_long_message_is_heard(void **state)
{
	struct buf said = {0};

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_cstr(&said, "我昨天路过看到招牌，孩子他爸一直念叨。");
	buf_cstr(&said, "学费怎么算？");
	assert_str(ask(said.p)->intent, "price");
	buf_done(&said);
}

static void a_misspelt_sentence_is_put_right(void **state)
{
	(void)state;
	assert_str(ask("My daughter is seven and has never played anything. What do lesons csot?")
			   ->intent,
		   "price");
}

static void two_questions_are_both_offered(void **state)
{
	const struct reply *r =
		ask("我女儿今年七岁想学点什么。钢琴课多少钱一节？还有你们校区在哪里？");

	(void)state;
	assert_int_equal(r->source, SOURCE_ASK);
	assert_int_equal(r->n_buttons, 2);
	assert_str(r->buttons[0].value, "intent:price");
	assert_str(r->buttons[1].value, "intent:place");
}

static void the_other_question_of_an_answered_message_is_a_button(void **state)
{
	const struct reply *r = ask("您好。我要退款。你们校区在哪里？");
	struct buf out = {0};

	(void)state;
	assert_str(r->intent, "refund");
	assert_int_equal(r->n_buttons, 1);
	assert_str(r->buttons[0].title, "地址");
	assert_str(r->buttons[0].value, "intent:place");
	turn_explain(&x.turn, true, &out);
	assert_non_null(strstr(out.p, "例句：另一句问到，列成按钮"));
	buf_done(&out);
	assert_int_equal(ask("您好。我要退款。我姐姐上周末去爬山了。")->n_buttons, 0);
}

static void the_other_question_may_stand_behind_a_comma_or_a_space(void **state)
{
	static const char *const messages[] = {"我要退款，另外校区地址", "我要退款 你们校区在哪里",
					       "refund 退款, where are you located"};
	const struct reply *r;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		r = ask(messages[i]);
		assert_str(r->intent, "refund");
		assert_int_equal(r->n_buttons, 1);
		assert_str(r->buttons[0].value, "intent:place");
	}
	r = ask("我要退款，谢谢你们");
	assert_str(r->intent, "refund");
	assert_int_equal(r->n_buttons, 0);
}

static void what_has_no_title_is_not_offered(void **state)
{
	const struct reply *r = ask("我要退款。你好呀你好。");

	(void)state;
	assert_str(r->intent, "refund");
	assert_int_equal(r->n_buttons, 0);
}

/* A rule reads the whole message, so that its `none` cannot be got around. */
static void rules_are_not_asked_of_parts(void **state)
{
	(void)state;
	assert_int_equal(ask("我朋友上周想办退款。你们的政策太让人生气了吧。")->source,
			 SOURCE_FALLBACK);
}

static void a_greeting_is_no_answer_to_the_rest(void **state)
{
	(void)state;
	assert_int_equal(ask("你好。昨天股市跌得真厉害啊，隔壁老王亏了不少。")->source,
			 SOURCE_FALLBACK);
	assert_int_equal(
		ask("Hello! My neighbour and his uncle lost a fortune at the races yesterday, "
		    "poor fellows that they are.")
			->source,
		SOURCE_FALLBACK);
}

static void numbers_and_addresses_are_not_cut(void **state)
{
	(void)state;
	ask("version 3.5,7 of node.js at a.b@example.com is broken again on my side");
	assert_int_equal(x.turn.parts.n, 0);
}

static void the_explanation_quotes_the_sentence(void **state)
{
	struct buf out = {0};

	(void)state;
	ask("我女儿今年七岁，学过半年。钢琴课多少钱一节？她很喜欢唱歌。");
	turn_explain(&x.turn, true, &out);
	assert_non_null(strstr(out.p, "单独看 “钢琴课多少钱一节?”"));
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_heard_among_other_sentences),
		cmocka_unit_test(an_faq_entry_is_heard_among_other_sentences),
		cmocka_unit_test(clauses_are_read_when_sentences_say_nothing),
		cmocka_unit_test(the_end_of_a_very_long_message_is_heard),
		cmocka_unit_test(a_misspelt_sentence_is_put_right),
		cmocka_unit_test(two_questions_are_both_offered),
		cmocka_unit_test(the_other_question_of_an_answered_message_is_a_button),
		cmocka_unit_test(the_other_question_may_stand_behind_a_comma_or_a_space),
		cmocka_unit_test(what_has_no_title_is_not_offered),
		cmocka_unit_test(rules_are_not_asked_of_parts),
		cmocka_unit_test(a_greeting_is_no_answer_to_the_rest),
		cmocka_unit_test(numbers_and_addresses_are_not_cut),
		cmocka_unit_test(the_explanation_quotes_the_sentence),
	};

	return cmocka_run_group_tests(tests, open_bot, close_bot);
}

/* Misspelt messages through the one door. */
#include "fixture.h"

#define RULES                                                                                      \
	"version: 1\n"                                                                             \
	"languages: [zh, en]\n"                                                                    \
	"words: {退款: [退钱, refund], 发票: [invoice, receipt]}\n"                          \
	"entities:\n"                                                                              \
	"  topic: {摄影: [拍照, photography], 理财: [投资]}\n"                             \
	"  strict: {typos: off, values: {水彩画: [], 木刻: []}}\n"                            \
	"  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"                                  \
	"intents:\n"                                                                               \
	"  refund:\n"                                                                              \
	"    when: {keywords: [退款]}\n"                                                         \
	"    ask: {order_no: {zh: 订单号?, en: Order number?, tries: 2}}\n"                     \
	"    answer: {zh: 已退, en: Refunded}\n"                                                 \
	"  teach:\n"                                                                               \
	"    when: {regex: '我教(?<what>发票|课程)'}\n"                                      \
	"    answer: {zh: '<what>, 好', en: '<what>, fine'}\n"                                    \
	"  learn:\n"                                                                               \
	"    when: {keywords: [报名]}\n"                                                         \
	"    ask: {topic: {zh: 哪个方向?, en: Which topic?, tries: 3}}\n"                      \
	"    answer: {zh: '<topic>班', en: 'Class of <topic>'}\n"                                 \
	"  draw:\n"                                                                                \
	"    when: {keywords: [画室]}\n"                                                         \
	"    ask: {strict: {zh: 画什么?, en: What?, tries: 3}}\n"                               \
	"    answer: {zh: '<strict>', en: '<strict>'}\n"                                           \
	"  human:\n"                                                                               \
	"    priority: 50\n"                                                                       \
	"    when: {keywords: [转人工, agent]}\n"                                               \
	"    do: {handoff: {team: 客服}}\n"                                                      \
	"    answer: {zh: 转接中, en: Connecting}\n"                                            \
	"  trial:\n"                                                                               \
	"    when: {phrases: [can I watch a sample before I buy, 能先试听一下课程吗]}\n"  \
	"    answer: {zh: 能, en: Sure}\n"                                                        \
	"fallback: {answer: {zh: 没懂, en: Pardon?}}\n"                                          \
	"faq:\n"                                                                                   \
	"  - id: invoice\n"                                                                        \
	"    q: 发票抬头写错了怎么改\n"                                                  \
	"    also: [how do I correct the title of my invoice]\n"                                   \
	"    a: {zh: 联系财务, en: Ask accounting}\n"

static struct fixture x;

static int open_bot(void **state)
{
	(void)state;
	fixture_open(&x, RULES, NULL);
	return 0;
}

static int open_bot_without_typos(void **state)
{
	(void)state;
	fixture_open(&x, "settings: {typos: off}\n" RULES, NULL);
	return 0;
}

static int open_bot_with_one_edit(void **state)
{
	(void)state;
	fixture_open(&x, "settings: {typos: 1}\n" RULES, NULL);
	return 0;
}

static int close_bot(void **state)
{
	(void)state;
	fixture_close(&x);
	return 0;
}

static void start_over(struct fixture *f)
{
	session_done(&f->session);
	session_init(&f->session, 0);
}

static void misspelt_keywords_are_heard(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "我要退宽")->intent, "refund");
	start_over(&x);
	assert_str(fixture_say(&x, "i want my refnud")->intent, "refund");
	assert_true(x.turn.reply.score == 1.0);
}

static void misspelt_phrases_are_heard(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "can i wacth a smaple befoer i buy")->intent, "trial");
	assert_str(fixture_say(&x, "能先试厅一下课呈吗")->intent, "trial");
}

static void misspelt_faq_questions_are_heard(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "发飘抬头写错了怎么改")->intent, "faq:invoice");
	assert_str(fixture_say(&x, "how do i corect the tilte of my invioce")->intent,
		   "faq:invoice");
}

static void captures_show_what_was_typed(void **state)
{
	const struct reply *r = fixture_say(&x, "我教课呈");

	(void)state;
	assert_str(r->intent, "teach");
	assert_str(slot_find(&r->slots, STR("what"))->raw, "课呈");
	assert_str(slot_find(&r->slots, STR("what"))->value, "课程");
	assert_str(r->text, "课呈, 好");
}

static void a_misspelt_answer_fills_the_slot_that_was_asked_for(void **state)
{
	(void)state;
	fixture_say(&x, "报名");
	assert_str(fixture_say(&x, "设影")->text, "设影班");
	assert_str(slot_find(&x.turn.reply.slots, STR("topic"))->value, "摄影");
	assert_string_equal(session_slot_find(&x.session, STR("topic"))->value, "摄影");
}

static void an_entity_that_allows_no_typos_takes_none(void **state)
{
	(void)state;
	fixture_say(&x, "画室");
	assert_str(fixture_say(&x, "水采画")->text, "画什么?");
	assert_null(x.turn.spelling);
	assert_str(fixture_say(&x, "水彩画")->text, "水彩画");
}

static void a_misspelt_rule_of_higher_priority_interrupts_a_question(void **state)
{
	(void)state;
	fixture_say(&x, "退款");
	assert_str(fixture_say(&x, "转人功")->intent, "human");
	assert_true(x.turn.effects.handoff.wanted);
}

static void an_answer_that_fits_in_neither_reading_is_asked_for_again_as_typed(void **state)
{
	(void)state;
	fixture_say(&x, "退款");
	assert_str(fixture_say(&x, "我没有发飘")->text, "订单号?");
	assert_null(x.turn.spelling);
	assert_str(x.turn.utterance.normal.text, "我没有发飘");
}

static void an_answered_message_is_not_read_again(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "我教发票 退宽")->intent, "teach");
	assert_null(x.turn.spelling);
	assert_str(fixture_say(&x, "退款 发飘")->intent, "refund"); /* no slot is gained */
	assert_null(x.turn.spelling);
}

static void what_the_faq_is_sure_of_is_read_again(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "发票抬头写错了怎么改")->intent, "faq:invoice");
	assert_str(fixture_say(&x, "发票抬头写错了怎么改 退宽")->intent, "refund");
	assert_non_null(x.turn.spelling);
}

static void a_sure_intent_gains_a_misspelt_slot(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "报名设影")->text, "设影班");
	assert_str(slot_find(&x.turn.reply.slots, STR("topic"))->value, "摄影");
}

static void a_reading_that_says_no_more_is_dropped(void **state)
{
	(void)state;
	assert_int_equal(fixture_say(&x, "smaple")->source, SOURCE_FALLBACK);
	assert_null(x.turn.spelling);
	assert_str(x.turn.utterance.normal.text, "smaple");
}

static void known_words_are_left_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(fixture_say(&x, "I refuse")->source, SOURCE_FALLBACK);
	assert_int_equal(fixture_say(&x, "a novice")->source, SOURCE_FALLBACK);
	assert_null(x.turn.spelling);
}

static void the_explanation_says_which_word_was_read_as_which(void **state)
{
	struct buf out = {0};

	(void)state;
	fixture_say(&x, "i want my refnud, 退宽");
	turn_explain(&x.turn, false, &out);
	assert_non_null(strstr(out.p, "“i want my refnud, 退宽”, read as "
				      "“i want my refund, 退款” (refnud = refund, 退宽 = 退款)"));
	buf_reset(&out);
	turn_explain(&x.turn, true, &out);
	assert_non_null(
		strstr(out.p, "，读作 “i want my refund, 退款” (refnud = refund, 退宽 = 退款)"));
	buf_reset(&out);
	turn_why(&x.turn, &out);
	assert_non_null(strstr(out.p, "refnud = refund, 退宽 = 退款"));
	buf_done(&out);
}

static void private_parts_of_a_corrected_message_stay_masked(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "我要退宽 20260301123456")->intent, "refund");
	assert_non_null(x.turn.spelling);
	assert_str(turn_masked_text(&x.turn), "我要退宽 20**********56");
}

static void typos_off_leaves_every_message_as_it_is(void **state)
{
	(void)state;
	assert_null(x.snapshot->speller);
	assert_int_equal(fixture_say(&x, "我要退宽")->source, SOURCE_FALLBACK);
	assert_int_equal(fixture_say(&x, "my refnud")->source, SOURCE_FALLBACK);
	assert_str(fixture_say(&x, "我要退款")->intent, "refund");
}

static void one_edit_is_one_edit_however_long_the_word(void **state)
{
	(void)state;
	assert_str(fixture_say(&x, "my refnud")->intent, "refund");
	start_over(&x);
	assert_int_equal(fixture_say(&x, "fotografy")->source, SOURCE_FALLBACK);
}

#define BOT_TEST(f) cmocka_unit_test_setup_teardown(f, open_bot, close_bot)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOT_TEST(misspelt_keywords_are_heard),
		BOT_TEST(misspelt_phrases_are_heard),
		BOT_TEST(misspelt_faq_questions_are_heard),
		BOT_TEST(captures_show_what_was_typed),
		BOT_TEST(a_misspelt_answer_fills_the_slot_that_was_asked_for),
		BOT_TEST(an_entity_that_allows_no_typos_takes_none),
		BOT_TEST(a_misspelt_rule_of_higher_priority_interrupts_a_question),
		BOT_TEST(an_answer_that_fits_in_neither_reading_is_asked_for_again_as_typed),
		BOT_TEST(an_answered_message_is_not_read_again),
		BOT_TEST(what_the_faq_is_sure_of_is_read_again),
		BOT_TEST(a_sure_intent_gains_a_misspelt_slot),
		BOT_TEST(a_reading_that_says_no_more_is_dropped),
		BOT_TEST(known_words_are_left_as_they_are),
		BOT_TEST(the_explanation_says_which_word_was_read_as_which),
		BOT_TEST(private_parts_of_a_corrected_message_stay_masked),
		cmocka_unit_test_setup_teardown(typos_off_leaves_every_message_as_it_is,
						open_bot_without_typos, close_bot),
		cmocka_unit_test_setup_teardown(one_edit_is_one_edit_however_long_the_word,
						open_bot_with_one_edit, close_bot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The rules format's example, key by key, through the one door. */
#include "fixture.h"

#define CONTRACT KEFU_SOURCE_DIR "/tests/data/contract/intents.yaml"

static int open_contract(void **state)
{
	struct fixture *x = mem_alloc(sizeof *x);

	fixture_open(x, NULL, CONTRACT);
	x->session.logged_in = true;
	*state = x;
	return 0;
}

static int close_contract(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static void keywords_with_synonyms_start_an_intent_that_asks(void **state)
{
	const struct reply *r = fixture_say(*state, "课程买错了能退钱吗");

	assert_str(r->intent, "refund");
	assert_int_equal(r->source, SOURCE_RULE);
	assert_true(r->score == 1.0);
	assert_str(r->text, "请告诉我订单号");
}

static void none_keeps_a_keyword_rule_from_firing(void **state)
{
	const struct reply *r = fixture_say(*state, "申请退款的政策是什么");

	assert_false(str_eq(r->intent, STR("refund")));
}

static void a_slot_is_filled_and_the_answer_shows_the_learners_own_words(void **state)
{
	struct fixture *x = *state;
	const struct reply *r;

	x->session.seed = 0;
	r = fixture_say(x, "我要退掉Ｐｙｔｈｏｎ入門");
	assert_str(r->intent, "refund");
	assert_str(slot_find(&r->slots, STR("course"))->raw, "Ｐｙｔｈｏｎ入門");
	assert_str(slot_find(&r->slots, STR("course"))->value, "py101");
	r = fixture_say(x, "20260301123456");
	assert_int_equal(r->source, SOURCE_SLOT);
	assert_str(r->intent, "refund");
	assert_true(str_eq(r->text, STR("已为Ｐｙｔｈｏｎ入門提交退款。")) ||
		    str_eq(r->text, STR("退款申请已提交（20260301123456）。")));
	assert_int_equal(r->n_buttons, 2);
	assert_str(r->buttons[0].title, "查看退款进度");
	assert_true(slot_find(&r->slots, STR("order_no"))->private);
}

static void a_context_opens_an_intent_and_ends_after_its_turns(void **state)
{
	struct fixture *x = *state;

	assert_false(str_eq(fixture_say(x, "多久到账")->intent, STR("refund_progress")));
	fixture_say(x, "我要退款 订单 20260301123456");
	assert_string_equal(x->session.context, "refunding");
	assert_str(fixture_say(x, "多久到账")->intent, "refund_progress");
	assert_int_equal(x->turn.reply.source, SOURCE_CONTEXT);
	fixture_say(x, "优惠活动呢");
	assert_str(fixture_say(x, "那多久到账")->intent, "refund_progress");
	assert_string_equal(x->session.context, "");
	assert_false(str_eq(fixture_say(x, "多久到账")->intent, STR("refund_progress")));
}

static void named_groups_become_slots_and_conditions_choose_the_answer(void **state)
{
	struct fixture *x = *state;
	const struct reply *r;

	fixture_say(x, "我买了15天还能退吗");
	r = fixture_say(x, "订单号是20260301123456哦");
	assert_str(r->text, "购买超过 7 天不能自动退款，我帮您转人工。");
	assert_true(x->turn.effects.handoff.wanted);
	assert_str(x->turn.effects.handoff.team, "售后");
	assert_str(x->turn.effects.handoff.note, "超期退款 20260301123456");
	assert_str(r->done[0].verb, "handoff");
}

static void slots_of_a_finished_matter_do_not_answer_the_next(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "我买了15天还能退吗");
	fixture_say(x, "20260301123456");
	fixture_say(x, "我要申请退款");
	assert_string_equal(x->session.asking_slot, "order_no");
	fixture_say(x, "20260301999999");
	assert_false(x->turn.effects.handoff.wanted);
}

static void after_its_tries_a_question_gives_up_as_told(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "申请退款")->text, "请告诉我订单号");
	assert_str(fixture_say(x, "我不记得了")->text, "请告诉我订单号");
	fixture_say(x, "真的不记得");
	assert_true(x->turn.effects.handoff.wanted);
	assert_string_equal(x->session.asking_intent, "");
}

static void a_rule_of_higher_priority_interrupts_a_question(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "申请退款");
	assert_str(fixture_say(x, "算了，转人工吧")->intent, "human");
	assert_true(x->turn.effects.handoff.leave_message);
	assert_string_equal(x->session.asking_intent, "");
}

static void only_logged_in_keeps_guests_out(void **state)
{
	struct fixture *x = *state;

	x->session.logged_in = false;
	assert_false(str_eq(fixture_say(x, "申请退款")->intent, STR("refund")));
	assert_false(str_eq(fixture_turn(x, TURN_CLICK, "intent:refund")->intent, STR("refund")));
}

static void recommendation_shows_cards_with_price_and_reason(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "推荐一门python课");

	assert_str(r->intent, "recommend");
	assert_str(r->text, "为您挑了这几门：");
	assert_true(r->n_cards >= 1 && r->n_cards <= 3);
	assert_true(str_starts(r->cards[0].id, STR("py")));
	assert_true(r->cards[0].reason.n > 0);
	assert_true(r->cards[0].price > 0);
}

static void a_budget_is_kept(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "推荐一门python课，100元以内");

	assert_str(r->intent, "recommend");
	assert_true(r->n_cards >= 1);
	for (size_t i = 0; i < r->n_cards; i++)
		assert_true(r->cards[i].price <= 100);
}

static void nothing_that_fits_is_said(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "推荐一门python课，1元以内");

	assert_str(r->text, "暂时没有合适的课。\n不限价格的话，最接近的是这几门：");
	assert_str(r->cards[0].id, "py101");
}

#define RECOMMEND_RULES                                                                            \
	"languages: [zh]\n"                                                                        \
	"entities:\n"                                                                              \
	"  course: {from: kb.courses}\n"                                                           \
	"  topic: {编程: [python, rust], 摄影: [拍照]}\n"                                    \
	"  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"                                  \
	"intents:\n"                                                                               \
	"  order:\n"                                                                               \
	"    when: {regex: ['^订单20\\d{12}$']}\n"                                               \
	"    do: {set: {order_no: <order_no>}}\n"                                                  \
	"    answer: {zh: 好}\n"                                                                  \
	"  price:\n"                                                                               \
	"    when: {keywords: [多少钱]}\n"                                                      \
	"    do: {recommend: {course: <course>}}\n"                                                \
	"    answer: {zh: 价格：, none: 哪一门？}\n"                                        \
	"  recommend:\n"                                                                           \
	"    when: {keywords: [推荐], regex: ['推荐(?<wish>.+)课']}\n"                        \
	"    do: {recommend: {topic: <topic>, query: <wish>, count: 1}}\n"                         \
	"    answer: {zh: 看看：, none: 没有了}\n"                                           \
	"    then: {context: recommending}\n"                                                      \
	"  more:\n"                                                                                \
	"    only: {context: recommending}\n"                                                      \
	"    when: {keywords: [换一批]}\n"                                                      \
	"    do: {recommend: {topic: <topic>, count: 1, more: yes}}\n"                             \
	"    answer: {zh: 再看看：, none: 没有了}\n"                                        \
	"    then: {context: recommending}\n"

static int open_recommend(void **state)
{
	struct fixture *x = mem_alloc(sizeof *x);

	fixture_open(x, RECOMMEND_RULES, NULL);
	*state = x;
	return 0;
}

static void the_course_named_is_the_one_shown(void **state)
{
	const struct reply *r = fixture_say(*state, "手机摄影多少钱");

	assert_int_equal(r->n_cards, 1);
	assert_str(r->cards[0].id, "ph101");
	assert_true(r->cards[0].price == 59);
}

static void without_a_name_it_is_the_course_of_the_page_or_none(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "多少钱")->text, "哪一门？");
	session_set(&x->session.page, STR("/course/js101?from=ad"));
	assert_str(fixture_say(x, "多少钱")->cards[0].id, "js101");
}

static void a_topic_is_searched_in_the_learners_words_before_the_rules(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "推荐python");

	assert_true(str_starts(r->cards[0].id, STR("py")));
	r = fixture_say(x, "推荐rust");
	assert_int_equal(r->n_cards, 1);
	assert_true(str_find(r->cards[0].reason, STR("编程"), 0) != SIZE_MAX);
}

static void a_wish_that_is_no_topic_is_searched_as_words(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "推荐构图课")->cards[0].id, "ph101");
	assert_str(fixture_say(x, "推荐钓鱼课")->text, "没有了");
	assert_true(str_starts(fixture_say(x, "推荐好的python课")->cards[0].id, STR("py")));
}

static void others_are_new_ones_then_the_wider_topics_until_none_is_left(void **state)
{
	struct fixture *x = *state;
	char first[16];

	snprintf(first, sizeof first, "%.*s", STR_ARG(fixture_say(x, "推荐python")->cards[0].id));
	assert_false(str_eq(fixture_say(x, "换一批")->cards[0].id, str_of(first)));
	assert_str(fixture_say(x, "换一批")->cards[0].id, "js101"); /* no python, but 编程 */
	assert_str(fixture_say(x, "换一批")->text, "没有了");
	assert_str(fixture_say(x, "推荐python")->cards[0].id, first);
}

static void a_variable_set_to_a_captured_slot_outlives_the_intent_and_stays_private(void **state)
{
	struct fixture *x = *state;
	const struct session_slot *kept;

	fixture_say(x, "订单20260301123456");
	fixture_say(x, "推荐python");
	kept = session_slot_find(&x->session, STR("order_no"));
	assert_non_null(kept);
	assert_string_equal(kept->value, "20260301123456");
	assert_true(kept->private);
}

static void a_misspelt_message_is_read_as_it_was_meant(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "推建python")->intent, "recommend");
	assert_str(x->turn.utterance.normal.text, "推荐python");
	assert_str(x->turn.typed.normal.text, "推建python");
	assert_str(fixture_say(x, "推荐python")->intent, "recommend");
	assert_null(x->turn.spelling);
}

static void a_message_that_stays_unclear_is_not_put_right(void **state)
{
	struct fixture *x = *state;

	assert_int_equal(fixture_say(x, "今天天气怎么样")->source, SOURCE_FALLBACK);
	assert_null(x->turn.spelling);
}

static void english_is_answered_in_english(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "recommend a course about Python please")->text, "You may like:");
	assert_str(x->turn.reply.lang, "en");
	assert_str(fixture_say(x, "I need to talk to a human")->intent, "human");
}

static void faq_is_retrieved_with_follow_up_buttons(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "请问怎么开发票");

	assert_str(r->intent, "faq:invoice");
	assert_int_equal(r->source, SOURCE_FAQ);
	assert_str(r->text, "订单页点「申请开票」，1 个工作日内发到邮箱。");
	assert_str(r->buttons[0].value, "电子发票在哪下载");
	assert_str(fixture_say(x, "How do I reset my password?")->intent, "faq:password");
	assert_str(x->turn.reply.text, "Choose \"Forgot password\" on the sign-in page.");
}

static void two_equal_rules_ask_did_you_mean(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "有优惠吗");

	assert_int_equal(r->source, SOURCE_ASK);
	assert_int_equal(r->intent.n, 0);
	assert_int_equal(r->n_buttons, 2);
	assert_str(r->buttons[0].title, "优惠活动");
	assert_str(r->buttons[0].value, "intent:discount");
	assert_str(r->buttons[1].value, "intent:coupon");
	assert_str(fixture_turn(x, TURN_CLICK, "intent:coupon")->text, "优惠券在「我的」里。");
}

static void misses_count_up_to_menu_and_handoff(void **state)
{
	struct fixture *x = *state;
	const struct reply *r = fixture_say(x, "火星今晚会下雨吗");

	assert_int_equal(r->source, SOURCE_FALLBACK);
	assert_int_equal(r->intent.n, 0);
	assert_int_equal(r->n_buttons, 0);
	r = fixture_say(x, "啦啦啦哈哈哈");
	assert_int_equal(r->n_buttons, 2);
	assert_str(r->buttons[0].value, "intent:refund");
	fixture_say(x, "呜呜呜嘿嘿嘿");
	assert_true(x->turn.effects.handoff.wanted);
	assert_str(x->turn.reply.done[0].verb, "handoff");
}

static void an_answer_ends_the_row_of_misses(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "火星今晚会下雨吗");
	fixture_say(x, "怎么开发票");
	assert_int_equal(x->session.misses, 0);
}

static void actions_set_say_menu_faq_progress_feedback(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "我要升级会员")->text, "好的。\n会员方案：pro");
	assert_true(session_slot_find(&x->session, STR("plan"))->kept);
	assert_int_equal(fixture_say(x, "菜单")->n_buttons, 2);
	assert_str(fixture_say(x, "发票抬头写什么")->text,
		   "订单页点「申请开票」，1 个工作日内发到邮箱。");
	assert_non_null(strstr(fixture_say(x, "我的学习进度")->text.p, "还没有"));
	fixture_say(x, "很有用");
	assert_int_equal(x->turn.effects.helpful, 1);
}

static void progress_tells_what_was_studied(void **state)
{
	struct fixture *x = *state;
	const struct event study = {.user = STR("u1"),
				    .course = STR("py101"),
				    .type = EVENT_STUDY,
				    .value = 1,
				    .minutes = 30,
				    .progress = 0.4,
				    .score = -1,
				    .at_unix_ms = 1};

	profiles_add(x->profiles, &study);
	session_set(&x->session.user, STR("u1"));
	assert_str(fixture_say(x, "我的学习进度")->text, "您最近的学习进度：\n《Python入门》40%");
}

static void the_welcome_has_the_rules_words_and_buttons(void **state)
{
	struct fixture *x = *state;
	const struct reply *r;

	session_set(&x->session.lang, STR("en-US"));
	r = fixture_turn(x, TURN_WELCOME, "");
	assert_str(r->text, "Welcome to the test school");
	assert_str(r->buttons[0].title, "Request a refund");
	assert_str(r->buttons[0].value, "intent:refund");
}

static void a_short_latin_word_does_not_change_the_language(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "请问怎么开发票");
	assert_str(fixture_say(x, "menu")->lang, "zh");
}

static void the_same_turn_twice_gives_the_same_bytes(void **state)
{
	struct fixture *x = *state;
	struct buf first = {0}, second = {0};

	fixture_say(x, "推荐一门python课，300元以内");
	turn_json(&x->turn, &first);
	session_done(&x->session);
	session_init(&x->session, 0);
	x->session.logged_in = true;
	fixture_say(x, "推荐一门python课，300元以内");
	turn_json(&x->turn, &second);
	assert_string_equal(first.p, second.p);
	buf_done(&first);
	buf_done(&second);
}

static void a_click_on_a_vanished_intent_is_no_harm(void **state)
{
	const struct reply *r = fixture_turn(*state, TURN_CLICK, "intent:gone");

	assert_int_equal(r->source, SOURCE_FALLBACK);
}

static void private_words_are_masked(void **state)
{
	struct fixture *x = *state;
	struct str masked;

	fixture_say(x, "订单20260301123456，手机13812345678");
	masked = turn_masked_text(&x->turn);
	assert_true(str_find(masked, STR("20260301123456"), 0) == SIZE_MAX);
	assert_true(str_find(masked, STR("13812345678"), 0) == SIZE_MAX);
	assert_true(str_starts(masked, STR("订单")));
	fixture_turn(x, TURN_CLICK, "intent:gone");
	assert_str(turn_masked_text(&x->turn), "intent:gone");
	fixture_turn(x, TURN_CLICK, "intent:13812345678");
	assert_true(str_find(turn_masked_text(&x->turn), STR("13812345678"), 0) == SIZE_MAX);
}

#define TEST(f)		  cmocka_unit_test_setup_teardown(f, open_contract, close_contract)
#define RECOMMEND_TEST(f) cmocka_unit_test_setup_teardown(f, open_recommend, close_contract)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keywords_with_synonyms_start_an_intent_that_asks),
		TEST(none_keeps_a_keyword_rule_from_firing),
		TEST(a_slot_is_filled_and_the_answer_shows_the_learners_own_words),
		TEST(a_context_opens_an_intent_and_ends_after_its_turns),
		TEST(named_groups_become_slots_and_conditions_choose_the_answer),
		TEST(slots_of_a_finished_matter_do_not_answer_the_next),
		TEST(after_its_tries_a_question_gives_up_as_told),
		TEST(a_rule_of_higher_priority_interrupts_a_question),
		TEST(only_logged_in_keeps_guests_out),
		TEST(recommendation_shows_cards_with_price_and_reason),
		TEST(a_budget_is_kept),
		TEST(nothing_that_fits_is_said),
		RECOMMEND_TEST(the_course_named_is_the_one_shown),
		RECOMMEND_TEST(without_a_name_it_is_the_course_of_the_page_or_none),
		RECOMMEND_TEST(a_topic_is_searched_in_the_learners_words_before_the_rules),
		RECOMMEND_TEST(a_wish_that_is_no_topic_is_searched_as_words),
		RECOMMEND_TEST(others_are_new_ones_then_the_wider_topics_until_none_is_left),
		RECOMMEND_TEST(
			a_variable_set_to_a_captured_slot_outlives_the_intent_and_stays_private),
		RECOMMEND_TEST(a_misspelt_message_is_read_as_it_was_meant),
		RECOMMEND_TEST(a_message_that_stays_unclear_is_not_put_right),
		TEST(english_is_answered_in_english),
		TEST(faq_is_retrieved_with_follow_up_buttons),
		TEST(two_equal_rules_ask_did_you_mean),
		TEST(misses_count_up_to_menu_and_handoff),
		TEST(an_answer_ends_the_row_of_misses),
		TEST(actions_set_say_menu_faq_progress_feedback),
		TEST(progress_tells_what_was_studied),
		TEST(the_welcome_has_the_rules_words_and_buttons),
		TEST(a_short_latin_word_does_not_change_the_language),
		TEST(the_same_turn_twice_gives_the_same_bytes),
		TEST(a_click_on_a_vanished_intent_is_no_harm),
		TEST(private_words_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

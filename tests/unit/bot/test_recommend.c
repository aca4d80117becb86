/* do: recommend, as the learner meets it: prices in words, filters that leave nothing, what is
 * remembered of a question that led nowhere. */
#include "fixture.h"

#define RULES                                                                                      \
	"languages: [zh, en]\n"                                                                    \
	"entities:\n"                                                                              \
	"  topic: {编程: [python], 摄影: [拍照], 舞蹈: [街舞]}\n"                        \
	"  level: {advanced: [高级]}\n"                                                          \
	"  price: {builtin: price}\n"                                                              \
	"intents:\n"                                                                               \
	"  recommend:\n"                                                                           \
	"    when: {keywords: [推荐, recommend]}\n"                                              \
	"    do: {recommend: {topic: <topic>, level: <level>, price: <price>}}\n"                  \
	"    answer: {zh: 看看：, en: 'Look:', none: {zh: 没有, en: None}}\n"                 \
	"    then: {context: recommending}\n"                                                      \
	"  more:\n"                                                                                \
	"    only: {context: recommending}\n"                                                      \
	"    when: {keywords: [换一批]}\n"                                                      \
	"    do: {recommend: {topic: <topic>, level: <level>, price: <price>, more: yes}}\n"       \
	"    answer: {zh: 再看看：, none: 没有了}\n"                                        \
	"    then: {context: recommending}\n"                                                      \
	"  cheaper:\n"                                                                             \
	"    only: {context: recommending}\n"                                                      \
	"    when: {keywords: [便宜点]}\n"                                                      \
	"    do: {recommend: {topic: <topic>, price: [cheaper, <price>]}}\n"                       \
	"    answer: {zh: 更便宜的：, none: 没有更便宜的}\n"                            \
	"    then: {context: recommending}\n"

static int open_bot(void **state)
{
	struct fixture *x = mem_alloc(sizeof *x);

	fixture_open(x, RULES, NULL);
	*state = x;
	return 0;
}

static int close_bot(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

/* "ph101 py101": the cards of the last reply. */
static const char *cards(struct fixture *x)
{
	struct str all = STR("");

	for (size_t i = 0; i < x->turn.reply.n_cards; i++)
		all = arena_printf(&x->turn.arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "",
				   STR_ARG(x->turn.reply.cards[i].id));
	return arena_str(&x->turn.arena, all).p;
}

static bool remembers(const struct fixture *x, const char *slot)
{
	return session_slot_find(&x->session, str_of(slot)) != NULL;
}

static void a_price_in_words_is_a_filter(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "推荐编程课，100到200元的")->text, "看看：");
	assert_string_equal(cards(x), "js101");
	fixture_say(x, "推荐编程课，100元以内");
	assert_string_equal(cards(x), "py101");
	fixture_say(x, "推荐200元以上的课");
	assert_string_equal(cards(x), "py201");
	fixture_say(x, "recommend a course under 60 yuan");
	assert_string_equal(cards(x), "ph101");
}

static void the_cheap_ones_come_in_order_of_price(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "推荐便宜的编程课");
	assert_string_equal(cards(x), "py101 js101 py201");
	fixture_say(x, "recommend a cheap course");
	assert_string_equal(cards(x), "ph101 py101 js101");
}

static void a_filter_that_leaves_nothing_is_said_with_the_nearest(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "推荐免费的编程课")->text,
		   "没有\n不限价格的话，最接近的是这几门：");
	assert_string_equal(cards(x), "py101 js101 py201");
	assert_str(fixture_say(x, "recommend a free course")->text,
		   "None\nLeaving the price aside, these come nearest:");
	assert_string_equal(cards(x), "ph101 py101 js101");
	assert_str(fixture_say(x, "推荐高级的拍照课")->text,
		   "没有\n不限难度的话，最接近的是这几门：");
	assert_string_equal(cards(x), "ph101");
}

static void the_nearest_are_gone_on_with_and_the_filter_is_forgotten(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "推荐免费的编程课");
	assert_str(x->turn.reply.slots.v[0].name, "topic");
	assert_true(remembers(x, "topic"));
	assert_false(remembers(x, "price"));
	assert_str(fixture_say(x, "换一批")->text, "没有了"); /* all three were shown */
	assert_true(remembers(x, "topic"));
}

static void a_topic_that_found_nothing_is_forgotten(void **state)
{
	struct fixture *x = *state;

	assert_str(fixture_say(x, "推荐街舞课，100元以内")->text, "没有");
	assert_int_equal(x->turn.reply.n_cards, 0);
	assert_false(remembers(x, "topic"));
	assert_false(remembers(x, "price"));
	assert_str(fixture_say(x, "换一批")->text, "再看看：");
	assert_int_equal(x->turn.reply.n_cards, 3);
}

static void cheaper_is_less_than_the_cheapest_shown(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "推荐100元以上的课");
	assert_string_equal(cards(x), "js101 py201");
	assert_str(fixture_say(x, "便宜点")->text, "更便宜的：");
	for (size_t i = 0; i < x->turn.reply.n_cards; i++)
		assert_true(x->turn.reply.cards[i].price < 129);
	assert_int_equal(x->turn.reply.n_cards, 2);
}

static void where_nothing_is_cheaper_the_cheapest_come_first(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "推荐python");
	assert_str(fixture_say(x, "便宜点")->text,
		   "没有更便宜的\n不限价格的话，最接近的是这几门：");
	assert_string_equal(cards(x), "py101 py201");
}

static void what_is_cheaper_stays_the_bound_for_others(void **state)
{
	struct fixture *x = *state;

	fixture_say(x, "推荐120到300元的课");
	assert_string_equal(cards(x), "js101 py201");
	session_slots_clear(&x->session);
	assert_str(fixture_say(x, "便宜点")->text, "更便宜的：");
	assert_int_equal(x->turn.reply.n_cards, 2); /* py101 and ph101 */
	assert_string_equal(session_slot_find(&x->session, STR("price"))->value, "0-128.99");
	assert_str(fixture_say(x, "换一批")->text, "没有了");
}

static void why_says_what_was_asked_and_what_there_was(void **state)
{
	struct fixture *x = *state;
	struct buf out = {0};

	fixture_say(x, "推荐免费的编程课");
	turn_explain(&x->turn, true, &out);
	assert_non_null(strstr(out.p,
			       "推荐：查词 编程，价格 ≤ 0 → "
			       "没有课程全部符合，不限价格时最接近的 py101, js101, py201\n"));
	buf_reset(&out);
	turn_explain(&x->turn, false, &out);
	assert_non_null(strstr(out.p,
			       "recommend: words 编程, price ≤ 0 → no course passes all of it; "
			       "without the price the nearest are py101, js101, py201\n"));
	buf_done(&out);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_bot, close_bot)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_price_in_words_is_a_filter),
		TEST(the_cheap_ones_come_in_order_of_price),
		TEST(a_filter_that_leaves_nothing_is_said_with_the_nearest),
		TEST(the_nearest_are_gone_on_with_and_the_filter_is_forgotten),
		TEST(a_topic_that_found_nothing_is_forgotten),
		TEST(cheaper_is_less_than_the_cheapest_shown),
		TEST(where_nothing_is_cheaper_the_cheapest_come_first),
		TEST(what_is_cheaper_stays_the_bound_for_others),
		TEST(why_says_what_was_asked_and_what_there_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

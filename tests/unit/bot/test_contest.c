/* A phrase that one word makes sure, beside an FAQ entry that has more of the message: bot/decide.c */
#include "fixture.h"

#define RULES                                                                                                        \
	"version: 1\n"                                                                                               \
	"languages: [zh, en]\n"                                                                                      \
	"intents:\n"                                                                                                 \
	"  invoice:\n"                                                                                               \
	"    title: {zh: 开发票, en: Get an invoice}\n"                                                           \
	"    when: {phrases: [怎么开发票, 我要开发票, 能开票吗, 报销用的发票怎么弄, "         \
	"帮我开一张公司抬头的发票, 需要发票, 发票怎么申请]}\n"                                 \
	"    answer: {zh: 请告诉我订单号。, en: Which order?}\n"                                             \
	"  place:\n"                                                                                                 \
	"    title: {zh: 地址, en: Address}\n"                                                                     \
	"    when: {phrases: [你们校区在哪里, 校区地址, 怎么去你们那里, 学校在什么地方]}\n" \
	"    answer: {zh: 人民路。, en: Renmin Road.}\n"                                                         \
	"fallback: {answer: {zh: 没听懂, en: What?}}\n"                                                           \
	"faq:\n"                                                                                                     \
	"  - {id: title, q: {zh: 发票抬头写错了怎么办？, en: My invoice is wrong}, "                      \
	"also: [发票开错了能重开吗, 抬头要改], a: {zh: 换开发票。, en: Reissue it.}}\n"            \
	"  - {id: online, q: {zh: 可以上网课吗, en: Are there online lessons?}, "                              \
	"a: {zh: 可以。, en: 'Yes.'}}\n"

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

static void an_faq_entry_with_more_of_the_message_is_offered_beside_a_sure_phrase(void **state)
{
	const struct reply *r = ask("发票开错了抬头");

	(void)state;
	assert_int_equal(r->source, SOURCE_ASK);
	assert_true(r->considered[0].score >= .75 && r->considered[0].source == SOURCE_PHRASE);
	assert_int_equal(r->n_buttons, 2);
	assert_true(str_eq(r->buttons[0].value, STR("intent:invoice")));
	assert_true(str_eq(r->buttons[1].value, STR("faq:title")));
	assert_true(str_eq(r->considered[1].verdict, STR("has more of the message")));
}

static void a_phrase_that_has_as_much_answers(void **state)
{
	static const char *const texts[] = {"帮我开一张公司抬头的发票吧", "报销用的发票怎么弄呢",
					    "我需要开发票"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct reply *r = ask(texts[i]);

		assert_int_equal(r->source, SOURCE_PHRASE);
		assert_true(str_eq(r->intent, STR("invoice")));
	}
}

static size_t entries_considered(const char *text, bool suggest)
{
	const struct reply *r;
	size_t n = 0;

	x.turn.suggest = suggest;
	r = ask(text);
	for (size_t i = 0; i < r->n_considered; i++)
		n += r->considered[i].source == SOURCE_FAQ;
	x.turn.suggest = false;
	return n;
}

static void entries_that_cannot_be_asked_for_are_listed_for_who_wants_suggestions(void **state)
{
	(void)state;
	assert_true(entries_considered("今天天气好吗", true) > 0);
	assert_int_equal(entries_considered("今天天气好吗", false), 0);
	assert_true(entries_considered("发票开错了抬头", false) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_faq_entry_with_more_of_the_message_is_offered_beside_a_sure_phrase),
		cmocka_unit_test(a_phrase_that_has_as_much_answers),
		cmocka_unit_test(
			entries_that_cannot_be_asked_for_are_listed_for_who_wants_suggestions),
	};

	return cmocka_run_group_tests(tests, open_bot, close_bot);
}

/* What staff are told of a decision: bot/explain.c */
#include "fixture.h"

#define RULES                                                                                      \
	"version: 1\n"                                                                             \
	"languages: [zh, en]\n"                                                                    \
	"intents:\n"                                                                               \
	"  refund:\n"                                                                              \
	"    when:\n"                                                                              \
	"      keywords: {all: [退款], any: [怎么, how]}\n"                                    \
	"    ask: {order: {zh: 订单号?, en: Order?}}\n"                                         \
	"    then: {context: refunding}\n"                                                         \
	"    answer: {zh: 好, en: Fine}\n"                                                        \
	"  progress:\n"                                                                            \
	"    only: {context: [refunding, paying]}\n"                                               \
	"    when: {keywords: [多久]}\n"                                                         \
	"    answer: {zh: 三天, en: Three days}\n"                                               \
	"  price:\n"                                                                               \
	"    title: {zh: 价格, en: Prices}\n"                                                    \
	"    when: {phrases: [钢琴课多少钱一节, 学费怎么算, what do lessons cost]}\n" \
	"    answer: {zh: 200 元。, en: 200 yuan.}\n"                                            \
	"  slow:\n"                                                                                \
	"    when: {regex: '^(\\w+\\s?)+$ende'}\n"                                                 \
	"    answer: {zh: 慢, en: Slow}\n"                                                        \
	"fallback: {answer: {zh: 没懂, en: What?}}\n"                                            \
	"faq:\n"                                                                                   \
	"  - {id: online, q: {zh: 可以上网课吗, en: Are there online lessons?}, "            \
	"a: {zh: 可以。, en: 'Yes.'}}\n"

static struct fixture x;

static int open_bot(void **state)
{
	(void)state;
	fixture_open(&x, RULES, NULL);
	x.turn.explain = true;
	return 0;
}

static int close_bot(void **state)
{
	(void)state;
	fixture_close(&x);
	return 0;
}

static void expect(const char *said, bool chinese, const char *const *lines, size_t n)
{
	struct buf out = {0};

	fixture_ask(&x, said);
	turn_explain(&x.turn, chinese, &out);
	for (size_t i = 0; i < n; i++) {
		if (!strstr(out.p, lines[i]))
			print_error("no “%s” in:\n%s", lines[i], out.p);
		assert_non_null(strstr(out.p, lines[i]));
	}
	buf_done(&out);
}

#define EXPECT(said, chinese, ...)                                                                 \
	expect(said, chinese, (const char *const[]){__VA_ARGS__},                                  \
	       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void a_rule_that_hit_is_quoted_at_its_line_with_the_question_that_follows(void **state)
{
	(void)state;
	EXPECT("怎么退款", true, "分词 怎么|退款\n", "结果 refund (规则, 1.00)，接着问 order\n",
	       "refund 1.00 规则：选中 — ",
	       ":6: 关键词 all 退款 · any 怎么 ← “退款 · 怎么” (1.00)");
	EXPECT("怎么退款", false, "outcome refund (rule, 1.00), asks for order\n",
	       "refund 1.00 rule: chosen — ",
	       ":6: keywords all 退款 · any 怎么 ← “退款 · 怎么” (1.00)");
}

static void the_nearest_phrase_and_wording_are_named(void **state)
{
	(void)state;
	EXPECT("学费怎么算", true, "结果 price (例句, ", "例句：选中", "例句 学费怎么算");
	EXPECT("可以上网课吗", true, "结果 faq:online (FAQ, ", "问法 可以上网课吗");
	EXPECT("are there online lessons", false, "outcome faq:online (faq, ", ": faq Are there");
}

static void what_only_keeps_out_is_said_with_what_it_needs(void **state)
{
	(void)state;
	EXPECT("要多久", true, "progress 1.00 规则：不满足 only — ",
	       "要求 only: context refunding, paying\n");
	EXPECT("要多久", false, "progress 1.00 rule: kept out by only — ",
	       "needs only: context refunding, paying\n");
}

static void a_fallback_says_which_threshold_was_missed(void **state)
{
	(void)state;
	EXPECT("今天股市跌得真厉害", true, "结果 - (没听懂, 0.00)：没有一个达到 ask_at 0.45\n");
	EXPECT("the races were fun", false,
	       "outcome - (fallback, 0.00): none reaches ask_at 0.45\n");
}

static void a_question_back_says_what_it_lacks(void **state)
{
	(void)state;
	EXPECT("学费怎么算呢，可以上网课吗", true,
	       "：没有一个把握够大又明显领先（answer_at 0.75，margin 0.08）");
}

static void a_regex_that_gave_up_is_named(void **state)
{
	static const char said[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!a ende";

	(void)state;
	EXPECT(said, true, ":19: 正则在这句话上算得太久，被停下，按没命中算\n");
	EXPECT(said, false, ":19: regex was stopped: it took too long on this message");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_rule_that_hit_is_quoted_at_its_line_with_the_question_that_follows),
		cmocka_unit_test(the_nearest_phrase_and_wording_are_named),
		cmocka_unit_test(what_only_keeps_out_is_said_with_what_it_needs),
		cmocka_unit_test(a_fallback_says_which_threshold_was_missed),
		cmocka_unit_test(a_question_back_says_what_it_lacks),
		cmocka_unit_test(a_regex_that_gave_up_is_named),
	};

	return cmocka_run_group_tests(tests, open_bot, close_bot);
}

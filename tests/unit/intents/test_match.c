#include "unit/unit.h"

#include <pthread.h>

#include "unit/intents/rules.h"

#include "intents/regex.h"

static struct rules rules;

/* Fails with the diagnostics when the YAML has an error. */
static void open_rules(const char *yaml)
{
	struct buf b = {0};

	rules_open(&rules, yaml);
	if (rules.diags.errors > 0) {
		diags_print(&rules.diags, &b);
		fail_msg("%s", b.p);
	}
}

static int close_rules(void **state)
{
	(void)state;
	rules_close(&rules);
	return 0;
}

#define assert_best(message, expected) assert_str(rules_best(&rules, (message)), (expected))

static void keyword_blocks_need_all_any_and_none(void **state)
{
	(void)state;
	open_rules("version: 1\n"
		   "languages: [zh, en]\n"
		   "words: {退款: [退钱, money back]}\n"
		   "intents:\n"
		   "  refund:\n"
		   "    when:\n"
		   "      keywords: {all: [退款], any: [课程, order], none: [政策]}\n"
		   "    answer: {zh: 好, en: ok}\n"
		   "  plain:\n"
		   "    when: {keywords: [优惠券]}\n"
		   "    answer: {zh: 好, en: ok}\n");
	assert_best("课程能退钱吗", "refund 1.00");
	assert_best("Money back for my orders", "refund 1.00");
	assert_best("退款", "");
	assert_best("课程", "");
	assert_best("课程退款政策", "");
	assert_best("優惠券怎麼用", "plain 1.00");
}

static void a_word_that_many_blocks_share_counts_in_each_as_it_stands_there(void **state)
{
	(void)state;
	open_rules("version: 1\n"
		   "words: {退款: [money back]}\n"
		   "intents:\n"
		   "  a: {when: {keywords: {any: [课程], none: [退款, ORDER]}}, answer: 甲}\n"
		   "  b: {when: {keywords: {all: [退款, order], any: [课程]}}, answer: 乙}\n"
		   "  c: {when: {keywords: {all: [退款], none: [课程, order]}}, answer: 丙}\n");
	assert_best("课程", "a 1.00");
	assert_best("课程 money back", "");
	assert_best("课程 orders", "");
	assert_best("课程 orders 退款", "b 1.00");
	assert_best("money back", "c 1.00");
	assert_best("退款 order", "");
}

static void reasons_name_the_block_its_place_and_what_it_saw(void **state)
{
	struct matches m;
	const struct reason *r;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  refund:\n"
		   "    when:\n"
		   "      keywords: {all: [退款], any: [课程, 订单]}\n"
		   "      regex: ['(?<days>\\d+)\\s*天.*退']\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "订单买了10 天，想退款");
	assert_int_equal(m.n, 1);
	assert_int_equal(m.v[0].source, MATCH_RULE);
	assert_int_equal(m.v[0].n_reasons, 2);
	r = &m.v[0].reasons[0];
	assert_str(r->what, "keywords");
	assert_str(r->detail, "all 退款 · any 订单");
	assert_str(r->text, "退款 · 订单");
	assert_str(r->mark.file, "t.yaml");
	assert_int_equal(r->mark.line, 5);
	r = &m.v[0].reasons[1];
	assert_str(r->what, "regex");
	assert_str(r->text, "10 天，想退");
	assert_int_equal(r->mark.line, 6);
}

static void named_groups_become_slots_in_the_learners_own_characters(void **state)
{
	struct matches m;
	const struct slot *s;

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  course: {from: kb.courses}\n"
		   "intents:\n"
		   "  refund:\n"
		   "    when: {regex: ['退(?<course>.+)的钱', '(?<天数>\\d+)天']}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "退Ｐｙｔｈｏｎ入门的錢");
	assert_int_equal(m.n, 1);
	s = slot_find(&m.v[0].slots, STR("course"));
	assert_non_null(s);
	assert_str(s->raw, "Ｐｙｔｈｏｎ入门");
	assert_str(s->value, "py101");
	m = rules_match(&rules, "退那个的钱");
	assert_str(slot_find(&m.v[0].slots, STR("course"))->value, "那个");
	m = rules_match(&rules, "買了１２天");
	s = slot_find(&m.v[0].slots, STR("天数"));
	assert_str(s->raw, "１２");
	assert_str(s->value, "12");
	assert_null(slot_find(&m.v[0].slots, STR("course")));
}

static void candidates_are_ordered_by_priority_score_source_and_place(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  phrase:\n"
		   "    when: {phrases: [甲乙丙丁]}\n"
		   "    answer: 好\n"
		   "  second:\n"
		   "    when: {keywords: [甲]}\n"
		   "    answer: 好\n"
		   "  third:\n"
		   "    when: {keywords: [乙]}\n"
		   "    answer: 好\n"
		   "  urgent:\n"
		   "    priority: 5\n"
		   "    when: {regex: [丙]}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "甲乙丙丁");
	assert_int_equal(m.n, 4);
	assert_str(m.v[0].intent->name, "urgent");
	assert_str(m.v[1].intent->name, "second");
	assert_str(m.v[2].intent->name, "third");
	assert_str(m.v[3].intent->name, "phrase");
	assert_int_equal(m.v[3].source, MATCH_PHRASE);
}

static void a_sure_candidate_comes_before_a_weak_one_of_higher_priority(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  policy:\n"
		   "    priority: 9\n"
		   "    when: {phrases: [退款规则在什么地方可以看到全文]}\n"
		   "    answer: 好\n"
		   "  refund:\n"
		   "    when: {keywords: [退款]}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "退款规则");
	assert_int_equal(m.n, 2);
	assert_str(m.v[0].intent->name, "refund");
	assert_true(m.v[1].score < rules.rs->settings.answer_at);
}

static void only_keeps_intents_out_and_the_active_context_goes_first(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  any:\n"
		   "    priority: 9\n"
		   "    when: {keywords: [进度]}\n"
		   "    answer: 好\n"
		   "    then: {context: refunding}\n"
		   "  inside:\n"
		   "    only: {context: refunding}\n"
		   "    when: {keywords: [进度]}\n"
		   "    answer: 好\n"
		   "  member:\n"
		   "    only: {logged_in: true, page: /course/*}\n"
		   "    when: {keywords: [进度]}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "进度");
	assert_int_equal(m.n, 1);
	assert_str(m.v[0].intent->name, "any");
	assert_int_equal(m.n_kept_out, 2);
	assert_str(m.kept_out[0].intent->name, "inside");
	assert_str(m.kept_out[0].reasons[1].what, "only");
	assert_str(m.kept_out[0].reasons[1].detail, "context");
	assert_str(m.kept_out[1].reasons[1].detail, "logged_in: true");
	rules.state = (struct match_state){.logged_in = true,
					   .context = STR("refunding"),
					   .lang = STR("zh"),
					   .page = STR("/course/py101")};
	m = rules_match(&rules, "进度");
	assert_int_equal(m.n, 3);
	assert_str(m.v[0].intent->name, "inside");
	assert_true(m.v[0].in_context);
	assert_str(m.v[1].intent->name, "any");
	assert_false(m.v[1].in_context);
	assert_str(m.v[2].intent->name, "member");
}

static void phrases_match_by_likeness_and_nonsense_stays_low(void **state)
{
	(void)state;
	open_rules("version: 1\n"
		   "languages: [zh, en]\n"
		   "words: {退款: [退钱, refund, money back]}\n"
		   "entities:\n"
		   "  course: {from: kb.courses}\n"
		   "intents:\n"
		   "  refund:\n"
		   "    when: {phrases: [我要退掉<course>, 能不能退款, how do I get a refund for "
		   "<course>]}\n"
		   "    answer: {zh: 好, en: ok}\n"
		   "  invoice:\n"
		   "    when: {phrases: [怎么开发票, 能开票吗, how do I get an invoice]}\n"
		   "    answer: {zh: 好, en: ok}\n"
		   "  login:\n"
		   "    when: {phrases: [登录不了怎么办, 忘记密码了, I cannot sign in]}\n"
		   "    answer: {zh: 好, en: ok}\n");
	assert_best("怎么开发票", "invoice 1.00");
	assert_true(rules_match(&rules, "请问怎么开发票呢").v[0].score >= 0.75);
	assert_true(rules_match(&rules, "我要退掉Python入门").v[0].score >= 0.75);
	assert_true(rules_match(&rules, "能退钱吗").v[0].score >= 0.75);
	assert_str(rules_match(&rules, "how can I get an invoice").v[0].intent->name, "invoice");
	for (size_t i = 0; i < 5; i++) {
		static const char *const nonsense[] = {"asdf qwer zxcv", "今天天气怎么样",
						       "你喜欢吃苹果吗",
						       "what is the capital of France", "哈哈哈"};
		struct matches m = rules_match(&rules, nonsense[i]);

		if (m.n > 0 && m.v[0].score >= 0.45)
			fail_msg("%s scores %f", nonsense[i], m.v[0].score);
	}
}

static void a_slow_regex_is_counted_and_does_not_fire(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  slow:\n"
		   "    when: {regex: ['^(a+)+$']}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(m.n_limited, 1);
	assert_int_equal(m.limited[0].mark.line, 4);
	assert_int_equal(m.limited[0].times, 1);
	assert_int_equal(m.n, 0);
	diags_done(&rules.diags);
	diags_init(&rules.diags, false);
	matcher_lint(rules.matcher, &rules.diags);
	assert_int_equal(rules.diags.warnings, 1);
	assert_str(rules.diags.items[0].code, "regex-match-limit");
	assert_int_equal(rules.diags.items[0].mark.line, 4);
}

static void empty_messages_and_empty_rules_match_nothing(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\nintents:\n  a:\n    when: {keywords: [退]}\n    answer: 好\n");
	m = rules_match(&rules, "   ");
	assert_int_equal(m.n, 0);
	assert_int_equal(m.entities.n, 0);
}

static void slots_are_filled_from_an_answer(void **state)
{
	struct utterance u;
	struct slot slot;

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  course: {from: kb.courses}\n"
		   "  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
		   "  budget: {builtin: money}\n"
		   "intents:\n"
		   "  a:\n"
		   "    when: {keywords: [退]}\n"
		   "    answer: 好\n");
	u = rules_read(&rules, "单号是２０２６０３０１１２３４５６，快点");
	assert_true(slot_fill(rules.matcher, &rules.arena, STR("order_no"), &u, &slot));
	assert_str(slot.value, "20260301123456");
	assert_str(slot.raw, "２０２６０３０１１２３４５６");
	assert_true(slot.private);
	assert_false(slot_fill(rules.matcher, &rules.arena, STR("course"), &u, &slot));
	u = rules_read(&rules, "javascript");
	assert_true(slot_fill(rules.matcher, &rules.arena, STR("course"), &u, &slot));
	assert_str(slot.value, "js201");
	u = rules_read(&rules, "一百五十块吧");
	assert_true(slot_fill(rules.matcher, &rules.arena, STR("budget"), &u, &slot));
	assert_str(slot.value, "150");
	u = rules_read(&rules, "  不想学了 ");
	assert_true(slot_fill(rules.matcher, &rules.arena, STR("reason"), &u, &slot));
	assert_str(slot.raw, "不想学了");
	u = rules_read(&rules, " ");
	assert_false(slot_fill(rules.matcher, &rules.arena, STR("reason"), &u, &slot));
}

static void private_spans_are_all_told(void **state)
{
	struct utterance u;
	struct slots s;

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
		   "  phone: {builtin: phone, private: true}\n"
		   "  n: {builtin: number}\n"
		   "intents:\n"
		   "  a:\n"
		   "    when: {keywords: [退]}\n"
		   "    answer: 好\n");
	u = rules_read(&rules, "20260301123456和20260301123457，电话13800138000，3个");
	s = match_private(rules.matcher, &rules.arena, &u);
	assert_int_equal(s.n, 3);
	assert_str(s.v[0].raw, "20260301123456");
	assert_str(s.v[1].raw, "20260301123457");
	assert_str(s.v[2].raw, "13800138000");
}

static void a_flood_does_not_hide_what_is_private(void **state)
{
	struct str message = STR("");
	struct utterance u;
	struct slots s;

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  n: {builtin: number}\n"
		   "  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
		   "intents:\n"
		   "  a:\n"
		   "    when: {keywords: [退]}\n"
		   "    answer: 好\n");
	for (int i = 0; i < 300; i++)
		message = arena_printf(&rules.arena, "%.*s %d", STR_ARG(message), i);
	for (int i = 0; i < 100; i++)
		message = arena_printf(&rules.arena, "%.*s 202603011234%02d", STR_ARG(message), i);
	u = rules_read(&rules, message.p);
	s = match_private(rules.matcher, &rules.arena, &u);
	assert_int_equal(s.n, 100);
	assert_str(s.v[99].value, "20260301123499");
}

static void an_explanation_lists_the_entities(void **state)
{
	struct matches m;

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  topic: {python: [Python]}\n"
		   "intents:\n"
		   "  a:\n"
		   "    when: {keywords: [学]}\n"
		   "    answer: 好\n");
	m = rules_match(&rules, "学ＰＹＴＨＯＮ");
	assert_int_equal(m.v[0].n_reasons, 2);
	assert_str(m.v[0].reasons[1].what, "entity");
	assert_str(m.v[0].reasons[1].detail, "topic = python");
	assert_str(m.v[0].reasons[1].text, "ＰＹＴＨＯＮ");
	assert_int_equal(m.v[0].reasons[1].mark.line, 3);
}

static void matching_is_the_same_every_time(void **state)
{
	struct matches a, b;

	(void)state;
	open_rules("version: 1\n"
		   "intents:\n"
		   "  x:\n"
		   "    when: {phrases: [怎么开发票, 发票在哪里], regex: ['发.*票']}\n"
		   "    answer: 好\n"
		   "  y:\n"
		   "    when: {phrases: [怎么开直播, 直播在哪里]}\n"
		   "    answer: 好\n");
	a = rules_match(&rules, "发票怎么开，在哪里");
	b = rules_match(&rules, "发票怎么开，在哪里");
	assert_int_equal(a.n, b.n);
	for (size_t i = 0; i < a.n; i++) {
		assert_ptr_equal(a.v[i].intent, b.v[i].intent);
		assert_memory_equal(&a.v[i].score, &b.v[i].score, sizeof a.v[i].score);
	}
}

enum { THREADS = 4, ROUNDS = 50 };

static void *match_many(void *unused)
{
	struct match_state state = {.lang = STR("zh")};
	struct arena mine;
	size_t hits = 0;

	(void)unused;
	arena_init(&mine);
	for (int i = 0; i < ROUNDS; i++) {
		struct utterance u;
		struct matches m;

		arena_reset(&mine);
		utterance_read(&mine, rules.lexicon, STR("买了3天的pyhton课能退吗，发票呢"), &u);
		intent_match(rules.matcher, &mine, &u, &state, true, &m);
		hits += m.n == 3 && m.entities.n == 1;
	}
	arena_done(&mine);
	return (void *)hits;
}

static void threads_match_with_one_matcher(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	open_rules("version: 1\n"
		   "entities:\n"
		   "  topic: {python: [Python]}\n"
		   "intents:\n"
		   "  refund:\n"
		   "    when: {regex: ['\\d+天.*退', '退.{0,9}票']}\n"
		   "    answer: 好\n"
		   "  invoice:\n"
		   "    when: {keywords: [发票]}\n"
		   "    answer: 好\n"
		   "  learn:\n"
		   "    when: {phrases: [<topic>课能退吗]}\n"
		   "    answer: 好\n");
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, match_many, NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		void *hits = NULL;

		pthread_join(threads[i], &hits);
		assert_int_equal((size_t)hits, ROUNDS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(keyword_blocks_need_all_any_and_none, close_rules),
		cmocka_unit_test_teardown(
			a_word_that_many_blocks_share_counts_in_each_as_it_stands_there,
			close_rules),
		cmocka_unit_test_teardown(reasons_name_the_block_its_place_and_what_it_saw,
					  close_rules),
		cmocka_unit_test_teardown(named_groups_become_slots_in_the_learners_own_characters,
					  close_rules),
		cmocka_unit_test_teardown(candidates_are_ordered_by_priority_score_source_and_place,
					  close_rules),
		cmocka_unit_test_teardown(
			a_sure_candidate_comes_before_a_weak_one_of_higher_priority, close_rules),
		cmocka_unit_test_teardown(only_keeps_intents_out_and_the_active_context_goes_first,
					  close_rules),
		cmocka_unit_test_teardown(phrases_match_by_likeness_and_nonsense_stays_low,
					  close_rules),
		cmocka_unit_test_teardown(a_slow_regex_is_counted_and_does_not_fire, close_rules),
		cmocka_unit_test_teardown(empty_messages_and_empty_rules_match_nothing,
					  close_rules),
		cmocka_unit_test_teardown(slots_are_filled_from_an_answer, close_rules),
		cmocka_unit_test_teardown(private_spans_are_all_told, close_rules),
		cmocka_unit_test_teardown(a_flood_does_not_hide_what_is_private, close_rules),
		cmocka_unit_test_teardown(an_explanation_lists_the_entities, close_rules),
		cmocka_unit_test_teardown(matching_is_the_same_every_time, close_rules),
		cmocka_unit_test_teardown(threads_match_with_one_matcher, close_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

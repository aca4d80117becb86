#include "unit/unit.h"

#include "unit/intents/rules.h"

static struct rules rules;

static const char yaml[] = "version: 1\n"
			   "languages: [zh, en]\n"
			   "words: {零基础: [小白, beginner]}\n"
			   "entities:\n"
			   "  course: {from: kb.courses}\n"
			   "  topic:\n"
			   "    python: [Python, 爬虫, py编程]\n"
			   "    前端: [JavaScript, JS, front-end, 前端開發]\n"
			   "    ai: [人工智能, machine learning]\n"
			   "  strict: {values: {git: [github]}, typos: 0}\n"
			   "  level: {starter: [零基础]}\n"
			   "  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
			   "  coupon: {regex: '券码[:：]?\\s*(?<value>[A-Z]{4}\\d{4})'}\n"
			   "  budget: {builtin: money}\n"
			   "  price: {builtin: price}\n"
			   "intents:\n"
			   "  a:\n"
			   "    when: {keywords: [学]}\n"
			   "    answer: {zh: 好, en: ok}\n";

static int open_rules(void **state)
{
	struct buf b = {0};

	(void)state;
	rules_open(&rules, yaml);
	if (rules.diags.errors > 0) {
		diags_print(&rules.diags, &b);
		fail_msg("%s", b.p);
	}
	return 0;
}

static int close_rules(void **state)
{
	(void)state;
	rules_close(&rules);
	return 0;
}

/* "value (raw)" of an entity in a message; "" when it is not in it. */
static struct str find(const char *entity, const char *message)
{
	struct matches m = rules_match(&rules, message);
	const struct slot *s = slot_find(&m.entities, str_of(entity));

	return s ? arena_printf(&rules.arena, "%.*s (%.*s)", STR_ARG(s->value), STR_ARG(s->raw))
		 : STR("");
}

static void values_are_found_by_any_name_in_the_learners_characters(void **state)
{
	(void)state;
	assert_str(find("topic", "想学ＰＹＴＨＯＮ"), "python (ＰＹＴＨＯＮ)");
	assert_str(find("topic", "爬虫好学吗"), "python (爬虫)");
	assert_str(find("topic", "前端开发"), "前端 (前端开发)");
	assert_str(find("topic", "Front end courses"), "前端 (Front end)");
	assert_str(find("topic", "学 py 编程"), "python (py 编程)");
	assert_str(find("topic", "cpython"), "");
	assert_str(find("level", "我是小白"), "starter (小白)");
	assert_str(find("level", "for beginners"), "starter (beginners)");
}

static void the_longest_name_wins_and_the_first_is_the_slot(void **state)
{
	struct utterance u;
	struct matches m;

	(void)state;
	assert_str(find("course", "Python入门：零基础到实战怎么样"),
		   "py101 (Python入门：零基础到实战)");
	assert_str(find("topic", "JS还是Python好"), "前端 (JS)");
	u = rules_read(&rules, "Python入门");
	intent_match(rules.matcher, &rules.arena, &u, &rules.state, false, &m);
	assert_non_null(slot_find(&m.entities, STR("topic")));
	assert_int_equal(slot_find(&m.entities, STR("course"))->len, strlen("Python入门"));
	assert_int_equal(slot_find(&m.entities, STR("topic"))->len, strlen("Python"));
}

static void a_part_of_a_title_stands_for_it_when_it_is_the_only_one(void **state)
{
	(void)state;
	assert_str(find("course", "我想退Python入门"), "py101 (Python入门)");
	assert_str(find("course", "从Excel到SQL这门"), "da301 (从Excel到SQL)");
	assert_str(find("course", "数据分析怎么样"), "da301 (数据分析)");
	assert_str(find("course", "JavaScript进阶"), "js201 (JavaScript进阶)");
	assert_str(find("course", "js201"), "js201 (js201)");
	assert_str(find("course", "入门"), "");
}

static void misspelt_values_are_found_where_typos_are_allowed(void **state)
{
	(void)state;
	assert_str(find("topic", "我想学pyhton"), "python (pyhton)");
	assert_str(find("course", "退Pyhton入门"), "py101 (Pyhton入门)");
	assert_str(find("topic", "javascrpt入门"), "前端 (javascrpt)");
	assert_str(find("topic", "machin learning"), "ai (machin learning)");
	assert_str(find("strict", "github怎么用"), "git (github)");
	assert_str(find("strict", "gihtub怎么用"), "");
}

static void regexes_and_builtins_are_found_with_their_values(void **state)
{
	(void)state;
	assert_str(find("order_no", "订单20260301123456要退"), "20260301123456 (20260301123456)");
	assert_str(find("order_no", "订单1202603011234567要退"), "");
	assert_str(find("coupon", "券码：ABCD1234"), "abcd1234 (券码：ABCD1234)");
	assert_str(find("budget", "两百块以内的"), "200 (两百块)");
	assert_str(find("budget", "没有钱"), "");
}

static void a_price_is_read_with_what_bounds_it(void **state)
{
	static const char *const said[][2] = {
		{"有免费的课吗", "0 (免费)"},
		{"有白嫖的吗", "0 (白嫖)"},
		{"200 元以内的 Python 课", "200 (200 元以内)"},
		{"三百以内有什么课", "300 (三百以内)"},
		{"不超过２００块", "200 (不超过２００块)"},
		{"100到200元的", "100-200 (100到200元)"},
		{"500元以上的", "500- (500元以上)"},
		{"不低于300的", "300- (不低于300)"},
		{"300元左右", "240-360 (300元左右)"},
		{"预算300左右", "360 (预算300左右)"},
		{"预算 1,000 元", "1000 (预算 1,000 元)"},
		{"便宜点的", "cheap (便宜)"},
		{"第3节课要50块吗", "50 (50块)"},
		{"any free courses?", "0 (free)"},
		{"courses under $50", "50 (under $50)"},
		{"between 100 and 200 yuan", "100-200 (between 100 and 200 yuan)"},
		{"$50 to $100 courses", "50-100 ($50 to $100)"},
		{"200 yuan or more", "200- (200 yuan or more)"},
		{"around 100 yuan", "80-120 (around 100 yuan)"},
		{"the cheapest one", "cheap (cheapest)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		assert_str(find("price", said[i][0]), said[i][1]);
}

static void what_is_no_price_is_left_alone(void **state)
{
	static const char *const said[] = {
		"免费试听",	    "这课不便宜",    "3天左右学完",
		"最多3次",	    "python 3 以上", "一门课",
		"feel free to ask", "a free trial",  "more than 3 courses",
		"within 3 days",    "stress-free",   "200到100元"};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		assert_str(find("price", said[i]), "");
}

static void privacy_follows_the_entity(void **state)
{
	struct matches m = rules_match(&rules, "20260301123456 python");

	(void)state;
	assert_true(slot_find(&m.entities, STR("order_no"))->private);
	assert_false(slot_find(&m.entities, STR("topic"))->private);
}

static void a_flood_of_entities_stays_bounded(void **state)
{
	struct str message = STR("");
	struct matches m;

	(void)state;
	for (int i = 0; i < 600; i++)
		message = arena_printf(&rules.arena, "%.*s python 5元", STR_ARG(message));
	m = rules_match(&rules, message.p);
	assert_str(slot_find(&m.entities, STR("topic"))->value, "python");
	assert_int_equal(slot_find(&m.entities, STR("topic"))->at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			values_are_found_by_any_name_in_the_learners_characters, open_rules,
			close_rules),
		cmocka_unit_test_setup_teardown(the_longest_name_wins_and_the_first_is_the_slot,
						open_rules, close_rules),
		cmocka_unit_test_setup_teardown(
			a_part_of_a_title_stands_for_it_when_it_is_the_only_one, open_rules,
			close_rules),
		cmocka_unit_test_setup_teardown(misspelt_values_are_found_where_typos_are_allowed,
						open_rules, close_rules),
		cmocka_unit_test_setup_teardown(regexes_and_builtins_are_found_with_their_values,
						open_rules, close_rules),
		cmocka_unit_test_setup_teardown(a_price_is_read_with_what_bounds_it, open_rules,
						close_rules),
		cmocka_unit_test_setup_teardown(what_is_no_price_is_left_alone, open_rules,
						close_rules),
		cmocka_unit_test_setup_teardown(privacy_follows_the_entity, open_rules,
						close_rules),
		cmocka_unit_test_setup_teardown(a_flood_of_entities_stays_bounded, open_rules,
						close_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include <stdlib.h>

#include "intents/load.h"

struct fixture {
	struct arena arena;
	struct diags diags;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	arena_init(&f->arena);
	diags_init(&f->diags, false);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	diags_done(&f->diags);
	free(f);
	return 0;
}

static void assert_no_diags(const struct diags *d)
{
	struct buf b = {0};

	if (!d->n)
		return;
	diags_print(d, &b);
	print_error("%.*s", STR_ARG(buf_view(&b)));
	buf_done(&b);
	fail();
}

static const struct ruleset *load(struct fixture *f, const char *yaml)
{
	const struct ruleset *rs =
		load_bytes(&f->arena, STR("t.yaml"), str_of(yaml), NULL, 0, &f->diags);

	assert_no_diags(&f->diags);
	return rs;
}

static const struct ruleset *load_contract(struct fixture *f)
{
	static const struct str names[] = {{"Python入门", 12}, {"py", 2}};
	static const struct entity_value values[] = {{{"Python入门", 12}, {names, 2}}};
	static const struct entity_source courses[] = {{{"kb.courses", 10}, values, 1}};
	const struct ruleset *rs =
		load_file(&f->arena, KEFU_SOURCE_DIR "/tests/data/intents/contract.yaml", courses,
			  1, &f->diags);

	assert_no_diags(&f->diags);
	return rs;
}

static void assert_strs(struct strs s, size_t n, ...)
{
	va_list ap;

	assert_int_equal(s.n, n);
	va_start(ap, n);
	for (size_t i = 0; i < n; i++)
		assert_str(s.v[i], va_arg(ap, const char *));
	va_end(ap);
}

static void the_contract_gives_its_settings_words_and_texts(void **state)
{
	const struct ruleset *rs = load_contract(*state);
	const struct text *sorry = rule_text(rs, STR("sorry"));

	assert_strs(rs->languages, 2, "zh", "en");
	assert_true(rs->settings.answer_at == 0.75 && rs->settings.ask_at == 0.45);
	assert_true(rs->settings.margin == 0.08);
	assert_int_equal(rs->settings.typos, TYPOS_AUTO);
	assert_int_equal(rs->n_words, 1);
	assert_str(rs->words[0].head, "退款");
	assert_strs((struct strs){rs->words[0].members, rs->words[0].n}, 5, "退钱", "退费", "退课",
		    "refund", "money back");
	assert_non_null(sorry);
	assert_strs(text_variants(sorry, STR("zh"), rs), 2, "抱歉，没听懂。", "能换个说法吗？");
	assert_strs(text_variants(sorry, STR("fr"), rs), 2, "抱歉，没听懂。", "能换个说法吗？");
	assert_strs(text_variants(&rs->fallback.text, STR("en"), rs), 1,
		    "Sorry, I did not get that.");
	assert_int_equal(rs->files.n, 2);
	assert_true(str_ends(rs->files.v[1], STR("/faq/more.yaml")));
}

static void the_contract_gives_its_entities(void **state)
{
	const struct ruleset *rs = load_contract(*state);
	const struct entity *course = rule_entity(rs, STR("course"));
	const struct entity *topic = rule_entity(rs, STR("topic"));
	const struct entity *order = rule_entity(rs, STR("order_no"));
	const struct entity *budget = rule_entity(rs, STR("budget"));

	assert_int_equal(rs->n_entities, 4);
	assert_int_equal(course->kind, ENTITY_SOURCE);
	assert_int_equal(course->typos, 1);
	assert_str(course->source, "kb.courses");
	assert_int_equal(course->n_values, 1);
	assert_strs(course->values[0].names, 2, "Python入门", "py");
	assert_int_equal(topic->kind, ENTITY_VALUES);
	assert_int_equal(topic->typos, -1);
	assert_strs(topic->values[0].names, 3, "python", "Python", "爬虫");
	assert_str(topic->values[1].value, "前端");
	assert_int_equal(order->kind, ENTITY_REGEX);
	assert_str(order->pattern, "\\b20\\d{12}\\b");
	assert_true(order->private);
	assert_int_equal(budget->kind, ENTITY_BUILTIN);
	assert_int_equal(budget->builtin, BUILTIN_MONEY);
	assert_false(budget->private);
	assert_int_equal(order->mark.line, 18);
	assert_int_equal(order->mark.col, 3);
}

static void the_contract_gives_the_blocks_of_refund(void **state)
{
	const struct ruleset *rs = load_contract(*state);
	const struct intent *refund = rule_intent(rs, STR("refund"));

	assert_non_null(refund);
	assert_int_equal(refund->priority, 10);
	assert_int_equal(refund->index, 0);
	assert_strs(text_variants(&refund->title, STR("en"), rs), 1, "Request a refund");
	assert_int_equal(refund->n_blocks, 3);
	assert_int_equal(refund->blocks[0].kind, BLOCK_PHRASES);
	assert_str(refund->blocks[0].phrases[1].text, "how do I get a refund for <course>");
	assert_int_equal(refund->blocks[0].phrases[1].mark.line, 31);
	assert_int_equal(refund->blocks[1].kind, BLOCK_KEYWORDS);
	assert_strs(refund->blocks[1].all, 1, "退款");
	assert_strs(refund->blocks[1].any, 2, "课程", "订单");
	assert_strs(refund->blocks[1].none, 1, "政策");
	assert_int_equal(refund->blocks[2].kind, BLOCK_REGEX);
	assert_str(refund->blocks[2].phrases[0].text, "(?<days>\\d+)\\s*天.*退");
	assert_int_equal(refund->only.logged_in, 1);
	assert_str(refund->then_context, "refunding");
	assert_int_equal(refund->then_turns, 3);
}

static void the_contract_gives_questions_answers_and_tests_of_refund(void **state)
{
	const struct ruleset *rs = load_contract(*state);
	const struct intent *refund = rule_intent(rs, STR("refund"));
	const struct slot_ask *ask = &refund->asks[0];
	const struct answer *late = &refund->answers[0], *done = &refund->answers[1];

	assert_int_equal(refund->n_asks, 1);
	assert_str(ask->slot, "order_no");
	assert_int_equal(ask->tries, 2);
	assert_str(ask->otherwise.v[0].verb, "handoff");
	assert_strs(text_variants(&ask->question, STR("zh"), rs), 1, "请告诉我订单号");
	assert_int_equal(refund->n_answers, 2);
	assert_int_equal(late->n_conds, 1);
	assert_str(late->conds[0].slot, "days");
	assert_int_equal(late->conds[0].op, COND_GT);
	assert_true(late->conds[0].is_number && late->conds[0].number == 7);
	assert_str(late->acts.v[0].verb, "handoff");
	assert_str(late->acts.v[0].args[1].key, "note");
	assert_strs(late->acts.v[0].args[1].values, 1, "超期退款 <order_no>");
	assert_int_equal(done->n_conds, 0);
	assert_int_equal(text_variants(&done->text, STR("zh"), rs).n, 2);
	assert_strs(done->buttons, 2, "查看退款进度", "转人工");
	assert_int_equal(refund->n_tests, 2);
	assert_str(refund->tests[0].say, "课程买错了能退钱吗");
	assert_str(refund->tests[0].intent, "refund");
	assert_str(refund->tests[1].intent, "");
	assert_str(refund->tests[1].not_intent, "refund");
}

static void the_contract_gives_actions_fallback_and_faq(void **state)
{
	const struct ruleset *rs = load_contract(*state);
	const struct intent *recommend = rule_intent(rs, STR("recommend"));
	const struct action *act = &recommend->acts.v[0];
	const struct faq_entry *invoice = rule_faq(rs, STR("invoice"));

	assert_strs(rule_intent(rs, STR("refund_progress"))->only.contexts, 1, "refunding");
	assert_str(act->verb, "recommend");
	assert_int_equal(act->n, 4);
	assert_str(act->args[2].key, "max_price");
	assert_strs(act->args[2].values, 1, "<budget>");
	assert_strs(text_variants(&recommend->answers[0].none, STR("en"), rs), 1,
		    "Nothing fits yet.");
	assert_int_equal(rs->fallback.n, 2);
	assert_int_equal(rs->fallback.after[0].misses, 2);
	assert_str(rs->fallback.after[0].acts.v[0].verb, "menu");
	assert_strs(rs->fallback.after[0].acts.v[0].args[0].values, 2, "refund", "recommend");
	assert_int_equal(rs->fallback.after[1].misses, 3);
	assert_str(rs->fallback.after[1].acts.v[0].verb, "handoff");
	assert_int_equal(rs->n_faq, 2);
	assert_strs(text_variants(&invoice->question, STR("en"), rs), 1, "怎么开发票？");
	assert_strs(invoice->also, 2, "能开票吗", "How do I get an invoice?");
	assert_strs(invoice->tags, 1, "售后");
	assert_strs(invoice->next, 1, "电子发票在哪下载");
}

static void the_smallest_intent_is_a_when_and_an_answer(void **state)
{
	const struct ruleset *rs = load(*state, "intents:\n"
						"  hi:\n"
						"    when: {keywords: 你好}\n"
						"    answer: 您好\n");

	assert_int_equal(rs->n_intents, 1);
	assert_strs(rs->intents[0].blocks[0].any, 1, "你好");
	assert_strs(text_variants(&rs->intents[0].answers[0].text, STR("en"), rs), 1, "您好");
	assert_int_equal(rs->intents[0].only.logged_in, -1);
	assert_strs(rs->languages, 2, "zh", "en");
}

static void scalars_are_text_as_written(void **state)
{
	const struct ruleset *rs =
		load(*state, "entities:\n"
			     "  e: {no: [1:30, ~, 0x10], 20260301123456: null}\n");

	assert_str(rs->entities[0].values[0].value, "no");
	assert_strs(rs->entities[0].values[0].names, 4, "no", "1:30", "~", "0x10");
	assert_strs(rs->entities[0].values[1].names, 2, "20260301123456", "null");
}

static void when_may_be_a_list_and_each_kind_is_a_block(void **state)
{
	const struct ruleset *rs = load(*state, "intents:\n"
						"  a:\n"
						"    when:\n"
						"    - {phrases: 一, regex: [x, y]}\n"
						"    - keywords: [k1, k2]\n"
						"    answer: ok\n");
	const struct intent *a = &rs->intents[0];

	assert_int_equal(a->n_blocks, 3);
	assert_int_equal(a->blocks[0].kind, BLOCK_PHRASES);
	assert_int_equal(a->blocks[1].kind, BLOCK_REGEX);
	assert_int_equal(a->blocks[1].n, 2);
	assert_strs(a->blocks[2].any, 2, "k1", "k2");
	assert_int_equal(a->blocks[2].mark.line, 5);
}

static void do_takes_a_verb_a_map_of_several_and_a_list(void **state)
{
	const struct ruleset *rs =
		load(*state, "intents:\n"
			     "  a: {when: {regex: a}, do: handoff}\n"
			     "  b: {when: {regex: b}, do: {say: {zh: 好, en: ok}, set: {x: 1}}}\n"
			     "  c: {when: {regex: c}, do: [progress, {menu: [a, b]}]}\n"
			     "  d:\n"
			     "    when: {regex: d}\n"
			     "    ask: {x: {text: 哪个？, tries: 3, else: b}, y: 什么？}\n"
			     "    then: paying\n");
	const struct actions *b = &rs->intents[1].acts, *c = &rs->intents[2].acts;
	const struct intent *d = &rs->intents[3];

	assert_int_equal(rs->intents[0].acts.n, 1);
	assert_int_equal(rs->intents[0].acts.v[0].n, 0);
	assert_int_equal(b->n, 2);
	assert_strs(text_variants(&b->v[0].args[0].text, STR("en"), rs), 1, "ok");
	assert_str(b->v[1].args[0].key, "x");
	assert_str(c->v[0].verb, "progress");
	assert_str(c->v[1].args[0].key, "");
	assert_strs(c->v[1].args[0].values, 2, "a", "b");
	assert_str(d->asks[0].otherwise.v[0].verb, "intent");
	assert_strs(d->asks[0].otherwise.v[0].args[0].values, 1, "b");
	assert_int_equal(d->asks[0].tries, 3);
	assert_str(d->asks[1].slot, "y");
	assert_int_equal(d->asks[1].tries, 2);
	assert_str(d->then_context, "paying");
}

static void entities_mix_values_and_options(void **state)
{
	const struct ruleset *rs = load(*state, "entities:\n"
						"  a: {python: 爬虫, private: true, typos: 2}\n"
						"  b: [x, y]\n"
						"  c: {values: {from: [出发], to: }, typos: off}\n"
						"  d: {from: [出发], regex: [正则]}\n");

	assert_true(rs->entities[0].private);
	assert_int_equal(rs->entities[0].typos, 2);
	assert_int_equal(rs->entities[0].n_values, 1);
	assert_strs(rs->entities[0].values[0].names, 2, "python", "爬虫");
	assert_int_equal(rs->entities[1].n_values, 2);
	assert_strs(rs->entities[2].values[1].names, 1, "to");
	assert_int_equal(rs->entities[2].typos, 0);
	assert_int_equal(rs->entities[3].kind, ENTITY_VALUES);
	assert_strs(rs->entities[3].values[1].names, 2, "regex", "正则");
}

static void fallback_and_settings_have_short_forms(void **state)
{
	const struct ruleset *rs =
		load(*state, "settings: {typos: 1, answer_at: 1, margin: 0}\n"
			     "fallback:\n"
			     "  en: What?\n"
			     "  after:\n"
			     "    4: handoff\n"
			     "    2: {answer: 再说一次, do: [progress], menu: a}\n"
			     "intents: {a: {when: {regex: a}, answer: a}}\n");
	const struct fallback *f = &rs->fallback;

	assert_int_equal(rs->settings.typos, 1);
	assert_true(rs->settings.margin == 0 && rs->settings.answer_at == 1);
	assert_strs(text_variants(&f->text, STR("en"), rs), 1, "What?");
	assert_int_equal(f->after[0].misses, 2);
	assert_int_equal(f->after[0].acts.n, 2);
	assert_str(f->after[0].acts.v[1].verb, "menu");
	assert_strs(text_variants(&f->after[0].text, STR("zh"), rs), 1, "再说一次");
	assert_int_equal(f->after[1].misses, 4);
}

static void an_faq_entry_without_an_id_is_called_by_its_question(void **state)
{
	const struct ruleset *rs =
		load(*state, "faq: [{q: {zh: 怎么付款, en: How to pay}, a: 用微信。}]\n");

	assert_non_null(rule_faq(rs, STR("怎么付款")));
}

static void a_test_may_want_slots(void **state)
{
	const struct ruleset *rs = load(
		*state,
		"intents:\n"
		"  a: {when: {regex: a}, answer: a, tests: [{say: x, slots: {days: 7}}, y]}\n");
	const struct rule_test *t = rs->intents[0].tests;

	assert_str(t[0].intent, "a");
	assert_int_equal(t[0].n_slots, 1);
	assert_str(t[0].slots[0].slot, "days");
	assert_str(t[0].slots[0].value, "7");
	assert_int_equal(t[1].n_slots, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_contract_gives_its_settings_words_and_texts),
		TEST(the_contract_gives_its_entities),
		TEST(the_contract_gives_the_blocks_of_refund),
		TEST(the_contract_gives_questions_answers_and_tests_of_refund),
		TEST(the_contract_gives_actions_fallback_and_faq),
		TEST(the_smallest_intent_is_a_when_and_an_answer),
		TEST(scalars_are_text_as_written),
		TEST(when_may_be_a_list_and_each_kind_is_a_block),
		TEST(do_takes_a_verb_a_map_of_several_and_a_list),
		TEST(entities_mix_values_and_options),
		TEST(fallback_and_settings_have_short_forms),
		TEST(an_faq_entry_without_an_id_is_called_by_its_question),
		TEST(a_test_may_want_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

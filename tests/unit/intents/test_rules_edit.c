#include "unit/unit.h"

#include "intents/load.h"
#include "intents/rules_edit.h"

static const char rules[] = "# 客服规则 —— keep this line\n"
			    "languages: [zh, en]\n"
			    "words:\n"
			    "  退款: [退钱, refund]   # money\n"
			    "intents:\n"
			    "  refund:                # money back\n"
			    "    when:\n"
			    "      phrases:\n"
			    "        - 我要退款       # most of them\n"
			    "        # - 退退退\n"
			    "      keywords: 退款\n"
			    "    tests: 我想退钱\n"
			    "    answer: {zh: 好的, en: OK}\n"
			    "\n"
			    "  # 转人工\n"
			    "  human:\n"
			    "    when:\n"
			    "      - keywords: [人工]\n"
			    "    answer: 请稍候\n"
			    "  later:\n"
			    "    answer: 以后再说\n"
			    "\n"
			    "faq:\n"
			    "  - id: invoice\n"
			    "    q: 怎么开发票？\n"
			    "    a: 订单页\n";

struct editing {
	struct yaml_edit e;
	struct buf out;
	struct err err;
};

static void begin(struct editing *d, const char *bytes)
{
	*d = (struct editing){.out = {0}};
	assert_int_equal(yaml_edit_open(&d->e, STR("t.yaml"), str_of(bytes), &d->err), 0);
}

/* The rules that the file holds now, without a mistake. */
static struct ruleset *finish(struct editing *d, struct arena *a)
{
	struct diags diags;
	struct ruleset *rs;

	assert_int_equal(yaml_edit_finish(&d->e, &d->out, &d->err), 0);
	diags_init(&diags, false);
	rs = load_bytes(a, STR("t.yaml"), buf_view(&d->out), NULL, 0, &diags);
	assert_int_equal(diags.n, 0);
	diags_done(&diags);
	return rs;
}

static void end(struct editing *d)
{
	yaml_edit_done(&d->e);
	buf_done(&d->out);
}

/* Every line of the old file but those with `but` in them is in the new one, in order. */
static void assert_lines_kept(struct str now, const char *was, const char *but)
{
	struct str rest = str_of(was);
	size_t at = 0;

	while (rest.n) {
		size_t nl = str_find(rest, STR("\n"), 0);
		struct str line = str_sub(rest, 0, nl + 1);

		rest = str_sub(rest, nl + 1, rest.n);
		if (str_find(line, str_of(but), 0) != SIZE_MAX)
			continue;
		at = str_find(now, line, at);
		assert_true(at != SIZE_MAX);
		at += line.n;
	}
}

static void phrases_go_behind_the_others_or_into_a_new_list(void **state)
{
	static const struct str more[] = {{"把钱还我", 12}, {"refund: now #1", 14}};
	struct editing d;
	struct arena a;
	struct ruleset *rs;

	(void)state;
	arena_init(&a);
	begin(&d, rules);
	assert_int_equal(rules_edit_phrases(&d.e, STR("refund"), (struct strs){more, 2}, &d.err),
			 0);
	assert_int_equal(rules_edit_phrases(&d.e, STR("human"), (struct strs){more, 1}, &d.err), 0);
	assert_int_equal(rules_edit_phrases(&d.e, STR("later"), (struct strs){more, 1}, &d.err), 0);
	rs = finish(&d, &a);
	assert_lines_kept(buf_view(&d.out), rules, "\x01");
	assert_int_equal(rs->intents[0].blocks[0].n, 3);
	assert_str(rs->intents[0].blocks[0].phrases[2].text, "refund: now #1");
	assert_int_equal(rs->intents[1].n_blocks, 2);
	assert_str(rs->intents[1].blocks[1].phrases[0].text, "把钱还我");
	assert_int_equal(rs->intents[2].n_blocks, 1);
	end(&d);
	arena_done(&a);
}

static void tests_are_added_to_one_or_none(void **state)
{
	static const struct str says[] = {{"能退吗", 9}};
	struct editing d;
	struct arena a;
	struct ruleset *rs;

	(void)state;
	arena_init(&a);
	begin(&d, rules);
	assert_int_equal(
		rules_edit_tests(&d.e, STR("refund"), (struct strs){says, 1}, false, &d.err), 0);
	assert_int_equal(rules_edit_tests(&d.e, STR("later"), (struct strs){says, 1}, true, &d.err),
			 0);
	rs = finish(&d, &a);
	assert_lines_kept(buf_view(&d.out), rules, "tests:");
	assert_true(str_find(buf_view(&d.out),
			     STR("    tests: [我想退钱, {say: 能退吗, not: refund}]\n"),
			     0) != SIZE_MAX);
	assert_int_equal(rs->intents[0].n_tests, 2);
	assert_str(rs->intents[0].tests[1].not_intent, "refund");
	assert_int_equal(rs->intents[2].n_tests, 1);
	end(&d);
	arena_done(&a);
}

static void synonyms_are_added_to_a_word_or_make_one(void **state)
{
	static const struct str more[] = {{"返现", 6}};
	struct editing d;
	struct arena a;
	struct ruleset *rs;

	(void)state;
	arena_init(&a);
	begin(&d, rules);
	assert_int_equal(rules_edit_words(&d.e, STR("退款"), (struct strs){more, 1}, &d.err), 0);
	assert_int_equal(rules_edit_words(&d.e, STR("发票"), (struct strs){more, 0}, &d.err),
			 ERR_INVALID);
	rs = finish(&d, &a);
	assert_lines_kept(buf_view(&d.out), rules, "# money\n");
	assert_true(str_find(buf_view(&d.out), STR("[退钱, refund, 返现]   # money\n"), 0) !=
		    SIZE_MAX);
	assert_int_equal(rs->words[0].n, 3);
	end(&d);
	begin(&d, "intents: {}\n");
	assert_int_equal(rules_edit_words(&d.e, STR("退款"), (struct strs){more, 1}, &d.err), 0);
	assert_int_equal(yaml_edit_finish(&d.e, &d.out, &d.err), 0);
	assert_str(buf_view(&d.out), "intents: {}\nwords:\n  退款: [返现]\n");
	end(&d);
	arena_done(&a);
}

static void an_faq_entry_goes_behind_the_others_or_begins_the_list(void **state)
{
	static const struct str question[] = {{"课程能下载吗？", 21}}, zh[] = {{"可以。", 9}},
				en[] = {{"Yes: in the app.", 16}},
				also[] = {{"怎么下载", 12}, {"download?", 9}};
	static const struct text_lang q[] = {{{NULL, 0}, {question, 1}}},
				      answers[] = {{{"zh", 2}, {zh, 1}}, {{"en", 2}, {en, 1}}};
	static const struct text ask = {.langs = q, .n = 1}, answer = {.langs = answers, .n = 2};
	const struct faq_draft draft = {{"download", 8}, &ask, &answer, {also, 2}, {0}, {0}};
	static const char entry[] =
		"  - id: download\n    q: 课程能下载吗？\n    also: [怎么下载, download?]\n"
		"    a:\n      zh: 可以。\n      en: \"Yes: in the app.\"\n";
	struct editing d;
	struct arena a;
	struct ruleset *rs;

	(void)state;
	arena_init(&a);
	begin(&d, rules);
	assert_int_equal(rules_edit_faq(&d.e, &draft, &d.err), 0);
	rs = finish(&d, &a);
	assert_lines_kept(buf_view(&d.out), rules, "\x01");
	assert_true(str_ends(buf_view(&d.out), str_of(entry)));
	assert_int_equal(rs->n_faq, 2);
	end(&d);
	begin(&d, "# mine\n");
	assert_int_equal(rules_edit_faq(&d.e, &draft, &d.err), 0);
	finish(&d, &a);
	assert_true(str_starts(buf_view(&d.out), STR("# mine\nfaq:\n  - id: download\n")));
	end(&d);
	begin(&d, "faq: [{id: download, q: a, a: b}]\n");
	assert_int_equal(rules_edit_faq(&d.e, &draft, &d.err), ERR_INVALID);
	end(&d);
	arena_done(&a);
}

static void an_intent_of_another_file_is_not_found(void **state)
{
	struct editing d;

	(void)state;
	begin(&d, rules);
	assert_int_equal(rules_edit_phrases(&d.e, STR("nobody"), (struct strs){0}, &d.err),
			 ERR_NOT_FOUND);
	assert_string_equal(d.err.text, "t.yaml: no intent 'nobody' in this file");
	assert_int_equal(yaml_edit_finish(&d.e, &d.out, &d.err), 0);
	assert_str(buf_view(&d.out), rules);
	end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases_go_behind_the_others_or_into_a_new_list),
		cmocka_unit_test(tests_are_added_to_one_or_none),
		cmocka_unit_test(synonyms_are_added_to_a_word_or_make_one),
		cmocka_unit_test(an_faq_entry_goes_behind_the_others_or_begins_the_list),
		cmocka_unit_test(an_intent_of_another_file_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include "draft.h"

struct sample {
	const char *was, *now, *diff;
	size_t line;
};

static void a_diff_shows_what_was_put_in_and_two_lines_around(void **state)
{
	static const struct sample samples[] = {
		{"a\nb\nc\nd\n", "a\nb\nx\nc\nd\n",
		 "--- f\n+++ f\n@@ -1,4 +1,5 @@\n a\n b\n+x\n c\n d\n", 3},
		{"a\nb\nc\n", "a\nB\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", 2},
		{"a\n", "a\na\n", "--- f\n+++ f\n@@ -1,1 +1,2 @@\n a\n+a\n", 2},
		{"a", "a\nb\n",
		 "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n", 1},
		{"", "a\n", "--- f\n+++ f\n@@ -1,0 +1,1 @@\n+a\n", 1},
		{"a\n", "a\n", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *one = &samples[i];
		struct buf out = {0};

		assert_int_equal(draft_diff(STR("f"), str_of(one->was), str_of(one->now), &out),
				 one->line);
		assert_string_equal(out.n ? out.p : "", one->diff);
		buf_done(&out);
	}
}

static const char rules[] = "# ours\nintents:\n  pay:\n    when: {phrases: [怎么付款]} # few\n"
			    "    answer: 点这里\nfaq:\n  - id: vat\n    q: 有发票吗\n    a: 有\n";

static void expect(struct arena *a, struct draft d, const char *gone, const char *come)
{
	struct buf now = {0}, want = {0};
	struct err err = {0};
	size_t at = str_find(str_of(rules), str_of(gone), 0);

	(void)a;
	assert_int_equal(draft_check(&d, true, &err), 0);
	if (draft_make(&d, STR("f.yaml"), str_of(rules), &now, &err) != 0)
		fail_msg("%s", err.text);
	buf_put(&want, rules, at);
	buf_cstr(&want, come);
	buf_cstr(&want, rules + at + strlen(gone));
	assert_string_equal(now.p, want.p);
	buf_done(&now);
	buf_done(&want);
}

static void a_draft_changes_no_other_line(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	expect(&a, (struct draft){DRAFT_PHRASE, STR(" 能用微信付吗 "), .intent = STR("pay")},
	       "[怎么付款]", "[怎么付款, 能用微信付吗]");
	expect(&a, (struct draft){DRAFT_TEST, STR("能用微信付吗"), .intent = STR("pay")},
	       "点这里\n", "点这里\n    tests:\n      - 能用微信付吗\n");
	expect(&a, (struct draft){DRAFT_PHRASE, STR("开票吗"), .id = STR("vat")}, "a: 有\n",
	       "a: 有\n    also:\n      - 开票吗\n");
	expect(&a,
	       (struct draft){DRAFT_FAQ, STR("能试听吗"), .id = STR("trial"),
			      .answer = draft_text(&a, STR("zh"), STR("可以。"))},
	       "a: 有\n", "a: 有\n  - id: trial\n    q: 能试听吗\n    a:\n      zh: 可以。\n");
	arena_done(&a);
}

static void a_draft_that_is_not_whole_is_refused(void **state)
{
	struct arena a;
	struct err err;

	(void)state;
	arena_init(&a);
	const struct text answer = draft_text(&a, STR_NONE, STR("x"));
	const struct draft bad[] = {
		{DRAFT_PHRASE, STR("x"), .intent = STR_NONE},
		{DRAFT_PHRASE, STR(" "), .intent = STR("pay")},
		{DRAFT_PHRASE, STR("x"), .intent = STR("pay"), .id = STR("vat")},
		{DRAFT_PHRASE, STR("x"), .intent = STR("pay"), .answer = answer},
		{DRAFT_PHRASE, STR("我是138****5678"), .intent = STR("pay")},
		{DRAFT_TEST, STR("x"), .id = STR("vat")},
		{DRAFT_TEST, STR("x"), .intent = STR_NONE},
		{DRAFT_FAQ, STR("x"), .id = STR("new")},
		{DRAFT_FAQ, STR("x"), .intent = STR("pay"), .answer = answer},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(draft_check(&bad[i], true, &err), ERR_INVALID);
	assert_int_equal(draft_check(&bad[4], false, &err), 0);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_diff_shows_what_was_put_in_and_two_lines_around),
		cmocka_unit_test(a_draft_changes_no_other_line),
		cmocka_unit_test(a_draft_that_is_not_whole_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "fixture.h"

#include "kb/faq_row.h"

#define RULES                                                                                      \
	"version: 1\nlanguages: [zh, en]\nintents:\n  hi:\n    when: {keywords: [你好]}\n"       \
	"    answer: {zh: 您好, en: Hi}\nfaq:\n  - {id: invoice, q: 怎么开发票, a: {zh: "   \
	"文件里的, en: File}}\n"

static int build(struct fixture *x, const char *rules, struct snapshot **out, struct err *err)
{
	const struct snapshot_source src = {.intents_path = x->path, .db_path = x->db, .serial = 2};
	struct diags diags;
	int rc;

	fixture_write(x->path, rules);
	diags_init(&diags, false);
	rc = snapshot_build(&src, &diags, out, err);
	diags_done(&diags);
	return rc;
}

static void faq_of_the_database_is_answered_beside_the_files(void **state)
{
	struct faq_row rows[] = {
		{STR("wifi"), STR("教室有无线网吗"), STR("wifi密码是多少; WLAN"),
		 STR("有，密码在前台。"), STR("校区")},
		{STR("invoice"), STR("发票怎么弄"), STR_NONE, STR("数据库里的"), STR_NONE}};
	struct fixture x;
	struct store *store;
	struct err err;

	(void)state;
	fixture_open(&x, RULES, NULL);
	assert_int_equal(store_open(x.db, STORE_WRITE, &store, &err), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(faq_row_put(store, &rows[i], &err), 0);
	store_close(store);
	snapshot_unref(x.snapshot);
	fixture_snapshot(&x);
	assert_str(fixture_say(&x, "教室里有无线网吗？")->text, "有，密码在前台。");
	assert_str(x.turn.reply.intent, "faq:wifi");
	assert_str(fixture_say(&x, "怎么开发票")->text, "文件里的");
	assert_str(fixture_turn(&x, TURN_CLICK, "faq:wifi")->text, "有，密码在前台。");
	fixture_close(&x);
}

static void rules_with_mistakes_give_no_snapshot_and_the_first_of_them(void **state)
{
	struct fixture x;
	struct snapshot *s = NULL;
	struct err err = {0};

	(void)state;
	fixture_open(&x, RULES, NULL);
	assert_int_equal(build(&x, RULES "words: [x]\nnonsense: 1\n", &s, &err), ERR_INVALID);
	assert_null(s);
	assert_non_null(strstr(err.text, "intents.yaml:"));
	fixture_close(&x);
}

static void rules_that_answer_nothing_are_refused(void **state)
{
	struct fixture x;
	struct snapshot *s = NULL;
	struct err err = {0};

	(void)state;
	fixture_open(&x, RULES, NULL);
	assert_int_equal(build(&x, "", &s, &err), ERR_INVALID);
	assert_int_equal(build(&x, "version: 1\nlanguages: [zh]\n", &s, &err), ERR_INVALID);
	assert_non_null(strstr(err.text, "no intents"));
	fixture_close(&x);
}

static void a_missing_database_is_said(void **state)
{
	struct fixture x;
	struct snapshot *s = NULL;
	struct err err = {0};

	(void)state;
	fixture_open(&x, RULES, NULL);
	snprintf(x.db, sizeof x.db, "%s/none.db", x.folder);
	assert_true(build(&x, RULES, &s, &err) < 0);
	assert_non_null(strstr(err.text, "none.db"));
	fixture_close(&x);
}

static void a_snapshot_lives_until_its_last_reference(void **state)
{
	struct fixture x;
	struct snapshot *s;

	(void)state;
	fixture_open(&x, RULES, NULL);
	s = snapshot_ref(x.snapshot);
	snapshot_unref(x.snapshot);
	assert_str(fixture_say(&x, "你好")->text, "您好");
	assert_ptr_equal(s, x.snapshot);
	fixture_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faq_of_the_database_is_answered_beside_the_files),
		cmocka_unit_test(rules_with_mistakes_give_no_snapshot_and_the_first_of_them),
		cmocka_unit_test(rules_that_answer_nothing_are_refused),
		cmocka_unit_test(a_missing_database_is_said),
		cmocka_unit_test(a_snapshot_lives_until_its_last_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

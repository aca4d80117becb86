#include "unit/kb/kb.h"

#include <math.h>

#include "kb/faq.h"
#include "text/lexicon.h"

enum { ENTRIES = 8 };

static const struct {
	const char *id, *questions[4], *answer;
} entries[ENTRIES] = {
	{"invoice",
	 {"怎么开发票？", "能开票吗", "How do I get an invoice?"},
	 "订单页点「申请开票」，1 个工作日内发到邮箱。Open the order page and choose Invoice."},
	{"refund",
	 {"怎么申请退款", "课程不满意可以退吗", "How can I get my money back?"},
	 "购买七天内可以在订单页申请退款。"},
	{"refund_time", {"退款多久到账？", "How long does a refund take?"}, "三个工作日内到账。"},
	{"password",
	 {"忘记密码怎么办", "I forgot my password", "重置登录密码"},
	 "在登录页点忘记密码，按短信提示操作。Choose Forgot password on the login page."},
	{"certificate",
	 {"学完有证书吗", "Do I get a certificate?"},
	 "完成全部章节后自动颁发结业证书。"},
	{"download",
	 {"课程可以下载吗", "Can I download the videos for offline viewing?"},
	 "手机客户端支持缓存，离线观看。"},
	{"teacher", {"怎么联系老师", "How do I contact the instructor?"}, "在课程讨论区提问。"},
	{"device",
	 {"可以同时在几台设备上学习", "How many devices can I use?"},
	 "同一账号最多三台设备。"},
};

struct world {
	struct arena arena;
	const struct lexicon *lexicon;
	struct faq_index *faq;
};

static struct faq_index *make_index(struct world *w, size_t n)
{
	struct faq_doc *docs = ARENA_ARRAY(&w->arena, struct faq_doc, n);

	for (size_t i = 0; i < n; i++) {
		struct str *questions = ARENA_ARRAY(&w->arena, struct str, 4);

		docs[i] = (struct faq_doc){str_of(entries[i].id), questions, 0,
					   str_of(entries[i].answer)};
		while (docs[i].n < 4 && entries[i].questions[docs[i].n]) {
			questions[docs[i].n] = str_of(entries[i].questions[docs[i].n]);
			docs[i].n++;
		}
	}
	return faq_index_new(w->lexicon, docs, n);
}

static int begin(void **state)
{
	static struct world w;
	static const char *const also[] = {"退钱", "退费"};
	struct str members[2] = {str_of(also[0]), str_of(also[1])};
	const struct synonym group = {STR("退款"), members, 2};

	arena_init(&w.arena);
	w.lexicon = lexicon_new(&w.arena, &group, 1, NULL, 0);
	w.faq = make_index(&w, ENTRIES);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	faq_index_free(w->faq);
	arena_done(&w->arena);
	return 0;
}

static size_t ask(struct world *w, const char *text, struct faq_hit *out, size_t max)
{
	struct utterance u;
	size_t n;

	utterance_read(&w->arena, w->lexicon, str_of(text), &u);
	n = faq_search(w->faq, &w->arena, &u, out, max);
	assert_true(n <= max);
	for (size_t i = 0; i < n; i++) {
		assert_true(out[i].doc < ENTRIES);
		assert_true(out[i].score >= 0 && out[i].score <= 1);
		assert_true(i == 0 || out[i - 1].score >= out[i].score);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(out[i].doc, out[j].doc);
	}
	return n;
}

static void a_question_as_written_scores_one(void **state)
{
	struct world *w = *state;
	struct faq_hit hits[3];

	for (size_t i = 0; i < ENTRIES; i++)
		for (size_t k = 0; k < 4 && entries[i].questions[k]; k++) {
			assert_true(ask(w, entries[i].questions[k], hits, 3) >= 1);
			assert_string_equal(entries[hits[0].doc].id, entries[i].id);
			assert_true(hits[0].score > .99);
		}
	assert_true(ask(w, "ＨＯＷ do i GET an invoice", hits, 3) >= 1);
	assert_true(hits[0].score > .99);
	assert_string_equal(entries[hits[0].doc].questions[hits[0].wording],
			    "How do I get an invoice?");
}

static void other_wordings_are_found_with_fair_scores(void **state)
{
	static const struct {
		const char *text, *id;
	} cases[] = {
		{"请问怎么开发票呀", "invoice"},
		{"发票怎么开", "invoice"},
		{"我要申请退款", "refund"},
		{"退款要多久才到账", "refund_time"},
		{"我的密码忘记了怎么办", "password"},
		{"i forgot the password", "password"},
		{"can I download videos", "download"},
		{"视频课程能下载吗", "download"},
		{"how to contact my instructor", "teacher"},
		{"会有证书吗", "certificate"},
	};
	struct world *w = *state;
	struct faq_hit hits[3];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(ask(w, cases[i].text, hits, 3) >= 1);
		assert_string_equal(entries[hits[0].doc].id, cases[i].id);
		if (hits[0].score < .45 || hits[0].score > .99)
			fail_msg("%s: %g", cases[i].text, hits[0].score);
	}
}

static void what_is_not_in_the_faq_stays_under_ask_at(void **state)
{
	static const char *const foreign[] = {
		"今天天气怎么样",
		"红烧肉怎么做",
		"asdf qwer zxcv",
		"what is the capital of France",
		"给我讲个笑话",
		"帮我订一张去北京的机票",
		"play some jazz music",
		"1234567",
		"😀😀",
		"。。。",
		"how are you today",
		"谁是美国总统",
	};
	struct world *w = *state;
	struct faq_hit hits[3];

	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (ask(w, foreign[i], hits, 3) && hits[0].score >= .45)
			fail_msg("%s: %g as %s", foreign[i], hits[0].score,
				 entries[hits[0].doc].id);
	assert_int_equal(ask(w, "", hits, 3), 0);
}

static void a_synonym_stands_for_its_head(void **state)
{
	struct world *w = *state;
	struct faq_hit a[3], b[3];

	assert_true(ask(w, "退款多久到账？", a, 3) >= 1);
	assert_true(ask(w, "退钱多久到账？", b, 3) >= 1);
	assert_string_equal(entries[b[0].doc].id, "refund_time");
	assert_true(a[0].score == b[0].score);
}

static void typing_errors_are_borne(void **state)
{
	struct world *w = *state;
	struct faq_hit hits[3];

	assert_true(ask(w, "how do i get an invocie", hits, 3) >= 1);
	assert_string_equal(entries[hits[0].doc].id, "invoice");
	assert_true(hits[0].score >= .45);
	assert_true(ask(w, "forgot my pasword", hits, 3) >= 1);
	assert_string_equal(entries[hits[0].doc].id, "password");
}

static void characters_typed_by_their_sound_are_found(void **state)
{
	static const struct {
		const char *text, *id;
	} cases[] = {
		{"忘记蜜马怎么办", "password"},
		{"怎么开发漂", "invoice"},
		{"学完有正书吗", "certificate"},
		{"克成可以下崽吗", "download"},
	};
	struct world *w = *state;
	struct faq_hit hits[3], right[3];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(ask(w, cases[i].text, hits, 3) >= 1);
		assert_string_equal(entries[hits[0].doc].id, cases[i].id);
		if (hits[0].score < .45)
			fail_msg("%s: %g", cases[i].text, hits[0].score);
	}
	/* Never as sure as when typed right. */
	assert_true(ask(w, "学完有证书吗", right, 3) >= 1);
	assert_true(ask(w, "学完有正书吗", hits, 3) >= 1);
	assert_true(hits[0].score < right[0].score);
}

static void of_the_same_words_those_in_order_win(void **state)
{
	static const struct str left = {"取消订单退款", 18}, right = {"退款取消订单", 18};
	const struct faq_doc docs[2] = {{STR("a"), &left, 1, STR_NONE},
					{STR("b"), &right, 1, STR_NONE}};
	struct world *w = *state;
	struct faq_index *two = faq_index_new(w->lexicon, docs, 2);
	struct faq_hit hits[2];
	struct utterance u;

	utterance_read(&w->arena, w->lexicon, STR("我要取消订单退款"), &u);
	assert_int_equal(faq_search(two, &w->arena, &u, hits, 2), 2);
	assert_int_equal(hits[0].doc, 0);
	utterance_read(&w->arena, w->lexicon, STR("我要退款取消订单"), &u);
	assert_int_equal(faq_search(two, &w->arena, &u, hits, 2), 2);
	assert_int_equal(hits[0].doc, 1);
	faq_index_free(two);
}

static void many_wordings_do_not_win_by_their_number(void **state)
{
	const struct str many[] = {STR("课程进度在哪里看"),	STR("在哪里可以看到课程进度"),
				   STR("哪里看课程的学习进度"), STR("怎么看课程进度"),
				   STR("课程进度怎么查"),	STR("课程学到哪里了在哪看")};
	const struct str one = STR("课程证书怎么看");
	const struct faq_doc docs[2] = {{STR("many"), many, sizeof many / sizeof *many, STR_NONE},
					{STR("one"), &one, 1, STR_NONE}};
	struct world *w = *state;
	struct faq_index *two = faq_index_new(w->lexicon, docs, 2);
	struct faq_hit hits[2];
	struct utterance u;

	utterance_read(&w->arena, w->lexicon, STR("我的课程证书在哪里看"), &u);
	assert_int_equal(faq_search(two, &w->arena, &u, hits, 2), 2);
	assert_int_equal(hits[0].doc, 1);
	utterance_read(&w->arena, w->lexicon, STR("我的课程进度在哪里看"), &u);
	assert_int_equal(faq_search(two, &w->arena, &u, hits, 2), 2);
	assert_int_equal(hits[0].doc, 0);
	faq_index_free(two);
}

static void words_only_in_an_answer_are_enough_to_ask_not_to_answer(void **state)
{
	struct world *w = *state;
	struct faq_hit hits[3];

	assert_true(ask(w, "离线缓存", hits, 3) >= 1);
	assert_string_equal(entries[hits[0].doc].id, "download");
	assert_true(hits[0].score >= .4 && hits[0].score < .75);
	assert_true(ask(w, "章节颁发", hits, 1) == 1);
	assert_string_equal(entries[hits[0].doc].id, "certificate");
}

/* Returns whether the search that need not find them all found any. */
static bool ask_from(struct world *w, const char *text, double least)
{
	struct faq_hit all[ENTRIES], hits[ENTRIES];
	size_t n_all = ask(w, text, all, ENTRIES), n;
	struct utterance u;

	utterance_read(&w->arena, w->lexicon, str_of(text), &u);
	n = faq_search_from(w->faq, &w->arena, &u, least, hits, ENTRIES);
	if (n == 0) {
		assert_true(n_all == 0 || all[0].score < least);
		return false;
	}
	assert_int_equal(n, n_all);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(hits[i].doc, all[i].doc);
		assert_int_equal(hits[i].wording, all[i].wording);
		assert_true(hits[i].score == all[i].score);
	}
	return true;
}

static void a_search_from_a_score_on_finds_all_or_nothing_below_it(void **state)
{
	static const char *const texts[] = {"怎么申请退款",
					    "退宽多久到帐",
					    "离线缓存",
					    "章节颁发",
					    "请问可以吗",
					    "好的",
					    "i forgot it",
					    "how many days",
					    "money password",
					    "发票 能 下载",
					    "",
					    "。"};
	static const double leasts[] = {0, .2, .44, .45, .5, .55, .6, .7, .75, .9, 1};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t k = 0; k < sizeof leasts / sizeof *leasts; k++)
			ask_from(w, texts[i], leasts[k]);
}

static void what_is_about_something_else_is_not_searched_to_its_end(void **state)
{
	static const char *const texts[] = {"今天天气怎么样", "play some jazz music please"};
	struct world *w = *state;
	struct faq_hit hits[1];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(ask(w, texts[i], hits, 1), 1); /* something is a bit like it */
		assert_false(ask_from(w, texts[i], .45));
	}
	assert_true(ask_from(w, "今天退款多久到账", .45));
	assert_true(ask_from(w, "离线缓存", .45)); /* its answer's words alone */
}

static double likeness(struct world *w, const char *text, const char *other)
{
	struct utterance u, v;

	utterance_read(&w->arena, w->lexicon, str_of(text), &u);
	utterance_read(&w->arena, w->lexicon, str_of(other), &v);
	return faq_likeness(w->faq, &w->arena, &u, &v);
}

static void other_texts_are_as_like_as_a_wording_would_be(void **state)
{
	struct world *w = *state;
	struct faq_hit hits[1];

	assert_int_equal(ask(w, "请问怎么申请退款", hits, 1), 1);
	assert_true(fabs(likeness(w, "请问怎么申请退款", "怎么申请退款") - hits[0].score) < .01);
	assert_true(likeness(w, "怎么申请退款", "怎么申请退款") > .999);
	assert_true(likeness(w, "怎么申请退款", "how do I pay") == 0);
	assert_true(likeness(w, "怎么申请退款", "") == 0);
	assert_true(likeness(w, "怎么申请退款", "申请退款") >
		    likeness(w, "怎么申请退款", "申请证书"));
}

static void the_list_is_cut_at_max_and_the_same_every_time(void **state)
{
	struct world *w = *state;
	struct faq_hit one[1], many[8], again[8];
	size_t n = ask(w, "怎么退款 invoice password", many, 8);

	assert_true(n >= 3);
	assert_int_equal(ask(w, "怎么退款 invoice password", again, 8), n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(many[i].doc, again[i].doc);
		assert_true(many[i].score == again[i].score);
	}
	assert_int_equal(ask(w, "怎么退款 invoice password", one, 1), 1);
	assert_int_equal(one[0].doc, many[0].doc);
	assert_int_equal(ask(w, "怎么退款", one, 0), 0);
}

static void an_empty_faq_and_empty_entries_are_searched_safely(void **state)
{
	struct world *w = *state;
	const struct faq_doc hollow[2] = {{STR("a"), NULL, 0, STR_NONE},
					  {STR("b"), NULL, 0, STR("你好 世界")}};
	struct faq_index *full = w->faq;
	struct faq_hit hits[2];
	struct utterance u;

	utterance_read(&w->arena, w->lexicon, STR("你好世界"), &u);
	w->faq = faq_index_new(w->lexicon, NULL, 0);
	assert_int_equal(faq_search(w->faq, &w->arena, &u, hits, 2), 0);
	faq_index_free(w->faq);
	w->faq = faq_index_new(w->lexicon, hollow, 2);
	assert_int_equal(faq_search(w->faq, &w->arena, &u, hits, 2), 1);
	assert_int_equal(hits[0].doc, 1);
	assert_int_equal(hits[0].wording, 0);
	faq_index_free(w->faq);
	faq_index_free(NULL);
	w->faq = full;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_as_written_scores_one),
		cmocka_unit_test(other_wordings_are_found_with_fair_scores),
		cmocka_unit_test(what_is_not_in_the_faq_stays_under_ask_at),
		cmocka_unit_test(a_synonym_stands_for_its_head),
		cmocka_unit_test(typing_errors_are_borne),
		cmocka_unit_test(characters_typed_by_their_sound_are_found),
		cmocka_unit_test(of_the_same_words_those_in_order_win),
		cmocka_unit_test(many_wordings_do_not_win_by_their_number),
		cmocka_unit_test(words_only_in_an_answer_are_enough_to_ask_not_to_answer),
		cmocka_unit_test(a_search_from_a_score_on_finds_all_or_nothing_below_it),
		cmocka_unit_test(what_is_about_something_else_is_not_searched_to_its_end),
		cmocka_unit_test(other_texts_are_as_like_as_a_wording_would_be),
		cmocka_unit_test(the_list_is_cut_at_max_and_the_same_every_time),
		cmocka_unit_test(an_empty_faq_and_empty_entries_are_searched_safely),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

#include "unit/unit.h"

#include <pthread.h>

#include "intents/phrase.h"

static struct arena arena;
static const struct lexicon *lexicon;
static const struct phrase_model *model;

static const struct str members[] = {STR_INIT("退钱"), STR_INIT("refund"), STR_INIT("money back")};
static const struct synonym words[] = {{STR_INIT("退款"), members, 3}};
static const struct entity course = {.name = STR_INIT("course")};

enum { REFUND, INVOICE, LOGIN, CERTIFICATE };

#define PHRASE(text, intent, line)                                                                 \
	{                                                                                          \
		STR_INIT(text), (intent), {STR_INIT("t.yaml"), (line), 1}, false                   \
	}

static const struct phrase phrases[] = {
	PHRASE("我要退掉<course>", REFUND, 1),
	PHRASE("能不能退款", REFUND, 2),
	PHRASE("怎么申请退款", REFUND, 3),
	PHRASE("how do I get a refund for <course>", REFUND, 4),
	PHRASE("怎么开发票", INVOICE, 5),
	PHRASE("可以给我开票吗", INVOICE, 6),
	PHRASE("how do I get an invoice", INVOICE, 7),
	PHRASE("登录不了怎么办", LOGIN, 8),
	PHRASE("我忘记密码了", LOGIN, 9),
	PHRASE("I cannot sign in to my account", LOGIN, 10),
	PHRASE("证书 * 下载", CERTIFICATE, 11),
	PHRASE("在哪里看结业证书", CERTIFICATE, 12),
	PHRASE("where is my certificate", CERTIFICATE, 13),
};

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, words, 1, NULL, 0);
	model = phrase_model_new(&arena, lexicon, phrases, sizeof phrases / sizeof *phrases, NULL);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	phrase_model_free(model);
	arena_done(&arena);
	return 0;
}

/* `named` is a stretch of the message that is a course. */
static struct phrase_score best(const char *message, const char *named)
{
	struct utterance u;
	struct phrase_scores s;
	struct found found = {.entity = &course, .value = STR("py101")};
	struct founds founds = {.v = &found, .n = named ? 1 : 0};

	utterance_read(&arena, lexicon, str_of(message), &u);
	if (named) {
		found.from = (uint32_t)str_find(u.normal.text, str_of(named), 0);
		found.to = found.from + (uint32_t)strlen(named);
		assert_true(found.to <= u.normal.text.n);
	}
	phrase_score(model, &arena, &u, &founds, &s);
	for (size_t i = 1; i < s.n; i++)
		assert_true(s.v[i - 1].score >= s.v[i].score);
	return s.n ? s.v[0] : (struct phrase_score){.intent = UINT32_MAX};
}

static void an_example_itself_is_sure(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		struct phrase_score s;

		if (str_find(phrases[i].text, STR("<"), 0) != SIZE_MAX)
			continue;
		s = best(phrases[i].text.p, NULL);
		if (s.intent != phrases[i].intent || s.score < 0.9)
			fail_msg("%s: intent %u, %f", phrases[i].text.p, s.intent, s.score);
		assert_int_equal(s.nearest->mark.line, phrases[i].mark.line);
	}
}

static void names_of_code_are_read_as_words(void **state)
{
	static const char *const names[] = {"ORDER_STATUS", "order-status", "orderStatus",
					    "Order Status", "order.status"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct str read = normal_text(&arena, phrase_of_name(&arena, str_of(names[i])));

		assert_true(str_eq(read, STR("order status")));
	}
	assert_true(str_eq(phrase_of_name(&arena, STR("退款")), STR("退款")));
	assert_true(str_eq(phrase_of_name(&arena, STR("")), STR("")));
}

static void paraphrases_are_answered(void **state)
{
	static const struct {
		const char *text;
		uint32_t intent;
	} cases[] = {
		{"请问怎么开发票呢", INVOICE},
		{"能退钱吗", REFUND},
		{"怎么申请退钱", REFUND},
		{"how can I get my money back", REFUND},
		{"密码忘记了", LOGIN},
		{"怎么登录不了", LOGIN},
		{"证书怎么下载", CERTIFICATE},
		{"结业证书在哪看", CERTIFICATE},
		{"how do i get invoices", INVOICE},
		{"I can't sign in", LOGIN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct phrase_score s = best(cases[i].text, NULL);

		if (s.intent != cases[i].intent || s.score < 0.45)
			fail_msg("%s: intent %u, %f", cases[i].text, s.intent, s.score);
	}
}

static void nonsense_and_other_talk_stay_low(void **state)
{
	static const char *const texts[] = {"asdf qwer zxcv",
					    "今天天气怎么样",
					    "你喜欢吃苹果吗",
					    "what is the capital of France",
					    "哈哈哈",
					    "。。。",
					    "1234567",
					    "帮我写一首关于春天的诗",
					    "the quick brown fox"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct phrase_score s = best(texts[i], NULL);

		if (s.intent != UINT32_MAX && s.score >= 0.45)
			fail_msg("%s: intent %u, %f", texts[i], s.intent, s.score);
	}
}

static void an_entity_meets_its_slot_but_is_not_required(void **state)
{
	struct phrase_score with = best("我要退掉零基础爬虫实战营", "零基础爬虫实战营");
	struct phrase_score without = best("我要退掉零基础爬虫实战营", NULL);
	struct phrase_score bare = best("我要退掉", NULL);

	(void)state;
	assert_int_equal(with.intent, REFUND);
	assert_true(with.score >= 0.9);
	assert_true(without.score < with.score);
	assert_int_equal(bare.intent, REFUND);
	assert_true(bare.score >= 0.75);
	assert_str(with.nearest_text, "我要退掉<course>");
}

static void no_phrases_or_one_intent_still_work(void **state)
{
	const struct phrase_model *whole = model;
	struct phrase_score s;

	(void)state;
	model = phrase_model_new(&arena, lexicon, NULL, 0, NULL);
	assert_int_equal(best("怎么开发票", NULL).intent, UINT32_MAX);
	phrase_model_free(model);
	model = phrase_model_new(&arena, lexicon, phrases + 4, 3, NULL);
	s = best("怎么开发票", NULL);
	assert_int_equal(s.intent, INVOICE);
	assert_true(s.score >= 0.9);
	s = best("今天天气很好", NULL);
	assert_true(s.intent == UINT32_MAX || s.score < 0.45);
	phrase_model_free(model);
	model = whole;
}

static const struct phrase_model *again(const struct lexicon *l, const struct phrase *v, size_t n,
					const struct phrase_model *previous)
{
	const struct phrase_before before = {previous, lexicon};

	return phrase_model_new(&arena, l, v, n, previous ? &before : NULL);
}

static void the_same_examples_are_trained_on_once_and_edited_ones_again(void **state)
{
	enum { N = sizeof phrases / sizeof *phrases };
	static const struct str term = STR_INIT("怎么开发");
	const struct lexicon *other = lexicon_new(&arena, words, 1, &term, 1);
	const struct phrase_model *whole = model, *same, *edited;
	const struct phrase_model *first = again(lexicon, phrases, N, NULL);
	struct phrase moved[N];
	struct phrase_score before, after;

	(void)state;
	memcpy(moved, phrases, sizeof moved);
	moved[0].mark.line = 99;
	same = again(lexicon, moved, N, first);
	assert_int_equal(phrase_model_owners(same), 2);
	model = first;
	before = best(phrases[0].text.p, NULL);
	model = same;
	after = best(phrases[0].text.p, NULL);
	assert_true(before.score == after.score);
	assert_int_equal(after.nearest->mark.line, 99);
	phrase_model_free(first); /* the second lives on */
	assert_int_equal(phrase_model_owners(same), 1);
	assert_true(best(phrases[0].text.p, NULL).score == after.score);

	moved[1].text = STR("我有一个问题");
	edited = again(lexicon, moved, N, same);
	assert_int_equal(phrase_model_owners(edited), 1);
	phrase_model_free(edited);
	edited = again(other, phrases, N, same); /* the words are cut otherwise */
	assert_int_equal(phrase_model_owners(edited), 1);
	phrase_model_free(edited);
	moved[1].text = STR("能不能退款？"); /* written otherwise, read alike */
	edited = again(lexicon, moved, N, same);
	assert_int_equal(phrase_model_owners(edited), 2);
	model = edited;
	after = best(phrases[1].text.p, NULL);
	assert_true(str_eq(after.nearest_text, normal_text(&arena, moved[1].text)));
	phrase_model_free(edited);
	memcpy(moved, phrases, sizeof moved);
	moved[3].intent = moved[4].intent; /* the same texts, divided otherwise */
	edited = again(lexicon, moved, N, same);
	assert_int_equal(phrase_model_owners(edited), 1);
	phrase_model_free(edited);
	edited = again(lexicon, phrases, N - 1, same);
	assert_int_equal(phrase_model_owners(edited), 1);
	phrase_model_free(edited);
	phrase_model_free(same);
	model = whole;
}

static void *train_it(void *m)
{
	phrase_model_train(m);
	return NULL;
}

static void whoever_needs_it_first_trains_and_others_wait(void **state)
{
	enum { N = sizeof phrases / sizeof *phrases, THREADS = 4 };
	const struct phrase_model *whole = model, *late = again(lexicon, phrases, N, NULL);
	const struct phrase_model *shared = again(lexicon, phrases, N, late);
	struct phrase_score at_once = best(phrases[0].text.p, NULL), now;
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, train_it,
						(void *)(uintptr_t)(i % 2 ? late : shared)),
				 0);
	model = late;
	now = best(phrases[0].text.p, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(now.intent, at_once.intent);
	assert_true(now.score == at_once.score);
	phrase_model_free(late);
	phrase_model_free(shared);
	phrase_model_free(again(lexicon, phrases, N, NULL)); /* never asked: never trained */
	model = whole;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_example_itself_is_sure, open_all, close_all),
		cmocka_unit_test_setup_teardown(
			the_same_examples_are_trained_on_once_and_edited_ones_again, open_all,
			close_all),
		cmocka_unit_test_setup_teardown(whoever_needs_it_first_trains_and_others_wait,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(names_of_code_are_read_as_words, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(paraphrases_are_answered, open_all, close_all),
		cmocka_unit_test_setup_teardown(nonsense_and_other_talk_stay_low, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(an_entity_meets_its_slot_but_is_not_required,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(no_phrases_or_one_intent_still_work, open_all,
						close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

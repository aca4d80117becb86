#include "unit/unit.h"

#include <math.h>
#include <stdlib.h>

#include "intents/classify.h"
#include "intents/common.h"
#include "text/lexicon.h"

enum { REFUND, CERTIFICATE, VIDEO, INVOICE, CLASSES };

static const struct {
	const char *text;
	uint32_t class;
} examples[] = {
	{"我要退款", REFUND},
	{"课程买错了怎么退", REFUND},
	{"把钱退给我", REFUND},
	{"不想学了能退费吗", REFUND},
	{"I want my money back", REFUND},
	{"how do I get a refund", REFUND},
	{"证书怎么领", CERTIFICATE},
	{"学完有证书吗", CERTIFICATE},
	{"结业证书在哪里下载", CERTIFICATE},
	{"where is my certificate", CERTIFICATE},
	{"do I get a certificate at the end", CERTIFICATE},
	{"视频打不开", VIDEO},
	{"播放一直卡", VIDEO},
	{"视频没有声音", VIDEO},
	{"the video does not play", VIDEO},
	{"playback keeps buffering", VIDEO},
	{"怎么开发票", INVOICE},
	{"可以开增值税发票吗", INVOICE},
	{"发票抬头填错了", INVOICE},
	{"can I have an invoice", INVOICE},
	{"send me the invoice by mail", INVOICE},
};

enum { EXAMPLES = sizeof examples / sizeof *examples };

static struct arena arena;
static const struct lexicon *lexicon;
static const struct common *common;
static const struct classify *model;

static struct grams grams_of(const char *text)
{
	struct utterance u;
	struct grams grams;

	utterance_read(&arena, lexicon, str_of(text), &u);
	grams_read(&arena, common, &u, NULL, 0, &grams);
	return grams;
}

static const struct classify *train(struct arena *a, size_t n)
{
	struct classify_example *v = ARENA_ARRAY(&arena, struct classify_example, n);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct classify_example){.grams = grams_of(examples[i].text),
						 .class = examples[i].class};
	return classify_new(a, v, n, CLASSES);
}

static int open_model(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, NULL, 0, NULL, 0);
	common = common_new(&arena);
	model = train(&arena, EXAMPLES);
	return 0;
}

static int close_model(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct classify_hits read(const struct classify *m, const char *text)
{
	struct grams grams = grams_of(text);
	struct classify_hits hits;

	classify_read(m, &arena, &grams, &hits);
	return hits;
}

static void every_example_is_its_own_class_and_nearest(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct classify_hits hits = read(model, examples[i].text);

		assert_int_equal(hits.v[0].class, examples[i].class);
		assert_int_equal(hits.v[0].nearest, i);
		assert_true(hits.v[0].nearness > 0.97F);
		assert_true(hits.v[0].score > 0.75);
	}
}

static void new_wordings_find_their_class(void **state)
{
	static const struct {
		const char *text;
		uint32_t class;
	} cases[] = {
		{"买错课程了，想退款", REFUND},	  {"请把我的钱退回来", REFUND},
		{"money back please", REFUND},	  {"怎么下载结业证书", CERTIFICATE},
		{"certificates?", CERTIFICATE},	  {"视频播放没声音", VIDEO},
		{"my video is buffering", VIDEO}, {"发票怎么开", INVOICE},
		{"I need my invoice", INVOICE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct classify_hits hits = read(model, cases[i].text);

		if (hits.v[0].class != cases[i].class || hits.v[0].score < 0.45)
			print_error("%s: class %u, score %f\n", cases[i].text, hits.v[0].class,
				    hits.v[0].score);
		assert_int_equal(hits.v[0].class, cases[i].class);
		assert_true(hits.v[0].score >= 0.45);
	}
}

/* By its letters: whole words are mended before the model reads them. */
static void a_misspelt_word_still_tells_the_class(void **state)
{
	struct classify_hits hits = read(model, "I need an invoce");

	(void)state;
	assert_int_equal(hits.v[0].class, INVOICE);
	assert_true(hits.v[0].score >= 0.35);
}

static void talk_about_something_else_scores_low(void **state)
{
	static const char *const cases[] = {
		"今天天气真好",
		"附近哪家火锅好吃",
		"what is the capital of peru",
		"tell me a good joke",
		"asdf qwer zxcv",
		"哈哈哈哈",
		"明天会下雨吗",
		"recommend some jazz music",
		"",
		"?!……",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct classify_hits hits = read(model, cases[i]);

		if (hits.v[0].score >= 0.45)
			print_error("%s: class %u, score %f\n", cases[i], hits.v[0].class,
				    hits.v[0].score);
		assert_true(hits.v[0].score < 0.45);
	}
}

static void more_unknown_words_never_raise_the_score(void **state)
{
	static const char *const cases[] = {
		"I want a refund",
		"I want a refund zorglub",
		"I want a refund zorglub bulgroz",
		"I want a refund zorglub bulgroz grozbul ozzgrub",
	};
	double last = 1;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct classify_hits hits = read(model, cases[i]);

		assert_true(hits.v[0].score <= last);
		last = hits.v[0].score;
	}
}

static void hits_are_ordered_and_within_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct classify_hits hits = read(model, examples[i].text);

		assert_true(hits.n >= 1 && hits.n <= CLASSIFY_HITS);
		for (size_t k = 0; k < hits.n; k++) {
			const struct classify_hit *h = &hits.v[k];

			assert_true(h->score >= 0 && h->score <= 1);
			assert_true(h->nearness >= 0 && h->nearness <= 1);
			assert_true(h->class < CLASSES);
			assert_int_equal(examples[h->nearest].class, h->class);
			assert_true(k == 0 || h->score <= hits.v[k - 1].score);
		}
	}
}

static void the_same_examples_give_the_same_bits(void **state)
{
	struct arena other;
	const struct classify *again;

	(void)state;
	arena_init(&other);
	again = train(&other, EXAMPLES);
	assert_int_equal(classify_bytes(again), classify_bytes(model));
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct classify_hits a = read(model, examples[i].text);
		struct classify_hits b = read(again, examples[i].text);

		for (size_t k = 0; k < a.n; k++) {
			assert_memory_equal(&a.v[k].score, &b.v[k].score, sizeof a.v[k].score);
			assert_memory_equal(&a.v[k].margin, &b.v[k].margin, sizeof a.v[k].margin);
			assert_int_equal(a.v[k].class, b.v[k].class);
			assert_int_equal(a.v[k].nearest, b.v[k].nearest);
		}
	}
	arena_done(&other);
}

/* The texts in the other order, classes numbered the other way. */
static void how_examples_and_classes_are_listed_does_not_matter(void **state)
{
	struct classify_example v[EXAMPLES];
	const struct classify *other;

	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		size_t from = EXAMPLES - 1 - i;

		v[i] = (struct classify_example){.grams = grams_of(examples[from].text),
						 .class = CLASSES - 1 - examples[from].class};
	}
	other = classify_new(&arena, v, EXAMPLES, CLASSES);
	for (size_t i = 0; i < EXAMPLES; i++) {
		struct classify_hits a = read(model, examples[i].text);
		struct classify_hits b = read(other, examples[i].text);

		assert_int_equal(a.v[0].class, CLASSES - 1 - b.v[0].class);
		assert_true(fabs(a.v[0].score - b.v[0].score) < 1e-6);
	}
}

/* What it shares with other classes changes their scores, so a little is left. */
static void one_example_more_moves_scores_of_other_classes_little(void **state)
{
	static const char *const asked[] = {"买错课程了，想退款", "请把我的钱退回来",
					    "怎么下载结业证书",	  "视频播放没声音",
					    "certificates?",	  "my video is buffering"};
	struct classify_example v[EXAMPLES + 1];
	const struct classify *more;

	(void)state;
	v[0] = (struct classify_example){.grams = grams_of("please give us a receipt"),
					 .class = INVOICE};
	for (size_t i = 0; i < EXAMPLES; i++)
		v[i + 1] = (struct classify_example){.grams = grams_of(examples[i].text),
						     .class = examples[i].class};
	more = classify_new(&arena, v, EXAMPLES + 1, CLASSES);
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		struct classify_hit a = read(model, asked[i]).v[0], b = read(more, asked[i]).v[0];

		assert_int_equal(a.class, b.class);
		if (fabs(a.score - b.score) > 0.01)
			fail_msg("%s: %f, then %f", asked[i], a.score, b.score);
	}
}

static void the_name_of_a_class_is_learnt_from_but_never_the_nearest(void **state)
{
	struct classify_example v[EXAMPLES + 1];
	const struct classify *named;
	struct classify_hit before = read(model, "reimbursement").v[0], hit;

	(void)state;
	v[0] = (struct classify_example){
		.grams = grams_of("reimbursement"), .class = REFUND, .name = true};
	for (size_t i = 0; i < EXAMPLES; i++)
		v[i + 1] = (struct classify_example){.grams = grams_of(examples[i].text),
						     .class = examples[i].class};
	named = classify_new(&arena, v, EXAMPLES + 1, CLASSES);
	hit = read(named, "reimbursement").v[0];
	assert_int_equal(hit.class, REFUND);
	assert_true(hit.score > before.score + 0.1);
	assert_true(hit.nearest > 0 && hit.nearness < 0.5F);
}

static void a_model_of_nothing_says_nothing(void **state)
{
	const struct classify *empty = classify_new(&arena, NULL, 0, CLASSES);

	(void)state;
	assert_int_equal(read(empty, "我要退款").n, 0);
	assert_false(classify_knows(empty, grams_of("退").v[0].hash));
}

static void one_class_alone_still_refuses_what_it_does_not_know(void **state)
{
	const struct classify *one = train(&arena, 6);

	(void)state;
	assert_int_equal(read(one, "我想退款").v[0].class, REFUND);
	assert_true(read(one, "我想退款").v[0].score > read(one, "今天天气真好").v[0].score);
	assert_true(read(one, "今天天气真好").v[0].score < 0.45);
}

static void classes_without_examples_do_not_win(void **state)
{
	(void)state;
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(read(train(&arena, 11), examples[i].text).v[0].class,
				 examples[i].class);
}

static void a_very_long_message_is_read(void **state)
{
	char *text = malloc(60001);

	(void)state;
	for (size_t i = 0; i < 60000; i++)
		text[i] = (char)(i % 7 == 6 ? ' ' : 'a' + (i * i / 7) % 26);
	text[60000] = '\0';
	assert_true(read(model, text).v[0].score < 0.45);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_is_its_own_class_and_nearest),
		cmocka_unit_test(new_wordings_find_their_class),
		cmocka_unit_test(a_misspelt_word_still_tells_the_class),
		cmocka_unit_test(talk_about_something_else_scores_low),
		cmocka_unit_test(more_unknown_words_never_raise_the_score),
		cmocka_unit_test(hits_are_ordered_and_within_bounds),
		cmocka_unit_test(the_same_examples_give_the_same_bits),
		cmocka_unit_test(how_examples_and_classes_are_listed_does_not_matter),
		cmocka_unit_test(one_example_more_moves_scores_of_other_classes_little),
		cmocka_unit_test(the_name_of_a_class_is_learnt_from_but_never_the_nearest),
		cmocka_unit_test(a_model_of_nothing_says_nothing),
		cmocka_unit_test(one_class_alone_still_refuses_what_it_does_not_know),
		cmocka_unit_test(classes_without_examples_do_not_win),
		cmocka_unit_test(a_very_long_message_is_read),
	};

	return cmocka_run_group_tests(tests, open_model, close_model);
}

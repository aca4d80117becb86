#include "unit/unit.h"

#include "intents/eval_intents.h"

enum { REFUND, VIDEO, LABELS };

static struct arena arena;
static const struct lexicon *lexicon;

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, NULL, 0, NULL, 0);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

#define MESSAGE(text, label, part)                                                                 \
	{                                                                                          \
		STR_INIT(text), (label), (part)                                                    \
	}

#define TRAINING                                                                                   \
	MESSAGE("我要退款", REFUND, EVAL_TRAIN), MESSAGE("怎么申请退款", REFUND, EVAL_TRAIN),      \
		MESSAGE("把钱退给我", REFUND, EVAL_TRAIN),                                         \
		MESSAGE("退款多久到账", REFUND, EVAL_TRAIN),                                       \
		MESSAGE("课程能退吗", REFUND, EVAL_TRAIN),                                         \
		MESSAGE("视频打不开", VIDEO, EVAL_TRAIN),                                          \
		MESSAGE("视频一直卡", VIDEO, EVAL_TRAIN),                                          \
		MESSAGE("播放没有声音", VIDEO, EVAL_TRAIN),                                        \
		MESSAGE("视频播放黑屏", VIDEO, EVAL_TRAIN),                                        \
		MESSAGE("视频缓冲太慢", VIDEO, EVAL_TRAIN)

static struct eval_result run(const struct eval_message *v, size_t n, enum eval_rule rule)
{
	struct eval_set set = {v, n, LABELS, NULL};
	struct eval_result result;
	struct err err = {0};

	assert_int_equal(eval_intents_run(&set, lexicon, NULL, rule, 0.5, &result, &err), 0);
	return result;
}

#define RUN(v, rule) run((v), sizeof(v) / sizeof *(v), (rule))

static void assert_near(double actual, double expected)
{
	if (actual < expected - 1e-9 || actual > expected + 1e-9)
		fail_msg("%f is not %f", actual, expected);
}

/* One of four is asked about with the wrong label. */
static void measures_are_those_of_the_counts(void **state)
{
	static const struct eval_message v[] = {
		TRAINING,
		MESSAGE("想退款", REFUND, EVAL_TEST),
		MESSAGE("申请退款", REFUND, EVAL_TEST),
		MESSAGE("视频卡", VIDEO, EVAL_TEST),
		MESSAGE("视频黑屏", REFUND, EVAL_TEST),
	};
	struct eval_result r = RUN(v, EVAL_BALANCED);

	(void)state;
	assert_int_equal(r.trained, 10);
	assert_int_equal(r.tested, 4);
	assert_int_equal(r.none, 0);
	assert_near(r.threshold, 0);
	assert_near(r.accuracy, 0.75);
	assert_near(r.in_scope_accuracy, 0.75);
	assert_near(r.micro.f1, 0.75);
	/* refund: 2 of 2 said, 2 of 3 true; video: 1 of 2 said, 1 of 1 true */
	assert_near(r.macro.precision, (1 + 0.5) / 2);
	assert_near(r.macro.recall, (2.0 / 3 + 1) / 2);
	assert_near(r.macro.f1, (0.8 + 2.0 / 3) / 2);
	assert_true(r.model_bytes > 0);
}

static const struct eval_message open_set[] = {
	TRAINING,
	MESSAGE("想退款", REFUND, EVAL_VAL),
	MESSAGE("视频卡住了", VIDEO, EVAL_VAL),
	MESSAGE("今天天气真好", EVAL_NONE, EVAL_VAL),
	MESSAGE("附近哪家火锅好吃", EVAL_NONE, EVAL_VAL),
	MESSAGE("申请退款", REFUND, EVAL_TEST),
	MESSAGE("视频黑屏", VIDEO, EVAL_TEST),
	MESSAGE("明天会下雨么", EVAL_NONE, EVAL_TEST),
	MESSAGE("tell me a joke", EVAL_NONE, EVAL_TEST),
};

static void a_threshold_from_the_validation_part_refuses_other_talk(void **state)
{
	static const enum eval_rule rules[] = {EVAL_BALANCED, EVAL_ACCURACY};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct eval_result r = RUN(open_set, rules[i]);

		assert_true(r.threshold > 0);
		assert_int_equal(r.none, 2);
		assert_near(r.none_recall, 1);
		assert_near(r.none_precision, 1);
		assert_near(r.in_scope_accuracy, 1);
		assert_near(r.accuracy, 1);
		assert_near(r.macro.f1, 1);
	}
}

static void a_threshold_that_is_given_is_not_chosen(void **state)
{
	struct eval_result given, none;
	struct eval_set set = {open_set, sizeof open_set / sizeof *open_set, LABELS, NULL};
	struct err err = {0};

	(void)state;
	given = RUN(open_set, EVAL_GIVEN);
	assert_near(given.threshold, 0.5);
	assert_near(given.none_recall, 1);
	assert_int_equal(eval_intents_run(&set, lexicon, NULL, EVAL_GIVEN, 0, &none, &err), 0);
	assert_near(none.none_recall, 0);
	assert_near(none.in_scope_accuracy, 1);
}

static double accuracy_with_names(const struct eval_message *v, size_t n, const char *refund,
				  const char *video)
{
	const struct str names[LABELS] = {[REFUND] = str_of(refund), [VIDEO] = str_of(video)};
	struct eval_set set = {v, n, LABELS, names};
	struct eval_result result;
	struct err err = {0};

	assert_int_equal(eval_intents_run(&set, lexicon, NULL, EVAL_BALANCED, 0, &result, &err), 0);
	assert_int_equal(result.trained, 4); /* names are no messages */
	return result.accuracy;
}

static void names_of_labels_are_learnt_from_where_they_are_given(void **state)
{
	static const struct eval_message v[] = {
		MESSAGE("I want my money back", REFUND, EVAL_TRAIN),
		MESSAGE("can I send it back to you", REFUND, EVAL_TRAIN),
		MESSAGE("it does not play", VIDEO, EVAL_TRAIN),
		MESSAGE("no sound at all", VIDEO, EVAL_TRAIN),
		MESSAGE("zwieback", REFUND, EVAL_TEST),
		MESSAGE("ragout", VIDEO, EVAL_TEST),
	};
	const size_t n = sizeof v / sizeof *v;

	(void)state;
	assert_near(accuracy_with_names(v, n, "GET_ZWIEBACK", "moreRagout"), 1);
	assert_near(accuracy_with_names(v, n, "moreRagout", "GET_ZWIEBACK"), 0);
}

/* How many in 100 are right where the second label has this name. */
static double accuracy_with_rest(const struct eval_message *v, size_t n, const char *rest)
{
	const struct str names[LABELS] = {[REFUND] = STR_INIT("REFUND"), [VIDEO] = str_of(rest)};
	struct eval_set set = {v, n, LABELS, names};
	struct eval_result result;
	struct err err = {0};

	assert_int_equal(eval_intents_run(&set, lexicon, NULL, EVAL_BALANCED, 0, &result, &err), 0);
	assert_near(result.threshold, 0);
	return result.accuracy;
}

static void what_says_nothing_has_the_label_none_where_there_is_one(void **state)
{
	static const struct eval_message v[] = {
		MESSAGE("I want my money back", REFUND, EVAL_TRAIN),
		MESSAGE("refund me for this course", REFUND, EVAL_TRAIN),
		MESSAGE("how can I get a refund", REFUND, EVAL_TRAIN),
		MESSAGE("is it going to rain tomorrow", VIDEO, EVAL_TRAIN),
		MESSAGE("play some jazz", VIDEO, EVAL_TRAIN),
		MESSAGE("refund my course", REFUND, EVAL_TEST),
		MESSAGE("is there a good restaurant nearby", VIDEO, EVAL_TEST),
	};
	const size_t n = sizeof v / sizeof *v;

	(void)state;
	assert_near(accuracy_with_rest(v, n, "None"), 1);
	assert_near(accuracy_with_rest(v, n, "NONE"), 1);
	assert_near(accuracy_with_rest(v, n, "Nine"), 0.5);
}

static void messages_with_no_intent_are_not_learnt_from(void **state)
{
	static const struct eval_message v[] = {
		TRAINING,
		MESSAGE("今天天气真好", EVAL_NONE, EVAL_TRAIN),
		MESSAGE("申请退款", REFUND, EVAL_TEST),
		MESSAGE("今天天气真好", EVAL_NONE, EVAL_TEST),
	};

	(void)state;
	assert_int_equal(RUN(v, EVAL_BALANCED).trained, 10);
}

static void without_test_messages_the_validation_part_is_asked(void **state)
{
	static const struct eval_message v[] = {
		TRAINING,
		MESSAGE("申请退款", REFUND, EVAL_VAL),
		MESSAGE("视频黑屏", VIDEO, EVAL_VAL),
	};
	struct eval_result r = RUN(v, EVAL_BALANCED);

	(void)state;
	assert_int_equal(r.tested, 2);
	assert_near(r.accuracy, 1);
}

static void without_any_other_part_each_example_is_asked_once(void **state)
{
	static const struct eval_message v[] = {TRAINING};
	struct eval_result r = RUN(v, EVAL_BALANCED);

	(void)state;
	assert_int_equal(r.tested, 10);
	assert_true(r.accuracy > 0.5);
}

static void nothing_to_learn_from_is_an_error(void **state)
{
	static const struct eval_message v[] = {MESSAGE("我要退款", REFUND, EVAL_TEST)};
	struct eval_set set = {v, 1, LABELS, NULL};
	struct eval_result result;
	struct err err = {0};

	(void)state;
	assert_int_equal(eval_intents_run(&set, lexicon, NULL, EVAL_BALANCED, 0, &result, &err),
			 ERR_INVALID);
	assert_non_null(strstr(err.text, "train"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_are_those_of_the_counts),
		cmocka_unit_test(a_threshold_from_the_validation_part_refuses_other_talk),
		cmocka_unit_test(a_threshold_that_is_given_is_not_chosen),
		cmocka_unit_test(names_of_labels_are_learnt_from_where_they_are_given),
		cmocka_unit_test(what_says_nothing_has_the_label_none_where_there_is_one),
		cmocka_unit_test(messages_with_no_intent_are_not_learnt_from),
		cmocka_unit_test(without_test_messages_the_validation_part_is_asked),
		cmocka_unit_test(without_any_other_part_each_example_is_asked_once),
		cmocka_unit_test(nothing_to_learn_from_is_an_error),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}

#include "unit/unit.h"

#include <pthread.h>

#include "intents/pattern.h"
#include "intents/regex.h"
#include "text/normal.h"

static struct arena arena;
static struct diags diags;
static const struct mark mark = {{"intents.yaml", 12}, 7, 12};

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	diags_done(&diags);
	arena_done(&arena);
	return 0;
}

static struct str normalised(const char *pattern)
{
	struct pattern_normal out;

	pattern_normalise(&arena, str_of(pattern), &out);
	assert_int_equal(out.at[out.text.n], strlen(pattern));
	return out.text;
}

/* Result of a pattern on a message as typed. */
static enum regex_result find(const char *pattern, const char *message)
{
	struct regex *r = regex_new(str_of(pattern), mark, &diags);
	size_t begin, end;
	enum regex_result result;

	assert_non_null(r);
	result = regex_find(r, regex_run_new(&arena), normal_text(&arena, str_of(message)), 0,
			    &begin, &end);
	regex_unref(r);
	return result;
}

static void literals_are_normalised_and_escapes_are_not(void **state)
{
	(void)state;
	assert_str(normalised("退費"), "退费");
	assert_str(normalised("Python\\D+\\S\\B"), "python\\D+\\S\\B");
	assert_str(normalised("\\N{U+4E00}\\p{Han}\\pL\\x{41}\\x4A"),
		   "\\N{U+4E00}\\p{Han}\\pL\\x{41}\\x4A");
	assert_str(normalised("(?<Days>\\d+)天(?P<Name>A)(?'Q'B)\\k<Days>"),
		   "(?<Days>\\d+)天(?P<Name>a)(?'Q'b)\\k<Days>");
	assert_str(normalised("（全额）"), "\\(全额\\)");
	assert_str(normalised("？+"), "\\?+");
	assert_str(normalised("好…?"), "好(?:\\.\\.\\.)?");
	assert_str(normalised("\\QA.B（\\E+"), "a\\.b\\(+");
	assert_str(normalised("a　b"), "a b");
	assert_str(normalised("(?#Note)(*COMMIT)X"), "(?#Note)(*COMMIT)x");
	assert_str(normalised("e\u0301"), "é");
}

static void members_of_classes_are_normalised(void **state)
{
	(void)state;
	assert_str(normalised("[ABc]"), "[abc]");
	assert_str(normalised("[^費：:]"), "[^费\\:\\:]");
	assert_str(normalised("[A-Z\\D0-9]"), "[a-z\\D0-9]");
	assert_str(normalised("[Ａ-Ｚ]"), "[a-z]");
	assert_str(normalised("[一-龥]"), "[一-龥]");
	assert_str(normalised("[Z-a]"), "[Z-a]");
	assert_str(normalised("[[:Alpha:]X]"), "[[:Alpha:]x]");
	assert_str(normalised("[]A]"), "[\\]a]");
	assert_str(normalised("[A"), "[A");
}

static void staff_spelling_matches_what_learners_type(void **state)
{
	(void)state;
	assert_int_equal(find("退費", "我想退费"), REGEX_HIT);
	assert_int_equal(find("Python课", "ＰＹＴＨＯＮ課怎么退"), REGEX_HIT);
	assert_int_equal(find("（全额）", "退款(全额)"), REGEX_HIT);
	assert_int_equal(find("好…", "好……"), REGEX_HIT);
	assert_int_equal(find("[Ａ-Ｃ]班", "b班"), REGEX_HIT);
	assert_int_equal(find("\\bcard\\b", "我的card丢了"), REGEX_HIT);
	assert_int_equal(find("\\b20\\d{12}\\b", "订单20260301123456退款"), REGEX_HIT);
	assert_int_equal(find("\\bcard\\b", "我的cards丢了"), REGEX_MISS);
}

static void named_groups_say_where_they_matched(void **state)
{
	struct regex *r = regex_new(STR("(?<days>\\d+)\\s*天|(?<days>\\d+)\\s*日|(?<周数>\\d)周"),
				    mark, &diags);
	struct regex_run *run = regex_run_new(&arena);
	struct str text = STR("买了10 日");
	size_t begin, end;

	(void)state;
	assert_non_null(r);
	assert_int_equal(regex_n_names(r), 3);
	assert_str(regex_name(r, 0), "days");
	assert_str(regex_name(r, 2), "周数");
	assert_int_equal(regex_find(r, run, text, 0, &begin, &end), REGEX_HIT);
	assert_str(str_sub(text, begin, end), "10 日");
	assert_false(regex_group(r, run, 0, &begin, &end));
	assert_true(regex_group(r, run, 1, &begin, &end));
	assert_str(str_sub(text, begin, end), "10");
	assert_false(regex_group(r, run, 2, &begin, &end));
	regex_unref(r);
}

static void mistakes_are_said_at_their_place_with_a_remedy(void **state)
{
	static const struct {
		const char *pattern;
		int col;
		const char *words;
	} cases[] = {
		{"退款(吗", 12 + 4, "a ( is not closed"},
		{"费）[abc", 12 + 6, "a [ is not closed"},
		{"*退", 12, "has nothing to repeat"},
		{"退)", 12 + 1, "a ) has no ("},
		{"退\\", 12 + 2, "lone backslash"},
		{"\\C", 12 + 2, "\\C is not allowed"},
		{"(?<1a>x)", 12 + 3, "must not begin with a digit"},
		{"\\p{Foo}", 12 + 7, "property"},
		{"(?<=a+)b", 12, "fixed length"},
		{"(*UCP)\\w", 12 + 6, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct diag *d;

		assert_null(regex_new(str_of(cases[i].pattern), mark, &diags));
		assert_int_equal(diags.errors, i + 1);
		d = &diags.items[i];
		assert_str(d->code, "bad-regex");
		assert_int_equal(d->mark.line, 7);
		if (d->mark.col != cases[i].col ||
		    str_find(d->text, str_of(cases[i].words), 0) == SIZE_MAX)
			fail_msg("%s: col %d: %.*s", cases[i].pattern, d->mark.col,
				 STR_ARG(d->text));
	}
}

static void a_pattern_too_long_is_refused(void **state)
{
	char *p = arena_alloc(&arena, REGEX_PATTERN_MAX + 1);

	(void)state;
	memset(p, 'a', REGEX_PATTERN_MAX + 1);
	assert_null(regex_new((struct str){p, REGEX_PATTERN_MAX + 1}, mark, &diags));
	assert_str(diags.items[0].code, "regex-too-long");
}

static void a_catastrophic_pattern_stops_at_the_limit(void **state)
{
	(void)state;
	assert_int_equal(
		find("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
		REGEX_LIMIT);
	assert_int_equal(find("(*LIMIT_MATCH=4000000000)^(a+)+$",
			      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
			 REGEX_LIMIT);
}

static void a_long_message_does_not_run_out_of_stack(void **state)
{
	char *p = arena_alloc(&arena, 200001);

	(void)state;
	memset(p, 'a', 200000);
	assert_int_not_equal(find("^(?:a|(b))*c", p), REGEX_HIT);
}

static size_t count_lint(const char *pattern, const char *code)
{
	struct regex *r = regex_new(str_of(pattern), mark, &diags);
	size_t n = 0;

	assert_non_null(r);
	regex_lint(r, mark, &diags);
	regex_unref(r);
	for (size_t i = 0; i < diags.n; i++)
		n += str_eq(diags.items[i].code, str_of(code));
	diags_done(&diags);
	diags_init(&diags, false);
	return n;
}

static void lint_warns_of_catastrophes_and_of_empty_matches(void **state)
{
	(void)state;
	assert_int_equal(count_lint("^(a+)+$", "regex-match-limit"), 1);
	assert_int_equal(count_lint("退款(?:怎么|怎|么)+$", "regex-match-limit"), 1);
	assert_int_equal(count_lint("订单(\\d+)*号", "regex-match-limit"), 1);
	assert_int_equal(count_lint("(?:[a-c]+)*x", "regex-match-limit"), 1);
	assert_int_equal(count_lint("(?<days>\\d+)\\s*天.*退", "regex-match-limit"), 0);
	assert_int_equal(count_lint("退?款*", "regex-matches-empty"), 1);
	assert_int_equal(count_lint("退款?", "regex-matches-empty"), 0);
}

static void lint_warns_of_numbers_that_lose_their_digits(void **state)
{
	(void)state;
	assert_int_equal(count_lint("退.*(?<days>\\d+)天", "regex-eats-digits"), 1);
	assert_int_equal(count_lint("refund.{0,20}(?<days>[0-9]{1,3}) days?", "regex-eats-digits"),
			 1);
	assert_int_equal(count_lint("退\\w+((?P<days>\\d+)天)", "regex-eats-digits"), 1);
	assert_int_equal(count_lint("退.*?(?<days>\\d+)天", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.*\\b(?<days>\\d+)天", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.*(?<!\\d)(?<days>\\d+)天", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.*买了(?<days>\\d+)天", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.*(?<order>\\d{12})", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.*\\d+天", "regex-eats-digits"), 0);
	assert_int_equal(count_lint("退.?(?<days>\\d+)天", "regex-eats-digits"), 0);
}

enum { THREADS = 4, ROUNDS = 200 };

static void *run_many(void *shared)
{
	struct arena mine;
	long hits = 0;

	arena_init(&mine);
	for (int i = 0; i < ROUNDS; i++) {
		size_t begin, end;

		hits += regex_find(shared, regex_run_new(&mine), STR("3天能退吗"), 0, &begin,
				   &end) == REGEX_HIT;
	}
	arena_done(&mine);
	return (void *)hits;
}

static void threads_may_run_one_pattern_for_the_first_time_together(void **state)
{
	struct regex *r = regex_new(STR("(?<days>\\d+)\\s*天.*退"), mark, &diags);
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_many, r), 0);
	for (int i = 0; i < THREADS; i++) {
		void *hits = NULL;

		pthread_join(threads[i], &hits);
		assert_int_equal((long)hits, ROUNDS);
	}
	regex_unref(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(literals_are_normalised_and_escapes_are_not,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(members_of_classes_are_normalised, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(staff_spelling_matches_what_learners_type, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(named_groups_say_where_they_matched, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(mistakes_are_said_at_their_place_with_a_remedy,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(a_pattern_too_long_is_refused, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_catastrophic_pattern_stops_at_the_limit, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(a_long_message_does_not_run_out_of_stack, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(lint_warns_of_catastrophes_and_of_empty_matches,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(lint_warns_of_numbers_that_lose_their_digits,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(
			threads_may_run_one_pattern_for_the_first_time_together, open_all,
			close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

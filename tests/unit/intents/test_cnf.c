#include "unit/unit.h"

#include "intents/cnf.h"

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

/* "怎么,如何 & 退款" */
static struct str literals(const char *pattern)
{
	struct cnf cnf;
	struct str s = STR("");

	cnf_read(&arena, str_of(pattern), &cnf);
	for (const struct cnf_clause *c = cnf.first; c; c = c->next) {
		s = arena_printf(&arena, "%.*s%s", STR_ARG(s), s.n ? " & " : "");
		for (size_t i = 0; i < c->n; i++)
			s = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(s), i ? "," : "",
					 STR_ARG(c->v[i]));
	}
	return s;
}

/* The same of what was packed and read back. */
static struct str packed_literals(const char *pattern)
{
	struct str texts[CNF_CLAUSE_MAX], s = STR(""), packed;
	struct cnf cnf;
	size_t n;

	cnf_read(&arena, str_of(pattern), &cnf);
	packed = cnf_pack(&arena, &cnf);
	while ((n = cnf_next(&packed, texts)) > 0) {
		s = arena_printf(&arena, "%.*s%s", STR_ARG(s), s.n ? " & " : "");
		for (size_t i = 0; i < n; i++)
			s = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(s), i ? "," : "",
					 STR_ARG(texts[i]));
	}
	return s;
}

static void what_is_packed_is_read_back_as_it_was(void **state)
{
	static const char *const patterns[] = {
		"(?:怎么|如何).{0,6}(?:退款|退钱)",
		"\\d+",
		"ab\\.cd",
		"退款|",
		"(?:a{60}b|课程).*(一二三四五六七八九十一二三四五六七八九十一二三四五六)",
		"[一二三四五六七八九十甲乙丙丁戊己][上下]{1}.*款+",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		struct str want = literals(patterns[i]);

		assert_true(str_eq(packed_literals(patterns[i]), want));
	}
}

static void gaps_part_a_pattern_into_clauses(void **state)
{
	(void)state;
	assert_str(literals("(?:怎么|如何).{0,6}(?:退款|退钱)"), "怎么,如何 & 退款,退钱");
	assert_str(literals("(?<days>\\d+)\\s*天.*退"), "天 & 退");
	assert_str(literals("\\b20\\d{12}\\b"), "20");
	assert_str(literals("ab\\.cd"), "ab.cd");
	assert_str(literals("\\bmoney back\\b"), "money back");
}

static void what_is_optional_is_not_required(void **state)
{
	(void)state;
	assert_str(literals("课程(?:的)?退"), "课程的退,课程退");
	assert_str(literals("(?:退款)*"), "");
	assert_str(literals("(?:退款){0,3}钱"), "钱");
	assert_str(literals("(?:退款)+"), "退款");
	assert_str(literals("(?:退款){2,}x"), "退款");
	assert_str(literals("退款|\\d+"), "");
	assert_str(literals("退款|"), "");
	assert_str(literals("[退还]款"), "退款,还款");
	assert_str(literals("[^退]款"), "款");
	assert_str(literals("[a-z]款"), "款");
	assert_str(literals("a?b"), "");
}

static void texts_that_hold_another_are_dropped(void **state)
{
	(void)state;
	assert_str(literals("退款吗?"), "退款");
}

static void alternatives_join_their_best_clauses(void **state)
{
	(void)state;
	assert_str(literals("退.*订单|取消.*课程"), "订单,取消");
	assert_str(literals("(?:a|b|c)(?:d|e)x"), "adx,aex,bdx,bex,cdx,cex");
}

static void lookarounds_count_only_when_positive(void **state)
{
	(void)state;
	assert_str(literals("(?=.*退款)课"), "退款 & 课");
	assert_str(literals("课(?!政策)程"), "课程");
	assert_str(literals("(?<!不)退(?<=退)"), "退 & 退");
}

static void what_is_not_understood_gives_nothing(void **state)
{
	(void)state;
	assert_str(literals("(*ACCEPT)退款"), "");
	assert_str(literals("(?x)退 款"), "");
	assert_str(literals("(?(1)退款|课程)"), "");
	assert_str(literals("退款("), "");
	assert_str(literals("(?<a>退)款(?&a)课程"), "退款 & 课程");
	assert_str(literals("(退)款\\1课程"), "退款 & 课程");
	assert_str(literals("\\x41bc"), "bc");
}

static void deep_nesting_is_given_up(void **state)
{
	struct str s = STR("退款");

	(void)state;
	for (int i = 0; i < 300; i++)
		s = arena_printf(&arena, "(%.*s)", STR_ARG(s));
	assert_str(literals(s.p), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(gaps_part_a_pattern_into_clauses, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(what_is_packed_is_read_back_as_it_was, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(what_is_optional_is_not_required, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(texts_that_hold_another_are_dropped, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(alternatives_join_their_best_clauses, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(lookarounds_count_only_when_positive, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(what_is_not_understood_gives_nothing, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(deep_nesting_is_given_up, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

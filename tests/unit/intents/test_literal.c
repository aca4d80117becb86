#include "unit/unit.h"

#include "intents/keyword.h"
#include "intents/literal.h"
#include "text/lexicon.h"

static struct arena arena;
static const struct lexicon *lexicon;
static struct literals *literals;

static const struct str members[] = {{"退钱", 6}, {"Money Back", 10}, {"Python課", 9}};
static const struct synonym words[] = {{{"退款", 6}, members, 3}};

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, words, 1, NULL, 0);
	literals = literals_new();
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	literals_free(literals);
	arena_done(&arena);
	return 0;
}

static struct literal_hits scan(const char *message)
{
	struct utterance u;
	struct literal_hits hits;

	utterance_read(&arena, lexicon, str_of(message), &u);
	literals_scan(literals, &arena, &u, &hits);
	return hits;
}

/* Where one keyword, alone in the set, is found in a message: the text found, "" when it is not. */
static struct str find(const char *word, const char *message)
{
	struct keyword k;
	struct literal_hits hits;
	struct str found = STR("");

	close_all(NULL);
	open_all(NULL);
	keyword_read(&arena, &arena, literals, lexicon, str_of(word), &k);
	assert_int_equal(literals_build(literals), 0);
	hits = scan(message);
	if (keyword_seen(&k, &hits)) {
		const struct literal_hit *hit = keyword_where(&k, &hits);

		found = str_sub(normal_text(&arena, str_of(message)), hit->from, hit->to);
	}
	return found;
}

static void the_same_text_has_one_number_for_each_kind(void **state)
{
	uint32_t a = literals_add(literals, LITERAL_BYTES, STR("退款"));
	uint32_t b = literals_add(literals, LITERAL_EDGES, STR("退款"));

	(void)state;
	assert_int_not_equal(a, b);
	assert_int_equal(literals_add(literals, LITERAL_BYTES, STR("退款")), a);
	assert_int_equal(literals_count(literals), 2);
	assert_int_equal(literals_build(literals), 0);
	assert_true(literal_seen(&(struct literal_hits){.seen = scan("我要退款").seen}, a));
	assert_true(literal_seen(&(struct literal_hits){.seen = scan("我要退款").seen}, b));
}

static void every_place_of_a_text_is_told(void **state)
{
	uint32_t a = literals_add(literals, LITERAL_BYTES, STR("退"));
	uint32_t b = literals_add(literals, LITERAL_BYTES, STR("退款"));
	struct literal_hits hits;

	(void)state;
	assert_int_equal(literals_build(literals), 0);
	hits = scan("退款退");
	assert_int_equal(hits.n, 3);
	assert_int_equal(hits.v[0].id, a);
	assert_true(hits.v[0].first);
	assert_int_equal(hits.v[1].id, b);
	assert_int_equal(hits.v[1].to, 6);
	assert_int_equal(hits.v[2].from, 6);
	assert_false(hits.v[2].first);
	assert_ptr_equal(literal_where(&hits, a), &hits.v[0]);
}

static void nothing_is_found_in_an_empty_set_or_an_empty_message(void **state)
{
	(void)state;
	assert_int_equal(literals_build(literals), 0);
	assert_int_equal(scan("我要退款 refund").n, 0);
	assert_int_equal(scan("").n, 0);
	assert_str(find("退", ""), "");
	assert_str(find("", "退"), "");
	assert_str(find("　", "退"), "");
}

static void chinese_is_found_as_characters(void **state)
{
	(void)state;
	assert_str(find("退费", "能不能退費呀"), "退费");
	assert_str(find("课", "上課"), "课");
	assert_str(find("退费", "退 费"), "");
	assert_str(find("怎么办理退费手续", "请问怎么办理退费手续"), "怎么办理退费手续");
}

static void latin_is_found_as_whole_words_by_stem(void **state)
{
	(void)state;
	assert_str(find("Refund", "I want REFUNDS now"), "refunds");
	assert_str(find("policy", "your policies"), "policies");
	assert_str(find("card", "我的card丢了"), "card");
	assert_str(find("art", "start"), "");
	assert_str(find("ai", "email"), "");
	assert_str(find("c++", "learn c++ fast"), "c++");
	assert_str(find("free trial", "a free  trials please"), "free trials");
	assert_str(find("free trial", "free, trial"), "");
	assert_str(find("front-end", "the front end team"), "front end");
	assert_str(find("2024", "in 2024"), "2024");
	assert_str(find("2024", "in 20245"), "");
	assert_str(find("2024", "2024年考研"), "2024");
	assert_str(find("50", "减50%"), "50");
	assert_str(find("5", "减50%"), "");
}

static void mixed_words_have_edges_at_their_latin_ends(void **state)
{
	(void)state;
	assert_str(find("Python班", "报python班"), "python班");
	assert_str(find("Python班", "cpython班"), "");
	assert_str(find("学Python", "想学Python吗"), "学python");
	assert_str(find("学Python", "想学pythons"), "");
	assert_str(find("24小时", "24小时内"), "24小时");
	assert_str(find("24小时", "124小时"), "");
	assert_str(find(".net", "asp.network"), "");
	assert_str(find(".net", "学.net"), ".net");
}

static void a_keyword_stands_for_its_synonyms(void **state)
{
	(void)state;
	assert_str(find("退款", "我要退钱"), "退钱");
	assert_str(find("退钱", "money  back"), "money back");
	assert_str(find("退款", "退python课"), "python课");
	assert_str(find("退款", "moneyback"), "");
}

static void many_texts_are_each_found(void **state)
{
	enum { MANY = 3000 };

	(void)state;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(
			literals_add(literals, LITERAL_BYTES, arena_printf(&arena, "词%d条", i)),
			i);
	assert_int_equal(literals_build(literals), 0);
	for (int i = 0; i < MANY; i += 7) {
		struct literal_hits hits = scan(arena_printf(&arena, "找词%d条吧", i).p);

		assert_int_equal(hits.n, 1);
		assert_int_equal(hits.v[0].id, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_text_has_one_number_for_each_kind,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(every_place_of_a_text_is_told, open_all, close_all),
		cmocka_unit_test_setup_teardown(
			nothing_is_found_in_an_empty_set_or_an_empty_message, open_all, close_all),
		cmocka_unit_test_setup_teardown(chinese_is_found_as_characters, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(latin_is_found_as_whole_words_by_stem, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(mixed_words_have_edges_at_their_latin_ends,
						open_all, close_all),
		cmocka_unit_test_setup_teardown(a_keyword_stands_for_its_synonyms, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(many_texts_are_each_found, open_all, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include <math.h>

#include "kb/bag.h"
#include "kb/bm25.h"
#include "text/lexicon.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct bag read_bag(const struct lexicon *l, const char *text, unsigned parts)
{
	struct utterance u;
	struct bag b = {0};

	utterance_read(&arena, l, str_of(text), &u);
	bag_add(&arena, &b, &u, parts, 1);
	bag_sort(&b);
	return b;
}

static float count_of(const struct bag *b, uint64_t key)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].key == key)
			return b->v[i].count;
	return 0;
}

static void a_text_falls_into_words_characters_pairs_and_grams(void **state)
{
	const struct lexicon *l = lexicon_new(&arena, NULL, 0, NULL, 0);
	struct bag words = read_bag(l, "退款多久到账，退款！", BAG_WORDS);
	struct bag pairs = read_bag(l, "退款多久", BAG_PAIRS);
	struct bag en = read_bag(l, "Refunds refund", BAG_WORDS);
	struct bag grams = read_bag(l, "how", BAG_GRAMS);

	(void)state;
	assert_true(count_of(&words, bag_word(STR("退款"))) == 2);
	assert_true(count_of(&words, bag_word(STR("多久"))) == 1);
	assert_int_equal(pairs.n, 3);
	assert_true(count_of(&pairs, bag_pair(STR("款多"))) == 1);
	assert_int_equal(en.n, 1);
	assert_true(count_of(&en, bag_word(STR("refund"))) == 2);
	assert_int_equal(grams.n, 3); /* " ho" "how" "ow " */
	for (size_t i = 1; i < words.n; i++)
		assert_true(words.v[i - 1].key < words.v[i].key);
}

static void sounds_are_of_neighbours_as_typed(void **state)
{
	const struct str members[] = {STR("退钱")};
	const struct synonym group = {STR("退款"), members, 1};
	const struct lexicon *l = lexicon_new(&arena, &group, 1, NULL, 0);
	struct bag right = read_bag(l, "申请退款", BAG_SOUNDS);
	struct bag wrong = read_bag(l, "申青退宽", BAG_SOUNDS);
	struct bag apart = read_bag(l, "退，款 a退b款", BAG_SOUNDS);
	struct bag meant = read_bag(l, "退钱", BAG_SOUNDS);

	(void)state;
	assert_int_equal(right.n, 3);
	assert_int_equal(wrong.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_true(right.v[i].key == wrong.v[i].key);
		assert_int_equal(bag_part(right.v[i].key), BAG_SOUNDS);
	}
	assert_int_equal(apart.n, 0);
	assert_int_equal(meant.n, 1);
	assert_true(count_of(&right, meant.v[0].key) == 0);
}

static void synonyms_make_the_same_bag(void **state)
{
	const struct str members[] = {STR("退钱"), STR("money back")};
	const struct synonym group = {STR("退款"), members, 2};
	const struct lexicon *l = lexicon_new(&arena, &group, 1, NULL, 0);
	const unsigned all = BAG_WORDS | BAG_CHARS | BAG_GRAMS;
	struct bag head = read_bag(l, "退款", all), han = read_bag(l, "退钱", all);
	struct bag latin = read_bag(l, "Money back", all);

	(void)state;
	assert_int_equal(head.n, 3);
	assert_int_equal(han.n, 3);
	assert_int_equal(latin.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_true(head.v[i].key == han.v[i].key);
		assert_true(head.v[i].key == latin.v[i].key);
	}
}

static void long_and_strange_words_stay_within_bounds(void **state)
{
	const struct lexicon *l = lexicon_new(&arena, NULL, 0, NULL, 0);
	char text[2000];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_true(read_bag(l, text, BAG_GRAMS).n <= 3);
	for (size_t i = 0; i + 2 < sizeof text - 1; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	assert_true(read_bag(l, text, BAG_GRAMS | BAG_WORDS).n > 1);
	assert_int_equal(read_bag(l, "", 31).n, 0);
	assert_int_equal(read_bag(l, "？！…", 31).n, 0);
}

/* N = 3; "b" is in two docs, "c" in one; lengths 2, 3, 1, mean 2. */
static void impacts_are_those_of_the_formula(void **state)
{
	struct term t0[] = {{1, 1, BAG_WORDS}, {2, 1, BAG_WORDS}};
	struct term t1[] = {{2, 2, BAG_WORDS}, {3, 1, BAG_WORDS}};
	struct term t2[] = {{4, 1, BAG_WORDS}};
	struct term q[] = {{2, 1, BAG_WORDS}, {3, 2, BAG_WORDS}, {9, 1, BAG_WORDS}};
	const struct bag docs[] = {{t0, 2, 2}, {t1, 2, 2}, {t2, 1, 1}}, query = {q, 3, 3};
	struct bm25 *b = bm25_new(docs, 3);
	double idf_b = log(1 + 1.5 / 2.5), idf_c = log(1 + 2.5 / 1.5);
	double norm1 = 1.2 * (.25 + .75 * 1.5);
	float scores[3] = {0};
	size_t n;

	(void)state;
	assert_int_equal(bm25_docs(b), 3);
	assert_int_equal(bm25_terms(b), 4);
	assert_int_equal(bm25_term(b, 9), -1);
	bm25_postings(b, bm25_term(b, 2), &n);
	assert_int_equal(n, 2);
	bm25_score(b, &query, scores);
	assert_true(fabs(scores[0] - idf_b * 2.2 / (1 + 1.2)) < 1e-5);
	assert_true(fabs(scores[1] -
			 (idf_b * 2 * 2.2 / (2 + norm1) + 2 * idf_c * 2.2 / (1 + norm1))) < 1e-5);
	assert_true(scores[2] == 0);
	assert_true(bm25_idf(b, -1) > bm25_idf(b, bm25_term(b, 3)));
	bm25_free(b);
}

static void an_index_of_nothing_answers_nothing(void **state)
{
	struct term q[] = {{2, 1, BAG_WORDS}};
	const struct bag query = {q, 1, 1}, empty = {NULL, 0, 0};
	struct bm25 *b = bm25_new(NULL, 0);
	float scores[1] = {0};

	(void)state;
	bm25_score(b, &query, scores);
	bm25_free(b);
	b = bm25_new(&empty, 1);
	bm25_score(b, &query, scores);
	assert_true(scores[0] == 0);
	bm25_free(b);
	bm25_free(NULL);
}

static void many_terms_are_all_found_again(void **state)
{
	enum { N = 3000 };
	struct term *terms = calloc(N, sizeof *terms);
	struct bag doc = {terms, N, N};
	struct bm25 *b;

	(void)state;
	for (uint64_t i = 0; i < N; i++)
		terms[i] = (struct term){i * 16 + 1, 1, BAG_WORDS};
	b = bm25_new(&doc, 1);
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(bm25_term(b, i * 16 + 1), i);
	assert_int_equal(bm25_term(b, 5), -1);
	bm25_free(b);
	free(terms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_falls_into_words_characters_pairs_and_grams),
		cmocka_unit_test(sounds_are_of_neighbours_as_typed),
		cmocka_unit_test(synonyms_make_the_same_bag),
		cmocka_unit_test(long_and_strange_words_stay_within_bounds),
		cmocka_unit_test(impacts_are_those_of_the_formula),
		cmocka_unit_test(an_index_of_nothing_answers_nothing),
		cmocka_unit_test(many_terms_are_all_found_again),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

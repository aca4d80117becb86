#include "unit/kb/kb.h"

#include <math.h>

#include "kb/postings.h"
#include "text/lexicon.h"

static struct postings *pack(const struct bag *docs, size_t n, bool keep_docs)
{
	struct postings *p = postings_new();

	for (size_t i = 0; i < n; i++)
		postings_add(p, &docs[i]);
	postings_seal(p, keep_docs);
	return p;
}

static uint32_t strength_in_doc(const struct postings *p, uint64_t key, uint32_t doc)
{
	struct doc_list own = postings_doc(p, doc);

	for (size_t i = 0; i < own.n; i++) {
		uint32_t strength = doc_list_next_strength(&own, i);

		if ((int32_t)doc_list_term(&own, i) == postings_term(p, key))
			return strength;
	}
	return 0;
}

/* N = 3; key 2 is in two docs, 3 in one; lengths 2, 3, 1, mean 2. */
static void strengths_are_those_of_the_formula_both_ways_round(void **state)
{
	struct term t0[] = {{1, 1, BAG_WORDS}, {2, 1, BAG_WORDS}};
	struct term t1[] = {{2, 2, BAG_WORDS}, {3, 1, BAG_WORDS}};
	struct term t2[] = {{4, 1, BAG_WORDS}};
	const struct bag docs[] = {{t0, 2, 2}, {t1, 2, 2}, {t2, 1, 1}};
	struct postings *p = pack(docs, 3, true);
	double norm1 = 1.2 * (.25 + .75 * 1.5);
	struct block_list list = postings_list(p, (uint32_t)postings_term(p, 2), 0);

	(void)state;
	assert_int_equal(postings_docs(p), 3);
	assert_int_equal(postings_terms(p), 4);
	assert_int_equal(postings_term(p, 9), -1);
	assert_int_equal(postings_df(p, -1), 0);
	assert_int_equal(postings_df(p, postings_term(p, 2)), 2);
	assert_int_equal(postings_key(p, (uint32_t)postings_term(p, 3)), 3);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.docs[0], 0);
	assert_int_equal(list.docs[1], 1);
	assert_int_equal(list.strength[0], lround(255 * 1 / (1 + 1.2)));
	assert_int_equal(list.strength[1], lround(255 * 2 / (2 + norm1)));
	assert_int_equal(strength_in_doc(p, 2, 0), list.strength[0]);
	assert_int_equal(strength_in_doc(p, 2, 1), list.strength[1]);
	assert_int_equal(strength_in_doc(p, 2, 2), 0);
	assert_true(fabs((double)postings_idf(p, postings_term(p, 2)) - log(1 + 1.5 / 2.5)) < 1e-6);
	assert_true(postings_idf(p, -1) > postings_idf(p, postings_term(p, 3)));
	postings_free(p);
}

static void sounds_do_not_make_a_doc_longer(void **state)
{
	struct term t0[] = {{1, 1, BAG_WORDS}, {5, 3, BAG_SOUNDS}};
	struct term t1[] = {{1, 1, BAG_WORDS}};
	const struct bag docs[] = {{t0, 2, 2}, {t1, 1, 1}};
	struct postings *p = pack(docs, 2, true);

	(void)state;
	assert_int_equal(strength_in_doc(p, 1, 0), strength_in_doc(p, 1, 1));
	assert_true(strength_in_doc(p, 5, 0) > strength_in_doc(p, 1, 0));
	postings_free(p);
}

static void counts_beyond_a_byte_are_its_most(void **state)
{
	struct term many[] = {{1, 1e6f, BAG_WORDS}, {2, 255, BAG_WORDS}, {3, .1f, BAG_WORDS}};
	const struct bag doc = {many, 3, 3};
	struct postings *p = pack(&doc, 1, true);

	(void)state;
	assert_int_equal(strength_in_doc(p, 1, 0), strength_in_doc(p, 2, 0));
	assert_true(strength_in_doc(p, 3, 0) >= 1);
	postings_free(p);
}

static void docs_beyond_a_block_are_numbered_anew_in_the_next(void **state)
{
	enum { N = POSTINGS_BLOCK + 3 };
	struct term every[] = {{1, 1, BAG_WORDS}}, some[] = {{1, 1, BAG_WORDS}, {2, 1, BAG_WORDS}};
	struct bag plain = {every, 1, 1}, marked = {some, 2, 2};
	struct postings *p = postings_new();
	struct block_list list;

	(void)state;
	for (uint32_t d = 0; d < N; d++)
		postings_add(p, d == 7 || d == POSTINGS_BLOCK + 1 ? &marked : &plain);
	postings_seal(p, false);
	assert_false(postings_has_docs(p));
	assert_int_equal(postings_list(p, 0, 0).n, POSTINGS_BLOCK);
	assert_int_equal(postings_list(p, 0, 1).n, 3);
	list = postings_list(p, 1, 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.docs[0], 7);
	list = postings_list(p, 1, 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.docs[0], 1);
	postings_free(p);
}

static void many_terms_are_all_found_again(void **state)
{
	enum { N = 3000 };
	struct term *terms = calloc(N, sizeof *terms);
	struct bag doc = {terms, N, N};
	struct postings *p;

	(void)state;
	for (uint64_t i = 0; i < N; i++)
		terms[i] = (struct term){i * 32 + 1, 1, BAG_WORDS};
	p = pack(&doc, 1, true);
	for (uint64_t i = 0; i < N; i++)
		assert_int_equal(postings_term(p, i * 32 + 1), i);
	assert_int_equal(postings_term(p, 5), -1);
	postings_free(p);
	free(terms);
}

/* The promise of the header: five bytes a posting, three without the lists by doc. */
static void postings_take_the_bytes_that_are_promised(void **state)
{
	enum { DOCS = 2000, TERMS = 50 };
	struct term terms[TERMS];
	struct bag doc = {terms, TERMS, TERMS};
	struct postings *both, *one;
	size_t n = (size_t)DOCS * TERMS;

	(void)state;
	for (uint64_t i = 0; i < TERMS; i++)
		terms[i] = (struct term){i, 1, BAG_WORDS};
	both = postings_new();
	one = postings_new();
	for (int d = 0; d < DOCS; d++) {
		postings_add(both, &doc);
		postings_add(one, &doc);
	}
	postings_seal(both, true);
	postings_seal(one, false);
	assert_in_range(postings_bytes(both), 5 * n, 5 * n + n / 4);
	assert_in_range(postings_bytes(one), 3 * n, 3 * n + n / 10);
	postings_free(both);
	postings_free(one);
}

/* Up to 32,768 terms a doc's are kept in two bytes, beyond in three. */
static void lists_by_doc_hold_any_number_of_terms(void **state)
{
	static const uint32_t counts[] = {32767, 32768, 32769, 70000};

	(void)state;
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
		struct postings *p = postings_new();
		uint32_t n = counts[k];

		for (uint32_t i = 0; i < n; i += 5) {
			struct term t[5];
			struct bag doc = {t, n - i < 5 ? n - i : 5, 5};

			for (uint32_t j = 0; j < doc.n; j++)
				t[j] = (struct term){i + j + 1, 1 + (float)j, BAG_WORDS};
			postings_add(p, &doc);
		}
		postings_seal(p, true);
		for (uint32_t i = 0; i < n; i++) {
			struct doc_list own = postings_doc(p, i / 5);
			struct block_list list = postings_list(p, i, 0);

			for (uint32_t j = 0; j < i % 5; j++)
				doc_list_next_strength(&own, j);
			assert_int_equal(postings_key(p, doc_list_term(&own, i % 5)), i + 1);
			assert_int_equal(list.n, 1);
			assert_int_equal(doc_list_next_strength(&own, i % 5), list.strength[0]);
		}
		postings_free(p);
	}
}

static void an_index_of_nothing_knows_nothing(void **state)
{
	const struct bag empty = {0};
	struct postings *p = pack(NULL, 0, true);

	(void)state;
	assert_int_equal(postings_docs(p), 0);
	assert_int_equal(postings_term(p, 1), -1);
	postings_free(p);
	p = pack(&empty, 1, true);
	assert_int_equal(postings_doc(p, 0).n, 0);
	postings_free(p);
	postings_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strengths_are_those_of_the_formula_both_ways_round),
		cmocka_unit_test(sounds_do_not_make_a_doc_longer),
		cmocka_unit_test(lists_by_doc_hold_any_number_of_terms),
		cmocka_unit_test(counts_beyond_a_byte_are_its_most),
		cmocka_unit_test(docs_beyond_a_block_are_numbered_anew_in_the_next),
		cmocka_unit_test(many_terms_are_all_found_again),
		cmocka_unit_test(postings_take_the_bytes_that_are_promised),
		cmocka_unit_test(an_index_of_nothing_knows_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

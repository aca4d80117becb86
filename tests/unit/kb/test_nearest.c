#include "unit/kb/kb.h"

#include "kb/nearest.h"

/* Random docs whose terms are as unevenly spread as words are, asked for with the terms of others;
 * a plain sum over every doc says what is right. */
enum { TERMS = 400, MOST = 12 };

static struct arena arena;
static uint64_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static uint32_t roll_term(void)
{
	return roll(roll(roll(TERMS) + 1) + 1);
}

static struct bag roll_doc(struct term terms[MOST])
{
	struct bag b = {terms, 0, MOST};

	for (size_t i = 0; i < MOST; i++)
		terms[b.n++] = (struct term){roll_term() + 1, 1, BAG_WORDS};
	bag_sort(&b);
	return b;
}

static struct postings *roll_docs(size_t n, bool keep_docs)
{
	struct postings *p = postings_new();
	struct term terms[MOST];

	seed = 42;
	for (size_t i = 0; i < n; i++) {
		struct bag b = roll_doc(terms);

		postings_add(p, &b);
	}
	postings_seal(p, keep_docs);
	return p;
}

static size_t roll_query(const struct postings *p, struct wanted q[MOST + 1])
{
	struct term terms[MOST];
	struct bag b = roll_doc(terms);

	for (size_t i = 0; i < b.n; i++)
		q[i] = (struct wanted){postings_term(p, b.v[i].key), 1 + (float)(i % 3)};
	q[b.n] = (struct wanted){-1, 1};
	return b.n + 1;
}

/* By the scores of all docs, each asked for alone. */
static size_t find_plainly(const struct postings *p, const struct wanted *q, size_t n,
			   struct scored *out, size_t max)
{
	size_t docs = postings_docs(p), found = 0;
	struct scored *all = ARENA_ARRAY(&arena, struct scored, docs);

	for (uint32_t d = 0; d < docs; d++)
		all[d].doc = d;
	nearest_score(p, &arena, q, n, all, docs);
	for (; found < max; found++) {
		size_t best = SIZE_MAX;

		for (size_t d = 0; d < docs; d++)
			if (all[d].score > 0 &&
			    (best == SIZE_MAX || all[d].score > all[best].score))
				best = d;
		if (best == SIZE_MAX)
			break;
		out[found] = all[best];
		all[best].score = 0;
	}
	return found;
}

static void assert_same(const struct scored *x, const struct scored *y, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(x[i].doc, y[i].doc);
		assert_true(x[i].score == y[i].score);
	}
}

static void check_against_plain(size_t docs, bool keep_docs)
{
	struct postings *p = roll_docs(docs, keep_docs);

	for (int round = 0; round < 20; round++) {
		struct scored fast[10], plain[10];
		struct wanted q[MOST + 1];
		size_t n = roll_query(p, q), found;

		arena_reset(&arena);
		found = nearest_find(p, &arena, q, n, fast, 10);
		assert_int_equal(found, find_plainly(p, q, n, plain, 10));
		assert_same(fast, plain, found);
	}
	postings_free(p);
}

static void a_small_index_gives_exactly_the_plain_sums(void **state)
{
	(void)state;
	check_against_plain(1, true);
	check_against_plain(15, true);
	check_against_plain(700, true);
}

static void an_index_without_lists_by_doc_gives_the_same(void **state)
{
	(void)state;
	check_against_plain(3000, false);
}

/* 40,000 docs are three windows; the common terms are left to the leaders' own lists. */
static void what_leaders_are_given_makes_their_scores_whole(void **state)
{
	struct postings *p = roll_docs(40000, true);
	size_t right = 0, all = 0;

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct scored fast[10], again[10], plain[10];
		struct wanted q[MOST + 1];
		size_t n = roll_query(p, q);

		arena_reset(&arena);
		assert_int_equal(nearest_find(p, &arena, q, n, fast, 10), 10);
		find_plainly(p, q, n, plain, 10);
		memcpy(again, fast, sizeof again);
		for (size_t i = 0; i < 10; i++)
			nearest_score(p, &arena, q, n, &again[i], 1);
		assert_same(fast, again, 10);
		for (size_t i = 0; i < 10; i++, all++)
			right += fast[i].score == plain[i].score;
		assert_int_equal(fast[0].doc, plain[0].doc);
	}
	assert_true(right * 100 >= all * 95);
	postings_free(p);
}

static void docs_of_every_block_are_found(void **state)
{
	enum { N = POSTINGS_BLOCK * 2 + 10 };
	struct term common[] = {{1, 1, BAG_WORDS}}, rare[] = {{1, 1, BAG_WORDS}, {2, 1, BAG_WORDS}};
	struct bag plain = {common, 1, 1}, marked = {rare, 2, 2};
	struct postings *p = postings_new();
	struct wanted q[] = {{0, 1}, {1, 1}};
	struct scored out[4], some[3] = {{.doc = 5}, {.doc = 6}, {.doc = N - 1}};

	(void)state;
	for (uint32_t d = 0; d < N; d++)
		postings_add(p, d == 5 || d == POSTINGS_BLOCK || d == N - 1 ? &marked : &plain);
	postings_seal(p, true);
	assert_int_equal(nearest_find(p, &arena, q, 2, out, 4), 4);
	assert_int_equal(out[0].doc, 5);
	assert_int_equal(out[1].doc, POSTINGS_BLOCK);
	assert_int_equal(out[2].doc, N - 1);
	assert_int_equal(out[3].doc, 0);
	nearest_score(p, &arena, q, 2, some, 3);
	assert_true(some[0].score == out[0].score);
	assert_true(some[1].score == out[3].score);
	assert_true(some[2].score == out[2].score);
	postings_free(p);
}

static void nothing_wanted_finds_nothing(void **state)
{
	struct postings *none = postings_new(), *p = roll_docs(10, true);
	struct wanted q[] = {{-1, 1}};
	struct scored out[3];

	(void)state;
	postings_seal(none, true);
	assert_int_equal(nearest_find(none, &arena, q, 1, out, 3), 0);
	assert_int_equal(nearest_find(p, &arena, q, 1, out, 3), 0);
	assert_int_equal(nearest_find(p, &arena, q, 0, out, 3), 0);
	q[0].term = 0;
	assert_int_equal(nearest_find(p, &arena, q, 1, out, 0), 0);
	postings_free(p);
	postings_free(none);
}

static void a_lookup_finds_all_its_numbers_and_no_others(void **state)
{
	enum { N = 300 };
	struct lookup l = lookup_new(&arena, N);

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		lookup_put(&l, i * i * 64, i + 1); /* many share their low bits */
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(lookup_get(&l, i * i * 64), i + 1);
	assert_int_equal(lookup_get(&l, 2 * 64), 0);
	assert_int_equal(lookup_get(&l, 3), 0);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_index_gives_exactly_the_plain_sums),
		cmocka_unit_test(an_index_without_lists_by_doc_gives_the_same),
		cmocka_unit_test(what_leaders_are_given_makes_their_scores_whole),
		cmocka_unit_test(docs_of_every_block_are_found),
		cmocka_unit_test(nothing_wanted_finds_nothing),
		cmocka_unit_test(a_lookup_finds_all_its_numbers_and_no_others),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

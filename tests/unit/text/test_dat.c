#include "unit/unit.h"

#include <stdlib.h>

#include "text/dat.h"

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

static void keys_are_found_and_nothing_else_is(void **state)
{
	const struct dat_key keys[] = {
		{STR("a"), 0},	  {STR("ab"), DAT_VALUE_MAX}, {STR("abc"), 2},
		{STR("退款"), 3}, {STR("退款成功"), 4},	      {STR("\xff\xff"), 5},
	};
	struct dat d;
	uint32_t v;

	(void)state;
	assert_int_equal(dat_build(&arena, keys, 6, &d), 0);
	for (size_t i = 0; i < 6; i++) {
		assert_true(dat_get(&d, keys[i].key, &v));
		assert_int_equal(v, keys[i].value);
	}
	assert_false(dat_get(&d, STR(""), &v));
	assert_false(dat_get(&d, STR("abcd"), &v));
	assert_false(dat_get(&d, STR("b"), &v));
	assert_false(dat_get(&d, STR("退"), &v));
	assert_false(dat_get(&d, STR("\xff"), &v));
	assert_false(dat_get(&d, STR("a\0"), &v));
	assert_false(dat_get(&d, STR("\0"), &v));
}

static void walking_finds_every_prefix_that_is_a_key(void **state)
{
	const struct dat_key keys[] = {{STR("he"), 1}, {STR("hers"), 2}};
	struct str text = STR("hersx");
	uint32_t node = DAT_ROOT, v;
	size_t i = 0, found = 0;
	struct dat d;

	(void)state;
	assert_int_equal(dat_build(&arena, keys, 2, &d), 0);
	while (i < text.n && dat_step(&d, &node, (unsigned char)text.p[i])) {
		i++;
		found += dat_value(&d, node, &v);
	}
	assert_int_equal(i, 4);
	assert_int_equal(found, 2);
}

static void an_empty_trie_knows_nothing(void **state)
{
	struct dat d;
	uint32_t v;

	(void)state;
	assert_int_equal(dat_build(&arena, NULL, 0, &d), 0);
	for (int c = 0; c < 256; c++) {
		uint32_t node = DAT_ROOT;

		assert_false(dat_step(&d, &node, (unsigned char)c));
	}
	assert_false(dat_get(&d, STR(""), &v));
}

static void wrong_keys_are_refused(void **state)
{
	const struct dat_key unsorted[] = {{STR("b"), 1}, {STR("a"), 2}};
	const struct dat_key twice[] = {{STR("a"), 1}, {STR("a"), 2}};
	const struct dat_key empty[] = {{STR(""), 1}};
	const struct dat_key zero[] = {{STR("a\0b"), 1}};
	const struct dat_key large[] = {{STR("a"), DAT_VALUE_MAX + 1u}};
	struct dat d;

	(void)state;
	assert_int_equal(dat_build(&arena, unsorted, 2, &d), ERR_INVALID);
	assert_int_equal(dat_build(&arena, twice, 2, &d), ERR_INVALID);
	assert_int_equal(dat_build(&arena, empty, 1, &d), ERR_INVALID);
	assert_int_equal(dat_build(&arena, zero, 1, &d), ERR_INVALID);
	assert_int_equal(dat_build(&arena, large, 1, &d), ERR_INVALID);
}

static void sorting_keeps_the_first_of_equal_keys(void **state)
{
	struct dat_key keys[] = {{STR("b"), 1}, {STR("a"), 2}, {STR("b"), 3}, {STR("a"), 4}};

	(void)state;
	assert_int_equal(dat_sort(keys, 4), 2);
	assert_str(keys[0].key, "a");
	assert_int_equal(keys[0].value, 2);
	assert_str(keys[1].key, "b");
	assert_int_equal(keys[1].value, 1);
	assert_int_equal(dat_sort(NULL, 0), 0);
}

/* Random keys over few letters, so that they share prefixes and fill many blocks. */
static void fifty_thousand_random_keys_are_all_found(void **state)
{
	enum { N = 50000 };
	struct dat_key *keys = malloc(N * sizeof *keys), *miss;
	uint32_t seed = 3, v;
	struct dat d;
	size_t n;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		char word[12];
		size_t len = 1 + i % 11;

		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525u + 1013904223u;
			word[k] = (char)(1 + (seed >> 24) % (i % 3 ? 4 : 255));
		}
		keys[i] = (struct dat_key){arena_str(&arena, (struct str){word, len}), (uint32_t)i};
	}
	n = dat_sort(keys, N);
	/* Every third key is left out, and must then be missing. */
	miss = malloc(n * sizeof *miss);
	size_t n_miss = 0, kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (i % 3 == 0)
			miss[n_miss++] = keys[i];
		else
			keys[kept++] = keys[i];
	}
	assert_int_equal(dat_build(&arena, keys, kept, &d), 0);
	for (size_t i = 0; i < kept; i++) {
		assert_true(dat_get(&d, keys[i].key, &v));
		assert_int_equal(v, keys[i].value);
	}
	for (size_t i = 0; i < n_miss; i++)
		assert_false(dat_get(&d, miss[i].key, &v));
	free(miss);
	free(keys);
}

static void more_than_the_array_holds_is_refused(void **state)
{
	enum { N = 5000, LEN = 1000 };
	struct dat_key *keys = malloc(N * sizeof *keys);
	char *text = malloc((size_t)N * LEN);
	struct dat d;

	(void)state;
	memset(text, 'x', (size_t)N * LEN);
	for (size_t i = 0; i < N; i++) {
		char *p = text + i * LEN;

		p[0] = (char)(1 + i / 250);
		p[1] = (char)(1 + i % 250);
		keys[i] = (struct dat_key){{p, LEN}, 0};
	}
	assert_int_equal(dat_build(&arena, keys, N, &d), ERR_LIMIT);
	assert_int_equal(dat_build(&arena, keys, 1000, &d), 0);
	free(text);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_found_and_nothing_else_is),
		cmocka_unit_test(walking_finds_every_prefix_that_is_a_key),
		cmocka_unit_test(an_empty_trie_knows_nothing),
		cmocka_unit_test(wrong_keys_are_refused),
		cmocka_unit_test(sorting_keeps_the_first_of_equal_keys),
		cmocka_unit_test(fifty_thousand_random_keys_are_all_found),
		cmocka_unit_test(more_than_the_array_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "text/arena.h"
#include "text/mem.h"

static void memory_is_zeroed_aligned_and_counted(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t size = 0; size < 3000; size += 37) {
		char *p = arena_alloc(&a, size);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xAA, size);
	}
	assert_true(a.used > 100000);
	arena_reset(&a);
	assert_int_equal(a.used, 0);
	assert_int_equal(*(char *)arena_alloc(&a, 100), 0);
	arena_done(&a);
	assert_null(a.head);
}

static void large_items_do_not_disturb_small_ones(void **state)
{
	struct arena a;
	char *small, *large;

	(void)state;
	arena_init(&a);
	large = arena_alloc(&a, 5u << 20);
	small = arena_alloc(&a, 8);
	memset(large, 1, 5u << 20);
	memset(small, 2, 8);
	large = arena_alloc(&a, 3u << 20);
	memset(large, 3, 3u << 20);
	assert_int_equal(small[7], 2);
	arena_reset(&a);
	memset(arena_alloc(&a, 64), 4, 64);
	arena_done(&a);
}

static void copies_and_prints_are_nul_terminated(void **state)
{
	struct arena a;
	struct str s;

	(void)state;
	arena_init(&a);
	s = arena_str(&a, str_sub(STR("退款成功"), 0, 6));
	assert_str(s, "退款");
	assert_int_equal(s.p[6], 0);
	s = arena_printf(&a, "%d 天 %s", 7, "内");
	assert_str(s, "7 天 内");
	assert_int_equal(s.p[s.n], 0);
	s = arena_str(&a, STR_NONE);
	assert_int_equal(s.n, 0);
	assert_int_equal(s.p[0], 0);
	arena_done(&a);
}

static void push_grows_and_keeps_what_was_there(void **state)
{
	struct arena a;
	int *items = NULL;
	size_t n = 0, cap = 0;

	(void)state;
	arena_init(&a);
	for (int i = 0; i < 1000; i++)
		ARENA_PUSH(&a, items, n, cap, i);
	assert_int_equal(n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	arena_done(&a);
}

static void texts_lists_and_items_share_a_chunk_without_touching_each_other(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		int *lists[2] = {NULL, NULL};
		struct str texts[3000];
		size_t n[2] = {0}, cap[2] = {0};

		for (int i = 0; i < 3000; i++) {
			int which = i / 700 % 2; /* each grows in its place for a while */

			ARENA_PUSH(&a, lists[which], n[which], cap[which], i);
			texts[i] = arena_printf(&a, "text %d", i);
			if (i % 10 == 0)
				assert_int_equal(*(int *)arena_alloc(&a, 40), 0);
		}
		for (int i = 0; i < 3000; i++) {
			char expected[32];

			snprintf(expected, sizeof expected, "text %d", i);
			assert_str(texts[i], expected);
		}
		for (int which = 0; which < 2; which++) {
			for (size_t i = 1; i < n[which]; i++)
				assert_true(lists[which][i] > lists[which][i - 1]);
		}
		assert_int_equal(n[0] + n[1], 3000);
		arena_reset(&a);
	}
	arena_done(&a);
}

static void heap_helpers_copy_and_grow(void **state)
{
	char *s = mem_strdup(STR("课程"));
	int *v = mem_zalloc(2 * sizeof *v);

	(void)state;
	assert_string_equal(s, "课程");
	v = mem_resize(v, 100, sizeof *v);
	assert_int_equal(v[1], 0);
	v[99] = 1;
	free(v);
	free(s);
	free(mem_alloc(0));
	s = mem_strdup(STR_NONE);
	assert_string_equal(s, "");
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_counted),
		cmocka_unit_test(large_items_do_not_disturb_small_ones),
		cmocka_unit_test(copies_and_prints_are_nul_terminated),
		cmocka_unit_test(push_grows_and_keeps_what_was_there),
		cmocka_unit_test(texts_lists_and_items_share_a_chunk_without_touching_each_other),
		cmocka_unit_test(heap_helpers_copy_and_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

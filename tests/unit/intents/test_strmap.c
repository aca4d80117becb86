#include "unit/unit.h"

#include "intents/strmap.h"

static void thousands_of_keys_keep_their_first_values(void **state)
{
	struct arena a;
	struct strmap m = {0};

	(void)state;
	arena_init(&a);
	assert_null(strmap_get(&m, STR("x")));
	for (uint32_t i = 0; i < 5000; i++)
		assert_null(strmap_put(&a, &m, arena_printf(&a, "key %u", i), i));
	for (uint32_t i = 0; i < 5000; i++) {
		struct str key = arena_printf(&a, "key %u", i);

		assert_int_equal(*strmap_put(&a, &m, key, 77), i);
		assert_int_equal(*strmap_get(&m, key), i);
	}
	assert_int_equal(m.n, 5000);
	assert_null(strmap_get(&m, STR("key 5000")));
	arena_done(&a);
}

static void the_empty_key_is_a_key(void **state)
{
	struct arena a;
	struct strmap m = {0};

	(void)state;
	arena_init(&a);
	assert_null(strmap_put(&a, &m, STR_NONE, 3));
	assert_int_equal(*strmap_get(&m, STR("")), 3);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_of_keys_keep_their_first_values),
		cmocka_unit_test(the_empty_key_is_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

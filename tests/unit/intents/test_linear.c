#include "unit/unit.h"

#include "intents/linear.h"

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

enum { CLASSES = 5, EACH = 8, ROWS = CLASSES * EACH, WIDTH = 3, COMMON = CLASSES };

/* Rows of class c have feature c, the common feature, and one of their own. */
static struct linear_rows make_rows(void)
{
	uint32_t *start = ARENA_ARRAY(&arena, uint32_t, ROWS + 1);
	uint32_t *feature = ARENA_ARRAY(&arena, uint32_t, ROWS * WIDTH);
	uint32_t *label = ARENA_ARRAY(&arena, uint32_t, ROWS);
	float *value = ARENA_ARRAY(&arena, float, ROWS *WIDTH);

	for (uint32_t i = 0; i < ROWS; i++) {
		label[i] = i / EACH;
		feature[i * WIDTH] = label[i];
		feature[i * WIDTH + 1] = COMMON;
		feature[i * WIDTH + 2] = COMMON + 1 + i;
		for (uint32_t k = 0; k < WIDTH; k++)
			value[i * WIDTH + k] = 0.57735F;
		start[i + 1] = (i + 1) * WIDTH;
	}
	return (struct linear_rows){start, feature, value, label, ROWS};
}

static const struct linear *train(void)
{
	struct linear_rows rows = make_rows();

	return linear_train(&arena, &rows, COMMON + 1 + ROWS, CLASSES);
}

static void every_class_claims_its_own_and_rejects_the_others(void **state)
{
	const struct linear *l = train();

	(void)state;
	assert_non_null(l);
	for (uint32_t c = 0; c < CLASSES; c++) {
		uint32_t feature[] = {c, COMMON};
		float value[] = {0.7F, 0.7F}, out[CLASSES];

		linear_score(l, &arena, feature, value, 2, out);
		for (uint32_t k = 0; k < CLASSES; k++)
			assert_true(k == c ? out[k] > 0.3F : out[k] < -0.3F);
	}
}

static void what_says_nothing_belongs_to_none(void **state)
{
	uint32_t feature[] = {COMMON};
	float value[] = {1}, out[CLASSES];

	(void)state;
	linear_score(train(), &arena, feature, value, 1, out);
	for (int k = 0; k < CLASSES; k++)
		assert_true(out[k] < 0);
	linear_score(train(), &arena, feature, value, 0, out);
	for (int k = 0; k < CLASSES; k++)
		assert_true(out[k] < 0);
}

static void training_twice_gives_the_same_bits(void **state)
{
	uint32_t feature[] = {0, 3, COMMON, COMMON + 7};
	float value[] = {0.5F, 0.1F, 0.5F, 0.7F}, a[CLASSES], b[CLASSES];

	(void)state;
	linear_score(train(), &arena, feature, value, 4, a);
	linear_score(train(), &arena, feature, value, 4, b);
	assert_memory_equal(a, b, sizeof a);
}

static void one_class_or_too_many_weights_give_no_model(void **state)
{
	struct linear_rows rows = make_rows();

	(void)state;
	assert_null(linear_train(&arena, &rows, 10, 1));
	assert_null(linear_train(&arena, &rows, LINEAR_CELLS_MAX, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_class_claims_its_own_and_rejects_the_others,
						open_arena, close_arena),
		cmocka_unit_test_setup_teardown(what_says_nothing_belongs_to_none, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(training_twice_gives_the_same_bits, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(one_class_or_too_many_weights_give_no_model,
						open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include <math.h>

#include "intents/centre.h"

enum { DIMS = 2, GRAMS = 2 };

/* A text with GRAMS items of grams and a bias, and, where x or y is not 0, a mean. */
static struct vec make_text(struct arena *a, float x, float y)
{
	struct vec out = {.v = ARENA_ARRAY(a, struct vec_item, GRAMS + 1 + DIMS)};

	for (uint32_t i = 0; i <= GRAMS; i++)
		out.v[out.n++] = (struct vec_item){i, 0.5F};
	out.n_words = GRAMS;
	if (x == 0 && y == 0)
		return out;
	out.v[out.n++] = (struct vec_item){GRAMS + 1, x};
	out.v[out.n++] = (struct vec_item){GRAMS + 2, y};
	out.n_mean = DIMS;
	return out;
}

static void is_about(float got, double expected)
{
	assert_true(fabs((double)got - expected) < 1e-5);
}

static float cosine(const struct centres *c, const struct vec *x, uint32_t class)
{
	const uint32_t classes[CENTRES_AT_ONCE] = {0, 0, 0, class};
	float out[CENTRES_AT_ONCE];

	centres_cosines(c, x, classes, out);
	return out[CENTRES_AT_ONCE - 1];
}

static void likeness_is_the_cosine_with_the_centre_of_a_class_s_examples(void **state)
{
	struct arena a;
	const struct centres *c;
	struct vec x;

	(void)state;
	arena_init(&a);
	{
		const struct weights_example v[] = {
			{.x = make_text(&a, 1, 0), .class = 0},
			{.x = make_text(&a, 0, 1), .class = 0},
			{.x = make_text(&a, -1, 0), .class = 1},
			{.x = make_text(&a, 0, 0), .class = 1},
			{.x = make_text(&a, 0, 0), .class = 2},
		};

		c = centres_new(&a, v, sizeof v / sizeof *v, 3);
	}
	x = make_text(&a, 0.3F, 0.3F);
	is_about(cosine(c, &x, 0), 1);
	is_about(cosine(c, &x, 1), -sqrt(0.5));
	x = make_text(&a, 2, 0);
	is_about(cosine(c, &x, 0), sqrt(0.5));
	assert_true(centres_bytes(c) >= 3 * DIMS * sizeof(float));
	arena_done(&a);
}

static void what_has_no_mean_is_neither_like_nor_unlike(void **state)
{
	struct arena a;
	const struct centres *c;
	struct vec with, without;

	(void)state;
	arena_init(&a);
	with = make_text(&a, 1, 0);
	without = make_text(&a, 0, 0);
	{
		const struct weights_example v[] = {{.x = with, .class = 0},
						    {.x = without, .class = 1}};

		c = centres_new(&a, v, 2, 2);
		assert_null(centres_new(&a, v + 1, 1, 2));
	}
	is_about(cosine(c, &without, 0), (double)CENTRE_UNTOLD);
	is_about(cosine(c, &with, 1), (double)CENTRE_UNTOLD);
	is_about(cosine(NULL, &with, 0), (double)CENTRE_UNTOLD);
	assert_int_equal(centres_bytes(NULL), 0);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(likeness_is_the_cosine_with_the_centre_of_a_class_s_examples),
		cmocka_unit_test(what_has_no_mean_is_neither_like_nor_unlike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

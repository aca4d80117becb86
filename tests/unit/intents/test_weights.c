#include "unit/unit.h"

#include <math.h>

#include "intents/weights.h"

/* So many classes that most rows are kept as steps, some of them longer than a step can be. */
enum { CLASSES = 700, FEATURES = 1700, EACH = 3, ITEMS = 9, EXAMPLES = CLASSES * EACH };

static uint32_t next_random(uint32_t n)
{
	static uint64_t state = 7;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % n;
}

/* A class has two features of its own, the others are anybody's: low numbers more often. */
static struct vec make_text(struct arena *a, uint32_t class)
{
	struct vec x = {.v = ARENA_ARRAY(a, struct vec_item, ITEMS)};

	for (size_t i = 0; i < ITEMS; i++) {
		uint32_t id = i < 2 ? FEATURES - 1 - (2 * class + (uint32_t)i) % (2 * CLASSES)
				    : next_random(1 + next_random(300));

		for (size_t k = 0; k < x.n; k++) {
			if (x.v[k].id == id)
				id = UINT32_MAX;
		}
		if (id != UINT32_MAX)
			x.v[x.n++] = (struct vec_item){id, 0.3F};
	}
	x.n_words = x.n;
	return x;
}

static float largest_of(const float *w, size_t class)
{
	float most = 0;

	for (size_t f = 0; f < FEATURES; f++)
		most = fmaxf(most, fabsf(w[f * weights_stride(CLASSES) + class]));
	return most;
}

/* Each weight may be half a step off, of 127 up to the largest, and a text's values half a step of their own:
 * here one in twenty. */
static void scores_are_those_of_the_trained_weights_to_the_precision_of_a_byte(void **state)
{
	struct arena a;
	struct weights_example *v;
	const struct weights *packed;
	float *w;

	(void)state;
	arena_init(&a);
	v = ARENA_ARRAY(&a, struct weights_example, EXAMPLES);
	for (uint32_t i = 0; i < EXAMPLES; i++)
		v[i] = (struct weights_example){
			.x = make_text(&a, i / EACH), .class = i / EACH, .key = i};
	w = ARENA_ARRAY(&a, float, FEATURES *weights_stride(CLASSES));
	weights_train(v, EXAMPLES, FEATURES, CLASSES, w);
	packed = weights_new(&a, v, EXAMPLES, FEATURES, CLASSES);
	assert_true(weights_bytes(packed) < FEATURES * CLASSES * 19 / 20);
	for (int trial = 0; trial < 50; trial++) {
		struct vec x = make_text(&a, next_random(CLASSES));
		const float *scores = weights_score(packed, &a, &x);

		for (size_t c = 0; c < CLASSES; c++) {
			float expected = 0, step = largest_of(w, c) / 127, off = 0.02F;

			for (size_t i = 0; i < x.n; i++) {
				expected += w[x.v[i].id * weights_stride(CLASSES) + c] * x.v[i].x;
				off += step / 2 * x.v[i].x;
			}
			assert_true(fabsf(scores[c] - expected) < off + fabsf(expected) / 20);
		}
	}
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			scores_are_those_of_the_trained_weights_to_the_precision_of_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

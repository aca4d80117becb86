#include "unit/unit.h"

#include "text/lexicon.h"
#include "text/senses.h"
#include "text/vectors.h"

enum { DIMS_MAX = 256 };

static struct arena arena;
static const struct lexicon *lexicon;
static const struct vectors *senses;

static int open_all(void **state)
{
	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, NULL, 0, NULL, 0);
	senses = senses_vectors(&arena);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static bool mean_of(const char *text, float out[DIMS_MAX])
{
	struct utterance u;

	utterance_read(&arena, lexicon, str_of(text), &u);
	return vectors_mean(senses, &u, out);
}

static double likeness(const char *one, const char *other)
{
	float x[DIMS_MAX], y[DIMS_MAX];
	double sum = 0;

	assert_true(vectors_dims(senses) <= DIMS_MAX);
	assert_true(mean_of(one, x));
	assert_true(mean_of(other, y));
	for (size_t i = 0; i < vectors_dims(senses); i++)
		sum += (double)x[i] * (double)y[i];
	return sum;
}

static void words_that_mean_alike_are_nearer_than_others(void **state)
{
	static const struct {
		const char *word, *alike, *other;
	} v[] = {
		{"delete", "remove", "weather"},
		{"teacher", "instructor", "weather"},
		{"price", "cost", "password"},
		{"invoice", "receipts", "weather"},
		{"film", "video", "ocean"},
		{"老师", "teacher", "money"},
		{"钱", "money", "teacher"},
		{"学", "study", "pay"},
		{"买书", "buy books", "close the window"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		double alike = likeness(v[i].word, v[i].alike);
		double other = likeness(v[i].word, v[i].other);

		if (alike <= other + 0.1)
			fail_msg("%s: %f to %s, %f to %s", v[i].word, alike, v[i].alike, other,
				 v[i].other);
	}
}

static void every_vector_of_the_program_is_found_by_its_own_checks(void **state)
{
	struct vectors *checked;
	struct err err;

	(void)state;
	assert_int_equal(vectors_of(senses_image(), &checked, &err), 0);
	assert_int_equal(vectors_words(checked), vectors_words(senses));
	assert_true(vectors_words(checked) > 28000);
	vectors_close(checked);
}

static void a_text_of_no_known_word_has_no_mean(void **state)
{
	float x[DIMS_MAX];

	(void)state;
	assert_false(mean_of("xqzzy vvrrk", x));
	assert_false(mean_of("", x));
}

static void bytes_that_are_no_vectors_are_not_trusted(void **state)
{
	struct str image = senses_image();

	(void)state;
	assert_null(vectors_trusted(&arena, STR("kefu")));
	assert_null(vectors_trusted(&arena, str_sub(image, 4, image.n)));
	assert_null(vectors_trusted(&arena, str_sub(image, 0, image.n - 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_mean_alike_are_nearer_than_others),
		cmocka_unit_test(every_vector_of_the_program_is_found_by_its_own_checks),
		cmocka_unit_test(a_text_of_no_known_word_has_no_mean),
		cmocka_unit_test(bytes_that_are_no_vectors_are_not_trusted),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}

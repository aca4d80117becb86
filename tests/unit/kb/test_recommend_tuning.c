#include "unit/kb/academy.h"

static void a_list_tuned_as_ever_is_the_list_without_tuning(void **state)
{
	struct academy *w = *state;
	struct recommend_tuning tuning = RECOMMEND_AS_EVER;
	struct recommend_query q;
	struct recommended_list plain, tuned;

	buy(w, "a", "py1", 1);
	buy(w, "a", "py2", 2);
	buy(w, "me", "py1", 3);
	build(w);
	q = query(w, "me");
	plain = ask(w, &q);
	q.tuning = &tuning;
	tuned = ask(w, &q);
	assert_int_equal(plain.n, tuned.n);
	for (size_t i = 0; i < plain.n; i++) {
		assert_ptr_equal(plain.v[i].course, tuned.v[i].course);
		assert_true(!memcmp(&plain.v[i].score, &tuned.v[i].score, sizeof(double)));
	}
}

static void a_factor_of_zero_silences_its_part(void **state)
{
	struct academy *w = *state;
	struct recommend_tuning tuning = RECOMMEND_AS_EVER;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "py1", 1);
	buy(w, "a", "py2", 2);
	buy(w, "me", "py1", 3);
	build(w);
	tuning.factor[PART_TASTE] = 0;
	q = query(w, "me");
	q.tuning = &tuning;
	l = ask(w, &q);
	assert_true(l.n > 0);
	for (size_t i = 0; i < l.n; i++)
		assert_true(l.v[i].parts[PART_TASTE] == 0);
}

/* Everybody takes the two Python courses, and fewer the others: without diversity both stand in front. */
static void diversity_parts_courses_that_are_alike(void **state)
{
	struct academy *w = *state;
	struct recommend_tuning tuning = RECOMMEND_AS_EVER;
	struct recommend_query q;
	struct recommended_list l;
	char name[16];

	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof name, "u%d", i);
		buy(w, name, "py1", 1);
		buy(w, name, "py2", 2);
		if (i < 8)
			buy(w, name, "ui1", 3);
		if (i < 7)
			buy(w, name, "gt1", 4);
	}
	build(w);
	q = query(w, "new");
	q.count = 3;
	l = ask(w, &q);
	assert_int_equal(l.n, 3);
	assert_true(place_of(&l, "py1") < 2 && place_of(&l, "py2") < 2);
	tuning.diversity = .5f;
	q.tuning = &tuning;
	l = ask(w, &q);
	assert_int_equal(l.n, 3);
	assert_true(place_of(&l, "py1") == 0 || place_of(&l, "py2") == 0);
	assert_true(place_of(&l, "ui1") > 0 && place_of(&l, "gt1") > 0);
	/* The first is the best whatever is asked, and no course comes twice. */
	tuning.diversity = 1;
	q.count = 6;
	l = ask(w, &q);
	for (size_t i = 0; i < l.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_ptr_not_equal(l.v[i].course, l.v[k].course);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_academy, close_academy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_tuned_as_ever_is_the_list_without_tuning),
		TEST(a_factor_of_zero_silences_its_part),
		TEST(diversity_parts_courses_that_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

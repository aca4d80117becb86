#include "unit/kb/kb.h"

enum { COURSES = 40 };

static struct seen some(uint32_t course, int64_t at)
{
	return (struct seen){.course = course,
			     .types = (uint8_t)(1u << course % 7),
			     .weight = (float)course / COURSES,
			     .progress = course % 3 ? -1 : .5f,
			     .at_unix_ms = at};
}

static void assert_same(struct seen a, struct seen b)
{
	assert_int_equal(a.course, b.course);
	assert_int_equal(a.types, b.types);
	assert_true(a.weight == b.weight && a.progress == b.progress);
	assert_int_equal(a.at_unix_ms, b.at_unix_ms);
}

/* What the list says of itself, from what was put into it. */
static void check(const struct seen_list *l, const struct seen *v, uint32_t n)
{
	assert_int_equal(l->n, n);
	for (uint32_t i = 0; i < n; i++) {
		bool later = i > 0 && v[i].at_unix_ms != v[i - 1].at_unix_ms;

		assert_same(seen_list_at(l, i), v[i]);
		assert_int_equal(seen_brief_course(l->briefs[i]), v[i].course);
		assert_int_equal(seen_brief_step(l->briefs[i]), later);
		assert_true(seen_brief_interest(l->briefs[i]) == seen_interest(v[i]));
		assert_int_equal(seen_list_find(l, v[i].course), i);
	}
	assert_int_equal(seen_list_find(l, COURSES), n);
}

static void what_is_put_in_and_taken_out_anywhere_leaves_the_others_as_they_were(void **state)
{
	struct seen v[COURSES + 1];
	struct seen_list l = {0};
	uint32_t n = 0, x = 7;

	(void)state;
	for (int round = 0; round < 400; round++) {
		uint32_t at = (x = x * 1664525u + 1013904223u) >> 8;

		if (n < COURSES && (round < 60 || x >> 31)) {
			uint32_t course = 0;

			while (seen_list_find(&l, course) < n)
				course++;
			at %= n + 1;
			memmove(v + at + 1, v + at, (n++ - at) * sizeof *v);
			v[at] = some(course, (int64_t)(x >> 30) - 1);
			seen_list_insert(&l, at, v[at]);
		} else if (n > 0) {
			at %= n;
			assert_same(seen_list_take(&l, at), v[at]);
			memmove(v + at, v + at + 1, (--n - at) * sizeof *v);
		}
		check(&l, v, n);
	}
	seen_list_done(&l);
	check(&l, v, 0);
}

static void a_list_made_at_once_is_the_same(void **state)
{
	struct seen v[COURSES];
	struct seen_list l = {0};

	(void)state;
	for (uint32_t i = 0; i < COURSES; i++)
		v[i] = some(COURSES - 1 - i, (int64_t)(i / 3) * 1000);
	seen_list_fill(&l, v, COURSES);
	check(&l, v, COURSES);
	seen_list_done(&l);
}

static void times_are_kept_to_the_millisecond_and_absurd_ones_are_cut(void **state)
{
	static const int64_t times[] = {-1, 0, -62135596800000, 1795530000123, 253402300799999};
	struct seen_list l = {0};

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		seen_list_insert(&l, i, some(i, times[i]));
		assert_int_equal(seen_list_at(&l, i).at_unix_ms, times[i]);
	}
	seen_list_insert(&l, 0, some(5, INT64_MIN));
	seen_list_insert(&l, 6, some(6, INT64_MAX));
	assert_true(seen_list_at(&l, 0).at_unix_ms < seen_list_at(&l, 1).at_unix_ms);
	assert_true(seen_list_at(&l, 6).at_unix_ms > seen_list_at(&l, 5).at_unix_ms);
	seen_list_done(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_put_in_and_taken_out_anywhere_leaves_the_others_as_they_were),
		cmocka_unit_test(a_list_made_at_once_is_the_same),
		cmocka_unit_test(times_are_kept_to_the_millisecond_and_absurd_ones_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

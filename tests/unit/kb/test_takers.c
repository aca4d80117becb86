#include "unit/kb/kb.h"

#include "kb/takers.h"

static void every_learner_is_counted_and_kept_while_there_is_room(void **state)
{
	struct takers_table t = {0};
	struct takers of;

	(void)state;
	takers_add(&t, 3, 7, 5000);
	takers_add(&t, 3, 8, -1);
	of = takers_of(&t, 3);
	assert_int_equal(of.total, 2);
	assert_int_equal(of.n, 2);
	assert_int_equal(of.v[0].learner, 7);
	assert_int_equal(of.v[0].at_unix_s, 5);
	assert_int_equal(of.v[1].at_unix_s, 0);
	assert_int_equal(takers_of(&t, 2).total, 0);
	assert_int_equal(takers_of(&t, 99).n, 0);
	takers_done(&t);
	assert_int_equal(takers_of(&t, 3).n, 0);
}

enum { MANY = 3 * TAKERS_LATEST };

/* Learner i at second i / 2: two at a time. */
static void tell(struct takers_table *t, uint32_t i)
{
	takers_add(t, 0, i, (int64_t)(i / 2) * 1000);
}

static void check_latest(const struct takers_table *t)
{
	bool kept[MANY] = {0};
	struct takers of = takers_of(t, 0);

	assert_int_equal(of.total, MANY);
	assert_int_equal(of.n, TAKERS_LATEST);
	for (uint32_t i = 0; i < of.n; i++) {
		assert_false(kept[of.v[i].learner]);
		kept[of.v[i].learner] = true;
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(kept[i], i >= MANY - TAKERS_LATEST);
}

static void the_latest_are_kept_whatever_the_order_of_telling(void **state)
{
	struct takers_table rising = {0}, falling = {0}, mixed = {0};

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		tell(&rising, i);
		tell(&falling, MANY - 1 - i);
		tell(&mixed, (uint32_t)(((uint64_t)i * 1009 + 13) % MANY));
	}
	check_latest(&rising);
	check_latest(&falling);
	check_latest(&mixed);
	takers_done(&rising);
	takers_done(&falling);
	takers_done(&mixed);
}

static uint32_t pick(uint64_t *random, uint32_t n)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*random >> 33) % n;
}

/* The first of the takings that are left, sorted by hand. */
static void check_against(const struct takers_table *t, uint32_t course, const struct taker *all,
			  size_t n)
{
	struct takers of = takers_of(t, course);
	size_t later;

	assert_int_equal(of.total, n);
	assert_int_equal(of.n, n < TAKERS_LATEST ? n : TAKERS_LATEST);
	for (uint32_t i = 0; i < of.n; i += 7) {
		size_t same = 0;

		later = 0;
		for (size_t j = 0; j < n; j++) {
			same += all[j].learner == of.v[i].learner &&
				all[j].at_unix_s == of.v[i].at_unix_s;
			later += all[j].at_unix_s != of.v[i].at_unix_s
					 ? all[j].at_unix_s > of.v[i].at_unix_s
					 : all[j].learner > of.v[i].learner;
		}
		assert_int_equal(same, 1);
		assert_true(later < TAKERS_LATEST);
	}
}

static void who_is_taken_out_leaves_the_others_as_if_he_had_never_been(void **state)
{
	struct taker *all = calloc(MANY * 2, sizeof *all);
	struct takers_table t = {0};
	uint64_t random = 5;
	size_t n = 0;
	int taken_out = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY * 2; i++) {
		all[n++] = (struct taker){i, pick(&random, 900) + i / 4};
		takers_add(&t, 2, i, (int64_t)all[n - 1].at_unix_s * 1000);
		if (pick(&random, 3) == 0) {
			uint32_t out = pick(&random, (uint32_t)n);

			assert_true(takers_remove(&t, 2, all[out].learner));
			all[out] = all[--n];
			taken_out++;
		}
		if (i % 97 == 0)
			check_against(&t, 2, all, n);
	}
	check_against(&t, 2, all, n);
	assert_true(n > TAKERS_LATEST + TAKERS_NEXT && taken_out > 1000);
	takers_done(&t);
	free(all);
}

static void that_too_many_were_taken_out_is_said(void **state)
{
	struct takers_table t = {0};

	(void)state;
	for (uint32_t i = 0; i < MANY; i++)
		tell(&t, i);
	assert_true(takers_remove(&t, 0, 0)); /* long forgotten */
	for (uint32_t i = 0; i < TAKERS_NEXT; i++)
		assert_true(takers_remove(&t, 0, MANY - 1 - i));
	assert_int_equal(takers_of(&t, 0).n, TAKERS_LATEST);
	assert_false(takers_remove(&t, 0, MANY - 1 - TAKERS_NEXT));
	takers_done(&t);

	for (uint32_t i = 0; i < TAKERS_LATEST; i++)
		tell(&t, i);
	for (uint32_t i = 0; i < TAKERS_LATEST; i++)
		assert_true(takers_remove(&t, 0, i));
	assert_int_equal(takers_of(&t, 0).n, 0);
	takers_done(&t);
}

/* More courses than are fetched ahead, popular and rare, told in batches that end anywhere. */
static void telling_many_at_once_comes_to_what_telling_each_does(void **state)
{
	enum { TAKINGS = 20000, COURSES = 60 };
	struct taking *v = calloc(TAKINGS, sizeof *v);
	struct takers_table each = {0}, many = {0};
	uint64_t random = 11;
	size_t at = 0;

	(void)state;
	for (uint32_t i = 0; i < TAKINGS; i++) {
		v[i] = (struct taking){pick(&random, pick(&random, COURSES) + 1) * 3, i,
				       (int64_t)pick(&random, 5000) * 500};
		takers_add(&each, v[i].course, v[i].learner, v[i].at_unix_ms);
	}
	takers_add_all(&many, v, 0);
	while (at < TAKINGS) {
		size_t n = pick(&random, 60);

		n = n < TAKINGS - at ? n : TAKINGS - at;
		takers_add_all(&many, v + at, n);
		at += n;
	}
	assert_true(takers_of(&each, 0).total > TAKERS_LATEST + TAKERS_NEXT);
	for (uint32_t c = 0; c < COURSES * 3; c++) {
		struct takers a = takers_of(&each, c), b = takers_of(&many, c);

		assert_int_equal(a.total, b.total);
		assert_int_equal(a.n, b.n);
		assert_int_equal(a.next, b.next);
		if (a.n)
			assert_memory_equal(a.v, b.v, a.n * sizeof *a.v);
	}
	takers_done(&each);
	takers_done(&many);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_learner_is_counted_and_kept_while_there_is_room),
		cmocka_unit_test(the_latest_are_kept_whatever_the_order_of_telling),
		cmocka_unit_test(who_is_taken_out_leaves_the_others_as_if_he_had_never_been),
		cmocka_unit_test(that_too_many_were_taken_out_is_said),
		cmocka_unit_test(telling_many_at_once_comes_to_what_telling_each_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

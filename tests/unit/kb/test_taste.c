#include "unit/kb/kb.h"

#include <math.h>

#include "kb/history.h"
#include "kb/loom.h"
#include "kb/taste.h"

enum { COURSES = 60, LEARNERS = 400, EACH = 8 };

struct shop {
	char ids[COURSES][16];
	struct course v[COURSES];
	struct catalogue courses;
	struct profiles *profiles;
	struct loom *loom;
	float interest[COURSES];
	struct taste *taste;
};

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

static void tell(struct shop *s, int learner, int course, int64_t at)
{
	char user[16];
	struct event e;

	snprintf(user, sizeof user, "u%d", learner);
	e = kb_event(user, s->ids[course], EVENT_ENROLL, at * 1000);
	profiles_add(s->profiles, &e);
}

/* Courses of one of six fields; popular ones are taken by all. */
static void tell_learner(struct shop *s, int learner, bool ordered)
{
	uint64_t x = (uint64_t)learner * 77 + 5;

	for (int i = 0; i < EACH; i++) {
		int course = (int)(next_random(&x) % (COURSES / 6) * 6) + learner % 6;

		if (next_random(&x) % 3 == 0)
			course = (int)(next_random(&x) % 9);
		tell(s, learner, course, ordered ? i : 7);
	}
}

static void open_shop(struct shop *s)
{
	*s = (struct shop){.profiles = profiles_new()};
	for (int i = 0; i < COURSES; i++) {
		snprintf(s->ids[i], sizeof s->ids[i], "c%02d", i);
		s->v[i] = (struct course){.id = str_of(s->ids[i])};
	}
	s->courses = (struct catalogue){.courses = s->v, .n = COURSES};
}

static void learn(struct shop *s)
{
	struct history h;

	history_of(s->profiles, &s->courses, &h);
	s->loom = loom_new(&h.view, COURSES);
	history_done(&h);
	loom_interest(s->loom, s->interest);
	s->taste = taste_new(&s->courses, loom_weave(s->loom, 1), s->interest);
}

static void close_shop(struct shop *s)
{
	taste_free(s->taste);
	loom_free(s->loom);
	profiles_free(s->profiles);
}

/* Two learners, both of whom took 3 and 5; their shares are all there is. */
static void likeness_is_the_sum_of_the_learners_shares(void **state)
{
	struct shop s;
	float w, shares;

	(void)state;
	open_shop(&s);
	tell(&s, 1, 3, 1);
	tell(&s, 1, 4, 2);
	tell(&s, 1, 5, 3);
	tell(&s, 2, 5, 1);
	tell(&s, 2, 3, 2);
	learn(&s);
	w = profile_seen(profiles_at(s.profiles, 0), 0).weight;
	shares = w * w * (loom_share(s.loom, 3, 5, 2, 3) + loom_share(s.loom, 3, 5, -1, 2));
	assert_true(shares > 0);
	assert_true(fabsf(knn_likeness(taste_knn(s.taste), 3, 5) - shares) < 1e-5f * shares);
	assert_true(knn_likeness(taste_knn(s.taste), 3, 9) == 0);
	assert_true(loom_share(s.loom, 3, 5, 1000, 3) == 0);
	close_shop(&s);
}

static void few_learners_leave_the_first_settings(void **state)
{
	struct taste_settings before;
	struct shop s;

	(void)state;
	open_shop(&s);
	for (int u = 0; u < 20; u++)
		tell_learner(&s, u, true);
	learn(&s);
	before = *taste_settings(s.taste);
	taste_choose(s.taste, s.loom, s.interest, s.profiles);
	assert_true(taste_settings(s.taste)->tilt == before.tilt);
	assert_true(taste_settings(s.taste)->recency == before.recency);
	assert_true(taste_settings(s.taste)->crowd_share == before.crowd_share);
	assert_true(taste_settings(s.taste)->crowd.gap == before.crowd.gap);
	close_shop(&s);
}

static void the_choice_does_not_depend_on_the_order_of_telling(void **state)
{
	struct taste_settings a, b;

	(void)state;
	for (int ordered = 0; ordered < 2; ordered++) {
		struct shop s, t;

		open_shop(&s);
		open_shop(&t);
		for (int u = 0; u < LEARNERS; u++) {
			tell_learner(&s, u, ordered);
			tell_learner(&t, (u + 123) % LEARNERS, ordered);
		}
		learn(&s);
		learn(&t);
		taste_choose(s.taste, s.loom, s.interest, s.profiles);
		taste_choose(t.taste, t.loom, t.interest, t.profiles);
		a = *taste_settings(s.taste);
		b = *taste_settings(t.taste);
		assert_memory_equal(&a, &b, sizeof a);
		close_shop(&s);
		close_shop(&t);
	}
}

/* How often the best is of the field of the latest course. */
static double share_found(const struct shop *s)
{
	struct scratch_pool *pool = scratch_pool_new(COURSES);
	size_t found = 0, asked = 0;
	struct arena a;

	arena_init(&a);
	for (uint32_t u = 0; u < profiles_users(s->profiles); u++) {
		struct interaction v[EACH];
		struct scratch *scratch;
		size_t n = history_one(s->profiles, u, &s->courses, v);

		if (n < 2)
			continue;
		scratch = scratch_take(pool);
		taste_score(s->taste, &a, s->profiles, u, v, n, scratch);
		for (uint32_t i = 0; i < COURSES; i++) {
			float score = sparse_get(&scratch->taste, i);

			asked += score >= .999f && score <= 1;
			found += score >= .999f && i % 6 == v[n - 1].item % 6;
			assert_true(score >= 0 && score <= 1);
		}
		scratch_give(pool, scratch);
		arena_reset(&a);
	}
	arena_done(&a);
	scratch_pool_free(pool);
	return (double)found / (double)asked;
}

static void the_best_is_one_and_mostly_of_the_learners_field(void **state)
{
	struct shop s;

	(void)state;
	open_shop(&s);
	for (int u = 0; u < LEARNERS; u++)
		tell_learner(&s, u, true);
	learn(&s);
	taste_choose(s.taste, s.loom, s.interest, s.profiles);
	assert_true(share_found(&s) > .5); /* by chance a sixth */
	close_shop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(likeness_is_the_sum_of_the_learners_shares),
		cmocka_unit_test(few_learners_leave_the_first_settings),
		cmocka_unit_test(the_choice_does_not_depend_on_the_order_of_telling),
		cmocka_unit_test(the_best_is_one_and_mostly_of_the_learners_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

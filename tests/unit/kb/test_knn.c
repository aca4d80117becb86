#include "unit/kb/kb.h"

#include <math.h>

#include "kb/knn.h"
#include "kb/sparse.h"

static void assert_near(double actual, double expected)
{
	if (fabs(actual - expected) > 1e-5)
		fail_msg("%g is not %g", actual, expected);
}

static float likeness(const struct knn *k, uint32_t i, uint32_t j)
{
	struct neighbour v[2000];
	size_t n = knn_neighbours(k, i, v, 2000);

	for (size_t x = 0; x < n; x++)
		if (v[x].item == j)
			return v[x].likeness;
	return 0;
}

/* One learner took a, b, c; another a, b. The sums are those of knn.h, by hand. */
static void likeness_is_what_a_hand_computes(void **state)
{
	const uint32_t start[] = {0, 3, 5};
	const struct interaction v[] = {{0, 1, 10}, {1, 1, 20}, {2, 1, 30}, {0, 1, 5}, {1, 1, 6}};
	const struct histories h = {start, v, 2, 4, NULL};
	struct knn *k = knn_new(&h, 10);
	double c = pow(2, -.4), ab = c + 1;
	struct neighbour v1[1];

	(void)state;
	assert_near(likeness(k, 0, 1), ab / (pow(2, .55) * pow(2, .4)));
	assert_near(likeness(k, 1, 0), .5 * ab / (pow(2, .55) * pow(2, .4)));
	assert_near(likeness(k, 0, 2), exp(-1 / 6.) * c / pow(2, .55));
	assert_near(likeness(k, 1, 2), c / pow(2, .55));
	assert_near(likeness(k, 2, 0), .5 * exp(-1 / 6.) * c / pow(2, .4));
	assert_int_equal(knn_neighbours(k, 3, v1, 1), 0);
	assert_int_equal(knn_neighbours(k, 99, v1, 1), 0);
	knn_free(k);
	knn_free(NULL);
}

static void without_an_order_it_is_a_walk_flattened_by_powers(void **state)
{
	const uint32_t start[] = {0, 2, 4, 5};
	const struct interaction v[] = {{0, 1, 0}, {1, 1, 0}, {0, 1, 0}, {1, 1, 0}, {0, 1, 0}};
	const struct histories h = {start, v, 3, 2, NULL};
	struct knn *k = knn_new(&h, 10);

	(void)state;
	assert_near(likeness(k, 0, 1), 2 / (pow(3, .7) * pow(2, .4)));
	assert_near(likeness(k, 1, 0), 2 / (pow(2, .7) * pow(3, .4)));
	knn_free(k);
}

static void only_the_nearest_are_kept_and_ties_go_to_the_smaller_item(void **state)
{
	const uint32_t start[] = {0, 4, 6};
	const struct interaction v[] = {{0, 1, 0}, {1, 1, 0}, {2, 1, 0},
					{3, 1, 0}, {0, 1, 0}, {3, 1, 0}};
	const struct histories h = {start, v, 2, 4, NULL};
	struct knn *k = knn_new(&h, 2);
	struct neighbour near[4];

	(void)state;
	assert_int_equal(knn_neighbours(k, 0, near, 4), 2);
	assert_int_equal(near[0].item, 3);
	assert_int_equal(near[1].item, 1);
	assert_true(knn_beyond(k, 0) == knn_likeness(k, 0, 1)); /* 2 is as near as 1 */
	assert_true(knn_likeness(k, 0, 2) == 0);
	assert_true(knn_beyond(k, 3) > 0);
	knn_free(k);
	k = knn_new(&h, 3);
	assert_true(knn_beyond(k, 0) == 0 && knn_beyond(k, 3) == 0);
	assert_true(knn_beyond(k, 99) == 0);
	knn_free(k);
}

static void score(const struct knn *k, const struct interaction *profile, size_t n, float scores[4])
{
	struct sparse s;

	sparse_init(&s, 4);
	knn_add(k, profile, n, &s);
	sparse_take(&s);
	for (size_t i = 0; i < s.n; i++)
		scores[s.list[i].item] = s.list[i].x * knn_ends(k)[s.list[i].item];
	sparse_done(&s);
}

static void the_latest_of_a_profile_counts_most(void **state)
{
	/* 0 -> 1 and 2 -> 3, equally often. */
	const uint32_t start[] = {0, 2, 4};
	const struct interaction v[] = {{0, 1, 0}, {1, 1, 1}, {2, 1, 0}, {3, 1, 1}};
	const struct histories h = {start, v, 2, 4, NULL};
	const struct interaction profile[] = {{0, 1, 5}, {2, 1, 6}, {77, 1, 7}};
	const struct interaction together[] = {{0, 1, 5}, {2, 1, 5}};
	float scores[4] = {0}, equal[4] = {0};
	struct knn *k = knn_new(&h, 10);

	(void)state;
	score(k, profile, 3, scores);
	assert_near(scores[1], likeness(k, 0, 1) / 3);
	assert_near(scores[3], likeness(k, 2, 3) / 2);
	assert_int_equal(knn_strongest(k, profile, 3, 3), 1);
	assert_int_equal(knn_strongest(k, profile, 3, 1), 0);
	score(k, together, 2, equal);
	assert_near(equal[1], equal[3]);
	knn_free(k);
}

static void nobody_did_anything_gives_no_neighbours(void **state)
{
	const uint32_t start[] = {0};
	const struct histories h = {start, NULL, 0, 3, NULL};
	struct knn *k = knn_new(&h, 10);
	struct neighbour near[1];

	(void)state;
	assert_int_equal(knn_neighbours(k, 0, near, 1), 0);
	knn_free(k);
}

static void a_very_long_history_counts_by_its_latest_part(void **state)
{
	enum { N = 1200 };
	struct interaction *v = calloc(N, sizeof *v);
	const uint32_t start[] = {0, N};
	const struct histories h = {start, v, 1, N, NULL};
	struct neighbour near[1];
	struct knn *k;

	(void)state;
	for (uint32_t i = 0; i < N; i++)
		v[i] = (struct interaction){i, 1, i};
	k = knn_new(&h, 1000);
	assert_int_equal(knn_neighbours(k, 0, near, 1), 0);
	assert_true(likeness(k, N - 2, N - 1) > likeness(k, N - 3, N - 1));
	assert_true(likeness(k, N - 100, N - 1) == 0);
	knn_free(k);
	free(v);
}

/* A bad rating has no weight at all. */
static void what_has_no_weight_is_nobodys_neighbour(void **state)
{
	const uint32_t start[] = {0, 3, 6, 9};
	const struct interaction v[] = {{0, 1, 0}, {1, 0, 1}, {2, 1, 2}, {0, 1, 0}, {1, 0, 1},
					{2, 1, 2}, {0, 1, 0}, {1, 0, 1}, {2, 1, 2}};
	const struct histories h = {start, v, 3, 3, NULL};
	struct knn *k = knn_new(&h, 10);
	struct neighbour near[3];

	(void)state;
	assert_int_equal(knn_neighbours(k, 0, near, 3), 1);
	assert_int_equal(knn_neighbours(k, 1, near, 3), 0);
	knn_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_weight_is_nobodys_neighbour),
		cmocka_unit_test(likeness_is_what_a_hand_computes),
		cmocka_unit_test(without_an_order_it_is_a_walk_flattened_by_powers),
		cmocka_unit_test(only_the_nearest_are_kept_and_ties_go_to_the_smaller_item),
		cmocka_unit_test(the_latest_of_a_profile_counts_most),
		cmocka_unit_test(nobody_did_anything_gives_no_neighbours),
		cmocka_unit_test(a_very_long_history_counts_by_its_latest_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include "kb/knn_rows.h"
#include "kb/loom.h"
#include "kb/parallel.h"
#include "kb/sparse.h"

/* Learners and what they took, as a list each: the model the loom is held against. */
enum { LEARNERS = 60, ITEMS = 700, FEW = 150, LENGTH = 620 };

struct model {
	struct interaction v[LEARNERS][LENGTH];
	uint32_t n[LEARNERS];
	uint32_t learners, items;
	uint64_t random;
};

static uint32_t pick(struct model *m, uint32_t n)
{
	m->random = m->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(m->random >> 33) % n;
}

/* The popular ones more often. */
static uint32_t pick_item(struct model *m)
{
	return pick(m, pick(m, m->items) + 1);
}

static void drop(struct model *m, uint32_t u, uint32_t at)
{
	memmove(&m->v[u][at], &m->v[u][at + 1], (m->n[u] - at - 1) * sizeof m->v[u][0]);
	m->n[u]--;
}

/* One event: a new item, an item again at a later time or with another weight, or one that goes. */
static uint32_t change(struct model *m, int64_t at, bool ordered)
{
	uint32_t u = pick(m, m->learners), item = pick_item(m);
	float weight = .1f + (float)pick(m, 9) / 10;

	for (uint32_t i = 0; i < m->n[u]; i++)
		if (m->v[u][i].item == item) {
			drop(m, u, i);
			break;
		}
	if (pick(m, 20) == 0 || m->n[u] == LENGTH)
		return u;
	m->v[u][m->n[u]++] = (struct interaction){item, weight, ordered ? at / 3 : 7};
	return u;
}

/* In no order that numbers have. */
static uint64_t key_of(uint32_t u)
{
	return (u + 1) * 0x9e3779b97f4a7c15u;
}

static struct loom *loom_of(const struct model *m, size_t k)
{
	uint32_t *start = calloc(m->learners + 1, sizeof *start), n = 0;
	struct interaction *all = calloc(LEARNERS * LENGTH, sizeof *all);
	uint64_t keys[LEARNERS];
	struct histories h = {start, all, m->learners, m->items, keys};
	struct loom *l;

	for (uint32_t u = 0; u < m->learners; u++) {
		memcpy(all + n, m->v[u], m->n[u] * sizeof *all);
		n += m->n[u];
		keys[u] = key_of(u);
		start[u + 1] = n;
	}
	l = loom_new(&h, k);
	free(start);
	free(all);
	return l;
}

static void assert_same(const struct knn *a, const struct knn *b)
{
	assert_int_equal(a->n_items, b->n_items);
	assert_memory_equal(a->own, b->own, a->n_items * 2 * sizeof *a->own);
	for (uint32_t i = 0; i < a->n_items; i++) {
		const struct knn_row *x = knn_row(a, i), *y = knn_row(b, i);

		assert_int_equal(x ? x->n : 0, y ? y->n : 0);
		if (x)
			assert_memory_equal(x->v, y->v, x->n * sizeof *x->v);
	}
}

static void check_against_rebuilt(const struct model *m, struct loom *l, size_t k)
{
	struct loom *fresh = loom_of(m, k);
	struct knn *woven = loom_weave(l, 2), *rebuilt = loom_weave(fresh, 1);
	float a[ITEMS], b[ITEMS];

	assert_same(woven, rebuilt);
	loom_interest(l, a);
	loom_interest(fresh, b);
	assert_memory_equal(a, b, m->items * sizeof *a);
	knn_free(woven);
	knn_free(rebuilt);
	loom_free(fresh);
}

static void run_stream(uint64_t seed, uint32_t items, size_t k, bool ordered)
{
	struct model *m = calloc(1, sizeof *m);
	struct loom *l;

	m->random = seed;
	m->items = items;
	m->learners = 20;
	for (int i = 0; i < 400; i++)
		change(m, i, ordered);
	l = loom_of(m, k);
	check_against_rebuilt(m, l, k);
	for (int batch = 0; batch < 25; batch++) {
		uint32_t events = pick(m, 12);

		/* New learners come, in the order of their numbers. */
		for (uint32_t i = 0; i <= events; i++) {
			uint32_t u = change(m, 400 + batch * 20 + (int)i, ordered || batch > 20);

			loom_put(l, u, key_of(u), m->v[u], m->n[u]);
			if (pick(m, 8) == 0 && m->learners < LEARNERS)
				m->learners++;
		}
		check_against_rebuilt(m, l, k);
	}
	loom_free(l);
	free(m);
}

static void a_table_kept_up_to_date_is_the_one_made_anew_bit_for_bit(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		run_stream(seed, FEW, 5, true);
		run_stream(seed, 40, 3, seed % 2);
		run_stream(seed, FEW, 1000, true);
	}
}

static void histories_longer_than_what_counts_stay_exact(void **state)
{
	struct model *m = calloc(1, sizeof *m);
	struct loom *l;

	(void)state;
	m->random = 5;
	m->items = ITEMS;
	m->learners = 3;
	for (uint32_t i = 0; i < 540; i++)
		m->v[0][m->n[0]++] = (struct interaction){i, .5f, i};
	for (int i = 0; i < 40; i++)
		change(m, 1000 + i, true);
	l = loom_of(m, 4);
	for (int i = 0; i < 400; i++) {
		uint32_t u = change(m, 2000 + i, true);

		loom_put(l, u, key_of(u), m->v[u], m->n[u]);
		if (i % 40 == 0)
			check_against_rebuilt(m, l, 4);
	}
	check_against_rebuilt(m, l, 4);
	assert_true(m->n[0] > 500);
	loom_free(l);
	free(m);
}

/* Two tastes that never meet: an event in one leaves the rows of the other alone. */
static void rows_that_did_not_change_are_shared_with_the_table_before(void **state)
{
	const uint32_t start[] = {0, 2, 4};
	const struct interaction v[] = {{0, 1, 0}, {1, 1, 1}, {2, 1, 0}, {3, 1, 1}};
	const struct interaction more[] = {{0, 1, 0}, {1, 1, 1}, {4, 1, 2}};
	const struct histories h = {start, v, 2, 5, NULL};
	struct loom *l = loom_new(&h, 10);
	struct knn *before = loom_weave(l, 1), *after;
	struct neighbour near[5];

	(void)state;
	loom_put(l, 0, 0, more, 3);
	after = loom_weave(l, 1);
	assert_ptr_equal(knn_row(before, 2), knn_row(after, 2));
	assert_ptr_not_equal(knn_row(before, 0), knn_row(after, 0));
	assert_int_equal(knn_neighbours(before, 0, near, 5), 1);
	assert_int_equal(knn_neighbours(after, 0, near, 5), 2);
	/* Whoever holds the old table goes on reading it. */
	loom_free(l);
	knn_free(after);
	assert_int_equal(knn_neighbours(before, 1, near, 5), 1);
	knn_free(before);
}

static void the_number_of_threads_changes_nothing(void **state)
{
	struct model *m = calloc(1, sizeof *m);

	(void)state;
	m->random = 99;
	m->items = ITEMS;
	m->learners = LEARNERS;
	for (int i = 0; i < 3000; i++)
		change(m, i, true);
	for (unsigned threads = 2; threads <= 8; threads += 3) {
		struct loom *one = loom_of(m, 7), *many = loom_of(m, 7);
		struct knn *a = loom_weave(one, 1), *b = loom_weave(many, threads);

		assert_same(a, b);
		knn_free(a);
		knn_free(b);
		loom_free(one);
		loom_free(many);
	}
	assert_in_range(parallel_cores(), 1, 8);
	free(m);
}

static void what_has_no_weight_is_nothing(void **state)
{
	const uint32_t start[] = {0, 3, 6};
	const struct interaction v[] = {{0, 1, 0}, {1, 0, 1}, {2, 1, 2},
					{0, 1, 0}, {1, 0, 1}, {2, 1, 2}};
	const struct histories h = {start, v, 2, 3, NULL};
	struct knn *k = knn_new(&h, 10);
	const struct interaction profile[] = {{0, 0, 0}, {2, 1, 1}};
	struct neighbour near[3];
	struct sparse added;

	(void)state;
	assert_int_equal(knn_neighbours(k, 0, near, 3), 1);
	assert_int_equal(near[0].item, 2);
	sparse_init(&added, 3);
	knn_add(k, profile, 2, &added);
	assert_int_equal(added.n, 1);
	assert_int_equal(added.list[0].item, 0);
	assert_true(added.v[0] > 0);
	sparse_done(&added);
	knn_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_kept_up_to_date_is_the_one_made_anew_bit_for_bit),
		cmocka_unit_test(histories_longer_than_what_counts_stay_exact),
		cmocka_unit_test(rows_that_did_not_change_are_shared_with_the_table_before),
		cmocka_unit_test(the_number_of_threads_changes_nothing),
		cmocka_unit_test(what_has_no_weight_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

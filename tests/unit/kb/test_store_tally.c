#include "unit/kb/kb.h"

#include "kb/store_tally.h"

static void hit(struct store *s, const char *name, int64_t n, int64_t last)
{
	struct hit_row row = {str_of(name), n, last};
	struct err err;

	assert_ok(store_hit_put(s, &row, &err), err);
}

static void hits_add_up_and_the_last_is_the_latest(void **state)
{
	struct store *s = kb_memory();
	struct arena a;
	struct hit_row *rows;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&a);
	hit(s, "refund", 3, 500);
	hit(s, "faq:x", 1, 100);
	hit(s, "refund", 2, 400);
	assert_ok(store_hits(s, &a, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_true(str_eq(rows[0].name, STR("faq:x")));
	assert_int_equal(rows[1].n, 5);
	assert_int_equal(rows[1].last_unix_ms, 500);
	arena_done(&a);
	store_close(s);
}

static void buckets_are_printed_and_read_back(void **state)
{
	uint64_t counts[TURN_BUCKETS] = {[0] = 1, [13] = 40, [TURN_BUCKETS - 1] = 7},
		 got[TURN_BUCKETS];
	struct buf text = {0};

	(void)state;
	memset(got, 0, sizeof got);
	turn_buckets_print(counts, &text);
	assert_string_equal(text.p, "0:1 13:40 47:7");
	turn_buckets_add(buf_view(&text), got);
	assert_memory_equal(got, counts, sizeof got);
	turn_buckets_add(STR("13:2 x 5 48:9 :: 1:-1 99999999999999999999:1 2:"), got);
	assert_int_equal(got[13], 42);
	assert_int_equal(got[47], 7);
	buf_done(&text);
}

static void a_percentile_is_right_within_a_fifth(void **state)
{
	static const double shares[] = {0.01, 0.1, 0.5, 0.9, 0.95, 0.99};
	uint64_t counts[TURN_BUCKETS] = {0};

	(void)state;
	assert_true(turn_percentile(counts, 0.5) < 0);
	for (int us = 1; us <= 10000; us++) /* every time from 1 to 10,000 µs once */
		counts[turn_bucket(us)]++;
	for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
		double got = turn_percentile(counts, shares[i]), right = shares[i] * 10000;

		assert_true(got > right * 0.8 && got < right * 1.2);
	}
	assert_true(turn_percentile(counts, 1) >= 10000);
}

static void the_slowest_and_the_quickest_have_a_bucket(void **state)
{
	(void)state;
	assert_int_equal(turn_bucket(0), 0);
	assert_int_equal(turn_bucket(1), 0);
	assert_int_equal(turn_bucket(1e12), TURN_BUCKETS - 1);
	for (double us = 1; us < 1e7; us *= 1.1)
		assert_true(turn_bucket(us) <= turn_bucket(us * 1.1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_add_up_and_the_last_is_the_latest),
		cmocka_unit_test(buckets_are_printed_and_read_back),
		cmocka_unit_test(a_percentile_is_right_within_a_fifth),
		cmocka_unit_test(the_slowest_and_the_quickest_have_a_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include "kb/store_stats.h"
#include "tally.h"

/* A writer on a database of its own, and a tally. */
struct fixture {
	char folder[64], db[96];
	struct writer *w;
	struct tally *t;
};

static void wake(void *ctx)
{
	(void)ctx;
}

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);
	struct err err;

	kb_folder(x->folder);
	snprintf(x->db, sizeof x->db, "%s/kefu.db", x->folder);
	assert_ok(writer_start(x->db, 100, wake, NULL, &x->w, &err), err);
	x->t = tally_new(77);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	tally_free(x->t);
	kb_folder_done(x->folder);
	free(x);
	return 0;
}

/* All that was queued is on the disk: the rows there. */
static struct store *stopped(struct fixture *x)
{
	struct store *s;
	struct err err;

	assert_int_equal(writer_stop(x->w, 5000), 0);
	assert_ok(store_open(x->db, STORE_READ, &s, &err), err);
	return s;
}

static void replies_are_counted_once_however_often_they_are_flushed(void **state)
{
	struct fixture *x = *state;
	struct store *s;
	struct arena a;
	struct hit_row *rows;
	struct err err;
	size_t n;

	arena_init(&a);
	for (int i = 0; i < 5; i++) {
		tally_hit(x->t, STR("refund"), 1000 + i);
		tally_hit(x->t, STR("faq:a"), 1000 + i);
		if (i % 2)
			tally_flush(x->t, x->w, 2000, false);
	}
	tally_flush(x->t, x->w, 2000, false);
	tally_flush(x->t, x->w, 3000, true);
	s = stopped(x);
	assert_ok(store_hits(s, &a, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].n, 5);
	assert_int_equal(rows[1].n, 5);
	assert_int_equal(rows[1].last_unix_ms, 1004);
	store_close(s);
	arena_done(&a);
}

static void a_minute_is_kept_when_it_is_over_or_the_daemon_stops(void **state)
{
	struct fixture *x = *state;
	struct store *s;
	struct arena a;
	struct stats stats;
	struct err err;

	arena_init(&a);
	tally_turn(x->t, 50, 60000);
	tally_turn(x->t, 50, 119999);
	tally_flush(x->t, x->w, 119999, false);
	tally_flush(x->t, x->w, 120000, false); /* over */
	tally_turn(x->t, 50, 120001);
	tally_flush(x->t, x->w, 120500, true); /* stops */
	s = stopped(x);
	assert_ok(store_stats(s, &a, 0, 60000, 3, &stats, &err), err);
	assert_int_equal(stats.points[0].turns, 0);
	assert_int_equal(stats.points[1].turns, 2);
	assert_int_equal(stats.points[2].turns, 1);
	assert_int_equal(stats.points[1].counts[turn_bucket(50)], 2);
	store_close(s);
	arena_done(&a);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(replies_are_counted_once_however_often_they_are_flushed),
		FRESH(a_minute_is_kept_when_it_is_over_or_the_daemon_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

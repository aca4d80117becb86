#include "unit/unit.h"

#include <stdatomic.h>

#include "tool/crew.h"

enum { PIECES = 5000 };

struct pieces {
	atomic_int done[PIECES];
	size_t bad_from; /* pieces from here on fail */
};

static int do_piece(void *arg, size_t worker, size_t i, struct err *err)
{
	struct pieces *p = arg;

	assert_true(worker < 8);
	atomic_fetch_add(&p->done[i], 1);
	if (i >= p->bad_from)
		return err_set(err, ERR_INVALID, "piece %zu", i);
	return 0;
}

static void each_piece_is_done_once(void **state)
{
	static struct pieces p = {.bad_from = PIECES};

	(void)state;
	assert_int_equal(crew_run(8, PIECES, do_piece, &p, NULL, NULL), 0);
	for (size_t i = 0; i < PIECES; i++)
		assert_int_equal(p.done[i], 1);
	assert_int_equal(crew_run(8, 0, do_piece, &p, NULL, NULL), 0);
	assert_true(crew_size() >= 1);
}

static void the_failure_first_in_order_is_told_whatever_the_threads(void **state)
{
	(void)state;
	for (size_t round = 0; round < 50; round++) {
		static struct pieces p;
		struct err err = {0};

		p = (struct pieces){.bad_from = 100 + round};
		assert_int_equal(crew_run(1 + round % 8, PIECES, do_piece, &p, NULL, &err),
				 ERR_INVALID);
		assert_int_equal(p.done[100 + round], 1);
		for (size_t i = 0; i < 100 + round; i++)
			assert_int_equal(p.done[i], 1);
		{
			char want[32];

			snprintf(want, sizeof want, "piece %zu", 100 + round);
			assert_string_equal(err.text, want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_done_once),
		cmocka_unit_test(the_failure_first_in_order_is_told_whatever_the_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

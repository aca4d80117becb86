#include "unit/unit.h"

#include "recent.h"

static void put(struct recent *r, int64_t seq, const char *text)
{
	recent_put(r, &(struct desk_line){.side = DESK_LEARNER,
					  .text = str_of(text),
					  .raw = STR("as written"),
					  .intent = STR("refund"),
					  .seq = seq});
}

static void lines_are_copies_in_order(void **state)
{
	struct recent r = {0};
	char text[] = "one";

	(void)state;
	put(&r, 1, text);
	text[0] = 'X';
	put(&r, 2, "two");
	put(&r, 3, ""); /* without words: none */
	assert_int_equal(r.n, 2);
	assert_str(r.first->line.text, "one");
	assert_str(r.first->line.raw, "as written");
	assert_str(r.last->line.intent, "refund");
	assert_int_equal(r.last->line.seq, 2);
	recent_done(&r);
	assert_int_equal(r.n + r.bytes, 0);
}

static void the_oldest_give_way_by_number_and_by_size(void **state)
{
	static char big[RECENT_BYTES / 2];
	struct recent r = {0};

	(void)state;
	for (int64_t i = 1; i <= RECENT_LINES + 5; i++)
		put(&r, i, "text");
	assert_int_equal(r.n, RECENT_LINES);
	assert_int_equal(r.first->line.seq, 6);
	memset(big, 'x', sizeof big - 1);
	for (int64_t i = 100; i < 103; i++)
		put(&r, i, big);
	assert_int_equal(r.first->line.seq, 102);
	assert_true(r.bytes <= RECENT_BYTES);
	recent_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_copies_in_order),
		cmocka_unit_test(the_oldest_give_way_by_number_and_by_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

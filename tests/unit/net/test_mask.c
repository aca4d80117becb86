#include "unit/unit.h"

#include "net/mask.h"

static void private_captures_do_not_stay_in_the_text(void **state)
{
	struct slot v[] = {
		{.name = STR_INIT("order_no"),
		 .raw = STR_INIT("２０２６"),
		 .value = STR_INIT("2026"),
		 .private = true},
		{.name = STR_INIT("course"),
		 .raw = STR_INIT("Python"),
		 .value = STR_INIT("Python")},
	};
	struct slots slots = {v, 2, 2};
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_str(mask_slots(&a, &slots, STR("2026 和 ２０２６ of Python")),
		   "*** 和 *** of Python");
	assert_str(mask_slots(&a, &slots, STR("nothing")), "nothing");
	assert_str(mask_slots(&a, &slots, STR("20262026")), "******");
	arena_done(&a);
}

static void a_long_talk_keeps_its_newest_whole_lines(void **state)
{
	struct chat chat = {0};
	char line[101];
	struct str said;

	(void)state;
	for (int i = 0; i < 500; i++) {
		snprintf(line, sizeof line, "%0100d", i);
		mask_log(&chat, "bot", str_of(line));
	}
	said = mask_said(&chat);
	assert_true(said.n <= MASK_LOG_BYTES && said.n > MASK_LOG_BYTES - 110);
	assert_true(str_starts(said, STR("bot: 0")));
	assert_true(str_ends(said, STR("499\n")));
	mask_log(&chat, "learner", STR_NONE);
	assert_int_equal(mask_said(&chat).n, said.n);
	buf_done(&chat.said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_captures_do_not_stay_in_the_text),
		cmocka_unit_test(a_long_talk_keeps_its_newest_whole_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

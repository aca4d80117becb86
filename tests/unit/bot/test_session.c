#include "fixture.h"

static void put(struct session *s, const char *name, const char *value, bool kept)
{
	char *n = mem_strdup(str_of(name)), *v = mem_strdup(str_of(value));

	session_slot_put(s, &(struct session_slot){n, v, v, false, kept});
	free(n);
	free(v);
}

static void a_slot_put_twice_has_its_last_value(void **state)
{
	struct session s;

	(void)state;
	session_init(&s, 1);
	put(&s, "days", "3", false);
	put(&s, "days", "9", false);
	assert_int_equal(s.n_slots, 1);
	assert_string_equal(session_slot_find(&s, STR("days"))->value, "9");
	session_done(&s);
}

static void clearing_leaves_set_variables(void **state)
{
	struct session s;

	(void)state;
	session_init(&s, 1);
	put(&s, "days", "3", false);
	put(&s, "plan", "pro", true);
	session_slots_clear(&s);
	assert_null(session_slot_find(&s, STR("days")));
	assert_string_equal(session_slot_find(&s, STR("plan"))->value, "pro");
	session_done(&s);
}

static void slots_are_bounded_and_the_oldest_goes(void **state)
{
	struct session s;
	char name[16];

	(void)state;
	session_init(&s, 1);
	for (int i = 0; i < SESSION_SLOTS_MAX + 5; i++) {
		snprintf(name, sizeof name, "s%d", i);
		put(&s, name, "x", false);
	}
	assert_int_equal(s.n_slots, SESSION_SLOTS_MAX);
	assert_null(session_slot_find(&s, STR("s4")));
	assert_non_null(session_slot_find(&s, STR("s5")));
	session_done(&s);
}

static void a_long_value_is_cut_between_characters(void **state)
{
	struct session s;
	char text[3 * 400 + 1];

	(void)state;
	for (int i = 0; i < 400; i++)
		memcpy(text + 3 * i, "课", 3);
	text[sizeof text - 1] = '\0';
	session_init(&s, 1);
	session_set(&s.page, str_of(text));
	assert_int_equal(strlen(s.page), SESSION_VALUE_MAX / 3 * 3);
	session_done(&s);
}

static void what_is_saved_is_loaded(void **state)
{
	struct session s, back;
	struct buf saved = {0};
	struct err err;

	(void)state;
	session_init(&s, 42);
	session_set(&s.context, STR("refunding"));
	session_set(&s.shown, STR(";py101;"));
	session_set(&s.asking_intent, STR("refund"));
	s.context_turns = 2;
	s.misses = 1;
	s.turns = 17;
	s.handed_off = true;
	put(&s, "note", "tab\there\nline \\ end", true);
	put(&s, "course", "Ｐｙｔｈｏｎ入门", false);
	session_save(&s, &saved);

	session_init(&back, 7);
	session_set(&back.user, STR("u1"));
	assert_int_equal(session_load(&back, buf_view(&saved), &err), 0);
	assert_string_equal(back.user, "u1");
	assert_string_equal(back.context, "refunding");
	assert_string_equal(back.shown, ";py101;");
	assert_string_equal(back.asking_intent, "refund");
	assert_int_equal(back.context_turns, 2);
	assert_int_equal(back.misses, 1);
	assert_int_equal(back.turns, 17);
	assert_int_equal(back.seed, 42);
	assert_true(back.handed_off);
	assert_string_equal(session_slot_find(&back, STR("note"))->value, "tab\there\nline \\ end");
	assert_true(session_slot_find(&back, STR("note"))->kept);
	assert_string_equal(session_slot_find(&back, STR("course"))->raw, "Ｐｙｔｈｏｎ入门");
	buf_done(&saved);
	session_done(&s);
	session_done(&back);
}

static void damaged_state_is_refused_and_leaves_the_session(void **state)
{
	struct session s;
	struct err err;

	(void)state;
	session_init(&s, 1);
	session_set(&s.context, STR("before"));
	assert_int_equal(session_load(&s, STR("context\tafter\nmisses\tmany\n"), &err),
			 ERR_INVALID);
	assert_string_equal(s.context, "before");
	assert_non_null(strstr(err.text, "misses"));
	session_done(&s);
}

static void fields_of_a_newer_program_are_skipped(void **state)
{
	struct session s;
	struct err err;

	(void)state;
	session_init(&s, 1);
	assert_int_equal(session_load(&s, STR("mood\tgood\ncontext\tc\n"), &err), 0);
	assert_string_equal(s.context, "c");
	session_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slot_put_twice_has_its_last_value),
		cmocka_unit_test(clearing_leaves_set_variables),
		cmocka_unit_test(slots_are_bounded_and_the_oldest_goes),
		cmocka_unit_test(a_long_value_is_cut_between_characters),
		cmocka_unit_test(what_is_saved_is_loaded),
		cmocka_unit_test(damaged_state_is_refused_and_leaves_the_session),
		cmocka_unit_test(fields_of_a_newer_program_are_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

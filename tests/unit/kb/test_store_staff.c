#include "unit/kb/kb.h"

#include "kb/store_staff.h"

static void add(struct store *s, const char *name, enum staff_role role)
{
	struct staff who = {.name = str_of(name), .role = role, .password = STR("$argon2id$1")};
	struct err err;

	who.made_unix_ms = 500;
	assert_ok(store_staff_add(s, &who, &err), err);
}

static int session(struct store *s, const char *hash, int64_t oldest, struct staff *out)
{
	static struct arena a;
	struct err err;
	int rc;

	arena_init(&a);
	rc = store_staff_session(s, &a, str_of(hash), oldest, out, &err);
	out->name = STR_NONE;
	arena_done(&a);
	return rc;
}

static void an_account_is_kept_and_its_name_is_taken(void **state)
{
	struct store *s = *state;
	struct arena a;
	struct staff who;
	struct err err;

	arena_init(&a);
	add(s, "林", ROLE_EDITOR);
	assert_ok(store_staff_get(s, &a, STR("林"), &who, &err), err);
	assert_int_equal(who.role, ROLE_EDITOR);
	assert_true(str_eq(who.password, STR("$argon2id$1")));
	assert_int_equal(store_staff_add(s, &who, &err), ERR_DENIED);
	assert_int_equal(store_staff_get(s, &a, STR("lin"), &who, &err), ERR_NOT_FOUND);
	arena_done(&a);
}

static void whoever_there_is_is_known(void **state)
{
	struct store *s = *state;
	struct arena a;
	struct staff *rows;
	size_t n;
	struct err err;
	bool any = true;

	arena_init(&a);
	assert_ok(store_staff_any(s, &any, &err), err);
	assert_false(any);
	add(s, "b", ROLE_ADMIN);
	add(s, "a", ROLE_VIEWER);
	assert_ok(store_staff_any(s, &any, &err), err);
	assert_true(any);
	assert_ok(store_staff_list(s, &a, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_true(str_eq(rows[0].name, STR("a")));
	assert_int_equal(rows[0].seen_unix_ms, 0);
	assert_int_equal(rows[1].role, ROLE_ADMIN);
	assert_int_equal(rows[1].password.n, 0);
	arena_done(&a);
}

static void a_session_lasts_until_it_is_old_or_left(void **state)
{
	struct store *s = *state;
	struct staff who;
	struct err err;

	add(s, "a", ROLE_AGENT);
	assert_ok(store_staff_enter(s, STR("h1"), STR("a"), 1000, &err), err);
	assert_int_equal(session(s, "h1", 999, &who), 0);
	assert_int_equal(who.role, ROLE_AGENT);
	assert_int_equal(session(s, "h1", 1000, &who), ERR_NOT_FOUND);
	assert_int_equal(session(s, "h2", 0, &who), ERR_NOT_FOUND);
	assert_ok(store_staff_seen(s, STR("h1"), 2000, &err), err);
	assert_int_equal(session(s, "h1", 1000, &who), 0);
	assert_ok(store_staff_sweep(s, 1999, &err), err);
	assert_int_equal(session(s, "h1", 0, &who), 0);
	assert_ok(store_staff_leave(s, STR("h1"), &err), err);
	assert_int_equal(session(s, "h1", 0, &who), ERR_NOT_FOUND);
}

static void whatever_changes_an_account_signs_it_out(void **state)
{
	struct store *s = *state;
	struct staff who;
	struct err err;

	add(s, "a", ROLE_AGENT);
	add(s, "b", ROLE_AGENT);
	assert_ok(store_staff_enter(s, STR("hb"), STR("b"), 1000, &err), err);
	assert_ok(store_staff_enter(s, STR("h1"), STR("a"), 1000, &err), err);
	assert_ok(store_staff_password(s, STR("a"), STR("$argon2id$2"), &err), err);
	assert_int_equal(session(s, "h1", 0, &who), ERR_NOT_FOUND);
	assert_ok(store_staff_enter(s, STR("h2"), STR("a"), 1000, &err), err);
	assert_ok(store_staff_role(s, STR("a"), ROLE_ADMIN, &err), err);
	assert_int_equal(session(s, "h2", 0, &who), ERR_NOT_FOUND);
	assert_ok(store_staff_enter(s, STR("h3"), STR("a"), 1000, &err), err);
	assert_ok(store_staff_remove(s, STR("a"), &err), err);
	assert_int_equal(session(s, "h3", 0, &who), ERR_NOT_FOUND);
	assert_int_equal(session(s, "hb", 0, &who), 0);
	assert_int_equal(store_staff_remove(s, STR("a"), &err), ERR_NOT_FOUND);
	assert_int_equal(store_staff_role(s, STR("a"), ROLE_ADMIN, &err), ERR_NOT_FOUND);
	assert_int_equal(store_staff_password(s, STR("a"), STR("x"), &err), ERR_NOT_FOUND);
	/* Nobody signs in who is not there. */
	assert_true(store_staff_enter(s, STR("h4"), STR("a"), 1000, &err) < 0);
}

static void the_log_is_read_backwards_in_pages_and_by_name(void **state)
{
	struct store *s = *state;
	struct arena a;
	struct audit_row *rows;
	size_t n;
	struct err err;

	arena_init(&a);
	for (int i = 1; i <= 5; i++) {
		struct audit_row row = {.at_unix_ms = i,
					.who = i % 2 ? STR("odd") : STR("even"),
					.origin = STR("127.0.0.1"),
					.what = STR("login")};

		assert_ok(store_audit_put(s, &row, &err), err);
	}
	assert_ok(store_audit_list(s, &a, 0, STR_NONE, 2, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].at_unix_ms, 5);
	assert_ok(store_audit_list(s, &a, rows[1].id, STR_NONE, 10, &rows, &n, &err), err);
	assert_int_equal(n, 3);
	assert_int_equal(rows[0].at_unix_ms, 3);
	assert_ok(store_audit_list(s, &a, 0, STR("even"), 10, &rows, &n, &err), err);
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].at_unix_ms, 2);
	arena_done(&a);
}

static void names_are_short_and_have_no_spaces(void **state)
{
	char longest[STAFF_NAME_MAX + 1];

	(void)state;
	memset(longest, 'x', sizeof longest);
	assert_true(staff_name_valid(STR("lin")));
	assert_true(staff_name_valid(STR("小林@客服")));
	assert_true(staff_name_valid((struct str){longest, STAFF_NAME_MAX}));
	assert_false(staff_name_valid((struct str){longest, STAFF_NAME_MAX + 1}));
	assert_false(staff_name_valid(STR_NONE));
	assert_false(staff_name_valid(STR("a b")));
	assert_false(staff_name_valid(STR("a\n")));
	assert_false(staff_name_valid(STR("\xff")));
}

static void roles_are_read_as_they_are_written(void **state)
{
	enum staff_role role;

	(void)state;
	for (int i = ROLE_VIEWER; i <= ROLE_ADMIN; i++) {
		assert_true(staff_role_read(str_of(staff_role_name((enum staff_role)i)), &role));
		assert_int_equal(role, i);
	}
	assert_false(staff_role_read(STR("none"), &role));
	assert_false(staff_role_read(STR("Admin"), &role));
}

static int setup(void **state)
{
	*state = kb_memory();
	return 0;
}

static int teardown(void **state)
{
	store_close(*state);
	return 0;
}

#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_STORE(an_account_is_kept_and_its_name_is_taken),
		IN_STORE(whoever_there_is_is_known),
		IN_STORE(a_session_lasts_until_it_is_old_or_left),
		IN_STORE(whatever_changes_an_account_signs_it_out),
		IN_STORE(the_log_is_read_backwards_in_pages_and_by_name),
		cmocka_unit_test(names_are_short_and_have_no_spaces),
		cmocka_unit_test(roles_are_read_as_they_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include "kb/store_ab.h"
#include "kb/store_desk.h"
#include "kb/store_guest.h"
#include "kb/store_list.h"
#include "kb/store_sql.h"
#include "kb/store_user.h"

#define SESSION "0123456789abcdef0123456789abcdef"
#define GUEST	"guest:0123456789abcdef"
#define OTHER	"fedcba9876543210fedcba9876543210"

static int64_t number(struct store *s, const struct sql *q)
{
	struct sql_rows r;
	struct err err;
	int64_t out = -1;

	assert_ok(sql_open(s, q, SQL_NO_ARGS, &r, &err), err);
	if (sql_next(&r, &err) == 1)
		out = sql_int(&r, 0);
	sql_close(&r);
	return out;
}

#define NUMBER(s, text)                                                                            \
	__extension__({                                                                            \
		static const struct sql asked = {text, "test"};                                    \
		number((s), &asked);                                                               \
	})

static void say(struct store *s, const char *session, const char *user, int64_t seq)
{
	struct talk_row row = {.session = str_of(session),
			       .user = str_of(user),
			       .seq = seq,
			       .at_unix_ms = seq,
			       .side = seq % 2 ? TALK_USER : TALK_BOT,
			       .text = STR("words")};
	struct err err;

	assert_ok(store_talk_put(s, &row, &err), err);
}

static void give(struct store *s, const char *user, const char *session, int64_t list, int64_t at)
{
	struct list_course_row row = {.list = list,
				      .user = str_of(user),
				      .session = str_of(session),
				      .course = STR("c1"),
				      .at_unix_ms = at};
	struct err err;

	assert_ok(store_list_course_put(s, &row, &err), err);
}

static void meet(struct store *s, const char *user, const char *experiment, const char *variant,
		 int64_t at)
{
	struct exposure_row row = {.experiment = str_of(experiment),
				   .variant = str_of(variant),
				   .plan = STR("control 50, b 50"),
				   .share = 50,
				   .outcome = STR("purchase"),
				   .within = 7,
				   .user = str_of(user),
				   .at_unix_ms = at};
	struct err err;

	assert_ok(store_exposure_put(s, &row, &err), err);
}

static struct session_row session_of(const char *session, const char *user)
{
	return (struct session_row){.session = str_of(session),
				    .user = str_of(user),
				    .lang = STR("zh"),
				    .last_seq = 4,
				    .seen_unix_ms = 50,
				    .state = STR("{}")};
}

/* A guest who did one of everything, and somebody else's guest beside. */
static void fill(struct store *s)
{
	struct feedback_row feedback = {STR(SESSION), STR(""), 2, true, 5};
	struct handoff_row handoff = {STR(SESSION), STR(""),	 STR("sales"),
				      STR("note"),  STR("said"), 6};
	struct session_row session = session_of(SESSION, "");
	struct err err;

	struct desk_step desk = {.has = DESK_HAS_CHAT,
				 .chat = {.session = STR(SESSION), .user = STR(GUEST), .state = 1}};

	assert_ok(store_desk_put(s, &desk, &err), err);
	for (int64_t seq = 1; seq <= 4; seq++)
		say(s, SESSION, "", seq);
	assert_ok(store_session_put(s, &session, &err), err);
	assert_ok(store_feedback_put(s, &feedback, &err), err);
	assert_ok(store_handoff_put(s, &handoff, &err), err);
	kb_put(s, GUEST, "c1", EVENT_VIEW, 10);
	kb_put(s, GUEST, "c2", EVENT_DISMISS, 11);
	give(s, GUEST, SESSION, 7, 12);
	meet(s, GUEST, "e", "control", 12);

	say(s, OTHER, "", 1);
	kb_put(s, "guest:fedcba9876543210", "c1", EVENT_VIEW, 10);
	give(s, "guest:fedcba9876543210", OTHER, 8, 12);
	kb_put(s, "bob", "c1", EVENT_VIEW, 10);
}

static int64_t merged(struct store *s, const char *session, const char *user)
{
	struct session_row row = session_of(session, user);
	struct err err;
	int64_t events = -1;

	assert_ok(store_guest_merge(s, &row, &events, &err), err);
	return events;
}

static void check_merged(struct store *s)
{
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = 'ann'"), 4);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM sessions WHERE user = 'ann'"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM feedback WHERE user = 'ann'"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM handoffs WHERE user = 'ann'"), 1);
	assert_int_equal(
		NUMBER(s, "SELECT count(*) FROM desk_chats WHERE user = 'ann' AND logged_in = 1"),
		1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = 'ann'"),
			 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM lists e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = 'ann' AND e.id = 7"),
			 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM exposures e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = 'ann'"),
			 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM learners WHERE name = '" GUEST "'"), 0);
	/* Nobody else's. */
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = ''"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events"), 4);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM lists"), 2);
}

static void all_that_a_guest_did_is_the_learners_and_doing_it_again_changes_nothing(void **state)
{
	struct store *s = kb_memory();
	int64_t after;

	(void)state;
	fill(s);
	assert_int_equal(merged(s, SESSION, "ann"), 2);
	check_merged(s);
	after = NUMBER(s, "SELECT total_changes()");
	assert_int_equal(merged(s, SESSION, "ann"), 0);
	check_merged(s);
	/* The session's row alone is written again. */
	assert_int_equal(NUMBER(s, "SELECT total_changes()") - after, 1);
	store_close(s);
}

static void a_merge_that_is_rolled_back_leaves_everything_the_guests(void **state)
{
	struct store *s = kb_memory();
	struct err err;

	(void)state;
	fill(s);
	assert_ok(store_begin(s, &err), err);
	assert_int_equal(merged(s, SESSION, "ann"), 2);
	store_rollback(s);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = 'ann'"), 0);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = '" GUEST "'"),
			 2);
	assert_int_equal(merged(s, SESSION, "ann"), 2);
	check_merged(s);
	store_close(s);
}

static void a_session_that_is_another_learners_is_not_touched(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	fill(s);
	assert_int_equal(merged(s, SESSION, "ann"), 2);
	/* Should anything have come under the guest's name since, it is not bob's. */
	kb_put(s, GUEST, "c9", EVENT_VIEW, 90);
	assert_int_equal(merged(s, SESSION, "bob"), 0);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM sessions WHERE user = 'bob'"), 0);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = 'bob'"), 0);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = 'bob'"),
			 1);
	/* Nor does anybody get it by being called as guests are, or not at all. */
	assert_int_equal(merged(s, OTHER, GUEST), 0);
	assert_int_equal(merged(s, OTHER, ""), 0);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = ''"), 1);
	store_close(s);
}

static void what_both_did_at_the_same_moment_is_one_event(void **state)
{
	struct store *s = kb_memory();

	(void)state;
	fill(s);
	kb_put(s, "ann", "c1", EVENT_VIEW, 10);
	kb_put(s, "ann", "c1", EVENT_PURCHASE, 10);
	assert_int_equal(merged(s, SESSION, "ann"), 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events e JOIN learners l ON l.id = "
				   "e.learner WHERE l.name = 'ann'"),
			 3);
	store_close(s);
}

static void rows_that_reach_the_disk_after_the_sign_in_are_the_learners_too(void **state)
{
	struct store *s = kb_memory();
	struct session_row late = session_of(SESSION, "");
	struct err err;

	(void)state;
	assert_int_equal(merged(s, SESSION, "ann"), 0);
	say(s, SESSION, "", 1);
	say(s, SESSION, "", 2);
	assert_ok(store_session_put(s, &late, &err), err);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = 'ann'"), 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM sessions WHERE user = 'ann'"), 1);
	say(s, OTHER, "", 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM talk WHERE user = ''"), 1);
	store_close(s);
}

static void it_is_handed_out_and_forgotten_with_the_learner(void **state)
{
	struct store *s = kb_memory();
	struct forgotten n;
	struct buf b = {0};
	struct err err;

	(void)state;
	fill(s);
	merged(s, SESSION, "ann");
	/* From a server of before there was a merge. */
	kb_put(s, GUEST, "c-late", EVENT_VIEW, 90);
	assert_ok(store_user_export(s, STR("ann"), &b, &err), err);
	for (size_t i = 0; i < 4; i++) {
		static const char *const words[] = {"\"dismiss\"", "c-late", "0000000000000007",
						    "\"control\""};

		if (str_find(buf_view(&b), str_of(words[i]), 0) == SIZE_MAX)
			fail_msg("%s is missing", words[i]);
	}
	assert_ok(store_user_forget(s, STR("ann"), &n, &err), err);
	assert_int_equal(n.events, 3);
	assert_int_equal(n.messages, 4);
	assert_int_equal(n.recommendations, 1);
	assert_int_equal(n.experiments, 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM learners"), 2);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM events"), 2);
	buf_done(&b);
	store_close(s);
}

static void an_experiment_counts_a_person_once_where_first_met(void **state)
{
	struct store_ab_query q = {.until_unix_ms = INT64_MAX};
	struct store *s = kb_memory();
	struct store_ab *all;
	struct arena arena;
	struct err err;
	size_t n;

	(void)state;
	arena_init(&arena);
	meet(s, GUEST, "guest-first", "control", 10);
	meet(s, "ann", "guest-first", "b", 20);
	meet(s, GUEST, "learner-first", "control", 10);
	meet(s, "ann", "learner-first", "b", 5);
	meet(s, GUEST, "same", "b", 10);
	meet(s, "ann", "same", "b", 7);
	meet(s, GUEST, "guest-only", "b", 10);
	for (int i = 0; i < 2; i++) {
		meet(s, "other", "guest-first", i ? "b" : "control", 1);
		merged(s, SESSION, "ann");
		/* The learner's own variant, met after signing in. */
		meet(s, "ann", "guest-first", "b", 30);
		meet(s, "ann", "guest-only", "control", 30);
	}
	assert_ok(store_ab_read(s, &arena, &q, &all, &n, &err), err);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		int64_t people = 0;

		for (size_t v = 0; v < all[i].result.n; v++)
			people += all[i].result.variants[v].arm.exposed;
		assert_int_equal(people, i == 0 ? 2 : 1);
		assert_int_equal(all[i].moved, 0);
	}
#define MET(experiment, variant, at)                                                               \
	NUMBER(s, "SELECT count(*) FROM exposures e JOIN arms a ON a.id = e.arm JOIN learners l "  \
		  "ON l.id = e.learner WHERE l.name = 'ann' AND a.experiment = '" experiment       \
		  "' AND a.variant = '" variant "' AND e.at = " at)
	assert_int_equal(MET("guest-first", "control", "10"), 1);
	assert_int_equal(MET("learner-first", "b", "5"), 1);
	assert_int_equal(MET("same", "b", "7"), 1);
	assert_int_equal(MET("guest-only", "b", "10"), 1);
	assert_int_equal(NUMBER(s, "SELECT count(*) FROM exposures"), 5);
	arena_done(&arena);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			all_that_a_guest_did_is_the_learners_and_doing_it_again_changes_nothing),
		cmocka_unit_test(a_merge_that_is_rolled_back_leaves_everything_the_guests),
		cmocka_unit_test(a_session_that_is_another_learners_is_not_touched),
		cmocka_unit_test(what_both_did_at_the_same_moment_is_one_event),
		cmocka_unit_test(rows_that_reach_the_disk_after_the_sign_in_are_the_learners_too),
		cmocka_unit_test(it_is_handed_out_and_forgotten_with_the_learner),
		cmocka_unit_test(an_experiment_counts_a_person_once_where_first_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

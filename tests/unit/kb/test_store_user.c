#include "unit/kb/kb.h"

#include "kb/store_desk.h"
#include "kb/store_user.h"

static void say(struct store *s, const char *session, const char *user, int64_t seq,
		const char *text)
{
	struct talk_row row = {.session = str_of(session),
			       .user = str_of(user),
			       .seq = seq,
			       .at_unix_ms = seq,
			       .side = seq % 2 ? TALK_USER : TALK_BOT,
			       .text = str_of(text)};
	struct err err;

	assert_ok(store_talk_put(s, &row, &err), err);
}

/* A person of the staff has the conversation, and has noted something. */
static void help(struct store *s, const char *session, const char *note)
{
	struct desk_step step = {
		.has = DESK_HAS_CHAT | DESK_HAS_LINE,
		.chat = {.session = str_of(session), .state = 2, .agent = STR("lin")},
		.line = {.session = str_of(session),
			 .side = DESK_NOTE,
			 .text = str_of(note),
			 .raw = str_of(note)}};
	struct err err;

	assert_ok(store_desk_put(s, &step, &err), err);
}

static void fill(struct store *s)
{
	struct session_row session = {
		.session = STR("s1"), .user = STR("ann"), .lang = STR("zh"), .state = STR("{}")};
	struct feedback_row feedback = {STR("s1"), STR("ann"), 2, true, 5};
	struct handoff_row handoff = {STR("s1"),   STR("ann"),	       STR("sales"),
				      STR("note"), STR("said-by-ann"), 6};
	struct event study = kb_event("ann", "c2", EVENT_STUDY, 1772330400000);
	struct err err;

	study.progress = .5;
	assert_ok(event_put(s, &study, &err), err);
	kb_put(s, "ann", "c1", EVENT_VIEW, 1);
	kb_put(s, "bob", "c1", EVENT_VIEW, 1);
	say(s, "s1", "", 1, "before-signing-in");
	say(s, "s1", "ann", 2, "hello \"ann\"");
	say(s, "s2", "bob", 1, "bobs-words");
	assert_ok(store_session_put(s, &session, &err), err);
	session.session = STR("s2");
	session.user = STR("bob");
	assert_ok(store_session_put(s, &session, &err), err);
	assert_ok(store_feedback_put(s, &feedback, &err), err);
	assert_ok(store_handoff_put(s, &handoff, &err), err);
	help(s, "s1", "noted-of-ann");
	help(s, "s2", "noted-of-bob");
}

static bool has(const struct buf *b, const char *words)
{
	return str_find(buf_view(b), str_of(words), 0) != SIZE_MAX;
}

static void everything_of_a_learner_is_handed_out(void **state)
{
	struct store *s = kb_memory();
	struct buf b = {0};
	struct err err;

	(void)state;
	fill(s);
	assert_ok(store_user_export(s, STR("ann"), &b, &err), err);
	assert_true(has(&b, "\"at\":\"2026-03-01T02:00:00"));
	assert_true(has(&b, "\"type\":\"study\",\"course\":\"c2\",\"value\":1,\"progress\":0.5"));
	assert_true(has(&b, "before-signing-in"));
	assert_true(has(&b, "hello \\\"ann\\\""));
	assert_true(has(&b, "\"side\":\"bot\""));
	assert_true(has(&b, "said-by-ann"));
	assert_true(has(&b, "\"helpful\":\"1\""));
	assert_true(has(&b, "\"side\":\"note\",\"text\":\"noted-of-ann\""));
	assert_false(has(&b, "bob"));
	buf_reset(&b);
	assert_ok(store_user_export(s, STR("nobody"), &b, &err), err);
	assert_str(buf_view(&b),
		   "{\"user\":\"nobody\",\"events\":[],\"sessions\":[],\"messages\":[],"
		   "\"feedback\":[],\"handoffs\":[],\"desk\":[],\"recommendations\":[],"
		   "\"experiments\":[]}");
	buf_done(&b);
	store_close(s);
}

/* Do these bytes lie anywhere in the files of the database? */
static bool in_files(const char *folder, const char *words)
{
	char command[160];

	snprintf(command, sizeof command, "grep -rqs %s %s", words, folder);
	return system(command) == 0;
}

static void a_forgotten_learner_is_gone_from_the_files_too(void **state)
{
	char folder[64], path[128];
	struct store *s;
	struct forgotten n;
	struct buf b = {0};
	struct err err;

	(void)state;
	snprintf(path, sizeof path, "%s/kefu.db", kb_folder(folder));
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	fill(s);
	assert_true(in_files(folder, "said-by-ann"));
	assert_ok(store_user_forget(s, STR("ann"), &n, &err), err);
	assert_int_equal(n.events, 2);
	assert_int_equal(n.messages, 2);
	assert_int_equal(n.sessions, 1);
	assert_int_equal(n.feedback, 1);
	assert_int_equal(n.handoffs, 1);
	assert_false(in_files(folder, "said-by-ann"));
	assert_false(in_files(folder, "before-signing-in"));
	assert_false(in_files(folder, "noted-of-ann"));
	assert_true(in_files(folder, "noted-of-bob"));
	assert_true(in_files(folder, "bobs-words"));
	assert_ok(store_user_export(s, STR("bob"), &b, &err), err);
	assert_true(has(&b, "bobs-words"));
	assert_ok(store_user_forget(s, STR("ann"), &n, &err), err);
	assert_int_equal(n.events + n.messages + n.sessions, 0);
	assert_int_equal(store_user_forget(s, STR(""), &n, &err), ERR_INVALID);
	assert_ok(store_check(s, &err), err);
	buf_done(&b);
	store_close(s);
	kb_folder_done(folder);
}

static void a_backup_is_whole_and_never_overwrites(void **state)
{
	char folder[64], path[128], copy[128];
	struct store *s, *other;
	struct profiles *p = profiles_new();
	struct err err;

	(void)state;
	snprintf(path, sizeof path, "%s/kefu.db", kb_folder(folder));
	snprintf(copy, sizeof copy, "%s/copy.db", folder);
	assert_ok(store_open(path, STORE_WRITE, &s, &err), err);
	fill(s);
	assert_ok(store_backup(s, copy, &err), err);
	kb_put(s, "ann", "later", EVENT_VIEW, 9);
	assert_int_equal(store_backup(s, copy, &err), ERR_INVALID);
	assert_says(err, "exists already");
	assert_ok(store_open(copy, STORE_READ, &other, &err), err);
	assert_ok(profiles_read(p, other, NULL, &err), err);
	assert_int_equal(profiles_users(p), 2);
	assert_int_equal(profiles_of(p, STR("ann")).n, 2);
	store_close(other);
	snprintf(copy, sizeof copy, "%s/none/copy.db", folder);
	assert_true(store_backup(s, copy, &err) < 0);
	assert_says(err, "/none/copy.db");
	profiles_free(p);
	store_close(s);
	kb_folder_done(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_of_a_learner_is_handed_out),
		cmocka_unit_test(a_forgotten_learner_is_gone_from_the_files_too),
		cmocka_unit_test(a_backup_is_whole_and_never_overwrites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "json.h"
#include "record.h"
#include "text/buf.h"

static const struct str hash = STR_INIT("0123456789abcdef0123456789abcdef");
static char folder[64];

static int folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-record-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

/* The only file there; its lines. */
static size_t lines_read(struct buf *text, struct str lines[16])
{
	DIR *d = opendir(folder);
	struct dirent *e;
	char path[400] = "";
	size_t n = 0, from = 0, end;
	FILE *f;

	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] != '.') {
			assert_string_equal(path, "");
			snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		}
	}
	closedir(d);
	f = fopen(path, "r");
	assert_non_null(f);
	buf_reserve(text, 65536);
	text->n = fread(text->p, 1, 65536, f);
	fclose(f);
	while ((end = str_find(buf_view(text), STR("\n"), from)) != SIZE_MAX && n < 16) {
		lines[n++] = str_sub(buf_view(text), from, end);
		from = end + 1;
	}
	assert_int_equal(from, text->n);
	return n;
}

static struct json *parsed(struct str line)
{
	struct json *j = NULL;
	struct err err;

	if (json_read(line, &j, &err))
		fail_msg("%.*s: %s", STR_ARG(line), err.text);
	return j;
}

/* A member of an object as text, "" when absent. */
static const char *text_of(const struct json *j, const char *name)
{
	static char copies[4][100];
	static int turn;
	char *copy = copies[turn++ % 4];
	struct str s = STR_NONE;

	json_get_str(j, name, &s);
	snprintf(copy, 100, "%.*s", STR_ARG(s));
	return copy;
}

static void record_one(struct record *r, struct session *s)
{
	struct slot slots[] = {
		{.name = STR_INIT("course"), .value = STR_INIT("Python入门")},
		{.name = STR_INIT("order_no"),
		 .value = STR_INIT("20260301123456"),
		 .private = true},
	};
	struct button buttons[] = {{STR_INIT("转人工"), STR_INIT("intent:human")}};
	struct card cards[] = {{.id = STR_INIT("py101")}};
	struct done_action done[] = {{STR_INIT("set"), STR_INIT("a")},
				     {STR_INIT("set"), STR_INIT("b")}};
	struct turn t = {.kind = TURN_MESSAGE, .text = STR("单号20260301123456")};
	struct record_who who = {hash, s, 1772366400123};

	t.reply = (struct reply){.text = STR("单号20260301123456"),
				 .lang = STR("zh"),
				 .intent = STR("refund"),
				 .score = 0.75,
				 .source = SOURCE_SLOT,
				 .buttons = buttons,
				 .n_buttons = 1,
				 .cards = cards,
				 .n_cards = 1,
				 .slots = {slots, 2, 2},
				 .done = done,
				 .n_done = 2};
	record_turn(r, &who, &t, STR("单号20**********56"), STR("单号***"), 41.7);
	t.kind = TURN_WELCOME;
	record_turn(r, &who, &t, STR(""), STR("您好"), 1);
}

static void a_turn_is_a_head_a_message_and_what_the_bot_did(void **state)
{
	struct session s = {0};
	struct record *r;
	struct buf text = {0};
	struct str lines[16];
	struct json *j;
	struct err err;
	double score;
	bool masked = false;

	(void)state;
	session_init(&s, UINT64_MAX);
	session_set(&s.user, STR("u42"));
	session_set(&s.page, STR("/course/py101"));
	session_set(&s.context, STR("refunding"));
	s.logged_in = true;
	assert_int_equal(record_start(folder, RECORD_FILE_BYTES, &r, &err), 0);
	record_one(r, &s);
	record_stop(r);
	assert_int_equal(lines_read(&text, lines), 3);
	assert_int_equal(str_find(buf_view(&text), STR("20260301123456"), 0), SIZE_MAX);

	j = parsed(lines[0]);
	assert_string_equal(text_of(j, "session"), "0123456789abcdef");
	assert_string_equal(text_of(j, "at"), "2026-03-01T12:00:00.123Z");
	assert_string_equal(text_of(j, "seed"), "18446744073709551615");
	assert_string_equal(text_of(json_member(j, "as"), "user"), "u42");
	assert_null(json_member(j, "continued"));
	json_free(j);

	j = parsed(lines[1]);
	assert_string_equal(text_of(j, "user"), "单号20**********56");
	assert_true(json_get_bool(j, "masked", &masked) && masked);
	json_free(j);

	j = parsed(lines[2]);
	assert_true(json_get_num(j, "score", &score) && score > 0.74 && score < 0.76);
	assert_string_equal(text_of(json_member(j, "bot"), "says"), "单号***");
	assert_string_equal(text_of(json_member(j, "bot"), "intent"), "refund");
	assert_string_equal(text_of(json_member(j, "bot"), "source"), "slot");
	assert_string_equal(text_of(json_member(j, "bot"), "context"), "refunding");
	assert_string_equal(text_of(json_member(json_member(j, "bot"), "slots"), "course"),
			    "Python入门");
	assert_null(json_member(json_member(json_member(j, "bot"), "slots"), "order_no"));
	assert_string_equal(text_of(json_member(json_member(j, "bot"), "does"), "set"), "a");
	json_free(j);
	buf_done(&text);
	session_done(&s);
}

static void agents_silence_and_events_have_lines_of_their_own(void **state)
{
	struct session s = {0};
	struct record_who who = {hash, &s, 0};
	struct record *r;
	struct buf text = {0};
	struct str lines[16];
	struct err err;

	(void)state;
	session_init(&s, 1);
	s.turns = 5;
	assert_int_equal(record_start(folder, RECORD_FILE_BYTES, &r, &err), 0);
	record_agent(r, &who, STR("您好，我是小李"));
	record_silent(r, &who, STR("谢谢"));
	record_event(r, &who, "view", STR("py101"));
	record_stop(r);
	assert_int_equal(lines_read(&text, lines), 5);
	assert_true(str_ends(lines[0], STR("\"continued\":true}")));
	assert_true(str_ends(lines[1], STR("\"agent\":\"您好，我是小李\"}")));
	assert_true(str_ends(lines[2], STR("\"user\":\"谢谢\"}")));
	assert_true(str_ends(lines[3], STR("\"bot\":\"silent\"}")));
	assert_true(str_ends(lines[4], STR("\"event\":{\"view\":\"py101\"}}")));
	buf_done(&text);
	session_done(&s);
}

static void without_a_recorder_nothing_is_done(void **state)
{
	struct session s = {0};
	struct record_who who = {hash, &s, 0};

	(void)state;
	record_agent(NULL, &who, STR("x"));
	record_event(NULL, &who, "view", STR("x"));
	record_one(NULL, &s);
	record_stop(NULL);
}

int main(void)
{
#define RECORD_TEST(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
	const struct CMUnitTest tests[] = {
		RECORD_TEST(a_turn_is_a_head_a_message_and_what_the_bot_did),
		RECORD_TEST(agents_silence_and_events_have_lines_of_their_own),
		RECORD_TEST(without_a_recorder_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

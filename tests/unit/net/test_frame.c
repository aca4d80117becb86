#include "unit/unit.h"

#include "net/frame.h"

/* Reads a frame that is good. */
static struct frame good(const char *json)
{
	struct frame f;
	struct fault fault;

	if (frame_read(str_of(json), &f, &fault) != 0)
		fail_msg("%s: refused: %s", json, fault.err.text);
	return f;
}

/* Reads one that is not, and wants a code and a word in the message. */
static void bad(const char *json, const char *code, const char *word)
{
	struct frame f;
	struct fault fault;

	if (frame_read(str_of(json), &f, &fault) == 0)
		fail_msg("%s: taken", json);
	assert_string_equal(fault.code, code);
	if (!strstr(fault.err.text, word))
		fail_msg("%s: '%s' is not in '%s'", json, word, fault.err.text);
	frame_done(&f);
}

static void a_message_has_its_text_and_id(void **state)
{
	struct frame f = good("{\"type\":\"message\",\"id\":\"c1\",\"text\":\"怎么退款\"}");

	(void)state;
	assert_int_equal(f.type, FRAME_MESSAGE);
	assert_str(f.id, "c1");
	assert_str(f.text, "怎么退款");
	frame_done(&f);
}

static void a_click_has_its_value_as_text(void **state)
{
	struct frame f = good("{\"type\":\"click\",\"value\":\"intent:refund\"}");

	(void)state;
	assert_int_equal(f.type, FRAME_CLICK);
	assert_str(f.text, "intent:refund");
	assert_str(f.id, "");
	frame_done(&f);
}

static void a_hello_may_say_nothing_or_everything(void **state)
{
	struct frame f = good("{\"type\":\"hello\"}");

	(void)state;
	assert_int_equal(f.since, -1);
	assert_str(f.session, "");
	frame_done(&f);
	f = good("{\"type\":\"hello\",\"lang\":\"zh-CN\",\"session\":\"abc\",\"since\":7,"
		 "\"identity\":\"a.b.c\",\"page\":\"/course/py101\"}");
	assert_int_equal(f.since, 7);
	assert_str(f.lang, "zh-CN");
	assert_str(f.session, "abc");
	assert_str(f.identity, "a.b.c");
	assert_str(f.page, "/course/py101");
	frame_done(&f);
}

static void an_event_keeps_what_was_not_given_apart(void **state)
{
	struct frame f = good(
		"{\"type\":\"event\",\"name\":\"study\",\"course\":\"py101\",\"minutes\":12.5}");

	(void)state;
	assert_str(f.name, "study");
	assert_true(f.minutes == 12.5);
	assert_true(f.value == 1);
	assert_true(f.progress == -1 && f.score == -1);
	frame_done(&f);
}

static void feedback_needs_a_seq_and_a_verdict(void **state)
{
	struct frame f = good("{\"type\":\"feedback\",\"seq\":7,\"helpful\":false}");

	(void)state;
	assert_int_equal(f.seq, 7);
	assert_false(f.helpful);
	frame_done(&f);
	bad("{\"type\":\"feedback\",\"helpful\":true}", "bad_frame", "'seq'");
	bad("{\"type\":\"feedback\",\"seq\":7}", "bad_frame", "'helpful'");
	bad("{\"type\":\"feedback\",\"seq\":0,\"helpful\":true}", "bad_frame", "'seq'");
	bad("{\"type\":\"feedback\",\"seq\":1.5,\"helpful\":true}", "bad_frame", "'seq'");
	bad("{\"type\":\"feedback\",\"seq\":7,\"helpful\":1}", "bad_frame", "true or false");
}

static void unknown_members_are_ignored(void **state)
{
	struct frame f = good("{\"type\":\"typing\",\"mood\":{\"a\":[1,2]}}");

	(void)state;
	assert_int_equal(f.type, FRAME_TYPING);
	frame_done(&f);
}

static void what_is_no_json_object_is_said_to_be_so(void **state)
{
	(void)state;
	bad("", "bad_json", "");
	bad("{", "bad_json", "");
	bad("{} {}", "bad_json", "");
	bad("{\"type\":\"end\",\"type\":\"end\"}", "bad_json", "twice");
	bad("[]", "bad_frame", "object");
	bad("\"message\"", "bad_frame", "object");
}

static void a_field_that_is_wrong_is_named(void **state)
{
	(void)state;
	bad("{}", "bad_frame", "'type'");
	bad("{\"type\":7}", "bad_frame", "'type'");
	bad("{\"type\":\"massage\"}", "bad_frame", "massage");
	bad("{\"type\":\"message\"}", "bad_frame", "'text'");
	bad("{\"type\":\"message\",\"text\":[\"a\"]}", "bad_frame", "a string");
	bad("{\"type\":\"message\",\"text\":null}", "bad_frame", "a string");
	bad("{\"type\":\"message\",\"text\":\"a\",\"id\":1}", "bad_frame", "'id'");
	bad("{\"type\":\"hello\",\"since\":-2}", "bad_frame", "'since'");
	bad("{\"type\":\"hello\",\"since\":9007199254740992}", "bad_frame", "'since'");
}

static void an_id_longer_than_allowed_is_refused_and_not_echoed(void **state)
{
	char json[200];
	struct frame f;
	struct fault fault;

	(void)state;
	snprintf(json, sizeof json, "{\"type\":\"message\",\"text\":\"a\",\"id\":\"%065d\"}", 0);
	assert_int_equal(frame_read(str_of(json), &f, &fault), ERR_INVALID);
	assert_str(f.id, "");
	frame_done(&f);
	snprintf(json, sizeof json, "{\"type\":\"message\",\"text\":\"a\",\"id\":\"%064d\"}", 0);
	f = good(json);
	assert_int_equal(f.id.n, 64);
	frame_done(&f);
}

static void a_refused_frame_still_tells_whose_it_was(void **state)
{
	struct frame f;
	struct fault fault;

	(void)state;
	assert_int_equal(
		frame_read(STR("{\"type\":\"message\",\"id\":\"c9\",\"text\":1}"), &f, &fault),
		ERR_INVALID);
	assert_str(f.id, "c9");
	frame_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_its_text_and_id),
		cmocka_unit_test(a_click_has_its_value_as_text),
		cmocka_unit_test(a_hello_may_say_nothing_or_everything),
		cmocka_unit_test(an_event_keeps_what_was_not_given_apart),
		cmocka_unit_test(feedback_needs_a_seq_and_a_verdict),
		cmocka_unit_test(unknown_members_are_ignored),
		cmocka_unit_test(what_is_no_json_object_is_said_to_be_so),
		cmocka_unit_test(a_field_that_is_wrong_is_named),
		cmocka_unit_test(an_id_longer_than_allowed_is_refused_and_not_echoed),
		cmocka_unit_test(a_refused_frame_still_tells_whose_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

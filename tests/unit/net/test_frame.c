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

static void an_utterance_says_its_format_and_whether_more_follows(void **state)
{
	struct frame f =
		good("{\"type\":\"audio\",\"id\":\"a1\",\"format\":\"pcm16\",\"rate\":16000,"
		     "\"lang\":\"en-US\",\"data\":\"AAAA\",\"more\":true}");

	(void)state;
	assert_int_equal(f.type, FRAME_AUDIO);
	assert_str(f.format, "pcm16");
	assert_str(f.lang, "en-US");
	assert_str(f.data, "AAAA");
	assert_int_equal(f.rate, 16000);
	assert_true(f.more);
	frame_done(&f);
	f = good("{\"type\":\"audio\",\"id\":\"a1\",\"format\":\"wav\",\"data\":\"\"}");
	assert_int_equal(f.rate, -1);
	assert_false(f.more);
	frame_done(&f);
	bad("{\"type\":\"audio\",\"format\":\"wav\",\"data\":\"\"}", "bad_frame", "'id'");
	bad("{\"type\":\"audio\",\"id\":\"\",\"format\":\"wav\",\"data\":\"\"}", "bad_frame",
	    "'id'");
	bad("{\"type\":\"audio\",\"id\":\"a\",\"data\":\"\"}", "bad_frame", "'format'");
	bad("{\"type\":\"audio\",\"id\":\"a\",\"format\":\"wav\"}", "bad_frame", "'data'");
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

/* ---- what the server sends ---- */

static const struct button buttons[] = {{STR_INIT("退款"), STR_INIT("intent:refund")}};
static const struct reply reply = {
	.text = STR_INIT("说\"好\""),
	.lang = STR_INIT("zh"),
	.intent = STR_INIT("refund"),
	.score = 1,
	.buttons = buttons,
	.n_buttons = 1,
};

static void a_welcome_says_the_session_and_its_stored_form_does_not(void **state)
{
	struct buf sent = {0}, stored = {0}, back = {0};

	(void)state;
	frame_put_welcome(&sent, 1, STR("abc"), false, &reply);
	assert_str(
		buf_view(&sent),
		"{\"type\":\"welcome\",\"seq\":1,\"session\":\"abc\",\"resumed\":false,\"text\":"
		"\"说\\\"好\\\"\","
		"\"buttons\":[{\"title\":\"退款\",\"value\":\"intent:refund\"}],\"lang\":\"zh\"}");
	frame_put_welcome(&stored, 1, STR_NONE, false, &reply);
	assert_int_equal(str_find(buf_view(&stored), STR("session"), 0), SIZE_MAX);
	frame_put_stored(&back, buf_view(&stored), STR("abc"));
	assert_int_equal(back.n, sent.n);
	assert_true(str_find(buf_view(&back), STR("\"session\":\"abc\""), 0) != SIZE_MAX);
	assert_true(str_find(buf_view(&back), STR("\"seq\":1"), 0) != SIZE_MAX);
	buf_done(&sent);
	buf_done(&stored);
	buf_done(&back);
}

static void a_stored_reply_is_sent_as_it_is(void **state)
{
	struct buf stored = {0}, back = {0};

	(void)state;
	frame_put_reply(&stored, 2, STR("c1"), &reply);
	assert_true(str_starts(buf_view(&stored),
			       STR("{\"type\":\"reply\",\"seq\":2,\"to\":\"c1\",\"text\":")));
	frame_put_stored(&back, buf_view(&stored), STR("abc"));
	assert_true(str_eq(buf_view(&back), buf_view(&stored)));
	buf_done(&stored);
	buf_done(&back);
}

static void the_small_frames_are_as_documented(void **state)
{
	static const char *const expected[] = {
		"{\"type\":\"ack\",\"seq\":3,\"to\":\"e1\"}",
		"{\"type\":\"agent\",\"seq\":4,\"state\":\"queued\"}",
		"{\"type\":\"error\",\"code\":\"busy\",\"message\":\"later\",\"to\":\"c1\"}",
		"{\"type\":\"error\",\"code\":\"bad_json\",\"message\":\"it ends\"}",
		"{\"type\":\"welcome\",\"seq\":7,\"session\":\"t\",\"resumed\":true,\"text\":\"\","
		"\"buttons\":[]}",
		"{\"type\":\"heard\",\"to\":\"a1\",\"text\":\"i want a refund\",\"lang\":\"en\","
		"\"final\":true}",
		"{\"type\":\"welcome\",\"seq\":7,\"session\":\"t\",\"resumed\":true,\"text\":\"\","
		"\"buttons\":[],\"speech\":{\"hears\":[]}}",
	};
	struct buf b[7] = {0};

	(void)state;
	frame_put_ack(&b[0], 3, STR("e1"));
	frame_put_agent(&b[1], 4, &(struct frame_agent){.state = "queued"});
	frame_put_error(&b[2], "busy", "later", STR("c1"));
	frame_put_error(&b[3], "bad_json", "it ends", STR_NONE);
	frame_put_welcome(&b[4], 7, STR("t"), true, NULL);
	frame_add_speech(&b[4], STR_NONE);
	frame_put_heard(&b[5], STR("a1"), STR("i want a refund"), STR("en"));
	frame_put_welcome(&b[6], 7, STR("t"), true, NULL);
	frame_add_speech(&b[6], STR("{\"hears\":[]}"));
	for (size_t i = 0; i < sizeof b / sizeof b[0]; i++) {
		assert_str(buf_view(&b[i]), expected[i]);
		buf_done(&b[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_its_text_and_id),
		cmocka_unit_test(a_click_has_its_value_as_text),
		cmocka_unit_test(a_hello_may_say_nothing_or_everything),
		cmocka_unit_test(an_event_keeps_what_was_not_given_apart),
		cmocka_unit_test(feedback_needs_a_seq_and_a_verdict),
		cmocka_unit_test(an_utterance_says_its_format_and_whether_more_follows),
		cmocka_unit_test(unknown_members_are_ignored),
		cmocka_unit_test(what_is_no_json_object_is_said_to_be_so),
		cmocka_unit_test(a_field_that_is_wrong_is_named),
		cmocka_unit_test(an_id_longer_than_allowed_is_refused_and_not_echoed),
		cmocka_unit_test(a_refused_frame_still_tells_whose_it_was),
		cmocka_unit_test(a_welcome_says_the_session_and_its_stored_form_does_not),
		cmocka_unit_test(a_stored_reply_is_sent_as_it_is),
		cmocka_unit_test(the_small_frames_are_as_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

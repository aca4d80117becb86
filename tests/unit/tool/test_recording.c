#include "unit/unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "record.h"
#include "tool/player.h"

static const char rules[] =
	"entities:\n"
	"  order_no: {regex: '\\b20\\d{12}\\b', private: true}\n"
	"intents:\n"
	"  refund:\n"
	"    when: {keywords: [退款]}\n"
	"    ask: {order_no: 请告诉我订单号}\n"
	"    answer: [\"已提交退款（<order_no>）。\", \"<order_no>的退款*申请*收到了。\"]\n"
	"    then: {context: refunding}\n"
	"  progress:\n"
	"    only: {context: refunding}\n"
	"    when: {keywords: [多久]}\n"
	"    answer: {zh: 三个工作日。, buttons: [转人工]}\n"
	"  human:\n"
	"    when: {keywords: [人工]}\n"
	"    do: {handoff: {team: 客服}}\n"
	"    answer: 正在为您转人工。\n"
	"fallback: {answer: 抱歉，没听懂。}\n";

struct fixture {
	char folder[64], intents[96], recordings[96];
	struct tool_bot bot;
	struct profiles *view;
	struct arena arena;
	struct diags diags;
	struct transcripts all;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	FILE *file;

	strcpy(f->folder, "/tmp/kefu-recording-XXXXXX");
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->intents, sizeof f->intents, "%s/intents.yaml", f->folder);
	snprintf(f->recordings, sizeof f->recordings, "%s/recordings", f->folder);
	file = fopen(f->intents, "w");
	fputs(rules, file);
	fclose(file);
	arena_init(&f->arena);
	diags_init(&f->diags, false);
	*state = f;
	if (tool_bot_open(&f->bot, f->intents, NULL) != 0)
		return -1;
	f->view = profiles_view(f->bot.profiles);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];

	profiles_free(f->view);
	tool_bot_close(&f->bot);
	arena_done(&f->arena);
	diags_done(&f->diags);
	snprintf(command, sizeof command, "rm -r '%s'", f->folder);
	free(f);
	return system(command);
}

/* A learner's side of a conversation with the daemon. */
struct learner {
	struct session session;
	struct str hash;
};

static void says(struct fixture *f, struct record *r, struct learner *l, enum turn_kind kind,
		 const char *text)
{
	struct turn t;
	struct record_who who = {l->hash, &l->session, 1772366400000};
	struct str replied;

	turn_init(&t);
	t.snapshot = f->bot.snapshot;
	t.session = &l->session;
	t.profiles = f->bot.profiles;
	t.kind = kind;
	t.text = str_of(text);
	t.now_unix_ms = who.at_unix_ms;
	bot_turn(&t);
	/* What the daemon does with private values in a reply. */
	replied = t.reply.text;
	for (size_t i = 0; i < t.reply.slots.n; i++) {
		size_t at = str_find(replied, t.reply.slots.v[i].raw, 0);

		if (at != SIZE_MAX)
			replied = arena_printf(&t.arena, "%.*s***%.*s", (int)at, replied.p,
					       (int)(replied.n - at - t.reply.slots.v[i].raw.n),
					       replied.p + at + t.reply.slots.v[i].raw.n);
	}
	record_turn(r, &who, &t, turn_masked_text(&t), replied, 10);
	turn_done(&t);
}

static void record_two(struct fixture *f)
{
	struct learner a = {.hash = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")},
		       b = {.hash = STR("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")};
	struct record *r;
	struct err err;

	session_init(&a.session, 3);
	session_init(&b.session, UINT64_MAX);
	session_set(&a.session.user, STR("u42"));
	session_set(&a.session.page, STR("/course/\"py101\""));
	a.session.logged_in = true;
	session_set(&b.session.lang, STR("zh-CN"));
	assert_int_equal(record_start(f->recordings, RECORD_FILE_BYTES, &r, &err), 0);
	says(f, r, &a, TURN_MESSAGE, "我要退款");
	says(f, r, &b, TURN_MESSAGE, "天气\t\"怎样\"\n'啊': - #x {} \\");
	says(f, r, &a, TURN_MESSAGE, "20260301123456");
	says(f, r, &b, TURN_CLICK, "intent:human");
	says(f, r, &a, TURN_MESSAGE, "多久到账");
	record_stop(r);
	session_done(&a.session);
	session_done(&b.session);
}

static void read_recordings(struct fixture *f)
{
	DIR *d = opendir(f->recordings);
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d))) {
		struct str path;
		struct buf bytes = {0};

		if (e->d_name[0] == '.')
			continue;
		path = arena_printf(&f->arena, "%s/%s", f->recordings, e->d_name);
		assert_int_equal(tool_read_file(path.p, &bytes, NULL), 0);
		assert_int_equal(str_find(buf_view(&bytes), STR("20260301123456"), 0), SIZE_MAX);
		transcript_read(&f->arena, path, buf_view(&bytes), &f->all, &f->diags);
		buf_done(&bytes);
	}
	closedir(d);
}

static void a_recorded_file_replays_as_it_is(void **state)
{
	struct fixture *f = *state;
	const struct player player = {.bot = &f->bot, .view = f->view};
	struct err err;
	size_t turns = 0;

	record_two(f);
	read_recordings(f);
	assert_int_equal(f->diags.n, 0);
	assert_int_equal(f->all.n, 2);
	assert_str(f->all.v[0].user, "u42");
	assert_str(f->all.v[0].page, "/course/\"py101\"");
	assert_true(f->all.v[0].logged_in && !f->all.v[1].logged_in);
	assert_true(f->all.v[1].seed == UINT64_MAX);
	assert_int_equal(f->all.v[0].clock_unix_ms, 1772366400000);
	assert_str(f->all.v[1].steps[0].text, "天气\t\"怎样\"\n'啊': - #x {} \\");
	assert_str(f->all.v[0].steps[1].text, "20000000000056");
	for (size_t i = 0; i < f->all.n; i++) {
		struct played p;

		assert_int_equal(player_inside(&f->arena, &player, &f->all.v[i], &p, &err), 0);
		if (p.findings.n)
			fail_msg("%.*s: %.*s, got %.*s", STR_ARG(p.findings.v[0].what),
				 STR_ARG(p.findings.v[0].expected), STR_ARG(p.findings.v[0].got));
		turns += p.turns;
	}
	assert_int_equal(turns, 5);
}

static void what_the_bot_does_differently_is_found_at_its_line(void **state)
{
	static const char lines[] =
		"{\"session\":\"s\",\"at\":\"2026-03-01T02:00:00Z\",\"lang\":\"\",\"as\":{\"user\":"
		"\"u\",\"logged_in\":false,\"page\":\"\"},\"seed\":\"1\"}\n"
		"{\"session\":\"s\",\"at\":\"2026-03-01T02:00:00Z\",\"user\":\"转人工\"}\n"
		"{\"session\":\"s\",\"at\":\"2026-03-01T02:00:00Z\",\"bot\":{\"intent\":\"refund\","
		"\"does\":{\"handoff\":\"客服\"}},\"score\":1,\"us\":5}\n";
	struct fixture *f = *state;
	const struct player player = {.bot = &f->bot, .view = f->view};
	struct played p;
	struct err err;

	transcript_read(&f->arena, STR("x.jsonl"), str_of(lines), &f->all, &f->diags);
	assert_int_equal(f->diags.n, 0);
	assert_int_equal(f->all.n, 1);
	assert_int_equal(player_inside(&f->arena, &player, &f->all.v[0], &p, &err), 0);
	assert_int_equal(p.findings.n, 1);
	assert_int_equal(p.findings.v[0].class, DIFF_INTENT);
	assert_int_equal(p.findings.v[0].mark.line, 3);
}

static void bad_lines_are_told_with_their_number(void **state)
{
	static const char lines[] = "{\"session\":\"s\",\"user\":\"a\"}\n"
				    "\n"
				    "{\"user\":\"a\"}\n"
				    "{\"session\":\"s\",\"user\":{\"x\":1}}\n"
				    "{\"session\":\"s\",\"user\":\n"
				    "{\"session\":\"s\",\"seed\":\"x\",\"at\":\"x\",\"as\":{}}\n";
	static const int at[] = {3, 4, 5, 6, 6};
	struct fixture *f = *state;

	transcript_read(&f->arena, STR("x.jsonl"), str_of(lines), &f->all, &f->diags);
	assert_int_equal(f->diags.errors, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(f->diags.items[i].mark.line, at[i]);
}

static void of_two_answers_to_one_line_the_last_holds(void **state)
{
	static const char lines[] =
		"{\"session\":\"s\",\"seed\":\"1\",\"as\":{}}\n"
		"{\"session\":\"s\",\"user\":\"a\"}\n"
		"{\"session\":\"s\",\"bot\":{\"intent\":\"x\",\"says\":\"b\",\"lang\":\"zh\"}}\n"
		"{\"session\":\"s\",\"bot\":{\"intent\":\"y\"}}\n"
		"{\"session\":\"s\",\"user\":\"c\"}\n"
		"{\"session\":\"s\",\"bot\":{\"intent\":\"x\"}}\n"
		"{\"session\":\"s\",\"bot\":\"silent\"}\n";
	struct fixture *f = *state;
	const struct step *steps;

	transcript_read(&f->arena, STR("x.jsonl"), str_of(lines), &f->all, &f->diags);
	assert_int_equal(f->all.n, 1);
	assert_int_equal(f->all.v[0].n_steps, 2);
	steps = f->all.v[0].steps;
	assert_int_equal(steps[0].n_expects, 1);
	assert_true(str_eq(steps[0].expects[0].values.v[0], STR("y")));
	assert_true(steps[1].silent);
	assert_int_equal(steps[1].n_expects, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_recorded_file_replays_as_it_is),
		TEST(what_the_bot_does_differently_is_found_at_its_line),
		TEST(bad_lines_are_told_with_their_number),
		TEST(of_two_answers_to_one_line_the_last_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

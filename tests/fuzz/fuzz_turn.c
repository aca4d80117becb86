#include "fuzz/fuzz.h"

#include <unistd.h>

#include "bot/reply.h"
#include "text/utf8.h"

/* Whole turns: every line of the input is a message of one conversation with the rules of
 * tests/data/contract (a line that starts with '\1' is a click). The rules are built once. */
static struct snapshot *build_rules(void)
{
	const struct snapshot_source src = {
		.intents_path = KEFU_SOURCE_DIR "/tests/data/contract/intents.yaml", .serial = 1};
	struct snapshot *s = NULL;
	struct diags diags;
	struct err err = {0};
	int rc;

	diags_init(&diags, false);
	rc = snapshot_build(&src, &diags, &s, &err);
	if (rc != 0)
		fprintf(stderr, "%s\n", err.text);
	HOLDS(rc == 0);
	diags_done(&diags);
	return s;
}

static void check_reply(const struct reply *r)
{
	HOLDS(r->text.n > 0);
	HOLDS(utf8_valid(r->text) == r->text.n);
	HOLDS(r->score >= 0 && r->score <= 1);
	HOLDS(r->source <= SOURCE_FALLBACK);
	HOLDS(r->lang.n > 0);
	for (size_t i = 0; i < r->n_buttons; i++)
		HOLDS(r->buttons[i].title.n && r->buttons[i].value.n);
}

/* What a turn says must be the same when it is told again, and what a session saves must load. */
static void check_session(struct session *s)
{
	struct session back;
	struct buf saved = {0};
	struct err err;

	session_save(s, &saved);
	session_init(&back, 0);
	HOLDS(session_load(&back, buf_view(&saved), &err) == 0);
	HOLDS(back.n_slots == s->n_slots);
	session_done(&back);
	buf_done(&saved);
}

static void one_turn(struct snapshot *rules, struct session *session, struct str line)
{
	struct buf json = {0};
	struct turn t;
	bool click = line.n && line.p[0] == '\1';

	turn_init(&t);
	t.snapshot = rules;
	t.session = session;
	t.explain = true;
	t.kind = click ? TURN_CLICK : TURN_MESSAGE;
	t.text = click ? str_sub(line, 1, line.n) : line;
	bot_turn(&t);
	check_reply(&t.reply);
	turn_json(&t, &json);
	HOLDS(utf8_valid(buf_view(&json)) == json.n);
	(void)turn_masked_text(&t);
	turn_done(&t);
	buf_done(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot *rules;
	struct str rest = {(const char *)data, size};
	struct session session;

	if (!rules)
		rules = build_rules();
	session_init(&session, 3);
	session.logged_in = size % 2;
	while (rest.n) {
		size_t end = str_find(rest, STR("\n"), 0);

		one_turn(rules, &session, str_sub(rest, 0, end));
		rest = end == SIZE_MAX ? STR_NONE : str_sub(rest, end + 1, rest.n);
	}
	check_session(&session);
	session_done(&session);
	return 0;
}

/* What would be answered, and why: a turn like any other, of which nothing is kept or counted. */
#include "bot/reply.h"
#include "net/admin.h"
#include "net/clock.h"
#include "net/server.h"
#include "text/utf8.h"

enum { STATE_MAX = 32 << 10, WORD_MAX = 200 };

struct asked {
	struct str text, user, lang, page, state;
	enum turn_kind kind;
};

/* False: the problem is in the call. */
static bool asked_read(struct call *c, struct asked *a)
{
	size_t max = (size_t)c->settings->text_chars;
	bool click = json_member(c->json, "click") != NULL;

	a->kind = click ? TURN_CLICK : TURN_MESSAGE;
	if (!call_text(c, click ? "click" : "text", true, max * 4, &a->text) ||
	    !call_text(c, "user", false, WORD_MAX, &a->user) ||
	    !call_text(c, "lang", false, WORD_MAX, &a->lang) ||
	    !call_text(c, "page", false, WORD_MAX, &a->page) ||
	    !call_text(c, "state", false, STATE_MAX, &a->state))
		return false;
	if (utf8_count(a->text) <= max)
		return true;
	call_wrong(c, "text", "has more characters than a message may have");
	return false;
}

static bool session_begin(struct call *c, const struct asked *a, struct session *s)
{
	struct err err;

	session_init(s, 0);
	session_set(&s->user, a->user);
	s->logged_in = a->user.n > 0;
	session_set(&s->lang, a->lang);
	session_set(&s->page, a->page);
	if (!a->state.n || session_load(s, a->state, &err) == 0)
		return true;
	call_wrong(c, "state", "is not one that was given before");
	return false;
}

/* turn_json's object, with two members more. */
static void put_turn(struct call *c, const struct turn *t)
{
	struct buf text = {0};

	turn_json(t, &c->out);
	while (c->out.n && c->out.p[--c->out.n] != '}')
		;
	turn_explain(t, call_chinese(c), &text);
	json_kstr(&c->out, "explain", buf_view(&text));
	buf_reset(&text);
	session_save(t->session, &text);
	json_kstr(&c->out, "state", buf_view(&text));
	json_close(&c->out, '}');
	buf_done(&text);
}

void admin_ask_finish(struct request *r, struct call *c)
{
	struct turn t;
	struct session session;
	struct asked a;

	if (asked_read(c, &a)) {
		if (session_begin(c, &a, &session)) {
			turn_init(&t);
			t.snapshot = r->server->snapshot;
			t.profiles = r->server->profiles;
			t.session = &session;
			t.kind = a.kind;
			t.text = a.text;
			t.now_unix_ms = clock_wall_ms();
			t.explain = true;
			bot_turn(&t);
			put_turn(c, &t);
			turn_done(&t);
		}
		session_done(&session);
	}
	admin_answer(r, c, "");
}

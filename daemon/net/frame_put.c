#include "net/frame.h"

#include "bot/reply.h"
#include "text/when.h"

static void open_frame(struct buf *out, const char *type, int64_t seq)
{
	json_open(out, '{');
	json_kstr(out, "type", str_of(type));
	if (seq >= 0)
		json_kint(out, "seq", seq);
}

static void put_buttons(struct buf *out, const struct reply *r)
{
	json_key(out, "buttons");
	json_open(out, '[');
	for (size_t i = 0; r && i < r->n_buttons; i++) {
		json_open(out, '{');
		json_kstr(out, "title", r->buttons[i].title);
		json_kstr(out, "value", r->buttons[i].value);
		json_close(out, '}');
	}
	json_close(out, ']');
}

void frame_put_welcome(struct buf *out, int64_t seq, struct str session, bool resumed,
		       const struct reply *greeting)
{
	open_frame(out, "welcome", seq);
	if (session.n)
		json_kstr(out, "session", session);
	json_kbool(out, "resumed", resumed);
	json_kstr(out, "text", greeting ? greeting->text : STR_NONE);
	put_buttons(out, greeting);
	if (greeting)
		json_kstr(out, "lang", greeting->lang);
	json_close(out, '}');
}

void frame_add_speech(struct buf *out, struct str speech)
{
	if (!speech.n)
		return;
	out->n--; /* its closing brace */
	json_key(out, "speech");
	json_raw(out, speech);
	json_close(out, '}');
}

void frame_put_stored(struct buf *out, struct str stored, struct str session)
{
	static const struct str welcome = STR_INIT("{\"type\":\"welcome\",");

	if (!str_starts(stored, welcome)) {
		buf_str(out, stored);
		return;
	}
	/* A token is hex: nothing in it needs escaping. */
	buf_printf(out, "%.*s\"session\":\"%.*s\",", STR_ARG(welcome), STR_ARG(session));
	buf_str(out, str_sub(stored, welcome.n, stored.n));
}

void frame_put_reply(struct buf *out, int64_t seq, struct str to, const struct reply *r)
{
	open_frame(out, "reply", seq);
	if (to.n)
		json_kstr(out, "to", to);
	reply_json(r, out);
	json_close(out, '}');
}

void frame_put_ack(struct buf *out, int64_t seq, struct str to)
{
	open_frame(out, "ack", seq);
	json_kstr(out, "to", to);
	json_close(out, '}');
}

void frame_put_heard(struct buf *out, struct str to, struct str text, struct str lang)
{
	json_open(out, '{');
	json_kstr(out, "type", STR("heard"));
	json_kstr(out, "to", to);
	json_kstr(out, "text", text);
	json_kstr(out, "lang", lang);
	json_kbool(out, "final", true);
	json_close(out, '}');
}

void frame_put_agent(struct buf *out, int64_t seq, const struct frame_agent *what)
{
	char opens[WHEN_TEXT_MAX];

	open_frame(out, "agent", seq);
	json_kstr(out, "state", str_of(what->state));
	if (what->position)
		json_kint(out, "position", what->position);
	if (what->team.n)
		json_kstr(out, "team", what->team);
	if (what->name.n)
		json_kstr(out, "name", what->name);
	if (what->opens_unix_ms) {
		when_print(what->opens_unix_ms, opens);
		json_kstr(out, "opens", str_of(opens));
	}
	json_close(out, '}');
}

void frame_put_agent_message(struct buf *out, int64_t seq, struct str name, struct str text)
{
	open_frame(out, "agent_message", seq);
	json_kstr(out, "text", text);
	json_kstr(out, "name", name);
	json_close(out, '}');
}

void frame_put_typing(struct buf *out, const char *who)
{
	open_frame(out, "typing", -1);
	json_kstr(out, "who", str_of(who));
	json_close(out, '}');
}

void frame_put_error(struct buf *out, const char *code, const char *message, struct str to)
{
	json_open(out, '{');
	json_kstr(out, "type", STR("error"));
	json_kstr(out, "code", str_of(code));
	json_kstr(out, "message", str_of(message));
	if (to.n)
		json_kstr(out, "to", to);
	json_close(out, '}');
}

#include "tool/player.h"

#include <time.h>

#include "json.h"
#include "text/when.h"
#include "tool/ws_client.h"

enum { WIRE_TIMEOUT_MS = 10000 };

struct wire {
	struct arena *arena;
	struct ws_client *ws;
	struct heard last;
	struct played *out;
	unsigned next_id;
};

static struct str member(struct wire *w, const struct json *j, const char *name)
{
	struct str s;

	return json_get_str(j, name, &s) ? arena_str(w->arena, s) : STR_NONE;
}

static struct strs column(struct wire *w, const struct json *list, const char *name)
{
	size_t n = json_length(list);
	struct str *v = ARENA_ARRAY(w->arena, struct str, n);

	for (size_t i = 0; i < n; i++)
		v[i] = member(w, json_item(list, i), name);
	return (struct strs){v, n};
}

static struct heard hear(struct wire *w, const struct json *reply)
{
	const struct json *buttons = json_member(reply, "buttons");
	struct heard h = {.replied = true,
			  .text = member(w, reply, "text"),
			  .intent = member(w, reply, "intent"),
			  .source = member(w, reply, "source"),
			  .lang = member(w, reply, "lang"),
			  .button_titles = column(w, buttons, "title"),
			  .button_values = column(w, buttons, "value"),
			  .courses = column(w, json_member(reply, "courses"), "id")};

	json_get_num(reply, "score", &h.score);
	return h;
}

/* The frame of type `type` that answers `to` ("" = any); an error frame to it fails. */
static int await(struct wire *w, const char *type, struct str to, struct json **out,
		 struct err *err)
{
	for (;;) {
		struct str text, got, for_id = STR_NONE, words = STR_NONE;
		int rc = ws_receive(w->ws, &text, err);

		if (rc == 0)
			rc = json_read(text, out, err);
		if (rc != 0)
			return rc;
		json_get_str(*out, "to", &for_id);
		if (json_get_str(*out, "type", &got) && (!to.n || str_eq(for_id, to))) {
			if (str_eq(got, str_of(type)))
				return 0;
			if (str_eq(got, STR("error"))) {
				json_get_str(*out, "message", &words);
				rc = err_set(err, ERR_INVALID, "the server refused: %.*s",
					     STR_ARG(words));
			}
		}
		json_free(*out);
		if (rc != 0)
			return rc;
	}
}

static int greet(struct wire *w, const struct transcript *t, struct err *err)
{
	struct buf frame = {0};
	struct json *welcome;
	int rc;

	json_open(&frame, '{');
	json_kstr(&frame, "type", STR("hello"));
	if (t->lang.n)
		json_kstr(&frame, "lang", t->lang);
	if (t->page.n)
		json_kstr(&frame, "page", t->page);
	json_close(&frame, '}');
	rc = ws_send(w->ws, buf_view(&frame), err);
	buf_done(&frame);
	if (rc == 0)
		rc = await(w, "welcome", STR_NONE, &welcome, err);
	if (rc != 0)
		return rc;
	w->last = hear(w, welcome);
	json_free(welcome);
	return 0;
}

static int ask(struct wire *w, const char *type, const char *key, struct str text, struct err *err)
{
	struct str id = arena_printf(w->arena, "r%u", ++w->next_id);
	struct buf frame = {0};
	struct json *reply;
	double began = tool_monotonic_ms();
	int rc;

	json_open(&frame, '{');
	json_kstr(&frame, "type", str_of(type));
	json_kstr(&frame, "id", id);
	json_kstr(&frame, key, text);
	json_close(&frame, '}');
	rc = ws_send(w->ws, buf_view(&frame), err);
	buf_done(&frame);
	if (rc == 0)
		rc = await(w, "reply", id, &reply, err);
	if (rc != 0)
		return rc;
	w->last = hear(w, reply);
	w->last.ms = tool_monotonic_ms() - began;
	w->out->turns++;
	json_free(reply);
	return 0;
}

static int send_event(struct wire *w, const struct step *s, struct err *err)
{
	struct str id = arena_printf(w->arena, "r%u", ++w->next_id);
	struct buf frame = {0};
	struct json *ack;
	int rc;

	json_open(&frame, '{');
	json_kstr(&frame, "type", STR("event"));
	json_kstr(&frame, "id", id);
	json_kstr(&frame, "name", s->event);
	json_kstr(&frame, "course", s->text);
	json_close(&frame, '}');
	rc = ws_send(w->ws, buf_view(&frame), err);
	buf_done(&frame);
	if (rc == 0)
		rc = await(w, "ack", id, &ack, err);
	if (rc == 0)
		json_free(ack);
	return rc;
}

static void pass_time(struct str duration)
{
	int64_t ms;
	struct timespec ts;

	if (!when_duration(duration, &ms))
		return;
	ts = (struct timespec){ms / 1000, ms % 1000 * 1000000};
	nanosleep(&ts, NULL);
}

static int play_step(struct wire *w, const struct step *s, struct err *err)
{
	int rc = 0;

	switch (s->kind) {
	case STEP_USER:
		rc = ask(w, "message", "text", s->text, err);
		break;
	case STEP_CLICK:
		rc = ask(w, "click", "value", player_button(&w->last, s->text), err);
		break;
	case STEP_WAIT:
		pass_time(s->text);
		return 0;
	case STEP_EVENT:
		return send_event(w, s, err);
	default:
		return 0;
	}
	return rc;
}

/* Why a live daemon cannot play it; "" when it can. */
static struct str obstacle(const struct transcript *t)
{
	bool zh = err_locale_chinese();

	if (t->user.n || t->logged_in)
		return zh ? STR("里面是已登录的学员，在线服务会要求身份证明")
			  : STR("it plays a signed-in learner, and a live daemon wants proof of "
				"that");
	if (t->people.n)
		return zh ? STR("坐席在不在，重放说了不算")
			  : STR("who is at the desk is not a replay's to say");
	for (size_t i = 0; i < t->n_steps; i++)
		if (t->steps[i].kind == STEP_RELOAD)
			return zh ? STR("里面要重新加载规则，客户端做不到")
				  : STR("it reloads the rules, which a client cannot");
		else if (t->steps[i].kind == STEP_AGENT)
			return zh ? STR("里面有人工客服说话，而这里只有学员一侧")
				  : STR("a person of the staff speaks in it, and here is only the "
					"learner's side");
	return STR_NONE;
}

int player_wire(struct arena *a, const char *url, const struct transcript *t, struct played *out,
		struct err *err)
{
	struct wire w = {.arena = a, .out = out};
	double began = tool_monotonic_ms();
	int rc;

	*out = (struct played){.transcript = t, .skipped = obstacle(t)};
	if (out->skipped.n)
		return 0;
	rc = ws_open(url, WIRE_TIMEOUT_MS, &w.ws, err);
	if (rc != 0)
		return rc;
	rc = greet(&w, t, err);
	for (size_t i = 0; i < t->n_steps && rc == 0; i++) {
		bool speaks = t->steps[i].kind == STEP_USER || t->steps[i].kind == STEP_CLICK;

		rc = play_step(&w, &t->steps[i], err);
		if (rc == 0 && speaks)
			heard_judge(a, NULL, t, i, &w.last, &out->findings);
	}
	ws_close(w.ws);
	out->ms = tool_monotonic_ms() - began;
	return rc;
}

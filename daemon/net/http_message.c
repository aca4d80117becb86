/* POST /message {"text":"…","session"?,"user"?,"lang"?,"id"?,"identity"?,"shown"?}: one turn without a socket.
 *
 * Courses of the reply are taken for shown, as those of GET /recommend are; `"shown":false` says that the client
 * tells by itself what was (`shown` of POST /events). */
#include <stdlib.h>

#include "json.h"
#include "net/clock.h"
#include "net/http.h"
#include "net/server.h"
#include "net/frame.h"
#include "net/talk.h"
#include "text/mem.h"

struct ask {
	struct json *json;
	struct str text, session, user, lang, id, identity;
	struct identity who; /* user "" = nothing is proven */
	bool shown;
	struct {
		char *user, *lang; /* copies; NULL = not said */
	} names;
};

static const struct {
	const char *name;
	size_t offset, max;
} members[] = {
	{"text", offsetof(struct ask, text), 0},
	{"session", offsetof(struct ask, session), 128},
	{"user", offsetof(struct ask, user), 128},
	{"lang", offsetof(struct ask, lang), 35},
	{"id", offsetof(struct ask, id), FRAME_ID_MAX},
	{"identity", offsetof(struct ask, identity), IDENTITY_JWT_MAX},
};

static bool identity_good(struct request *r, struct ask *a)
{
	struct err err;

	if (!a->identity.n ||
	    identity_read(r->server->trust, a->identity, clock_wall_ms(), &a->who, &err) == 0)
		return true;
	request_problem(r, 401, "%s", err.text);
	return false;
}

/* False: the problem was answered. */
static bool ask_read(struct request *r, struct ask *a)
{
	struct err err;

	*a = (struct ask){.shown = true};
	if (json_read(buf_view(&r->body), &a->json, &err) != 0) {
		request_problem(r, 400, "%s", err.text);
		return false;
	}
	if (!json_is_object(a->json)) {
		request_problem(r, 400, "the body must be a JSON object with 'text'");
		return false;
	}
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		struct str *at = (struct str *)(void *)((char *)a + members[i].offset);

		if (!json_member(a->json, members[i].name))
			continue;
		if (!json_get_str(a->json, members[i].name, at) ||
		    (members[i].max && at->n > members[i].max)) {
			request_problem(r, 400, "'%s' must be a string of no more than %zu bytes",
					members[i].name,
					members[i].max
						? members[i].max
						: (size_t)r->server->settings->message_bytes);
			return false;
		}
	}
	if (json_member(a->json, "shown") && !json_get_bool(a->json, "shown", &a->shown)) {
		request_problem(r, 400, "'shown' must be true or false");
		return false;
	}
	a->names.user = a->user.n ? mem_strdup(a->user) : NULL;
	a->names.lang = a->lang.n ? mem_strdup(a->lang) : NULL;
	return identity_good(r, a);
}

static void ask_done(struct ask *a)
{
	json_free(a->json);
	free(a->names.user);
	free(a->names.lang);
}

static void refuse(struct request *r, const char *code, const char *why)
{
	int status = strcmp(code, "rate_limited") == 0 ? 429
		     : strcmp(code, "too_long") == 0   ? 413
						       : 400;

	request_problem(r, status, "%s", why);
}

static void answer(struct request *r, const struct chat *chat, struct str frame)
{
	struct buf b = {0};

	/* A token is hex: nothing in it needs escaping. */
	buf_printf(&b, "{\"session\":\"%s\",", chat->token);
	buf_str(&b, str_sub(frame, 1, frame.n));
	buf_char(&b, '\n');
	request_answer(r, 200, "application/json", buf_view(&b), "");
	buf_done(&b);
}

/* Words for a person are accepted; what the person says comes over the WebSocket alone. */
static void say(struct request *r, struct chat *chat, const struct ask *a)
{
	struct str frame = STR_NONE;
	struct buf b = {0};

	chat->shows = a->shown;
	if (!hub_holds(chat, a->id)) /* else it is on its way to the disk */
		frame = talk_say(r->server, chat, TURN_MESSAGE, a->id, a->text);
	chat->shows = false;
	if (frame.n) {
		answer(r, chat, frame);
		return;
	}
	buf_printf(&b, "{\"session\":\"%s\",\"type\":\"agent\",\"state\":\"heard\"}\n",
		   chat->token);
	request_answer(r, 202, "application/json", buf_view(&b), "");
	buf_done(&b);
}

static void turn(struct request *r, struct chat *chat, const struct ask *a)
{
	struct str stored = hub_answer(chat, a->id);
	const char *why, *code;

	if (stored.n) {
		answer(r, chat, stored);
		return;
	}
	why = talk_unproven(r->server, chat);
	if (why) {
		request_problem(r, 401, "%s", why);
		return;
	}
	code = talk_refuses(r->server, chat, a->text, &why);
	if (code)
		refuse(r, code, why);
	else
		say(r, chat, a);
}

/* Whoever calls this is the platform's own program; only an identity proves that the
 * learner is logged in, and a bare name does not take such a proof's place. */
static struct visitor visitor_of(const struct ask *a, const struct chat *chat)
{
	struct visitor v = {.user = a->names.user};

	if (*a->who.user)
		v = talk_visitor(&a->who);
	else if (chat && chat->session.logged_in)
		v.user = NULL;
	v.lang = a->names.lang;
	return v;
}

static void open_chat(struct request *r, const struct ask *a)
{
	const struct visitor v = visitor_of(a, NULL);
	const char *why = *a->who.user ? NULL : talk_unproven(r->server, NULL);
	struct chat *chat;
	struct err err;

	if (why)
		request_problem(r, 401, "%s", why);
	else if (talk_open(r->server, NULL, &v, &chat, &err) != 0)
		request_problem(r, 503, "%s", err.text);
	else
		turn(r, chat, a);
}

/* The answer comes when the guest is signed in: http_message_committed. */
static void sign_in(struct request *r, struct chat *chat, const struct visitor *v)
{
	struct ticket *t =
		pending_add(&r->server->pending, PENDING_REQUEST, r->link->id, STR_NONE, STR_NONE);

	if (talk_sign_in(r->server, chat, v, t->number) == 0)
		return;
	free(pending_take(&r->server->pending, t->number));
	request_problem(r, 503, "the disk is behind; send it again later");
}

static void go_on(struct request *r, struct chat *chat, const struct ask *a)
{
	const struct session *session = &chat->session;
	const struct visitor v = visitor_of(a, chat);

	if (*a->who.user && session->logged_in && strcmp(a->who.user, session->user) != 0) {
		request_problem(r, 404, "that session is somebody else's");
		return;
	}
	if (talk_is_guests(chat, &v)) {
		sign_in(r, chat, &v);
		return;
	}
	talk_know(chat, &v);
	turn(r, chat, a);
}

static void look_up(struct request *r, struct str token)
{
	struct reader_job job = {.what = READ_SESSION,
				 .link = r->link->id,
				 .keep = r->server->settings->outbox_frames};

	hub_token_hash(token, job.hash);
	if (reader_ask(r->server->reader, &job) != 0)
		request_problem(r, 503, "too many sessions are being looked up; try again");
}

void http_message(struct request *r)
{
	struct ask a;
	struct chat *chat;

	if (ask_read(r, &a)) {
		chat = a.session.n ? hub_find(r->server->hub, a.session) : NULL;
		if (!str_trim(a.text).n)
			request_problem(r, 400, "'text' is missing or empty");
		else if (!a.session.n)
			open_chat(r, &a);
		else if (chat && !chat->ended)
			go_on(r, chat, &a);
		else if (!chat && hub_token_valid(a.session))
			look_up(r, a.session);
		else
			request_problem(r, 404, "that session is unknown or over");
	}
	ask_done(&a);
}

void http_message_found(struct request *r, struct reader_result *result)
{
	struct ask a;
	struct chat *chat;
	struct err err = {.code = ERR_NOT_FOUND};
	int rc = result->code;

	/* The body is read again: it was good the first time. */
	if (ask_read(r, &a)) {
		if (rc == 0)
			rc = talk_adopt(r->server, a.session, result, &chat, &err);
		if (rc == 0)
			go_on(r, chat, &a);
		else if (rc == ERR_NOT_FOUND)
			request_problem(r, 404, "that session is unknown or over");
		else
			request_problem(r, 503, "the session cannot be read now");
	}
	ask_done(&a);
	reader_result_free(result);
}

void http_message_committed(struct request *r, size_t events, const struct writer_result *result)
{
	struct ask a;
	struct chat *chat;

	(void)events;
	(void)result; /* if the disk refused, the sign-in waits for it; the talk does not */
	if (ask_read(r, &a)) {
		chat = hub_find(r->server->hub, a.session);
		if (chat && !chat->ended)
			go_on(r, chat, &a);
		else
			request_problem(r, 404, "that session is unknown or over");
	}
	ask_done(&a);
}

#include <stdlib.h>

#include "net/clock.h"
#include "net/dispatch.h"
#include "net/identity.h"
#include "net/talk.h"
#include "text/mem.h"

static char *copy_given(struct str s)
{
	return s.n ? mem_strdup(s) : NULL;
}

/* What the frame proves, or the upgrade did. A bad identity is said, and counts as none. */
static struct identity *identity_of(struct conn *c, const struct frame *f)
{
	const struct identity *known = c->link->identity;
	struct identity *id;
	struct err err;

	if (!f->identity.n && !known)
		return NULL;
	id = mem_zalloc(sizeof *id);
	if (!f->identity.n) {
		*id = *known;
	} else if (identity_read(c->server->trust, f->identity, clock_wall_ms(), id, &err) != 0) {
		conn_error(c, "bad_identity", err.text, f->id);
		free(id);
		return NULL;
	}
	return id;
}

/* The frame's wishes as copies. */
static struct hello *hello_copy(struct conn *c, const struct frame *f)
{
	struct hello *h = mem_zalloc(sizeof *h);

	h->since = f->since;
	h->lang = copy_given(f->lang);
	h->page = copy_given(f->page);
	h->identity = identity_of(c, f);
	return h;
}

static struct visitor visitor_of(const struct hello *h)
{
	struct visitor v = {0};

	if (h->identity)
		v = talk_visitor(h->identity);
	v.lang = h->lang;
	v.page = h->page;
	return v;
}

/* Where guests may not chat, a conversation is opened, or shown again, to nobody without a proof. */
static bool must_sign_in(struct conn *c, const struct chat *chat, const struct hello *h)
{
	const char *why;

	if (h->identity || !identity_required(c->server->trust))
		return false;
	why = talk_unproven(c->server, chat);
	if (why)
		conn_error(c, "bad_identity", why, STR_NONE);
	return why != NULL;
}

static void open_fresh(struct conn *c, const struct hello *h)
{
	struct visitor v = visitor_of(h);
	struct chat *chat;
	struct err err;

	if (must_sign_in(c, NULL, h))
		return;
	if (talk_open(c->server, c, &v, &chat, &err) != 0)
		conn_error(c, "busy", err.text, STR_NONE);
}

static void refuse_session(struct conn *c, const struct hello *h)
{
	conn_error(c, "bad_session",
		   "that session is unknown, over or somebody else's; here is a new one", STR_NONE);
	open_fresh(c, h);
}

static void go_on(struct conn *c, struct chat *chat, const struct hello *h)
{
	int64_t since = h->here && c->chat == chat ? c->cursor : 0;

	talk_resume(c->server, c, chat, h->since < 0 ? since : h->since);
}

/* What the guest did becomes the learner's before he hears of it: hello_signed_in. False: he has to say it again. */
static bool sign_in(struct conn *c, struct chat *chat, struct hello *h, const struct visitor *v)
{
	struct pending *pending = &c->server->pending;
	struct ticket *t =
		pending_add(pending, PENDING_HELLO, c->link->id, str_of(chat->token), STR_NONE);

	if (talk_sign_in(c->server, chat, v, t->number) != 0) {
		free(pending_take(pending, t->number));
		conn_error(c, "busy", "the disk is behind; say hello again", STR_NONE);
		return false;
	}
	c->hello = h;
	conn_rx(c, RX_WAIT, false);
	return true;
}

/* True: the hello waits, and is the connection's. */
static bool resume(struct conn *c, struct chat *chat, struct hello *h)
{
	struct visitor v = visitor_of(h);

	/* On a shared computer the token of one learner lies in the browser of the next. */
	if (h->identity && chat->session.logged_in &&
	    strcmp(chat->session.user, h->identity->user) != 0) {
		refuse_session(c, h);
		return false;
	}
	if (must_sign_in(c, chat, h))
		return false;
	if (talk_is_guests(chat, &v))
		return sign_in(c, chat, h, &v);
	talk_know(chat, &v);
	go_on(c, chat, h);
	return false;
}

static void stop_waiting(struct conn *c, struct hello *done)
{
	hello_free(done);
	dispatch_held(c);
	if (!c->hello)
		conn_rx(c, RX_WAIT, true);
}

void hello_signed_in(struct conn *c, struct str token)
{
	struct hello *h = c->hello;
	struct chat *chat = hub_find(c->server->hub, token);

	if (!h || c->closing_ms)
		return;
	c->hello = NULL;
	if (chat && !chat->ended && strcmp(chat->session.user, h->identity->user) == 0)
		go_on(c, chat, h);
	else
		refuse_session(c, h);
	stop_waiting(c, h);
}

/* A session that memory does not have may be in the database: the answer comes to hello_found. */
static void look_up(struct conn *c, struct hello *h, struct str token)
{
	struct reader_job job = {
		.what = READ_SESSION,
		.link = c->link->id,
		.keep = c->server->settings->outbox_frames,
	};

	memcpy(h->token, token.p, token.n);
	hub_token_hash(token, job.hash);
	if (reader_ask(c->server->reader, &job) != 0) {
		conn_error(c, "busy", "too many sessions are being looked up; say hello again",
			   STR_NONE);
		hello_free(h);
		return;
	}
	c->hello = h;
	conn_rx(c, RX_WAIT, false);
}

void hello_found(struct conn *c, struct reader_result *r)
{
	struct hello *h = c->hello;
	struct chat *chat;
	struct err err = {.code = ERR_NOT_FOUND};
	int rc = r->code;

	if (!h || c->closing_ms) {
		reader_result_free(r);
		return;
	}
	c->hello = NULL;
	if (rc == 0)
		rc = talk_adopt(c->server, str_of(h->token), r, &chat, &err);
	reader_result_free(r);
	if (rc == 0 && resume(c, chat, h))
		return;
	if (rc == ERR_NOT_FOUND)
		refuse_session(c, h);
	else if (rc < 0)
		conn_error(c, "busy", "the session cannot be read now; say hello again", STR_NONE);
	stop_waiting(c, h);
}

/* A second hello of a connection: a new page, another language, an identity that came later. */
static bool update(struct conn *c, struct hello *h)
{
	h->here = true;
	return resume(c, c->chat, h);
}

void handle_hello(struct conn *c, const struct frame *f)
{
	struct hello *h = hello_copy(c, f);
	struct chat *chat = f->session.n ? hub_find(c->server->hub, f->session) : NULL;

	bool waits = false;

	if (chat && !chat->ended) {
		waits = resume(c, chat, h);
	} else if (!chat && f->session.n && hub_token_valid(f->session)) {
		look_up(c, h, f->session);
		return;
	} else if (f->session.n) {
		refuse_session(c, h);
	} else if (c->chat) {
		waits = update(c, h);
	} else {
		open_fresh(c, h);
	}
	if (!waits)
		hello_free(h);
}

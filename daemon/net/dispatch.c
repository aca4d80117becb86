#include "net/dispatch.h"

#include "net/assist.h"
#include "net/talk.h"

static void (*const handlers[FRAME_TYPES])(struct conn *c, const struct frame *f) = {
	[FRAME_HELLO] = handle_hello,	[FRAME_MESSAGE] = handle_message,
	[FRAME_CLICK] = handle_message, [FRAME_FEEDBACK] = handle_feedback,
	[FRAME_EVENT] = handle_event,	[FRAME_TYPING] = handle_typing,
	[FRAME_END] = handle_end,	[FRAME_AUDIO] = handle_audio,
};

static void hold(struct conn *c, struct str message)
{
	uint32_t n = (uint32_t)message.n;

	buf_put(&c->held, &n, sizeof n);
	buf_str(&c->held, message);
}

void dispatch_message(struct conn *c, struct str message)
{
	struct frame f;
	struct fault fault;

	if (c->hello) {
		hold(c, message);
		return;
	}
	if (frame_read(message, &f, &fault) != 0)
		conn_error(c, fault.code, fault.err.text, f.id);
	else
		handlers[f.type](c, &f);
	frame_done(&f);
}

void dispatch_held(struct conn *c)
{
	struct buf held = c->held;
	size_t at = 0;

	c->held = (struct buf){0};
	while (at < held.n && !c->closing_ms) {
		uint32_t n;

		memcpy(&n, held.p + at, sizeof n);
		at += sizeof n;
		dispatch_message(c, (struct str){held.p + at, n});
		at += n;
	}
	buf_done(&held);
}

struct chat *dispatch_chat(struct conn *c, struct str to)
{
	const struct identity *who = c->link->identity;
	struct visitor visitor = {0};
	const char *why = NULL;
	struct chat *chat = c->chat;
	struct err err;

	if (!chat && who)
		visitor = talk_visitor(who);
	if (chat || !who)
		why = talk_unproven(c->server, chat);
	if (why) {
		conn_error(c, "bad_identity", why, to);
		return NULL;
	}
	if (chat || talk_open(c->server, c, &visitor, &chat, &err) == 0)
		return chat;
	conn_error(c, "busy", err.text, to);
	return NULL;
}

void handle_typing(struct conn *c, const struct frame *f)
{
	/* A bot does not look over shoulders; people do. */
	(void)f;
	if (c->chat)
		assist_typing(c->server, c->chat);
}

void handle_end(struct conn *c, const struct frame *f)
{
	(void)f;
	if (c->chat)
		talk_end(c->server, c->chat);
	conn_close(c, WS_NORMAL, "ended");
}

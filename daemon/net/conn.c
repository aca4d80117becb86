#include "net/conn.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "metrics.h"
#include "net/agent.h"
#include "net/clock.h"
#include "net/dispatch.h"
#include "net/feed.h"
#include "net/frame.h"
#include "net/hearing.h"
#include "net/server.h"
#include "text/mem.h"
#include "text/utf8.h"

_Static_assert(OUTQ_ROOM >= LWS_PRE, "the library wants LWS_PRE bytes in front of what it writes");

enum {
	HIGH_BYTES = 65536,
	DESK_QUEUE_BYTES = 8 << 20,
	CLOSE_MS = 3000, /* to flush and say goodbye */
	STRIKES_MIN = 100,
	STRIKES_MAX = 1000,
};

struct conn *conn_new(struct link *l)
{
	struct conn *c = mem_zalloc(sizeof *c);

	c->link = l;
	c->server = l->server;
	c->message_ms = c->heard_ms = c->flushed_ms = clock_mono_ms();
	if (l->staff)
		c->agent = agent_new(c, l->staff);
	metric_add(METRIC_WEBSOCKETS, 1);
	return c;
}

void hello_free(struct hello *h)
{
	if (!h)
		return;
	free(h->lang);
	free(h->page);
	free(h->identity);
	free(h);
}

void conn_free(struct conn *c)
{
	if (!c)
		return;
	feed_detach(c);
	agent_free(c->agent);
	hello_free(c->hello);
	hearing_end(c);
	buf_done(&c->in);
	buf_done(&c->held);
	outq_done(&c->out);
	free(c);
	metric_add(METRIC_WEBSOCKETS, -1);
}

/* ---- in ---- */

static void violate(struct conn *c, enum ws_close code, const char *reason)
{
	metric_add(METRIC_PROTOCOL_ERRORS, 1);
	conn_close(c, code, reason);
}

static void take_message(struct conn *c, struct str message)
{
	if (utf8_valid(message) < message.n) {
		violate(c, WS_NOT_UTF8, "not UTF-8");
		return;
	}
	c->message_ms = clock_mono_ms();
	if (c->agent)
		agent_message(c->agent, message);
	else
		dispatch_message(c, message);
}

void conn_receive(struct conn *c, struct str piece, bool first, bool final, bool binary)
{
	size_t max = (size_t)c->server->settings->message_bytes;

	if (c->closing_ms)
		return;
	c->heard_ms = clock_mono_ms();
	if (first)
		buf_reset(&c->in);
	if (binary) {
		violate(c, WS_NOT_TEXT, "text frames only");
	} else if (piece.n > max || c->in.n > max - piece.n) {
		violate(c, WS_TOO_BIG, "message too big");
	} else if (final && c->in.n == 0) {
		take_message(c, piece); /* whole in one piece, the usual case: no copy */
	} else {
		buf_str(&c->in, piece);
		if (!final)
			return;
		take_message(c, buf_view(&c->in));
		buf_done(&c->in);
	}
}

void conn_pong(struct conn *c)
{
	c->heard_ms = clock_mono_ms();
	c->ping_ms = 0;
}

/* May a peer say this code (RFC 6455 7.4.1, IANA's registry)? */
static bool close_code_valid(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
	       (code >= 3000 && code <= 4999);
}

/* The library echoes a one-byte payload, codes from 5000 on and malformed reasons (RFC 6455 5.5.1
 * and 7.1.6 ask for 1002 and 1007). */
static enum ws_close close_fault(struct str payload)
{
	if (payload.n == 0)
		return WS_NONE;
	if (payload.n == 1 || !close_code_valid((unsigned)(unsigned char)payload.p[0] << 8 |
						(unsigned char)payload.p[1]))
		return WS_PROTOCOL;
	payload = str_sub(payload, 2, payload.n);
	return utf8_valid(payload) < payload.n ? WS_NOT_UTF8 : WS_NONE;
}

int conn_peer_closes(struct conn *c, struct str payload)
{
	enum ws_close fault = close_fault(payload);

	if (fault == WS_NONE)
		return 0;
	metric_add(METRIC_PROTOCOL_ERRORS, 1);
	lws_close_reason(c->link->wsi, (enum lws_close_status)fault, NULL, 0);
	return -1;
}

void conn_rx(struct conn *c, enum rx_stop why, bool on)
{
	unsigned was = c->rx_stopped;

	c->rx_stopped = on ? was & ~(unsigned)why : was | why;
	if (!was != !c->rx_stopped)
		lws_rx_flow_control(c->link->wsi, !c->rx_stopped);
}

/* ---- out ---- */

/* The desk's snapshot has all conversations in one frame. */
static size_t queue_max(const struct conn *c)
{
	size_t max = (size_t)c->server->settings->queue_bytes;

	return c->agent && max < DESK_QUEUE_BYTES ? DESK_QUEUE_BYTES : max;
}

static size_t high_mark(const struct conn *c)
{
	size_t half = (size_t)c->server->settings->queue_bytes / 2;

	return half < HIGH_BYTES ? half : HIGH_BYTES;
}

bool conn_full(const struct conn *c)
{
	return outq_bytes(&c->out) > high_mark(c);
}

static void cut_slow(struct conn *c)
{
	if (c->closing_ms)
		return;
	metric_add(METRIC_SLOW_READERS, 1);
	conn_close(c, WS_POLICY, "slow consumer");
}

static void put(struct conn *c, enum ws_opcode opcode, struct str payload)
{
	if (outq_bytes(&c->out) == 0)
		c->flushed_ms = clock_mono_ms();
	outq_put(&c->out, opcode, payload);
	lws_callback_on_writable(c->link->wsi);
	if (conn_full(c))
		conn_rx(c, RX_FULL, false);
}

void conn_send(struct conn *c, struct str json)
{
	if (c->closing_ms)
		return;
	put(c, WS_TEXT, json);
	if (outq_bytes(&c->out) > queue_max(c))
		cut_slow(c);
}

void conn_error(struct conn *c, const char *code, const char *message, struct str to)
{
	int64_t limit = c->server->settings->rate * 10;

	buf_reset(&c->server->frame);
	frame_put_error(&c->server->frame, code, message, to);
	conn_send(c, buf_view(&c->server->frame));
	metric_add(METRIC_ERRORS, 1);
	limit = limit < STRIKES_MIN ? STRIKES_MIN : limit > STRIKES_MAX ? STRIKES_MAX : limit;
	if (++c->strikes > (unsigned)limit)
		conn_close(c, WS_POLICY, "too many refused frames");
}

void conn_close(struct conn *c, enum ws_close code, const char *reason)
{
	if (c->closing_ms)
		return;
	c->closing_ms = clock_mono_ms();
	c->close_code = code;
	snprintf(c->close_reason, sizeof c->close_reason, "%s", reason);
	feed_detach(c);
	lws_callback_on_writable(c->link->wsi);
}

static int say_goodbye(struct conn *c)
{
	lws_close_reason(c->link->wsi, (enum lws_close_status)c->close_code,
			 (unsigned char *)c->close_reason, strlen(c->close_reason));
	return -1;
}

int conn_writable(struct conn *c)
{
	struct lws *wsi = c->link->wsi;
	struct str batch = outq_batch(&c->out);

	if (batch.n) {
		unsigned char *bytes = (unsigned char *)c->out.b.p + c->out.head;

		if (lws_write(wsi, bytes, batch.n, LWS_WRITE_RAW) < (int)batch.n)
			return -1;
		outq_sent(&c->out, batch.n);
		c->flushed_ms = clock_mono_ms();
	}
	if (!c->closing_ms)
		feed_pump(c);
	if (outq_bytes(&c->out))
		lws_callback_on_writable(wsi);
	else if (c->closing_ms)
		return say_goodbye(c);
	if (outq_bytes(&c->out) <= high_mark(c) / 4)
		conn_rx(c, RX_FULL, true);
	return 0;
}

/* ---- time ---- */

static void kill_now(struct conn *c)
{
	lws_set_timeout(c->link->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

static void ping(struct conn *c, int64_t now_ms)
{
	c->ping_ms = now_ms;
	put(c, WS_PING, STR("kefu"));
}

void conn_sweep(struct conn *c, int64_t now_ms)
{
	const struct settings *s = c->server->settings;
	int64_t quiet_ms = s->ping_seconds * 1000;

	if (c->closing_ms) {
		if (now_ms - c->closing_ms > CLOSE_MS)
			kill_now(c);
		return;
	}
	if (outq_bytes(&c->out) && now_ms - c->flushed_ms > quiet_ms)
		cut_slow(c);
	else if (c->ping_ms && now_ms - c->ping_ms > quiet_ms)
		kill_now(c);
	else if (!c->agent && now_ms - c->message_ms > s->idle_seconds * 1000)
		conn_close(c, WS_NORMAL, "idle");
	else if (!c->ping_ms && now_ms - c->heard_ms >= quiet_ms)
		ping(c, now_ms);
	hearing_sweep(c, now_ms);
	feed_pump(c);
}

#include "net/callback.h"

#include "net/conn.h"
#include "net/http.h"
#include "net/server.h"
#include "net/upgrade.h"

static int on_receive(struct link *l, void *in, size_t len)
{
	struct lws *wsi = l->wsi;

	if (l->conn)
		conn_receive(l->conn, (struct str){in, len}, lws_is_first_fragment(wsi) != 0,
			     lws_is_final_fragment(wsi) != 0, lws_frame_is_binary(wsi) != 0);
	return 0;
}

static int on_http(struct link *l, void *in, size_t len)
{
	(void)len;
	return request_begin(l, in);
}

static int on_body(struct link *l, void *in, size_t len)
{
	return l->request ? request_body(l->request, (struct str){in, len}) : -1;
}

static int on_body_done(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	return l->request ? request_body_done(l->request) : -1;
}

static int on_http_writable(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	return l->request ? request_writable(l->request) : 0;
}

static int on_upgrade(struct link *l, void *in, size_t len)
{
	(void)in; /* never looked at: see upgrade.c */
	(void)len;
	return upgrade_check(l);
}

static int on_established(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	request_free(l->request);
	l->request = NULL;
	if (!l->conn)
		l->conn = conn_new(l);
	return 0;
}

static int on_writable(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	return l->conn ? conn_writable(l->conn) : 0;
}

static int on_pong(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	if (l->conn)
		conn_pong(l->conn);
	return 0;
}

static int on_peer_close(struct link *l, void *in, size_t len)
{
	return l->conn ? conn_peer_closes(l->conn, (struct str){in, len}) : 0;
}

static int on_closed(struct link *l, void *in, size_t len)
{
	(void)in;
	(void)len;
	conn_free(l->conn);
	l->conn = NULL;
	request_free(l->request);
	l->request = NULL;
	return 0;
}

static int on_destroy(struct link *l, void *in, size_t len)
{
	on_closed(l, in, len);
	lws_set_opaque_user_data(l->wsi, NULL);
	listener_forget(l->server, l);
	return 0;
}

/* CONNECT and garbage may turn a connection into a raw one; nothing here speaks that. */
static int on_raw(struct link *l, void *in, size_t len)
{
	(void)l;
	(void)in;
	(void)len;
	return -1;
}

static const struct {
	enum lws_callback_reasons reason;
	int (*run)(struct link *l, void *in, size_t len);
	bool ending; /* runs even when the daemon is being torn down */
} table[] = {
	{LWS_CALLBACK_RECEIVE, on_receive, false},
	{LWS_CALLBACK_SERVER_WRITEABLE, on_writable, false},
	{LWS_CALLBACK_RECEIVE_PONG, on_pong, false},
	{LWS_CALLBACK_HTTP, on_http, false},
	{LWS_CALLBACK_HTTP_BODY, on_body, false},
	{LWS_CALLBACK_HTTP_BODY_COMPLETION, on_body_done, false},
	{LWS_CALLBACK_HTTP_WRITEABLE, on_http_writable, false},
	{LWS_CALLBACK_HTTP_CONFIRM_UPGRADE, on_upgrade, false},
	{LWS_CALLBACK_ESTABLISHED, on_established, false},
	{LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, on_peer_close, false},
	{LWS_CALLBACK_CLOSED, on_closed, true},
	{LWS_CALLBACK_CLOSED_HTTP, on_closed, true},
	{LWS_CALLBACK_RAW_ADOPT, on_raw, false},
	{LWS_CALLBACK_RAW_CONNECTED, on_raw, false},
	{LWS_CALLBACK_RAW_RX, on_raw, false},
	{LWS_CALLBACK_WSI_DESTROY, on_destroy, true},
};

static int link_run(struct link *l, enum lws_callback_reasons reason, void *in, size_t len)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (table[i].reason != reason)
			continue;
		if (l->server->stopped && !table[i].ending)
			return -1;
		return table[i].run(l, in, len);
	}
	return 0;
}

static int watch_run(struct watch *w, enum lws_callback_reasons reason)
{
	if (reason == LWS_CALLBACK_RAW_RX_FILE)
		w->ready(w->ctx, w->fd);
	else if (reason == LWS_CALLBACK_WSI_DESTROY)
		w->wsi = NULL;
	return 0;
}

int callback_run(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		 size_t len)
{
	enum opaque_kind *kind = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	struct link *l;

	(void)user;
	if (!kind)
		return 0;
	if (*kind == OPAQUE_WATCH)
		return watch_run((struct watch *)kind, reason);
	l = (struct link *)kind;
	l->wsi = wsi;
	return link_run(l, reason, in, len);
}

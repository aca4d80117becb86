#include "net/upgrade.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics.h"
#include "net/agent.h"
#include "net/clock.h"
#include "net/header.h"
#include "net/identity.h"
#include "net/server.h"
#include "text/mem.h"

int upgrade_refuse(struct link *l, const char *status, const char *more, const char *why)
{
	char text[LWS_PRE + 1024];
	char *at = text + LWS_PRE;
	char body[400];
	int n = snprintf(
		body, sizeof body,
		"{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%.3s,\"detail\":\"%s\"}\n",
		status + 4, status, why);
	int m = snprintf(at, sizeof text - LWS_PRE,
			 "HTTP/1.1 %s\r\n%sContent-Type: application/problem+json\r\n"
			 "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
			 status, more, n, body);

	metric_add(METRIC_HTTP_REQUESTS, 1);
	lws_write(l->wsi, (unsigned char *)at, (size_t)m, LWS_WRITE_HTTP_HEADERS);
	return -1;
}

/* Does the comma list hold the name? */
static bool list_has(struct str list, struct str name)
{
	while (list.n) {
		size_t comma = str_find(list, STR(","), 0);
		struct str one = str_trim(str_sub(list, 0, comma));

		if (str_eq(one, name))
			return true;
		list = comma == SIZE_MAX ? STR_NONE : str_sub(list, comma + 1, list.n);
	}
	return false;
}

bool upgrade_offers(struct link *l, struct str name)
{
	char text[256];

	return list_has(header_read(l->wsi, WSI_TOKEN_PROTOCOL, text, sizeof text), name);
}

static bool origin_allowed(struct link *l, struct str host)
{
	char text[512];
	struct str origin = header_read(l->wsi, WSI_TOKEN_ORIGIN, text, sizeof text);

	/* Browsers always say one: without it this is a program, which could say any. */
	if (!header_length(l->wsi, WSI_TOKEN_ORIGIN))
		return true;
	return origin.n && settings_origin_allowed(l->server->settings, origin, host);
}

/* The library calls here even after it has refused an unknown protocol itself; then its pointer to
 * the header's value may be of memory it has freed, while asking for the header by name finds none.
 */
static bool is_websocket(struct lws *wsi)
{
	char text[32];

	header_read(wsi, WSI_TOKEN_UPGRADE, text, sizeof text);
	return strcasecmp(text, "websocket") == 0;
}

/* Programs may name their learner in the request: "Authorization: Bearer JWT". Browsers can't; they do
 * in the first frame. */
static bool identity_good(struct link *l, struct err *err)
{
	static const struct str scheme = STR_INIT("Bearer ");
	char text[sizeof "Bearer " + IDENTITY_JWT_MAX];
	struct str said = header_read(l->wsi, WSI_TOKEN_HTTP_AUTHORIZATION, text, sizeof text);
	struct identity *id;

	if (!header_length(l->wsi, WSI_TOKEN_HTTP_AUTHORIZATION))
		return true;
	if (said.n < scheme.n || strncasecmp(said.p, scheme.p, scheme.n) != 0)
		return err_set(err, ERR_DENIED, "Authorization must be: Bearer, and a JWT") == 0;
	id = mem_zalloc(sizeof *id);
	if (identity_read(l->server->trust, str_trim(str_sub(said, scheme.n, said.n)),
			  clock_wall_ms(), id, err) != 0) {
		free(id);
		return false;
	}
	l->identity = id;
	return true;
}

static int learner_check(struct link *l, struct str host)
{
	struct err err;

	if (!origin_allowed(l, host))
		return upgrade_refuse(
			l, "403 Forbidden", "",
			"this page's origin may not connect; see the setting 'origins'");
	if (header_length(l->wsi, WSI_TOKEN_PROTOCOL) && !upgrade_offers(l, STR("kefu.v1")))
		return upgrade_refuse(l, "400 Bad Request", "",
				      "the only subprotocol spoken here is kefu.v1");
	if (!identity_good(l, &err))
		return upgrade_refuse(l, "401 Unauthorized", "WWW-Authenticate: Bearer\r\n",
				      err.text);
	return 0;
}

int upgrade_check(struct link *l)
{
	char host_text[256], text[256];
	struct str host, asked;
	char *path = NULL;
	int path_n = 0, method;

	if (!is_websocket(l->wsi)) /* h2c is one that is not */
		return -1;
	method = lws_http_get_uri_and_method(l->wsi, &path, &path_n);
	if (method != LWSHUMETH_GET)
		return upgrade_refuse(l, "405 Method Not Allowed", "Allow: GET\r\n",
				      "a WebSocket begins with GET");
	host = header_read(l->wsi, WSI_TOKEN_HOST, host_text, sizeof host_text);
	if (!host.n)
		return upgrade_refuse(l, "400 Bad Request", "", "the Host header is missing");
	if (!str_eq(header_read(l->wsi, WSI_TOKEN_VERSION, text, sizeof text), STR("13")))
		return upgrade_refuse(l, "426 Upgrade Required",
				      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
				      "only version 13 of the WebSocket protocol is spoken here");
	asked = (struct str){path, (size_t)path_n};
	if (!str_eq(asked, STR("/ws")) && !str_eq(asked, STR("/admin/ws")))
		return upgrade_refuse(l, "404 Not Found", "", "WebSockets are at /ws");
	if (l->server->draining)
		return upgrade_refuse(l, "503 Service Unavailable", "Retry-After: 5\r\n",
				      "the server is stopping");
	if (!listener_recount(l->server, l,
			      header_read(l->wsi, WSI_TOKEN_X_FORWARDED_FOR, text, sizeof text)))
		return upgrade_refuse(l, "503 Service Unavailable", "Retry-After: 5\r\n",
				      "this address has too many connections");
	return str_eq(asked, STR("/admin/ws")) ? agent_gate(l, host) : learner_check(l, host);
}

#include "net/http.h"

#include <libwebsockets.h>
#include <stdlib.h>

#include "log.h"
#include "net/call.h"
#include "net/clock.h"
#include "net/guard.h"
#include "net/header.h"
#include "net/reader.h"
#include "net/server.h"
#include "speech.h"
#include "text/mem.h"
#include "web/assets.h"

enum {
	BODIES_MAX = 64 << 20, /* bytes of all bodies being received at once */
	BODY_MS = 10000,       /* for the whole body, however it drips */
	ANSWER_MS = 30000,     /* for a commit or a look into the database */
	BATCH = 60000,
};

/* ---- beginning ---- */

/* Where a body may follow, the answer is written at once and the connection ends: the body is never
 * read. */
static int refuse(struct request *r, int status, const char *detail, const char *more)
{
	request_problem_with(r, status, detail, STR_NONE, more);
	return r->close ? request_writable(r) : 0;
}

/* Nothing that follows on this connection can be trusted to be a request. */
static int refuse_broken(struct request *r, int status, const char *detail)
{
	r->close = true;
	return refuse(r, status, detail, "");
}

static const char *allow_of(const struct route *route)
{
	if (!route || !route->post)
		return "Allow: GET, HEAD, OPTIONS\r\n";
	return route->get ? "Allow: GET, HEAD, POST, OPTIONS\r\n" : "Allow: POST, OPTIONS\r\n";
}

/* The body's length; false when it is not a plain number. */
static bool length_read(struct request *r, uint64_t *out)
{
	char text[32];

	return str_to_u64(header_read(r->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text),
			  out);
}

/* Is the page that asks one of ours? True also without an Origin; then r->origin stays "". */
static bool origin_read(struct request *r)
{
	char origin_text[256], host_text[256];
	struct str origin, host;

	if (!header_length(r->wsi, WSI_TOKEN_ORIGIN))
		return true;
	origin = header_read(r->wsi, WSI_TOKEN_ORIGIN, origin_text, sizeof origin_text);
	host = header_read(r->wsi, WSI_TOKEN_HOST, host_text, sizeof host_text);
	/* One too long to be read is not one of ours. */
	if (!origin.n || !settings_origin_allowed(r->server->settings, origin, host))
		return false;
	memcpy(r->origin, origin_text, sizeof r->origin);
	return true;
}

int request_expect_body(struct request *r, size_t max)
{
	uint64_t length = 0;

	r->post = true;
	if (!header_length(r->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH))
		return refuse(r, 411, "a body needs a Content-Length", "");
	if (!length_read(r, &length))
		return refuse(r, 400, "the Content-Length is not a number", "");
	if (length > max)
		return refuse(r, 413, "the body is too large", "");
	if (length == 0)
		return refuse(r, 400, "the body is empty", "");
	if (length > BODIES_MAX - r->server->body_bytes)
		return refuse(r, 503, "too much is being received; try again",
			      "Retry-After: 5\r\n");
	r->body_wanted = (size_t)length;
	r->server->body_bytes += r->body_wanted;
	r->deadline_ms = clock_mono_ms() + BODY_MS;
	return 0;
}

static int begin_post(struct request *r)
{
	return request_expect_body(r, r->route->body_max
					      ? r->route->body_max
					      : (size_t)r->server->settings->message_bytes);
}

static void answer_options(struct request *r)
{
	char more[400];

	snprintf(more, sizeof more, "%s%s", allow_of(r->route),
		 r->origin[0] ? "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
				"Access-Control-Allow-Headers: content-type, authorization\r\n"
				"Access-Control-Max-Age: 600\r\n"
			      : "");
	request_answer(r, 204, NULL, STR_NONE, more);
}

static int route_run(struct request *r, int method)
{
	bool cors = !r->route || r->route->cors;
	const char *why;

	if (r->route && r->route->open)
		return r->route->open(r, method);
	if (!r->route && !asset_find(str_of(r->path)))
		return refuse(r, 404, "there is nothing at this path", "");
	if (cors && !origin_read(r) && r->route)
		return refuse(r, 403, "this page's origin may not ask; see the setting 'origins'",
			      "");
	if (r->route && r->route->guarded && method != LWSHUMETH_OPTIONS &&
	    (why = guard_refuses(r)))
		return refuse(r, 401, why, "WWW-Authenticate: Bearer realm=\"kefu\"\r\n");
	if (method == LWSHUMETH_POST && r->route && r->route->post)
		return begin_post(r);
	if (method == LWSHUMETH_OPTIONS)
		answer_options(r);
	else if ((method != LWSHUMETH_GET && method != LWSHUMETH_HEAD) ||
		 (r->route && !r->route->get))
		return refuse(r, 405, "this method is not for this path", allow_of(r->route));
	else if (r->route)
		r->route->get(r);
	else
		http_asset(r);
	return 0;
}

static struct request *request_new(struct link *l, const char *path)
{
	struct request *r = mem_zalloc(sizeof *r);

	request_free(l->request);
	l->request = r;
	l->requests++;
	r->link = l;
	r->server = l->server;
	r->wsi = l->wsi;
	r->deadline_ms = clock_mono_ms() + ANSWER_MS;
	/* Too long for the buffer is too long for any route: cut, it is found nowhere. */
	snprintf(r->path, sizeof r->path, "%s", path);
	return r;
}

int request_begin(struct link *l, const char *path)
{
	struct request *r = request_new(l, path);
	char *uri = NULL;
	int uri_n = 0;
	int method = lws_http_get_uri_and_method(l->wsi, &uri, &uri_n);
	bool plain =
		method == LWSHUMETH_GET || method == LWSHUMETH_HEAD || method == LWSHUMETH_OPTIONS;
	uint64_t length = 0;
	char forwarded[512];

	r->head = method == LWSHUMETH_HEAD;
	r->close = !plain;
	/* A body behind another request is what makes the library use freed memory: not even an
	 * answer. */
	if (!plain && l->requests > 1)
		return -1;
	if (header_length(l->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING))
		return refuse_broken(r, 411,
				     "a body needs a Content-Length and no Transfer-Encoding");
	if (plain && header_length(l->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) &&
	    (!length_read(r, &length) || length > 0))
		return refuse_broken(r, 400, "this method has no body here");
	if (!header_length(l->wsi, WSI_TOKEN_HOST))
		return refuse_broken(r, 400, "the Host header is missing");
	if (!listener_recount(
		    r->server, l,
		    header_read(l->wsi, WSI_TOKEN_X_FORWARDED_FOR, forwarded, sizeof forwarded)))
		return refuse(r, 503, "this address has too many connections",
			      "Retry-After: 5\r\n");
	/* The library would cut a request that is worked on for 5 s; the sweep watches our deadline. */
	if (plain)
		lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	r->route = route_find(str_of(r->path));
	return route_run(r, method);
}

/* ---- bodies ---- */

int request_body(struct request *r, struct str piece)
{
	if (r->answered)
		return 0;
	if (!r->post || piece.n > r->body_wanted - r->body.n)
		return -1;
	buf_str(&r->body, piece);
	return 0;
}

int request_body_done(struct request *r)
{
	if (!r->post || r->body.n != r->body_wanted)
		return -1;
	if (r->answered)
		return 0;
	r->deadline_ms = clock_mono_ms() + ANSWER_MS;
	lws_set_timeout(r->wsi, NO_PENDING_TIMEOUT, 0);
	r->route->post(r);
	return 0;
}

void request_sweep(struct request *r, int64_t now_ms)
{
	if (now_ms < r->deadline_ms)
		return;
	if (r->answered) {
		lws_set_timeout(r->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
		return;
	}
	if (r->post && r->body.n < r->body_wanted)
		request_problem(r, 408, "the body did not come in time");
	else
		request_problem(r, 503, "the database did not answer in time");
	r->deadline_ms = now_ms + BODY_MS;
}

void request_found(struct request *r, struct reader_result *result)
{
	if (r->route && r->route->found && !r->answered)
		r->route->found(r, result);
	else
		reader_result_free(result);
}

void request_committed(struct request *r, size_t events, const struct writer_result *result)
{
	if (r->route && r->route->committed && !r->answered)
		r->route->committed(r, events, result);
}

/* ---- ending ---- */

/* The next bytes of the answer, behind LWS_PRE bytes of room. */
static size_t next_bytes(struct request *r, unsigned char *to)
{
	size_t n = 0;

	if (r->sent < r->out.n) {
		n = r->out.n - r->sent;
		n = n < BATCH ? n : BATCH;
		memcpy(to, r->out.p + r->sent, n);
	}
	if (r->sent + n >= r->out.n && r->fixed_n) {
		size_t from = r->sent + n - r->out.n;
		size_t more = r->fixed_n - from;

		more = more < BATCH - n ? more : BATCH - n;
		memcpy(to + n, r->fixed + from, more);
		n += more;
	}
	return n;
}

int request_writable(struct request *r)
{
	static unsigned char bytes[LWS_PRE + BATCH]; /* the loop thread's */
	struct link *l = r->link;
	size_t n;
	bool last, close = r->close;

	if (!r->answered)
		return 0;
	n = next_bytes(r, bytes + LWS_PRE);
	last = r->sent + n == r->out.n + r->fixed_n;
	if (lws_write(r->wsi, bytes + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
	    (int)n)
		return -1;
	r->sent += n;
	r->deadline_ms = clock_mono_ms() + ANSWER_MS;
	if (!last) {
		lws_callback_on_writable(r->wsi);
		return 0;
	}
	request_free(r);
	l->request = NULL;
	if (close)
		return -1;
	return lws_http_transaction_completed(l->wsi) ? -1 : 0;
}

void request_free(struct request *r)
{
	if (!r)
		return;
	if (!r->answered)
		speech_forget(r->server->speech, r->link->id);
	r->server->body_bytes -= r->body_wanted;
	call_free(r->call);
	buf_done(&r->body);
	buf_done(&r->out);
	free(r);
}

#include <libwebsockets.h>
#include <stdio.h>
#include <time.h>

#include "metrics.h"
#include "net/http.h"

static const struct {
	int status;
	const char *title;
	const char *code; /* of a problem under /admin/api/ that has none of its own */
} titles[] = {
	{200, "OK", NULL},
	{202, "Accepted", NULL},
	{204, "No Content", NULL},
	{304, "Not Modified", NULL},
	{308, "Permanent Redirect", NULL},
	{400, "Bad Request", "bad-request"},
	{401, "Unauthorized", NULL},
	{403, "Forbidden", NULL},
	{404, "Not Found", "not-found"},
	{405, "Method Not Allowed", "not-found"},
	{408, "Request Timeout", "too-slow"},
	{409, "Conflict", NULL},
	{411, "Length Required", "bad-request"},
	{413, "Content Too Large", "too-large"},
	{415, "Unsupported Media Type", NULL},
	{422, "Unprocessable Content", NULL},
	{429, "Too Many Requests", NULL},
	{500, "Internal Server Error", NULL},
	{501, "Not Implemented", NULL},
	{502, "Bad Gateway", NULL},
	{503, "Service Unavailable", "busy"},
};

static const char *title_of(int status)
{
	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		if (titles[i].status == status)
			return titles[i].title;
	}
	return "Unknown";
}

static const char *code_of(int status)
{
	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		if (titles[i].status == status)
			return titles[i].code;
	}
	return NULL;
}

static void put_cors(struct request *r)
{
	if (r->origin[0])
		buf_printf(&r->out, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n",
			   r->origin);
}

static void put_date(struct buf *out)
{
	time_t now = time(NULL);
	struct tm t;
	char text[64];

	gmtime_r(&now, &t);
	strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &t);
	buf_printf(out, "Date: %s\r\n", text);
}

static void put_head(struct request *r, int status, const char *type, size_t length,
		     const char *more)
{
	bool bodiless = status == 204 || status == 304;

	buf_printf(&r->out, "HTTP/1.1 %d %s\r\nServer: kefu\r\nX-Content-Type-Options: nosniff\r\n",
		   status, title_of(status));
	put_date(&r->out);
	if (type)
		buf_printf(&r->out, "Content-Type: %s\r\n", type);
	if (!bodiless)
		buf_printf(&r->out, "Content-Length: %zu\r\n", length);
	put_cors(r);
	buf_cstr(&r->out, more);
	if (!strstr(more, "Cache-Control:"))
		buf_cstr(&r->out, "Cache-Control: no-store\r\n");
	if (r->close)
		buf_cstr(&r->out, "Connection: close\r\n");
	buf_cstr(&r->out, "\r\n");
}

/* False: the request has its answer already. */
static bool begin(struct request *r)
{
	if (r->answered)
		return false;
	metric_add(METRIC_HTTP_REQUESTS, 1);
	r->answered = true;
	if (r->post)
		r->close = true;
	lws_callback_on_writable(r->wsi);
	return true;
}

void request_answer_fixed(struct request *r, int status, const char *type,
			  const unsigned char *body, size_t n, const char *more)
{
	if (!begin(r))
		return;
	put_head(r, status, type, n, more);
	if (r->head)
		return;
	r->fixed = body;
	r->fixed_n = n;
}

void request_answer(struct request *r, int status, const char *type, struct str body,
		    const char *more)
{
	if (!begin(r))
		return;
	put_head(r, status, type, body.n, more);
	if (!r->head)
		buf_str(&r->out, body);
}

void request_problem_with(struct request *r, int status, const char *detail, struct str members,
			  const char *more)
{
	struct buf b = {0};

	json_open(&b, '{');
	json_kstr(&b, "type", STR("about:blank"));
	json_kstr(&b, "title", str_of(title_of(status)));
	json_kint(&b, "status", status);
	json_kstr(&b, "detail", str_of(detail));
	if (members.n) {
		buf_char(&b, ',');
		buf_str(&b, members);
	} else if (r->route && r->route->open && code_of(status)) {
		json_kstr(&b, "code", str_of(code_of(status)));
	}
	json_close(&b, '}');
	buf_char(&b, '\n');
	request_answer(r, status, "application/problem+json", buf_view(&b), more);
	buf_done(&b);
}

void request_problem(struct request *r, int status, const char *fmt, ...)
{
	char detail[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof detail, fmt, ap);
	va_end(ap);
	request_problem_with(r, status, detail, STR_NONE,
			     status == 503 ? "Retry-After: 5\r\n" : "");
}

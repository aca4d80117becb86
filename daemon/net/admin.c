#include "net/admin.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "net/clock.h"
#include "net/header.h"
#include "net/server.h"
#include "secret.h"
#include "text/mem.h"
#include "text/utf8.h"

enum {
	PARAM_MAX = 1024,
	SEEN_EVERY_MS = 60000,
	WORK_MS = 20000, /* in the database, for one call; less than a request waits */
};

static const struct {
	int http;
	const char *word;
} methods[] = {
	[ADMIN_GET] = {LWSHUMETH_GET, "GET"},
	[ADMIN_POST] = {LWSHUMETH_POST, "POST"},
	[ADMIN_PUT] = {LWSHUMETH_PUT, "PUT"},
};

/* ---- which endpoint ---- */

/* The row; NULL with *allow the methods the path has ("" = there is no such path). */
static const struct admin_row *find(struct str name, int method, char allow[64])
{
	size_t n = 0;

	allow[0] = '\0';
	for (size_t i = 0; i < admin_rows_n; i++) {
		const struct admin_row *row = &admin_rows[i];

		if (!str_eq(name, str_of(row->name)))
			continue;
		if (methods[row->method].http == method)
			return row;
		n += (size_t)snprintf(allow + n, 64 - n, "%s%s", n ? ", " : "",
				      methods[row->method].word);
	}
	return NULL;
}

/* ---- headers ---- */

/* The page that asks is one of ours: the Origin is there and names the host that was asked. */
static bool same_origin(struct request *r)
{
	char origin_text[256], host_text[256];
	struct str origin = header_read(r->wsi, WSI_TOKEN_ORIGIN, origin_text, sizeof origin_text);
	struct str host = STR_NONE;

	if (r->link->proxied)
		host = header_custom(r->wsi, "x-forwarded-host:", host_text, sizeof host_text);
	if (!host.n)
		host = header_read(r->wsi, WSI_TOKEN_HOST, host_text, sizeof host_text);
	return origin.n && host.n && settings_origin_same(origin, host);
}

static bool is_json(struct request *r)
{
	char text[128];
	struct str type = header_read(r->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, text, sizeof text);

	return str_eq(str_trim(str_sub(type, 0, str_find(type, STR(";"), 0))),
		      STR("application/json"));
}

static void read_headers(struct request *r, struct call *c)
{
	char text[3072];

	call_cookie(header_read(r->wsi, WSI_TOKEN_HTTP_COOKIE, text, sizeof text), c->token);
	c->csrf = arena_str(&c->arena, header_custom(r->wsi, "x-csrf-token:", text, sizeof text));
	c->secure = r->link->proxied &&
		    str_eq(header_custom(r->wsi, "x-forwarded-proto:", text, sizeof text),
			   STR("https"));
	peer_print(&r->link->peer, c->origin);
}

/* False: a parameter is too long or no UTF-8; the problem is in the call. */
static bool read_params(struct request *r, struct call *c)
{
	char text[PARAM_MAX];
	struct str value;
	bool fits;

	for (int i = 0; i < CALL_PARAMS && c->row->params[i]; i++) {
		if (!query_read(r->wsi, c->row->params[i], text, sizeof text, &value, &fits))
			continue;
		if (!fits || utf8_valid(value) < value.n) {
			call_wrong(c, c->row->params[i], "is too long, or not UTF-8");
			return false;
		}
		c->params[i] = arena_str(&c->arena, value);
	}
	return true;
}

/* ---- the loop, before ---- */

static struct call *call_open(struct server *s, const struct admin_row *row)
{
	struct call *c = call_new();

	c->row = row;
	c->settings = s->settings;
	c->snapshot = snapshot_ref(s->snapshot);
	c->now_unix_ms = clock_wall_ms();
	return c;
}

static bool is_known(const struct admin *a, const char *token)
{
	for (size_t i = 0; i < ADMIN_KNOWN && token[0]; i++) {
		if (strcmp(a->known[i], token) == 0)
			return true;
	}
	return false;
}

static void remember(struct admin *a, const char *token)
{
	if (!token[0] || is_known(a, token))
		return;
	memcpy(a->known[a->next_known], token, CALL_TOKEN + 1);
	a->next_known = (a->next_known + 1) % ADMIN_KNOWN;
}

static void refuse(struct request *r, int status, const char *code, const char *detail,
		   const char *more)
{
	struct buf b = {0};

	json_kstr(&b, "code", str_of(code));
	request_problem_with(r, status, detail, buf_view(&b), more);
	buf_done(&b);
}

/* Gives the call to the desk. */
static void put(struct request *r)
{
	struct call *c = r->call;

	r->call = NULL;
	if (desk_put(r->server->admin->desk, c->row->lane, c, c->row->latest) == 0)
		return;
	call_free(c);
	refuse(r, 503, "busy", "too much is being worked on; try again", "Retry-After: 2\r\n");
}

static int open_body(struct request *r)
{
	bool known = is_known(r->server->admin, r->call->token);

	if (!same_origin(r))
		refuse(r, 403, "origin",
		       "what changes something must come from a page of this very host", "");
	else if (!is_json(r))
		refuse(r, 415, "not-json", "the Content-Type must be application/json", "");
	else
		return request_expect_body(r, r->call->row->big && known ? ADMIN_BODY_MAX
									 : ADMIN_SMALL_MAX);
	return request_writable(r); /* the body is never read */
}

int admin_open(struct request *r, int method)
{
	struct str path = str_of(r->path);
	struct str name = str_sub(path, strlen("/admin/api/"), path.n);
	char allow[64], more[96];
	const struct admin_row *row =
		find(name, method == LWSHUMETH_HEAD ? LWSHUMETH_GET : method, allow);

	if (!row) {
		snprintf(more, sizeof more, "Allow: %s\r\n", allow);
		refuse(r, allow[0] ? 405 : 404, "not-found",
		       allow[0] ? "this method is not for this path"
				: "there is nothing at this path",
		       allow[0] ? more : "");
		return r->close ? request_writable(r) : 0;
	}
	r->call = call_open(r->server, row);
	r->call->link = r->link->id;
	r->call->request = r->link->requests;
	read_headers(r, r->call);
	if (!read_params(r, r->call)) {
		admin_answer(r, r->call, "");
		return r->close ? request_writable(r) : 0;
	}
	if (row->method != ADMIN_GET)
		return open_body(r);
	put(r);
	return 0;
}

void admin_body(struct request *r)
{
	struct call *c = r->call;

	c->body = r->body;
	r->body = (struct buf){0};
	if (!c->row->prepare || c->row->prepare(r, c))
		put(r);
}

/* ---- the desk ---- */

static void say_signed_out(struct call *c, struct store *s)
{
	bool any = true;
	struct err err;

	if (store_staff_any(s, &any, &err) != 0 || any) {
		call_problem(c, 401, "signed-out", "sign in first");
		return;
	}
	call_problem(c, 401, "signed-out",
		     "there is no account yet; make the first one where the daemon runs: kefu "
		     "staff add NAME --role admin --db %s",
		     c->settings->db);
	json_kbool(&c->members, "setup", true);
	json_kstr(&c->members, "db", str_of(c->settings->db));
}

static bool sign_in(struct call *c, struct store *s)
{
	char hash[65];
	struct staff who;
	struct err err;
	int rc = ERR_NOT_FOUND;

	call_token_hash(c->token, hash);
	if (c->token[0])
		rc = store_staff_session(s, &c->arena, str_of(hash),
					 c->now_unix_ms - STAFF_SESSION_MS, &who, &err);
	if (rc == ERR_NOT_FOUND)
		say_signed_out(c, s);
	else if (rc != 0)
		call_failed(c, rc, &err);
	if (rc != 0)
		return false;
	c->name = who.name;
	c->role = who.role;
	c->renew = c->now_unix_ms - who.seen_unix_ms > SEEN_EVERY_MS;
	if (c->renew && store_staff_seen(s, str_of(hash), c->now_unix_ms, &err) != 0) {
		log_warn("admin", "%s", err.text);
		c->renew = false;
	}
	return true;
}

static bool may(struct call *c)
{
	char csrf[65];

	call_csrf(c->token, csrf);
	if (c->row->method != ADMIN_GET && !secret_equal(c->csrf, str_of(csrf))) {
		call_problem(c, 403, "csrf", "the X-CSRF-Token is missing or not this sign-in's");
		return false;
	}
	if (c->role >= c->row->least)
		return true;
	call_problem(c, 403, "role", "this needs the role %s", staff_role_name(c->row->least));
	json_kstr(&c->members, "needs", str_of(staff_role_name(c->row->least)));
	return false;
}

static bool read_body(struct call *c)
{
	struct err err;

	if (c->row->method == ADMIN_GET || c->json)
		return true;
	if (json_read(buf_view(&c->body), &c->json, &err) != 0)
		call_problem(c, 400, "bad-request", "%s", err.text);
	else if (!json_is_object(c->json))
		call_problem(c, 400, "bad-request", "the body must be a JSON object");
	else
		return true;
	return false;
}

static void admin_run(struct call *c, struct store *s)
{
	if (!c->row) {
		admin_note_files(c, s);
		return;
	}
	if (c->row->least != ROLE_NONE && (!sign_in(c, s) || !may(c)))
		return;
	if (!read_body(c) || !c->row->work)
		return;
	store_deadline(s, c->row->lane == DESK_LOOK ? WORK_MS : 0);
	c->row->work(c, s);
	store_deadline(s, 0);
}

/* ---- the loop, after ---- */

void admin_cookie(char out[256], const char *token, bool secure)
{
	snprintf(out, 256,
		 "Set-Cookie: kefu_staff=%s; Path=/; HttpOnly; SameSite=Strict%s; Max-Age=%d\r\n",
		 token, secure ? "; Secure" : "", token[0] ? STAFF_SESSION_MS / 1000 : 0);
}

void admin_answer(struct request *r, struct call *c, const char *more)
{
	char head[512], cookie[256] = "", retry[40] = "";

	if (c->renew)
		admin_cookie(cookie, c->token, c->secure);
	if (c->retry_s)
		snprintf(retry, sizeof retry, "Retry-After: %d\r\n", c->retry_s);
	snprintf(head, sizeof head, "%s%s%s", more, cookie, retry);
	if (!c->status)
		c->status = 200;
	if (c->status >= 400) {
		request_problem_with(r, c->status, c->detail, buf_view(&c->members), head);
		return;
	}
	buf_char(&c->out, '\n');
	request_answer(r, c->status, "application/json", buf_view(&c->out), head);
}

static void finish(struct server *s, struct call *c)
{
	struct link *l = link_find(&s->links, c->link);
	struct request *r = l && l->requests == c->request ? l->request : NULL;

	if (c->name.n)
		remember(s->admin, c->fresh[0] ? c->fresh : c->token);
	if (!r || r->answered)
		return;
	if (c->row->finish && c->status < 400)
		c->row->finish(r, c);
	else
		admin_answer(r, c, "");
}

void admin_collect(struct server *s)
{
	struct call *c;

	while (s->admin && (c = desk_take(s->admin->desk))) {
		if (c->row)
			finish(s, c);
		call_free(c);
	}
}

void admin_note_snapshot(struct server *s)
{
	struct call *c = call_open(s, NULL);

	/* Full: the next snapshot has the same files. */
	if (desk_put(s->admin->desk, DESK_BUILD, c, false) != 0)
		call_free(c);
}

/* ---- life ---- */

int admin_start(struct server *s, struct err *err)
{
	struct admin *a = mem_zalloc(sizeof *a);
	int rc;

	a->attempts = attempts_new();
	rc = desk_start(s->settings->db, admin_run, wake_knock, &s->wake, &a->desk, err);
	if (rc == 0) {
		s->admin = a;
		admin_note_snapshot(s);
		return 0;
	}
	attempts_free(a->attempts);
	free(a);
	return rc;
}

void admin_stop(struct server *s)
{
	if (!s->admin)
		return;
	desk_stop(s->admin->desk);
	attempts_free(s->admin->attempts);
	free(s->admin);
	s->admin = NULL;
}

#include "net/call.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "net/admin.h"
#include "secret.h"
#include "text/mem.h"

struct call *call_new(void)
{
	struct call *c = mem_zalloc(sizeof *c);

	arena_init(&c->arena);
	return c;
}

void call_free(struct call *c)
{
	if (!c)
		return;
	snapshot_unref(c->snapshot);
	json_free(c->json);
	buf_done(&c->body);
	buf_done(&c->out);
	buf_done(&c->members);
	arena_done(&c->arena);
	free(c);
}

void call_problem(struct call *c, int status, const char *code, const char *fmt, ...)
{
	va_list ap;

	c->status = status;
	buf_reset(&c->out);
	buf_reset(&c->members);
	json_kstr(&c->members, "code", str_of(code));
	va_start(ap, fmt);
	vsnprintf(c->detail, sizeof c->detail, fmt, ap);
	va_end(ap);
}

void call_wrong(struct call *c, const char *name, const char *what)
{
	call_problem(c, 400, "bad-request", "'%s' %s", name, what);
	json_kstr(&c->members, "parameter", str_of(name));
}

void call_failed(struct call *c, int rc, const struct err *err)
{
	if (rc == ERR_NOT_FOUND) {
		call_problem(c, 404, "not-found", "%s", err->text);
		return;
	}
	log_error("admin", "%s", err->text);
	call_problem(c, 503, "busy", "%s", err->text);
	c->retry_s = 5;
}

/* ---- what was asked ---- */

struct str call_param(const struct call *c, const char *name)
{
	for (size_t i = 0; i < CALL_PARAMS && c->row->params[i]; i++) {
		if (strcmp(c->row->params[i], name) == 0)
			return c->params[i];
	}
	return STR_NONE;
}

bool call_number(struct call *c, const char *name, int64_t min, int64_t max, int64_t *out)
{
	struct str text = call_param(c, name);
	char what[96];
	uint64_t n;

	if (!text.n)
		return true;
	if (str_to_u64(text, &n) && n <= (uint64_t)max && n >= (uint64_t)min) {
		*out = (int64_t)n;
		return true;
	}
	snprintf(what, sizeof what, "must be a whole number from %lld to %lld", (long long)min,
		 (long long)max);
	call_wrong(c, name, what);
	return false;
}

bool call_text(struct call *c, const char *name, bool needed, size_t max, struct str *out)
{
	char what[64];

	*out = STR_NONE;
	if (!json_member(c->json, name)) {
		if (needed)
			call_wrong(c, name, "is missing");
		return !needed;
	}
	if (json_get_str(c->json, name, out) && out->n <= max && (out->n || !needed))
		return true;
	snprintf(what, sizeof what, "must be a text of %d to %zu bytes", needed ? 1 : 0, max);
	call_wrong(c, name, what);
	return false;
}

bool call_chinese(const struct call *c)
{
	struct str ui = c->row ? call_param(c, "ui") : STR_NONE;

	if (ui.n || json_get_str(c->json, "ui", &ui))
		return str_starts(ui, STR("zh"));
	return err_locale_chinese();
}

static bool is_token(struct str s)
{
	if (s.n != CALL_TOKEN)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!memchr("0123456789abcdef", s.p[i], 16))
			return false;
	}
	return true;
}

void call_cookie(struct str header, char out[CALL_TOKEN + 1])
{
	int found = 0;

	out[0] = '\0';
	while (header.n) {
		size_t end = str_find(header, STR(";"), 0);
		struct str one = str_trim(str_sub(header, 0, end));

		header = str_sub(header, end == SIZE_MAX ? header.n : end + 1, header.n);
		if (!str_starts(one, STR("kefu_staff=")))
			continue;
		found++;
		one = str_sub(one, strlen("kefu_staff="), one.n);
		if (is_token(one)) {
			memcpy(out, one.p, CALL_TOKEN);
			out[CALL_TOKEN] = '\0';
		}
	}
	if (found != 1)
		out[0] = '\0';
}

/* The token that only a page which may read our answers has: made of the cookie, so that nothing
 * has to be kept. */
void call_csrf(const char *token, char out[65])
{
	unsigned char mac[32];

	secret_hmac(str_of(token), STR("kefu csrf"), mac);
	secret_hex(mac, sizeof mac, out);
}

void call_token_hash(const char *token, char out[65])
{
	unsigned char hash[32];

	secret_hash(str_of(token), hash);
	secret_hex(hash, sizeof hash, out);
}

void call_audit(struct call *c, struct store *s, const char *what, const char *fmt, ...)
{
	struct audit_row row = {.at_unix_ms = c->now_unix_ms,
				.who = c->name,
				.origin = str_of(c->origin),
				.what = str_of(what)};
	struct err err;
	va_list ap;

	va_start(ap, fmt);
	row.detail = arena_vprintf(&c->arena, fmt, ap);
	va_end(ap);
	if (store_audit_put(s, &row, &err) != 0)
		log_error("admin", "not in the log of the staff: %s of %.*s: %s", what,
			  STR_ARG(c->name), err.text);
}

/* Signing in and out. */
#include <stdio.h>

#include "metrics.h"
#include "net/admin.h"
#include "net/clock.h"
#include "net/server.h"
#include "secret.h"

/* ---- who may try ---- */

/* The name is read here, too: what waits is decided before 64 MiB are worked through. */
bool admin_login_prepare(struct request *r, struct call *c)
{
	struct attempts *a = r->server->admin->attempts;
	int64_t now = clock_mono_ms(), by_address, by_name, wait;
	struct err err;

	if (json_read(buf_view(&c->body), &c->json, &err) != 0)
		call_problem(c, 400, "bad-request", "%s", err.text);
	else if (call_text(c, "name", true, STAFF_NAME_MAX, &c->name) && !staff_name_valid(c->name))
		call_wrong(c, "name", "is not a name");
	if (c->status) {
		c->name = STR_NONE;
		admin_answer(r, c, "");
		return false;
	}
	by_address = attempts_wait(a, &attempt_address, str_of(c->origin), now);
	by_name = attempts_wait(a, &attempt_name, c->name, now);
	wait = by_address > by_name ? by_address : by_name;
	if (wait) {
		call_problem(c, 429, "too-many-attempts", "too many attempts; wait %d seconds",
			     (int)((wait + 999) / 1000));
		c->retry_s = (int)((wait + 999) / 1000);
		metric_add(METRIC_STAFF_FAILURES, 1);
		c->name = STR_NONE;
		admin_answer(r, c, "");
		return false;
	}
	attempts_begin(a, &attempt_address, str_of(c->origin), now);
	attempts_begin(a, &attempt_name, c->name, now);
	return true;
}

/* ---- is it right ---- */

/* Somebody's hash, so that a name nobody has takes as long. */
static const char *nobodys_hash(void)
{
	static char hash[128]; /* the lane's */
	struct err err;

	if (!hash[0] && secret_password_hash(STR("nobody's"), hash, &err) != 0)
		hash[0] = '\0';
	return hash;
}

static void new_token(char out[CALL_TOKEN + 1])
{
	unsigned char bits[CALL_TOKEN / 2];

	secret_random(bits, sizeof bits);
	secret_hex(bits, sizeof bits, out);
}

/* In one transaction: the account is still as it was when the password was compared with it, the session
 * that the browser brought ends, a new one begins. */
static int enter(struct call *c, struct store *s, const struct staff *checked, struct err *err)
{
	struct staff now;
	char hash[65], old[65];
	int rc = store_begin(s, err);

	if (rc != 0)
		return rc;
	new_token(c->fresh);
	call_token_hash(c->fresh, hash);
	call_token_hash(c->token, old);
	rc = store_staff_get(s, &c->arena, c->name, &now, err);
	if (rc == 0 && !str_eq(now.password, checked->password))
		rc = err_set(err, ERR_NOT_FOUND, "the password was changed just now");
	if (rc == 0)
		rc = store_staff_leave(s, str_of(old), err);
	if (rc == 0)
		rc = store_staff_sweep(s, c->now_unix_ms - STAFF_SESSION_MS, err);
	if (rc == 0)
		rc = store_staff_enter(s, str_of(hash), c->name, c->now_unix_ms, err);
	if (rc == 0)
		return store_commit(s, err);
	store_rollback(s);
	return rc;
}

static void put_may(struct buf *out, const char *name)
{
	if (name[0])
		json_cstr(out, name);
}

static void put_me(struct call *c, const char *token);

void admin_login_work(struct call *c, struct store *s)
{
	struct str password;
	struct staff who = {0};
	struct err err;
	int rc;

	if (!call_text(c, "password", true, STAFF_PASSWORD_MAX, &password))
		return;
	rc = store_staff_get(s, &c->arena, c->name, &who, &err);
	if (rc == ERR_NOT_FOUND)
		c->name = STR_NONE; /* it may be a password typed into the wrong field */
	if (rc != 0 && rc != ERR_NOT_FOUND) {
		call_failed(c, rc, &err);
		return;
	}
	if (!secret_password_verify(password, rc == 0 ? who.password.p : nobodys_hash()))
		rc = ERR_NOT_FOUND;
	if (rc == 0)
		rc = enter(c, s, &who, &err);
	if (rc == ERR_NOT_FOUND) {
		metric_add(METRIC_STAFF_FAILURES, 1);
		call_audit(c, s, "login-failed", "%s", c->name.n ? "" : "no such name");
		c->name = STR_NONE;
		call_problem(c, 401, "bad-login", "the name or the password is wrong");
	} else if (rc != 0) {
		call_failed(c, rc, &err);
	} else {
		c->role = who.role;
		call_audit(c, s, "login", "%s", "");
		put_me(c, c->fresh);
	}
}

void admin_login_finish(struct request *r, struct call *c)
{
	struct attempts *a = r->server->admin->attempts;
	char cookie[256];

	attempts_clear(a, &attempt_address, str_of(c->origin));
	attempts_clear(a, &attempt_name, c->name);
	admin_cookie(cookie, c->fresh, c->secure);
	admin_answer(r, c, cookie);
}

/* ---- out ---- */

void admin_logout_work(struct call *c, struct store *s)
{
	char hash[65];
	struct err err;
	int rc;

	call_token_hash(c->token, hash);
	rc = store_staff_leave(s, str_of(hash), &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	call_audit(c, s, "logout", "%s", "");
	buf_cstr(&c->out, "{\"ok\":true}");
}

void admin_logout_finish(struct request *r, struct call *c)
{
	char cookie[256];

	c->renew = false;
	admin_cookie(cookie, "", c->secure);
	admin_answer(r, c, cookie);
}

/* ---- who am I ---- */

static void put_me(struct call *c, const char *token)
{
	char csrf[65];

	call_csrf(token, csrf);
	json_open(&c->out, '{');
	json_kstr(&c->out, "name", c->name);
	json_kstr(&c->out, "role", str_of(staff_role_name(c->role)));
	json_kstr(&c->out, "csrf", str_of(csrf));
	json_kint(&c->out, "expires", c->now_unix_ms + STAFF_SESSION_MS);
	json_key(&c->out, "may");
	json_open(&c->out, '[');
	for (size_t i = 0; i < admin_rows_n; i++) {
		const struct admin_row *row = &admin_rows[i];

		if (row->least != ROLE_NONE && c->role >= row->least)
			put_may(&c->out, row->may ? row->may : row->name);
	}
	json_close(&c->out, ']');
	json_close(&c->out, '}');
}

void admin_me_work(struct call *c, struct store *s)
{
	(void)s;
	put_me(c, c->token);
}

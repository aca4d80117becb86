/* How the daemon is; reading the rules again; the log of the staff. */
#include <stdio.h>

#include "metrics.h"
#include "net/admin.h"
#include "net/clock.h"
#include "net/rules_path.h"
#include "net/server.h"

/* ---- status ---- */

static void put_rules(struct buf *b, const struct snapshot *snap)
{
	const struct ruleset *rs = snap->rules;

	json_kint(b, "serial", (int64_t)snap->serial);
	json_kint(b, "built", snap->built_unix_ms);
	json_knum(b, "build_ms", snap->build_ms);
	json_key(b, "files");
	json_open(b, '[');
	for (size_t i = 0; i < rules_files(rs); i++)
		json_str(b, rules_short(rs, rs->files.v[i]));
	json_close(b, ']');
	json_kint(b, "intents", (int64_t)rs->n_intents);
	json_kint(b, "faq", (int64_t)rs->n_faq);
	json_kint(b, "courses", (int64_t)snap->courses->n);
}

static void put_last_try(struct buf *b, const struct server *s)
{
	const struct last_try *t = &s->last_try;

	json_key(b, "last_try");
	json_open(b, '{');
	json_kint(b, "at", t->at_unix_ms);
	json_kbool(b, "ok", t->ok);
	json_knum(b, "ms", t->ms);
	json_kstr(b, "lang", err_locale_chinese() ? STR("zh") : STR("en"));
	json_kstr(b, "error", str_of(s->reload_error));
	buf_char(b, ',');
	buf_str(b, buf_view(&t->diags));
	json_close(b, '}');
}

static void put_traffic(struct buf *b, const struct server *s)
{
	json_kint(b, "connections", (int64_t)s->links.n);
	json_kint(b, "websockets", metric_get(METRIC_WEBSOCKETS));
	json_kint(b, "sessions", (int64_t)hub_size(s->hub));
	json_kint(b, "messages", metric_get(METRIC_MESSAGES) + metric_get(METRIC_CLICKS));
	json_kint(b, "fallbacks", metric_get(METRIC_FALLBACKS));
	json_kint(b, "handoffs", metric_get(METRIC_HANDOFFS));
}

static void put_disk(struct buf *b, const struct server *s)
{
	struct writer_stats disk;

	writer_stats(s->writer, &disk);
	json_key(b, "disk");
	json_open(b, '{');
	json_kint(b, "queued", (int64_t)disk.queued);
	json_kint(b, "committed", (int64_t)disk.committed);
	json_kint(b, "dropped", (int64_t)disk.dropped);
	json_kstr(b, "error", str_of(disk.last_error));
	json_close(b, '}');
}

void admin_status_finish(struct request *r, struct call *c)
{
	const struct server *s = r->server;
	struct buf *b = &c->out;
	int64_t now = clock_wall_ms();

	json_open(b, '{');
	json_kstr(b, "version", STR(KEFU_VERSION));
	json_kstr(b, "state", s->draining ? STR("draining") : STR("ready"));
	json_kint(b, "started", s->started_unix_ms);
	json_kint(b, "uptime_s", (now - s->started_unix_ms) / 1000);
	json_kint(b, "now", now);
	put_rules(b, s->snapshot);
	put_last_try(b, s);
	put_traffic(b, s);
	put_disk(b, s);
	json_close(b, '}');
	admin_answer(r, c, "");
}

/* ---- reload ---- */

void admin_reload_work(struct call *c, struct store *s)
{
	call_audit(c, s, "reload", "%s", "");
}

void admin_reload_finish(struct request *r, struct call *c)
{
	reload_request(r->server->reload);
	c->status = 202;
	json_open(&c->out, '{');
	json_kint(&c->out, "serial", (int64_t)r->server->snapshot->serial);
	json_close(&c->out, '}');
	admin_answer(r, c, "");
}

/* ---- audit ---- */

static void put_entry(struct buf *b, const struct audit_row *row)
{
	json_open(b, '{');
	json_kint(b, "id", row->id);
	json_kint(b, "at", row->at_unix_ms);
	json_kstr(b, "who", row->who);
	json_kstr(b, "from", row->origin);
	json_kstr(b, "what", row->what);
	json_kstr(b, "detail", row->detail);
	json_close(b, '}');
}

void admin_audit_work(struct call *c, struct store *s)
{
	int64_t before = 0, limit = 100;
	struct audit_row *rows;
	struct err err;
	size_t n;
	int rc;

	if (!call_number(c, "before", 1, INT64_MAX, &before) ||
	    !call_number(c, "limit", 1, 1000, &limit))
		return;
	rc = store_audit_list(s, &c->arena, before, call_param(c, "who"), (size_t)limit + 1, &rows,
			      &n, &err);
	if (rc != 0) {
		call_failed(c, rc, &err);
		return;
	}
	json_open(&c->out, '{');
	json_key(&c->out, "entries");
	json_open(&c->out, '[');
	for (size_t i = 0; i < n && i < (size_t)limit; i++)
		put_entry(&c->out, &rows[i]);
	json_close(&c->out, ']');
	json_kbool(&c->out, "more", n > (size_t)limit);
	json_close(&c->out, '}');
}

#include "net/collect.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "metrics.h"
#include "net/admin.h"
#include "net/agent.h"
#include "net/assist.h"
#include "net/clock.h"
#include "net/dispatch.h"
#include "net/feed.h"
#include "net/hearing.h"
#include "net/http.h"
#include "net/rules_path.h"
#include "net/server.h"
#include "net/talk.h"
#include "speech.h"

enum { DIAGS_SHOWN = 200 };

/* ---- commits ---- */

static void acknowledge(struct server *s, const struct ticket *t, const struct writer_result *r)
{
	struct chat *chat = hub_find(s->hub, str_of(t->token));
	struct conn *c = chat ? chat->conn : NULL;

	if (chat && r->code == 0)
		talk_ack(s, chat, str_of(t->id));
	else if (c)
		conn_error(c, "busy", "the disk refused it; send it again later", str_of(t->id));
}

static void committed(struct server *s, struct writer_result *r)
{
	struct ticket *t = pending_take(&s->pending, r->ticket);
	struct link *l;

	if (r->code == 0) {
		if (!*r->guest)
			metric_add(METRIC_EVENTS, (int64_t)r->n_events);
		learn_told(&s->learn, s->reload, r);
	}
	if (!t)
		return;
	l = link_find(&s->links, t->link);
	if (t->what == PENDING_ACK)
		acknowledge(s, t, r);
	else if (t->what == PENDING_HELLO && l && l->conn)
		hello_signed_in(l->conn, str_of(t->token));
	else if (t->what == PENDING_REQUEST && l && l->request)
		request_committed(l->request, t->events, r);
	free(t);
}

static void collect_commits(struct server *s)
{
	struct writer_result r;

	while (writer_take(s->writer, &r)) {
		if (r.desk)
			assist_committed(s, &r);
		else
			committed(s, &r);
		writer_result_done(&r);
	}
}

/* ---- the database's answers ---- */

static void found(struct server *s, struct reader_result *r)
{
	struct link *l = link_find(&s->links, r->job.link);

	if (l && l->conn && r->job.what == READ_LINES && l->conn->agent)
		agent_lines(l->conn->agent, r);
	else if (l && l->conn && r->job.what == READ_SESSION)
		hello_found(l->conn, r);
	else if (l && l->conn)
		feed_page(l->conn, r);
	else if (l && l->request)
		request_found(l->request, r);
	else
		reader_result_free(r);
}

/* ---- speech ---- */

static void collect_speech(struct server *s)
{
	struct speech_job *j;

	while ((j = speech_take(s->speech))) {
		struct link *l = link_find(&s->links, j->link);

		if (l && l->conn && j->way == SPEECH_IN)
			hearing_done(l->conn, j);
		else if (l && l->request && j->way == SPEECH_OUT)
			http_speech_done(l->request, j);
		speech_job_free(j);
	}
}

/* ---- snapshots ---- */

void collect_note_try(struct server *s, bool ok, double ms, const struct diags *d)
{
	struct last_try *t = &s->last_try;

	t->at_unix_ms = clock_wall_ms();
	t->ok = ok;
	t->ms = ms;
	buf_reset(&t->diags);
	rules_put_diags(&t->diags, s->snapshot->rules, d, DIAGS_SHOWN);
	metric_set(METRIC_RELOAD_ERRORS, (int64_t)d->errors);
	metric_set(METRIC_RELOAD_WARNINGS, (int64_t)d->warnings);
}

static void publish(struct server *s, struct reload_result *r)
{
	if (r->snapshot) {
		snapshot_unref(s->snapshot);
		s->snapshot = r->snapshot;
	}
	if (!r->rules)
		return;
	if (r->snapshot) {
		s->reload_error[0] = '\0';
		metric_add(METRIC_RELOADS, 1);
		admin_note_snapshot(s);
		log_info("reload", "rules %lu in service, built in %.0f ms", r->snapshot->serial,
			 r->ms);
		return;
	}
	metric_add(METRIC_RELOAD_FAILURES, 1);
	snprintf(s->reload_error, sizeof s->reload_error, "%s", r->err.text);
	log_error("reload", "the new rules are not taken, the old ones serve on: %s", r->err.text);
}

static void print_diags(const struct diags *d)
{
	struct buf out = {0};

	diags_print(d, &out);
	fwrite(out.p, 1, out.n, stderr);
	buf_done(&out);
}

static void collect_snapshots(struct server *s)
{
	struct reload_result r;

	while (reload_take(s->reload, &r)) {
		if (r.diags.n)
			print_diags(&r.diags);
		learn_result(&s->learn, s->reload, &r);
		s->profiles = s->learn.profiles;
		publish(s, &r);
		if (r.rules)
			collect_note_try(s, r.snapshot != NULL, r.ms, &r.diags);
		diags_done(&r.diags);
	}
}

void collect_run(void *server)
{
	struct server *s = server;
	struct reader_result *r;

	collect_commits(s);
	while ((r = reader_take(s->reader)))
		found(s, r);
	admin_collect(s);
	collect_speech(s);
	collect_snapshots(s);
	learn_teach(&s->learn, s->reload, s->snapshot->courses);
}

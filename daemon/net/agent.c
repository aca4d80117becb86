#include "net/agent.h"

#include <stdlib.h>

#include "log.h"
#include "metrics.h"
#include "net/agent_frame.h"
#include "net/clock.h"
#include "net/frame.h"
#include "text/mem.h"

enum { ASK_AGAIN_MS = 5000 };

/* ---- coming and going ---- */

struct agent *agent_new(struct conn *c, const struct agent_pass *pass)
{
	struct assist *assist = c->server->assist;
	struct agent *a = mem_zalloc(sizeof *a);

	a->conn = c;
	a->pass = *pass;
	a->asked_ms = clock_mono_ms();
	a->next = assist->agents;
	if (a->next)
		a->next->prev = a;
	assist->agents = a;
	return a;
}

/* Of a connection that ends while the daemon stops, nobody need be told. */
void agent_free(struct agent *a)
{
	struct server *s;

	if (!a)
		return;
	s = a->conn->server;
	if (s->assist) {
		if (a->prev)
			a->prev->next = a->next;
		else
			s->assist->agents = a->next;
		if (a->next)
			a->next->prev = a->prev;
		if (a->entered)
			roster_leave(s->assist->roster, str_of(a->pass.name), clock_mono_ms());
		if (!s->stopped)
			agent_tell_agents(s);
	}
	free(a);
}

static bool still_may(struct agent *a)
{
	int64_t now = clock_mono_ms();
	int status;

	if (now - a->asked_ms < ASK_AGAIN_MS)
		return true;
	a->asked_ms = now;
	if (agent_may(a->conn->server, a->pass.hash, NULL, &status) || status == 503)
		return true;
	conn_close(a->conn, WS_POLICY, status == 401 ? "signed out" : "the role agent is needed");
	return false;
}

void agent_sweep(struct server *s)
{
	for (struct agent *a = s->assist->agents; a; a = a->next) {
		if (!a->conn->closing_ms)
			still_may(a);
	}
}

/* ---- frames ---- */

static const struct {
	const char *code, *words;
} refusals[] = {
	{"taken", "somebody else has, or is about to have, this conversation"},
	{"not_yours", "this conversation is not yours"},
	{"gone", "no person has or awaits this conversation (any more)"},
	{"busy", "the disk is behind, or another change is on its way; try again"},
};

static void refuse(struct agent *a, const struct agent_frame *f, const char *code)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		if (strcmp(refusals[i].code, code) == 0)
			agent_error(a, code, refusals[i].words, f->session, f->id);
	}
}

static struct assist_by by(const struct agent *a, const struct agent_frame *f)
{
	return (struct assist_by){str_of(a->pass.name), a->conn->link->id, f->id};
}

static void on_hello(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	(void)f;
	(void)h;
	if (!a->entered) {
		roster_enter(a->conn->server->assist->roster, str_of(a->pass.name));
		a->entered = true;
	}
	a->greeted = true;
	agent_tell_desk(a);
	agent_tell_agents(a->conn->server);
}

static void on_presence(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	struct server *s = a->conn->server;
	struct person *p = roster_person(s->assist->roster, str_of(a->pass.name));

	(void)h;
	if (!p || !a->entered) {
		agent_error(a, "bad_frame", "say hello first", STR_NONE, f->id);
		return;
	}
	p->online = str_eq(f->state, STR("online"));
	agent_tell_agents(s);
	for (struct handover *o = roster_first(s->assist->roster); o;
	     o = roster_after(s->assist->roster, o)) {
		if (o->state == HANDOVER_AGENT && strcmp(o->agent, p->name) == 0)
			agent_tell_chat(s, o);
	}
}

static void move(struct agent *a, const struct agent_frame *f, struct handover *h,
		 enum handover_event event, struct str to, struct str note)
{
	struct assist_by who = by(a, f);
	const char *code = assist_move(a->conn->server, h, event, &who, to, note);

	if (code)
		refuse(a, f, code);
}

static void on_take(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	if (h->state == HANDOVER_AGENT && strcmp(h->agent, a->pass.name) == 0)
		agent_tell_chat(a->conn->server, h); /* asked twice */
	else
		move(a, f, h, HANDOVER_TAKE, STR_NONE, STR_NONE);
}

static void on_release(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	move(a, f, h, HANDOVER_RELEASE, STR_NONE, STR_NONE);
}

static void on_close(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	move(a, f, h, HANDOVER_CLOSE, STR_NONE, STR_NONE);
}

static void on_transfer(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	struct roster *r = a->conn->server->assist->roster;
	const struct person *p = f->to.n ? roster_person(r, f->to) : NULL;

	if (f->team.n)
		move(a, f, h, HANDOVER_REQUEUE, f->team, f->note);
	else if (!p || !p->present || !p->online)
		agent_error(a, "not_there", "that person is not online", f->session, f->id);
	else
		move(a, f, h, HANDOVER_PASS, f->to, f->note);
}

static void on_say(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	struct assist_by who = by(a, f);
	const char *code = assist_say(a->conn->server, h, &who, f->text);

	if (code)
		refuse(a, f, code);
}

static void on_note(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	struct assist_by who = by(a, f);
	const char *code = assist_note(a->conn->server, h, &who, f->text);

	if (code)
		refuse(a, f, code);
}

static void on_typing(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	struct server *s = a->conn->server;
	struct chat *chat = hub_named(s->hub, str_of(h->session));

	(void)f;
	if (h->state != HANDOVER_AGENT || strcmp(h->agent, a->pass.name) != 0 || !chat ||
	    !chat->conn)
		return;
	buf_reset(&s->frame);
	frame_put_typing(&s->frame, "agent");
	conn_send(chat->conn, buf_view(&s->frame));
}

static void on_read(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	if (h->state == HANDOVER_AGENT && strcmp(h->agent, a->pass.name) == 0)
		assist_read(a->conn->server, h, f->line);
}

/* ---- opening a conversation ---- */

static void ask_lines(struct agent *a)
{
	struct reader_job job = {
		.what = READ_LINES, .link = a->conn->link->id, .since = a->read_from};

	memcpy(job.hash, a->opened, sizeof job.hash);
	a->reading = reader_ask(a->conn->server->reader, &job) == 0;
	if (!a->reading)
		agent_error(a, "busy", "too much is being read; open it again", str_of(a->opened),
			    STR_NONE);
}

static void on_open(struct agent *a, const struct agent_frame *f, struct handover *h)
{
	(void)h;
	memcpy(a->opened, f->session.p, f->session.n);
	a->opened[f->session.n] = '\0';
	a->read_from = f->since;
	ask_lines(a);
}

void agent_lines(struct agent *a, struct reader_result *r)
{
	bool current = strcmp(r->job.hash, a->opened) == 0 && r->job.since == a->read_from;

	if (current && r->code != 0)
		agent_error(a, "busy", "the conversation cannot be read now; open it again",
			    str_of(a->opened), STR_NONE);
	for (size_t i = 0; current && r->code == 0 && i < r->n_lines; i++) {
		agent_send_line(a, &r->lines[i]);
		a->read_from = r->lines[i].n;
	}
	if (current && r->n_lines == READER_FRAMES && !a->conn->closing_ms)
		ask_lines(a);
	else if (current && r->code == 0)
		agent_tell_opened(a);
	reader_result_free(r);
}

/* ---- the table ---- */

static const struct {
	void (*run)(struct agent *a, const struct agent_frame *f, struct handover *h);
	bool needs; /* a conversation that a person has or awaits */
} handlers[AGENT_FRAMES] = {
	[AGENT_HELLO] = {on_hello, false},    [AGENT_PRESENCE] = {on_presence, false},
	[AGENT_TAKE] = {on_take, true},	      [AGENT_SAY] = {on_say, true},
	[AGENT_NOTE] = {on_note, true},	      [AGENT_TYPING] = {on_typing, true},
	[AGENT_READ] = {on_read, true},	      [AGENT_TRANSFER] = {on_transfer, true},
	[AGENT_RELEASE] = {on_release, true}, [AGENT_CLOSE] = {on_close, true},
	[AGENT_OPEN] = {on_open, false},
};

void agent_message(struct agent *a, struct str message)
{
	struct agent_frame f;
	struct fault fault;
	struct handover *h = NULL;

	if (!still_may(a))
		return;
	if (agent_frame_read(message, &f, &fault) != 0) {
		agent_error(a, fault.code, fault.err.text, f.session, f.id);
	} else {
		if (f.session.n)
			h = roster_find(a->conn->server->assist->roster, f.session);
		if (h && h->state == HANDOVER_BOT)
			h = NULL;
		if (handlers[f.type].needs && !h)
			refuse(a, &f, "gone");
		else
			handlers[f.type].run(a, &f, h);
	}
	agent_frame_done(&f);
}

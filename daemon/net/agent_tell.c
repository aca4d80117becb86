/* Frames to the people at the desk. */
#include "metrics.h"
#include "net/agent.h"
#include "net/clock.h"

static const char *const sides[] = {
	[DESK_LEARNER] = "learner", [DESK_BOT] = "bot",	    [DESK_AGENT] = "agent",
	[DESK_NOTE] = "note",	    [DESK_EVENT] = "event",
};

static struct buf *begin(struct server *s, const char *type)
{
	buf_reset(&s->frame);
	json_open(&s->frame, '{');
	json_kstr(&s->frame, "type", str_of(type));
	return &s->frame;
}

static struct str end(struct buf *b)
{
	json_close(b, '}');
	return buf_view(b);
}

/* To everybody who said hello. */
static void tell_all(struct server *s, struct str json)
{
	for (struct agent *a = s->assist->agents; a; a = a->next) {
		if (a->greeted)
			conn_send(a->conn, json);
	}
}

static bool holds(const struct agent *a, const struct handover *h)
{
	return h->state == HANDOVER_AGENT && strcmp(a->pass.name, h->agent) == 0;
}

/* ---- conversations ---- */

static void put_last(struct buf *b, const struct handover *h)
{
	json_key(b, "last");
	if (!h->last.text) {
		json_nil(b);
		return;
	}
	json_open(b, '{');
	json_kstr(b, "side", str_of(sides[h->last.side]));
	json_kstr(b, "text", str_of(h->last.text));
	json_kint(b, "at", h->last.at_unix_ms);
	json_close(b, '}');
}

void agent_put_chat(struct buf *b, struct server *s, const struct handover *h)
{
	const struct roster *r = s->assist->roster;
	const struct chat *chat = hub_named(s->hub, str_of(h->session));
	bool held = h->state == HANDOVER_AGENT, queued = h->state == HANDOVER_QUEUED;

	json_open(b, '{');
	json_kstr(b, "session", str_of(h->session));
	json_kstr(b, "state", str_of(handover_state_name(h->state)));
	json_kstr(b, "team", str_of(h->team));
	json_kstr(b, "note", str_of(h->note));
	json_kstr(b, "agent", str_of(h->agent));
	json_kstr(b, "agent_display", str_of(h->agent));
	json_kbool(b, "agent_away", held && roster_away(r, str_of(h->agent), clock_mono_ms()));
	json_kint(b, "position", queued ? roster_position(r, h) : 0);
	json_kstr(b, "lang", str_of(h->lang));
	json_kstr(b, "user", str_of(h->user));
	json_kbool(b, "logged_in", h->logged_in);
	json_kstr(b, "page", str_of(h->page));
	json_kint(b, "since", h->since_unix_ms);
	json_kint(b, "waiting_since", h->waiting_since_unix_ms);
	json_kbool(b, "learner_online", chat && chat->conn);
	json_kint(b, "unread", h->unread);
	put_last(b, h);
	json_close(b, '}');
}

void agent_tell_chat(struct server *s, const struct handover *h)
{
	struct buf *b = begin(s, "chat");

	json_key(b, "chat");
	agent_put_chat(b, s, h);
	tell_all(s, end(b));
}

void agent_tell_gone(struct server *s, const struct handover *h)
{
	struct buf *b = begin(s, "gone");

	json_kstr(b, "session", str_of(h->session));
	tell_all(s, end(b));
}

void agent_tell_typing(struct server *s, const struct handover *h)
{
	struct buf *b = begin(s, "typing");
	struct str json;

	json_kstr(b, "session", str_of(h->session));
	json = end(b);
	for (struct agent *a = s->assist->agents; a; a = a->next) {
		if (a->greeted && holds(a, h))
			conn_send(a->conn, json);
	}
}

/* ---- lines ---- */

static struct str put_line(struct server *s, const struct desk_line *l)
{
	struct buf *b = begin(s, "line");

	json_kstr(b, "session", l->session);
	json_key(b, "line");
	json_open(b, '{');
	json_kint(b, "n", l->n);
	json_kint(b, "at", l->at_unix_ms);
	json_kstr(b, "side", str_of(sides[l->side]));
	json_kstr(b, "text", l->raw.n ? l->raw : l->text);
	json_kstr(b, "by", l->who);
	json_kstr(b, "id", l->id);
	json_kstr(b, "intent", l->intent);
	json_kstr(b, "source", l->source);
	json_close(b, '}');
	return end(b);
}

void agent_tell_line(struct server *s, const struct handover *h, const struct desk_line *l)
{
	struct str json = put_line(s, l);

	for (struct agent *a = s->assist->agents; a; a = a->next) {
		if (a->greeted && (holds(a, h) || strcmp(a->opened, h->session) == 0))
			conn_send(a->conn, json);
	}
}

void agent_send_line(struct agent *a, const struct desk_line *l)
{
	conn_send(a->conn, put_line(a->conn->server, l));
}

void agent_tell_opened(struct agent *a)
{
	struct buf *b = begin(a->conn->server, "opened");

	json_kstr(b, "session", str_of(a->opened));
	json_kint(b, "n", a->read_from);
	conn_send(a->conn, end(b));
}

static struct agent *agent_on(struct server *s, uint64_t link)
{
	struct link *l = link ? link_find(&s->links, link) : NULL;

	return l && l->conn ? l->conn->agent : NULL;
}

void agent_tell_done(struct server *s, uint64_t link, const struct desk_line *l)
{
	struct agent *a = agent_on(s, link);
	struct buf *b;

	if (!a)
		return;
	b = begin(s, "done");
	json_kstr(b, "id", l->id);
	json_kstr(b, "session", l->session);
	conn_send(a->conn, end(b));
}

/* ---- people ---- */

static void put_agents(struct buf *b, struct server *s)
{
	const struct roster *r = s->assist->roster;
	const struct person *p = NULL;

	json_key(b, "agents");
	json_open(b, '[');
	while ((p = roster_next_person(r, p))) {
		size_t held = roster_held(r, str_of(p->name));

		if (!p->present && !held)
			continue;
		json_open(b, '{');
		json_kstr(b, "name", str_of(p->name));
		json_kstr(b, "display", str_of(p->name));
		json_kstr(b, "presence",
			  str_of(!p->present ? "gone"
				 : p->online ? "online"
					     : "away"));
		json_kint(b, "chats", (int64_t)held);
		json_close(b, '}');
	}
	json_close(b, ']');
}

void agent_tell_agents(struct server *s)
{
	struct buf *b = begin(s, "agents");

	put_agents(b, s);
	tell_all(s, end(b));
	assist_count(s);
}

static void put_hours(struct buf *b, const struct hours *hours)
{
	int64_t now = clock_wall_ms(), opens = hours_opens(hours, now);
	bool open = hours_open(hours, now);

	json_key(b, "hours");
	json_open(b, '{');
	json_kbool(b, "open", open);
	json_key(b, "opens");
	if (open || !opens)
		json_nil(b);
	else
		json_int(b, opens);
	json_close(b, '}');
}

void agent_tell_hours(struct server *s)
{
	struct buf *b = begin(s, "hours");

	put_hours(b, &s->snapshot->rules->settings.hours);
	tell_all(s, end(b));
}

void agent_tell_desk(struct agent *a)
{
	struct server *s = a->conn->server;
	const struct roster *r = s->assist->roster;
	const struct person *me = roster_person(r, str_of(a->pass.name));
	struct buf *b = begin(s, "desk");

	json_key(b, "me");
	json_open(b, '{');
	json_kstr(b, "name", str_of(a->pass.name));
	json_kstr(b, "display", str_of(a->pass.name));
	json_close(b, '}');
	json_kstr(b, "presence", str_of(me && me->online ? "online" : "away"));
	put_hours(b, &s->snapshot->rules->settings.hours);
	json_key(b, "chats");
	json_open(b, '[');
	for (struct handover *h = roster_first(r); h; h = roster_after(r, h)) {
		if (h->state != HANDOVER_BOT)
			agent_put_chat(b, s, h);
	}
	json_close(b, ']');
	put_agents(b, s);
	conn_send(a->conn, end(b));
}

/* ---- refusals ---- */

void agent_error(struct agent *a, const char *code, const char *message, struct str session,
		 struct str id)
{
	struct buf *b = begin(a->conn->server, "error");

	json_kstr(b, "code", str_of(code));
	json_kstr(b, "message", str_of(message));
	if (session.n)
		json_kstr(b, "session", session);
	if (id.n)
		json_kstr(b, "id", id);
	conn_send(a->conn, end(b));
	metric_add(METRIC_ERRORS, 1);
}

void agent_refuse(struct server *s, uint64_t link, const char *code, const char *message,
		  struct str session, struct str id)
{
	struct agent *a = agent_on(s, link);

	if (a)
		agent_error(a, code, message, session, id);
}

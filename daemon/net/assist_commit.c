/* What came of steps: memory follows, and everybody concerned is told. */
#include "log.h"
#include "metrics.h"
#include "net/agent.h"
#include "net/assist.h"
#include "net/clock.h"
#include "net/conn.h"
#include "net/feed.h"
#include "net/frame.h"

static struct handover *handover_of(struct server *s, const struct desk_step *step)
{
	struct str session = step->has & (DESK_HAS_CHAT | DESK_READS) ? step->chat.session
			     : step->has & DESK_HAS_LINE	      ? step->line.session
								      : step->talk.session;

	return roster_find(s->assist->roster, session);
}

/* ---- moves ---- */

static void follow(struct server *s, struct handover *h, const struct desk_chat *c)
{
	h->state = (enum handover_state)c->state;
	session_set(&h->team, c->team);
	session_set(&h->note, c->note);
	session_set(&h->agent, c->agent);
	h->since_unix_ms = c->since_unix_ms;
	h->waiting_since_unix_ms = c->waiting_since_unix_ms;
	h->changing = false;
	roster_sort(s->assist->roster, h);
}

static void record_move(struct server *s, const struct handover *h, const struct desk_chat *c)
{
	struct chat *chat = hub_named(s->hub, str_of(h->session));
	bool had = c->was == HANDOVER_AGENT, has = c->state == HANDOVER_AGENT;

	if (chat && had && !has)
		chat->session.handed_off = false;
	if (chat && had != has)
		record_agent_state(
			s->record,
			&(struct record_who){str_of(chat->hash), &chat->session, c->since_unix_ms},
			has ? "joined" : "left");
}

static void count_move(const struct desk_chat *c)
{
	if (c->was == HANDOVER_QUEUED && c->state == HANDOVER_AGENT) {
		metric_add(METRIC_DESK_TAKEN, 1);
		metric_add(METRIC_DESK_WAITED,
			   (c->since_unix_ms - c->waiting_since_unix_ms) / 1000);
	}
	if (c->state == HANDOVER_LEFT)
		metric_add(METRIC_DESK_LEFT, 1);
}

void assist_count(struct server *s)
{
	const struct roster *r = s->assist->roster;

	metric_set(METRIC_DESK_QUEUED, (int64_t)roster_count(r, HANDOVER_QUEUED));
	metric_set(METRIC_DESK_HELD, (int64_t)roster_count(r, HANDOVER_AGENT));
	metric_set(METRIC_DESK_MESSAGES, (int64_t)roster_count(r, HANDOVER_LEFT));
	metric_set(METRIC_DESK_ONLINE, (int64_t)roster_online(r));
}

void assist_tell_position(struct server *s, struct handover *h, int64_t position)
{
	struct chat *chat = hub_named(s->hub, str_of(h->session));

	h->told_at = position;
	if (!chat || !chat->conn)
		return;
	buf_reset(&s->frame);
	frame_put_agent(&s->frame, -1,
			&(struct frame_agent){
				.state = "queued", .team = str_of(h->team), .position = position});
	conn_send(chat->conn, buf_view(&s->frame));
}

/* Everybody who waits hears of a new place, while connected. */
static void tell_positions(struct server *s)
{
	struct roster *r = s->assist->roster;
	int64_t at = 0;

	for (struct handover *h = roster_first(r); h; h = roster_after(r, h)) {
		if (h->state != HANDOVER_QUEUED || h->told_at == ++at)
			continue;
		agent_tell_chat(s, h);
		assist_tell_position(s, h, at);
	}
}

/* ---- frames for the learner ---- */

static void let_go(struct server *s, const struct talk_row *row)
{
	struct chat *chat = hub_named(s->hub, row->session);

	if (!chat)
		return;
	if (!hub_release(chat, row->seq))
		hub_late(s->hub, chat, row->seq, row->client_id, row->json);
	if (chat->conn)
		feed_pump(chat->conn);
}

static void take_back(struct server *s, const struct talk_row *row)
{
	struct chat *chat = hub_named(s->hub, row->session);

	if (!chat)
		return;
	hub_drop(chat, row->seq);
	if (chat->conn)
		feed_pump(chat->conn);
}

/* ---- lines ---- */

/* Of these a list of conversations shows the last: a bot's words tell the desk nothing. */
static bool by_people(const struct desk_line *l)
{
	return l->side == DESK_LEARNER || l->side == DESK_AGENT;
}

static void note_line(struct handover *h, const struct desk_line *l)
{
	struct str text = l->raw.n ? l->raw : l->text;

	if (!by_people(l))
		return;
	h->last.side = l->side;
	h->last.at_unix_ms = l->at_unix_ms;
	session_set(&h->last.text, text);
	if (l->side != DESK_LEARNER)
		return;
	h->heard = l->n;
	h->unread += l->n > h->read;
}

static void record_line(struct server *s, const struct desk_line *l)
{
	const struct chat *chat = hub_named(s->hub, l->session);

	if (chat && l->side == DESK_AGENT)
		record_agent(
			s->record,
			&(struct record_who){str_of(chat->hash), &chat->session, l->at_unix_ms},
			l->text);
}

static void line_kept(struct server *s, struct handover *h, const struct desk_step *step)
{
	const struct desk_line *l = &step->line;

	if (l->n) {
		if (h) {
			note_line(h, l);
			agent_tell_line(s, h, l);
		}
		record_line(s, l);
	}
	if (l->side == DESK_AGENT || l->side == DESK_NOTE)
		agent_tell_done(s, step->link, l);
}

/* ---- results ---- */

static void kept(struct server *s, struct desk_step *step)
{
	struct handover *h = handover_of(s, step);
	bool again = step->has & DESK_HAS_LINE && step->line.n == 0;

	if (step->has & DESK_HAS_LINE)
		line_kept(s, h, step);
	if (!(step->has & DESK_HAS_TALK) || step->talk.side != TALK_AGENT)
		return;
	if (again)
		take_back(s, &step->talk);
	else
		let_go(s, &step->talk);
}

static void refused(struct server *s, struct desk_step *step, const char *why)
{
	struct handover *h = handover_of(s, step);
	struct str session = h ? str_of(h->session) : STR_NONE;

	if (step->has & DESK_HAS_TALK && step->talk.side == TALK_AGENT) {
		struct chat *chat = hub_named(s->hub, step->talk.session);

		take_back(s, &step->talk);
		if (chat && chat->conn && step->talk.client_id.n)
			conn_error(chat->conn, "busy", "the disk refused it; send it again later",
				   step->talk.client_id);
	}
	if (h && step->has & DESK_HAS_CHAT)
		h->changing = false;
	if (step->link)
		agent_refuse(s, step->link, "busy", why, session, step->line.id);
	if (h && h->state == HANDOVER_BOT && !h->changing)
		roster_drop(s->assist->roster, h);
}

static void settle_move(struct server *s, const struct desk_step *step)
{
	struct handover *h = handover_of(s, step);

	if (!h)
		return;
	if (h->state != HANDOVER_BOT) {
		agent_tell_chat(s, h);
	} else {
		agent_tell_gone(s, h);
		roster_drop(s->assist->roster, h);
	}
	tell_positions(s);
	agent_tell_agents(s);
	assist_count(s);
}

static bool is_said(const struct desk_step *step)
{
	return step->has & DESK_HAS_LINE && step->line.n && by_people(&step->line);
}

/* Does more of this commit tell of h: a move, or something that was said after step i? */
static bool told_elsewhere(struct server *s, const struct writer_result *r, size_t i,
			   const struct handover *h)
{
	for (size_t k = 0; k < r->n_desk; k++) {
		if ((r->desk[k].has & DESK_HAS_CHAT || (k > i && is_said(&r->desk[k]))) &&
		    handover_of(s, &r->desk[k]) == h)
			return true;
	}
	return false;
}

/* A conversation's last words, and how many are unread, are on every page of the desk. */
static void settle_line(struct server *s, const struct writer_result *r, size_t i)
{
	const struct handover *h = is_said(&r->desk[i]) ? handover_of(s, &r->desk[i]) : NULL;

	if (h && h->state != HANDOVER_BOT && !told_elsewhere(s, r, i, h))
		agent_tell_chat(s, h);
}

/* The move first: lines go to who has the conversation now. */
void assist_committed(struct server *s, struct writer_result *r)
{
	bool good = r->code == 0;

	for (size_t i = 0; i < r->n_desk; i++) {
		struct desk_step *step = &r->desk[i];
		struct handover *h = handover_of(s, step);

		if (good && h && step->has & DESK_HAS_CHAT) {
			follow(s, h, &step->chat);
			record_move(s, h, &step->chat);
			count_move(&step->chat);
		}
	}
	for (size_t i = 0; i < r->n_desk; i++) {
		if (good)
			kept(s, &r->desk[i]);
		else
			refused(s, &r->desk[i], r->text);
	}
	for (size_t i = 0; good && i < r->n_desk; i++) {
		if (r->desk[i].has & DESK_HAS_CHAT)
			settle_move(s, &r->desk[i]);
		else
			settle_line(s, r, i);
	}
}

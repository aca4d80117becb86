#include "net/talk.h"

#include <stdlib.h>

#include "log.h"
#include "metrics.h"
#include "net/assist.h"
#include "net/clock.h"
#include "net/feed.h"
#include "net/frame.h"
#include "net/given.h"
#include "net/hearing.h"
#include "net/mask.h"
#include "net/talk_part.h"
#include "text/mem.h"
#include "text/utf8.h"

enum { OPENED_MAX = 16 };

/* What is kept of a session that its learner has ended. */
#define ENDED STR("{\"ended\":true}")

/* ---- sending and keeping ---- */

static struct str stored_user(const struct chat *chat)
{
	return chat->session.logged_in ? str_of(chat->session.user) : STR_NONE;
}

static void keep_row(struct server *s, const struct talk_row *row)
{
	if (writer_talk(s->writer, row) != 0)
		log_warn("talk", "the disk's queue is full; a message is not kept");
}

static struct session_row session_as(const struct chat *chat, struct str state)
{
	return (struct session_row){
		.session = str_of(chat->hash),
		.user = stored_user(chat),
		.lang = str_of(chat->session.lang),
		.last_seq = chat->seq,
		.seen_unix_ms = chat->seen_unix_ms,
		.state = state,
	};
}

static void keep_session_as(struct server *s, const struct chat *chat, struct str state)
{
	struct session_row row = session_as(chat, state);

	if (writer_session(s->writer, &row) != 0)
		log_warn("talk", "the disk's queue is full; a session is not kept");
}

static void keep_session(struct server *s, const struct chat *chat)
{
	struct buf state = {0};

	session_save(&chat->session, &state);
	keep_session_as(s, chat, buf_view(&state));
	buf_done(&state);
}

/* The frame of seq chat->seq + 1 takes its place in the conversation. */
static void number(struct server *s, struct chat *chat, struct str to, struct str json)
{
	hub_sent(s->hub, chat, chat->seq + 1, to, json);
	if (chat->conn)
		feed_newest(chat->conn, chat->seq, json);
}

/* ---- turns ---- */

/* Each regex at its 1st, 2nd, 4th, 8th … time: one written badly meets many messages. */
static void log_limited(const struct matches *m)
{
	for (size_t i = 0; i < m->n_limited; i++) {
		const struct regex_limited *l = &m->limited[i];

		if ((l->times & (l->times - 1)) == 0)
			log_warn("rules",
				 "%.*s:%d:%d: the regular expression gave up on a message after %d "
				 "steps, %u times so far; `kefu check` shows texts it is slow on",
				 STR_ARG(l->mark.file), l->mark.line, l->mark.col,
				 (int)REGEX_MATCH_LIMIT, l->times);
	}
}

void talk_begin(struct server *s, struct chat *chat, enum turn_kind kind, struct str text)
{
	struct turn *t = &s->turn;
	double began = clock_mono_us();

	t->snapshot = snapshot_ref(s->snapshot);
	t->session = &chat->session;
	t->profiles = s->profiles;
	t->kind = kind;
	t->people = assist_people(s);
	t->text = text;
	t->now_unix_ms = clock_wall_ms();
	bot_turn(t);
	s->turn_us = clock_mono_us() - began;
	metric_turn_us(s->turn_us);
	tally_turn(s->tally, s->turn_us, t->now_unix_ms);
	metric_add(METRIC_REGEX_LIMIT_HITS, (int64_t)t->matches.n_limited);
	log_limited(&t->matches);
	if (t->reply.source == SOURCE_FALLBACK && kind != TURN_WELCOME)
		metric_add(METRIC_FALLBACKS, 1);
	hub_touch(s->hub, chat, t->now_unix_ms);
}

void talk_done(struct server *s)
{
	struct turn *t = &s->turn;

	turn_reset(t);
	snapshot_unref(t->snapshot);
	t->snapshot = NULL;
	t->session = NULL;
}

static struct talk_row row_of(const struct server *s, const struct chat *chat, enum talk_side side,
			      struct str id)
{
	return (struct talk_row){
		.session = str_of(chat->hash),
		.user = stored_user(chat),
		.seq = chat->seq,
		.at_unix_ms = s->turn.now_unix_ms,
		.side = side,
		.client_id = id,
	};
}

static void keep_said(struct server *s, struct chat *chat, struct str id, struct str said)
{
	struct talk_row row = row_of(s, chat, TALK_USER, id);

	row.text = said;
	mask_log(chat, "learner", said);
	recent_put(&chat->recent, &(struct desk_line){.at_unix_ms = row.at_unix_ms,
						      .side = DESK_LEARNER,
						      .text = said,
						      .raw = s->turn.text,
						      .seq = row.seq});
	keep_row(s, &row);
}

static void keep_reply(struct server *s, struct chat *chat, struct str id, struct str replied,
		       struct str json)
{
	const struct reply *reply = &s->turn.reply;
	struct talk_row row = row_of(s, chat, TALK_BOT, id);

	row.text = replied;
	row.intent = reply->intent;
	row.source = str_of(reply_source_name(reply->source));
	row.score = reply->score;
	row.json = json;
	mask_log(chat, "bot", replied);
	recent_put(&chat->recent, &(struct desk_line){.at_unix_ms = row.at_unix_ms,
						      .side = DESK_BOT,
						      .text = replied,
						      .raw = reply->text,
						      .intent = row.intent,
						      .source = row.source,
						      .seq = row.seq});
	keep_row(s, &row);
}

static struct str masked_reply(struct server *s)
{
	return mask_slots(&s->turn.arena, &s->turn.reply.slots, s->turn.reply.text);
}

/* The turn for the disk and, when wanted, for a recording; both masked. */
static void keep_turn(struct server *s, struct chat *chat, struct str id, struct str json)
{
	struct str said = turn_masked_text(&s->turn), replied = masked_reply(s);
	struct record_who who = {str_of(chat->hash), &chat->session, s->turn.now_unix_ms};

	keep_said(s, chat, id, said);
	keep_reply(s, chat, id, replied, json);
	record_turn(s->record, &who, &s->turn, said, replied, s->turn_us);
	if (assist_find(s, chat))
		assist_answered(s, chat, s->turn.text, said, replied);
}

static void hand_off(struct server *s, struct chat *chat)
{
	const struct handoff *h = &s->turn.effects.handoff;
	struct handoff_row row = {
		.session = str_of(chat->hash),
		.user = stored_user(chat),
		.team = h->team,
		.note = mask_slots(&s->turn.arena, &s->turn.reply.slots, h->note),
		.said = mask_said(chat),
		.at_unix_ms = s->turn.now_unix_ms,
	};

	if (!assist_ask(s, chat, h))
		return;
	metric_add(METRIC_HANDOFFS, 1);
	if (writer_handoff(s->writer, &row) != 0)
		log_error("talk", "the disk's queue is full; a handoff is not kept");
}

static void felt(struct server *s, struct chat *chat)
{
	struct feedback_row row = {
		.session = str_of(chat->hash),
		.user = stored_user(chat),
		.seq = chat->seq,
		.helpful = s->turn.effects.helpful > 0,
		.at_unix_ms = s->turn.now_unix_ms,
	};

	metric_add(METRIC_FEEDBACK, 1);
	if (writer_feedback(s->writer, &row, 0) != 0)
		log_warn("talk", "the disk's queue is full; feedback is not kept");
}

struct str talk_finish(struct server *s, struct chat *chat, struct str id)
{
	enum turn_kind kind = s->turn.kind;

	metric_add(kind == TURN_CLICK ? METRIC_CLICKS : METRIC_MESSAGES, 1);
	if (s->turn.reply.intent.n)
		tally_hit(s->tally, s->turn.reply.intent, s->turn.now_unix_ms);
	given_reply(s, chat, &s->turn);
	buf_reset(&s->reply);
	frame_put_reply(&s->reply, chat->seq + 1, id, &s->turn.reply);
	number(s, chat, id, buf_view(&s->reply));
	keep_turn(s, chat, id, buf_view(&s->reply));
	if (s->turn.effects.helpful)
		felt(s, chat);
	if (s->turn.effects.handoff.wanted)
		hand_off(s, chat);
	keep_session(s, chat);
	talk_done(s);
	return buf_view(&s->reply);
}

struct str talk_turn(struct server *s, struct chat *chat, enum turn_kind kind, struct str id,
		     struct str text)
{
	talk_begin(s, chat, kind, text);
	return talk_finish(s, chat, id);
}

const char *talk_refuses(struct server *s, struct chat *chat, struct str text, const char **why)
{
	if (!hub_rate(s->hub, chat, clock_wall_ms())) {
		metric_add(METRIC_RATE_LIMITED, 1);
		*why = "too many messages at once; wait a little";
		return "rate_limited";
	}
	if (!str_trim(text).n) {
		*why = "an empty message says nothing";
		return "bad_frame";
	}
	if (utf8_count(text) > (size_t)s->settings->text_chars) {
		*why = "the message is too long; send it in parts";
		return "too_long";
	}
	return NULL;
}

void talk_ack(struct server *s, struct chat *chat, struct str id)
{
	buf_reset(&s->frame);
	frame_put_ack(&s->frame, chat->seq + 1, id);
	number(s, chat, id, buf_view(&s->frame));
}

/* ---- opening, resuming, ending ---- */

struct visitor talk_visitor(const struct identity *who)
{
	return (struct visitor){
		.user = who->user, .logged_in = true, .until_unix_ms = who->until_unix_ms};
}

void talk_know(struct chat *chat, const struct visitor *v)
{
	struct session *session = &chat->session;

	if (v->lang)
		session_set(&session->lang, str_of(v->lang));
	if (v->page)
		session_set(&session->page, str_of(v->page));
	if (v->user) {
		chat->met = 0; /* another name, other variants */
		session_set(&session->user, str_of(v->user));
		session->logged_in = v->logged_in;
		chat->proven_until_unix_ms = v->until_unix_ms;
	}
}

bool talk_is_guests(const struct chat *chat, const struct visitor *v)
{
	const struct session *session = &chat->session;
	char guest[GUEST_NAME];

	if (!v->user || !v->logged_in)
		return false;
	if (session->logged_in)
		return !chat->proven_until_unix_ms;
	guest_name(str_of(chat->hash), guest);
	/* Whom a program named otherwise is not the guest any more. */
	return strcmp(session->user, guest) == 0 || strcmp(session->user, v->user) == 0;
}

int talk_sign_in(struct server *s, struct chat *chat, const struct visitor *v, uint64_t ticket)
{
	struct buf state = {0};
	struct session_row row;
	int rc;

	session_save(&chat->session, &state);
	row = session_as(chat, buf_view(&state));
	row.user = str_of(v->user);
	rc = writer_sign_in(s->writer, &row, ticket);
	buf_done(&state);
	if (rc < 0)
		return rc;
	talk_know(chat, v);
	assist_known(s, chat);
	/* After those of the guest that are on their way to the disk. */
	keep_session(s, chat);
	return 0;
}

const char *talk_unproven(const struct server *s, const struct chat *chat)
{
	if (chat && chat->session.logged_in)
		return clock_wall_ms() <= chat->proven_until_unix_ms
			       ? NULL
			       : "the sign-in has run out; say hello with a new identity";
	if (identity_required(s->trust))
		return "only learners who are signed in can chat here; say hello with an identity";
	return NULL;
}

/* A guest has a name too, so that the courses looked at in this conversation count in it. */
static void name_guest(struct chat *chat)
{
	char name[GUEST_NAME];

	guest_name(str_of(chat->hash), name);
	session_set(&chat->session.user, str_of(name));
	chat->met = 0;
	chat->session.logged_in = false;
}

int talk_open(struct server *s, struct conn *conn, const struct visitor *v, struct chat **out,
	      struct err *err)
{
	struct chat *chat;
	struct buf stored = {0};
	int rc;

	/* Each makes rows in the database and may push somebody else's out of memory. */
	if (conn && ++conn->opened > OPENED_MAX)
		return err_set(err, ERR_LIMIT,
			       "this connection was given %d sessions already; reconnect",
			       OPENED_MAX);
	if ((rc = hub_open(s->hub, clock_wall_ms(), &chat, err)) != 0)
		return rc;
	name_guest(chat);
	talk_know(chat, v);
	metric_set(METRIC_SESSIONS, (int64_t)hub_size(s->hub));
	talk_begin(s, chat, TURN_WELCOME, STR_NONE);
	if (conn)
		feed_attach(conn, chat, 0);
	buf_reset(&s->reply);
	frame_put_welcome(&s->reply, 1, str_of(chat->token), false, &s->turn.reply);
	hearing_offer(s, &s->reply);
	number(s, chat, STR_NONE, buf_view(&s->reply));
	frame_put_welcome(&stored, 1, STR_NONE, false, &s->turn.reply);
	keep_reply(s, chat, STR_NONE, s->turn.reply.text, buf_view(&stored));
	buf_done(&stored);
	keep_session(s, chat);
	talk_done(s);
	*out = chat;
	return 0;
}

static void refill(struct server *s, struct chat *chat, const struct reader_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct talk_row *row = &r->rows[i];

		if (!row->json.n)
			continue;
		buf_reset(&s->frame);
		frame_put_stored(&s->frame, row->json, str_of(chat->token));
		hub_sent(s->hub, chat, row->seq, row->client_id, buf_view(&s->frame));
		mask_log(chat, "bot", row->text);
	}
	if (chat->seq < r->session.last_seq)
		chat->seq = r->session.last_seq;
	for (size_t i = 0; i < r->n_said; i++)
		recent_put(&chat->recent,
			   &(struct desk_line){.at_unix_ms = r->said[i].at_unix_ms,
					       .side = (enum desk_side)r->said[i].side,
					       .text = r->said[i].text,
					       .intent = r->said[i].intent,
					       .source = r->said[i].source,
					       .seq = r->said[i].seq});
}

/* Over: ended, or not heard of for too long while no person has it. */
static bool is_over(const struct server *s, const struct session_row *row, int64_t now)
{
	return str_eq(row->state, ENDED) ||
	       (now - row->seen_unix_ms > s->settings->session_seconds * 1000 &&
		!roster_find(s->assist->roster, row->session));
}

int talk_adopt(struct server *s, struct str token, const struct reader_result *r, struct chat **out,
	       struct err *err)
{
	int64_t now = clock_wall_ms();
	struct chat *chat = hub_find(s->hub, token);
	struct err why;
	int rc;

	if (chat && chat->ended)
		return err_set(err, ERR_NOT_FOUND, "the session is over");
	if (chat) { /* somebody else resumed it while the database was read */
		*out = chat;
		return 0;
	}
	if (is_over(s, &r->session, now))
		return err_set(err, ERR_NOT_FOUND, "the session is over");
	if ((rc = hub_adopt(s->hub, token, now, &chat, err)) != 0)
		return rc;
	if (session_load(&chat->session, r->session.state, &why) != 0)
		log_warn("talk", "a session's memory is lost: %s", why.text);
	name_guest(chat);
	session_set(&chat->session.lang, r->session.lang);
	if (r->session.user.n) {
		session_set(&chat->session.user, r->session.user);
		chat->session.logged_in = true;
	}
	refill(s, chat, r);
	assist_adopted(s, chat);
	metric_set(METRIC_SESSIONS, (int64_t)hub_size(s->hub));
	*out = chat;
	return 0;
}

void talk_resume(struct server *s, struct conn *conn, struct chat *chat, int64_t since)
{
	/* A client may have seen more than a crash let reach the disk: its numbers are taken. */
	if (since > chat->seq)
		chat->seq = since;
	feed_attach(conn, chat, since);
	hub_touch(s->hub, chat, clock_wall_ms());
	buf_reset(&s->frame);
	frame_put_welcome(&s->frame, since, str_of(chat->token), true, NULL);
	hearing_offer(s, &s->frame);
	conn_send(conn, buf_view(&s->frame));
	feed_pump(conn);
	assist_resumed(s, chat);
}

/* The row may still be on its way to the disk when somebody asks: memory has the last word, for as
 * long as it keeps the chat. */
void talk_end(struct server *s, struct chat *chat)
{
	struct handover *h = assist_find(s, chat);

	if (h)
		assist_learner_moves(s, h, HANDOVER_END);
	keep_session_as(s, chat, ENDED);
	if (chat->conn)
		feed_detach(chat->conn);
	chat->ended = true;
}

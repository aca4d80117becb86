#include "net/assist.h"

#include <stdlib.h>

#include "log.h"
#include "metrics.h"
#include "net/agent.h"
#include "net/clock.h"
#include "net/conn.h"
#include "net/feed.h"
#include "net/frame.h"
#include "text/mask.h"
#include "text/mem.h"

/* ---- start and end ---- */

static void remember(struct assist *a, const struct desk_known *k)
{
	struct handover *h = roster_add(a->roster, k->chat.session);

	session_set(&h->user, k->chat.user);
	session_set(&h->lang, k->chat.lang);
	session_set(&h->page, k->chat.page);
	session_set(&h->team, k->chat.team);
	session_set(&h->note, k->chat.note);
	session_set(&h->agent, k->chat.agent);
	h->state = (enum handover_state)k->chat.state;
	h->logged_in = k->chat.logged_in;
	h->since_unix_ms = k->chat.since_unix_ms;
	h->waiting_since_unix_ms = k->chat.waiting_since_unix_ms;
	h->read = k->chat.read;
	h->unread = k->unread;
	h->seq = k->seq;
	if (k->last.n) {
		h->last.side = k->last.side;
		h->last.at_unix_ms = k->last.at_unix_ms;
		session_set(&h->last.text, k->last.raw.n ? k->last.raw : k->last.text);
	}
	roster_sort(a->roster, h);
	if (*h->agent)
		roster_expect(a->roster, str_of(h->agent), clock_mono_ms());
}

int assist_open(struct server *s, struct err *err)
{
	struct assist *a = mem_zalloc(sizeof *a);
	struct desk_known *rows;
	struct arena arena;
	size_t n;
	int rc;

	a->roster = roster_new(s->settings->desk_seconds * 1000);
	arena_init(&a->arena);
	arena_init(&arena);
	s->assist = a;
	rc = store_open(s->settings->db, STORE_READ, &a->store, err);
	if (rc == 0)
		rc = store_desk_all(a->store, &arena, &rows, &n, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		remember(a, &rows[i]);
	arena_done(&arena);
	assist_count(s);
	return rc;
}

void assist_close(struct server *s)
{
	struct assist *a = s->assist;

	if (!a)
		return;
	store_close(a->store);
	roster_free(a->roster);
	arena_done(&a->arena);
	free(a);
	s->assist = NULL;
}

static void tell_gone(void *ctx, struct person *p)
{
	struct server *s = ctx;
	struct roster *r = s->assist->roster;

	for (struct handover *h = roster_first(r); h; h = roster_after(r, h)) {
		if (h->state == HANDOVER_AGENT && strcmp(h->agent, p->name) == 0)
			agent_tell_chat(s, h);
	}
	agent_tell_agents(s);
}

/* Nobody is there any more: what those who wait have asked waits as left messages, and they need not. */
static void leave_queued(struct server *s)
{
	struct roster *r = s->assist->roster;

	for (struct handover *h = roster_first(r); h; h = roster_after(r, h)) {
		if (h->state == HANDOVER_QUEUED)
			assist_learner_moves(s, h, HANDOVER_LEAVE);
	}
}

void assist_sweep(struct server *s)
{
	bool open = hours_open(&s->snapshot->rules->settings.hours, clock_wall_ms());

	if (open != s->assist->open) {
		s->assist->open = open;
		agent_tell_hours(s);
	}
	roster_sweep(s->assist->roster, clock_mono_ms(), tell_gone, s);
	if (roster_deserted(s->assist->roster, clock_mono_ms()))
		leave_queued(s);
	agent_sweep(s);
}

/* ---- what people do ---- */

static enum handover_who who_is(struct server *s, const struct handover *h, struct str name)
{
	if (h->state != HANDOVER_AGENT)
		return WHO_OTHER;
	if (str_eq(str_of(h->agent), name))
		return WHO_HOLDER;
	return roster_away(s->assist->roster, str_of(h->agent), clock_mono_ms()) ? WHO_RELIEVER
										 : WHO_OTHER;
}

static struct desk_chat moved(const struct handover *h, enum handover_event event,
			      enum handover_state state, const struct assist_by *by, struct str to,
			      struct str note)
{
	struct desk_chat c = step_chat(h);

	c.state = (int)state;
	c.since_unix_ms = clock_wall_ms();
	c.agent = state != HANDOVER_AGENT ? STR_NONE : event == HANDOVER_PASS ? to : by->name;
	if (event == HANDOVER_REQUEUE) {
		c.team = to;
		c.waiting_since_unix_ms = c.since_unix_ms;
	}
	if (note.n)
		c.note = note;
	return c;
}

static const char *const event_words[HANDOVER_EVENTS] = {
	[HANDOVER_TAKE] = "joined",  [HANDOVER_PASS] = "passed",  [HANDOVER_REQUEUE] = "requeued",
	[HANDOVER_RELEASE] = "left", [HANDOVER_CLOSE] = "closed",
};

const char *assist_move(struct server *s, struct handover *h, enum handover_event event,
			const struct assist_by *by, struct str to, struct str note)
{
	struct handover_move m = handover_move(h->state, event, who_is(s, h, by->name));
	struct desk_chat c;
	struct frame_agent frame = {.state = m.told};
	int64_t seq;

	if (m.code)
		return m.code;
	if (h->changing)
		return event == HANDOVER_TAKE ? "taken" : "busy";
	c = moved(h, event, m.to, by, to, note);
	frame.name = c.agent;
	frame.team = c.state == HANDOVER_QUEUED ? c.team : STR_NONE;
	if (c.state == HANDOVER_QUEUED)
		h->told_at = frame.position =
			(int64_t)roster_count(s->assist->roster, HANDOVER_QUEUED) + 1;
	step_begin(s);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = c.since_unix_ms,
				      .side = DESK_EVENT,
				      .text = str_of(event_words[event]),
				      .who = by->name});
	step_move(s, h, &c, (int)event);
	s->assist->steps[s->assist->n - 1].link = by->link;
	seq = step_seq(s, h);
	buf_reset(&s->frame);
	frame_put_agent(&s->frame, seq, &frame);
	step_frame(s, h, seq, STR_NONE, STR_NONE, buf_view(&s->frame));
	return step_end(s, h) ? NULL : "busy";
}

const char *assist_say(struct server *s, struct handover *h, const struct assist_by *by,
		       struct str text)
{
	struct handover_move m = handover_move(h->state, HANDOVER_SAY, who_is(s, h, by->name));
	int64_t seq = step_seq(s, h);
	struct str masked;

	if (m.code)
		return m.code;
	if (h->changing)
		return "busy";
	step_begin(s);
	masked = mask_text(&s->assist->arena, text, NULL, 0);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = clock_wall_ms(),
				      .side = DESK_AGENT,
				      .text = masked,
				      .raw = text,
				      .who = by->name,
				      .id = by->id,
				      .seq = seq});
	s->assist->steps[0].link = by->link;
	buf_reset(&s->frame);
	frame_put_agent_message(&s->frame, seq, by->name, text);
	step_frame(s, h, seq, STR_NONE, masked, buf_view(&s->frame));
	return step_end(s, h) ? NULL : "busy";
}

const char *assist_note(struct server *s, struct handover *h, const struct assist_by *by,
			struct str text)
{
	step_begin(s);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = clock_wall_ms(),
				      .side = DESK_NOTE,
				      .text = mask_text(&s->assist->arena, text, NULL, 0),
				      .raw = text,
				      .who = by->name,
				      .id = by->id});
	s->assist->steps[0].link = by->link;
	return step_end(s, h) ? NULL : "busy";
}

void assist_read(struct server *s, struct handover *h, int64_t line)
{
	struct desk_step *step;

	if (line <= h->read)
		return;
	h->read = line;
	if (line >= h->heard)
		h->unread = 0;
	step_begin(s);
	step = step_add(s);
	step->has = DESK_READS;
	step->chat = step_chat(h);
	step_end(s, h);
	agent_tell_chat(s, h);
}

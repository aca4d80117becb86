/* What the learner does while a person has, or is to have, the conversation. */
#include <strings.h>

#include "metrics.h"
#include "net/agent.h"
#include "net/assist.h"
#include "net/clock.h"
#include "net/feed.h"
#include "net/frame.h"

struct handover *assist_find(struct server *s, const struct chat *chat)
{
	return roster_find(s->assist->roster, str_of(chat->hash));
}

enum turn_people assist_people(struct server *s)
{
	const struct hours *hours = &s->snapshot->rules->settings.hours;

	return roster_online(s->assist->roster) && hours_open(hours, clock_wall_ms()) ? PEOPLE_THERE
										      : PEOPLE_AWAY;
}

static void copy_visitor(struct handover *h, const struct chat *chat)
{
	const struct session *session = &chat->session;

	session_set(&h->user, str_of(session->user));
	session_set(&h->lang, str_of(*session->reply_lang ? session->reply_lang : session->lang));
	session_set(&h->page, str_of(session->page));
	h->logged_in = session->logged_in;
}

static void add_history(struct server *s, const struct chat *chat)
{
	for (const struct recent_line *l = chat->recent.first; l; l = l->next)
		step_line(s, chat->hash, &l->line);
}

static struct str put_agent(struct server *s, int64_t seq, const struct frame_agent *what)
{
	buf_reset(&s->frame);
	frame_put_agent(&s->frame, seq, what);
	return buf_view(&s->frame);
}

static void begin_ask(struct server *s, struct handover *h, struct chat *chat,
		      const struct handoff *wanted, enum handover_event event)
{
	struct handover_move m = handover_move(h->state, event, WHO_LEARNER);
	int64_t now = clock_wall_ms();
	struct desk_chat to;
	struct frame_agent frame = {.state = m.told, .team = wanted->team};
	const struct hours *hours = &s->snapshot->rules->settings.hours;

	copy_visitor(h, chat);
	to = step_chat(h);
	to.state = (int)m.to;
	to.agent = STR_NONE;
	to.team = wanted->team;
	to.note = wanted->note.n ? wanted->note : to.note;
	if (h->state != m.to)
		to.since_unix_ms = to.waiting_since_unix_ms = now;
	step_begin(s);
	add_history(s, chat);
	if (m.told)
		step_line(s, h->session,
			  &(struct desk_line){
				  .at_unix_ms = now, .side = DESK_EVENT, .text = str_of(m.told)});
	step_move(s, h, &to, (int)event);
	if (!m.told)
		return;
	if (m.to == HANDOVER_LEFT && !hours_open(hours, now))
		frame.opens_unix_ms = hours_opens(hours, now);
	if (m.to == HANDOVER_QUEUED)
		h->told_at = frame.position =
			(int64_t)roster_count(s->assist->roster, HANDOVER_QUEUED) + 1;
	step_frame(s, h, chat->seq + 1, STR_NONE, STR_NONE, put_agent(s, chat->seq + 1, &frame));
}

bool assist_ask(struct server *s, struct chat *chat, const struct handoff *wanted)
{
	enum handover_event event = wanted->leave_message ? HANDOVER_LEAVE : HANDOVER_ASK;
	struct handover *h = assist_find(s, chat);
	bool fresh = !h;

	if (h && (h->changing || handover_move(h->state, event, WHO_LEARNER).code))
		return false;
	if (fresh)
		h = roster_add(s->assist->roster, str_of(chat->hash));
	begin_ask(s, h, chat, wanted, event);
	if (!step_end(s, h) && fresh)
		roster_drop(s->assist->roster, h);
	return fresh;
}

void assist_heard(struct server *s, struct chat *chat, struct str id, struct str raw,
		  struct str said)
{
	struct handover *h = assist_find(s, chat);
	int64_t seq = chat->seq + 1, now = clock_wall_ms();
	struct desk_step *talk;

	step_begin(s);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = now,
				      .side = DESK_LEARNER,
				      .text = said,
				      .raw = raw,
				      .id = id,
				      .seq = id.n ? seq : 0});
	talk = step_add(s);
	talk->has = DESK_HAS_TALK;
	talk->talk = (struct talk_row){
		.session = str_of(h->session),
		.user = h->logged_in ? str_of(h->user) : STR_NONE,
		.seq = id.n ? seq : chat->seq,
		.at_unix_ms = now,
		.side = TALK_USER,
		.text = said,
		.client_id = id,
	};
	if (id.n) {
		buf_reset(&s->frame);
		frame_put_ack(&s->frame, seq, id);
		step_frame(s, h, seq, id, STR_NONE, buf_view(&s->frame));
	}
	hub_touch(s->hub, chat, now);
	step_end(s, h);
}

void assist_answered(struct server *s, struct chat *chat, struct str raw, struct str said,
		     struct str replied)
{
	struct handover *h = assist_find(s, chat);
	const struct reply *reply = &s->turn.reply;

	step_begin(s);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = s->turn.now_unix_ms,
				      .side = DESK_LEARNER,
				      .text = said,
				      .raw = raw,
				      .seq = chat->seq});
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = s->turn.now_unix_ms,
				      .side = DESK_BOT,
				      .text = replied,
				      .raw = reply->text,
				      .intent = reply->intent,
				      .source = str_of(reply_source_name(reply->source)),
				      .seq = chat->seq});
	step_end(s, h);
}

bool assist_cancels(const struct handover *h, struct str text)
{
	static const struct str words[] = {STR_INIT("取消排队"), STR_INIT("cancel")};

	text = str_trim(text);
	for (size_t i = 0; i < 2 && h->state == HANDOVER_QUEUED; i++) {
		if (text.n == words[i].n && strncasecmp(text.p, words[i].p, text.n) == 0)
			return true;
	}
	return false;
}

static const char *const event_words[HANDOVER_EVENTS] = {
	[HANDOVER_LEAVE] = "offline",
	[HANDOVER_CANCEL] = "cancelled",
	[HANDOVER_END] = "ended",
};

void assist_learner_moves(struct server *s, struct handover *h, enum handover_event event)
{
	const struct hours *hours = &s->snapshot->rules->settings.hours;
	struct handover_move m = handover_move(h->state, event, WHO_LEARNER);
	struct frame_agent frame = {.state = m.told};
	struct desk_chat to = step_chat(h);
	int64_t seq = step_seq(s, h), now = clock_wall_ms();

	if (m.code || h->changing)
		return;
	to.state = (int)m.to;
	to.since_unix_ms = now;
	if (m.to == HANDOVER_LEFT && !hours_open(hours, now))
		frame.opens_unix_ms = hours_opens(hours, now);
	step_begin(s);
	step_line(s, h->session,
		  &(struct desk_line){.at_unix_ms = now,
				      .side = DESK_EVENT,
				      .text = str_of(event_words[event])});
	step_move(s, h, &to, (int)event);
	if (m.told)
		step_frame(s, h, seq, STR_NONE, STR_NONE, put_agent(s, seq, &frame));
	step_end(s, h);
}

void assist_adopted(struct server *s, struct chat *chat)
{
	struct handover *h = assist_find(s, chat);

	if (!h)
		return;
	if (chat->seq < h->seq)
		chat->seq = h->seq;
	h->leapt = false;
}

void assist_online(struct server *s, struct chat *chat)
{
	struct handover *h = s->stopped ? NULL : assist_find(s, chat);

	if (h && h->state != HANDOVER_BOT)
		agent_tell_chat(s, h);
}

void assist_known(struct server *s, struct chat *chat)
{
	struct handover *h = assist_find(s, chat);

	if (!h)
		return;
	copy_visitor(h, chat);
	assist_online(s, chat);
}

void assist_resumed(struct server *s, struct chat *chat)
{
	struct handover *h = assist_find(s, chat);

	if (!h || h->state == HANDOVER_BOT)
		return;
	copy_visitor(h, chat);
	agent_tell_chat(s, h);
	if (h->state == HANDOVER_QUEUED)
		assist_tell_position(s, h, roster_position(s->assist->roster, h));
}

void assist_typing(struct server *s, struct chat *chat)
{
	struct handover *h = assist_find(s, chat);

	if (h && h->state == HANDOVER_AGENT)
		agent_tell_typing(s, h);
}

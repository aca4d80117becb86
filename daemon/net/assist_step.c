/* Steps: made here, one whole for the disk. */
#include "log.h"
#include "net/assist.h"
#include "net/clock.h"

/* A crash may have lost the numbers of some frames that a learner has seen (acknowledgements are not kept, and the
 * bot's replies leave before they are): a conversation that only the disk knows goes on well behind them. */
enum { SEQ_LEAP = 1000 };

void step_begin(struct server *s)
{
	struct assist *a = s->assist;

	arena_reset(&a->arena);
	a->n = 0;
}

struct desk_step *step_add(struct server *s)
{
	struct assist *a = s->assist;
	struct desk_step *step = &a->steps[a->n < ASSIST_STEPS ? a->n++ : ASSIST_STEPS - 1];

	*step = (struct desk_step){.event = -1};
	return step;
}

void step_line(struct server *s, const char *session, const struct desk_line *line)
{
	struct desk_step *step = step_add(s);

	step->has = DESK_HAS_LINE;
	step->line = *line;
	step->line.session = str_of(session);
	if (str_eq(step->line.raw, step->line.text))
		step->line.raw = STR_NONE;
}

int64_t step_seq(struct server *s, const struct handover *h)
{
	const struct chat *chat = hub_named(s->hub, str_of(h->session));

	if (chat)
		return chat->seq + 1;
	return h->seq + (h->leapt ? 1 : SEQ_LEAP);
}

/* Behind the last line, which decides whether it is new. */
void step_frame(struct server *s, struct handover *h, int64_t seq, struct str to, struct str text,
		struct str json)
{
	struct assist *a = s->assist;
	struct chat *chat = hub_named(s->hub, str_of(h->session));
	struct desk_step *step = a->n ? &a->steps[a->n - 1] : NULL;

	if (!step || step->has & DESK_HAS_TALK)
		step = step_add(s);
	step->has |= DESK_HAS_TALK;
	step->talk = (struct talk_row){
		.session = str_of(h->session),
		.user = h->logged_in ? str_of(h->user) : STR_NONE,
		.seq = seq,
		.at_unix_ms = clock_wall_ms(),
		.side = TALK_AGENT,
		.text = text,
		.client_id = to,
		.json = arena_str(&a->arena, json),
	};
	if (chat)
		hub_hold(s->hub, chat, seq, to, json);
	else
		h->leapt = true;
	h->seq = seq;
}

struct desk_chat step_chat(const struct handover *h)
{
	return (struct desk_chat){
		.session = str_of(h->session),
		.user = str_of(h->user),
		.lang = str_of(h->lang),
		.page = str_of(h->page),
		.team = str_of(h->team),
		.note = str_of(h->note),
		.agent = str_of(h->agent),
		.state = (int)h->state,
		.was = (int)h->state,
		.logged_in = h->logged_in,
		.since_unix_ms = h->since_unix_ms,
		.waiting_since_unix_ms = h->waiting_since_unix_ms,
		.read = h->read,
	};
}

void step_move(struct server *s, struct handover *h, const struct desk_chat *to, int event)
{
	struct desk_step *step = step_add(s);

	step->has = DESK_HAS_CHAT | (to->state == HANDOVER_BOT ? DESK_WIPES : 0);
	step->chat = *to;
	step->event = event;
	h->changing = true;
}

bool step_end(struct server *s, struct handover *h)
{
	struct assist *a = s->assist;
	struct chat *chat = hub_named(s->hub, str_of(h->session));

	if (writer_desk(s->writer, a->steps, a->n) == 0)
		return true;
	log_warn("desk", "the disk's queue is full; a step at the desk is refused");
	for (size_t i = 0; i < a->n; i++) {
		if (chat && a->steps[i].has & DESK_HAS_TALK)
			hub_drop(chat, a->steps[i].talk.seq);
		if (a->steps[i].has & DESK_HAS_CHAT)
			h->changing = false;
	}
	return false;
}

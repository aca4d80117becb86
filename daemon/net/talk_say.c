/* Who a message goes to: the bot, or the person who has or is to have the conversation. */
#include "log.h"
#include "net/assist.h"
#include "net/mask.h"
#include "net/talk_part.h"

/* For a person to read; the bot reads it only to mask it. */
static void hear(struct server *s, struct chat *chat, struct str id, struct str text)
{
	struct record_who who = {str_of(chat->hash), &chat->session, 0};
	struct str said;

	talk_begin(s, chat, TURN_SILENT, text);
	said = turn_masked_text(&s->turn);
	who.at_unix_ms = s->turn.now_unix_ms;
	mask_log(chat, "learner", said);
	assist_heard(s, chat, id, text, said);
	/* While the learner waits, a message that the bot is not sure of never was, for a replay. */
	if (assist_find(s, chat)->state == HANDOVER_AGENT)
		record_silent(s->record, &who, said);
	talk_done(s);
}

static bool is_sure(const struct reply *r)
{
	return r->source == SOURCE_RULE || r->source == SOURCE_FAQ || r->source == SOURCE_SLOT ||
	       r->source == SOURCE_CONTEXT;
}

/* The bot's answer where it is sure of one; else nothing has happened. */
static struct str try_turn(struct server *s, struct chat *chat, enum turn_kind kind, struct str id,
			   struct str text)
{
	struct buf before = {0};
	struct str frame = STR_NONE;
	struct err err;

	session_save(&chat->session, &before);
	talk_begin(s, chat, kind, text);
	if (is_sure(&s->turn.reply)) {
		frame = talk_finish(s, chat, id);
	} else {
		talk_done(s);
		if (session_load(&chat->session, buf_view(&before), &err) != 0)
			log_warn("talk", "a session's memory is lost: %s", err.text);
	}
	buf_done(&before);
	return frame;
}

struct str talk_say(struct server *s, struct chat *chat, enum turn_kind kind, struct str id,
		    struct str text)
{
	struct handover *h = assist_find(s, chat);
	struct str frame = STR_NONE;

	if (!h || h->state == HANDOVER_BOT || h->state == HANDOVER_LEFT)
		return talk_turn(s, chat, kind, id, text);
	if (assist_cancels(h, text)) {
		hear(s, chat, id, text);
		assist_learner_moves(s, h, HANDOVER_CANCEL);
		return STR_NONE;
	}
	if (h->state == HANDOVER_QUEUED)
		frame = try_turn(s, chat, kind, id, text);
	if (!frame.n)
		hear(s, chat, id, text);
	return frame;
}

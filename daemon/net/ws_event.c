#include <stdlib.h>

#include "metrics.h"
#include "net/clock.h"
#include "net/dispatch.h"
#include "net/server.h"

/* Taken twice, once acknowledged: the acknowledgement again. True when there is nothing more to do.
 */
static bool known_already(struct conn *c, struct chat *chat, struct str id)
{
	struct str again = hub_answer(chat, id);

	if (again.n)
		conn_send(c, again);
	return again.n || pending_has(&c->server->pending, str_of(chat->token), id);
}

static bool allowed(struct conn *c, struct chat *chat, struct str id)
{
	if (hub_rate(c->server->hub, chat, clock_wall_ms()))
		return true;
	metric_add(METRIC_RATE_LIMITED, 1);
	conn_error(c, "rate_limited", "too many frames at once; wait a little", id);
	return false;
}

/* Number of the ticket for a frame with an id; 0 (nobody waits) without. */
static struct ticket *ticket_for(struct conn *c, struct chat *chat, struct str id)
{
	if (!id.n)
		return NULL;
	return pending_add(&c->server->pending, PENDING_ACK, 0, str_of(chat->token), id);
}

static void queued(struct conn *c, int rc, struct ticket *t, struct str id)
{
	if (rc == 0) {
		c->strikes = 0;
		return;
	}
	if (t)
		free(pending_take(&c->server->pending, t->number));
	conn_error(c, "busy", "the disk is behind; send it again later", id);
}

void handle_feedback(struct conn *c, const struct frame *f)
{
	struct chat *chat = dispatch_chat(c, f->id);
	struct ticket *t;
	struct feedback_row row;

	if (!chat || known_already(c, chat, f->id) || !allowed(c, chat, f->id))
		return;
	if (f->seq > chat->seq) {
		conn_error(c, "bad_frame", "'seq' is of no frame that was sent", f->id);
		return;
	}
	row = (struct feedback_row){
		.session = str_of(chat->hash),
		.user = chat->session.logged_in ? str_of(chat->session.user) : STR_NONE,
		.seq = f->seq,
		.helpful = f->helpful,
		.at_unix_ms = clock_wall_ms(),
	};
	t = ticket_for(c, chat, f->id);
	metric_add(METRIC_FEEDBACK, 1);
	queued(c, writer_feedback(c->server->writer, &row, t ? t->number : 0), t, f->id);
}

void handle_event(struct conn *c, const struct frame *f)
{
	struct chat *chat = dispatch_chat(c, f->id);
	struct event e = {.course = f->course,
			  .value = f->value,
			  .minutes = f->minutes,
			  .progress = f->progress,
			  .score = f->score,
			  .at_unix_ms = clock_wall_ms()};
	struct ticket *t;
	struct err err;

	if (!chat || known_already(c, chat, f->id) || !allowed(c, chat, f->id))
		return;
	e.user = str_of(chat->session.user);
	if (!event_type_read(f->name, &e.type)) {
		err_set(&err, ERR_INVALID, "'name' must be %s", event_type_names);
		conn_error(c, "bad_event", err.text, f->id);
		return;
	}
	if (event_check(&e, &err) != 0) {
		conn_error(c, "bad_event", err.text, f->id);
		return;
	}
	record_event(c->server->record,
		     &(struct record_who){str_of(chat->hash), &chat->session, e.at_unix_ms},
		     event_type_name(e.type), e.course);
	t = ticket_for(c, chat, f->id);
	queued(c, writer_events(c->server->writer, &e, 1, t ? t->number : 0), t, f->id);
}

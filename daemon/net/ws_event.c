#include <stdlib.h>

#include "json.h"
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

/* ---- what came of a list of courses ---- */

enum { SHOWN_MAX = 64 };

/* `list` of the frame; false: it was refused. */
static bool list_of(struct conn *c, const struct frame *f, int64_t *out)
{
	*out = 0;
	if (!f->list.n || list_id_read(f->list, out))
		return true;
	conn_error(c, "bad_event", "'list' must be the id that came with the courses", f->id);
	return false;
}

/* `courses`, a list of ids, or else `course`. */
static size_t courses_of(const struct frame *f, struct str *out)
{
	const struct json *list = json_member(f->json, "courses");
	size_t n = 0, length = json_length(list);

	for (size_t i = 0; i < length && n < SHOWN_MAX; i++)
		if (json_text(json_item(list, i), &out[n]) && out[n].n && out[n].n <= 256)
			n++;
	if (!n && f->course.n)
		out[n++] = f->course;
	return n;
}

static void mark_shown(struct conn *c, struct chat *chat, const struct frame *f, int64_t list)
{
	struct list_mark_row rows[SHOWN_MAX];
	struct str courses[SHOWN_MAX];
	size_t n = courses_of(f, courses);
	struct ticket *t;

	if (!n || !list) {
		conn_error(c, "bad_event", "'list', or 'course' or 'courses', are missing", f->id);
		return;
	}
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct list_mark_row){list, str_of(chat->session.user), courses[i],
						 LIST_SHOWN, clock_wall_ms()};
	metric_add(METRIC_COURSES_SHOWN, (int64_t)n);
	t = ticket_for(c, chat, f->id);
	queued(c, writer_marks(c->server->writer, rows, n, t ? t->number : 0), t, f->id);
}

/* ---- behaviour ---- */

static void behaved(struct conn *c, struct chat *chat, const struct frame *f, struct event *e)
{
	struct ticket *t;
	struct err err;

	e->user = str_of(chat->session.user);
	if (event_check(e, &err) != 0) {
		conn_error(c, "bad_event", err.text, f->id);
		return;
	}
	record_event(c->server->record,
		     &(struct record_who){str_of(chat->hash), &chat->session, e->at_unix_ms},
		     event_type_name(e->type), e->course);
	t = ticket_for(c, chat, f->id);
	queued(c, writer_events(c->server->writer, e, 1, t ? t->number : 0), t, f->id);
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
	struct err err;

	if (!chat || known_already(c, chat, f->id) || !allowed(c, chat, f->id) ||
	    !list_of(c, f, &e.list))
		return;
	if (str_eq(f->name, STR("shown"))) {
		mark_shown(c, chat, f, e.list);
		return;
	}
	/* Who clicks a card looks at the course. */
	if (event_type_read(str_eq(f->name, STR("click")) ? STR("view") : f->name, &e.type)) {
		behaved(c, chat, f, &e);
		return;
	}
	err_set(&err, ERR_INVALID, "'name' must be %s; or shown or click", event_type_names);
	conn_error(c, "bad_event", err.text, f->id);
}

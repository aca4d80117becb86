/* POST /events: behaviour events, one JSON object a line. All of them or none, and the answer only
 * when they are on the disk. */
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "metrics.h"
#include "net/clock.h"
#include "net/http.h"
#include "net/server.h"
#include "text/when.h"

enum { EVENTS_MAX = 10000, FAULTS_MAX = 100 };

/* What is read so far. Everything lives in the arena. */
struct batch {
	struct arena arena;
	struct event *events;
	size_t n, cap;
	struct list_mark_row *marks; /* what was shown of lists */
	size_t n_marks, cap_marks;
	struct buf faults; /* a JSON array without its brackets */
	size_t n_faults;
	int64_t now_unix_ms;
};

static int at_read(const struct json *j, int64_t *at, struct err *err)
{
	struct str text;
	char digits[32];

	if (!json_member(j, "at"))
		return 0;
	if (json_get_int(j, "at", at)) {
		snprintf(digits, sizeof digits, "%lld", (long long)*at);
		text = str_of(digits);
	} else if (!json_get_str(j, "at", &text)) {
		return err_set(err, ERR_INVALID, "'at' must be a time as text or number");
	}
	if (!when_read(text, at))
		return err_set(err, ERR_INVALID,
			       "'at' is not a time, as 2026-03-01T10:00:00+08:00");
	return 0;
}

static int number_read(const struct json *j, const char *name, double *out, struct err *err)
{
	if (json_member(j, name) && !json_get_num(j, name, out))
		return err_set(err, ERR_INVALID, "'%s' must be a number", name);
	return 0;
}

static int numbers_read(const struct json *j, struct event *e, struct err *err)
{
	int rc;

	if ((rc = number_read(j, "value", &e->value, err)) != 0 ||
	    (rc = number_read(j, "minutes", &e->minutes, err)) != 0 ||
	    (rc = number_read(j, "progress", &e->progress, err)) != 0)
		return rc;
	return number_read(j, "score", &e->score, err);
}

static int list_read(const struct json *j, struct event *e, struct err *err)
{
	struct str id;

	if (!json_member(j, "list"))
		return 0;
	if (!json_get_str(j, "list", &id) || !list_id_read(id, &e->list))
		return err_set(err, ERR_INVALID,
			       "'list' must be the id that came with the list, 16 hex digits");
	return 0;
}

/* Strings of *e are borrowed from j. *shown: it is no event but says that the course of the list came into view. */
static int event_read(const struct json *j, struct event *e, bool *shown, struct err *err)
{
	struct str type;
	int rc;

	if (!json_is_object(j))
		return err_set(err, ERR_INVALID, "a line is one JSON object");
	if (!json_get_str(j, "user", &e->user) || !json_get_str(j, "course", &e->course) ||
	    !json_get_str(j, "type", &type))
		return err_set(err, ERR_INVALID,
			       "'user', 'course' and 'type' are needed, as strings");
	*shown = str_eq(type, STR("shown"));
	/* Who clicks a card looks at the course. */
	if (!event_type_read(*shown || str_eq(type, STR("click")) ? STR("view") : type, &e->type))
		return err_set(err, ERR_INVALID, "'type' must be %s; or shown or click",
			       event_type_names);
	if ((rc = at_read(j, &e->at_unix_ms, err)) != 0 || (rc = numbers_read(j, e, err)) != 0 ||
	    (rc = list_read(j, e, err)) != 0)
		return rc;
	if (*shown && !e->list)
		return err_set(err, ERR_INVALID, "'list' is needed: the list it was shown in");
	return event_check(e, err);
}

static void take(struct batch *b, struct event e, bool shown)
{
	e.user = arena_str(&b->arena, e.user);
	e.course = arena_str(&b->arena, e.course);
	if (shown)
		ARENA_PUSH(&b->arena, b->marks, b->n_marks, b->cap_marks,
			   ((struct list_mark_row){e.list, e.user, e.course, LIST_SHOWN,
						   e.at_unix_ms}));
	else
		ARENA_PUSH(&b->arena, b->events, b->n, b->cap, e);
}

static void fault(struct batch *b, size_t line, const char *why)
{
	if (b->n_faults++ >= FAULTS_MAX)
		return;
	json_open(&b->faults, '{');
	json_kint(&b->faults, "line", (int64_t)line);
	json_kstr(&b->faults, "detail", str_of(why));
	json_close(&b->faults, '}');
}

static void line_read(struct batch *b, size_t line, struct str text)
{
	struct event e = {.value = 1,
			  .minutes = -1,
			  .progress = -1,
			  .score = -1,
			  .at_unix_ms = b->now_unix_ms};
	struct json *j = NULL;
	struct err err;
	bool shown = false;

	if (!str_trim(text).n)
		return;
	if (json_read(text, &j, &err) != 0 || event_read(j, &e, &shown, &err) != 0)
		fault(b, line, err.text);
	else
		take(b, e, shown);
	json_free(j);
}

static void lines_read(struct batch *b, struct str body)
{
	size_t line = 1;

	for (size_t at = 0; at < body.n; line++) {
		size_t end = str_find(body, STR("\n"), at);

		end = end == SIZE_MAX ? body.n : end;
		line_read(b, line, str_sub(body, at, end));
		at = end + 1;
	}
}

static void say_faults(struct request *r, struct batch *b)
{
	struct buf members = {0};

	buf_cstr(&members, "\"errors\":[");
	buf_str(&members, buf_view(&b->faults));
	buf_char(&members, ']');
	request_problem_with(r, 400, "some lines are wrong; nothing was stored", buf_view(&members),
			     "");
	buf_done(&members);
}

/* The ticket goes with what comes last: when that is on the disk, all is. Marks that are there although the events were
 * refused do no harm when they are sent again: the first time counts. */
static int write_rows(struct writer *w, const struct batch *b, uint64_t ticket)
{
	int rc = 0;

	if (b->n_marks)
		rc = writer_marks(w, b->marks, b->n_marks, b->n ? 0 : ticket);
	return rc == 0 && b->n ? writer_events(w, b->events, b->n, ticket) : rc;
}

static void queue(struct request *r, struct batch *b)
{
	struct ticket *t =
		pending_add(&r->server->pending, PENDING_REQUEST, r->link->id, STR_NONE, STR_NONE);

	t->events = b->n + b->n_marks;
	if (write_rows(r->server->writer, b, t->number) == 0) {
		metric_add(METRIC_COURSES_SHOWN, (int64_t)b->n_marks);
		return;
	}
	free(pending_take(&r->server->pending, t->number));
	request_problem(r, 503, "the disk is behind; send them again later");
}

void http_events(struct request *r)
{
	struct batch b = {.now_unix_ms = clock_wall_ms()};

	arena_init(&b.arena);
	lines_read(&b, buf_view(&r->body));
	if (b.n_faults)
		say_faults(r, &b);
	else if (!(b.n + b.n_marks))
		request_problem(r, 400, "there is no event in the body");
	else if (b.n + b.n_marks > EVENTS_MAX)
		request_problem(r, 413, "more than %d events; send them in parts", EVENTS_MAX);
	else
		queue(r, &b);
	buf_done(&b.faults);
	arena_done(&b.arena);
}

void http_events_committed(struct request *r, size_t events, const struct writer_result *result)
{
	struct buf b = {0};

	if (result->code != 0) {
		request_problem(r, 503, "not stored: %s", result->text);
		return;
	}
	json_open(&b, '{');
	json_kint(&b, "accepted", (int64_t)events);
	json_close(&b, '}');
	buf_char(&b, '\n');
	request_answer(r, 200, "application/json", buf_view(&b), "");
	buf_done(&b);
}

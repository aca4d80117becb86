#include "job.h"

#include <stdalign.h>
#include <stdlib.h>

#include "kb/store_guest.h"
#include "kb/store_tally.h"
#include "text/mem.h"

/* Where the strs of a row are, and how it is stored. */
struct shape {
	size_t size;
	size_t strs[24];
	size_t n;
	int (*put)(struct store *s, void *row, struct err *err);
};

static int put_talk(struct store *s, void *row, struct err *err)
{
	return store_talk_put(s, row, err);
}

static int put_session(struct store *s, void *row, struct err *err)
{
	return store_session_put(s, row, err);
}

static int put_feedback(struct store *s, void *row, struct err *err)
{
	return store_feedback_put(s, row, err);
}

static int put_handoff(struct store *s, void *row, struct err *err)
{
	return store_handoff_put(s, row, err);
}

static int put_event(struct store *s, void *row, struct err *err)
{
	return event_put(s, row, err);
}

static int put_list_course(struct store *s, void *row, struct err *err)
{
	return store_list_course_put(s, row, err);
}

static int put_exposure(struct store *s, void *row, struct err *err)
{
	return store_exposure_put(s, row, err);
}

static int put_mark(struct store *s, void *row, struct err *err)
{
	return store_list_mark(s, row, err);
}

static int put_hit(struct store *s, void *row, struct err *err)
{
	return store_hit_put(s, row, err);
}

static int put_minute(struct store *s, void *row, struct err *err)
{
	return store_minute_put(s, row, err);
}

static int put_desk(struct store *s, void *row, struct err *err)
{
	return store_desk_put(s, row, err);
}

/* clang-format off */
#define AT(type, field) offsetof(struct type, field)
static const struct shape shapes[JOB_KINDS] = {
	[JOB_TALK] = {sizeof(struct talk_row), {
		AT(talk_row, session), AT(talk_row, user), AT(talk_row, text),
		AT(talk_row, client_id), AT(talk_row, intent), AT(talk_row, source),
		AT(talk_row, json)}, 7, put_talk},
	[JOB_SESSION] = {sizeof(struct session_row), {
		AT(session_row, session), AT(session_row, user), AT(session_row, lang),
		AT(session_row, state)}, 4, put_session},
	[JOB_FEEDBACK] = {sizeof(struct feedback_row), {
		AT(feedback_row, session), AT(feedback_row, user)}, 2, put_feedback},
	[JOB_HANDOFF] = {sizeof(struct handoff_row), {
		AT(handoff_row, session), AT(handoff_row, user), AT(handoff_row, team),
		AT(handoff_row, note), AT(handoff_row, said)}, 5, put_handoff},
	[JOB_EVENTS] = {sizeof(struct event), {
		AT(event, user), AT(event, course)}, 2, put_event},
	[JOB_LIST] = {sizeof(struct list_course_row), {
		AT(list_course_row, user), AT(list_course_row, session),
		AT(list_course_row, course)}, 3, put_list_course},
	[JOB_EXPOSURES] = {sizeof(struct exposure_row), {
		AT(exposure_row, experiment), AT(exposure_row, variant), AT(exposure_row, plan),
		AT(exposure_row, outcome), AT(exposure_row, user), AT(exposure_row, session)}, 6,
		put_exposure},
	[JOB_MARKS] = {sizeof(struct list_mark_row), {
		AT(list_mark_row, user), AT(list_mark_row, course)}, 2, put_mark},
	[JOB_SIGN_IN] = {sizeof(struct session_row), {
		AT(session_row, session), AT(session_row, user), AT(session_row, lang),
		AT(session_row, state)}, 4, NULL},
	[JOB_HITS] = {sizeof(struct hit_row), {AT(hit_row, name)}, 1, put_hit},
	[JOB_MINUTE] = {sizeof(struct minute_row), {AT(minute_row, buckets)}, 1, put_minute},
	[JOB_DESK] = {sizeof(struct desk_step), {
		AT(desk_step, chat.session), AT(desk_step, chat.user), AT(desk_step, chat.lang),
		AT(desk_step, chat.page), AT(desk_step, chat.team), AT(desk_step, chat.note),
		AT(desk_step, chat.agent), AT(desk_step, line.session), AT(desk_step, line.text),
		AT(desk_step, line.raw), AT(desk_step, line.who), AT(desk_step, line.id),
		AT(desk_step, line.intent), AT(desk_step, line.source), AT(desk_step, talk.session),
		AT(desk_step, talk.user), AT(desk_step, talk.text), AT(desk_step, talk.client_id),
		AT(desk_step, talk.intent), AT(desk_step, talk.source), AT(desk_step, talk.json)},
		21, put_desk},
};
/* clang-format on */

/* The head's size rounded up, so that the rows behind it are aligned. */
enum {
	HEAD = (sizeof(struct job) + alignof(max_align_t) - 1) / alignof(max_align_t) *
	       alignof(max_align_t)
};

void *job_rows(struct job *j)
{
	return (char *)j + HEAD;
}

struct job *job_of_rows(void *rows)
{
	return (struct job *)(void *)((char *)rows - HEAD);
}

static struct str *row_str(const struct shape *shape, void *row, size_t i)
{
	return (struct str *)(void *)((char *)row + shape->strs[i]);
}

static size_t strs_size(const struct shape *shape, const void *rows, size_t n)
{
	size_t size = 0;

	for (size_t r = 0; r < n; r++) {
		for (size_t i = 0; i < shape->n; i++)
			size += ((const struct str *)(const void *)((const char *)rows +
								    r * shape->size +
								    shape->strs[i]))
					->n;
	}
	return size;
}

static char *take_in(struct str *s, char *to)
{
	if (s->n)
		memcpy(to, s->p, s->n);
	s->p = to;
	return to + s->n;
}

struct job *job_new(enum job_kind kind, const void *rows, size_t n, uint64_t ticket)
{
	const struct shape *shape = &shapes[kind];
	size_t rows_size = n * shape->size;
	struct job *j = mem_alloc(HEAD + rows_size + strs_size(shape, rows, n));
	char *to = (char *)job_rows(j) + rows_size;

	*j = (struct job){.kind = kind, .n = n, .ticket = ticket};
	if (n)
		memcpy(job_rows(j), rows, rows_size);
	for (size_t r = 0; r < n; r++) {
		for (size_t i = 0; i < shape->n; i++)
			to = take_in(row_str(shape, (char *)job_rows(j) + r * shape->size, i), to);
	}
	return j;
}

void job_free(struct job *j)
{
	if (j)
		free(j->told);
	free(j);
}

/* ---- a guest signs in ---- */

struct events {
	struct arena arena;
	struct event *v;
	size_t n, cap;
};

static int gather(void *arg, const struct event *e)
{
	struct events *all = arg;
	struct event copy = *e;

	copy.user = all->n ? all->v[0].user : arena_str(&all->arena, e->user);
	copy.course = arena_str(&all->arena, e->course);
	ARENA_PUSH(&all->arena, all->v, all->n, all->cap, copy);
	return 0;
}

static int sign_in(struct job *j, struct store *s, struct err *err)
{
	const struct session_row *row = job_rows(j);
	struct events all = {0};
	int64_t moved;
	int code = store_guest_merge(s, row, &moved, err);

	free(j->told); /* of a try that came to nothing */
	j->told = NULL;
	if (code || !moved)
		return code;
	arena_init(&all.arena);
	code = event_each(s, row->user, gather, &all, err);
	if (!code)
		j->told = job_new(JOB_EVENTS, all.v, all.n, 0);
	arena_done(&all.arena);
	return code;
}

int job_put(struct job *j, struct store *s, struct err *err)
{
	const struct shape *shape = &shapes[j->kind];
	int code = 0;

	if (j->kind == JOB_SIGN_IN)
		return sign_in(j, s, err);
	for (size_t r = 0; r < j->n && !code; r++)
		code = shape->put(s, (char *)job_rows(j) + r * shape->size, err);
	return code;
}

void job_push(struct job_list *l, struct job *j)
{
	j->next = NULL;
	if (l->tail)
		l->tail->next = j;
	else
		l->head = j;
	l->tail = j;
	l->rows += j->n;
}

struct job *job_pop(struct job_list *l)
{
	struct job *j = l->head;

	if (!j)
		return NULL;
	l->head = j->next;
	if (!l->head)
		l->tail = NULL;
	l->rows -= j->n;
	return j;
}

void job_prepend(struct job_list *l, struct job_list *before)
{
	if (before->tail) {
		before->tail->next = l->head;
		if (!l->head)
			l->tail = before->tail;
		l->head = before->head;
		l->rows += before->rows;
	}
	*before = (struct job_list){0};
}

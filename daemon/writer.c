#include "writer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "deadline.h"
#include "log.h"
#include "text/mem.h"
#include "text/utf8.h"
#include "writer_batch.h"

enum {
	BATCH_ROWS = 8192, /* a commit: keeps the database's log and the wait for a result short */
	RETRY_MS = 1000,
	STOP_RETRY_MS = 50,
	LOCK_WAIT_MS = 1000, /* a try; also how late a stop may be noticed */
	LOCK_TRIES = 5,
};

/* Nobody's number: who asked is in the steps. */
#define DESK_TICKET UINT64_MAX

struct result {
	struct result *next;
	struct writer_result r;
};

struct writer {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	char *path;
	size_t max_rows;
	void (*wake)(void *);
	void *ctx;

	/* under the lock */
	struct job_list lanes[LANES];
	size_t in_flight;
	struct result *done, *done_last;
	struct writer_stats stats;
	enum { STARTING, RUNNING, STOPPING } state;
	bool failing;		  /* the last commit did */
	struct timespec deadline; /* of the stop */
	struct timespec retry_at; /* 0: at once */
	int64_t change;		  /* number of the last commit of events */
	int open_code;
	struct err open_err;
};

/* ---- the loop's side ---- */

static size_t queued(const struct writer *w)
{
	return w->lanes[LANE_LOSSY].rows + w->lanes[LANE_KEPT].rows + w->in_flight;
}

/* Drops the oldest lossy rows until n more fit. What is in the middle of a commit cannot be
 * dropped. */
static bool make_room(struct writer *w, size_t n)
{
	while (queued(w) + n > w->max_rows) {
		struct job *oldest = job_pop(&w->lanes[LANE_LOSSY]);

		if (!oldest)
			return false;
		w->stats.dropped += oldest->n;
		job_free(oldest);
	}
	return true;
}

static int enqueue(struct writer *w, enum lane lane, struct job *j)
{
	bool fits;

	pthread_mutex_lock(&w->lock);
	fits = lane == LANE_LOSSY ? make_room(w, j->n) : queued(w) + j->n <= w->max_rows;
	if (fits) {
		job_push(&w->lanes[lane], j);
		pthread_cond_signal(&w->changed);
	} else if (lane == LANE_LOSSY) {
		w->stats.dropped += j->n;
	}
	pthread_mutex_unlock(&w->lock);
	if (fits)
		return 0;
	job_free(j);
	return ERR_BUSY;
}

int writer_enqueue(struct writer *w, struct job *j)
{
	return enqueue(w, LANE_LOSSY, j);
}

int writer_talk(struct writer *w, const struct talk_row *row)
{
	return writer_enqueue(w, job_new(JOB_TALK, row, 1, 0));
}

int writer_session(struct writer *w, const struct session_row *row)
{
	return writer_enqueue(w, job_new(JOB_SESSION, row, 1, 0));
}

int writer_feedback(struct writer *w, const struct feedback_row *row, uint64_t ticket)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_FEEDBACK, row, 1, ticket));
}

int writer_handoff(struct writer *w, const struct handoff_row *row)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_HANDOFF, row, 1, 0));
}

int writer_list(struct writer *w, const struct list_course_row *rows, size_t n)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_LIST, rows, n, 0));
}

int writer_exposures(struct writer *w, const struct exposure_row *rows, size_t n)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_EXPOSURES, rows, n, 0));
}

int writer_marks(struct writer *w, const struct list_mark_row *rows, size_t n, uint64_t ticket)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_MARKS, rows, n, ticket));
}

int writer_desk(struct writer *w, const struct desk_step *steps, size_t n)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_DESK, steps, n, DESK_TICKET));
}

int writer_events(struct writer *w, const struct event *events, size_t n, uint64_t ticket)
{
	if (n > w->max_rows)
		return ERR_LIMIT;
	return enqueue(w, LANE_KEPT, job_new(JOB_EVENTS, events, n, ticket));
}

int writer_sign_in(struct writer *w, const struct session_row *row, uint64_t ticket)
{
	return enqueue(w, LANE_KEPT, job_new(JOB_SIGN_IN, row, 1, ticket));
}

bool writer_take(struct writer *w, struct writer_result *out)
{
	struct result *first;

	pthread_mutex_lock(&w->lock);
	first = w->done;
	if (first) {
		w->done = first->next;
		if (!w->done)
			w->done_last = NULL;
	}
	pthread_mutex_unlock(&w->lock);
	if (!first)
		return false;
	*out = first->r;
	free(first);
	return true;
}

void writer_result_done(struct writer_result *r)
{
	if (r->events)
		job_free(job_of_rows(r->events));
	if (r->desk)
		job_free(job_of_rows(r->desk));
	r->events = NULL;
	r->n_events = 0;
	r->desk = NULL;
	r->n_desk = 0;
}

void writer_stats(struct writer *w, struct writer_stats *out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->stats;
	out->queued = queued(w);
	pthread_mutex_unlock(&w->lock);
}

/* ---- the writer's side ---- */

/* Waits for work. False: it is time to end. */
static bool take_batch(struct writer *w, struct batch *b)
{
	bool some;

	*b = (struct batch){0};
	pthread_mutex_lock(&w->lock);
	for (;;) {
		some = w->lanes[LANE_LOSSY].head || w->lanes[LANE_KEPT].head;
		if (w->state == STOPPING &&
		    (!some || (w->failing && deadline_passed(&w->deadline)))) {
			some = false;
			break;
		}
		if (some && deadline_passed(&w->retry_at))
			break;
		if (some)
			pthread_cond_timedwait(&w->changed, &w->lock, &w->retry_at);
		else
			pthread_cond_wait(&w->changed, &w->lock);
	}
	for (int lane = 0; lane < LANES && some; lane++) {
		while (w->lanes[lane].head && w->in_flight < BATCH_ROWS) {
			struct job *j = job_pop(&w->lanes[lane]);

			w->in_flight += j->n;
			job_push(&b->lanes[lane], j);
		}
	}
	pthread_mutex_unlock(&w->lock);
	return some;
}

static void say(char out[160], const char *text)
{
	struct str cut = utf8_cut(str_of(text), 159);

	memcpy(out, cut.p, cut.n);
	out[cut.n] = '\0';
}

static struct writer_result *push_result(struct writer *w, uint64_t ticket, int code,
					 const char *text)
{
	struct result *result = mem_zalloc(sizeof *result);

	result->r.ticket = ticket;
	result->r.code = code;
	say(result->r.text, text);
	if (w->done_last)
		w->done_last->next = result;
	else
		w->done = result;
	w->done_last = result;
	return &result->r;
}

/* The committed events of a job, for whoever keeps profiles, to the result. */
static void give_events(struct writer *w, struct job *events, struct writer_result *r)
{
	r->change = w->change;
	r->events = job_rows(events);
	r->n_events = events->n;
}

/* Ends a job: a result when somebody waits for one, or learns from it. */
static void finish(struct writer *w, struct job *j, int code, const char *text)
{
	struct job *told = j->told;
	struct writer_result *r;

	w->in_flight -= j->n;
	if (!j->ticket && (code || (j->kind != JOB_EVENTS && !told))) {
		job_free(j);
		return;
	}
	r = push_result(w, j->ticket, code, text);
	if (!code && j->kind == JOB_EVENTS) {
		give_events(w, j, r);
		return;
	}
	if (j->kind == JOB_DESK) {
		r->desk = job_rows(j);
		r->n_desk = j->n;
		return;
	}
	if (!code && told) {
		guest_name(((struct session_row *)job_rows(j))->session, r->guest);
		give_events(w, told, r);
		j->told = NULL;
	}
	job_free(j);
}

static void finish_all(struct writer *w, struct job_list *l, int code, const char *text)
{
	struct job *j;

	while ((j = job_pop(l)))
		finish(w, j, code ? code : j->code, text);
}

/* Those with a ticket are told; the others go back to where they came from, before what came since.
 */
static void put_back(struct writer *w, struct batch *b, int code, const char *text)
{
	for (int lane = 0; lane < LANES; lane++) {
		struct job_list again = {0};
		struct job *j;

		while ((j = job_pop(&b->lanes[lane]))) {
			if (j->ticket && (code != ERR_BUSY || ++j->tries >= LOCK_TRIES)) {
				if (j->kind != JOB_SIGN_IN) {
					finish(w, j, code, text);
					continue;
				}
				push_result(w, j->ticket, code, text);
				j->ticket = 0;
			}
			w->in_flight -= j->n;
			job_push(&again, j);
		}
		job_prepend(&w->lanes[lane], &again);
	}
}

static int retry_ms(const struct writer *w, int code)
{
	if (code == ERR_BUSY)
		return 0; /* the lock was waited for already */
	return w->state == STOPPING ? STOP_RETRY_MS : RETRY_MS;
}

/* True when the disk's state changed: worth a line in the log. */
static bool note(struct writer *w, const struct batch *b, int code, const struct err *err)
{
	bool was_well = !w->stats.last_error[0];

	w->stats.dropped += b->bad.rows;
	w->stats.errors += (code ? 1u : 0u) + (b->bad.head ? 1u : 0u);
	w->failing = code != 0;
	if (code) {
		say(w->stats.last_error, err->text);
		w->retry_at = deadline_in(retry_ms(w, code));
		return was_well;
	}
	w->stats.commits++;
	w->stats.committed += b->lanes[LANE_LOSSY].rows + b->lanes[LANE_KEPT].rows;
	w->stats.last_error[0] = '\0';
	w->retry_at = (struct timespec){0};
	return !was_well;
}

static void settle(struct writer *w, struct batch *b, int code, const struct err *err)
{
	bool idle, changed, bad = b->bad.head;

	pthread_mutex_lock(&w->lock);
	idle = !w->done;
	changed = note(w, b, code, err);
	w->change = b->change;
	finish_all(w, &b->bad, 0, b->bad_err.text);
	if (code)
		put_back(w, b, code, err->text);
	for (int lane = 0; lane < LANES; lane++)
		finish_all(w, &b->lanes[lane], 0, "");
	idle = idle && w->done;
	pthread_mutex_unlock(&w->lock);
	if (bad)
		log_error("writer", "rows were refused and left out: %s", b->bad_err.text);
	if (changed && code)
		log_error("writer", "%s (tried again every second)", err->text);
	else if (changed)
		log_info("writer", "the disk is well again");
	if (idle)
		w->wake(w->ctx);
}

static void opened(struct writer *w, int code, const struct err *err)
{
	pthread_mutex_lock(&w->lock);
	w->open_code = code;
	w->open_err = *err;
	w->state = RUNNING;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

static void *run(void *arg)
{
	struct writer *w = arg;
	struct store *s = NULL;
	struct err err = {0};
	struct batch b;
	int code = store_open(w->path, STORE_WRITE, &s, &err);

	opened(w, code, &err);
	if (code)
		return NULL;
	store_wait(s, LOCK_WAIT_MS);
	while (take_batch(w, &b)) {
		code = batch_commit(&b, s, &err);
		settle(w, &b, code, &err);
	}
	store_close(s);
	return NULL;
}

/* ---- start and stop ---- */

static void writer_free(struct writer *w)
{
	struct writer_result r;
	struct job *j;

	while (writer_take(w, &r))
		writer_result_done(&r);
	for (int lane = 0; lane < LANES; lane++) {
		while ((j = job_pop(&w->lanes[lane])))
			job_free(j);
	}
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w->path);
	free(w);
}

static struct writer *writer_new(const char *path, size_t rows, void (*wake)(void *), void *ctx)
{
	struct writer *w = mem_zalloc(sizeof *w);
	pthread_condattr_t attr;

	w->path = mem_strdup(str_of(path));
	w->max_rows = rows;
	w->wake = wake;
	w->ctx = ctx;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attr);
	pthread_condattr_destroy(&attr);
	return w;
}

int writer_start(const char *db_path, size_t queue_rows, void (*wake)(void *), void *ctx,
		 struct writer **out, struct err *err)
{
	struct writer *w = writer_new(db_path, queue_rows, wake, ctx);
	int code = pthread_create(&w->thread, NULL, run, w);

	if (code) {
		writer_free(w);
		return err_set(err, ERR_LIMIT, "cannot start the writer's thread: %s",
			       strerror(code));
	}
	pthread_mutex_lock(&w->lock);
	while (w->state == STARTING)
		pthread_cond_wait(&w->changed, &w->lock);
	code = w->open_code;
	pthread_mutex_unlock(&w->lock);
	if (!code) {
		*out = w;
		return 0;
	}
	pthread_join(w->thread, NULL);
	err_set(err, w->open_err.code, "%s", w->open_err.text);
	writer_free(w);
	return code;
}

size_t writer_stop(struct writer *w, int timeout_ms)
{
	size_t left;

	pthread_mutex_lock(&w->lock);
	w->state = STOPPING;
	w->deadline = deadline_in(timeout_ms);
	w->retry_at = (struct timespec){0};
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	left = queued(w);
	writer_free(w);
	return left;
}

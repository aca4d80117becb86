#include "net/reader.h"

#include <pthread.h>
#include <stdlib.h>

#include "log.h"
#include "text/mem.h"

struct reader {
	struct store *store;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t asked;
	struct reader_job jobs[READER_JOBS]; /* a ring */
	size_t head, n;
	struct reader_result *done, **done_tail;
	bool stop;
	void (*wake)(void *);
	void *ctx;
};

static int read_frames(struct store *s, struct reader_result *r, int64_t since, size_t max)
{
	return store_talk_since(s, &r->arena, str_of(r->job.hash), since, max, &r->rows, &r->n,
				&r->err);
}

static int read_session(struct store *s, struct reader_result *r)
{
	int64_t since;
	int rc = store_session_get(s, &r->arena, str_of(r->job.hash), &r->session, &r->err);

	if (rc == 0)
		rc = store_look_lines(s, &r->arena, str_of(r->job.hash), READER_SAID, &r->said,
				      &r->n_said, &r->err);
	if (rc != 0)
		return rc;
	since = r->session.last_seq - r->job.keep;
	return read_frames(s, r, since > 0 ? since : 0, (size_t)r->job.keep * 2);
}

static int read_lines(struct store *s, struct reader_result *r)
{
	return store_desk_lines(s, &r->arena, str_of(r->job.hash), r->job.since, READER_FRAMES,
				&r->lines, &r->n_lines, &r->err);
}

static int read_one(struct store *s, struct reader_result *r)
{
	switch (r->job.what) {
	case READ_SESSION:
		return read_session(s, r);
	case READ_FRAMES:
		return read_frames(s, r, r->job.since, READER_FRAMES);
	case READ_LINES:
		return read_lines(s, r);
	}
	return ERR_INVALID;
}

static struct reader_result *job_run(struct store *s, const struct reader_job *job)
{
	struct reader_result *r = mem_zalloc(sizeof *r);

	r->job = *job;
	arena_init(&r->arena);
	r->code = read_one(s, r);
	if (r->code != 0 && r->code != ERR_NOT_FOUND)
		log_error("reader", "%s", r->err.text);
	return r;
}

static void *reader_main(void *arg)
{
	struct reader *r = arg;

	pthread_mutex_lock(&r->lock);
	while (!r->stop) {
		struct reader_job job;
		struct reader_result *result;

		if (!r->n) {
			pthread_cond_wait(&r->asked, &r->lock);
			continue;
		}
		job = r->jobs[r->head];
		r->head = (r->head + 1) % READER_JOBS;
		r->n--;
		pthread_mutex_unlock(&r->lock);
		result = job_run(r->store, &job);
		pthread_mutex_lock(&r->lock);
		*r->done_tail = result;
		r->done_tail = &result->next;
		pthread_mutex_unlock(&r->lock);
		r->wake(r->ctx);
		pthread_mutex_lock(&r->lock);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

int reader_start(const char *db_path, void (*wake)(void *), void *ctx, struct reader **out,
		 struct err *err)
{
	struct reader *r;
	struct store *store;
	int rc = store_open(db_path, STORE_READ, &store, err);

	if (rc != 0)
		return rc;
	r = mem_zalloc(sizeof *r);
	r->store = store;
	r->wake = wake;
	r->ctx = ctx;
	r->done_tail = &r->done;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->asked, NULL);
	if (pthread_create(&r->thread, NULL, reader_main, r) != 0) {
		store_close(store);
		free(r);
		return err_set(err, ERR_LIMIT,
			       "cannot start a thread; raise the limit of processes");
	}
	*out = r;
	return 0;
}

void reader_stop(struct reader *r)
{
	struct reader_result *result;

	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->asked);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	while ((result = reader_take(r)))
		reader_result_free(result);
	store_close(r->store);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->asked);
	free(r);
}

int reader_ask(struct reader *r, const struct reader_job *job)
{
	int rc = ERR_BUSY;

	pthread_mutex_lock(&r->lock);
	if (r->n < READER_JOBS) {
		r->jobs[(r->head + r->n) % READER_JOBS] = *job;
		r->n++;
		rc = 0;
		pthread_cond_signal(&r->asked);
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

struct reader_result *reader_take(struct reader *r)
{
	struct reader_result *result;

	pthread_mutex_lock(&r->lock);
	result = r->done;
	if (result && !(r->done = result->next))
		r->done_tail = &r->done;
	pthread_mutex_unlock(&r->lock);
	return result;
}

void reader_result_free(struct reader_result *r)
{
	if (!r)
		return;
	arena_done(&r->arena);
	free(r);
}

#include "tool/crew.h"

#include <pthread.h>
#include <sched.h>

#include "tool/tool.h"

struct crew {
	pthread_mutex_t lock;
	size_t next, end; /* pieces: the next one, and where to stop */
	size_t n, done;
	crew_job *job;
	void *arg;
	const char *progress;
	int rc; /* of the failure first in order */
	struct err err;
};

struct member {
	struct crew *crew;
	size_t number;
};

size_t crew_size(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > CREW_MAX ? CREW_MAX : (size_t)n;
}

static bool take(struct crew *c, size_t *i)
{
	bool more;

	pthread_mutex_lock(&c->lock);
	more = c->next < c->end;
	*i = c->next;
	c->next += more;
	pthread_mutex_unlock(&c->lock);
	return more;
}

/* Pieces before a failed one are still done: one of them may fail, too, and would be the first. */
static size_t finish(struct crew *c, size_t i, int rc, const struct err *err)
{
	size_t done;

	pthread_mutex_lock(&c->lock);
	done = ++c->done;
	if (rc != 0 && i < c->end) {
		c->end = i;
		c->rc = rc;
		c->err = *err;
	}
	pthread_mutex_unlock(&c->lock);
	return done;
}

static void *work(void *arg)
{
	struct member *m = arg;
	size_t i;

	while (take(m->crew, &i)) {
		struct err err = {0};
		int rc = m->crew->job(m->crew->arg, m->number, i, &err);
		size_t done = finish(m->crew, i, rc, &err);

		if (m->number == 0 && m->crew->progress)
			tool_progress(m->crew->progress, done, m->crew->n);
	}
	return NULL;
}

int crew_run(size_t workers, size_t n, crew_job *job, void *arg, const char *progress,
	     struct err *err)
{
	struct crew c = {.lock = PTHREAD_MUTEX_INITIALIZER,
			 .end = n,
			 .n = n,
			 .job = job,
			 .arg = arg,
			 .progress = progress};
	struct member members[CREW_MAX];
	pthread_t threads[CREW_MAX];
	size_t running = 1;

	for (size_t i = 0; i < CREW_MAX; i++)
		members[i] = (struct member){&c, i};
	/* A thread that cannot be had is one less; its pieces are done by the others. */
	while (running < workers && running < n &&
	       pthread_create(&threads[running], NULL, work, &members[running]) == 0)
		running++;
	work(&members[0]);
	for (size_t i = 1; i < running; i++)
		pthread_join(threads[i], NULL);
	if (progress)
		tool_progress_end();
	pthread_mutex_destroy(&c.lock);
	if (c.rc != 0 && err)
		*err = c.err;
	return c.rc;
}

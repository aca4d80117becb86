#include "net/desk.h"

#include <pthread.h>
#include <stdlib.h>

#include "text/mem.h"

enum { LOCK_WAIT_MS = 3000 };

struct lane {
	struct desk *desk;
	struct store *store;
	pthread_t thread;
	pthread_cond_t asked;
	struct call *head, **tail;
	size_t n;
	bool started;
};

struct desk {
	pthread_mutex_t lock;
	struct lane lanes[DESK_LANES];
	struct call *done, **done_tail;
	bool stop;
	void (*run)(struct call *c, struct store *s);
	void (*wake)(void *);
	void *ctx;
};

/* ---- lists, under the lock ---- */

static struct call *lane_pop(struct lane *l)
{
	struct call *c = l->head;

	if (!(l->head = c->next))
		l->tail = &l->head;
	l->n--;
	c->next = NULL;
	return c;
}

static void lane_push(struct lane *l, struct call *c)
{
	c->next = NULL;
	*l->tail = c;
	l->tail = &c->next;
	l->n++;
}

static void done_push(struct desk *d, struct call *c)
{
	c->next = NULL;
	*d->done_tail = c;
	d->done_tail = &c->next;
}

/* ---- the lanes' side ---- */

static void *lane_main(void *arg)
{
	struct lane *l = arg;
	struct desk *d = l->desk;

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		struct call *c;

		if (!l->n) {
			pthread_cond_wait(&l->asked, &d->lock);
			continue;
		}
		c = lane_pop(l);
		pthread_mutex_unlock(&d->lock);
		d->run(c, l->store);
		store_rest(l->store); /* a file of rules takes its size in pages */
		pthread_mutex_lock(&d->lock);
		done_push(d, c);
		pthread_mutex_unlock(&d->lock);
		d->wake(d->ctx);
		pthread_mutex_lock(&d->lock);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

static int lane_start(struct lane *l, const char *db_path, struct err *err)
{
	int rc = store_open(db_path, STORE_WRITE, &l->store, err);

	if (rc != 0)
		return rc;
	store_wait(l->store, LOCK_WAIT_MS);
	if (pthread_create(&l->thread, NULL, lane_main, l) != 0)
		return err_set(err, ERR_LIMIT,
			       "cannot start a thread; raise the limit of processes");
	l->started = true;
	return 0;
}

/* ---- the loop's side ---- */

int desk_start(const char *db_path, void (*run)(struct call *c, struct store *s),
	       void (*wake)(void *), void *ctx, struct desk **out, struct err *err)
{
	struct desk *d = mem_zalloc(sizeof *d);
	int rc = 0;

	pthread_mutex_init(&d->lock, NULL);
	d->done_tail = &d->done;
	d->run = run;
	d->wake = wake;
	d->ctx = ctx;
	for (int i = 0; i < DESK_LANES; i++) {
		struct lane *l = &d->lanes[i];

		l->desk = d;
		l->tail = &l->head;
		pthread_cond_init(&l->asked, NULL);
	}
	for (int i = 0; i < DESK_LANES && rc == 0; i++)
		rc = lane_start(&d->lanes[i], db_path, err);
	if (rc != 0) {
		desk_stop(d);
		return rc;
	}
	*out = d;
	return 0;
}

void desk_stop(struct desk *d)
{
	struct call *c;

	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	for (int i = 0; i < DESK_LANES; i++)
		pthread_cond_signal(&d->lanes[i].asked);
	pthread_mutex_unlock(&d->lock);
	for (int i = 0; i < DESK_LANES; i++) {
		struct lane *l = &d->lanes[i];

		if (l->started)
			pthread_join(l->thread, NULL);
		while (l->n)
			call_free(lane_pop(l));
		store_close(l->store);
		pthread_cond_destroy(&l->asked);
	}
	while ((c = desk_take(d)))
		call_free(c);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

/* Those that `newer` takes the place of leave the lane; true when there were some. */
static bool supersede(struct desk *d, struct lane *l, const struct call *newer)
{
	bool some = false;

	for (size_t left = l->n; left; left--) {
		struct call *c = lane_pop(l);

		if (c->row != newer->row || strcmp(c->token, newer->token) != 0) {
			lane_push(l, c);
			continue;
		}
		call_problem(c, 409, "superseded", "a newer request took this one's place");
		done_push(d, c);
		some = true;
	}
	return some;
}

int desk_put(struct desk *d, enum desk_lane lane, struct call *c, bool latest)
{
	struct lane *l = &d->lanes[lane];
	bool some = false, full;

	pthread_mutex_lock(&d->lock);
	if (latest)
		some = supersede(d, l, c);
	full = l->n >= DESK_WAITING;
	if (!full) {
		lane_push(l, c);
		pthread_cond_signal(&l->asked);
	}
	pthread_mutex_unlock(&d->lock);
	if (some)
		d->wake(d->ctx);
	return full ? ERR_BUSY : 0;
}

struct call *desk_take(struct desk *d)
{
	struct call *c;

	pthread_mutex_lock(&d->lock);
	c = d->done;
	if (c && !(d->done = c->next))
		d->done_tail = &d->done;
	pthread_mutex_unlock(&d->lock);
	return c;
}

#include "reload.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "filewatch.h"
#include "log.h"
#include "reload_part.h"
#include "text/mem.h"

enum {
	QUIET_MS = 100,	  /* editors and copies touch several files in a row */
	QUIET_TIMES = 20, /* but a file written all the time does not put a build off for ever */
};

/* ---- building (its thread) ---- */

static int64_t unix_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

double reload_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void reload_tidy_soon(struct reload *r)
{
	r->tidy_ms = (int64_t)reload_ms() + LOOK_MS;
}

/* After a failed build the old files are watched still, and those that have a mistake: an include
 * that is new may be the very one. */
static void watch_failed(struct reload *r, const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->items[i].mark.file.n && d->items[i].level == DIAG_ERROR)
			filewatch_set(r->watch, &d->items[i].mark.file, 1, true);
	}
}

static void watch_rules(struct reload *r, const struct ruleset *rs)
{
	filewatch_set(r->watch, rs->files.v, rs->files.n, false);
	filewatch_set(r->watch, rs->folders.v, rs->folders.n, true);
}

static void result_done(struct reload_result *result)
{
	snapshot_unref(result->snapshot);
	profiles_free(result->profiles);
	diags_done(&result->diags);
}

/* The latest result counts: one that was never taken has served nobody. What was learned for it is in
 * the later one, too. */
static void supersede(struct reload_result *old, struct reload_result *by)
{
	by->learned |= old->learned;
	by->reading = by->reading > old->reading ? by->reading : old->reading;
	by->told = by->told > old->told ? by->told : old->told;
	if (!by->profiles) {
		by->profiles = old->profiles;
		by->change = old->change;
		old->profiles = NULL;
	}
	result_done(old);
}

void reload_hand_over(struct reload *r, struct reload_result *result)
{
	bool waiting;

	pthread_mutex_lock(&r->lock);
	waiting = r->ended;
	if (waiting)
		supersede(&r->result, result);
	r->result = *result;
	r->ended = true;
	pthread_mutex_unlock(&r->lock);
	if (!waiting)
		r->wake(r->ctx);
}

/* Before it is handed over, when nobody else knows it. */
void reload_keep_last(struct reload *r, struct snapshot *s)
{
	snapshot_unref(r->last);
	r->last = snapshot_ref(s);
}

static void build(struct reload *r)
{
	struct snapshot_source src = {.intents_path = r->intents_path,
				      .db_path = r->db_path,
				      .previous = r->last,
				      .learning = r->learns ? &r->learning : NULL};
	struct reload_result result = {.rules = true};
	double from = reload_ms();
	struct changes now;

	filewatch_look(r->watch); /* what changes from here on is for the next build */
	if (reload_look_up(r, &now)) {
		r->known = r->seen = now;
		src.relearn = reload_changed(r, &now);
	}
	result.reading = reload_begin_reading(r); /* it may be one: the courses may be others */
	src.serial = r->last->serial + 1;
	src.now_unix_ms = unix_ms();
	diags_init(&result.diags, err_locale_chinese());
	if (snapshot_build(&src, &result.diags, &result.snapshot, &result.err)) {
		result.snapshot = NULL;
		watch_failed(r, &result.diags);
	} else {
		reload_keep_last(r, result.snapshot);
		watch_rules(r, r->last->rules);
	}
	if (r->learning.profiles)
		reload_give_profiles(r, &result, from);
	result.ms = reload_ms() - from;
	reload_hand_over(r, &result);
	reload_tidy_soon(r);
}

/* ---- waiting (its thread) ---- */

static bool poked(struct reload *r)
{
	eventfd_t ignored;
	bool requested;

	eventfd_read(r->poke, &ignored);
	pthread_mutex_lock(&r->lock);
	requested = r->requested;
	r->requested = false;
	pthread_mutex_unlock(&r->lock);
	return requested;
}

static bool stopping(struct reload *r)
{
	bool stop;

	pthread_mutex_lock(&r->lock);
	stop = r->stopping;
	pthread_mutex_unlock(&r->lock);
	return stop;
}

/* Until nothing has happened for a moment; a request or the end cuts it short. */
static void wait_quiet(struct reload *r)
{
	struct pollfd fds[] = {{.fd = r->poke, .events = POLLIN},
			       {.fd = filewatch_fd(r->watch), .events = POLLIN}};

	for (int i = 0; i < QUIET_TIMES; i++) {
		int n = poll(fds, 2, QUIET_MS);

		if (n == 0 || fds[0].revents)
			return;
		if (n > 0)
			filewatch_read(r->watch);
	}
}

static void tidy_up(struct reload *r)
{
	if (!r->tidy_ms || (int64_t)reload_ms() < r->tidy_ms)
		return;
	mem_trim();
	r->tidy_ms = 0;
}

/* True when something asks for a build. */
static bool wait_reason(struct reload *r)
{
	struct pollfd fds[] = {{.fd = r->poke, .events = POLLIN},
			       {.fd = filewatch_fd(r->watch), .events = POLLIN}};
	int n = poll(fds, 2, reload_wait_ms(r));

	if (n > 0 && fds[0].revents)
		return poked(r);
	if (n <= 0)
		tidy_up(r);
	if (n <= 0 && (int64_t)reload_ms() < r->look_ms)
		return false;
	if (n <= 0 && reload_look(r))
		return true;
	if (n > 0 ? !filewatch_read(r->watch) : !filewatch_look(r->watch))
		return false;
	wait_quiet(r);
	poked(r); /* the build to come is what it asks for */
	return true;
}

static void *run(void *arg)
{
	struct reload *r = arg;

	while (!stopping(r)) {
		if (wait_reason(r) && !stopping(r))
			build(r);
		if (!stopping(r))
			reload_study(r);
	}
	store_close(r->store);
	return NULL;
}

/* ---- the loop's side ---- */

static void reload_free(struct reload *r)
{
	if (r->ended)
		result_done(&r->result);
	snapshot_unref(r->last);
	lesson_free(r->lesson);
	learning_done(&r->learning);
	filewatch_free(r->watch);
	if (r->poke >= 0)
		close(r->poke);
	pthread_mutex_destroy(&r->lock);
	free(r->intents_path);
	free(r->db_path);
	free(r);
}

int reload_start(const struct snapshot_source *src, struct snapshot *first, void (*wake)(void *),
		 void *ctx, struct reload **out, struct err *err)
{
	struct reload *r = mem_zalloc(sizeof *r);
	int code;

	pthread_mutex_init(&r->lock, NULL);
	r->intents_path = mem_strdup(str_of(src->intents_path));
	r->db_path = src->db_path ? mem_strdup(str_of(src->db_path)) : NULL;
	r->last = snapshot_ref(first);
	if (src->learning) {
		r->learning = *src->learning;
		r->learning.profiles = NULL;
		r->learns = true;
		src->learning->loom = NULL;
		r->known = r->seen = r->learning.changes;
		r->told = r->known.of[CHANGE_EVENTS];
	}
	reload_tidy_soon(r);
	r->wake = wake;
	r->ctx = ctx;
	r->poke = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->watch = filewatch_new();
	if (filewatch_fd(r->watch) < 0)
		log_warn("reload", "no inotify left (fs.inotify.max_user_instances): rules are "
				   "looked at every 2 s instead");
	watch_rules(r, first->rules);
	code = r->poke < 0 ? errno : pthread_create(&r->thread, NULL, run, r);
	if (code) {
		reload_free(r);
		return err_set(err, ERR_LIMIT, "cannot start the thread that builds snapshots: %s",
			       strerror(code));
	}
	*out = r;
	return 0;
}

static void poke(struct reload *r, bool *flag)
{
	pthread_mutex_lock(&r->lock);
	*flag = true;
	pthread_mutex_unlock(&r->lock);
	eventfd_write(r->poke, 1);
}

void reload_request(struct reload *r)
{
	poke(r, &r->requested);
}

void reload_stop(struct reload *r)
{
	if (!r)
		return;
	poke(r, &r->stopping);
	pthread_join(r->thread, NULL);
	reload_free(r);
}

bool reload_take(struct reload *r, struct reload_result *out)
{
	bool ended;

	pthread_mutex_lock(&r->lock);
	ended = r->ended;
	if (ended)
		*out = r->result;
	r->ended = false;
	if (ended && out->reading > r->taken)
		r->taken = out->reading;
	pthread_mutex_unlock(&r->lock);
	return ended;
}

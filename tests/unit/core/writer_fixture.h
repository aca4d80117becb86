/* A writer on a database in a folder of its own, and what the tests of it share. */
#ifndef TESTS_WRITER_FIXTURE_H
#define TESTS_WRITER_FIXTURE_H

#include "unit/unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "writer.h"

static char folder[64], db[96];
static int wake_pipe[2];
static pthread_mutex_t gate =
	PTHREAD_MUTEX_INITIALIZER; /* held: the writer's thread stops in its wake */

static inline int folder_make(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/kefu-writer-XXXXXX");
	if (!mkdtemp(folder) || pipe(wake_pipe))
		return -1;
	snprintf(db, sizeof db, "%s/kefu.db", folder);
	return 0;
}

static inline int folder_remove(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		char path[120];

		snprintf(path, sizeof path, "%s%s", db, tails[i]);
		unlink(path);
	}
	close(wake_pipe[0]);
	close(wake_pipe[1]);
	return rmdir(folder);
}

static inline void wake(void *ctx)
{
	ssize_t n = write(*(const int *)ctx, "w", 1);

	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	(void)n;
}

static inline struct writer *started(size_t rows)
{
	struct writer *w = NULL;
	struct err err;

	if (writer_start(db, rows, wake, &wake_pipe[1], &w, &err))
		fail_msg("%s", err.text);
	return w;
}

/* The next result, waited for as the loop does: take until false, then wait for a wake. */
static inline struct writer_result result_of(struct writer *w)
{
	struct writer_result r;
	char c;

	while (!writer_take(w, &r))
		assert_int_equal(read(wake_pipe[0], &c, 1), 1);
	return r;
}

static inline struct event viewed_by(struct str user, int64_t at)
{
	return (struct event){.user = user,
			      .course = STR("py101"),
			      .type = EVENT_VIEW,
			      .value = 1,
			      .minutes = -1,
			      .progress = -1,
			      .score = -1,
			      .at_unix_ms = at};
}

static inline struct event viewed(int64_t at)
{
	return viewed_by(STR("u1"), at);
}

static inline size_t events_on_disk(void)
{
	struct profiles *p = profiles_new();
	struct store *s = NULL;
	struct err err;
	size_t n;

	assert_int_equal(store_open(db, STORE_READ, &s, &err), 0);
	assert_int_equal(profiles_read(p, s, NULL, &err), 0);
	store_close(s);
	n = profiles_users(p) ? profiles_of(p, STR("u1")).n : 0;
	profiles_free(p);
	return n;
}

/* From here to gather_end, all that is queued becomes one batch. */
static inline void gather_begin(struct writer *w)
{
	struct event first = viewed_by(STR("gatherer"), 1);
	struct writer_result r;

	pthread_mutex_lock(&gate);
	assert_int_equal(writer_events(w, &first, 1, 0), 0);
	r = result_of(w);
	writer_result_done(&r);
}

static inline void gather_end(void)
{
	pthread_mutex_unlock(&gate);
}

#define WRITER_TEST(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)

#endif

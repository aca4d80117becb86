#include "unit/kb/kb.h"

#include <pthread.h>
#include <semaphore.h>

#include "net/admin.h"
#include "secret.h"

/* Work that waits until it is let go, so that what is queued behind it is known. */
static struct {
	struct desk *desk;
	sem_t begun, go, woken;
	char folder[64];
} t;

static const struct admin_row slow = {.name = "slow"}, other = {.name = "other"};

static void run(struct call *c, struct store *s)
{
	assert_non_null(s);
	if (c->row == &slow) {
		sem_post(&t.begun);
		sem_wait(&t.go);
	}
	c->status = 200;
}

static void wake(void *ctx)
{
	(void)ctx;
	sem_post(&t.woken);
}

static int setup(void **state)
{
	char path[128];
	struct err err;

	(void)state;
	kb_folder(t.folder);
	snprintf(path, sizeof path, "%s/kefu.db", t.folder);
	sem_init(&t.begun, 0, 0);
	sem_init(&t.go, 0, 0);
	sem_init(&t.woken, 0, 0);
	return secret_init(&err) || desk_start(path, run, wake, NULL, &t.desk, &err);
}

static int teardown(void **state)
{
	(void)state;
	desk_stop(t.desk);
	kb_folder_done(t.folder);
	return 0;
}

static struct call *call_of(const struct admin_row *row, const char *token)
{
	struct call *c = call_new();

	c->row = row;
	snprintf(c->token, sizeof c->token, "%s", token);
	return c;
}

static struct call *next_done(void)
{
	struct call *c;

	while (!(c = desk_take(t.desk)))
		sem_wait(&t.woken);
	return c;
}

static void a_slow_lane_does_not_hold_up_another(void **state)
{
	struct call *c;

	(void)state;
	assert_int_equal(desk_put(t.desk, DESK_BUILD, call_of(&slow, "a"), false), 0);
	sem_wait(&t.begun);
	assert_int_equal(desk_put(t.desk, DESK_LOOK, call_of(&other, "a"), false), 0);
	c = next_done();
	assert_ptr_equal(c->row, &other);
	call_free(c);
	sem_post(&t.go);
	c = next_done();
	assert_ptr_equal(c->row, &slow);
	assert_int_equal(c->status, 200);
	call_free(c);
}

static void the_newest_of_one_person_takes_the_place_of_those_that_wait(void **state)
{
	int superseded = 0, worked = 0;

	(void)state;
	assert_int_equal(desk_put(t.desk, DESK_BUILD, call_of(&slow, "x"), false), 0);
	sem_wait(&t.begun);
	for (int i = 0; i < 5; i++)
		assert_int_equal(desk_put(t.desk, DESK_BUILD, call_of(&other, "a"), true), 0);
	assert_int_equal(desk_put(t.desk, DESK_BUILD, call_of(&other, "b"), true), 0);
	sem_post(&t.go);
	for (int i = 0; i < 7; i++) {
		struct call *c = next_done();

		superseded += c->status == 409;
		worked += c->status == 200;
		call_free(c);
	}
	assert_int_equal(superseded, 4);
	assert_int_equal(worked, 3);
}

static void a_full_lane_says_so(void **state)
{
	struct call *c;

	(void)state;
	assert_int_equal(desk_put(t.desk, DESK_LOOK, call_of(&slow, "x"), false), 0);
	sem_wait(&t.begun);
	for (int i = 0; i < DESK_WAITING; i++)
		assert_int_equal(desk_put(t.desk, DESK_LOOK, call_of(&other, "a"), false), 0);
	c = call_of(&other, "a");
	assert_int_equal(desk_put(t.desk, DESK_LOOK, c, false), ERR_BUSY);
	call_free(c);
	sem_post(&t.go); /* and the rest is freed by desk_stop */
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(a_slow_lane_does_not_hold_up_another),
		FRESH(the_newest_of_one_person_takes_the_place_of_those_that_wait),
		FRESH(a_full_lane_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

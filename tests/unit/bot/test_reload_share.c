/* What snapshots share is used and freed by several threads at once: one builds and lets go, two talk. */
#include "fixture.h"

#include <pthread.h>

enum { RELOADS = 40, TALKERS = 2 };

struct world {
	struct fixture x;
	pthread_mutex_t lock;
	struct snapshot *now; /* under the lock; the world's reference */
	bool over;
};

/* A reference of one's own to what is in service; NULL when it is over. */
static struct snapshot *take(struct world *w)
{
	struct snapshot *s = NULL;

	pthread_mutex_lock(&w->lock);
	if (!w->over)
		s = snapshot_ref(w->now);
	pthread_mutex_unlock(&w->lock);
	return s;
}

static void *talk(void *arg)
{
	static const char *const said[] = {"怎么开发飘", "我想退学费", "the vedio is stuck",
					   "证书丢了怎么补"};
	struct world *w = arg;
	struct snapshot *s;
	struct turn t;

	turn_init(&t);
	for (size_t i = 0; (s = take(w)); i++) {
		struct session session;

		session_init(&session, 1);
		turn_reset(&t);
		t.snapshot = s;
		t.session = &session;
		t.text = str_of(said[i % (sizeof said / sizeof *said)]);
		bot_turn(&t);
		session_done(&session);
		snapshot_unref(s); /* perhaps the last one of it */
	}
	turn_done(&t);
	return NULL;
}

/* Every third time the FAQ is another, every fifth the phrases; a regex always. */
static void write_rules(const struct fixture *x, int i)
{
	char text[1024];

	snprintf(text, sizeof text,
		 "version: 1\nlanguages: [zh, en]\nintents:\n"
		 "  a: {when: {regex: '证书.*(丢|补%d)'}, answer: 甲}\n"
		 "  b: {when: {phrases: [我要退学费%d, 钱能退吗]}, answer: 乙}\n"
		 "  c: {when: {phrases: [the video is stuck, 视频打不开]}, answer: 丙}\n"
		 "faq:\n  - {id: f, q: 怎么开发票%d, a: 订单页}\n",
		 i, i / 5, i / 3);
	fixture_write(x->path, text);
}

static void reload(struct world *w, int i)
{
	struct snapshot *before = w->now; /* only this thread changes it */
	const struct snapshot_source src = {
		.intents_path = w->x.path, .serial = before->serial + 1, .previous = before};
	struct snapshot *next;
	struct diags diags;
	struct err err;

	write_rules(&w->x, i);
	diags_init(&diags, false);
	assert_int_equal(snapshot_build(&src, &diags, &next, &err), 0);
	diags_done(&diags);
	pthread_mutex_lock(&w->lock);
	w->now = next;
	pthread_mutex_unlock(&w->lock);
	snapshot_unref(before);
}

static void snapshots_share_and_die_on_any_thread(void **state)
{
	struct world w = {.lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t threads[TALKERS];

	(void)state;
	fixture_open(&w.x, "version: 1\nfaq: [{id: a, q: 怎么开发票, a: 订单页}]\n", NULL);
	w.now = w.x.snapshot;
	for (int i = 0; i < TALKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, talk, &w), 0);
	for (int i = 0; i < RELOADS; i++)
		reload(&w, i);
	pthread_mutex_lock(&w.lock);
	w.over = true;
	pthread_mutex_unlock(&w.lock);
	for (int i = 0; i < TALKERS; i++)
		pthread_join(threads[i], NULL);
	w.x.snapshot = w.now;
	assert_int_equal(w.now->serial, RELOADS + 1);
	fixture_close(&w.x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshots_share_and_die_on_any_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

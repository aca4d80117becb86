#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "log.h"
#include "reload_part.h"

enum {
	LESSON_MS = 200,    /* between tables, at least, */
	LESSON_SHARE = 4,   /* and so many times what one takes; */
	READING_SHARE = 10, /* between readings so many times what one takes */
};

static bool flag(struct reload *r, bool *of, bool value)
{
	bool before;

	pthread_mutex_lock(&r->lock);
	before = *of;
	*of = value;
	pthread_mutex_unlock(&r->lock);
	return before;
}

uint64_t reload_begin_reading(struct reload *r)
{
	uint64_t number;

	pthread_mutex_lock(&r->lock);
	number = ++r->begun;
	pthread_mutex_unlock(&r->lock);
	return number;
}

static struct lesson *take_lesson(struct reload *r)
{
	struct lesson *l;

	pthread_mutex_lock(&r->lock);
	l = r->lesson;
	r->lesson = NULL;
	pthread_mutex_unlock(&r->lock);
	return l;
}

void reload_give_profiles(struct reload *r, struct reload_result *result, double began)
{
	result->learned = true;
	result->profiles = r->learning.profiles;
	result->change = r->learning.changes.of[CHANGE_EVENTS];
	r->learning.profiles = NULL;
	reload_told(r, result->change);
	r->reading_ms = (int64_t)(reload_ms() + READING_SHARE * (reload_ms() - began));
	lesson_free(take_lesson(r));
	log_info("learn", "the learners are read anew in %.1f s", (reload_ms() - began) / 1e3);
}

bool reload_changed(struct reload *r, const struct changes *c)
{
	bool changed;

	pthread_mutex_lock(&r->lock);
	changed = c->of[CHANGE_EVENTS] > r->told;
	pthread_mutex_unlock(&r->lock);
	return changed;
}

bool reload_look_up(struct reload *r, struct changes *out)
{
	struct err err;

	if (!r->db_path)
		return false;
	if (!r->store && store_open(r->db_path, STORE_READ, &r->store, &err) != 0)
		return false;
	return store_changes_read(r->store, out, &err) == 0;
}

static int read_learners(struct reload *r, struct err *err)
{
	struct store *s = NULL;
	int rc = store_open(r->db_path, STORE_READ, &s, err);

	if (rc == 0)
		rc = store_begin_read(s, err);
	if (rc == 0)
		rc = learning_read(&r->learning, s, r->last->courses, NULL, err);
	store_close(s);
	return rc;
}

static void reading_failed(struct reload *r, uint64_t number)
{
	pthread_mutex_lock(&r->lock);
	r->taken = number;
	pthread_mutex_unlock(&r->lock);
}

static void publish_table(struct reload *r, struct reload_result *result)
{
	result->snapshot = snapshot_renew(r->last, r->learning.loom);
	result->learned = true;
	reload_keep_last(r, result->snapshot);
}

static void relearn(struct reload *r)
{
	struct reload_result result = {0};
	double from = reload_ms();

	result.reading = reload_begin_reading(r);
	if (read_learners(r, &result.err) != 0) {
		log_error("learn", "the learners cannot be read anew: %s", result.err.text);
		reading_failed(r, result.reading);
		r->reading_ms = (int64_t)reload_ms() + LOOK_MS;
		flag(r, &r->relearn, true);
		return;
	}
	diags_init(&result.diags, false);
	publish_table(r, &result);
	reload_give_profiles(r, &result, from);
	result.ms = reload_ms() - from;
	reload_hand_over(r, &result);
	reload_tidy_soon(r);
}

static void learn_lesson(struct reload *r, struct lesson *l)
{
	struct reload_result result = {.told = l->told};
	double from = reload_ms(), took;

	if (l->edition != r->learning.edition) {
		flag(r, &r->relearn, true);
		lesson_free(l);
		return;
	}
	lesson_learn(l, r->learning.loom);
	lesson_free(l);
	diags_init(&result.diags, false);
	publish_table(r, &result);
	took = reload_ms() - from;
	result.ms = took;
	reload_hand_over(r, &result);
	took *= LESSON_SHARE;
	r->lesson_ms = (int64_t)(from + (took > LESSON_MS ? took : LESSON_MS));
}

/* Another program changed the database: seen twice alike, it has ended. */
bool reload_look(struct reload *r)
{
	struct changes now, before = r->seen;

	r->look_ms = (int64_t)reload_ms() + LOOK_MS;
	if (!reload_look_up(r, &now))
		return false;
	r->seen = now;
	if (memcmp(&now, &before, sizeof now) != 0)
		return false;
	if (reload_changed(r, &now) && r->learns)
		flag(r, &r->relearn, true);
	return now.of[CHANGE_COURSES] != r->known.of[CHANGE_COURSES] ||
	       now.of[CHANGE_FAQ] != r->known.of[CHANGE_FAQ];
}

void reload_study(struct reload *r)
{
	int64_t now = (int64_t)reload_ms();
	struct lesson *l;

	if (now >= r->reading_ms && r->learns && flag(r, &r->relearn, false)) {
		relearn(r);
		return;
	}
	if (now >= r->lesson_ms && (l = take_lesson(r)))
		learn_lesson(r, l);
}

int reload_wait_ms(struct reload *r)
{
	int64_t now = (int64_t)reload_ms(), due = r->look_ms;

	if (r->tidy_ms && r->tidy_ms < due)
		due = r->tidy_ms;
	pthread_mutex_lock(&r->lock);
	if (r->lesson && r->lesson_ms < due)
		due = r->lesson_ms;
	if (r->relearn && r->reading_ms < due)
		due = r->reading_ms;
	pthread_mutex_unlock(&r->lock);
	return due <= now ? 0 : (int)(due - now);
}

/* ---- learning, the loop's side ---- */

static bool learns_freely(const struct reload *r)
{
	return r->learns && !r->lesson && !r->ended && r->begun == r->taken;
}

bool reload_is_free(struct reload *r)
{
	bool is_free;

	pthread_mutex_lock(&r->lock);
	is_free = learns_freely(r);
	pthread_mutex_unlock(&r->lock);
	return is_free;
}

bool reload_teach(struct reload *r, struct lesson *l)
{
	bool is_free;

	pthread_mutex_lock(&r->lock);
	is_free = learns_freely(r);
	if (is_free)
		r->lesson = l;
	pthread_mutex_unlock(&r->lock);
	if (is_free)
		eventfd_write(r->poke, 1);
	return is_free;
}

void reload_relearn(struct reload *r)
{
	if (!flag(r, &r->relearn, true))
		eventfd_write(r->poke, 1);
}

void reload_told(struct reload *r, int64_t change)
{
	pthread_mutex_lock(&r->lock);
	r->told = change > r->told ? change : r->told;
	pthread_mutex_unlock(&r->lock);
}

bool reload_is_reading(struct reload *r)
{
	bool reading;

	pthread_mutex_lock(&r->lock);
	reading = r->begun > r->taken;
	pthread_mutex_unlock(&r->lock);
	return reading;
}

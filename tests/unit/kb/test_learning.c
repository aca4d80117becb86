#include "unit/kb/kb.h"

#include "kb/learning.h"
#include "kb/store_guest.h"
#include "kb/recommend.h"
#include "text/lexicon.h"

/* A daemon in small: a database, what was learned from it at the start, and events told since. */
enum { COURSES = 40, USERS = 50 };

struct daemon {
	struct arena arena;
	struct store *store;
	const struct lexicon *lexicon;
	const struct catalogue *courses;
	struct learning learning;
	struct recommender *root, *now;
	uint64_t random;
	int64_t clock;
	bool in_step; /* nothing was told that only reading anew can tell */
	bool dirty[USERS * 8];
	uint32_t guests; /* that signed in */
};

static uint32_t pick(struct daemon *d, uint32_t n)
{
	d->random = d->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(d->random >> 33) % n;
}

static struct recommender *learn(struct daemon *d, struct learning *l)
{
	struct err err;

	assert_ok(learning_read(l, d->store, d->courses, NULL, &err), err);
	return recommender_learned(d->courses, d->lexicon, l->loom, NULL);
}

static struct daemon *opened(uint64_t seed)
{
	struct daemon *d = calloc(1, sizeof *d);
	struct err err;

	*d = (struct daemon){.store = kb_memory(), .random = seed, .clock = 1000, .in_step = true};
	arena_init(&d->arena);
	d->lexicon = lexicon_new(&d->arena, NULL, 0, NULL, 0);
	for (int i = 0; i < COURSES; i++) {
		struct course c = kb_course("", "");

		c.id = arena_printf(&d->arena, "c%02d", i * 37 % 100);
		c.title = arena_printf(&d->arena, "课程 %d", i);
		c.category = arena_printf(&d->arena, "类 %d", i % 3);
		assert_ok(course_put(d->store, &c, &err), err);
	}
	assert_ok(catalogue_read(d->store, &d->arena, &d->courses, &err), err);
	d->root = learn(d, &d->learning);
	return d;
}

static void closed(struct daemon *d)
{
	recommender_free(d->now);
	recommender_free(d->root);
	learning_done(&d->learning);
	store_close(d->store);
	arena_done(&d->arena);
	free(d);
}

/* Some courses are not in the catalogue, some learners come late, some events late or twice. */
static void happen(struct daemon *d, bool late)
{
	static const enum event_type types[] = {EVENT_VIEW,	EVENT_VIEW,    EVENT_ENROLL,
						EVENT_PURCHASE, EVENT_RATE,    EVENT_COMPLETE,
						EVENT_STUDY,	EVENT_DISMISS, EVENT_UNDISMISS};
	enum event_type type = types[pick(d, 9)];
	char user[32], course[32];
	struct event e;
	struct err err;

	snprintf(user, sizeof user, "u%u", pick(d, pick(d, USERS) + 1) * 7919 % 1000);
	snprintf(course, sizeof course, "c%02u", pick(d, pick(d, 100) + 1));
	d->clock += pick(d, 3);
	e = kb_event(user, course, type, late && pick(d, 4) == 0 ? d->clock - 50 : d->clock);
	if (type == EVENT_RATE)
		e.value = 1 + pick(d, 5);
	if (type == EVENT_STUDY)
		e.progress = (double)pick(d, 100) / 100;
	assert_ok(event_put(d->store, &e, &err), err);
	d->in_step &= profiles_add(d->learning.profiles, &e);
	d->dirty[profiles_number(d->learning.profiles, e.user)] = true;
}

/* Who the session's guest is called. */
static const char *guest_of(uint32_t session, char hash[33], char name[GUEST_NAME])
{
	snprintf(hash, 33, "%016x%016x", session * 2654435761u, session);
	guest_name(str_of(hash), name);
	return name;
}

/* A guest looks at some courses. */
static void look(struct daemon *d)
{
	char hash[33], name[GUEST_NAME], course[32];

	guest_of(d->guests + pick(d, 3), hash, name);
	for (uint32_t i = pick(d, 4); i > 0; i--) {
		struct event e;
		struct err err;

		snprintf(course, sizeof course, "c%02u", pick(d, pick(d, 100) + 1));
		d->clock += pick(d, 2);
		e = kb_event(name, course, pick(d, 4) ? EVENT_VIEW : EVENT_DISMISS, d->clock);
		assert_ok(event_put(d->store, &e, &err), err);
		d->in_step &= profiles_add(d->learning.profiles, &e);
		d->dirty[profiles_number(d->learning.profiles, e.user)] = true;
	}
}

struct events {
	struct daemon *d;
	struct event *v;
	size_t n, cap;
};

static int gather(void *arg, const struct event *e)
{
	struct events *all = arg;
	struct event copy = *e;

	copy.user = arena_str(&all->d->arena, e->user);
	copy.course = arena_str(&all->d->arena, e->course);
	ARENA_PUSH(&all->d->arena, all->v, all->n, all->cap, copy);
	return 0;
}

/* … and turns out to be somebody, known or not. */
static void sign_in(struct daemon *d)
{
	struct profiles *p = d->learning.profiles;
	char hash[33], name[GUEST_NAME], user[32];
	struct session_row row;
	struct events all = {.d = d};
	struct err err;
	int64_t moved;

	guest_of(d->guests++, hash, name);
	snprintf(user, sizeof user, "u%u", pick(d, USERS) * 7919 % 1000);
	row = (struct session_row){.session = str_of(hash), .user = str_of(user)};
	assert_ok(store_guest_merge(d->store, &row, &moved, &err), err);
	if (!moved)
		return;
	assert_ok(event_each(d->store, row.user, gather, &all, &err), err);
	d->dirty[profiles_number(p, str_of(name))] = true;
	assert_true(profiles_merge(p, str_of(name), all.v, all.n));
	d->dirty[profiles_number(p, row.user)] = true;
	assert_int_equal(profiles_of(p, str_of(name)).n, 0);
}

static void publish(struct daemon *d)
{
	const struct profiles *p = d->learning.profiles;
	struct interaction v[200];

	if (!d->in_step) {
		recommender_free(d->now);
		recommender_free(d->root);
		d->now = NULL;
		d->root = learn(d, &d->learning);
		d->in_step = true;
	} else {
		for (uint32_t u = 0; u < profiles_users(p); u++)
			if (d->dirty[u])
				loom_put(d->learning.loom, u, profiles_key(p, u), v,
					 history_one(p, u, d->courses, v));
		recommender_free(d->now);
		d->now = recommender_renew(d->root, d->learning.loom);
	}
	memset(d->dirty, 0, sizeof d->dirty);
}

static void assert_same_answer(struct daemon *d, const struct recommender *a,
			       const struct profiles *pa, const struct recommender *b,
			       const struct profiles *pb, struct str user)
{
	struct recommend_query q = {.profiles = pa,
				    .user = user,
				    .max_price = -1,
				    .count = 20,
				    .reply_lang = STR("zh")};
	struct recommended_list x, y;

	recommend(a, &d->arena, &q, &x);
	q.profiles = pb;
	recommend(b, &d->arena, &q, &y);
	assert_int_equal(x.n, y.n);
	for (size_t i = 0; i < x.n; i++) {
		assert_ptr_equal(x.v[i].course, y.v[i].course);
		assert_memory_equal(&x.v[i].score, &y.v[i].score, sizeof x.v[i].score);
		assert_true(str_eq(x.v[i].reason, y.v[i].reason));
	}
}

/* A guest who signed in is still known by name. */
static size_t busy_users(const struct profiles *p)
{
	size_t n = 0;

	for (uint32_t u = 0; u < profiles_users(p); u++)
		n += profiles_at(p, u).n > 0;
	return n;
}

/* As a restart would: everything read from the database again. */
static void check_against_restarted(struct daemon *d)
{
	struct learning fresh = {0};
	struct recommender *r = learn(d, &fresh);
	const struct recommender *now = d->now ? d->now : d->root;

	assert_int_equal(busy_users(fresh.profiles), busy_users(d->learning.profiles));
	for (int i = 0; i < 1000; i += 13) {
		char user[32];

		snprintf(user, sizeof user, "u%d", i);
		assert_same_answer(d, now, d->learning.profiles, r, fresh.profiles, str_of(user));
	}
	for (uint32_t u = 0; u < profiles_users(fresh.profiles); u++) {
		char user[32];

		snprintf(user, sizeof user, "u%u", u * 7919 % 1000);
		assert_same_answer(d, now, d->learning.profiles, r, fresh.profiles, str_of(user));
	}
	recommender_free(r);
	learning_done(&fresh);
}

static void run(uint64_t seed, bool late, bool guests)
{
	struct daemon *d = opened(seed);

	for (int batch = 0; batch < 12; batch++) {
		for (uint32_t i = pick(d, 60); i > 0; i--) {
			happen(d, late);
			if (guests && pick(d, 3) == 0)
				look(d);
			if (guests && pick(d, 6) == 0)
				sign_in(d);
		}
		publish(d);
		check_against_restarted(d);
	}
	closed(d);
}

static void answers_after_events_are_those_after_a_restart(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++)
		run(seed, false, false);
}

static void events_told_late_or_twice_are_noticed_and_set_right(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++)
		run(seed, true, false);
}

static void answers_after_guests_signed_in_are_those_after_a_restart(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++)
		run(seed, seed == 3, true);
}

static void changes_of_the_database_are_numbered(void **state)
{
	struct store *s = kb_memory();
	struct changes c;
	struct err err;
	int64_t now = 0;

	(void)state;
	assert_ok(store_changes_read(s, &c, &err), err);
	assert_int_equal(c.of[CHANGE_EVENTS], 0);
	assert_ok(store_begin(s, &err), err);
	assert_ok(store_change_note(s, CHANGE_EVENTS, NULL, &err), err);
	assert_ok(store_change_note(s, CHANGE_EVENTS, &now, &err), err);
	assert_ok(store_change_note(s, CHANGE_COURSES, NULL, &err), err);
	assert_ok(store_commit(s, &err), err);
	assert_int_equal(now, 2);
	assert_ok(store_changes_read(s, &c, &err), err);
	assert_int_equal(c.of[CHANGE_EVENTS], 2);
	assert_int_equal(c.of[CHANGE_COURSES], 1);
	assert_int_equal(c.of[CHANGE_FAQ], 0);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_after_events_are_those_after_a_restart),
		cmocka_unit_test(events_told_late_or_twice_are_noticed_and_set_right),
		cmocka_unit_test(answers_after_guests_signed_in_are_those_after_a_restart),
		cmocka_unit_test(changes_of_the_database_are_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

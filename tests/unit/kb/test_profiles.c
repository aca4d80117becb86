#include "unit/kb/kb.h"

#include "kb/intern.h"
#include "kb/store_guest.h"

static void add(struct profiles *p, const char *user, const char *course, enum event_type type,
		int64_t at)
{
	struct event e = kb_event(user, course, type, at);

	profiles_add(p, &e);
}

static void a_profile_is_in_order_of_last_time(void **state)
{
	struct profiles *p = profiles_new();
	struct profile ann;

	(void)state;
	add(p, "ann", "c1", EVENT_VIEW, 10);
	add(p, "ann", "c2", EVENT_VIEW, 20);
	add(p, "bob", "c2", EVENT_PURCHASE, 5);
	add(p, "ann", "c3", EVENT_VIEW, 15);
	add(p, "ann", "c1", EVENT_ENROLL, 30);
	add(p, "ann", "c2", EVENT_VIEW, 1);
	ann = profiles_of(p, STR("ann"));
	assert_int_equal(ann.n, 3);
	assert_str(profiles_course(p, profile_seen(ann, 0).course), "c3");
	assert_str(profiles_course(p, profile_seen(ann, 1).course), "c2");
	assert_int_equal(profile_seen(ann, 1).at_unix_ms, 20);
	assert_str(profiles_course(p, profile_seen(ann, 2).course), "c1");
	assert_int_equal(profile_seen(ann, 2).types, 1 << EVENT_VIEW | 1 << EVENT_ENROLL);
	assert_int_equal(profiles_of(p, STR("bob")).n, 1);
	assert_int_equal(profiles_of(p, STR("nobody")).n, 0);
	assert_int_equal(profiles_users(p), 2);
	assert_int_equal(profiles_course(p, 99).n, 0);
	profiles_free(p);
	profiles_free(NULL);
}

static void a_view_hears_of_its_own_learner_and_leaves_the_base_alone(void **state)
{
	struct profiles *base = profiles_new(), *view;

	(void)state;
	add(base, "ann", "c1", EVENT_VIEW, 10);
	add(base, "bob", "c2", EVENT_VIEW, 10);
	view = profiles_view(base);
	assert_int_equal(profiles_of(view, STR("ann")).n, 1);
	assert_int_equal(profiles_users(view), 2);
	profiles_view_of(view, STR("ann"));
	add(view, "ann", "c2", EVENT_VIEW, 20);
	add(view, "ann", "c9", EVENT_VIEW, 30);
	assert_int_equal(profiles_of(view, STR("ann")).n, 3);
	assert_str(profiles_course(view, profile_seen(profiles_of(view, STR("ann")), 2).course),
		   "c9");
	assert_int_equal(profiles_course_number(view, STR("c9")), 2);
	assert_int_equal(profiles_course_number(view, STR("c2")), 1);
	assert_int_equal(profiles_courses(view), 3);
	assert_int_equal(profiles_of(view, STR("bob")).n, 1);

	/* Somebody new, after whom nothing is left of the one before. */
	profiles_view_of(view, STR("new"));
	add(view, "new", "c8", EVENT_VIEW, 5);
	assert_int_equal(profiles_of(view, STR("ann")).n, 1);
	assert_int_equal(profiles_number(view, STR("new")), 2);
	assert_int_equal(profiles_users(view), 3);
	assert_str(profiles_course(view, profile_seen(profiles_of(view, STR("new")), 0).course),
		   "c8");
	assert_int_equal(profiles_course_number(view, STR("c9")), INTERN_NONE);
	profiles_free(view);
	assert_int_equal(profiles_of(base, STR("ann")).n, 1);
	assert_int_equal(profiles_users(base), 2);
	assert_int_equal(profiles_courses(base), 2);
	profiles_free(base);
}

static float weight_of(enum event_type type, double value)
{
	struct event e = kb_event("u", "c", type, 1);

	e.value = value;
	return profiles_weight(0, &e);
}

static void interest_follows_commitment_and_stays_within_one(void **state)
{
	struct event view = kb_event("u", "c", EVENT_VIEW, 1), bad = view;
	float w = 0, before;

	(void)state;
	assert_true(weight_of(EVENT_PURCHASE, 1) == weight_of(EVENT_ENROLL, 1));
	assert_true(weight_of(EVENT_ENROLL, 1) > weight_of(EVENT_COMPLETE, 1));
	assert_true(weight_of(EVENT_COMPLETE, 1) > weight_of(EVENT_STUDY, 1));
	assert_true(weight_of(EVENT_STUDY, 1) > weight_of(EVENT_VIEW, 1));
	assert_true(weight_of(EVENT_RATE, 5) > weight_of(EVENT_RATE, 4));
	assert_true(weight_of(EVENT_RATE, 4) > weight_of(EVENT_RATE, 3));
	assert_true(weight_of(EVENT_RATE, 1) == 0);
	for (int i = 0; i < 1000; i++) {
		before = w;
		w = profiles_weight(w, &view);
		assert_true(w >= before && w <= 1);
	}
	bad.type = EVENT_RATE;
	bad.value = 1;
	assert_true(profiles_weight(w, &bad) < .25f);
}

static void the_latest_progress_counts_whatever_order_it_comes_in(void **state)
{
	struct profiles *p = profiles_new();
	struct event e = kb_event("u", "c", EVENT_STUDY, 50);

	(void)state;
	e.progress = .8;
	profiles_add(p, &e);
	e.progress = .3;
	e.at_unix_ms = 40;
	profiles_add(p, &e);
	assert_true(profile_seen(profiles_of(p, STR("u")), 0).progress == .8f);
	e.progress = -1;
	e.minutes = 3;
	e.at_unix_ms = 60;
	profiles_add(p, &e);
	assert_true(profile_seen(profiles_of(p, STR("u")), 0).progress == .8f);
	profiles_free(p);
}

static void the_database_gives_the_same_profiles_as_living_through_it(void **state)
{
	struct store *s = kb_memory();
	struct profiles *live = profiles_new(), *read = profiles_new();
	struct err err;
	uint64_t x = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char user[16], course[16];

		x = x * 6364136223846793005u + 1442695040888963407u;
		snprintf(user, sizeof user, "u%u", (unsigned)(x >> 33) % 20);
		snprintf(course, sizeof course, "c%u", (unsigned)(x >> 40) % 50);
		kb_put(s, user, course, EVENT_VIEW + (unsigned)(x >> 50) % 3, i);
		add(live, user, course, EVENT_VIEW + (unsigned)(x >> 50) % 3, i);
	}
	assert_ok(profiles_read(read, s, NULL, &err), err);
	assert_int_equal(profiles_users(read), profiles_users(live));
	for (int u = 0; u < 20; u++) {
		char user[16];
		struct profile a, b;

		snprintf(user, sizeof user, "u%d", u);
		a = profiles_of(live, str_of(user));
		b = profiles_of(read, str_of(user));
		assert_int_equal(a.n, b.n);
		for (size_t i = 0; i < a.n; i++) {
			assert_true(str_eq(profiles_course(live, profile_seen(a, i).course),
					   profiles_course(read, profile_seen(b, i).course)));
			assert_int_equal(profile_seen(a, i).types, profile_seen(b, i).types);
			assert_int_equal(profile_seen(a, i).at_unix_ms,
					 profile_seen(b, i).at_unix_ms);
			assert_true(profile_seen(a, i).weight == profile_seen(b, i).weight);
		}
	}
	profiles_free(live);
	profiles_free(read);
	store_close(s);
}

static void names_get_numbers_in_order_and_keep_them(void **state)
{
	struct intern t;

	(void)state;
	intern_init(&t);
	assert_int_equal(intern_find(&t, STR("x")), INTERN_NONE);
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 5000; i++) {
			char name[16];

			snprintf(name, sizeof name, "name%u", i);
			assert_int_equal(intern_put(&t, str_of(name)), i);
		}
	assert_int_equal(intern_find(&t, STR("name4999")), 4999);
	assert_int_equal(intern_find(&t, STR("name5000")), INTERN_NONE);
	assert_int_equal(intern_put(&t, STR("")), 5000);
	assert_str(t.names[17], "name17");
	intern_done(&t);
}

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void same_takers(const struct profiles *a, const struct profiles *b, const char *course)
{
	struct takers x = profiles_takers(a, profiles_course_number(a, str_of(course)));
	struct takers y = profiles_takers(b, profiles_course_number(b, str_of(course)));
	uint64_t *keys = calloc(2u * TAKERS_LATEST, sizeof *keys);

	assert_int_equal(x.total, y.total);
	assert_int_equal(x.n, y.n);
	for (uint32_t i = 0; i < x.n; i++) {
		keys[i] = profiles_key(a, x.v[i].learner) ^ x.v[i].at_unix_s;
		keys[TAKERS_LATEST + i] = profiles_key(b, y.v[i].learner) ^ y.v[i].at_unix_s;
	}
	qsort(keys, x.n, sizeof *keys, by_key);
	qsort(keys + TAKERS_LATEST, x.n, sizeof *keys, by_key);
	assert_memory_equal(keys, keys + TAKERS_LATEST, x.n * sizeof *keys);
	free(keys);
}

struct told_events {
	struct event v[64];
	char courses[64][8];
	size_t n;
};

static int gather(void *arg, const struct event *e)
{
	struct told_events *all = arg;

	all->v[all->n] = *e;
	snprintf(all->courses[all->n], sizeof all->courses[0], "%.*s", STR_ARG(e->course));
	all->v[all->n].course = str_of(all->courses[all->n]);
	all->n++;
	return 0;
}

/* A course that more learners took than are kept. Learners come back to it as guests, and others see it first so. */
static void a_guest_who_signs_in_leaves_the_profiles_as_the_database_gives_them(void **state)
{
	enum { LEARNERS = TAKERS_LATEST + 300, SIGN_INS = 50 };
	struct store *s = kb_memory();
	struct profiles *live = profiles_new(), *read = profiles_new();
	char user[32], hash[33], guest[GUEST_NAME];
	struct err err;

	(void)state;
	assert_ok(store_begin(s, &err), err);
	for (int i = 0; i < LEARNERS; i++) {
		snprintf(user, sizeof user, "u%d", i);
		kb_put(s, user, "c1", EVENT_VIEW, i * 977 % LEARNERS * 500);
		if (i % 3 == 0)
			kb_put(s, user, "c2", EVENT_PURCHASE, 1000000 + i);
	}
	assert_ok(store_commit(s, &err), err);
	assert_ok(profiles_read(live, s, NULL, &err), err);
	for (int i = 0; i < SIGN_INS; i++) {
		struct told_events all = {.n = 0};
		struct session_row row;
		int64_t moved;

		snprintf(hash, sizeof hash, "%016x%016x", i * 31 + 1, i);
		guest_name(str_of(hash), guest);
		for (int c = 1; c <= 3; c++) {
			struct event e;

			snprintf(user, sizeof user, "c%d", c);
			e = kb_event(guest, user, EVENT_VIEW, 2000000 + i * 10 + c);
			assert_ok(event_put(s, &e, &err), err);
			profiles_add(live, &e);
		}
		snprintf(user, sizeof user, i % 2 ? "u%d" : "new%d", i);
		row = (struct session_row){.session = str_of(hash), .user = str_of(user)};
		assert_ok(store_guest_merge(s, &row, &moved, &err), err);
		assert_int_equal(moved, 3);
		assert_ok(event_each(s, row.user, gather, &all, &err), err);
		for (size_t e = 0; e < all.n; e++)
			all.v[e].user = row.user;
		assert_true(profiles_merge(live, str_of(guest), all.v, all.n));
		assert_true(profiles_merge(live, row.user, all.v, all.n));
		assert_int_equal(profiles_of(live, str_of(guest)).n, 0);
	}
	assert_ok(profiles_read(read, s, NULL, &err), err);
	same_takers(live, read, "c1");
	same_takers(live, read, "c2");
	same_takers(live, read, "c3");
	assert_true(profiles_merge(live, STR("guest:nobody"), NULL, 0));
	profiles_free(live);
	profiles_free(read);
	store_close(s);
}

/* Read with more guests than wait behind the latest, who all turn out to be learners that are among them. */
static void that_only_reading_anew_tells_who_took_a_course_latest_is_said(void **state)
{
	enum { LEARNERS = TAKERS_LATEST + 300, GUESTS = TAKERS_NEXT + 10 };
	struct store *s = kb_memory();
	struct profiles *live = profiles_new(), *read = profiles_new();
	char user[32], hash[33], guest[GUEST_NAME];
	struct err err;

	(void)state;
	assert_ok(store_begin(s, &err), err);
	for (int i = 0; i < LEARNERS; i++) {
		snprintf(user, sizeof user, "u%d", i);
		kb_put(s, user, "c1", EVENT_VIEW, (i + 1) * 1000);
	}
	for (int i = 0; i < GUESTS; i++) {
		snprintf(hash, sizeof hash, "%016x%016x", i, i);
		guest_name(str_of(hash), guest);
		kb_put(s, guest, "c1", EVENT_VIEW, (LEARNERS + i) * 1000);
	}
	assert_ok(store_commit(s, &err), err);
	assert_ok(profiles_read(live, s, NULL, &err), err);
	for (int i = 0; i < GUESTS; i++) {
		struct told_events all = {.n = 0};
		struct session_row row;
		int64_t moved;

		snprintf(hash, sizeof hash, "%016x%016x", i, i);
		guest_name(str_of(hash), guest);
		snprintf(user, sizeof user, "u%d", LEARNERS - 1 - i);
		/* Each takes two out, guest and learner, before it puts one back. */
		row = (struct session_row){.session = str_of(hash), .user = str_of(user)};
		assert_ok(store_guest_merge(s, &row, &moved, &err), err);
		assert_ok(event_each(s, row.user, gather, &all, &err), err);
		for (size_t e = 0; e < all.n; e++)
			all.v[e].user = row.user;
		assert_int_equal(profiles_merge(live, str_of(guest), all.v, all.n),
				 i < TAKERS_NEXT - 1);
		if (i < TAKERS_NEXT - 1) {
			assert_ok(profiles_read(read, s, NULL, &err), err);
			same_takers(live, read, "c1");
		}
	}
	profiles_free(live);
	profiles_free(read);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_in_order_of_last_time),
		cmocka_unit_test(a_view_hears_of_its_own_learner_and_leaves_the_base_alone),
		cmocka_unit_test(interest_follows_commitment_and_stays_within_one),
		cmocka_unit_test(the_latest_progress_counts_whatever_order_it_comes_in),
		cmocka_unit_test(the_database_gives_the_same_profiles_as_living_through_it),
		cmocka_unit_test(names_get_numbers_in_order_and_keep_them),
		cmocka_unit_test(
			a_guest_who_signs_in_leaves_the_profiles_as_the_database_gives_them),
		cmocka_unit_test(that_only_reading_anew_tells_who_took_a_course_latest_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include <math.h>

#include "kb/crowd.h"

enum { LEARNERS = 80, COURSES = 30, EVENTS = 900 };

struct shop {
	struct course v[COURSES];
	char ids[COURSES][16];
	struct catalogue courses;
	struct profiles *profiles;
};

static void add(struct profiles *p, int learner, int course, enum event_type type, int64_t at_s)
{
	char user[16], id[16];
	struct event e;

	snprintf(user, sizeof user, "u%d", learner);
	snprintf(id, sizeof id, "c%02d", course);
	e = kb_event(user, id, type, at_s * 1000);
	profiles_add(p, &e);
}

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

static void open_shop(struct shop *s)
{
	for (int i = 0; i < COURSES; i++) {
		snprintf(s->ids[i], sizeof s->ids[i], "c%02d", i);
		s->v[i] = (struct course){.id = str_of(s->ids[i])};
	}
	s->courses = (struct catalogue){.courses = s->v, .n = COURSES};
	s->profiles = profiles_new();
}

/* Course numbers that are not in the catalogue too, and learners of very different lengths. */
static void fill(struct shop *s, uint64_t x)
{
	for (int i = 0; i < EVENTS; i++) {
		int learner = (int)(next_random(&x) % LEARNERS * (next_random(&x) % 8) / 7);
		int course = (int)(next_random(&x) % (COURSES + 3));

		add(s->profiles, learner, course, next_random(&x) % 2 ? EVENT_ENROLL : EVENT_VIEW,
		    (int64_t)(i / 3));
	}
}

/* The learner's own profile as a question. */
static struct crowd_question ask(const struct shop *s, uint32_t learner, struct interaction *v)
{
	struct profile p = profiles_at(s->profiles, learner);
	size_t n = 0;

	for (size_t i = 0; i < p.n; i++) {
		int32_t item = catalogue_find(
			&s->courses, profiles_course(s->profiles, profile_seen(p, i).course));

		if (item >= 0)
			v[n++] = (struct interaction){(uint32_t)item,
						      seen_interest(profile_seen(p, i)),
						      profile_seen(p, i).at_unix_ms};
	}
	return (struct crowd_question){s->profiles, &s->courses, 1, learner, v, n};
}

/* ---- the formulas of crowd.h, straight ---- */

struct naive {
	double shares[COURSES];
	uint32_t units[COURSES];
	double strength[LEARNERS]; /* as the choice of voters sees it */
	bool votes[LEARNERS];
};

static int item_at(const struct shop *s, struct profile p, size_t i)
{
	return catalogue_find(&s->courses, profiles_course(s->profiles, profile_seen(p, i).course));
}

static void read_shares(struct naive *n, const struct crowd_question *q,
			const struct crowd_weights *w)
{
	int step = 0;

	for (size_t p = q->n_profile; p-- > 0;) {
		struct str id = q->courses->courses[q->profile[p].item].id;
		struct takers t =
			profiles_takers(q->profiles, profiles_course_number(q->profiles, id));

		step += p + 1 < q->n_profile && q->profile[p].at != q->profile[p + 1].at;
		n->shares[q->profile[p].item] = (double)q->profile[p].weight *
						pow(1 + step, -(double)w->step) *
						pow(t.total, -(double)w->popular);
		n->units[q->profile[p].item] =
			(uint32_t)(n->shares[q->profile[p].item] * (1 << 22));
	}
}

static void choose(struct naive *n, const struct shop *s, const struct crowd_question *q,
		   const struct crowd_weights *w)
{
	for (uint32_t u = 0; u < profiles_users(s->profiles); u++) {
		struct profile p = profiles_at(s->profiles, u);
		double sum = 0;

		for (size_t i = 0; i < p.n; i++)
			sum += item_at(s, p, i) < 0 ? 0 : n->units[item_at(s, p, i)];
		n->strength[u] = u == q->self ? 0 : sum * pow((double)p.n, -(double)w->length);
	}
	for (uint32_t u = 0; u < LEARNERS; u++) {
		uint32_t before = 0;

		for (uint32_t v = 0; v < LEARNERS; v++)
			before += n->strength[v] > n->strength[u] ||
				  (n->strength[v] == n->strength[u] &&
				   profiles_key(s->profiles, v) < profiles_key(s->profiles, u));
		n->votes[u] = n->strength[u] > 0 && before < w->voters;
	}
}

static double gap(const struct crowd_weights *w, int d)
{
	if (w->gap == 0)
		return 1;
	if (abs(d) > 40)
		return 0;
	return d == 0 ? 1 : (d < 0 ? .3 : 1) * exp(-(abs(d) - 1) / (double)w->gap);
}

static void vote(const struct naive *n, const struct shop *s, const struct crowd_weights *w,
		 uint32_t u, double *scores)
{
	struct profile p = profiles_at(s->profiles, u);
	int steps[COURSES + 3] = {0}, latest = 0;
	double sum = 0;

	for (size_t i = 0; i < p.n; i++) {
		int item = item_at(s, p, i);

		steps[i] = i ? steps[i - 1] + (profile_seen(p, i).at_unix_ms !=
					       profile_seen(p, i - 1).at_unix_ms)
			     : 0;
		if (item >= 0 && n->shares[item] > 0) {
			sum += n->shares[item] * (double)seen_interest(profile_seen(p, i));
			latest = steps[i];
		}
	}
	for (size_t i = 0; i < p.n; i++)
		if (item_at(s, p, i) >= 0)
			scores[item_at(s, p, i)] +=
				pow(sum * pow((double)p.n, -(double)w->length), (double)w->power) *
				(double)seen_interest(profile_seen(p, i)) *
				gap(w, steps[i] - latest);
}

static void compare(const struct shop *s, const struct crowd_question *q,
		    const struct crowd_weights *w)
{
	struct naive n = {0};
	double expected[COURSES] = {0};
	float scores[COURSES] = {0};
	uint32_t touched[COURSES];
	size_t n_touched, positive = 0;

	read_shares(&n, q, w);
	choose(&n, s, q, w);
	for (uint32_t u = 0; u < profiles_users(s->profiles); u++)
		if (n.votes[u])
			vote(&n, s, w, u, expected);
	n_touched = crowd_score(q, w, scores, touched);
	for (int i = 0; i < COURSES; i++) {
		positive += scores[i] > 0;
		if (fabs((double)scores[i] - expected[i]) > 1e-4 * expected[i])
			fail_msg("course %d: %g is not %g", i, (double)scores[i], expected[i]);
	}
	assert_int_equal(n_touched, positive);
	for (size_t i = 0; i < n_touched; i++)
		assert_true(scores[touched[i]] > 0);
}

static const struct crowd_weights with_order = {.step = .8f,
						.popular = .4f,
						.length = .4f,
						.power = 1.5f,
						.gap = 8,
						.voters = CROWD_VOTERS};
static const struct crowd_weights without_order = {
	.popular = .3f, .length = .5f, .power = 2, .voters = CROWD_VOTERS};

static void scores_are_what_the_formulas_say(void **state)
{
	struct interaction v[COURSES];
	struct crowd_weights few = with_order;

	(void)state;
	few.voters = 7;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct shop s;

		open_shop(&s);
		fill(&s, seed);
		for (uint32_t u = 0; u < 20; u++) {
			struct crowd_question q = ask(&s, u, v);

			compare(&s, &q, &with_order);
			compare(&s, &q, &without_order);
			compare(&s, &q, &few);
		}
		profiles_free(s.profiles);
	}
}

static void nobody_votes_for_a_stranger_or_in_an_empty_shop(void **state)
{
	const struct interaction profile[] = {{3, 1, 0}};
	float scores[COURSES] = {0};
	uint32_t touched[COURSES];
	struct crowd_question q;
	struct shop s;

	(void)state;
	open_shop(&s);
	q = (struct crowd_question){s.profiles, &s.courses, 1, UINT32_MAX, profile, 1};
	assert_int_equal(crowd_score(&q, &with_order, scores, touched), 0);
	q.n_profile = 0;
	assert_int_equal(crowd_score(&q, &with_order, scores, touched), 0);
	add(s.profiles, 1, 3, EVENT_ENROLL, 1);
	add(s.profiles, 1, 4, EVENT_ENROLL, 2);
	q.self = 0; /* the only one who took it is the one who asks */
	q.n_profile = 1;
	assert_int_equal(crowd_score(&q, &with_order, scores, touched), 0);
	profiles_free(s.profiles);
}

static void an_event_told_now_counts_in_the_next_question(void **state)
{
	const struct interaction profile[] = {{3, 1, 0}};
	float scores[COURSES] = {0};
	uint32_t touched[COURSES];
	struct crowd_question q;
	struct shop s;

	(void)state;
	open_shop(&s);
	q = (struct crowd_question){s.profiles, &s.courses, 1, UINT32_MAX, profile, 1};
	crowd_score(&q, &with_order, scores, touched); /* nobody knows the course yet */
	add(s.profiles, 1, 3, EVENT_ENROLL, 1);
	crowd_score(&q, &with_order, scores, touched);
	assert_true(scores[5] == 0);
	add(s.profiles, 1, 5, EVENT_ENROLL, 2);
	memset(scores, 0, sizeof scores);
	crowd_score(&q, &with_order, scores, touched);
	assert_true(scores[5] > 0);
	profiles_free(s.profiles);
}

/* The catalogue is read anew: courses have other places. */
static void another_edition_of_the_catalogue_is_learnt(void **state)
{
	const struct interaction profile[] = {{3, 1, 0}}, moved[] = {{1, 1, 0}};
	float scores[COURSES] = {0}, again[COURSES] = {0};
	uint32_t touched[COURSES];
	struct crowd_question q;
	struct shop s;

	(void)state;
	open_shop(&s);
	add(s.profiles, 1, 3, EVENT_ENROLL, 1);
	add(s.profiles, 1, 5, EVENT_ENROLL, 2);
	q = (struct crowd_question){s.profiles, &s.courses, 1, UINT32_MAX, profile, 1};
	crowd_score(&q, &with_order, scores, touched);
	s.courses = (struct catalogue){.courses = s.v + 2, .n = COURSES - 2};
	q.edition = 2;
	q.profile = moved;
	crowd_score(&q, &with_order, again, touched);
	assert_true(scores[5] > 0);
	assert_true(again[3] == scores[5]);
	profiles_free(s.profiles);
}

static void the_database_gives_the_same_answers_as_living_through_it(void **state)
{
	struct store *store = kb_memory();
	struct shop live, read;
	struct err err;
	uint64_t x = 9;

	(void)state;
	open_shop(&live);
	open_shop(&read);
	assert_ok(store_begin(store, &err), err);
	for (int i = 0; i < EVENTS; i++) {
		char user[16], course[16];
		int learner = (int)(next_random(&x) % LEARNERS);
		int number = (int)(next_random(&x) % COURSES);

		snprintf(user, sizeof user, "u%d", learner);
		snprintf(course, sizeof course, "c%02d", number);
		kb_put(store, user, course, EVENT_ENROLL, (int64_t)i * 1000);
		add(live.profiles, learner, number, EVENT_ENROLL, i);
	}
	assert_ok(store_commit(store, &err), err);
	assert_ok(profiles_read(read.profiles, store, NULL, &err), err);
	for (uint32_t u = 0; u < LEARNERS; u++) {
		struct interaction v[COURSES], w[COURSES];
		float a[COURSES] = {0}, b[COURSES] = {0};
		uint32_t touched[COURSES];
		struct crowd_question q = ask(&live, u, v), r = ask(&read, u, w);

		crowd_score(&q, &with_order, a, touched);
		crowd_score(&r, &with_order, b, touched);
		assert_memory_equal(a, b, sizeof a);
	}
	profiles_free(live.profiles);
	profiles_free(read.profiles);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scores_are_what_the_formulas_say),
		cmocka_unit_test(nobody_votes_for_a_stranger_or_in_an_empty_shop),
		cmocka_unit_test(an_event_told_now_counts_in_the_next_question),
		cmocka_unit_test(another_edition_of_the_catalogue_is_learnt),
		cmocka_unit_test(the_database_gives_the_same_answers_as_living_through_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

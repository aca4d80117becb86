#include <math.h>
#include <stdlib.h>

#include "kb/crowd_part.h"
#include "text/mem.h"

enum { AHEAD = 6 }; /* voters whose histories are on their way from memory */

static const float back_share = .3f;

struct crowd *crowd_new(void)
{
	struct crowd *c = mem_zalloc(sizeof *c);

	c->found = mem_alloc((CROWD_TOUCH + 1) * sizeof *c->found);
	c->units = mem_alloc(CROWD_TOUCH * sizeof *c->units);
	c->wanted = mem_alloc(CROWD_TOUCH * sizeof *c->wanted);
	c->n_seen = mem_alloc(CROWD_TOUCH * sizeof *c->n_seen);
	c->voters = mem_alloc((CROWD_TOUCH + CROWD_VOTERS + 1) * sizeof *c->voters);
	c->length_power = NAN;
	return c;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	free(c->sums);
	free(c->found);
	free(c->units);
	free(c->wanted);
	free(c->n_seen);
	free(c->voters);
	free(c->numbers);
	free(c->shares);
	free(c->liked);
	free(c->voted);
	free(c->ballots);
	free(c);
}

/* ---- getting ready ---- */

static void *more_zeros(void *old, size_t n, size_t want, size_t size)
{
	char *v = mem_resize(old, want, size);

	memset(v + n * size, 0, (want - n) * size);
	return v;
}

static void fit_courses(struct crowd *c, uint32_t n)
{
	uint32_t had = c->n_courses;

	c->ballots = more_zeros(c->ballots, had, n, sizeof *c->ballots);
	c->shares = more_zeros(c->shares, had, n, sizeof *c->shares);
	c->liked = more_zeros(c->liked, had ? had / 64 + 1 : 0, n / 64 + 1, sizeof *c->liked);
	c->voted = mem_resize(c->voted, (size_t)n + 1, sizeof *c->voted);
	c->n_courses = n;
}

static void fit_catalogue(struct crowd *c, const struct crowd_question *q)
{
	uint32_t courses = profiles_courses(q->profiles), first = c->n_courses;

	if (c->edition != q->edition || c->n_items != q->courses->n) {
		c->edition = q->edition;
		c->n_items = q->courses->n;
		c->numbers = mem_resize(c->numbers, c->n_items + 1, sizeof *c->numbers);
		memset(c->numbers, 0xff, (c->n_items + 1) * sizeof *c->numbers);
		first = 0;
		c->n_looked = 0;
	}
	if (courses > c->n_courses)
		fit_courses(c, courses);
	for (uint32_t i = first; i < c->n_courses; i++)
		c->ballots[i].item = UNKNOWN;
}

static void fit(struct crowd *c, const struct crowd_question *q, const struct crowd_weights *w)
{
	size_t learners = profiles_users(q->profiles);

	if (learners > c->n_learners) {
		c->sums = more_zeros(c->sums, c->n_learners, learners, sizeof *c->sums);
		c->n_learners = learners;
	}
	fit_catalogue(c, q);
	if (c->length_power == w->length)
		return;
	c->length_power = w->length;
	for (int n = 0; n <= CROWD_HISTORY; n++)
		c->lengths[n] = powf((float)(n ? n : 1), -w->length);
}

static int32_t item_of(struct crowd *c, const struct crowd_question *q, uint32_t course)
{
	int32_t item = c->ballots[course].item;

	if (item != UNKNOWN)
		return item;
	item = catalogue_find(q->courses, profiles_course(q->profiles, course));
	if (item >= 0)
		c->numbers[item] = course;
	return c->ballots[course].item = item;
}

uint32_t crowd_number(const struct crowd_question *q, const struct interaction *x)
{
	uint32_t *number = &profiles_crowd(q->profiles)->numbers[x->item];

	if (*number == UINT32_MAX)
		*number = profiles_course_number(q->profiles, q->courses->courses[x->item].id);
	return *number;
}

int32_t crowd_item(const struct profiles *p, const struct catalogue *courses, uint64_t edition,
		   uint32_t course)
{
	const struct crowd_question q = {.profiles = p, .courses = courses, .edition = edition};
	struct crowd *c = profiles_crowd(p);

	fit_catalogue(c, &q);
	return item_of(c, &q, course);
}

/* After a change of the catalogue all items are to be looked for, a few with each question. */
static void look_ahead(struct crowd *c, const struct crowd_question *q)
{
	enum { EACH = 3000 };

	for (uint32_t left = EACH; left && c->n_looked < c->n_courses;) {
		uint32_t n = c->n_courses - c->n_looked;
		struct str ids[CATALOGUE_TOGETHER];

		n = n < CATALOGUE_TOGETHER ? n : CATALOGUE_TOGETHER;
		n = n < left ? n : left;
		for (uint32_t i = 0; i < n; i++)
			ids[i] = profiles_course(q->profiles, c->n_looked + i);
		catalogue_foretell(q->courses, ids, n);
		for (uint32_t i = 0; i < n; i++)
			item_of(c, q, c->n_looked++);
		left -= n;
	}
}

/* ---- what they vote for ---- */

static void forget_profile(struct crowd *c, const struct crowd_question *q)
{
	for (size_t i = 0; i < q->n_profile; i++) {
		uint32_t course = crowd_number(q, &q->profile[i]);

		if (course >= c->n_courses)
			continue;
		c->shares[course] = 0;
		c->liked[course / 64] = 0;
	}
}

struct voting {
	struct crowd *c;
	const struct crowd_question *q;
	const struct crowd_weights *w;
	float gaps[2 * GAP_MAX + 3]; /* g(d) at gap_place(d); 0 at both ends if there is an order */
};

static bool is_liked(const struct crowd *c, uint32_t course)
{
	return c->liked[course / 64] >> course % 64 & 1;
}

/* *strength = sum of a_i w_vi over a voter's history; the step of the latest course of both is returned,
 * or -1. */
static int32_t read_voter(const struct voting *v, const struct seen_brief *h, size_t n,
			  float *strength)
{
	const struct crowd *c = v->c;
	int32_t latest = -1, step = 0;
	float sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t course = seen_brief_course(h[i]);

		__builtin_prefetch(&c->ballots[course], 1);
		step += (int32_t)seen_brief_step(h[i]);
		if (is_liked(c, course) && c->shares[course] > 0) {
			sum += c->shares[course] * seen_brief_interest(h[i]);
			latest = step;
		}
	}
	*strength = sum;
	return latest;
}

/* Where d steps of time are in v->gaps. */
static int32_t gap_place(int32_t d)
{
	const int32_t end = GAP_MAX + 1;

	return (d < -end ? -end : d > end ? end : d) + end;
}

static void read_gaps(struct voting *v)
{
	for (int32_t d = -GAP_MAX - 1; d <= GAP_MAX + 1; d++) {
		float *gap = &v->gaps[gap_place(d)];

		if (v->w->gap <= 0 || d == 0)
			*gap = 1;
		else if (d < -GAP_MAX || d > GAP_MAX)
			*gap = 0;
		else if (d > 0)
			*gap = expf(-(float)(d - 1) / v->w->gap);
		else
			*gap = back_share * expf(-(float)(-d - 1) / v->w->gap);
	}
}

static void add_votes(struct voting *v, const struct seen_brief *h, size_t n, int32_t latest,
		      float strength)
{
	struct crowd *c = v->c;
	size_t n_voted = c->n_voted;
	int32_t step = -latest;

	for (size_t i = 0; i < n; i++) {
		uint32_t course = seen_brief_course(h[i]);
		float *votes = &c->ballots[course].votes, before = *votes, after;

		step += (int32_t)seen_brief_step(h[i]);
		after = before + strength * seen_brief_interest(h[i]) * v->gaps[gap_place(step)];
		c->voted[n_voted].item = course;
		n_voted += sparse_is_new(before, after);
		*votes = after;
	}
	c->n_voted = n_voted;
}

static void let_vote(struct voting *v, uint32_t learner)
{
	struct profile p = profiles_at(v->q->profiles, learner);
	size_t n = p.n < CROWD_HISTORY ? p.n : CROWD_HISTORY;
	const struct seen_brief *h = p.seen.briefs + (p.n - n);
	float strength, length = v->c->lengths[n];
	int32_t latest = read_voter(v, h, n, &strength);

	if (latest >= 0)
		add_votes(v, h, n, latest, powf(strength * length, v->w->power));
}

/* The votes become those for items; those for courses that are not in the catalogue are lost. How many. */
static size_t take_votes(struct crowd *c, const struct crowd_question *q)
{
	struct sparse_one *v = c->voted;
	size_t n = 0;

	for (size_t i = 0; i < c->n_voted; i++) {
		uint32_t course = v[i].item;
		struct ballot *b = &c->ballots[course];
		int32_t item = b->item == UNKNOWN ? item_of(c, q, course) : b->item;
		float votes = b->votes;

		b->votes = 0;
		v[n] = (struct sparse_one){(uint32_t)item, is_liked(c, course) ? -votes : votes};
		n += item >= 0;
	}
	c->n_voted = 0;
	return n;
}

size_t crowd_votes(const struct crowd_question *q, const struct crowd_weights *w,
		   struct sparse_one **out)
{
	struct crowd *c = profiles_crowd(q->profiles);
	struct voting v = {.c = c, .q = q, .w = w};
	size_t n;

	read_gaps(&v);
	fit(c, q, w);
	look_ahead(c, q);
	crowd_call(c, q, w);
	for (size_t i = 0; i < c->n_voters; i++) {
		if (i + AHEAD < c->n_voters)
			profiles_fetch(q->profiles, c->voters[i + AHEAD].learner);
		let_vote(&v, c->voters[i].learner);
	}
	n = take_votes(c, q);
	forget_profile(c, q);
	*out = c->voted;
	return n;
}

size_t crowd_score(const struct crowd_question *q, const struct crowd_weights *w, float *scores,
		   uint32_t *touched)
{
	struct sparse_one *votes;
	size_t n = crowd_votes(q, w, &votes);

	for (size_t i = 0; i < n; i++) {
		touched[i] = votes[i].item;
		scores[votes[i].item] = fabsf(votes[i].x);
	}
	return n;
}

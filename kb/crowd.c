#include "kb/crowd.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

enum {
	GAP_MAX = 40,	/* steps further apart give nothing */
	UNIT = 1 << 22, /* of sums: whole numbers add up alike in any order */
	UNKNOWN = -2,	/* course whose item was not looked for yet; -1: it has none */
};

static const float back_share = .3f;

struct voter {
	float strength;
	uint32_t learner;
	uint64_t key;
};

/* One thing in a voter's history. */
struct thing {
	int32_t item;
	int32_t step;
	float weight;
};

struct crowd {
	uint32_t *sums; /* by learner; 0 between questions */
	size_t n_learners;
	struct voter *found; /* CROWD_TOUCH */
	size_t n_found;

	uint64_t edition; /* of the catalogue that `items` is about */
	int32_t *items;	  /* by number of course */
	uint32_t n_courses;
	float *shares; /* a_i by item; 0 between questions */
	size_t n_items;

	float length_power; /* that `lengths` is about */
	float lengths[CROWD_HISTORY + 1];
	struct thing things[CROWD_HISTORY];
};

struct crowd *crowd_new(void)
{
	struct crowd *c = mem_zalloc(sizeof *c);

	c->found = mem_alloc(CROWD_TOUCH * sizeof *c->found);
	c->length_power = NAN;
	return c;
}

void crowd_free(struct crowd *c)
{
	if (!c)
		return;
	free(c->sums);
	free(c->found);
	free(c->items);
	free(c->shares);
	free(c);
}

/* ---- getting ready ---- */

static void *more_zeros(void *old, size_t n, size_t want, size_t size)
{
	char *v = mem_resize(old, want, size);

	memset(v + n * size, 0, (want - n) * size);
	return v;
}

static void fit_catalogue(struct crowd *c, const struct crowd_question *q)
{
	uint32_t courses = profiles_courses(q->profiles), first = c->n_courses;

	if (c->edition != q->edition || c->n_items != q->courses->n) {
		c->edition = q->edition;
		first = 0;
		free(c->shares);
		c->n_items = q->courses->n;
		c->shares = mem_zalloc((c->n_items + 1) * sizeof *c->shares);
	}
	if (courses > c->n_courses) {
		c->items = mem_resize(c->items, courses, sizeof *c->items);
		c->n_courses = courses;
	}
	for (uint32_t i = first; i < c->n_courses; i++)
		c->items[i] = UNKNOWN;
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
	if (c->items[course] == UNKNOWN)
		c->items[course] = catalogue_find(q->courses, profiles_course(q->profiles, course));
	return c->items[course];
}

/* ---- who votes ---- */

static void find_takers(struct crowd *c, const struct takers *t, uint32_t self, float share)
{
	uint32_t units = (uint32_t)(share * UNIT);
	size_t n = t->n;

	if (n > CROWD_TOUCH - c->n_found)
		n = CROWD_TOUCH - c->n_found;
	for (size_t i = 0; i < n; i++) {
		uint32_t learner = t->v[i].learner;

		if (learner == self)
			continue;
		if (!c->sums[learner])
			c->found[c->n_found++].learner = learner;
		c->sums[learner] += units ? units : 1;
	}
}

/* a_i of the whole profile to c->shares, the learners of its items to c->found. */
static void find_voters(struct crowd *c, const struct crowd_question *q,
			const struct crowd_weights *w)
{
	size_t step = 0, left = CROWD_TOUCH;

	for (size_t p = q->n_profile; p-- > 0;) {
		const struct interaction *x = &q->profile[p];
		struct takers t = profiles_takers(
			q->profiles,
			profiles_course_number(q->profiles, q->courses->courses[x->item].id));
		float share;

		if (p + 1 < q->n_profile && x->at != x[1].at)
			step++;
		if (!t.total)
			continue;
		share = x->weight * powf((float)(1 + step), -w->step) *
			powf((float)t.total, -w->popular);
		c->shares[x->item] = share;
		if (t.n <= left) {
			left -= t.n;
			find_takers(c, &t, q->self, share);
		}
	}
}

static bool votes_before(const struct voter *a, const struct voter *b)
{
	return a->strength != b->strength ? a->strength > b->strength : a->key < b->key;
}

/* The n first in order of votes_before to the front (Hoare's selection). */
static void select_voters(struct voter *v, size_t n_v, size_t n)
{
	size_t low = 0, high = n_v;

	while (high - low > 1) {
		struct voter pivot = v[low + (high - low) / 2];
		size_t i = low, j = high - 1;

		for (;; i++, j--) {
			struct voter swap;

			while (votes_before(&v[i], &pivot))
				i++;
			while (votes_before(&pivot, &v[j]))
				j--;
			if (i >= j)
				break;
			swap = v[i];
			v[i] = v[j];
			v[j] = swap;
		}
		/* Before i nobody comes after the pivot, from j + 1 nobody before it. */
		if (n <= i)
			high = i;
		else
			low = i == j ? i + 1 : i;
	}
}

static int by_key(const void *a, const void *b)
{
	const struct voter *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* The voters to the front of c->found, in an order that is the same every time; the sums are 0
 * again. */
static size_t call_voters(struct crowd *c, const struct profiles *p, uint32_t voters)
{
	size_t n = c->n_found < voters ? c->n_found : voters;

	for (size_t i = 0; i < c->n_found; i++) {
		struct voter *v = &c->found[i];
		size_t length = profiles_at(p, v->learner).n;

		v->strength = (float)c->sums[v->learner] *
			      c->lengths[length < CROWD_HISTORY ? length : CROWD_HISTORY];
		v->key = profiles_key(p, v->learner);
		c->sums[v->learner] = 0;
	}
	if (n < c->n_found)
		select_voters(c->found, c->n_found, n);
	qsort(c->found, n, sizeof *c->found, by_key);
	return n;
}

/* ---- what they vote for ---- */

struct voting {
	struct crowd *c;
	const struct crowd_question *q;
	const struct crowd_weights *w;
	float gaps[GAP_MAX + 1];
	float *scores;
	uint32_t *touched;
	size_t n_touched;
};

/* The history of a voter to c->things; *strength = sum of a_i w_vi; the step of the latest item of
 * both is returned, or -1. */
static int32_t read_voter(struct voting *v, struct profile p, float *strength)
{
	struct crowd *c = v->c;
	int32_t latest = -1, step = 0;
	float sum = 0;

	for (size_t i = 0; i < p.n; i++) {
		struct thing *t = &c->things[i];

		if (i > 0 && p.seen[i].at_unix_ms != p.seen[i - 1].at_unix_ms)
			step++;
		*t = (struct thing){item_of(c, v->q, p.seen[i].course), step, p.seen[i].weight};
		if (t->item >= 0 && c->shares[t->item] > 0) {
			sum += c->shares[t->item] * t->weight;
			latest = step;
		}
	}
	*strength = sum;
	return latest;
}

static float gap_of(const struct voting *v, int32_t d)
{
	if (v->w->gap <= 0)
		return 1;
	if (d < -GAP_MAX || d > GAP_MAX)
		return 0;
	return d < 0 ? back_share * v->gaps[-d] : v->gaps[d];
}

static void add_votes(struct voting *v, size_t n, int32_t latest, float strength)
{
	for (size_t i = 0; i < n; i++) {
		const struct thing *t = &v->c->things[i];
		float vote = strength * t->weight * gap_of(v, t->step - latest);

		if (t->item < 0 || vote <= 0)
			continue;
		if (v->scores[t->item] == 0)
			v->touched[v->n_touched++] = (uint32_t)t->item;
		v->scores[t->item] += vote;
	}
}

static void let_vote(struct voting *v, uint32_t learner)
{
	struct profile p = profiles_at(v->q->profiles, learner);
	float strength, length;
	int32_t latest;

	length = v->c->lengths[p.n < CROWD_HISTORY ? p.n : CROWD_HISTORY];
	if (p.n > CROWD_HISTORY) {
		p.seen += p.n - CROWD_HISTORY;
		p.n = CROWD_HISTORY;
	}
	latest = read_voter(v, p, &strength);
	if (latest >= 0)
		add_votes(v, p.n, latest, powf(strength * length, v->w->power));
}

size_t crowd_score(const struct crowd_question *q, const struct crowd_weights *w, float *scores,
		   uint32_t *touched)
{
	struct crowd *c = profiles_crowd(q->profiles);
	struct voting v = {
		.c = c, .q = q, .w = w, .gaps = {1}, .scores = scores, .touched = touched};
	size_t voters;

	for (int d = 1; w->gap > 0 && d <= GAP_MAX; d++)
		v.gaps[d] = expf(-(float)(d - 1) / w->gap);
	fit(c, q, w);
	c->n_found = 0;
	find_voters(c, q, w);
	voters = call_voters(c, q->profiles, w->voters);
	for (size_t i = 0; i < voters; i++)
		let_vote(&v, c->found[i].learner);
	for (size_t i = 0; i < q->n_profile; i++)
		c->shares[q->profile[i].item] = 0;
	return v.n_touched;
}

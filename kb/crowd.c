#include "kb/crowd.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

enum {
	GAP_MAX = 40,	 /* steps further apart give nothing */
	UNIT = 1 << 22,	 /* of sums: whole numbers add up alike in any order */
	UNKNOWN = -2,	 /* course whose item was not looked for yet; -1: it has none */
	LEVELS = 1024,	 /* of strength, 16 an octave */
	SUMS_AHEAD = 24, /* learners whose sums are on their way from memory … */
	AHEAD = 6,	 /* … voters whose histories are on their way from memory */
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
	uint32_t *found; /* learners; CROWD_TOUCH */
	size_t n_found;
	uint32_t *units;      /* of each found: his sum */
	uint32_t *wanted;     /* those whose lengths are asked for … */
	uint32_t *n_things;   /* … and the answer */
	struct voter *voters; /* and room to sort them */
	size_t n_voters;

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

	c->found = mem_alloc((CROWD_TOUCH + 1) * sizeof *c->found);
	c->units = mem_alloc(CROWD_TOUCH * sizeof *c->units);
	c->wanted = mem_alloc(CROWD_TOUCH * sizeof *c->wanted);
	c->n_things = mem_alloc(CROWD_TOUCH * sizeof *c->n_things);
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
	free(c->n_things);
	free(c->voters);
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

/* Without branches: who is met for the first time cannot be foretold. */
static void find_takers(struct crowd *c, const struct takers *t, float share)
{
	uint32_t units = (uint32_t)(share * UNIT), *sums = c->sums, *found = c->found;
	size_t n_found = c->n_found;

	units = units ? units : 1;
	for (size_t i = 0; i < t->n; i++) {
		uint32_t learner = t->v[i].learner, sum = sums[learner];

		if (i + SUMS_AHEAD < t->n)
			__builtin_prefetch(&sums[t->v[i + SUMS_AHEAD].learner], 1);
		found[n_found] = learner;
		n_found += !sum;
		sums[learner] = sum + units;
	}
	c->n_found = n_found;
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
			find_takers(c, &t, share);
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

/* Rises with x; what is less than 1 is all one. */
static uint32_t level_of(float x)
{
	uint32_t bits;

	if (!(x >= 1))
		return 0;
	memcpy(&bits, &x, sizeof bits);
	bits = (bits >> 19) - (127u << 4) + 1;
	return bits < LEVELS ? bits : LEVELS - 1;
}

/* The greatest level that `want` of those counted reach; 0 when they are fewer. */
static uint32_t level_reached(const uint32_t counts[LEVELS], size_t want)
{
	uint32_t level = LEVELS;
	size_t n = 0;

	while (level > 0 && n < want)
		n += counts[--level];
	return level;
}

/* The sums of those found to c->units, and cleared. */
static void take_sums(struct crowd *c, uint32_t self, uint32_t counts[LEVELS])
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_found; i++) {
		uint32_t learner = c->found[i], units = c->sums[learner];

		c->sums[learner] = 0;
		c->found[n] = learner;
		c->units[n] = units;
		if (learner == self)
			continue;
		counts[level_of((float)units)]++;
		n++;
	}
	c->n_found = n;
}

/* Those found whose sum is of that level become voters with a strength; the others stay found. */
static void weigh_voters(struct crowd *c, const struct profiles *p, uint32_t level)
{
	struct voter *v = c->voters + c->n_voters;
	size_t n = 0, left = 0;

	for (size_t i = 0; i < c->n_found; i++) {
		uint32_t learner = c->found[i], units = c->units[i];
		bool taken = level_of((float)units) >= level;

		v[n] = (struct voter){.strength = (float)units, .learner = learner};
		c->wanted[n] = learner;
		c->found[left] = learner;
		c->units[left] = units;
		n += taken;
		left += !taken;
	}
	profiles_lengths(p, c->wanted, n, c->n_things);
	for (size_t i = 0; i < n; i++)
		v[i].strength *=
			c->lengths[c->n_things[i] < CROWD_HISTORY ? c->n_things[i] : CROWD_HISTORY];
	c->n_voters += n;
	c->n_found = left;
}

static void count_voters(const struct crowd *c, uint32_t counts[LEVELS])
{
	memset(counts, 0, LEVELS * sizeof *counts);
	for (size_t i = 0; i < c->n_voters; i++)
		counts[level_of(c->voters[i].strength)]++;
}

/* Of the voters, those who are of the level or above to the front; *above of them are above it. */
static void keep_voters(struct crowd *c, const struct profiles *p, uint32_t level, size_t *above)
{
	size_t n = 0;

	*above = 0;
	for (size_t i = 0; i < c->n_voters; i++) {
		struct voter v = c->voters[i];
		uint32_t its = level_of(v.strength);

		if (its < level)
			continue;
		v.key = profiles_key(p, v.learner);
		c->voters[n] = v;
		if (its > level) {
			c->voters[n] = c->voters[*above];
			c->voters[(*above)++] = v;
		}
		n++;
	}
	c->n_voters = n;
}

/* Keys are hashes: after dealing them out by their first bits they are nearly in order. */
static void sort_voters(struct crowd *c)
{
	enum { BITS = 10 };
	uint32_t ends[(1 << BITS) + 1] = {0};
	struct voter *v = c->voters, *sorted = c->voters + c->n_voters;
	size_t n = c->n_voters;

	for (size_t i = 0; i < n; i++)
		ends[(v[i].key >> (64 - BITS)) + 1]++;
	for (size_t b = 0; b < 1 << BITS; b++)
		ends[b + 1] += ends[b];
	for (size_t i = 0; i < n; i++)
		sorted[ends[v[i].key >> (64 - BITS)]++] = v[i];
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at > 0 && v[at - 1].key > sorted[i].key; at--)
			v[at] = v[at - 1];
		v[at] = sorted[i];
	}
}

/* Who votes, to c->voters, in an order that is the same every time; the sums are 0 again. How long
 * a history is lies far away in memory and can only make weaker: it is asked of those alone whose
 * sum could be enough. */
static void call_voters(struct crowd *c, const struct crowd_question *q, uint32_t voters)
{
	uint32_t counts[LEVELS] = {0}, level;
	size_t above;

	c->n_voters = 0;
	take_sums(c, q->self, counts);
	level = level_reached(counts, voters);
	weigh_voters(c, q->profiles, level);
	count_voters(c, counts);
	level = level_reached(counts, voters);
	weigh_voters(c, q->profiles, level);
	count_voters(c, counts);
	keep_voters(c, q->profiles, level_reached(counts, voters), &above);
	if (c->n_voters > voters) {
		select_voters(c->voters + above, c->n_voters - above, voters - above);
		c->n_voters = voters;
	}
	sort_voters(c);
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
		*t = (struct thing){item_of(c, v->q, p.seen[i].course), step,
				    seen_interest(&p.seen[i])};
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

	for (int d = 1; w->gap > 0 && d <= GAP_MAX; d++)
		v.gaps[d] = expf(-(float)(d - 1) / w->gap);
	fit(c, q, w);
	c->n_found = 0;
	find_voters(c, q, w);
	call_voters(c, q, w->voters);
	for (size_t i = 0; i < c->n_voters; i++) {
		if (i + AHEAD < c->n_voters)
			profiles_fetch(q->profiles, c->voters[i + AHEAD].learner);
		let_vote(&v, c->voters[i].learner);
	}
	for (size_t i = 0; i < q->n_profile; i++)
		c->shares[q->profile[i].item] = 0;
	return v.n_touched;
}

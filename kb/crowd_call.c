#include <math.h>

#include "kb/crowd_part.h"

enum { SUMS_AHEAD = 24 }; /* learners whose sums are on their way from memory */

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

/* Will be read next: what lies behind its beginning the processor fetches by itself. */
static void fetch_takers(const struct crowd_question *q, const struct interaction *x)
{
	struct takers t = profiles_takers(q->profiles, crowd_number(q, x));

	if (!t.n)
		return;
	__builtin_prefetch(t.v);
	__builtin_prefetch(t.v + 8);
}

/* a_i of the whole profile to c->shares, the learners of its items to c->found. */
static void find_voters(struct crowd *c, const struct crowd_question *q,
			const struct crowd_weights *w)
{
	size_t step = 0, left = CROWD_TOUCH;

	for (size_t p = q->n_profile; p-- > 0;) {
		const struct interaction *x = &q->profile[p];
		uint32_t course = crowd_number(q, x);
		struct takers t = profiles_takers(q->profiles, course);
		float share;

		if (p > 0)
			fetch_takers(q, x - 1);
		if (p + 1 < q->n_profile && x->at != x[1].at)
			step++;
		if (course < c->n_courses)
			c->liked[course / 64] |= UINT64_C(1) << course % 64;
		if (!t.total)
			continue;
		share = x->weight * powf((float)(1 + step), -w->step) *
			powf((float)t.total, -w->popular);
		c->shares[course] = share;
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

/* The least sum of that level. */
static uint32_t least_of(uint32_t level)
{
	uint32_t low = 0, high = UINT32_MAX;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (level_of((float)mid) >= level)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* The sums of those found to c->units, and cleared. Most are of a few levels: counted by turns in two places, so
 * that one count need not wait for the one before. */
static void take_sums(struct crowd *c, uint32_t self, uint32_t counts[LEVELS])
{
	uint32_t others[LEVELS] = {0}, *const by_turn[2] = {counts, others};
	size_t n = 0;

	for (size_t i = 0; i < c->n_found; i++) {
		uint32_t learner = c->found[i], units = c->sums[learner];

		if (i + SUMS_AHEAD < c->n_found)
			__builtin_prefetch(&c->sums[c->found[i + SUMS_AHEAD]], 1);
		c->sums[learner] = 0;
		c->found[n] = learner;
		c->units[n] = units;
		if (learner == self)
			continue;
		by_turn[i % 2][level_of((float)units)]++;
		n++;
	}
	for (size_t level = 0; level < LEVELS; level++)
		counts[level] += others[level];
	c->n_found = n;
}

/* Those found whose sum is from `least` to below `most` become voters with a strength. */
static void weigh_voters(struct crowd *c, const struct profiles *p, uint32_t least, uint32_t most)
{
	struct voter *v = c->voters + c->n_voters;
	size_t n = 0;

	for (size_t i = 0; i < c->n_found; i++) {
		uint32_t learner = c->found[i], units = c->units[i];

		v[n].strength = (float)units;
		c->wanted[n] = learner;
		n += units - least < most - least;
	}
	profiles_lengths(p, c->wanted, n, c->n_seen);
	for (size_t i = 0; i < n; i++) {
		v[i].strength *=
			c->lengths[c->n_seen[i] < CROWD_HISTORY ? c->n_seen[i] : CROWD_HISTORY];
		v[i].learner = c->wanted[i];
	}
	c->n_voters += n;
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
		c->voters[n] = v;
		if (its > level) {
			c->voters[n] = c->voters[*above];
			c->voters[(*above)++] = v;
		}
		n++;
	}
	for (size_t i = 0; i < n; i++) { /* from far away: without a branch between */
		c->voters[i].key = profiles_key(p, c->voters[i].learner);
		profiles_foretell(p, c->voters[i].learner);
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

/* How long a history is lies far away in memory and can only make weaker: it is asked of those alone whose
 * sum could be enough. */
static void choose_voters(struct crowd *c, const struct crowd_question *q, uint32_t voters)
{
	uint32_t counts[LEVELS] = {0}, first, least;
	size_t above;

	c->n_voters = 0;
	take_sums(c, q->self, counts);
	first = least_of(level_reached(counts, voters));
	weigh_voters(c, q->profiles, first, UINT32_MAX);
	count_voters(c, counts);
	least = least_of(level_reached(counts, voters));
	if (least < first)
		weigh_voters(c, q->profiles, least, first);
	count_voters(c, counts);
	keep_voters(c, q->profiles, level_reached(counts, voters), &above);
	if (c->n_voters > voters) {
		select_voters(c->voters + above, c->n_voters - above, voters - above);
		c->n_voters = voters;
	}
	sort_voters(c);
}

void crowd_call(struct crowd *c, const struct crowd_question *q, const struct crowd_weights *w)
{
	c->n_found = 0;
	find_voters(c, q, w);
	choose_voters(c, q, w->voters);
}

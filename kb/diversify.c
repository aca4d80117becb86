#include "kb/diversify.h"

#include <math.h>

/* What of v[from..n) to take next: `near` is each one's likeness with the list so far. */
static size_t choose(const struct diversify *d, const struct ranked *v, const float *near,
		     size_t from, size_t n, float top)
{
	float most = -INFINITY;
	size_t best = from;

	for (size_t i = from; i < n; i++) {
		float worth = (1 - d->diversity) * v[i].score / top - d->diversity * near[i];

		if (worth > most) {
			most = worth;
			best = i;
		}
	}
	return best;
}

/* Takes v[at] to the place `to`, moving those between by one, so that order is kept. */
static void move(struct ranked *v, float *near, size_t at, size_t to)
{
	struct ranked one = v[at];
	float its = near[at];

	memmove(v + to + 1, v + to, (at - to) * sizeof *v);
	memmove(near + to + 1, near + to, (at - to) * sizeof *near);
	v[to] = one;
	near[to] = its;
}

static void sort_by_score(struct ranked *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct ranked one = v[i];
		size_t at = i;

		for (; at > 0 && (v[at - 1].score < one.score ||
				  (!(v[at - 1].score > one.score) && v[at - 1].item > one.item));
		     at--)
			v[at] = v[at - 1];
		v[at] = one;
	}
}

size_t diversify(const struct diversify *d, struct arena *a, struct ranked *v, size_t n, size_t k)
{
	float *near = ARENA_ARRAY(a, float, n), top = n ? v[0].score : 0;

	if (n <= k || d->diversity <= 0 || top <= 0)
		return n < k ? n : k;
	for (size_t taken = 0; taken < k; taken++) {
		move(v, near, choose(d, v, near, taken, n, top), taken);
		for (size_t i = taken + 1; i < n && taken + 1 < k; i++)
			near[i] = fmaxf(near[i], d->alike(d->arg, v[taken].item, v[i].item));
	}
	sort_by_score(v, k);
	return k;
}

double diversify_measure(const struct diversify *d, const uint32_t *items, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			sum += 1 - (double)d->alike(d->arg, items[i], items[j]);
	return n > 1 ? sum * 2 / ((double)n * (double)(n - 1)) : 0;
}

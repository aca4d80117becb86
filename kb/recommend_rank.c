#include "kb/diversify.h"
#include "kb/recommend_reason.h"
#include "kb/recommend_work.h"

enum { MORE_MAX = 30 }; /* candidates beside those that a list has room for */

bool work_is_candidate(const struct work *w, uint32_t item)
{
	if (!work_passes(w, item))
		return false;
	if (w->mode == MODE_TEXT)
		return w->part[PART_WORDS][item] > 0;
	return w->mode == MODE_LEARNER || w->part[PART_TASTE][item] > 0 ||
	       w->part[PART_ALIKE][item] > 0;
}

/* The `max` best, in order; ties go to the smaller item. */
static size_t rank(const struct work *w, struct ranked *best, size_t max)
{
	float parts[PARTS];
	size_t n = 0;

	for (uint32_t i = 0; i < w->r->courses->n; i++) {
		float score;
		size_t at;

		if (n == max && !work_may_reach(w, i, best[n - 1].score))
			continue;
		if (!work_is_candidate(w, i))
			continue;
		score = work_parts(w, i, parts);
		if (n == max && score <= best[n - 1].score)
			continue;
		for (at = n < max ? n++ : n - 1; at > 0 && best[at - 1].score < score; at--)
			best[at] = best[at - 1];
		best[at] = (struct ranked){i, score};
	}
	return n;
}

static struct recommended write_one(struct work *w, const struct ranked *ranked)
{
	struct recommended out = {.course = &w->r->courses->courses[ranked->item],
				  .score = (double)ranked->score};
	struct reason_from from;

	work_parts(w, ranked->item, out.parts);
	from = reason_find(w, ranked->item, out.parts);
	out.because = reason_name(from.kind);
	out.reason = reason_text(w->a, &from, w->q->reply_lang);
	return out;
}

/* How much of `item`, which is in the list, `other` would repeat. */
static float repeated(const void *arg, uint32_t item, uint32_t other)
{
	return work_likeness(arg, item, other);
}

static float alike(const void *arg, uint32_t item, uint32_t other)
{
	return (float)recommend_likeness(arg, item, other);
}

/* Who searches for words wants what has them, alike or not. */
static float diversity_of(const struct work *w)
{
	if (w->q->tuning && w->q->tuning->diversity >= 0)
		return w->q->tuning->diversity;
	return w->mode == MODE_TEXT ? 0 : RECOMMEND_DIVERSITY;
}

double recommend_likeness(const struct recommender *r, uint32_t item, uint32_t other)
{
	return ((double)work_likeness(r, item, other) + (double)work_likeness(r, other, item)) / 2;
}

double recommend_diversity(const struct recommender *r, const uint32_t *items, size_t n)
{
	return diversify_measure(&(struct diversify){0, alike, r}, items, n);
}

void work_list(struct work *w, struct recommended_list *out)
{
	const struct diversify d = {diversity_of(w), repeated, w->r};
	struct ranked best[RECOMMEND_COUNT_MAX + MORE_MAX];
	size_t count = w->q->count < RECOMMEND_COUNT_MAX ? w->q->count : RECOMMEND_COUNT_MAX;
	size_t more = 2 * count < MORE_MAX ? 2 * count : MORE_MAX;
	size_t n = count ? rank(w, best, count + more) : 0;
	struct recommended *v;

	n = diversify(&d, w->a, best, n, count);
	v = ARENA_ARRAY(w->a, struct recommended, n);
	for (size_t i = 0; i < n; i++)
		v[i] = write_one(w, &best[i]);
	out->v = v;
	out->n = n;
}

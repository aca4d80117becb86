#include <math.h>

#include "kb/diversify.h"
#include "kb/recommend_reason.h"
#include "kb/recommend_work.h"

enum { MORE_MAX = 30 }; /* candidates beside those that a list has room for */

bool work_is_candidate(const struct work *w, uint32_t item)
{
	if (!work_passes(w, item))
		return false;
	if (w->mode == MODE_TEXT)
		return w->words[item] > 0;
	return w->mode == MODE_LEARNER || sparse_get(&w->s->taste, item) > 0 ||
	       sparse_get(&w->s->alike, item) > 0;
}

/* The best so far, in order; ties go to the smaller item. */
struct best {
	struct ranked *v;
	size_t n, max;
	const struct work *by_price; /* NULL: by score alone */
};

/* < 0: a is cheaper, or nearer to the price that was asked for. Unknown prices come last. */
static int compare_prices(const struct work *w, uint32_t a, uint32_t b)
{
	bool near = w->without & 1u << FILTER_PRICE;
	double x = near ? work_price_distance(w, a) : w->r->courses->courses[a].price;
	double y = near ? work_price_distance(w, b) : w->r->courses->courses[b].price;

	if (x < 0 || y < 0)
		return (x < 0) - (y < 0);
	return (x > y) - (x < y);
}

static bool comes_before(const struct best *best, const struct ranked *a, const struct ranked *b)
{
	int by_price = best->by_price ? compare_prices(best->by_price, a->item, b->item) : 0;

	if (by_price)
		return by_price < 0;
	return a->score > b->score || (!(a->score < b->score) && a->item < b->item);
}

static void put(const struct work *w, struct best *b, uint32_t item)
{
	struct ranked one = {.item = item};
	float parts[PARTS];
	size_t at;

	one.score = work_parts(w, item, parts);
	if (b->n == b->max && !comes_before(b, &one, &b->v[b->n - 1]))
		return;
	for (at = b->n < b->max ? b->n++ : b->n - 1; at > 0 && comes_before(b, &one, &b->v[at - 1]);
	     at--)
		b->v[at] = b->v[at - 1];
	b->v[at] = one;
}

static void consider(const struct work *w, struct best *b, uint32_t item)
{
	if (b->n == b->max && !work_may_reach(w, item, b->v[b->n - 1].score))
		return;
	if (work_is_candidate(w, item))
		put(w, b, item);
}

/* Nothing is like the courses asked about, as with a new one that shares no word: what else there is
 * in their categories. How many. */
static size_t rank_at_home(const struct work *w, struct best *b)
{
	for (uint32_t i = 0; i < w->r->courses->n; i++)
		if (w->r->category[i] < w->r->n_categories && w->at_home[w->r->category[i]] > 0 &&
		    work_passes(w, i))
			put(w, b, i);
	return b->n;
}

/* Nothing of which taste and likeness make `most` can be among the best. */
static bool is_settled(const struct work *w, const struct best *b, float most)
{
	return b->n == b->max && !(most + w->bound > b->v[b->n - 1].score);
}

/* Looks at the items of a list but those of another (NULL: none). A number weighs `weight`, and the item has at
 * most `more` of taste, likeness and words beside: nearly all go by that, without reaching for anything else. */
static void consider_list(const struct work *w, struct best *b, const struct sparse *s,
			  const struct sparse *others, float weight, float more)
{
	for (size_t i = 0; i < s->n; i++) {
		uint32_t item = s->list[i].item;

		if (is_settled(w, b, weight * s->list[i].x + more))
			continue;
		if (!others || sparse_get(others, item) == 0)
			consider(w, b, item);
	}
}

/* Scores say nothing of prices: all are looked at. */
static size_t rank_by_price(const struct work *w, struct ranked *best, size_t max)
{
	struct best b = {best, 0, max, w};

	for (uint32_t i = 0; i < w->r->courses->n; i++)
		if (work_is_candidate(w, i))
			put(w, &b, i);
	return b.n || w->mode != MODE_LIKE ? b.n : rank_at_home(w, &b);
}

/* The courses that have taste first, then those that are like something: mostly none of the others can be
 * among the best by then, and they are not looked at. */
static size_t rank(const struct work *w, struct ranked *best, size_t max)
{
	struct sparse *taste = &w->s->taste, *alike = &w->s->alike;
	const float *of = w->blend.of;
	bool words = w->mode == MODE_TEXT;
	float by_words = words ? INFINITY : 0;
	struct best b = {best, 0, max, NULL};

	consider_list(w, &b, taste, NULL, of[PART_TASTE], of[PART_ALIKE] + by_words);
	if (words || !is_settled(w, &b, of[PART_ALIKE])) {
		sparse_list(alike);
		consider_list(w, &b, alike, taste, of[PART_ALIKE], by_words);
	}
	if (w->mode == MODE_LIKE)
		return b.n ? b.n : rank_at_home(w, &b);
	if (!words && is_settled(w, &b, 0))
		return b.n;
	for (uint32_t i = 0; i < w->r->courses->n; i++)
		if (sparse_get(taste, i) == 0 && sparse_get(alike, i) == 0)
			consider(w, &b, i);
	return b.n;
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
	bool by_price = w->q->by_price || w->without & 1u << FILTER_PRICE;
	size_t n = !count     ? 0
		   : by_price ? rank_by_price(w, best, count)
			      : rank(w, best, count + more);
	struct recommended *v;

	if (!by_price)
		n = diversify(&d, w->a, best, n, count);
	v = ARENA_ARRAY(w->a, struct recommended, n);
	for (size_t i = 0; i < n; i++)
		v[i] = write_one(w, &best[i]);
	out->v = v;
	out->n = n;
}

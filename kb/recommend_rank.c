#include <math.h>
#include <string.h>

#include "kb/recommend_reason.h"
#include "kb/recommend_work.h"

bool work_is_candidate(const struct work *w, uint32_t item)
{
	if (!work_passes(w, item))
		return false;
	if (w->mode == MODE_TEXT)
		return w->part[PART_WORDS][item] > 0;
	return w->mode == MODE_LEARNER || w->part[PART_TASTE][item] > 0 ||
	       w->part[PART_ALIKE][item] > 0;
}

struct ranked {
	uint32_t item;
	float score;
};

/* The `max` best, in order; ties go to the smaller item. */
static size_t rank(const struct work *w, struct ranked *best, size_t max)
{
	float parts[PARTS];
	size_t n = 0;

	for (uint32_t i = 0; i < w->r->courses->n; i++) {
		float score;
		size_t at;

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

/* ---- diversity ---- */

/* Candidates for each place of the list. */
enum { POOL_TIMES = 5 };

/* How alike `item` is to the most alike of those chosen. */
static float nearest(const struct work *w, const struct ranked *chosen, size_t n, uint32_t item)
{
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		float alike = content_likeness(w->r->content, chosen[i].item, item);

		most = alike > most ? alike : most;
	}
	return most;
}

/* Maximal marginal relevance (Carbonell, Goldstein 1998, The use of MMR, SIGIR): place after place, the one
 * with the most of (1 - d) score / best score - d likeness to the nearest before it. Reorders `best`
 * so that the first `want` are the list; ties go to the better one. */
static void diversify(const struct work *w, struct ranked *best, size_t n, size_t want, float d)
{
	float top = n && best[0].score > 0 ? best[0].score : 1;

	for (size_t at = 1; at < want && at < n; at++) {
		size_t pick = at;
		float most = -INFINITY;
		struct ranked picked;

		for (size_t i = at; i < n; i++) {
			float worth = (1 - d) * best[i].score / top -
				      d * nearest(w, best, at, best[i].item);

			if (worth > most) {
				most = worth;
				pick = i;
			}
		}
		picked = best[pick];
		memmove(best + at + 1, best + at, (pick - at) * sizeof *best);
		best[at] = picked;
	}
}

/* The `count` courses of the list, in order; `best` has room for RECOMMEND_COUNT_MAX. */
static size_t choose(const struct work *w, struct ranked *best, size_t count)
{
	float d = w->q->tuning ? w->q->tuning->diversity : 0;
	size_t pool = count * POOL_TIMES, n;

	if (d <= 0)
		return rank(w, best, count);
	n = rank(w, best, pool < RECOMMEND_COUNT_MAX ? pool : RECOMMEND_COUNT_MAX);
	diversify(w, best, n, count, d);
	return n < count ? n : count;
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

void work_list(struct work *w, struct recommended_list *out)
{
	struct ranked best[RECOMMEND_COUNT_MAX];
	size_t count = w->q->count < RECOMMEND_COUNT_MAX ? w->q->count : RECOMMEND_COUNT_MAX;
	size_t n = count ? choose(w, best, count) : 0;
	struct recommended *v = ARENA_ARRAY(w->a, struct recommended, n);

	for (size_t i = 0; i < n; i++)
		v[i] = write_one(w, &best[i]);
	out->v = v;
	out->n = n;
}

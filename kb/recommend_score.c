#include <math.h>

#include "kb/recommend_work.h"

/* The score of a course j is a weighted sum of parts, each a share 0..1 of the best in the
 * catalogue:
 *
 *	words	BM25 of the query's words in the course (content.h); 2 when they are its title
 *	taste	kNN over the seeds, latest first (taste.h)
 *	alike	likeness of j's content with that of the latest seeds: the mean of words (content.h)
 *		and of the vectors that both have (vectors.h), by the weights of their names
 *	field	popularity of j within its category, ln(1 + n_j) / ln(1 + most in it), times the
 *		share of that category in the seeds
 *	popular	interest of all learners, logarithmic: ln(1 + n_j) / ln(1 + most)
 *	tongue	1 when j is taught in the language of the reply
 *	averse	the greatest likeness of j with one of the courses dismissed last, as content or as
 *		what the same learners take; weighs negative
 *
 * Seeds are the courses of the learner's profile, or those that the query wants likes of.
 *
 * A query for words leads by words: taste only orders what matches about as well. Without a query
 * taste leads; likeness helps where few have learned (new courses have no neighbours); a learner
 * whose courses have no neighbours either gets what is popular in their categories; popularity
 * breaks ties and is all there is for a guest. Dismissing is a hint about neighbours, not a
 * verdict: it moves them down by a tenth of what the best has. The weights are in
 * recommend_blend.c. */

/* Courses that share less than this with every liked one are not like them. */
static const float alike_least = .12f;

/* More than what rounding can make of a sum of parts. */
static const float bound_slack = 1e-4f;

/* More than taste and popularity can make up for. */
static const float titled_more = 1;

/* What learners with a like history take is asked for the learner's own profile alone. */
static void score_taste(struct work *w)
{
	const struct profiles *p = w->seeds.asked ? NULL : w->q->profiles;
	uint32_t self = p ? profiles_number(p, w->q->user) : UINT32_MAX;

	taste_score(w->r->taste, w->a, p, self, w->seeds.v, w->seeds.n, w->s);
}

/* `words` becomes the mean of words (weight 1) and vectors (their own weights). */
static void add_vectors(struct work *w, const struct vector_seed *seeds, size_t n_seeds,
			struct sparse *words)
{
	size_t n = w->r->courses->n;
	float *sums, *weights;

	if (!w->r->vectors)
		return;
	sums = ARENA_ARRAY(w->a, float, n);
	weights = ARENA_ARRAY(w->a, float, n);
	vectors_like(w->r->vectors, w->a, seeds, n_seeds, sums, weights);
	for (uint32_t i = 0; i < n; i++)
		if (weights[i] > 0) {
			sparse_add(words, i, sums[i]);
			words->v[i] /= 1 + weights[i];
		}
}

static void score_likes(struct work *w)
{
	struct vector_seed *seeds = ARENA_ARRAY(w->a, struct vector_seed, w->seeds.n);
	struct sparse *near = &w->s->near, *alike = &w->s->alike;

	for (size_t s = 0; s < w->seeds.n; s++) {
		seeds[s] = (struct vector_seed){w->seeds.v[s].item, 1};
		content_like(w->r->content, w->seeds.v[s].item, near);
		for (size_t i = 0; i < near->n; i++)
			if (near->list[i].x >= alike_least)
				sparse_add(alike, near->list[i].item,
					   near->list[i].x / (float)w->seeds.n);
		near->n = 0;
	}
	add_vectors(w, seeds, w->seeds.n, alike);
	for (size_t i = 0; w->r->vectors && i < alike->n; i++) {
		float *like = &alike->v[alike->list[i].item];

		if (*like < alike_least / (float)(w->seeds.n + 1))
			*like = 0;
	}
}

static void score_latest(struct work *w)
{
	struct sparse *alike = &w->s->alike;
	struct vector_seed seeds[RECOMMEND_LATEST];
	float most = 0;
	size_t n = 0;

	for (; n < w->seeds.n && n < RECOMMEND_LATEST; n++) {
		const struct interaction *seen = &w->seeds.v[w->seeds.n - 1 - n];

		seeds[n] = (struct vector_seed){seen->item, knn_recency(seen->weight, n)};
		most = fmaxf(most, content_like_add(w->r->content, seen->item, seeds[n].weight,
						    &w->s->near, alike));
	}
	sparse_divide(alike, most);
	if (!w->r->vectors)
		return;
	sparse_list(alike);
	sparse_flatten(alike);
	add_vectors(w, seeds, n, alike);
	sparse_scale(alike, NULL, NULL);
}

float work_likeness(const struct recommender *r, uint32_t item, uint32_t other)
{
	float sum = content_likeness(r->content, item, other), weight = 1;

	vectors_pair(r->vectors, item, other, &sum, &weight);
	return sum / weight;
}

static void score_field(struct work *w)
{
	float *mass = ARENA_ARRAY(w->a, float, w->r->n_categories + 1), sum = 0;

	for (size_t i = 0; i < w->seeds.n; i++) {
		mass[w->r->category[w->seeds.v[i].item]] += w->seeds.v[i].weight;
		sum += w->seeds.v[i].weight;
	}
	w->at_home = mass;
	w->at_home_of = sum;
}

/* The greater of averse and the list of near. */
static void take_greater(struct scratch *s)
{
	struct sparse *averse = &s->averse, *near = &s->near;

	for (size_t i = 0; i < near->n; i++) {
		uint32_t item = near->list[i].item;
		float like = fminf(1, near->list[i].x);

		if (like <= averse->v[item])
			continue;
		sparse_add(averse, item, like);
		averse->v[item] = like;
	}
}

static void score_averse(struct work *w)
{
	const struct knn *knn = taste_knn(w->r->taste);
	struct sparse *near = &w->s->near;
	size_t first = w->n_dismissed > RECOMMEND_LATEST ? w->n_dismissed - RECOMMEND_LATEST : 0;

	for (size_t d = first; d < w->n_dismissed; d++) {
		const struct interaction one = {w->dismissed[d], 1, 0};

		knn_add(knn, &one, 1, near);
		sparse_scale(near, knn_ends(knn), NULL);
		take_greater(w->s);
		sparse_clear(near);
		content_like(w->r->content, one.item, near);
		sparse_flatten(near);
		add_vectors(w, &(struct vector_seed){one.item, 1}, 1, near);
		sparse_list(near);
		take_greater(w->s);
		sparse_clear(near);
	}
}

/* A query that is the very title of a course is for that course. */
static bool score_words(struct work *w)
{
	int32_t titled = content_titled(w->r->content, w->a, w->text.utterance.normal.text);

	if (content_score(w->r->content, w->a, &w->text, w->words) == 0)
		return false;
	if (titled >= 0)
		w->words[titled] = 1 + titled_more;
	return true;
}

bool work_score(struct work *w)
{
	if (w->mode == MODE_TEXT && !score_words(w))
		return false;
	score_taste(w);
	if (w->seeds.asked)
		score_likes(w);
	else
		score_latest(w);
	score_field(w);
	score_averse(w);
	return true;
}

float work_parts(const struct work *w, uint32_t item, float parts[PARTS])
{
	const struct recommender *r = w->r;
	const struct blend *b = &w->blend;
	float sum = 0;

	for (int p = 0; p < PARTS; p++)
		parts[p] = 0;
	parts[PART_WORDS] = w->words ? w->words[item] : 0;
	parts[PART_TASTE] = sparse_get(&w->s->taste, item);
	parts[PART_ALIKE] = sparse_get(&w->s->alike, item);
	parts[PART_AVERSE] = sparse_get(&w->s->averse, item);
	if (w->at_home_of > 0)
		parts[PART_FIELD] =
			r->at_home[item] * w->at_home[r->category[item]] / w->at_home_of;
	parts[PART_POPULAR] = r->popular[item];
	parts[PART_TONGUE] = work_speaks(w, item, w->q->reply_lang);
	for (int p = 0; p < PARTS; p++) {
		parts[p] *= b->of[p];
		sum += parts[p];
	}
	return sum;
}

float work_bound(const struct blend *b)
{
	for (int p = 0; p < PARTS; p++)
		if (b->of[p] < 0 && p != PART_AVERSE)
			return INFINITY;
	if (b->of[PART_AVERSE] > 0)
		return INFINITY;
	return b->of[PART_FIELD] + b->of[PART_POPULAR] + b->of[PART_TONGUE] + bound_slack;
}

bool work_may_reach(const struct work *w, uint32_t item, float score)
{
	const struct blend *b = &w->blend;
	float most = b->of[PART_TASTE] * sparse_get(&w->s->taste, item) +
		     b->of[PART_ALIKE] * sparse_get(&w->s->alike, item);

	if (w->words)
		most += b->of[PART_WORDS] * w->words[item];
	return most + w->bound > score;
}

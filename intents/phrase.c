#include "intents/phrase.h"

#include <math.h>

#include "intents/phrase_model.h"

enum { PICKED_MAX = 16 }; /* entities of a message that examples are compared with */

#define NEW_PAIR 0.5F /* of the weight of a pair that no example has, when its parts are known */

struct scorer {
	const struct phrase_model *m;
	struct arena *arena;
	float *similar; /* by sample: cosine */
	float *margin;	/* by intent: of the classifier */
	float *covered; /* by intent: share of the message that its examples have, 0..1 */
};

static void count_feature(const struct phrase_model *m, uint32_t feature, float weight,
			  float *similar, float *covered)
{
	uint32_t last = UINT32_MAX;

	for (uint32_t i = m->first[feature]; i < m->first[feature + 1]; i++) {
		const struct posting *p = &m->postings[i];

		similar[p->sample] += weight * p->weight;
		if (p->slot != last)
			covered[p->slot] += weight * weight;
		last = p->slot;
	}
}

static void keep_greater(float *kept, const float *now, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (now[i] > kept[i])
			kept[i] = now[i];
	}
}

/* Cosine of each sample with the message, and the share of it that each intent's samples have;
 * where it was compared before, the greater stays. */
static void compare(struct scorer *s, const struct features *f, const float *weight)
{
	const struct phrase_model *m = s->m;
	float *similar = ARENA_ARRAY(s->arena, float, m->n);
	float *covered = ARENA_ARRAY(s->arena, float, m->n_intents);

	for (size_t i = 0; i < f->n; i++) {
		const struct known_feature *k = known_find(m, f->v[i].hash);

		if (k->hash)
			count_feature(m, k->id, weight[i], similar, covered);
	}
	keep_greater(s->similar, similar, m->n);
	keep_greater(s->covered, covered, m->n_intents);
}

/* Scores of the classifier; where they were taken before, the greater stays. */
static void classify(struct scorer *s, const struct features *f, const float *weight)
{
	const struct phrase_model *m = s->m;
	uint32_t *column = ARENA_ARRAY(s->arena, uint32_t, f->n);
	float *value = ARENA_ARRAY(s->arena, float, f->n);
	float *now = ARENA_ARRAY(s->arena, float, m->n_intents);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct known_feature *k = known_find(m, f->v[i].hash);

		if (!k->hash || m->column[k->id] == NO_COLUMN)
			continue;
		column[n] = m->column[k->id];
		value[n++] = weight[i];
	}
	linear_score(m->linear, s->arena, column, value, n, now);
	keep_greater(s->margin, now, m->n_intents);
}

/* Compares by one reading of the message. What no example has makes the vector longer, and so every
 * score lower. */
static void score_reading(struct scorer *s, const struct features *f)
{
	const struct phrase_model *m = s->m;
	float *weight = ARENA_ARRAY(s->arena, float, f->n);
	float square = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct known_feature *k = known_find(m, f->v[i].hash);

		weight[i] =
			f->v[i].weight * (k->hash ? m->idf[k->id] : rarity(m, 0, f->v[i].common));
		if (!k->hash && (f->v[i].kind == FEATURE_BIGRAM || f->v[i].kind == FEATURE_PAIR))
			weight[i] *= NEW_PAIR;
		square += weight[i] * weight[i];
	}
	for (size_t i = 0; i < f->n; i++)
		weight[i] /= sqrtf(square);
	compare(s, f, weight);
	if (m->linear)
		classify(s, f, weight);
}

static bool overlaps(const struct feature_entity *v, size_t n, const struct found *f)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].from < f->to && f->from < v[i].to)
			return true;
	}
	return false;
}

/* The longest entity that some example has and that overlaps none of those picked, or NULL. */
static const struct found *longest_left(const struct phrase_model *m, const struct founds *founds,
					const struct feature_entity *picked, size_t n)
{
	const struct found *longest = NULL;

	for (size_t i = 0; i < founds->n; i++) {
		const struct found *f = &founds->v[i];

		if ((!longest || f->to - f->from > longest->to - longest->from) &&
		    known_find(m, feature_entity_hash(f->entity->name))->hash &&
		    !overlaps(picked, n, f))
			longest = f;
	}
	return longest;
}

/* Entities that some example has, by place; of two that overlap the longer. */
static size_t pick_entities(const struct phrase_model *m, struct arena *a,
			    const struct founds *founds, struct feature_entity **out)
{
	struct feature_entity *v = ARENA_ARRAY(a, struct feature_entity, PICKED_MAX + 1);
	const struct found *f;
	size_t n = 0;

	while (n < PICKED_MAX && (f = longest_left(m, founds, v, n)) != NULL) {
		size_t k = n++;

		for (; k > 0 && v[k - 1].from > f->from; k--)
			v[k] = v[k - 1];
		v[k] = (struct feature_entity){f->entity->name, f->from, f->to};
	}
	*out = v;
	return n;
}

/* ---- calibration ---- */

struct point {
	double x, y;
};

/* A polyline through the points; flat outside them. */
static double polyline(const struct point *p, size_t n, double x)
{
	if (x <= p[0].x)
		return p[0].y;
	for (size_t i = 1; i < n; i++) {
		if (x <= p[i].x)
			return p[i - 1].y +
			       (x - p[i - 1].x) * (p[i].y - p[i - 1].y) / (p[i].x - p[i - 1].x);
	}
	return p[n - 1].y;
}

#define POLYLINE(points, x) polyline((points), sizeof(points) / sizeof *(points), (x))

/* Without a classifier: by the cosine alone. */
static const struct point by_cosine[] = {
	{0, 0}, {0.28, 0.15}, {0.47, 0.45}, {0.64, 0.75}, {0.82, 0.90}, {1, 1},
};

/* By margin + lead over the best other intent + half the share that the intent's examples cover.
 * Measured on held-out parts of the public sets, off-topic texts counted as mistakes: with ten or
 * more examples an intent 0.75 and above is right 91 to 98 times in 100, 0.45 and above 82 to 95
 * times. */
static const struct point by_evidence[] = {
	{-1, 0}, {0.25, 0.45}, {1.0, 0.75}, {2.2, 0.92}, {4, 1},
};

/* The most a message may score by the share of it that the intent's examples cover: a classifier of
 * few intents is sure of anything. Right answers cover 0.5 at the median, off-topic texts 0.25. */
static const struct point ceiling[] = {
	{0, 0.10}, {0.15, 0.40}, {0.22, 0.50}, {0.37, 0.74}, {0.46, 0.84}, {0.60, 1},
};

/* The least: a text that is an example, but for what was dropped, is that intent. */
static const struct point floor_of[] = {
	{0.90, 0},
	{0.97, 0.90},
	{1, 1},
};

/* ---- intents ---- */

struct evidence {
	float cosine; /* of the nearest example */
	uint32_t sample;
	double total; /* margin + cosine; the cosine alone without a classifier */
};

static struct evidence *weigh_intents(const struct scorer *s)
{
	const struct phrase_model *m = s->m;
	struct evidence *v = ARENA_ARRAY(s->arena, struct evidence, m->n_intents);

	for (uint32_t i = 0; i < m->n; i++) {
		struct evidence *e = &v[m->samples[i].slot];

		if (s->similar[i] > e->cosine) {
			e->cosine = s->similar[i];
			e->sample = i;
		}
	}
	for (size_t i = 0; i < m->n_intents; i++)
		v[i].total = (double)v[i].cosine + (m->linear ? (double)s->margin[i] : 0);
	return v;
}

/* The best total and the best of the others. */
static void find_leaders(const struct evidence *v, size_t n, double leaders[2], size_t *first)
{
	leaders[0] = leaders[1] = -INFINITY;
	*first = 0;
	for (size_t i = 0; i < n; i++) {
		if (v[i].total > leaders[0]) {
			leaders[1] = leaders[0];
			leaders[0] = v[i].total;
			*first = i;
		} else if (v[i].total > leaders[1]) {
			leaders[1] = v[i].total;
		}
	}
}

static double score_of(const struct scorer *s, size_t intent, const struct evidence *e,
		       double best_other)
{
	double covered = (double)s->covered[intent], cosine = (double)e->cosine;
	double most = POLYLINE(ceiling, covered), least = POLYLINE(floor_of, cosine), score;

	if (s->m->linear)
		score = POLYLINE(by_evidence,
				 (double)s->margin[intent] + e->total - best_other + covered / 2);
	else
		score = POLYLINE(by_cosine, cosine);
	score = score < most ? score : most;
	return score > least ? score : least;
}

static void insert_score(struct phrase_score *v, size_t *n, struct phrase_score score)
{
	size_t i = *n;

	if (i == PHRASE_SCORES_MAX) {
		if (v[i - 1].score >= score.score)
			return;
		i--;
	} else {
		++*n;
	}
	for (; i > 0 && v[i - 1].score < score.score; i--)
		v[i] = v[i - 1];
	v[i] = score;
}

static void rank_intents(const struct scorer *s, struct phrase_scores *out)
{
	const struct phrase_model *m = s->m;
	struct phrase_score *v = ARENA_ARRAY(s->arena, struct phrase_score, PHRASE_SCORES_MAX);
	const struct evidence *e = weigh_intents(s);
	double leaders[2];
	size_t first, n = 0;

	find_leaders(e, m->n_intents, leaders, &first);
	for (size_t i = 0; i < m->n_intents; i++) {
		const struct sample *nearest = &m->samples[e[i].sample];
		double score = score_of(s, i, &e[i], leaders[i == first]);

		if (e[i].cosine > 0 && score >= PHRASE_SCORE_MIN)
			insert_score(v, &n,
				     (struct phrase_score){m->intents[i], score, nearest->phrase,
							   nearest->text});
	}
	*out = (struct phrase_scores){v, n};
}

/* The message is read as it stands, and once more with its entities in place of their words. */
static void read_message(struct scorer *s, const struct utterance *u, const struct founds *entities)
{
	struct feature_entity *places;
	struct features features;
	size_t n;

	features_read(s->arena, s->m->words, u, NULL, 0, &features);
	score_reading(s, &features);
	n = pick_entities(s->m, s->arena, entities, &places);
	if (n == 0)
		return;
	features_read(s->arena, s->m->words, u, places, n, &features);
	score_reading(s, &features);
}

void phrase_score(const struct phrase_model *m, struct arena *a, const struct utterance *u,
		  const struct founds *entities, struct phrase_scores *out)
{
	struct scorer s = {.m = m, .arena = a};

	*out = (struct phrase_scores){0};
	if (m->n == 0)
		return;
	s.similar = ARENA_ARRAY(a, float, m->n);
	s.covered = ARENA_ARRAY(a, float, m->n_intents);
	s.margin = ARENA_ARRAY(a, float, m->n_intents);
	for (size_t i = 0; i < m->n_intents; i++)
		s.margin[i] = -INFINITY;
	read_message(&s, u, entities);
	rank_intents(&s, out);
}

#include "kb/taste_part.h"

#include <math.h>
#include <stdlib.h>

#include "kb/recommend_blend.h"
#include "text/mem.h"

static const struct taste_settings ordered = {
	.tilt = 0,
	.recency = 1,
	.crowd_share = .7f,
	.column = .2f,
	.crowd = {.step = .8f,
		  .popular = .4f,
		  .length = .4f,
		  .power = 1.5f,
		  .gap = 8,
		  .voters = 500},
};

static const struct taste_settings unordered = {
	.tilt = .05f,
	.recency = 1,
	.crowd_share = 1,
	.column = .15f,
	.crowd = {.step = 0, .popular = .4f, .length = .5f, .power = 2, .gap = 0, .voters = 500},
};

float *taste_powers(const float *interest, size_t n, float power)
{
	float *out = mem_alloc((n + 1) * sizeof *out);

	for (size_t i = 0; i < n; i++)
		out[i] = powf(interest[i] > 1 ? interest[i] : 1, -power);
	return out;
}

void taste_set(struct taste *t, const struct taste_settings *s, const float *interest)
{
	t->settings = *s;
	free(t->tilts);
	free(t->columns);
	t->tilts = taste_powers(interest, t->courses->n, s->tilt);
	t->columns = taste_powers(interest, t->courses->n, s->column);
}

struct taste *taste_new(const struct catalogue *courses, struct knn *knn, const float *interest)
{
	struct taste *t = mem_zalloc(sizeof *t);

	t->courses = courses;
	t->edition = catalogue_edition(courses);
	t->knn = knn;
	taste_set(t, knn_is_ordered(knn) ? &ordered : &unordered, interest);
	return t;
}

void taste_free(struct taste *t)
{
	if (!t)
		return;
	knn_free(t->knn);
	free(t->tilts);
	free(t->columns);
	free(t);
}

const struct taste_settings *taste_settings(const struct taste *t)
{
	return &t->settings;
}

const struct knn *taste_knn(const struct taste *t)
{
	return t->knn;
}

const struct interaction *taste_recent(struct arena *a, const struct interaction *profile, size_t n,
				       float recency)
{
	struct interaction *out;
	size_t step = 0;

	if (recency == 1)
		return profile;
	out = ARENA_ARRAY(a, struct interaction, n);
	for (size_t i = n; i-- > 0;) {
		step += i + 1 < n && profile[i].at != profile[i + 1].at;
		out[i] = profile[i];
		out[i].weight *= powf((float)(1 + step), 1 - recency);
	}
	return out;
}

/* The items that have a score, each once: passes over all of a large catalogue would cost more than
 * what there is to do. */
struct reached {
	uint32_t *v;
	size_t n;
};

/* Of what is not in the profile the best becomes 1; nothing else is above. */
static void scale(const struct reached *r, const struct interaction *profile, size_t n,
		  float *scores)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		scores[profile[i].item] = -scores[profile[i].item];
	for (size_t i = 0; i < r->n; i++)
		most = scores[r->v[i]] > most ? scores[r->v[i]] : most;
	for (size_t i = 0; i < r->n && most > 0; i++)
		scores[r->v[i]] /= most;
	for (size_t i = 0; i < n; i++)
		scores[profile[i].item] = fminf(-scores[profile[i].item], 1);
}

/* Scores that became too small to be numbers may come anew from the crowd. */
static void drop_zeros(struct reached *r, const float *scores)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (scores[r->v[i]] != 0)
			r->v[n++] = r->v[i];
	r->n = n;
}

static void add_crowd(const struct taste *t, struct arena *a, const struct crowd_question *q,
		      struct reached *reached, float *scores)
{
	float *votes = ARENA_ARRAY(a, float, t->courses->n);
	struct reached voted = {ARENA_ARRAY(a, uint32_t, t->courses->n), 0};

	voted.n = crowd_score(q, &t->settings.crowd, votes, voted.v);
	for (size_t i = 0; i < voted.n; i++)
		votes[voted.v[i]] *= t->columns[voted.v[i]];
	scale(&voted, q->profile, q->n_profile, votes);
	drop_zeros(reached, scores);
	for (size_t i = 0; i < voted.n; i++) {
		uint32_t item = voted.v[i];

		if (scores[item] == 0)
			reached->v[reached->n++] = item;
		scores[item] += t->settings.crowd_share * votes[item];
	}
	scale(reached, q->profile, q->n_profile, scores);
}

void taste_score(const struct taste *t, struct arena *a, const struct profiles *profiles,
		 uint32_t self, const struct interaction *profile, size_t n, float *scores)
{
	const struct crowd_question q = {
		.profiles = profiles,
		.courses = t->courses,
		.edition = t->edition,
		.self = self,
		.profile = profile,
		.n_profile = n,
	};

	struct reached reached = {ARENA_ARRAY(a, uint32_t, t->courses->n + 1), 0};

	memset(scores, 0, t->courses->n * sizeof *scores);
	reached.n = knn_reach(t->knn, taste_recent(a, profile, n, t->settings.recency), n, scores,
			      reached.v);
	for (size_t i = 0; i < reached.n; i++)
		scores[reached.v[i]] *= t->tilts[reached.v[i]];
	scale(&reached, profile, n, scores);
	if (profiles && n && t->settings.crowd_share > 0)
		add_crowd(t, a, &q, &reached, scores);
}

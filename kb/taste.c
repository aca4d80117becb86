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

/* Of what is not in the profile the best becomes 1; nothing else is above. */
static void scale(const struct taste *t, const struct interaction *profile, size_t n, float *scores)
{
	for (size_t i = 0; i < n; i++)
		scores[profile[i].item] = -scores[profile[i].item];
	blend_scale(scores, t->courses->n);
	for (size_t i = 0; i < n; i++)
		scores[profile[i].item] = fminf(-scores[profile[i].item], 1);
}

static void add_crowd(const struct taste *t, struct arena *a, const struct crowd_question *q,
		      float *scores)
{
	float *votes = ARENA_ARRAY(a, float, t->courses->n);
	uint32_t *touched = ARENA_ARRAY(a, uint32_t, t->courses->n);
	size_t n = crowd_score(q, &t->settings.crowd, votes, touched);

	for (size_t i = 0; i < n; i++)
		votes[touched[i]] *= t->columns[touched[i]];
	scale(t, q->profile, q->n_profile, votes);
	for (size_t i = 0; i < n; i++)
		scores[touched[i]] += t->settings.crowd_share * votes[touched[i]];
	scale(t, q->profile, q->n_profile, scores);
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

	memset(scores, 0, t->courses->n * sizeof *scores);
	knn_score(t->knn, taste_recent(a, profile, n, t->settings.recency), n, scores);
	for (size_t i = 0; i < t->courses->n; i++)
		scores[i] *= t->tilts[i];
	scale(t, profile, n, scores);
	if (profiles && n && t->settings.crowd_share > 0)
		add_crowd(t, a, &q, scores);
}

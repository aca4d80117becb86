#include "kb/taste_part.h"

#include <math.h>
#include <stdlib.h>

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

uint64_t taste_edition(const struct taste *t)
{
	return t->edition;
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

/* Times by[item] and also[item]. Of what is not in the profile the best becomes 1; nothing else is above. */
static void scale(struct sparse *s, const float *by, const float *also,
		  const struct interaction *profile, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->v[profile[i].item] = -s->v[profile[i].item];
	sparse_scale(s, by, also);
	for (size_t i = 0; i < n; i++)
		s->v[profile[i].item] = fminf(-s->v[profile[i].item], s->whole);
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].x < 0)
			s->list[i].x = fminf(-s->list[i].x, 1);
}

/* Times n_j^-column; what is in the profile is less than 0. The greatest is returned. Their scores will be
 * needed next, and are far apart. */
static float weigh_votes(const struct taste *t, struct sparse_one *v, size_t n,
			 const struct sparse *scores)
{
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(&scores->v[v[i].item], 1);
		v[i].x *= t->columns[v[i].item];
		most = v[i].x > most ? v[i].x : most;
	}
	return most > 0 ? most : 1;
}

static void add_crowd(const struct taste *t, const struct crowd_question *q, struct sparse *scores)
{
	struct sparse_one *v;
	size_t n = crowd_votes(q, &t->settings.crowd, &v);
	float most = weigh_votes(t, v, n, scores);

	sparse_flatten(scores);
	for (size_t i = 0; i < n; i++) {
		float share = v[i].x / most;

		sparse_add(scores, v[i].item,
			   t->settings.crowd_share * (share < 0 ? fminf(-share, 1) : share));
	}
	scale(scores, NULL, NULL, q->profile, q->n_profile);
}

void taste_score(const struct taste *t, struct arena *a, const struct profiles *profiles,
		 uint32_t self, const struct interaction *profile, size_t n, struct scratch *s)
{
	const struct crowd_question q = {
		.profiles = profiles,
		.courses = t->courses,
		.edition = t->edition,
		.self = self,
		.profile = profile,
		.n_profile = n,
	};
	struct sparse *scores = &s->taste;

	knn_add(t->knn, taste_recent(a, profile, n, t->settings.recency), n, scores);
	scale(scores, knn_ends(t->knn), t->settings.tilt == 0 ? NULL : t->tilts, profile, n);
	if (profiles && n && t->settings.crowd_share > 0)
		add_crowd(t, &q, scores);
}

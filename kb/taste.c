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

/* Times by[item] and also[item]. Of what is not in the profile the best becomes 1, nothing else is above; where that
 * best is in v is returned (NULL: there is none). */
static const float *scale(struct sparse *s, const float *by, const float *also,
			  const struct interaction *profile, size_t n)
{
	const float *best = NULL;

	for (size_t i = 0; i < n; i++)
		s->v[profile[i].item] = -s->v[profile[i].item];
	sparse_scale(s, by, also);
	for (size_t i = 0; i < n; i++)
		s->v[profile[i].item] = fminf(-s->v[profile[i].item], s->whole);
	for (size_t i = 0; i < s->n; i++) {
		if (s->list[i].x < 0)
			s->list[i].x = fminf(-s->list[i].x, 1);
		else if (s->list[i].x == 1)
			best = &s->v[s->list[i].item];
	}
	return best;
}

/* Times n_j^-column; what is in the profile is less than 0. The greatest is returned. Their scores will be
 * needed next, and both are far apart. */
static float weigh_votes(const struct taste *t, struct sparse_one *v, size_t n,
			 const struct sparse *scores)
{
	enum { AHEAD = 16 };
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&t->columns[v[i + AHEAD].item]);
		__builtin_prefetch(&scores->v[v[i].item], 1);
		v[i].x *= t->columns[v[i].item];
		most = v[i].x > most ? v[i].x : most;
	}
	return most > 0 ? most : 1;
}

/* Adds votes / whole to scores; of what is in the profile they are less than 0. The greatest sum of what is
 * not in it is returned. */
static float add_votes(const struct sparse_one *v, size_t n, float whole, float crowd_share,
		       struct sparse *scores)
{
	struct sparse s = *scores;
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		float share = v[i].x / whole;

		sparse_add(&s, v[i].item, crowd_share * (share < 0 ? fminf(-share, 1) : share));
		most = share >= 0 && s.v[v[i].item] > most ? s.v[v[i].item] : most;
	}
	scores->n = s.n;
	return most;
}

/* Of what got no votes nothing is above `best`, where the best of the items' stage is. */
static void add_crowd(const struct taste *t, const struct crowd_question *q, const float *best,
		      struct sparse *scores)
{
	struct sparse_one *v;
	size_t n = crowd_votes(q, &t->settings.crowd, &v);
	float whole = weigh_votes(t, v, n, scores), most;

	sparse_flatten(scores);
	most = add_votes(v, n, whole, t->settings.crowd_share, scores);
	sparse_divide(scores, best && *best > most ? *best : most);
	for (size_t i = 0; i < q->n_profile; i++) {
		float *own = &scores->v[q->profile[i].item];

		*own = fminf(*own, scores->whole);
	}
	sparse_list(scores);
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
	const float *best;

	knn_add(t->knn, taste_recent(a, profile, n, t->settings.recency), n, scores);
	best = scale(scores, knn_ends(t->knn), t->settings.tilt == 0 ? NULL : t->tilts, profile, n);
	if (profiles && n && t->settings.crowd_share > 0)
		add_crowd(t, &q, best, scores);
}

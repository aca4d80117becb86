#include "kb/faq_query.h"

#include <math.h>

/* Weights in likeness are whole numbers of its inverse; those of sounds have a bit more. */
static const float cover_unit = 1024;
#define SOUND (1U << 31)

/* Of a term by its part, when ranking. Letters are many to a word; a Chinese word's characters say nearly all
 * that it does, and say it however the dictionary cuts. */
static float rank_weight(enum bag_part part)
{
	static const struct {
		enum bag_part part;
		float weight;
	} weights[] = {{BAG_GRAMS, .3f}, {BAG_CHARS, 2.5f}, {BAG_SOUNDS, 2.5f}};

	for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
		if (weights[i].part == part)
			return weights[i].weight;
	return 1;
}

static void want(const struct faq_index *f, struct faq_query *q, const struct term *t)
{
	int32_t term = postings_term(f->questions, t->key);
	float cover = postings_idf(f->questions, term) * faq_cover(t->part);
	bool sound = t->part == BAG_SOUNDS;

	*(sound ? &q->sounds_mass : &q->plain_mass) += cover;
	if (term < 0)
		return;
	lookup_put(&q->covers, (uint32_t)term,
		   (uint32_t)(cover * cover_unit) | (sound ? SOUND : 0));
	q->wanted[q->n++] = (struct wanted){term, sqrtf(t->count) * rank_weight(t->part)};
}

static void read_terms(const struct faq_index *f, struct faq_query *q)
{
	size_t n_sounds = 0;

	for (size_t i = 0; i < q->bag->n; i++) {
		n_sounds += q->bag->v[i].part == BAG_SOUNDS;
		if (q->bag->v[i].part != BAG_SOUNDS)
			want(f, q, &q->bag->v[i]);
	}
	q->n_plain = q->n;
	for (size_t i = 0; i < q->bag->n && n_sounds; i++)
		if (q->bag->v[i].part == BAG_SOUNDS)
			want(f, q, &q->bag->v[i]);
}

/* Of the nearest meaning in the vote. */
static const float alike_share = .8f;

/* Chinese characters are blurred, being the mean of all that they can mean: they have their part in
 * the vote only. */
static void read_meaning(const struct faq_index *f, const struct utterance *u, struct faq_query *q)
{
	q->means = faq_meaning_read(f->meaning, u, &q->point);
	q->alike_share = alike_share * q->point.known;
	for (size_t i = 0; i < u->n; i++)
		if (u->tokens[i].kind == TOKEN_HAN)
			q->alike_share = 0;
}

void faq_query_read(const struct faq_index *f, struct arena *a, const struct bag *bag,
		    const struct utterance *u, struct faq_query *out)
{
	*out = (struct faq_query){.bag = bag,
				  .wanted = ARENA_ARRAY(a, struct wanted, bag->n),
				  .covers = lookup_new(a, bag->n)};
	read_terms(f, out);
	read_meaning(f, u, out);
}

/* The geometric mean of both shares of what both have. */
static float share_both(uint32_t sum, float mass, float own_mass)
{
	float both = (float)sum / cover_unit;

	return sum ? fminf(1, sqrtf(both / mass * (both / own_mass))) : 0;
}

float faq_query_explain(const struct faq_index *f, const struct faq_query *q, uint32_t wording,
			float *order)
{
	const struct doc_list own = postings_doc(f->questions, wording);
	uint32_t all = 0, sounds = 0;

	for (size_t i = 0; i < own.n; i++) {
		uint32_t cover = lookup_get(&q->covers, doc_list_term(&own, i));

		all += cover & ~SOUND;
		sounds += (cover & ~SOUND) & -(cover >> 31);
	}
	*order = share_both(sounds, q->sounds_mass, f->sounds[wording]);
	return share_both(all - sounds, q->plain_mass, f->mass[wording]);
}

struct wanted *faq_query_whole(const struct faq_index *f, struct arena *a,
			       const struct faq_query *q, size_t *n)
{
	struct wanted *out = ARENA_ARRAY(a, struct wanted, q->bag->n);

	*n = 0;
	for (size_t i = 0; i < q->bag->n; i++) {
		const struct term *t = &q->bag->v[i];

		if (t->part != BAG_SOUNDS)
			out[(*n)++] = (struct wanted){postings_term(f->entries, t->key),
						      sqrtf(t->count) * rank_weight(t->part)};
	}
	return out;
}

#include "kb/faq_query.h"

#include <math.h>

/* Weights in likeness are whole numbers of its inverse; those of sounds have a bit more. */
static const float cover_unit = 1024;
#define SOUND (1U << 31)

enum { LANES = FAQ_MASS_LANES };
typedef int32_t ints4 __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef float floats4 __attribute__((vector_size(LANES * sizeof(float))));

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

	*(t->part == BAG_SOUNDS ? &q->sounds_mass : &q->plain_mass) += cover;
	if (term < 0)
		return;
	q->covers[q->n] = (uint32_t)(cover * cover_unit);
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

/* Up to so many postings are gone through for what all wordings have of the message. */
enum { POSTINGS_MOST = 8192 };

static bool are_few(const struct faq_index *f, const struct faq_query *q)
{
	size_t postings = 0;

	for (size_t i = 0; i < q->n; i++)
		postings += postings_df(f->questions, q->wanted[i].term);
	return f->n <= FAQ_SCAN_MOST && postings <= POSTINGS_MOST;
}

/* One block holds them all. */
static void add_up(const struct faq_index *f, const struct faq_query *q, size_t from, size_t to,
		   uint32_t *sums)
{
	_Static_assert((int)FAQ_SCAN_MOST <= (int)POSTINGS_BLOCK, "one block");
	for (size_t i = from; i < to; i++) {
		const struct block_list list =
			postings_list(f->questions, (uint32_t)q->wanted[i].term, 0);

		for (size_t k = 0; k < list.n; k++)
			sums[list.docs[k]] += q->covers[i];
	}
}

static void look_up_by_term(struct arena *a, struct faq_query *q)
{
	q->by_term = lookup_new(a, q->n);
	for (size_t i = 0; i < q->n; i++)
		lookup_put(&q->by_term, (uint32_t)q->wanted[i].term,
			   q->covers[i] | (i < q->n_plain ? 0 : SOUND));
}

/* Of the nearest meaning in the vote. */
static const float alike_share = .8f;

/* Chinese characters are blurred, being the mean of all that they can mean: they have their part in
 * the vote only. */
void faq_query_read_meaning(const struct faq_index *f, const struct utterance *u,
			    struct faq_query *q)
{
	q->means = faq_meaning_read(f->meaning, u, &q->point);
	q->alike_share = alike_share * q->point.known;
	for (size_t i = 0; i < u->n; i++)
		if (u->tokens[i].kind == TOKEN_HAN)
			q->alike_share = 0;
}

void faq_query_read(const struct faq_index *f, struct arena *a, const struct bag *bag,
		    struct faq_query *out)
{
	*out = (struct faq_query){.bag = bag,
				  .wanted = ARENA_ARRAY(a, struct wanted, bag->n),
				  .covers = ARENA_ARRAY(a, uint32_t, bag->n)};
	read_terms(f, out);
	if (!are_few(f, out)) {
		look_up_by_term(a, out);
		return;
	}
	out->plain = ARENA_ARRAY(a, uint32_t, f->n + LANES);
	out->sounds = ARENA_ARRAY(a, uint32_t, f->n + LANES);
	add_up(f, out, 0, out->n_plain, out->plain);
	add_up(f, out, out->n_plain, out->n, out->sounds);
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
	uint32_t all = 0, sounds = 0;
	struct doc_list own;

	if (q->plain) {
		*order = share_both(q->sounds[wording], q->sounds_mass, f->sounds[wording]);
		return share_both(q->plain[wording], q->plain_mass, f->mass[wording]);
	}
	own = postings_doc(f->questions, wording);
	for (size_t i = 0; i < own.n; i++) {
		uint32_t cover = lookup_get(&q->by_term, doc_list_term(&own, i));

		all += cover & ~SOUND;
		sounds += (cover & ~SOUND) & -(cover >> 31);
	}
	*order = share_both(sounds, q->sounds_mass, f->sounds[wording]);
	return share_both(all - sounds, q->plain_mass, f->mass[wording]);
}

/* share_both squared, without its division and root; a little less is asked for, so that what is cut off the last
 * digits says no to none. */
static bool any_reaches(const uint32_t *sums, float mass, const float *own_mass, size_t n,
			float likeness)
{
	const float of_own = .999f * likeness * likeness * mass * cover_unit * cover_unit;
	ints4 any = {0};

	for (size_t i = 0; i < n; i += LANES) {
		floats4 sum, own;
		ints4 whole;

		memcpy(&whole, sums + i, sizeof whole);
		memcpy(&own, own_mass + i, sizeof own);
		sum = __builtin_convertvector(whole, floats4);
		any |= sum * sum > own * of_own;
	}
	return any[0] | any[1] | any[2] | any[3];
}

bool faq_query_reaches(const struct faq_index *f, const struct faq_query *q, float likeness,
		       float trust)
{
	if (!q->plain || any_reaches(q->plain, q->plain_mass, f->mass, f->n, likeness))
		return true;
	return q->n > q->n_plain &&
	       any_reaches(q->sounds, q->sounds_mass, f->sounds, f->n, likeness / trust);
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

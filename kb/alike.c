#include "kb/alike.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

static const float common_share = .02f;

struct alike_term {
	uint32_t term; /* of the index; ascending within a doc */
	float count;
};

struct alike {
	const struct bm25 *index;
	struct alike_term *terms;
	uint32_t *start; /* by doc, and one more */
	float *self;	 /* by doc: score on itself */
};

/* What terms score on a doc; of each alone to gives[n], unless that is NULL. */
static float score(const struct bm25 *index, const struct alike_term *v, size_t n, uint32_t doc,
		   float *gives)
{
	size_t n_own, at = 0;
	const struct own_term *own = bm25_doc(index, doc, &n_own);
	float sum = 0;

	for (size_t i = 0; i < n; i++) {
		float one = 0;

		while (at < n_own && own[at].term < v[i].term)
			at++;
		if (at < n_own && own[at].term == v[i].term)
			one = v[i].count * own[at].impact;
		if (gives)
			gives[i] = one;
		sum += one;
	}
	return sum;
}

static int by_term(const void *a, const void *b)
{
	const struct alike_term *x = a, *y = b;

	return (x->term > y->term) - (x->term < y->term);
}

static size_t commonest_of(const struct bm25 *index, const struct alike_term *v, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (bm25_idf(index, (int32_t)v[i].term) < bm25_idf(index, (int32_t)v[best].term))
			best = i;
	return best;
}

/* Takes the commonest away as long as those taken score less than `most` together; how many are left. */
static size_t drop_common(const struct bm25 *index, struct alike_term *v, float *gives, size_t n,
			  float most)
{
	while (n > 1) {
		size_t at = commonest_of(index, v, n);

		most -= gives[at];
		if (most < 0)
			break;
		memmove(v + at, v + at + 1, (n - at - 1) * sizeof *v);
		memmove(gives + at, gives + at + 1, (n - at - 1) * sizeof *gives);
		n--;
	}
	return n;
}

static size_t read_bag(struct alike *a, const struct bag *b, uint32_t doc, struct alike_term *v,
		       float *gives)
{
	size_t n = b->n;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct alike_term){(uint32_t)bm25_term(a->index, b->v[i].key),
					   b->v[i].count};
	if (n)
		qsort(v, n, sizeof *v, by_term);
	n = drop_common(a->index, v, gives, n, score(a->index, v, n, doc, gives) * common_share);
	a->self[doc] = score(a->index, v, n, doc, NULL);
	return n;
}

struct alike *alike_new(const struct bm25 *index, const struct bag *bags)
{
	struct alike *a = mem_zalloc(sizeof *a);
	size_t n = bm25_docs(index), all = 0, most = 0, got = 0;
	float *gives;

	for (size_t i = 0; i < n; i++) {
		all += bags[i].n;
		most = bags[i].n > most ? bags[i].n : most;
	}
	gives = mem_alloc((most + 1) * sizeof *gives);
	a->index = index;
	a->terms = mem_alloc((all + 1) * sizeof *a->terms);
	a->start = mem_zalloc((n + 1) * sizeof *a->start);
	a->self = mem_alloc((n + 1) * sizeof *a->self);
	for (size_t i = 0; i < n; i++) {
		got += read_bag(a, &bags[i], (uint32_t)i, a->terms + got, gives);
		a->start[i + 1] = (uint32_t)got;
	}
	free(gives);
	return a;
}

void alike_free(struct alike *a)
{
	if (!a)
		return;
	free(a->terms);
	free(a->start);
	free(a->self);
	free(a);
}

/* Scores of the doc on all others. */
static void add_terms(const struct alike *a, uint32_t doc, struct sparse *out)
{
	for (uint32_t i = a->start[doc]; a->self[doc] > 0 && i < a->start[doc + 1]; i++)
		bm25_add(a->index, (int32_t)a->terms[i].term, a->terms[i].count, out);
}

/* Of a score of the doc on another. */
static inline float likeness(float score, float self)
{
	float like = score / self;

	return like < 1 ? like : 1;
}

void alike_reach(const struct alike *a, uint32_t doc, struct sparse *out)
{
	add_terms(a, doc, out);
	sparse_take(out);
	for (size_t i = 0; i < out->n; i++)
		out->list[i].x = likeness(out->list[i].x, a->self[doc]);
}

float alike_add(const struct alike *a, uint32_t doc, float weight, struct sparse *work,
		struct sparse *out)
{
	struct sparse s = *out;
	float most = 0;

	add_terms(a, doc, work);
	for (size_t i = 0; i < work->n; i++) {
		uint32_t item = work->list[i].item;
		float like = weight * likeness(work->v[item], a->self[doc]);

		work->v[item] = 0;
		sparse_add(&s, item, like);
		most = s.v[item] > most ? s.v[item] : most;
	}
	work->n = 0;
	out->n = s.n;
	return most;
}

float alike_pair(const struct alike *a, uint32_t doc, uint32_t other)
{
	uint32_t from = a->start[doc], n = a->start[doc + 1] - from;

	if (a->self[doc] <= 0)
		return 0;
	return fminf(1, score(a->index, a->terms + from, n, other, NULL) / a->self[doc]);
}

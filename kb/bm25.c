#include "kb/bm25.h"

#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

static const float k1 = 1.2f, length_share = .75f;

struct bm25 {
	size_t n_docs;
	uint64_t *keys;	 /* by term */
	uint32_t *slots; /* open addressing by key: term + 1; 0 = free */
	uint32_t mask;
	uint32_t n_terms, cap;
	uint32_t *start; /* n_terms + 1 */
	float *idf;	 /* by term */
	struct posting *postings;
	uint32_t *doc_start; /* n_docs + 1 */
	struct own_term *own;
};

static uint32_t *find_slot(const struct bm25 *b, uint64_t key)
{
	/* Keys are hashes with small numbers mixed into the low bits. */
	uint32_t i = (uint32_t)(key ^ key >> 32) & b->mask;

	while (b->slots[i] && b->keys[b->slots[i] - 1] != key)
		i = (i + 1) & b->mask;
	return &b->slots[i];
}

static void grow_slots(struct bm25 *b)
{
	b->mask = b->mask ? b->mask * 2 + 1 : 255;
	free(b->slots);
	b->slots = mem_zalloc(((size_t)b->mask + 1) * sizeof *b->slots);
	for (uint32_t i = 0; i < b->n_terms; i++)
		*find_slot(b, b->keys[i]) = i + 1;
}

static uint32_t put_term(struct bm25 *b, uint64_t key)
{
	uint32_t *slot;

	if (b->n_terms * 2 >= b->mask)
		grow_slots(b);
	slot = find_slot(b, key);
	if (*slot)
		return *slot - 1;
	if (b->n_terms == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->keys = mem_resize(b->keys, b->cap, sizeof *b->keys);
	}
	b->keys[b->n_terms++] = key;
	*slot = b->n_terms;
	return b->n_terms - 1;
}

/* Counts docs per term into start[term + 1], then sums. Returns the number of postings. */
static size_t count_docs(struct bm25 *b, const struct bag *docs, size_t n)
{
	size_t total = 0;

	for (size_t d = 0; d < n; d++)
		for (size_t i = 0; i < docs[d].n; i++)
			put_term(b, docs[d].v[i].key);
	b->start = mem_zalloc(((size_t)b->n_terms + 2) * sizeof *b->start);
	for (size_t d = 0; d < n; d++)
		for (size_t i = 0; i < docs[d].n; i++, total++)
			b->start[put_term(b, docs[d].v[i].key) + 1]++;
	for (uint32_t t = 0; t < b->n_terms; t++)
		b->start[t + 1] += b->start[t];
	return total;
}

static float idf_of(size_t n, size_t df)
{
	return (float)log(1 + ((double)n - (double)df + .5) / ((double)df + .5));
}

static double length_of(const struct bag *doc)
{
	double n = 0;

	for (size_t i = 0; i < doc->n; i++)
		n += (double)doc->v[i].count;
	return n;
}

static void fill_postings(struct bm25 *b, const struct bag *docs, size_t n)
{
	uint32_t *next = mem_alloc(((size_t)b->n_terms + 1) * sizeof *next);
	double total = 0;

	memcpy(next, b->start, ((size_t)b->n_terms + 1) * sizeof *next);
	for (size_t d = 0; d < n; d++)
		total += length_of(&docs[d]);
	for (size_t d = 0; d < n; d++) {
		double share = total > 0 ? length_of(&docs[d]) * (double)n / total : 1;
		float norm = k1 * (1 - length_share + length_share * (float)share);

		for (size_t i = 0; i < docs[d].n; i++) {
			float c = docs[d].v[i].count;
			uint32_t t = put_term(b, docs[d].v[i].key);

			b->postings[next[t]++] = (struct posting){
				(uint32_t)d, b->idf[t] * c * (k1 + 1) / (c + norm)};
		}
	}
	free(next);
}

/* Postings turned round: walking terms in order leaves each doc's terms in order. */
static void fill_docs(struct bm25 *b, const struct bag *docs, size_t total)
{
	uint32_t *next = mem_alloc((b->n_docs + 1) * sizeof *next);

	b->doc_start = mem_zalloc((b->n_docs + 1) * sizeof *b->doc_start);
	b->own = mem_alloc((total + 1) * sizeof *b->own);
	for (size_t d = 0; d < b->n_docs; d++) {
		next[d] = b->doc_start[d];
		b->doc_start[d + 1] = b->doc_start[d] + (uint32_t)docs[d].n;
	}
	for (uint32_t t = 0; t < b->n_terms; t++)
		for (uint32_t i = b->start[t]; i < b->start[t + 1]; i++)
			b->own[next[b->postings[i].doc]++] =
				(struct own_term){t, b->postings[i].impact};
	free(next);
}

struct bm25 *bm25_new(const struct bag *docs, size_t n)
{
	struct bm25 *b = mem_zalloc(sizeof *b);
	size_t total;

	b->n_docs = n;
	grow_slots(b);
	total = count_docs(b, docs, n);
	b->idf = mem_alloc(((size_t)b->n_terms + 1) * sizeof *b->idf);
	for (uint32_t t = 0; t < b->n_terms; t++)
		b->idf[t] = idf_of(n, b->start[t + 1] - b->start[t]);
	b->postings = mem_alloc((total + 1) * sizeof *b->postings);
	fill_postings(b, docs, n);
	fill_docs(b, docs, total);
	return b;
}

void bm25_free(struct bm25 *b)
{
	if (!b)
		return;
	free(b->keys);
	free(b->slots);
	free(b->start);
	free(b->idf);
	free(b->postings);
	free(b->doc_start);
	free(b->own);
	free(b);
}

size_t bm25_docs(const struct bm25 *b)
{
	return b->n_docs;
}

size_t bm25_terms(const struct bm25 *b)
{
	return b->n_terms;
}

int32_t bm25_term(const struct bm25 *b, uint64_t key)
{
	return (int32_t)*find_slot(b, key) - 1;
}

const struct posting *bm25_postings(const struct bm25 *b, int32_t term, size_t *n)
{
	*n = 0;
	if (term < 0)
		return NULL;
	*n = b->start[term + 1] - b->start[term];
	return b->postings + b->start[term];
}

const struct own_term *bm25_doc(const struct bm25 *b, uint32_t doc, size_t *n)
{
	*n = b->doc_start[doc + 1] - b->doc_start[doc];
	return b->own + b->doc_start[doc];
}

float bm25_idf(const struct bm25 *b, int32_t term)
{
	return term < 0 ? idf_of(b->n_docs, 0) : b->idf[term];
}

void bm25_add(const struct bm25 *b, int32_t term, float count, struct sparse *scores)
{
	size_t n;
	const struct posting *p = bm25_postings(b, term, &n);

	for (size_t i = 0; i < n; i++)
		sparse_add(scores, p[i].doc, count * p[i].impact);
}

void bm25_score(const struct bm25 *b, const struct bag *query, float *scores)
{
	for (size_t i = 0; i < query->n; i++) {
		size_t n;
		const struct posting *p = bm25_postings(b, bm25_term(b, query->v[i].key), &n);
		float count = query->v[i].count;

		for (size_t k = 0; k < n; k++)
			scores[p[k].doc] += count * p[k].impact;
	}
}

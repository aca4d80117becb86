#include "kb/postings.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "text/mem.h"

static const float k1 = 1.2f, length_share = .75f;

enum { TERMS_MAX = 1 << 23, TERMS_NARROW = 1 << 15, STRENGTH_MAX = 255, NARROW = 2, WIDE = 3 };
/* Bytes before a doc's terms; that may be read behind the last; of a line of the processor's cache. */
enum { HEAD = 4, BEYOND = 2, LINE = 64 };

/* While building: a term of a doc and its count, later its strength. */
#define OWN_TERM(own)	  ((own) >> 8)
#define OWN_STRENGTH(own) ((own)&255)

/* What is asked of a term, on one cache line. */
struct term_row {
	uint64_t key;
	float idf;
	uint32_t df;
};

struct postings {
	struct term_row *rows;
	size_t n_terms, rows_cap;
	uint32_t *slots; /* open addressing by key: term + 1; 0 = free */
	uint32_t mask;
	float idf_of_new; /* of a term that no doc has */
	size_t n_docs, docs_cap;
	uint32_t *doc_start; /* n_docs + 1; in `own`, then in `packed` */
	float *length;	     /* by doc, until sealed; then strength of what it has once */
	uint32_t *own;	     /* by doc, until sealed: term << 8 | count */
	uint8_t *packed;     /* by doc, once sealed */
	size_t width, n_own, own_cap;
	size_t blocks;
	uint32_t *start; /* by term and block, and an end */
	uint16_t *docs;
	uint8_t *strength;
};

static uint32_t *find_slot(const struct postings *p, uint64_t key)
{
	/* Keys are hashes with small numbers mixed into the low bits. */
	uint32_t i = (uint32_t)(key ^ key >> 32) & p->mask;

	while (p->slots[i] && p->rows[p->slots[i] - 1].key != key)
		i = (i + 1) & p->mask;
	return &p->slots[i];
}

static void grow_slots(struct postings *p)
{
	p->mask = p->mask ? p->mask * 2 + 1 : 255;
	free(p->slots);
	p->slots = mem_zalloc(((size_t)p->mask + 1) * sizeof *p->slots);
	for (size_t i = 0; i < p->n_terms; i++)
		*find_slot(p, p->rows[i].key) = (uint32_t)i + 1;
}

static uint32_t put_term(struct postings *p, uint64_t key)
{
	uint32_t *slot = find_slot(p, key);

	if (*slot)
		return *slot - 1;
	if (p->n_terms * 2 >= p->mask) {
		grow_slots(p);
		slot = find_slot(p, key);
	}
	assert(p->n_terms < TERMS_MAX);
	if (p->n_terms == p->rows_cap) {
		p->rows_cap = p->rows_cap ? p->rows_cap * 2 : 64;
		p->rows = mem_resize(p->rows, p->rows_cap, sizeof *p->rows);
	}
	p->rows[p->n_terms++] = (struct term_row){.key = key};
	*slot = (uint32_t)p->n_terms;
	return *slot - 1;
}

struct postings *postings_new(void)
{
	struct postings *p = mem_zalloc(sizeof *p);

	grow_slots(p);
	p->doc_start = mem_zalloc(sizeof *p->doc_start);
	return p;
}

void postings_free(struct postings *p)
{
	if (!p)
		return;
	free(p->rows);
	free(p->slots);
	free(p->doc_start);
	free(p->length);
	free(p->own);
	free(p->packed);
	free(p->start);
	free(p->docs);
	free(p->strength);
	free(p);
}

static void make_room(struct postings *p, size_t terms)
{
	if (p->n_docs + 1 >= p->docs_cap) {
		p->docs_cap = p->docs_cap ? p->docs_cap * 2 : 64;
		p->doc_start = mem_resize(p->doc_start, p->docs_cap, sizeof *p->doc_start);
		p->length = mem_resize(p->length, p->docs_cap, sizeof *p->length);
	}
	if (p->n_own + terms > p->own_cap) {
		p->own_cap = p->own_cap * 2 + terms + 1024;
		p->own = mem_resize(p->own, p->own_cap, sizeof *p->own);
	}
}

void postings_add(struct postings *p, const struct bag *doc)
{
	float length = 0;

	make_room(p, doc->n);
	for (size_t i = 0; i < doc->n; i++) {
		const struct term *t = &doc->v[i];
		uint32_t term = put_term(p, t->key);
		float count = fminf(fmaxf(t->count, 1), STRENGTH_MAX);

		p->rows[term].df++;
		p->own[p->n_own++] = term << 8 | (uint32_t)count;
		if (t->part != BAG_SOUNDS)
			length += t->count;
	}
	p->length[p->n_docs++] = length;
	p->doc_start[p->n_docs] = (uint32_t)p->n_own;
}

static float idf_of(size_t n, size_t df)
{
	return (float)log(1 + ((double)n - (double)df + .5) / ((double)df + .5));
}

static double mean_length(const struct postings *p)
{
	double total = 0;

	for (size_t d = 0; d < p->n_docs; d++)
		total += (double)p->length[d];
	return total > 0 ? total / (double)p->n_docs : 1;
}

static uint32_t strength_of(float count, float norm)
{
	return (uint32_t)fmaxf(roundf(count / (count + norm) * STRENGTH_MAX), 1);
}

/* Counts to strengths, lengths to the strength of a term that is there once, in place. */
static void weigh_docs(struct postings *p)
{
	double mean = mean_length(p);

	for (size_t d = 0; d < p->n_docs; d++) {
		float share = (float)((double)p->length[d] / mean);
		float norm = k1 * (1 - length_share + length_share * share);

		for (uint32_t i = p->doc_start[d]; i < p->doc_start[d + 1]; i++)
			p->own[i] = (p->own[i] & ~255u) |
				    strength_of((float)OWN_STRENGTH(p->own[i]), norm);
		p->length[d] = (float)strength_of(1, norm);
	}
}

/* Docs come in order, so each term's postings do; a block begins where the term then stands. */
static void turn_round(struct postings *p)
{
	uint32_t *next = mem_alloc((p->n_terms + 1) * sizeof *next), at = 0;

	for (size_t t = 0; t < p->n_terms; t++) {
		next[t] = at;
		at += p->rows[t].df;
	}
	for (size_t d = 0; d < p->n_docs; d++) {
		if (d % POSTINGS_BLOCK == 0)
			for (size_t t = 0; t < p->n_terms; t++)
				p->start[t * p->blocks + d / POSTINGS_BLOCK] = next[t];
		for (uint32_t i = p->doc_start[d]; i < p->doc_start[d + 1]; i++) {
			uint32_t to = next[OWN_TERM(p->own[i])]++;

			p->docs[to] = (uint16_t)(d % POSTINGS_BLOCK);
			p->strength[to] = (uint8_t)OWN_STRENGTH(p->own[i]);
		}
	}
	p->start[p->n_terms * p->blocks] = at;
	free(next);
}

static uint8_t *put_le(uint8_t *to, uint32_t x, size_t width)
{
	x = htole32(x);
	memcpy(to, &x, width);
	return to + width;
}

static uint32_t more_bit(const struct postings *p)
{
	return UINT32_C(1) << (p->width * 8 - 1);
}

static uint8_t *pack_doc(const struct postings *p, const uint32_t *own, size_t n, uint32_t once,
			 uint8_t *to)
{
	to = put_le(to, (uint32_t)n << 8 | once, HEAD);
	for (size_t i = 0; i < n; i++) {
		bool more = OWN_STRENGTH(own[i]) != once;

		to = put_le(to, OWN_TERM(own[i]) | (more ? more_bit(p) : 0), p->width);
	}
	for (size_t i = 0; i < n; i++) {
		if (OWN_STRENGTH(own[i]) != once)
			*to++ = (uint8_t)OWN_STRENGTH(own[i]);
	}
	return to;
}

static void pack(struct postings *p)
{
	size_t most = p->n_docs * HEAD + p->n_own * (WIDE + 1) + BEYOND;
	uint8_t *to = mem_alloc(most), *start = to;
	uint32_t from = 0;

	p->width = p->n_terms <= TERMS_NARROW ? NARROW : WIDE;
	for (size_t d = 0; d < p->n_docs; d++) {
		const uint32_t *own = p->own + from;
		size_t n = p->doc_start[d + 1] - from;

		from = p->doc_start[d + 1];
		p->doc_start[d] = (uint32_t)(to - start);
		to = pack_doc(p, own, n, (uint32_t)p->length[d], to);
	}
	assert((size_t)(to - start) < UINT32_MAX);
	p->doc_start[p->n_docs] = (uint32_t)(to - start);
	p->packed = mem_resize(start, (size_t)(to - start) + BEYOND, 1);
}

/* Gives back what growing took too much. */
static void shrink(struct postings *p, bool keep_docs)
{
	p->rows = mem_resize(p->rows, p->n_terms + 1, sizeof *p->rows);
	if (keep_docs) {
		pack(p);
		p->doc_start = mem_resize(p->doc_start, p->n_docs + 1, sizeof *p->doc_start);
	} else {
		free(p->doc_start);
		p->doc_start = NULL;
	}
	free(p->length);
	free(p->own);
	p->length = NULL;
	p->own = NULL;
}

void postings_seal(struct postings *p, bool keep_docs)
{
	assert(p->n_own < UINT32_MAX);
	for (size_t t = 0; t < p->n_terms; t++)
		p->rows[t].idf = idf_of(p->n_docs, p->rows[t].df);
	p->idf_of_new = idf_of(p->n_docs, 0);
	p->blocks = (p->n_docs + POSTINGS_BLOCK - 1) / POSTINGS_BLOCK;
	p->start = mem_zalloc((p->n_terms * p->blocks + 1) * sizeof *p->start);
	p->docs = mem_alloc((p->n_own + 1) * sizeof *p->docs);
	p->strength = mem_alloc((p->n_own + 1) * sizeof *p->strength);
	weigh_docs(p);
	turn_round(p);
	shrink(p, keep_docs);
}

size_t postings_docs(const struct postings *p)
{
	return p->n_docs;
}

size_t postings_terms(const struct postings *p)
{
	return p->n_terms;
}

size_t postings_bytes(const struct postings *p)
{
	size_t by_term = p->n_terms * (sizeof *p->rows + p->blocks * sizeof *p->start);
	size_t by_doc = p->packed ? p->doc_start[p->n_docs] + p->n_docs * sizeof *p->doc_start : 0;

	return sizeof *p + by_term + by_doc + ((size_t)p->mask + 1) * sizeof *p->slots +
	       p->n_own * (sizeof *p->docs + sizeof *p->strength);
}

int32_t postings_term(const struct postings *p, uint64_t key)
{
	return (int32_t)*find_slot(p, key) - 1;
}

uint64_t postings_key(const struct postings *p, uint32_t term)
{
	return p->rows[term].key;
}

float postings_idf(const struct postings *p, int32_t term)
{
	return term < 0 ? p->idf_of_new : p->rows[term].idf;
}

uint32_t postings_df(const struct postings *p, int32_t term)
{
	return term < 0 ? 0 : p->rows[term].df;
}

bool postings_has_docs(const struct postings *p)
{
	return p->packed;
}

void postings_fetch(const struct postings *p, uint32_t doc)
{
	const uint8_t *from = p->packed + p->doc_start[doc];

	__builtin_prefetch(from);
	__builtin_prefetch(from + LINE);
}

struct doc_list postings_doc(const struct postings *p, uint32_t doc)
{
	const uint8_t *from = p->packed + p->doc_start[doc];
	uint32_t head;

	memcpy(&head, from, HEAD);
	head = le32toh(head);
	return (struct doc_list){.terms = from + HEAD,
				 .n = head >> 8,
				 .width = p->width,
				 .more = more_bit(p),
				 .once = head & 255,
				 .strengths = from + HEAD + (head >> 8) * p->width};
}

struct block_list postings_list(const struct postings *p, uint32_t term, size_t block)
{
	const uint32_t *start = &p->start[term * p->blocks + block];

	return (struct block_list){p->docs + start[0], p->strength + start[0], start[1] - start[0]};
}

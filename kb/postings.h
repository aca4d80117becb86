/* The terms of many short texts, packed: which docs have a term, how strongly, and the reverse.
 *
 *	doc 0 退款 多久		rows: key, idf, df	by term: doc in its block (2 bytes),
 *	doc 1 退款 政策		退款 -> 2 docs			 strength (1 byte)
 *
 *	by doc:	 how many (3 bytes), strength of a term that it has once (1)
 *		 its terms, 2 bytes each, or 3 of more than 32,768 terms; the highest bit: it has it more
 *		 strengths of those that it has more (1 byte each)
 *
 * 5 or 6 bytes a posting in all (3 without the lists by doc) where a pair of number and float takes 16.
 * The strength of a term in a doc is the tf part of BM25 (kb/bm25.h has the formula and its
 * source) in 255ths of its limit k1 + 1; idf is applied to the query, so that common and rare terms
 * keep the same precision. Docs are numbered within blocks of 65,536.
 *
 * postings_new, postings_add for each doc in order, postings_seal; then immutable, and several
 * threads may search. Heap. */
#ifndef KB_POSTINGS_H
#define KB_POSTINGS_H

#include <endian.h>
#include <string.h>

#include "kb/bag.h"

struct postings;

struct postings *postings_new(void);
void postings_free(struct postings *p);

/* A sorted bag; counts are taken as whole numbers from 1 to 255. Terms of the parts in BAG_SOUNDS
 * do not make a doc longer. */
void postings_add(struct postings *p, const struct bag *doc);

/* Without the lists by doc there is no postings_doc, and postings_best is the dearer. */
void postings_seal(struct postings *p, bool keep_docs);

size_t postings_docs(const struct postings *p);
size_t postings_terms(const struct postings *p);
size_t postings_bytes(const struct postings *p);

/* Number of a term, or -1 when no doc has it. */
int32_t postings_term(const struct postings *p, uint64_t key);

uint64_t postings_key(const struct postings *p, uint32_t term);

/* Of a term by number; -1: of a term that no doc has (the greatest there is). */
float postings_idf(const struct postings *p, int32_t term);
/* How many docs have it; 0 for -1. */
uint32_t postings_df(const struct postings *p, int32_t term);

/* The terms of a doc, packed, in the order of its bag. */
struct doc_list {
	const uint8_t *terms; /* little-endian; two bytes may be read beyond the last */
	size_t n, width;
	uint32_t more;		  /* the bit of a term that the doc has more than once */
	uint32_t once;		  /* strength of the others */
	const uint8_t *strengths; /* of those, in order */
};
bool postings_has_docs(const struct postings *p);
struct doc_list postings_doc(const struct postings *p, uint32_t doc);
/* Has the memory of a doc that will be asked for brought near. */
void postings_fetch(const struct postings *p, uint32_t doc);

static inline uint32_t doc_list_packed(const struct doc_list *l, size_t i)
{
	uint32_t x;

	memcpy(&x, l->terms + i * l->width, sizeof x);
	return le32toh(x);
}

/* The number of a term. */
static inline uint32_t doc_list_term(const struct doc_list *l, size_t i)
{
	return doc_list_packed(l, i) & (l->more - 1);
}

/* The strength, 1..255, of a term: asked of each, from the first on. */
static inline uint32_t doc_list_next_strength(struct doc_list *l, size_t i)
{
	bool more = doc_list_packed(l, i) & l->more;
	uint32_t strength = more ? *l->strengths : l->once;

	l->strengths += more;
	return strength;
}

/* One block's docs that have a term, ascending. */
enum { POSTINGS_BLOCK = 65536 };
struct block_list {
	const uint16_t *docs;	 /* less the block's first doc */
	const uint8_t *strength; /* 1..255 */
	size_t n;
};
struct block_list postings_list(const struct postings *p, uint32_t term, size_t block);

#endif

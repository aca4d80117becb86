/* The terms of many short texts, packed: which docs have a term, how strongly, and the reverse.
 *
 *	doc 0 退款 多久		rows: key, idf, df	by doc:	 (term << 8 | strength) …, 3 bytes
 *								 each, or 4 of more than 65,536 terms
 *	doc 1 退款 政策		退款 -> 2 docs		by term: doc in its block (2 bytes),
 *								 strength (1 byte)
 *
 * 6 or 7 bytes a posting in all (3 without the lists by doc) where a pair of number and float takes 16.
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

/* The terms of a doc, packed: of what doc_list_at gives, OWN_TERM is the number, OWN_STRENGTH 1..255. */
#define OWN_TERM(packed)     ((packed) >> 8)
#define OWN_STRENGTH(packed) ((packed)&255)
struct doc_list {
	const uint8_t *v; /* little-endian; a byte may be read beyond the last */
	size_t n, width;
	uint32_t mask;
};
bool postings_has_docs(const struct postings *p);
struct doc_list postings_doc(const struct postings *p, uint32_t doc);
static inline uint32_t doc_list_at(const struct doc_list *l, size_t i)
{
	uint32_t x;

	memcpy(&x, l->v + i * l->width, sizeof x);
	return le32toh(x) & l->mask;
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

/* An inverted index with ready-made BM25 impacts, in memory.
 *
 *	docs (bags)	terms: one array of postings (doc, impact), cut by start[]
 *	0 退款 多久	退款 -> (0, 1.2) (1, 1.2)
 *	1 退款 政策	多久 -> (0, 2.1)   政策 -> (1, 2.1)
 *
 * impact(t,d) = idf(t) c (k1 + 1) / (c + k1 (1 - b + b |d| / mean |d|)), c = count of t in d,
 * idf(t) = ln(1 + (N - df + .5) / (df + .5)), k1 = 1.2, b = .75 (Robertson & Zaragoza, "The
 * probabilistic relevance framework: BM25 and beyond", 2009). A query's score is the sum of
 * impacts of its terms, each times its count in the query. Immutable once made; several threads
 * may search. */
#ifndef KB_BM25_H
#define KB_BM25_H

#include "kb/bag.h"
#include "kb/scratch.h"

struct bm25;

struct posting {
	uint32_t doc;
	float impact;
};

/* Bags are sorted. Heap. */
struct bm25 *bm25_new(const struct bag *docs, size_t n);
void bm25_free(struct bm25 *b);

size_t bm25_docs(const struct bm25 *b);
/* Number of a term, or -1 when no doc has it. */
int32_t bm25_term(const struct bm25 *b, uint64_t key);
size_t bm25_terms(const struct bm25 *b);
const struct posting *bm25_postings(const struct bm25 *b, int32_t term, size_t *n);
/* The same the other way round: the terms of a doc, by number. */
struct own_term {
	uint32_t term;
	float impact;
};
const struct own_term *bm25_doc(const struct bm25 *b, uint32_t doc, size_t *n);

/* Of a term by number; -1: of a term that no doc has (the greatest there is). */
float bm25_idf(const struct bm25 *b, int32_t term);

/* Adds what a term gives, times its count in the query, to the docs that have it. */
void bm25_add(const struct bm25 *b, int32_t term, float count, struct sparse *scores);
/* Adds the score of each doc to scores[bm25_docs()]. */
void bm25_score(const struct bm25 *b, const struct bag *query, float *scores);

#endif

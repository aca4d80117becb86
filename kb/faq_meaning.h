/* What the wordings of an FAQ mean, by word vectors, as one point of 64 bytes each.
 *
 *	wording		SIF mean of its words' vectors (text/vectors.h), 64 numbers, in 256ths
 *	a message	the same, read once; cosine with a wording = product of the two
 *
 * Built once beside the index, then immutable; several threads may ask. Products are whole
 * numbers, the same on every machine. */
#ifndef KB_FAQ_MEANING_H
#define KB_FAQ_MEANING_H

#include "kb/nearest.h"

enum { FAQ_DIMS = 64 };

/* Up to so many wordings all of them are looked at: 64 bytes each stay within the second cache. */
enum { FAQ_SCAN_MOST = 8192 };

struct faq_meaning;

/* With the vectors in the program (text/senses.h). Heap. */
struct faq_meaning *faq_meaning_new(size_t wordings);
/* The next wording; at most as many as there was room made for. */
void faq_meaning_add(struct faq_meaning *m, const struct utterance *u);
void faq_meaning_free(struct faq_meaning *m);
size_t faq_meaning_bytes(const struct faq_meaning *m);

/* A message as a point; false when none of its words is known. */
struct faq_point {
	int16_t v[FAQ_DIMS];
	float known; /* root of the share of the message that it speaks for (vectors_mean_known) */
};
bool faq_meaning_read(const struct faq_meaning *m, const struct utterance *u,
		      struct faq_point *out);

/* Cosine, -1 to 1; 0 for a wording none of whose words is known. */
float faq_meaning_like(const struct faq_meaning *m, const struct faq_point *p, uint32_t wording);

/* The wordings that mean most like it, by cosine, best first, of equals the earlier. */
size_t faq_meaning_find(const struct faq_meaning *m, const struct faq_point *p, struct scored *out,
			size_t max);

#endif

/* How alike short texts are: what the terms of one score on another (bm25.h), as a share of what they score
 * on itself.
 *
 * Terms that many texts have make long lists and say little: the commonest ones that together make less
 * than a fiftieth of a text's score on itself are passed over. Immutable once made. */
#ifndef KB_ALIKE_H
#define KB_ALIKE_H

#include "kb/bm25.h"

struct alike;

/* bags[i]: of doc i of the index, whose terms it has; sorted. Borrows the index. Heap. */
struct alike *alike_new(const struct bm25 *index, const struct bag *bags);
void alike_free(struct alike *a);

/* Likeness of each doc to one of them, 0..1, itself 1, to out->list alone. `out` is empty before. */
void alike_reach(const struct alike *a, uint32_t doc, struct sparse *out);
/* Adds weight x likeness of each doc to one of them; the greatest sum of these is returned. `work` is empty before
 * and after. */
float alike_add(const struct alike *a, uint32_t doc, float weight, struct sparse *work,
		struct sparse *out);
/* Of one other only. */
float alike_pair(const struct alike *a, uint32_t doc, uint32_t other);

#endif

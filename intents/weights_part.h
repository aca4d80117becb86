/* Weights as they are kept: for weights.c, which packs them, and weights_score.c, which adds them up. */
#ifndef INTENTS_WEIGHTS_PART_H
#define INTENTS_WEIGHTS_PART_H

#include "intents/weights.h"

enum { ROW_ONE = 127 };

/* Rows of grams and of word vectors have scales of their own: sums of each part must fit, and
 * vectors have many small numbers. */
struct part {
	size_t from, to; /* features */
	float x_scale;	 /* of a text's values */
	float *to_score; /* by class: what one unit of the int16 sum is worth */
};

/* Of hundreds of classes most rows tell a few apart and say nothing of the rest: those are kept as
 * steps from one class to the next that they speak of. The others are kept whole, for they are
 * added sixteen classes at a time. */
struct step {
	uint8_t by; /* classes on */
	int8_t weight;
};

struct row {
	uint32_t at; /* in `steps`, or in `rows` x stride */
	uint32_t n;  /* steps; ROW_WHOLE: it is whole */
};

#define ROW_WHOLE UINT32_MAX

/* Every text has all numbers of the mean, so their rows are laid out as they are read: sixteen classes after
 * sixteen, of these two rows after two, each class's two weights side by side (of the last row alone, 0).
 *
 *	classes 0..15: row 0 and 1 of class 0, of class 1, … row 2 and 3 of class 0, … classes 16..31: … */
struct weights {
	struct row *index; /* by feature, without the mean's */
	int8_t *rows;
	struct step *steps;
	int8_t *pairs;
	size_t n_rows, n_steps, n_pairs;
	size_t features, classes, stride;
	struct part grams, mean;
};

/* Sixteen classes from `from` on. */
static inline const int8_t *pairs_of(const struct weights *l, size_t from)
{
	return l->pairs + from * 2 * l->n_pairs;
}

#endif

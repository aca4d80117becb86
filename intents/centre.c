#include "intents/centre.h"

#include <math.h>

typedef float floats4 __attribute__((vector_size(16)));

struct centres {
	float *v; /* dims of each class: of length 1, or all 0 */
	size_t classes, dims;
};

static float length_of(const float *v, size_t n)
{
	double square = 0;

	for (size_t i = 0; i < n; i++)
		square += (double)v[i] * (double)v[i];
	return (float)sqrt(square);
}

static const struct vec_item *mean_of(const struct vec *x)
{
	return x->v + x->n - x->n_mean;
}

const struct centres *centres_new(struct arena *a, const struct weights_example *v, size_t n,
				  size_t classes)
{
	struct centres *c = ARENA_NEW(a, struct centres);

	c->classes = classes;
	for (size_t i = 0; i < n; i++)
		c->dims = v[i].x.n_mean > c->dims ? v[i].x.n_mean : c->dims;
	if (c->dims == 0)
		return NULL;
	c->v = ARENA_ARRAY(a, float, classes * c->dims);
	for (size_t i = 0; i < n; i++) {
		const struct vec_item *mean = mean_of(&v[i].x);

		for (size_t d = 0; d < v[i].x.n_mean; d++)
			c->v[v[i].class * c->dims + d] += mean[d].x;
	}
	for (size_t k = 0; k < classes; k++) {
		float length = length_of(c->v + k * c->dims, c->dims);

		for (size_t d = 0; d < c->dims && length > 0; d++)
			c->v[k * c->dims + d] /= length;
	}
	return c;
}

/* Four sums side by side: each adds in the order of the numbers, and none waits for another. */
void centres_cosines(const struct centres *c, const struct vec *x,
		     const uint32_t classes[CENTRES_AT_ONCE], float out[CENTRES_AT_ONCE])
{
	const struct vec_item *mean = mean_of(x);
	floats4 sums = {0};
	float square = 0;

	if (c && x->n_mean == c->dims) {
		const float *v[CENTRES_AT_ONCE];

		for (size_t k = 0; k < CENTRES_AT_ONCE; k++)
			v[k] = c->v + classes[k] * c->dims;
		for (size_t d = 0; d < c->dims; d++) {
			sums += (floats4){v[0][d], v[1][d], v[2][d], v[3][d]} * mean[d].x;
			square += mean[d].x * mean[d].x;
		}
	}
	for (size_t k = 0; k < CENTRES_AT_ONCE; k++)
		out[k] = sums[k] != 0 && square > 0 ? sums[k] / sqrtf(square) : CENTRE_UNTOLD;
}

size_t centres_bytes(const struct centres *c)
{
	return c ? sizeof *c + c->classes * c->dims * sizeof *c->v : 0;
}

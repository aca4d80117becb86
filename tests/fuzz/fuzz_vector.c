/* vector_read over any bytes: what it takes has the length 1, and reads the same when written again;
 * a search among such vectors finds each where it is. */
#include <math.h>

#include "fuzz/fuzz.h"

#include "kb/vector.h"
#include "kb/vector_index.h"
#include "text/buf.h"

static void check_search(struct arena *a, const struct vector *v)
{
	struct vector_index *x = vector_index_new(v->dim);
	float *other = ARENA_ARRAY(a, float, v->dim);
	struct vector_hit hits[2];

	for (size_t i = 0; i < v->dim; i++)
		other[i] = -v->v[i];
	vector_index_add(x, other);
	vector_index_add(x, v->v);
	vector_index_seal(x);
	HOLDS(vector_index_search(x, a, v->v, 2, hits) == 2);
	HOLDS(hits[0].row == 1 && fabsf(hits[0].cosine - 1) < 1e-3f);
	HOLDS(hits[1].row == 0 && fabsf(hits[1].cosine + 1) < 1e-3f);
	vector_index_free(x);
}

static void check_again(struct arena *a, const struct vector *v)
{
	struct buf text = {0};
	struct vector again;

	for (size_t i = 0; i < v->dim; i++)
		buf_printf(&text, "%.9g ", (double)v->v[i]);
	if (text.n <= VECTOR_TEXT_MAX) {
		HOLDS(vector_read(a, buf_view(&text), &again, NULL) == 0);
		HOLDS(again.dim == v->dim);
		for (size_t i = 0; i < v->dim; i++)
			HOLDS(fabsf(again.v[i] - v->v[i]) < 1e-5f);
	}
	buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct err err = {0};
	struct vector v;
	struct arena a;

	arena_init(&a);
	if (vector_read(&a, text, &v, &err) == 0) {
		HOLDS(v.dim >= 1 && v.dim <= VECTOR_DIM_MAX);
		HOLDS(fabs(vector_length(v.v, v.dim) - 1) < 1e-4);
		check_again(&a, &v);
		check_search(&a, &v);
	} else {
		HOLDS(err.text[0]);
	}
	vector_name_valid(text);
	arena_done(&a);
	return 0;
}

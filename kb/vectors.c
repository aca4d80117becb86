#include "kb/vectors.h"

#include <math.h>
#include <stdlib.h>

#include "kb/store_vector.h"
#include "kb/vector.h"
#include "kb/vector_index.h"
#include "text/mem.h"

static const uint32_t none = UINT32_MAX;

/* All vectors of one name. */
struct named {
	struct vector_index *index;
	uint32_t *item; /* by row */
	uint32_t *row;	/* by item, or `none` */
	float weight;	/* of the name */
	float mean;	/* cosine of all pairs */
	size_t cap;	/* of item */
	int64_t id;	/* in the database */
};

struct vectors {
	size_t n_items;
	struct named *v;
	size_t n;
};

/* ---- reading ---- */

struct reading {
	struct vectors *out;
	const struct catalogue *courses;
};

static int add_name(void *arg, const struct vector_name *name)
{
	struct reading *r = arg;
	struct vectors *out = r->out;
	struct named *named;

	if (name->dim < 1 || name->dim > VECTOR_DIM_MAX)
		return 0; /* not written by us */
	out->v = mem_resize(out->v, out->n + 1, sizeof *out->v);
	named = &out->v[out->n++];
	*named = (struct named){.index = vector_index_new(name->dim),
				.row = mem_alloc((out->n_items + 1) * sizeof *named->row),
				.weight = (float)name->weight,
				.id = name->id};
	for (size_t i = 0; i < out->n_items; i++)
		named->row[i] = none;
	return 0;
}

static int add_vector(void *arg, int64_t name, struct str course, const float *v)
{
	struct reading *r = arg;
	int32_t item = catalogue_find(r->courses, course);

	for (size_t i = 0; item >= 0 && i < r->out->n; i++) {
		struct named *named = &r->out->v[i];
		size_t n = vector_index_rows(named->index);

		if (named->id != name)
			continue;
		if (n == named->cap) {
			named->cap = named->cap ? named->cap * 2 : 16;
			named->item = mem_resize(named->item, named->cap, sizeof *named->item);
		}
		named->item[n] = (uint32_t)item;
		named->row[item] = (uint32_t)n;
		vector_index_add(named->index, v);
	}
	return 0;
}

static void find_mean(struct named *named)
{
	size_t n = vector_index_rows(named->index), dim = vector_index_dim(named->index);
	float *sum = mem_zalloc((dim + 1) * sizeof *sum);
	double length;

	for (uint32_t i = 0; i < n; i++) {
		const float *v = vector_index_row(named->index, i);

		for (size_t k = 0; k < dim; k++)
			sum[k] += v[k];
	}
	length = n ? vector_length(sum, dim) / (double)n : 0;
	named->mean = (float)fmin(length * length, .999);
	free(sum);
}

int vectors_read(struct store *s, const struct catalogue *c, struct vectors **out, struct err *err)
{
	struct vectors *v = mem_zalloc(sizeof *v);
	struct reading r = {v, c};
	int rc;

	v->n_items = c->n;
	rc = vector_each_name(s, add_name, &r, err);
	if (rc == 0 && v->n)
		rc = vector_each(s, add_vector, &r, err);
	for (size_t i = 0; i < v->n; i++) {
		vector_index_seal(v->v[i].index);
		find_mean(&v->v[i]);
	}
	if (rc < 0 || !v->n) {
		vectors_free(v);
		v = NULL;
	}
	if (rc == 0)
		*out = v;
	return rc;
}

void vectors_free(struct vectors *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++) {
		vector_index_free(v->v[i].index);
		free(v->v[i].item);
		free(v->v[i].row);
	}
	free(v->v);
	free(v);
}

/* ---- likeness ---- */

static float likeness(const struct named *named, float cosine)
{
	return fmaxf(0, (cosine - named->mean) / (1 - named->mean));
}

/* The weighted mean of the seeds' vectors, as one of length 1, and how long it was: cosines with it
 * times that are the mean of the cosines with each. 0: no seed has a vector. */
static float mean_seed(const struct named *named, const struct vector_seed *seeds, size_t n,
		       float *out)
{
	size_t dim = vector_index_dim(named->index);
	float sum = 0, length;

	for (size_t s = 0; s < n; s++) {
		uint32_t row = named->row[seeds[s].item];
		const float *v;

		if (row == none || seeds[s].weight <= 0)
			continue;
		v = vector_index_row(named->index, row);
		for (size_t k = 0; k < dim; k++)
			out[k] += seeds[s].weight * v[k];
		sum += seeds[s].weight;
	}
	length = (float)vector_length(out, dim);
	for (size_t k = 0; k < dim && length > 0; k++)
		out[k] /= length;
	return sum > 0 ? length / sum : 0;
}

static void add_named(const struct named *named, struct arena *a, const struct vector_seed *seeds,
		      size_t n, float *sums, float *weights)
{
	float *mean = ARENA_ARRAY(a, float, vector_index_dim(named->index));
	float length = mean_seed(named, seeds, n, mean);
	struct vector_hit *hits = ARENA_ARRAY(a, struct vector_hit, VECTORS_NEAR);
	size_t found;

	if (length <= 0 || named->weight <= 0)
		return;
	for (size_t row = 0; row < vector_index_rows(named->index); row++)
		weights[named->item[row]] += named->weight;
	found = vector_index_search(named->index, a, mean, VECTORS_NEAR, hits);
	for (size_t i = 0; i < found; i++)
		sums[named->item[hits[i].row]] +=
			named->weight * likeness(named, length * hits[i].cosine);
}

void vectors_like(const struct vectors *v, struct arena *a, const struct vector_seed *seeds,
		  size_t n, float *sums, float *weights)
{
	for (size_t i = 0; v && i < v->n; i++)
		add_named(&v->v[i], a, seeds, n, sums, weights);
}

void vectors_pair(const struct vectors *v, uint32_t item, uint32_t other, float *sum, float *weight)
{
	for (size_t i = 0; v && i < v->n; i++) {
		const struct named *named = &v->v[i];
		uint32_t x = named->row[item], y = named->row[other];

		if (x == none || y == none)
			continue;
		*weight += named->weight;
		*sum += named->weight *
			likeness(named, vector_dot(vector_index_row(named->index, x),
						   vector_index_row(named->index, y),
						   vector_index_dim(named->index)));
	}
}

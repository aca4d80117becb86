/* What a search among the vectors of courses costs: bench_vectors [--json] [--rows N] [--dim N]
 *
 * Random vectors, ten nearest each time, in CPU milliseconds (medians): the search of
 * kb/vector_index.h, a plain loop over the floats, and how long merely reading the bytes and the
 * floats of all rows takes, which is what memory allows at best. The results of search and loop
 * are compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kb/vector.h"
#include "kb/vector_index.h"
#include "text/buf.h"
#include "text/mem.h"

enum { ASKED = 25, NEAREST = 10 };

struct bench {
	uint64_t rows, dim, random;
	struct vector_index *index;
	float *queries;
	struct arena arena;
	struct buf json;
	bool as_json;
	uint64_t sink; /* so that reading is not left out */
};

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void report(struct bench *b, const char *name, double value, const char *unit)
{
	if (b->as_json)
		json_knum(&b->json, name, value);
	else
		printf("%-28s %10.3f %s\n", name, value, unit);
}

/* Sums of twelve uniform numbers: bells, as the numbers of embeddings are. */
static void make_vector(struct bench *b, float *v)
{
	double length;

	for (size_t i = 0; i < b->dim; i++) {
		v[i] = -6;
		for (int k = 0; k < 12; k++) {
			b->random = b->random * 6364136223846793005u + 1442695040888963407u;
			v[i] += (float)(b->random >> 40) / (1 << 24);
		}
	}
	length = vector_length(v, b->dim);
	for (size_t i = 0; i < b->dim; i++)
		v[i] = (float)((double)v[i] / length);
}

static size_t search(struct bench *b, const float *q, struct vector_hit *hits)
{
	return vector_index_search(b->index, &b->arena, q, NEAREST, hits);
}

/* What one writes first: each row's numbers against the query's, the best kept in order. */
static size_t loop(struct bench *b, const float *q, struct vector_hit *hits)
{
	size_t n = 0;

	for (uint32_t r = 0; r < b->rows; r++) {
		const float *v = vector_index_row(b->index, r);
		float sum = 0;
		size_t at;

		for (size_t i = 0; i < b->dim; i++)
			sum += q[i] * v[i];
		if (n == NEAREST && sum <= hits[n - 1].cosine)
			continue;
		for (at = n < NEAREST ? n++ : n - 1; at > 0 && hits[at - 1].cosine < sum; at--)
			hits[at] = hits[at - 1];
		hits[at] = (struct vector_hit){r, sum};
	}
	return n;
}

static size_t read_words(struct bench *b, size_t bytes)
{
	const char *p = (const char *)vector_index_row(b->index, 0);
	uint64_t sums[8] = {0};

	for (size_t i = 0; i + 64 <= bytes; i += 64) {
		uint64_t words[8];

		memcpy(words, p + i, sizeof words);
		for (int k = 0; k < 8; k++)
			sums[k] += words[k];
	}
	for (int k = 0; k < 8; k++)
		b->sink += sums[k];
	return 0;
}

static size_t read_bytes(struct bench *b, const float *q, struct vector_hit *hits)
{
	(void)q;
	(void)hits;
	return read_words(b, b->rows * b->dim);
}

static size_t read_floats(struct bench *b, const float *q, struct vector_hit *hits)
{
	(void)q;
	(void)hits;
	return read_words(b, b->rows * b->dim * sizeof(float));
}

static int by_value(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static void measure(struct bench *b, const char *name,
		    size_t (*one)(struct bench *b, const float *q, struct vector_hit *hits))
{
	struct vector_hit hits[NEAREST];
	double ms[ASKED];

	for (size_t i = 0; i < ASKED; i++) {
		double begun;

		arena_reset(&b->arena);
		begun = cpu_ms();
		one(b, b->queries + i * b->dim, hits);
		ms[i] = cpu_ms() - begun;
	}
	qsort(ms, ASKED, sizeof *ms, by_value);
	report(b, name, ms[ASKED / 2], "ms");
}

/* Share of the loop's rows that the search found, too. */
static double agreement(struct bench *b)
{
	size_t same = 0, n = 0;

	for (size_t i = 0; i < ASKED; i++) {
		struct vector_hit found[NEAREST], best[NEAREST];
		size_t found_n, best_n;

		arena_reset(&b->arena);
		found_n = search(b, b->queries + i * b->dim, found);
		best_n = loop(b, b->queries + i * b->dim, best);
		for (size_t k = 0; k < best_n; k++, n++)
			for (size_t m = 0; m < found_n; m++)
				same += found[m].row == best[k].row;
	}
	return (double)same / (double)n;
}

static void prepare(struct bench *b)
{
	float *v = mem_alloc(b->dim * sizeof *v);

	b->index = vector_index_new(b->dim);
	for (size_t i = 0; i < b->rows; i++) {
		make_vector(b, v);
		vector_index_add(b->index, v);
	}
	vector_index_seal(b->index);
	b->queries = mem_alloc(ASKED * b->dim * sizeof *b->queries);
	for (size_t i = 0; i < ASKED; i++)
		make_vector(b, b->queries + i * b->dim);
	free(v);
}

int main(int argc, char **argv)
{
	struct bench b = {.rows = 100000, .dim = 256, .random = 1};

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			b.as_json = true;
		else if (strcmp(argv[i], "--rows") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &b.rows);
		else if (strcmp(argv[i], "--dim") == 0 && i + 1 < argc)
			str_to_u64(str_of(argv[++i]), &b.dim);
	}
	if (!b.rows || !b.dim || b.dim > VECTOR_DIM_MAX)
		return 2;
	arena_init(&b.arena);
	prepare(&b);
	if (b.as_json)
		json_open(&b.json, '{');
	else
		printf("%llu vectors of %llu numbers, %d nearest\n", (unsigned long long)b.rows,
		       (unsigned long long)b.dim, NEAREST);
	measure(&b, "search_ms", search);
	measure(&b, "plain_loop_ms", loop);
	measure(&b, "read_a_byte_a_number_ms", read_bytes);
	measure(&b, "read_the_floats_ms", read_floats);
	report(&b, "same_as_plain_loop", agreement(&b), "");
	report(&b, "memory_mib", (double)vector_index_bytes(b.index) / 1048576, "MiB");
	if (b.as_json) {
		json_close(&b.json, '}');
		puts(b.json.p);
	}
	buf_done(&b.json);
	vector_index_free(b.index);
	free(b.queries);
	arena_done(&b.arena);
	return b.sink == 42 ? 3 : 0;
}

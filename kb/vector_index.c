#include "kb/vector_index.h"

#include <math.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "kb/vector.h"
#include "text/mem.h"

/* Rows of bytes are padded with zeros to whole blocks. */
enum { BLOCK = 32 };

typedef int8_t bytes_quarter __attribute__((vector_size(8)));
typedef int16_t shorts __attribute__((vector_size(16)));
typedef int32_t ints __attribute__((vector_size(32)));
typedef float floats __attribute__((vector_size(16)));

struct code {
	float scale, rest; /* s and |e| */
};

struct vector_index {
	size_t dim, padded; /* numbers of a row; bytes of its code */
	size_t n, cap;
	float *rows;
	int8_t *codes;
	struct code *made;
};

struct vector_index *vector_index_new(size_t dim)
{
	struct vector_index *x = mem_zalloc(sizeof *x);

	x->dim = dim;
	x->padded = (dim + BLOCK - 1) / BLOCK * BLOCK;
	return x;
}

void vector_index_free(struct vector_index *x)
{
	if (!x)
		return;
	free(x->rows);
	free(x->codes);
	free(x->made);
	free(x);
}

/* ---- bytes ---- */

/* The greatest number becomes 127 or -127. Bytes after `dim` stay as they are. */
static struct code encode(const float *v, size_t dim, int8_t *out)
{
	float most = 0, scale;
	double rest = 0;

	for (size_t i = 0; i < dim; i++)
		most = fmaxf(most, fabsf(v[i]));
	scale = most / 127;
	for (size_t i = 0; i < dim; i++) {
		double off;

		out[i] = (int8_t)lrintf(v[i] / scale);
		off = (double)v[i] - (double)scale * (double)out[i];
		rest += off * off;
	}
	/* What rounding to float may have cut off. */
	return (struct code){scale, (float)sqrt(rest) * 1.00001f + 1e-7f};
}

static void grow(struct vector_index *x, size_t cap)
{
	x->codes = mem_resize(x->codes, (cap + 1) * x->padded, sizeof *x->codes);
	x->rows = mem_resize(x->rows, cap * x->dim + 1, sizeof *x->rows);
	x->made = mem_resize(x->made, cap + 1, sizeof *x->made);
	x->cap = cap;
}

void vector_index_add(struct vector_index *x, const float *v)
{
	if (x->n == x->cap)
		grow(x, x->cap ? x->cap + x->cap / 2 : 16);
	memcpy(x->rows + x->n * x->dim, v, x->dim * sizeof *v);
	memset(x->codes + x->n * x->padded, 0, x->padded);
	x->made[x->n] = encode(v, x->dim, x->codes + x->n * x->padded);
	x->n++;
}

void vector_index_seal(struct vector_index *x)
{
	if (x->cap > x->n)
		grow(x, x->n);
}

size_t vector_index_rows(const struct vector_index *x)
{
	return x->n;
}

size_t vector_index_dim(const struct vector_index *x)
{
	return x->dim;
}

size_t vector_index_bytes(const struct vector_index *x)
{
	return x->cap * (x->dim * sizeof *x->rows + x->padded + sizeof *x->made);
}

const float *vector_index_row(const struct vector_index *x, uint32_t row)
{
	return x->rows + (size_t)row * x->dim;
}

float vector_dot(const float *a, const float *b, size_t n)
{
	enum { LANES = sizeof(floats) / sizeof(float) };
	floats sum = {0}, x, y;
	float total = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		memcpy(&x, a + i, sizeof x);
		memcpy(&y, b + i, sizeof y);
		sum += x * y;
	}
	for (; i < n; i++)
		total += a[i] * b[i];
	for (int k = 0; k < LANES; k++)
		total += sum[k];
	return total;
}

/* ---- scanning ---- */

/* Products of two bytes fit into 16 bits, and so does the sum of two of them (2 x 127 x 127). For any
 * machine; what AVX2 makes of the same bytes is the same whole number. */
static int32_t dot_bytes(const int8_t *code, const int16_t *query, size_t n)
{
	ints sum = {0};
	int32_t total = 0;

	for (size_t i = 0; i < n; i += BLOCK / 2) {
		bytes_quarter low, high;
		shorts a, b;

		memcpy(&low, code + i, sizeof low);
		memcpy(&high, code + i + sizeof low, sizeof high);
		memcpy(&a, query + i, sizeof a);
		memcpy(&b, query + i + sizeof low, sizeof b);
		a = __builtin_convertvector(low, shorts) * a +
		    __builtin_convertvector(high, shorts) * b;
		sum += __builtin_convertvector(a, ints);
	}
	for (size_t k = 0; k < sizeof sum / sizeof total; k++)
		total += sum[k];
	return total;
}

static void scan_any(const struct vector_index *x, const int16_t *query, int32_t *out)
{
	for (size_t i = 0; i < x->n; i++)
		out[i] = dot_bytes(x->codes + i * x->padded, query, x->padded);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static int32_t dot_avx2(const int8_t *code, const int16_t *query,
							size_t n)
{
	__m256i sum = _mm256_setzero_si256();
	__m128i half;

	for (size_t i = 0; i < n; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(code + i));
		__m256i q = _mm256_loadu_si256((const __m256i *)(const void *)(query + i));

		sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_cvtepi8_epi16(bytes), q));
	}
	half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
	return _mm_cvtsi128_si32(half);
}

__attribute__((target("avx2"))) static void scan_avx2(const struct vector_index *x,
						      const int16_t *query, int32_t *out)
{
	for (size_t i = 0; i < x->n; i++)
		out[i] = dot_avx2(x->codes + i * x->padded, query, x->padded);
}
#endif

static void scan(const struct vector_index *x, const int16_t *query, int32_t *out)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		scan_avx2(x, query, out);
		return;
	}
#endif
	scan_any(x, query, out);
}

/* ---- the best ---- */

/* A heap of the k greatest, the least of them first. */
static void keep_greatest(float *heap, size_t *n, size_t k, float v)
{
	size_t at;

	if (*n < k) {
		for (at = (*n)++; at > 0 && heap[(at - 1) / 2] > v; at = (at - 1) / 2)
			heap[at] = heap[(at - 1) / 2];
		heap[at] = v;
		return;
	}
	if (v <= heap[0])
		return;
	for (at = 0;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < k && heap[child + 1] < heap[child])
			child++;
		if (child >= k || heap[child] >= v)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = v;
}

static int by_cosine(const void *a, const void *b)
{
	const struct vector_hit *x = a, *y = b;

	if (x->cosine > y->cosine || x->cosine < y->cosine)
		return x->cosine > y->cosine ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

struct bounds {
	float value, off;
};

static struct bounds bound(const struct code *c, const struct code *q, int32_t dot)
{
	return (struct bounds){q->scale * c->scale * (float)dot,
			       q->rest * (1 + c->rest) + c->rest + 1e-6f};
}

/* What the k-th best surely has. */
static float find_least(const struct vector_index *x, struct arena *a, const struct code *q,
			const int32_t *dots, size_t k)
{
	float *heap = ARENA_ARRAY(a, float, k);
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++) {
		struct bounds b = bound(&x->made[i], q, dots[i]);

		keep_greatest(heap, &n, k, b.value - b.off);
	}
	return heap[0];
}

size_t vector_index_search(const struct vector_index *x, struct arena *a, const float *q, size_t k,
			   struct vector_hit *out)
{
	int8_t *bytes = ARENA_ARRAY(a, int8_t, x->padded);
	int16_t *query = ARENA_ARRAY(a, int16_t, x->padded);
	int32_t *dots = ARENA_ARRAY(a, int32_t, x->n);
	struct vector_hit *hits = NULL;
	struct code code = encode(q, x->dim, bytes);
	size_t n = 0, cap = 0;
	float least;

	k = k < x->n ? k : x->n;
	if (!k)
		return 0;
	for (size_t i = 0; i < x->dim; i++)
		query[i] = bytes[i];
	scan(x, query, dots);
	least = find_least(x, a, &code, dots, k);
	for (uint32_t i = 0; i < x->n; i++) {
		struct bounds b = bound(&x->made[i], &code, dots[i]);

		if (b.value + b.off >= least)
			ARENA_PUSH(a, hits, n, cap,
				   ((struct vector_hit){
					   i, vector_dot(q, vector_index_row(x, i), x->dim)}));
	}
	qsort(hits, n, sizeof *hits, by_cosine);
	memcpy(out, hits, k * sizeof *hits);
	return k;
}

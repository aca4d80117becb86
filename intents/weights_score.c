#include "intents/weights.h"

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "intents/weights_part.h"

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));

enum { AHEAD = 4, LINE = 64 }; /* AHEAD: rows that are fetched before their turn */

/* Without a branch: half of a mean's numbers are below 0, and none foretells the next. */
static int16_t round_of(float x)
{
	return (int16_t)(x + copysignf(0.5F, x));
}

/* A text's items, ready to be added up. */
struct items {
	const int8_t **rows; /* whole ones, and the last twice when their number is odd */
	int16_t *values;     /* of them, 0..ROW_ONE; of the second of the last, 0 */
	size_t n;
	int16_t *sums;	    /* by class, of the others */
	int8_t (*mean)[2];  /* of the mean, two by two */
	int8_t (*sizes)[2]; /* without their signs */
	size_t n_mean;	    /* pairs, or 0 */
};

static void add_steps(const struct step *steps, size_t n, int16_t value, int16_t *sums)
{
	int16_t *sum = sums;

	for (size_t i = 0; i < n; i++) {
		sum += steps[i].by;
		*sum = (int16_t)(*sum + steps[i].weight * value);
	}
}

/* Has the memory of an item's row fetched, which is seldom near the one before. */
static void fetch_row(const struct weights *l, const struct vec_item *x)
{
	const struct row *r = &l->index[x->id];

	if (r->n != ROW_WHOLE) {
		__builtin_prefetch(l->steps + r->at);
		return;
	}
	for (size_t i = 0; i < l->stride; i += LINE)
		__builtin_prefetch(l->rows + r->at * l->stride + i);
}

static void read_grams(const struct weights *l, struct arena *a, const struct vec_item *v, size_t n,
		       struct items *items)
{
	items->rows = ARENA_ARRAY(a, const int8_t *, n + 1);
	items->values = ARENA_ARRAY(a, int16_t, n + 1);
	items->sums = ARENA_ARRAY(a, int16_t, l->stride);
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &l->index[v[i].id];
		int16_t value = round_of(v[i].x * l->grams.x_scale);

		if (i + 2 * AHEAD < n)
			__builtin_prefetch(&l->index[v[i + 2 * AHEAD].id]);
		if (i + AHEAD < n)
			fetch_row(l, &v[i + AHEAD]);
		if (r->n != ROW_WHOLE) {
			add_steps(l->steps + r->at, r->n, value, items->sums);
			continue;
		}
		items->rows[items->n] = l->rows + r->at * l->stride;
		items->values[items->n++] = value;
	}
	if (items->n % 2) {
		items->rows[items->n] = items->rows[items->n - 1];
		items->n++;
	}
}

static void read_mean(const struct weights *l, struct arena *a, const struct vec_item *v, size_t n,
		      struct items *items)
{
	items->n_mean = (n + 1) / 2;
	items->mean = arena_array(a, items->n_mean, sizeof *items->mean);
	items->sizes = arena_array(a, items->n_mean, sizeof *items->sizes);
	for (size_t i = 0; i < n; i++) {
		int16_t value = round_of(v[i].x * l->mean.x_scale);

		value = value > ROW_ONE ? ROW_ONE : value < -ROW_ONE ? -ROW_ONE : value;
		items->mean[i / 2][i % 2] = (int8_t)value;
		items->sizes[i / 2][i % 2] = (int8_t)(value < 0 ? -value : value);
	}
}

/* sums[0..16) += row x value. Interleaving with itself and shifting is how SSE2 extends signs. */
static inline void add_row(shorts8 sums[2], bytes16 row, int16_t value)
{
	bytes16 low =
		__builtin_shufflevector(row, row, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
	bytes16 high = __builtin_shufflevector(row, row, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
					       14, 14, 15, 15);

	sums[0] += ((shorts8)low >> 8) * value;
	sums[1] += ((shorts8)high >> 8) * value;
}

/* Of eight classes. */
static inline shorts8 product_of_pair(bytes16 pair, const int8_t x[2])
{
	return ((shorts8)pair << 8 >> 8) * x[0] + ((shorts8)pair >> 8) * x[1];
}

/* Sums of 16 classes: of the grams, and of the mean. */
static void sum_block(const struct weights *l, const struct items *items, size_t from,
		      int16_t grams[WEIGHTS_LANES], int16_t mean[WEIGHTS_LANES])
{
	const bytes16 *pairs = (const bytes16 *)pairs_of(l, from);
	shorts8 sums[2], means[2] = {{0}, {0}};

	memcpy(sums, items->sums + from, sizeof sums);
	for (size_t i = 0; i < items->n; i++)
		add_row(sums, *(const bytes16 *)(items->rows[i] + from), items->values[i]);
	for (size_t i = 0; i < items->n_mean; i++) {
		means[0] += product_of_pair(pairs[2 * i], items->mean[i]);
		means[1] += product_of_pair(pairs[2 * i + 1], items->mean[i]);
	}
	memcpy(grams, sums, sizeof sums);
	memcpy(mean, means, sizeof means);
}

static void score_any(const struct weights *l, const struct items *items, float *out)
{
	int16_t grams[WEIGHTS_LANES], mean[WEIGHTS_LANES];

	for (size_t from = 0; from < l->stride; from += WEIGHTS_LANES) {
		sum_block(l, items, from, grams, mean);
		for (size_t c = 0; c < WEIGHTS_LANES; c++)
			out[from + c] = (float)grams[c] * l->grams.to_score[from + c] +
					(float)mean[c] * l->mean.to_score[from + c];
	}
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

/* Classes of this many blocks of sixteen are added up at once: what is to be had of the text is then had once
 * for all of them. */
enum { AT_ONCE = 4 };

typedef __m256i blocks[AT_ONCE];

AVX2 static inline __m256i load(const void *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

/* Of two rows side by side, as the mean's are, the products with two numbers, none of which is below 0: their
 * sum is 2 x 127 x 127 at most. */
AVX2 static inline __m256i product_of_rows(__m256i both, const int16_t values[2])
{
	int32_t two = values[0] | values[1] << 8;

	return _mm256_maddubs_epi16(_mm256_set1_epi16((int16_t)two), both);
}

/* Sixteen classes. */
AVX2 static inline __attribute__((always_inline)) void grams_of_one(const struct items *items,
								    size_t from, __m256i *sum)
{
	*sum = load(items->sums + from);
	for (size_t i = 0; i < items->n; i += 2) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(items->rows[i] + from));
		__m128i y =
			_mm_loadu_si128((const __m128i *)(const void *)(items->rows[i + 1] + from));
		__m256i two = _mm256_set_m128i(_mm_unpackhi_epi8(x, y), _mm_unpacklo_epi8(x, y));

		*sum = _mm256_add_epi16(*sum, product_of_rows(two, items->values + i));
	}
}

/* Sixty-four. Laying rows side by side leaves the classes of each thirty-two in the order 0..7, 16..23 and
 * 8..15, 24..31. */
AVX2 static inline __attribute__((always_inline)) void grams_of_four(const struct items *items,
								     size_t from, blocks sums)
{
	__m256i low[2] = {0}, high[2] = {0};

	for (size_t i = 0; i < items->n; i += 2) {
		const int8_t *first = items->rows[i] + from, *second = items->rows[i + 1] + from;

#pragma GCC unroll 2
		for (size_t k = 0; k < 2; k++) {
			__m256i x = load(first + k * 32), y = load(second + k * 32);
			__m256i l = _mm256_unpacklo_epi8(x, y), h = _mm256_unpackhi_epi8(x, y);

			low[k] = _mm256_add_epi16(low[k], product_of_rows(l, items->values + i));
			high[k] = _mm256_add_epi16(high[k], product_of_rows(h, items->values + i));
		}
	}
#pragma GCC unroll 2
	for (size_t k = 0; k < 2; k++) {
		const int16_t *steps = items->sums + from + k * 32;

		sums[2 * k] = _mm256_add_epi16(load(steps),
					       _mm256_permute2x128_si256(low[k], high[k], 0x20));
		sums[2 * k + 1] =
			_mm256_add_epi16(load(steps + WEIGHTS_LANES),
					 _mm256_permute2x128_si256(low[k], high[k], 0x31));
	}
}

/* Two numbers in one. */
static inline int16_t both(const int8_t x[2])
{
	int16_t two;

	memcpy(&two, x, sizeof two);
	return two;
}

/* A weight with the sign of the text's number, times its size: two of them are 2 x 127 x 127 at most. */
AVX2 static inline __attribute__((always_inline)) void
mean_avx2(const struct weights *l, const struct items *items, size_t from, size_t n, blocks sums)
{
	const __m256i *pairs = (const __m256i *)(const void *)pairs_of(l, from);

#pragma GCC unroll 4
	for (size_t b = 0; b < n; b++)
		sums[b] = _mm256_setzero_si256();
	for (size_t i = 0; i < items->n_mean; i++) {
		__m256i value = _mm256_set1_epi16(both(items->mean[i]));
		__m256i size = _mm256_set1_epi16(both(items->sizes[i]));

#pragma GCC unroll 4
		for (size_t b = 0; b < n; b++) {
			__m256i two = _mm256_loadu_si256(pairs + b * l->n_pairs + i);

			two = _mm256_maddubs_epi16(size, _mm256_sign_epi8(two, value));
			sums[b] = _mm256_add_epi16(sums[b], two);
		}
	}
}

/* Eight sums as scores. */
AVX2 static inline __m256 scores_avx2(__m128i sums, const float *to_score)
{
	return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(sums)),
			     _mm256_loadu_ps(to_score));
}

/* The same sums, where the processor has registers of sixteen. */
AVX2 static inline __attribute__((always_inline)) void
score_blocks(const struct weights *l, const struct items *items, size_t from, size_t n, float *out)
{
	blocks grams, mean;

	if (n == AT_ONCE)
		grams_of_four(items, from, grams);
	else
		grams_of_one(items, from, grams);
	mean_avx2(l, items, from, n, mean);
	for (size_t b = 0; b < n; b++, from += WEIGHTS_LANES) {
		const float *by = l->grams.to_score + from, *by_mean = l->mean.to_score + from;

		_mm256_storeu_ps(
			out + from,
			_mm256_add_ps(scores_avx2(_mm256_castsi256_si128(grams[b]), by),
				      scores_avx2(_mm256_castsi256_si128(mean[b]), by_mean)));
		_mm256_storeu_ps(
			out + from + 8,
			_mm256_add_ps(
				scores_avx2(_mm256_extracti128_si256(grams[b], 1), by + 8),
				scores_avx2(_mm256_extracti128_si256(mean[b], 1), by_mean + 8)));
	}
}

AVX2 static void score_avx2(const struct weights *l, const struct items *items, float *out)
{
	size_t from = 0;

	for (; from + AT_ONCE * WEIGHTS_LANES <= l->stride; from += AT_ONCE * WEIGHTS_LANES)
		score_blocks(l, items, from, AT_ONCE, out);
	for (; from < l->stride; from += WEIGHTS_LANES)
		score_blocks(l, items, from, 1, out);
}
#endif

const float *weights_score(const struct weights *l, struct arena *a, const struct vec *x)
{
	float *out = ARENA_ARRAY(a, float, l->stride);
	size_t grams = x->n - x->n_mean;
	struct items items = {.n = 0};

	read_grams(l, a, x->v, grams, &items);
	read_mean(l, a, x->v + grams, x->n_mean, &items);
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		score_avx2(l, &items, out);
		return out;
	}
#endif
	score_any(l, &items, out);
	return out;
}

#include "kb/faq_meaning.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "text/mem.h"
#include "text/senses.h"
#include "text/vectors.h"

/* A number of a mean of length 1 is seldom above .4; a message's are finer than a wording's. */
static const float wording_unit = 256, message_unit = 1024;

struct faq_meaning {
	struct arena kept; /* of the vectors' head */
	const struct vectors *vectors;
	int8_t *points;
	size_t n, cap;
};

struct faq_meaning *faq_meaning_new(size_t wordings)
{
	struct faq_meaning *m = mem_zalloc(sizeof *m);

	arena_init(&m->kept);
	m->vectors = senses_vectors(&m->kept);
	assert(vectors_dims(m->vectors) <= FAQ_DIMS);
	m->points = mem_zalloc((wordings + 1) * FAQ_DIMS);
	m->cap = wordings;
	return m;
}

void faq_meaning_free(struct faq_meaning *m)
{
	if (!m)
		return;
	arena_done(&m->kept);
	free(m->points);
	free(m);
}

size_t faq_meaning_bytes(const struct faq_meaning *m)
{
	return sizeof *m + m->cap * FAQ_DIMS;
}

/* Halves go away from 0, as roundf has it: of numbers this small what is cut off is exact. */
static int32_t whole(float x, float most)
{
	float within = x < -most ? -most : x > most ? most : x;
	int32_t cut = (int32_t)within;
	float rest = within - (float)cut;

	return cut + (rest >= .5f) - (rest <= -.5f);
}

void faq_meaning_add(struct faq_meaning *m, const struct utterance *u)
{
	float mean[FAQ_DIMS] = {0};

	assert(m->n < m->cap);
	vectors_mean(m->vectors, u, mean);
	for (size_t i = 0; i < FAQ_DIMS; i++)
		m->points[m->n * FAQ_DIMS + i] = (int8_t)whole(mean[i] * wording_unit, INT8_MAX);
	m->n++;
}

bool faq_meaning_read(const struct faq_meaning *m, const struct utterance *u, struct faq_point *out)
{
	float mean[FAQ_DIMS] = {0};

	if (!vectors_mean_known(m->vectors, u, mean, &out->known))
		return false;
	out->known = sqrtf(out->known); /* half of a message still says more than half */
	for (size_t i = 0; i < FAQ_DIMS; i++)
		out->v[i] = (int16_t)whole(mean[i] * message_unit, message_unit);
	return true;
}

/* ---- products ---- */

static int32_t product_any(const int8_t *point, const int16_t *message)
{
	int32_t sum = 0;

	for (size_t i = 0; i < FAQ_DIMS; i++)
		sum += point[i] * message[i];
	return sum;
}

static void scan_any(const int8_t *points, size_t n, const int16_t *message, int32_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = product_any(points + i * FAQ_DIMS, message);
}

#if defined(__x86_64__)
/* The products of one wording, still to be added up. */
__attribute__((target("avx2"))) static inline __m128i product_avx2(const int8_t *point,
								   const __m256i q[FAQ_DIMS / 16])
{
	__m256i sum = _mm256_setzero_si256();

	for (size_t k = 0; k < FAQ_DIMS / 16; k++) {
		const void *at = point + k * 16;
		__m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)at));

		sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, q[k]));
	}
	return _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
}

/* The same whole numbers, a register of sixteen at a time, four wordings at once. n: a multiple of 4. */
__attribute__((target("avx2"))) static void scan_avx2(const int8_t *points, size_t n,
						      const int16_t *message, int32_t *out)
{
	__m256i q[FAQ_DIMS / 16];

	for (size_t k = 0; k < FAQ_DIMS / 16; k++)
		q[k] = _mm256_loadu_si256((const __m256i *)(const void *)(message + k * 16));
	for (size_t i = 0; i < n; i += 4, points += (size_t)4 * FAQ_DIMS) {
		__m128i x =
			_mm_hadd_epi32(product_avx2(points, q), product_avx2(points + FAQ_DIMS, q));
		__m128i y = _mm_hadd_epi32(product_avx2(points + (size_t)2 * FAQ_DIMS, q),
					   product_avx2(points + (size_t)3 * FAQ_DIMS, q));

		_mm_storeu_si128((__m128i *)(void *)(out + i), _mm_hadd_epi32(x, y));
	}
}
#endif

static void scan(const int8_t *points, size_t n, const int16_t *message, int32_t *out)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		size_t fours = n / 4 * 4;

		scan_avx2(points, fours, message, out);
		scan_any(points + fours * FAQ_DIMS, n - fours, message, out + fours);
		return;
	}
#endif
	scan_any(points, n, message, out);
}

static float cosine(int32_t product)
{
	return (float)product / (wording_unit * message_unit);
}

float faq_meaning_like(const struct faq_meaning *m, const struct faq_point *p, uint32_t wording)
{
	assert(wording < m->n);
	return cosine(product_any(m->points + (size_t)wording * FAQ_DIMS, p->v));
}

/* ---- the nearest ---- */

enum { AT_ONCE = 512, STEP = 16, SHELVES = 256, SHELF_SHIFT = 10 };

/* Behind its equals, which are earlier wordings. */
static size_t insert(struct scored *out, size_t n, size_t max, struct scored x)
{
	size_t at = n < max ? n++ : n - 1;

	for (; at > 0 && out[at - 1].score < x.score; at--)
		out[at] = out[at - 1];
	out[at] = x;
	return n;
}

static size_t shelf_of(int32_t product)
{
	int32_t shelf = product < 0 ? 0 : product >> SHELF_SHIFT;

	return shelf < SHELVES ? (size_t)shelf : SHELVES - 1;
}

/* What `max` products and those of their shelf are above: most need not be put in order then. What is at a
 * right angle or beyond is not like, so it is 0 at least. Likes fall on one shelf, so four count side by
 * side: none waits for the one before. */
static int32_t find_least(const int32_t products[AT_ONCE], size_t max)
{
	uint8_t shelves[SHELVES][4] = {0}; /* AT_ONCE / 4 at most */
	size_t at = SHELVES, above = 0;

	for (size_t i = 0; i < AT_ONCE; i++)
		shelves[shelf_of(products[i])][i % 4]++;
	while (at > 1 && above < max) {
		at--;
		for (size_t i = 0; i < 4; i++)
			above += shelves[at][i];
	}
	return above < max ? 0 : (int32_t)(at << SHELF_SHIFT) - 1;
}

/* Nearly always none of sixteen is. */
static bool any_above(const int32_t products[STEP], int32_t least)
{
	int32_t any = 0;

	for (size_t i = 0; i < STEP; i++)
		any |= products[i] > least;
	return any != 0;
}

size_t faq_meaning_find(const struct faq_meaning *m, const struct faq_point *p, struct scored *out,
			size_t max)
{
	int32_t products[AT_ONCE], least = 0;
	size_t found = 0;

	for (size_t first = 0; first < m->n && max; first += AT_ONCE) {
		size_t n = m->n - first < AT_ONCE ? m->n - first : AT_ONCE;

		scan(m->points + first * FAQ_DIMS, n, p->v, products);
		memset(products + n, 0, (AT_ONCE - n) * sizeof *products);
		if (first == 0)
			least = find_least(products, max);
		for (size_t i = 0; i < n; i++) {
			if (i % STEP == 0 && !any_above(products + i, least)) {
				i += STEP - 1;
				continue;
			}
			if (products[i] <= least)
				continue;
			found = insert(out, found, max,
				       (struct scored){(uint32_t)(first + i), cosine(products[i])});
			if (found == max)
				least = (int32_t)(out[max - 1].score * wording_unit * message_unit);
		}
	}
	return found;
}

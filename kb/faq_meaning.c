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

static int32_t whole(float x, float most)
{
	return (int32_t)roundf(fmaxf(-most, fminf(most, x)));
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

	if (!vectors_mean(m->vectors, u, mean))
		return false;
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
/* The same whole numbers, a register of sixteen at a time. */
__attribute__((target("avx2"))) static void scan_avx2(const int8_t *points, size_t n,
						      const int16_t *message, int32_t *out)
{
	__m256i q[FAQ_DIMS / 16];

	for (size_t k = 0; k < FAQ_DIMS / 16; k++)
		q[k] = _mm256_loadu_si256((const __m256i *)(const void *)(message + k * 16));
	for (size_t i = 0; i < n; i++, points += FAQ_DIMS) {
		__m256i sum = _mm256_setzero_si256();
		__m128i half;

		for (size_t k = 0; k < FAQ_DIMS / 16; k++) {
			const void *at = points + k * 16;
			__m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)at));

			sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, q[k]));
		}
		half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
		half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
		half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
		out[i] = _mm_cvtsi128_si32(half);
	}
}
#endif

static void scan(const int8_t *points, size_t n, const int16_t *message, int32_t *out)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		scan_avx2(points, n, message, out);
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

enum { AT_ONCE = 256 };

/* Behind its equals, which are earlier wordings. */
static size_t insert(struct scored *out, size_t n, size_t max, struct scored x)
{
	size_t at = n < max ? n++ : n - 1;

	for (; at > 0 && out[at - 1].score < x.score; at--)
		out[at] = out[at - 1];
	out[at] = x;
	return n;
}

size_t faq_meaning_find(const struct faq_meaning *m, const struct faq_point *p, struct scored *out,
			size_t max)
{
	int32_t products[AT_ONCE], least = 0; /* what is at a right angle or beyond is not like */
	size_t found = 0;

	for (size_t first = 0; first < m->n && max; first += AT_ONCE) {
		size_t n = m->n - first < AT_ONCE ? m->n - first : AT_ONCE;

		scan(m->points + first * FAQ_DIMS, n, p->v, products);
		for (size_t i = 0; i < n; i++) {
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

#include <float.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "kb/loom_part.h"
#include "text/mem.h"

enum { AHEAD = 8 };

void shuttle_init(struct shuttle *s, const struct loom *l)
{
	s->room = l->k * 4 + 64;
	s->n_lines = (l->n_items / LINE / 64 + 1) * 64;
	s->sums = mem_zalloc(s->n_lines * LINE * sizeof *s->sums);
	s->lines = mem_zalloc(s->n_lines);
	s->at = mem_alloc(s->n_lines * sizeof *s->at);
	s->best = mem_alloc(s->n_lines * sizeof *s->best);
	memset(s->counts, 0, sizeof s->counts);
	s->keys = mem_alloc((s->room + 1) * sizeof *s->keys);
	s->bits = mem_zalloc((l->n_items / 64 + 1) * sizeof *s->bits);
}

void shuttle_done(struct shuttle *s)
{
	free(s->sums);
	free(s->lines);
	free(s->at);
	free(s->best);
	free(s->keys);
	free(s->bits);
}

/* ---- the sums of one item ---- */

/* What one learner says about the item that stands `here` in the history: so many strands before and after
 * it. The item itself is added to, too, rather than stepped over. */
static inline void add_learner(struct shuttle *s, const struct loom *l, const struct strand *here,
			       struct place p)
{
	const struct strand *x = here - place_before(p), *end = here + place_after(p);
	uint32_t zero = GAP_MAX - strand_step(*here);
	float norm = l->lengths[place_length(p)] * here->weight, *sums = s->sums;
	uint8_t *lines = s->lines;

	for (; x <= end; x++) {
		uint32_t rank = strand_rank(*x);

		lines[rank / LINE] = 1;
		sums[rank] += l->worth[zero + strand_step(*x)] * norm * x->weight;
	}
}

static const struct strand *find(const struct thread *t, uint32_t rank)
{
	const struct strand *x = t->v;

	while (strand_rank(*x) != rank)
		x++;
	return x;
}

static struct place reach_of(const struct strand *here, uint32_t length)
{
	uint32_t step = strand_step(*here), before = 0, after = 0;

	while (step - strand_step(*(here - before - 1)) <= GAP_MAX)
		before++;
	while (strand_step(*(here + after + 1)) - step <= GAP_MAX)
		after++;
	return place_make(0, before, after, length);
}

/* A learner's list is anywhere in memory: it is asked for early. */
static void add_holders(struct shuttle *s, const struct loom *l, const struct holders *h,
			uint32_t rank)
{
	for (uint32_t i = 0; i < h->n; i++) {
		const struct thread *t = &l->threads[h->v[i]];
		const struct strand *here;

		if (i + 2 * AHEAD < h->n)
			__builtin_prefetch(&l->threads[h->v[i + 2 * AHEAD]]);
		if (i + AHEAD < h->n)
			__builtin_prefetch(l->threads[h->v[i + AHEAD]].v);
		here = find(t, rank);
		add_learner(s, l, here, reach_of(here, t->length));
	}
}

/* Three lines around the item: the processor itself fetches what follows, and asking for all of a long
 * history at once was slower by two thirds. */
static inline void fetch_place(const struct loom *l, struct place p)
{
	const struct strand *here = l->strands + p.at;

	__builtin_prefetch(here - 6);
	__builtin_prefetch(here + 2);
	__builtin_prefetch(here + 10);
}

static void add_places(struct shuttle *s, const struct loom *l, const struct place *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			fetch_place(l, v[i + AHEAD]);
		add_learner(s, l, l->strands + v[i].at, v[i]);
	}
}

static void add_all(struct shuttle *s, const struct loom *l, uint32_t rank)
{
	const struct holders *h = &l->holders[rank];

	if (l->places)
		add_places(s, l, l->places + (h->v - l->held), h->n);
	else
		add_holders(s, l, h, rank);
	s->sums[rank] = 0;
}

/* ---- the nearest of them ---- */

/* Greater is nearer, then smaller by item. Likenesses are positive: their bits are in their order. With
 * UINT32_MAX less the item in the lower half. */
static uint64_t key_of(float likeness, uint32_t lower)
{
	uint32_t bits;

	memcpy(&bits, &likeness, sizeof bits);
	return (uint64_t)bits << 32 | lower;
}

static uint32_t key_item(uint64_t key)
{
	return UINT32_MAX - (uint32_t)key;
}

static float key_likeness(uint64_t key)
{
	uint32_t bits = (uint32_t)(key >> 32);
	float likeness;

	memcpy(&likeness, &bits, sizeof likeness);
	return likeness;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

/* Brings the k greatest of v to its front, in no order (Hoare's quickselect); 0 < k <= n. */
static void part_greatest(struct near_key *v, size_t n, size_t k)
{
	ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, want = (ptrdiff_t)k - 1;

	while (low < high) {
		uint64_t pivot = middle(v[low].key, v[low + (high - low) / 2].key, v[high].key);
		ptrdiff_t i = low, j = high;

		while (i <= j) {
			while (v[i].key > pivot)
				i++;
			while (v[j].key < pivot)
				j--;
			if (i <= j) {
				struct near_key x = v[i];

				v[i++] = v[j];
				v[j--] = x;
			}
		}
		if (want <= j)
			high = j;
		else if (want >= i)
			low = i;
		else
			return;
	}
}

static float greatest(const struct near_key *v, size_t n)
{
	uint64_t greatest = 0;

	for (size_t i = 0; i < n; i++)
		greatest = v[i].key > greatest ? v[i].key : greatest;
	return key_likeness(greatest);
}

static float least(const struct near_key *v, size_t n)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < n; i++)
		least = v[i].key < least ? v[i].key : least;
	return key_likeness(least);
}

/* Leaves the k nearest of n keys: how many there are. */
static size_t keep_nearest(struct shuttle *s, size_t n, size_t k)
{
	if (n <= k)
		return n;
	part_greatest(s->keys, n, k);
	return k;
}

/* The greatest likeness of a line. */
static inline float line_best(const float *sums, const float *other)
{
#if defined(__x86_64__)
	__m128 a = _mm_mul_ps(_mm_loadu_ps(sums), _mm_loadu_ps(other));
	__m128 b = _mm_mul_ps(_mm_loadu_ps(sums + 4), _mm_loadu_ps(other + 4));

	a = _mm_max_ps(a, b);
	a = _mm_max_ps(a, _mm_movehl_ps(a, a));
	return _mm_cvtss_f32(_mm_max_ss(a, _mm_shuffle_ps(a, a, 1)));
#else
	float best = 0;

	for (int i = 0; i < LINE; i++)
		best = sums[i] * other[i] > best ? sums[i] * other[i] : best;
	return best;
#endif
}

/* Rises with x >= 0: 32 an octave, from 2^-32 to 2^32. */
static inline uint32_t level_of(float x)
{
	enum { FIRST = (127 - 32) << 5 };
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	bits >>= 18;
	bits = bits > FIRST ? bits - FIRST : 0;
	return bits < LEVELS ? bits : LEVELS - 1;
}

/* Nothing of that level is less. */
static float level_floor(uint32_t level)
{
	uint32_t bits = (level + ((127 - 32) << 5)) << 18;
	float x;

	memcpy(&x, &bits, sizeof x);
	return level ? x : FLT_TRUE_MIN;
}

/* Bit i: byte i, which is 0 or 1. */
static uint64_t bits_of(const uint8_t bytes[64])
{
	uint64_t bits = 0;

	for (int i = 0; i < 8; i++) {
		uint64_t eight;

		memcpy(&eight, bytes + i * 8, sizeof eight);
		bits |= (eight * UINT64_C(0x0102040810204080) >> 56) << i * 8;
	}
	return bits;
}

/* The lines that have sums to s->at, how many. */
static size_t find_lines(struct shuttle *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_lines; i += 64) {
		uint64_t bits = bits_of(s->lines + i);

		for (; bits; bits &= bits - 1)
			s->at[n++] = (uint32_t)i + (uint32_t)__builtin_ctzll(bits);
	}
	memset(s->lines, 0, s->n_lines);
	return n;
}

/* What is nearest in each line to s->best, and its level counted. By itself, without a branch: the sums
 * come from far away. */
static void rate_lines(struct shuttle *s, const float *other, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t first = (size_t)s->at[i] * LINE;

		s->best[i] = line_best(s->sums + first, other + first);
		s->counts[level_of(s->best[i])]++;
	}
}

/* What is less cannot be among the `want` nearest: so many lines have something as near. The counts are
 * zero again. */
static float floor_of(struct shuttle *s, size_t want)
{
	uint32_t level = LEVELS;
	size_t n = 0;

	while (level > 0 && n < want)
		n += s->counts[--level];
	memset(s->counts, 0, sizeof s->counts);
	return level_floor(level);
}

/* A key that has a rank becomes that of its item. */
static void name_keys(struct shuttle *s, const struct loom *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint32_t rank = (uint32_t)s->keys[i].key;

		s->keys[i].key += UINT32_MAX - l->item_at[rank] - rank;
	}
}

/* The keys of what may be among the k + 1 nearest, how many. */
static size_t find_keys(struct shuttle *s, const struct loom *l, const float *other, size_t n_lines)
{
	float floor = floor_of(s, l->k + 1);
	size_t n = 0, named = 0;

	for (size_t i = 0; i < n_lines; i++) {
		uint32_t first = s->at[i] * LINE;

		if (s->best[i] < floor)
			continue;
		for (uint32_t rank = first; rank < first + LINE; rank++) {
			float sum = s->sums[rank], likeness = sum * other[rank];

			s->keys[n] = (struct near_key){key_of(likeness, rank), sum};
			n += likeness >= floor;
		}
		if (n + LINE > s->room) {
			name_keys(s, l, named, n);
			named = n = keep_nearest(s, n, l->k + 1);
			floor = least(s->keys, n);
		}
	}
	name_keys(s, l, named, n);
	return n;
}

/* The k nearest of those with a sum at the front of s->keys, how many; all sums are zero again. *beyond:
 * the likeness of the nearest left out. */
static size_t pick(struct shuttle *s, const struct loom *l, const float *other, float *beyond)
{
	size_t n_lines = find_lines(s), all, n;

	rate_lines(s, other, n_lines);
	all = find_keys(s, l, other, n_lines);
	n = keep_nearest(s, all, l->k);
	*beyond = n < all ? greatest(s->keys + n, all - n) : 0;
	for (size_t i = 0; i < n_lines; i++)
		memset(s->sums + s->at[i] * LINE, 0, LINE * sizeof *s->sums);
	return n;
}

/* The keys' items, ascending, with their sums. */
static void write_row(struct shuttle *s, const struct loom *l, size_t n, struct knn_near *out)
{
	size_t low = l->n_items / 64, high = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t item = key_item(s->keys[i].key);
		size_t word = item / 64;

		s->sums[item] = s->keys[i].sum;
		s->bits[word] |= UINT64_C(1) << item % 64;
		low = word < low ? word : low;
		high = word > high ? word : high;
	}
	for (size_t word = low; word <= high; word++) {
		for (uint64_t bits = s->bits[word]; bits; bits &= bits - 1) {
			uint32_t item = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);

			*out++ = (struct knn_near){item, s->sums[item]};
			s->sums[item] = 0;
		}
		s->bits[word] = 0;
	}
}

struct knn_row *shuttle_row(struct shuttle *s, const struct loom *l, const float *other,
			    uint32_t rank)
{
	struct knn_row *row = NULL;
	float beyond;
	size_t n;

	add_all(s, l, rank);
	n = pick(s, l, other, &beyond);
	if (n) {
		row = mem_alloc(sizeof *row + n * sizeof *row->v);
		row->refs = 1;
		row->n = (uint32_t)n;
		row->beyond = beyond;
		write_row(s, l, n, row->v);
	}
	return row;
}

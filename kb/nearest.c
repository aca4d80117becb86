#include "kb/nearest.h"

#include <math.h>
#include <stdlib.h>

/* WINDOW accumulators take 64 KiB. Sums stay within 31 bits: TERMS_MOST x WEIGHT_MOST x 255. */
enum { WINDOW = 16384, WEIGHT_MOST = 1023, TERMS_MOST = 1024, LEADERS = 64 };

/* With fewer postings than FEW in all, leaving some out saves nothing; more than MANY are not added
 * whatever they say. The rest may say REST_SHARE of what was added. Measured: docs/decisions/040. */
enum { FEW = 8000, MANY = 1000000, LEADERS_FROM = 1000 };
static const double rest_share = .2;

typedef int32_t ints4 __attribute__((vector_size(16)));

struct plan_term {
	uint32_t term, df;
	int32_t weight;
	struct block_list list; /* in the block, from the window on */
};

struct plan {
	const struct postings *p;
	struct plan_term *terms; /* most telling first */
	size_t n, first;	 /* the first `first` are added, the others looked up */
	int32_t *sums;		 /* of the window */
	uint64_t best[LEADERS];	 /* ranks: a heap, then sorted */
	size_t n_best, max;
	int32_t least; /* a score must be above it */
};

struct lookup lookup_new(struct arena *a, size_t n)
{
	struct lookup l = {.mask = 15};

	while (l.mask < n * 4)
		l.mask = l.mask * 2 + 1;
	l.slots = ARENA_ARRAY(a, struct lookup_slot, (size_t)l.mask + 1 + n);
	return l;
}

void lookup_put(struct lookup *l, uint32_t number, uint32_t weight)
{
	struct lookup_slot *home = &l->slots[number & l->mask];
	uint32_t place;

	if (!home->key) {
		*home = (struct lookup_slot){number + 1, weight, 0};
		return;
	}
	place = l->mask + 1 + l->n_taken++;
	l->slots[place] = (struct lookup_slot){number + 1, weight, home->next};
	home->next = place;
}

/* First place from `at` on whose doc is not less, in steps that double. */
static size_t seek(const struct block_list *list, size_t at, uint32_t doc)
{
	size_t step = 1, low = at, high;

	while (low + step < list->n && list->docs[low + step] < doc) {
		low += step;
		step *= 2;
	}
	high = low + step < list->n ? low + step : list->n;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (list->docs[mid] < doc)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* ---- which terms ---- */

static int by_telling(const void *a, const void *b)
{
	const struct plan_term *x = a, *y = b;
	int64_t left = (int64_t)x->weight * y->df, right = (int64_t)y->weight * x->df;

	if (left != right)
		return left > right ? -1 : 1;
	return x->term < y->term ? -1 : x->term > y->term;
}

static int32_t whole_weight(float weight, float most)
{
	return (int32_t)fmaxf(1, roundf(weight / most * WEIGHT_MOST));
}

static void read_terms(struct plan *plan, struct arena *a, const struct wanted *q, size_t n)
{
	float most = 0;

	plan->terms = ARENA_ARRAY(a, struct plan_term, n);
	for (size_t i = 0; i < n; i++)
		most = fmaxf(most, q[i].weight * postings_idf(plan->p, q[i].term));
	for (size_t i = 0; i < n; i++)
		if (q[i].term >= 0)
			plan->terms[plan->n++] = (struct plan_term){
				.term = (uint32_t)q[i].term,
				.df = postings_df(plan->p, q[i].term),
				.weight = whole_weight(
					q[i].weight * postings_idf(plan->p, q[i].term), most)};
}

static void sort_terms(struct plan *plan)
{
	qsort(plan->terms, plan->n, sizeof *plan->terms, by_telling);
	if (plan->n > TERMS_MOST)
		plan->n = TERMS_MOST;
}

/* Where the terms added have few docs all the same, the next is added too: leaders are needed. */
static bool says_enough(double rest, double said, size_t added, size_t with_next)
{
	return added >= LEADERS_FROM && with_next > FEW && rest <= rest_share * said;
}

static void choose_first(struct plan *plan, bool all)
{
	double rest = 0, said = 0;
	size_t cost = 0;

	for (size_t i = 0; i < plan->n; i++)
		rest += plan->terms[i].weight;
	for (; plan->first < plan->n; plan->first++) {
		const struct plan_term *t = &plan->terms[plan->first];

		if (plan->first && cost + t->df > MANY)
			return;
		if (!all && says_enough(rest, said, cost, cost + t->df))
			return;
		cost += t->df;
		said += t->weight;
		rest -= t->weight;
	}
}

/* ---- one window ---- */

/* A doc and its score in one number: the greater comes first, of equal scores the earlier doc. */
static uint64_t rank_of(uint32_t doc, uint32_t score)
{
	return (uint64_t)score << 32 | (UINT32_MAX - doc);
}

static uint32_t rank_doc(uint64_t rank)
{
	return UINT32_MAX - (uint32_t)rank;
}

static uint32_t rank_score(uint64_t rank)
{
	return (uint32_t)(rank >> 32);
}

/* The best of so far are a heap with the worst on top. */
static void sift_down(uint64_t *heap, size_t n, uint64_t x)
{
	size_t at = 0;

	for (size_t child; (child = at * 2 + 1) < n; at = child) {
		child += child + 1 < n && heap[child + 1] < heap[child];
		if (x <= heap[child])
			break;
		heap[at] = heap[child];
	}
	heap[at] = x;
}

static void sift_up(uint64_t *heap, size_t at, uint64_t x)
{
	for (; at && x < heap[(at - 1) / 2]; at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = x;
}

static void offer(struct plan *plan, uint32_t doc, int32_t score)
{
	uint64_t x = rank_of(doc, (uint32_t)score);

	if (plan->n_best < plan->max)
		sift_up(plan->best, plan->n_best++, x);
	else if (x > plan->best[0])
		sift_down(plan->best, plan->n_best, x);
	if (plan->n_best == plan->max)
		plan->least = (int32_t)rank_score(plan->best[0]);
}

enum { AT_ONCE = 4 };

/* Adds what of the list lies before `end`; returns how many. Four are read before the first is written: a byte
 * may lie anywhere, so the compiler would have each wait for the one before. */
static size_t add_list(const struct plan_term *t, int32_t *sums, uint32_t begin, uint32_t end)
{
	const uint16_t *docs = t->list.docs;
	const uint8_t *strength = t->list.strength;
	size_t n = t->list.n && docs[t->list.n - 1] < end ? t->list.n : seek(&t->list, 0, end);
	int32_t weight = t->weight;
	size_t k = 0;

	sums -= begin;
	for (; k + AT_ONCE <= n; k += AT_ONCE) {
		const int32_t first = weight * strength[k], second = weight * strength[k + 1];
		const int32_t third = weight * strength[k + 2], fourth = weight * strength[k + 3];
		const uint16_t at[AT_ONCE] = {docs[k], docs[k + 1], docs[k + 2], docs[k + 3]};

		sums[at[0]] += first;
		sums[at[1]] += second;
		sums[at[2]] += third;
		sums[at[3]] += fourth;
	}
	for (; k < n; k++)
		sums[docs[k]] += weight * strength[k];
	return n;
}

static void skip_list(struct block_list *list, size_t n)
{
	list->docs += n;
	list->strength += n;
	list->n -= n;
}

/* Few docs were touched: walk them again, and leave the sums zero. */
static void collect_touched(struct plan *plan, const size_t *used, uint32_t first, uint32_t begin)
{
	for (size_t i = 0; i < plan->first; i++)
		for (size_t k = 0; k < used[i]; k++) {
			uint32_t at = plan->terms[i].list.docs[k] - begin;
			int32_t sum = plan->sums[at];

			plan->sums[at] = 0;
			if (sum >= plan->least && sum)
				offer(plan, first + at, sum);
		}
}

enum { STEP = 16, SHELVES = 256 };

static int32_t peak_of(const int32_t sums[STEP])
{
	int32_t four[4], peak;
	ints4 high;

	memcpy(&high, sums, sizeof high);
	for (size_t i = 4; i < STEP; i += 4) {
		ints4 more, above;

		memcpy(&more, sums + i, sizeof more);
		above = more > high;
		high = (more & above) | (high & ~above);
	}
	memcpy(four, &high, sizeof four);
	peak = four[0];
	for (size_t i = 1; i < 4; i++)
		peak = four[i] > peak ? four[i] : peak;
	return peak;
}

/* As many peaks as there are places are this high, so nothing lower has one: the heap need not be filled with
 * what the next docs push out. By shelves of the peaks' height, the lower edge of the last that is needed. */
static void raise_least(struct plan *plan, const int32_t *peaks, size_t n)
{
	uint16_t shelves[SHELVES] = {0};
	int32_t highest = 0, least;
	size_t at = SHELVES - 1, above;
	int shift = 0;

	for (size_t i = 0; i < n; i++)
		highest = peaks[i] > highest ? peaks[i] : highest;
	while (highest >> shift >= SHELVES)
		shift++;
	for (size_t i = 0; i < n; i++)
		shelves[peaks[i] >> shift]++;
	for (above = shelves[at]; at > 0 && above < plan->max; at--)
		above += shelves[at - 1];
	least = (int32_t)(at << shift) - 1;
	if (least > plan->least)
		plan->least = least;
}

/* Nearly always none of sixteen is above what the last place has. */
static void collect_all(struct plan *plan, uint32_t first, size_t n)
{
	int32_t peaks[WINDOW / STEP];

	for (size_t at = 0; at < n; at += STEP)
		peaks[at / STEP] = peak_of(plan->sums + at);
	raise_least(plan, peaks, n / STEP);
	for (size_t at = 0; at < n; at += STEP) {
		if (peaks[at / STEP] <= plan->least)
			continue;
		for (size_t i = at; i < at + STEP; i++)
			if (plan->sums[i] > plan->least)
				offer(plan, first + (uint32_t)i, plan->sums[i]);
	}
	memset(plan->sums, 0, n * sizeof *plan->sums);
}

static void score_window(struct plan *plan, size_t *used, uint32_t first, size_t n)
{
	uint32_t begin = first % POSTINGS_BLOCK;
	size_t touched = 0;

	for (size_t i = 0; i < plan->first; i++) {
		used[i] = add_list(&plan->terms[i], plan->sums, begin, begin + (uint32_t)n);
		touched += used[i];
	}
	/* Padded to sixteens; what is beyond the docs stays zero. */
	if (touched > n / 8)
		collect_all(plan, first, (n + 15) / 16 * 16);
	else
		collect_touched(plan, used, first, begin);
	for (size_t i = 0; i < plan->first; i++)
		skip_list(&plan->terms[i].list, used[i]);
}

static void score_windows(struct plan *plan, struct arena *a)
{
	size_t docs = postings_docs(plan->p), *used = ARENA_ARRAY(a, size_t, plan->first);

	plan->sums = ARENA_ARRAY(a, int32_t, docs < WINDOW ? (docs + 15) / 16 * 16 : WINDOW);
	for (size_t first = 0; first < docs; first += WINDOW) {
		size_t n = docs - first < WINDOW ? docs - first : WINDOW;

		if (first % POSTINGS_BLOCK == 0)
			for (size_t i = 0; i < plan->first; i++)
				plan->terms[i].list = postings_list(plan->p, plan->terms[i].term,
								    first / POSTINGS_BLOCK);
		score_window(plan, used, (uint32_t)first, n);
	}
}

/* ---- the leaders ---- */

/* By insertion: there are few. */
static void sort_best(struct plan *plan)
{
	for (size_t i = 1; i < plan->n_best; i++) {
		uint64_t x = plan->best[i];
		size_t at = i;

		for (; at > 0 && plan->best[at - 1] < x; at--)
			plan->best[at] = plan->best[at - 1];
		plan->best[at] = x;
	}
}

/* Gives the leaders what the terms left say. */
static void add_rest(struct plan *plan, struct arena *a)
{
	struct lookup rest = lookup_new(a, plan->n - plan->first);

	for (size_t i = plan->first; i < plan->n; i++)
		lookup_put(&rest, plan->terms[i].term, (uint32_t)plan->terms[i].weight);
	for (size_t i = 0; i < plan->n_best; i++)
		postings_fetch(plan->p, rank_doc(plan->best[i]));
	for (size_t i = 0; i < plan->n_best; i++) {
		struct doc_list own = postings_doc(plan->p, rank_doc(plan->best[i]));
		uint32_t sum = 0;

		for (size_t k = 0; k < own.n; k++)
			sum += lookup_get(&rest, doc_list_term(&own, k)) *
			       doc_list_next_strength(&own, k);
		plan->best[i] += (uint64_t)sum << 32;
	}
}

size_t nearest_find(const struct postings *p, struct arena *a, const struct wanted *q, size_t n,
		    struct scored *out, size_t max)
{
	struct plan plan = {.p = p};
	bool complete;

	read_terms(&plan, a, q, n);
	if (!plan.n || !max)
		return 0;
	sort_terms(&plan);
	choose_first(&plan, !postings_has_docs(p));
	complete = plan.first < plan.n && postings_has_docs(p);
	plan.max = complete ? LEADERS : max;
	score_windows(&plan, a);
	if (complete)
		add_rest(&plan, a);
	sort_best(&plan);
	n = plan.n_best < max ? plan.n_best : max;
	for (size_t i = 0; i < n; i++)
		out[i] = (struct scored){rank_doc(plan.best[i]), (float)rank_score(plan.best[i])};
	return n;
}

/* ---- a few docs ---- */

static void score_term(const struct postings *p, const struct plan_term *t, struct scored *out,
		       size_t n)
{
	struct block_list list = {0};
	size_t block = SIZE_MAX, at = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t doc = out[i].doc % POSTINGS_BLOCK;

		if (out[i].doc / POSTINGS_BLOCK != block) {
			block = out[i].doc / POSTINGS_BLOCK;
			list = postings_list(p, t->term, block);
			at = 0;
		}
		at = seek(&list, at, doc);
		if (at < list.n && list.docs[at] == doc)
			out[i].score += (float)(t->weight * list.strength[at]);
	}
}

void nearest_score(const struct postings *p, struct arena *a, const struct wanted *q, size_t n,
		   struct scored *out, size_t n_out)
{
	struct plan plan = {.p = p};

	read_terms(&plan, a, q, n);
	if (plan.n > TERMS_MOST)
		sort_terms(&plan);
	for (size_t i = 0; i < n_out; i++)
		out[i].score = 0;
	for (size_t i = 0; i < plan.n; i++)
		score_term(p, &plan.terms[i], out, n_out);
}

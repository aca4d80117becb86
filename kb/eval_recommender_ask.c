#include <math.h>
#include <stdlib.h>

#include "kb/eval_part.h"
#include "kb/parallel.h"
#include "text/mem.h"

enum { LIST_MAX = 128 };

/* The rows of one user, of test or of negatives, and what came out. */
struct question {
	const struct triple *v;
	size_t n;
	size_t *places, found, relevant; /* of the scores */
	size_t *shown, n_shown;		 /* of the list as the learner would see it */
	double diversity;		 /* of that list */
	uint32_t best[LIST_MAX];
	size_t n_best;
};

struct asking {
	const struct eval_recommender *e;
	struct question *questions; /* of test, then of negatives */
	size_t n_test, n;
	size_t next; /* atomic */
	size_t k;    /* the greatest cut */
	struct recommend_tuning tuning;
};

/* What a thread needs. */
struct asker {
	const struct asking *all;
	struct profiles *profiles;
	struct arena arena;
	float *scores; /* of the user asked about; < 0: has it */
};

static void score_user(struct asker *a, uint32_t user)
{
	const struct recommend_query q = {
		.profiles = a->profiles, .user = a->all->e->users.names[user], .max_price = -1};

	arena_reset(&a->arena);
	recommend_scores(a->all->e->recommender, &a->arena, &q, a->scores);
}

/* Behind its equals. */
static size_t place_of(const struct asker *a, uint32_t item)
{
	enum { LANES = 8 };
	const float *scores = a->scores, its = scores[item];
	uint32_t counts[LANES] = {0}, i = 0, n = a->all->e->items.n;
	size_t place = 0;

	for (; i + LANES <= n; i += LANES)
		for (uint32_t k = 0; k < LANES; k++)
			counts[k] += scores[i + k] >= its;
	for (; i < n; i++)
		place += scores[i] >= its;
	for (uint32_t k = 0; k < LANES; k++)
		place += counts[k];
	return place - 1; /* without itself */
}

static void note_list(const struct asker *a, struct question *q)
{
	size_t n = 0, k = a->all->k < LIST_MAX ? a->all->k : LIST_MAX;

	for (uint32_t i = 0; i < a->all->e->items.n; i++) {
		size_t at;

		if (a->scores[i] < 0 || (n == k && a->scores[i] <= a->scores[q->best[n - 1]]))
			continue;
		for (at = n < k ? n++ : n - 1; at > 0 && a->scores[q->best[at - 1]] < a->scores[i];
		     at--)
			q->best[at] = q->best[at - 1];
		q->best[at] = i;
	}
	q->n_best = n;
}

static int by_size(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The list as the learner would see it. */
static void ask_shown(struct asker *a, struct question *to)
{
	const struct eval_recommender *e = a->all->e;
	const struct recommend_query q = {.profiles = a->profiles,
					  .user = e->users.names[to->v->user],
					  .max_price = -1,
					  .count = a->all->k,
					  .tuning = &a->all->tuning};
	struct recommended_list l;
	uint32_t items[LIST_MAX];

	to->shown = mem_alloc(to->n * sizeof *to->shown);
	recommend(e->recommender, &a->arena, &q, &l);
	for (size_t i = 0; i < l.n; i++)
		items[i] = (uint32_t)(l.v[i].course - e->courses.courses);
	for (size_t i = 0; i < to->n; i++)
		for (size_t k = 0; k < l.n; k++)
			if (items[k] == to->v[i].item)
				to->shown[to->n_shown++] = k;
	qsort(to->shown, to->n_shown, sizeof *to->shown, by_size);
	to->diversity = recommend_diversity(e->recommender, items, l.n);
}

static void ask_test(struct asker *a, struct question *q)
{
	score_user(a, q->v->user);
	note_list(a, q);
	q->places = mem_alloc(q->n * sizeof *q->places);
	for (size_t i = 0; i < q->n; i++)
		if (a->scores[q->v[i].item] >= 0) /* else known from train: nothing to foretell */
			q->places[q->found++] = place_of(a, q->v[i].item);
	q->relevant = q->found;
	qsort(q->places, q->found, sizeof *q->places, by_size);
	if (a->all->e->words)
		ask_shown(a, q);
}

static void ask_negatives(struct asker *a, struct question *q)
{
	score_user(a, q->v->user);
	q->places = mem_zalloc(q->n * sizeof *q->places);
	for (size_t i = 0; i < q->n;) {
		const struct triple *item = &q->v[i];
		size_t *place = &q->places[q->found++];

		for (i++; i < q->n && q->v[i].order == item->order; i++)
			*place += q->v[i].item != item->item &&
				  a->scores[q->v[i].item] >= a->scores[item->item];
	}
}

static void ask_some(void *ctx, unsigned thread)
{
	struct asking *all = ctx;
	struct asker a = {.all = all,
			  .profiles = profiles_view(all->e->profiles),
			  .scores = mem_zalloc((all->e->items.n + 1) * sizeof(float))};
	size_t i;

	(void)thread;
	arena_init(&a.arena);
	while ((i = __atomic_fetch_add(&all->next, 1, __ATOMIC_RELAXED)) < all->n)
		(i < all->n_test ? ask_test : ask_negatives)(&a, &all->questions[i]);
	profiles_free(a.profiles);
	arena_done(&a.arena);
	free(a.scores);
}

/* One of each user's rows that follow each other; how many. */
static size_t cut_questions(const struct triples *t, struct question *out)
{
	size_t n = 0;

	for (size_t i = 0, end; i < t->n; i = end) {
		for (end = i; end < t->n && t->v[end].user == t->v[i].user; end++)
			;
		out[n++] = (struct question){.v = &t->v[i], .n = end - i};
	}
	return n;
}

/* ---- what came out ---- */

struct summing {
	const struct eval_recommender *e;
	struct eval_recommender_result *out;
	uint32_t *learners; /* of each item */
	bool *covered;
	size_t shown; /* items in lists */
};

/* One after the other, in their order: sums are the same on however many threads they were asked. */
static void sum_question(struct summing *s, const struct question *q)
{
	for (size_t i = 0; i < q->n_best; i++) {
		double share = ((double)s->learners[q->best[i]] + 1) / ((double)s->e->users.n + 1);

		s->covered[q->best[i]] = true;
		s->out->novelty -= log2(share);
	}
	s->shown += q->n_best;
	measure_add(&s->out->full, q->places, q->found, q->relevant);
	if (q->shown) {
		measure_add(&s->out->shown, q->shown, q->n_shown, q->relevant);
		s->out->diversity += q->diversity;
	}
}

static void sum_up(struct summing *s, const struct asking *a)
{
	size_t covered = 0, items = s->e->items.n;

	for (size_t i = 0; i < s->e->history.n; i++)
		s->learners[s->e->history.v[i].item]++;
	for (size_t i = 0; i < a->n_test; i++)
		sum_question(s, &a->questions[i]);
	for (size_t i = a->n_test; i < a->n; i++)
		for (size_t p = 0; p < a->questions[i].found; p++)
			measure_add(&s->out->sampled, &a->questions[i].places[p], 1, 1);
	measure_end(&s->out->full);
	measure_end(&s->out->sampled);
	measure_end(&s->out->shown);
	if (s->out->shown.lists)
		s->out->diversity /= (double)s->out->shown.lists;
	for (size_t i = 0; i < items; i++)
		covered += s->covered[i];
	s->out->coverage = (double)covered / (double)items;
	s->out->novelty = s->shown ? s->out->novelty / (double)s->shown : 0;
}

void eval_recommender_run(const struct eval_recommender *e, const size_t *ks, size_t n_ks,
			  float diversity, struct eval_recommender_result *out)
{
	size_t items = e->items.n;
	struct asking a = {
		.e = e,
		.questions = mem_alloc((e->test.n + e->negatives.n + 1) * sizeof(struct question)),
		.k = ks[n_ks - 1],
		.tuning = RECOMMEND_AS_EVER};
	struct summing s = {.e = e,
			    .out = out,
			    .learners = mem_zalloc((items + 1) * sizeof(uint32_t)),
			    .covered = mem_zalloc(items + 1)};

	*out = (struct eval_recommender_result){
		.users = e->users.n, .items = items, .interactions = e->history.n};
	a.tuning.diversity = diversity;
	measure_begin(&out->full, ks, n_ks);
	measure_begin(&out->sampled, ks, n_ks);
	measure_begin(&out->shown, ks, n_ks);
	a.n_test = cut_questions(&e->test, a.questions);
	a.n = a.n_test + cut_questions(&e->negatives, a.questions + a.n_test);
	parallel_run(parallel_cores(), ask_some, &a);
	sum_up(&s, &a);
	for (size_t i = 0; i < a.n; i++) {
		free(a.questions[i].places);
		free(a.questions[i].shown);
	}
	free(a.questions);
	free(s.learners);
	free(s.covered);
}

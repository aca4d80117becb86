/* recommend() as a whole over a catalogue of the made-up courses, and its stage of neighbours with and
 * without that of users (kb/taste.h). For reco_load.c. */
#ifndef BENCH_WHOLE_ANSWER_H
#define BENCH_WHOLE_ANSWER_H

#include <time.h>

#include "bench/made_learners.h"
#include "kb/history.h"
#include "kb/loom.h"
#include "kb/recommend.h"
#include "kb/taste.h"
#include "text/lexicon.h"

enum { WHOLE_ASKED = 301, WHOLE_LEARNERS = 200000, WHOLE_PROFILE = 50 };

struct whole {
	struct arena kept, turn;
	struct catalogue courses;
	struct profiles *profiles;
	struct recommender *recommender;
	struct taste *taste;
	struct scratch_pool *scratch;
};

static inline double whole_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static inline void whole_tell(struct whole *w, uint32_t user, uint32_t item, int64_t at)
{
	char name[32];
	struct event e = {.course = w->courses.courses[item].id,
			  .type = EVENT_VIEW,
			  .value = 1,
			  .minutes = -1,
			  .progress = -1,
			  .score = -1,
			  .at_unix_ms = at};

	snprintf(name, sizeof name, "user%07u", user);
	e.user = str_of(name);
	profiles_add(w->profiles, &e);
}

/* The first learners, and those that are asked for, with a profile of fifty each. */
static inline void whole_learners(struct whole *w, const struct made_learners *m)
{
	uint32_t n = m->h.n_users < WHOLE_LEARNERS ? (uint32_t)m->h.n_users : WHOLE_LEARNERS;
	uint64_t state = 5;

	w->profiles = profiles_new();
	for (uint32_t u = 0; u < n; u++)
		for (uint32_t i = m->start[u]; i < m->start[u + 1]; i++)
			whole_tell(w, u, m->v[i].item, m->v[i].at + u);
	for (uint32_t u = 0; u < WHOLE_ASKED; u++) {
		uint32_t topics[3];

		for (int i = 0; i < 3; i++)
			topics[i] = (uint32_t)(made_random(&state) % MADE_TOPICS);
		for (int i = 0; i < WHOLE_PROFILE; i++)
			whole_tell(w, 9000000 + u,
				   made_item(&state, (uint32_t)m->h.n_items, topics), i * 1000);
	}
}

static inline void whole_open(struct whole *w, const struct made_learners *m, struct loom *loom)
{
	size_t n = m->h.n_items;
	float *interest = mem_alloc((n + 1) * sizeof *interest);
	struct course *v;

	arena_init(&w->kept);
	arena_init(&w->turn);
	v = ARENA_ARRAY(&w->kept, struct course, n);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct course){.id = arena_printf(&w->kept, "c%06zu", i),
				       .title = arena_printf(&w->kept, "课程 %zu", i),
				       .category = arena_printf(&w->kept, "类别 %zu", i % 50),
				       .price = -1};
	w->courses = catalogue_of(&w->kept, v, n);
	whole_learners(w, m);
	w->recommender = recommender_learned(&w->courses, lexicon_new(&w->kept, NULL, 0, NULL, 0),
					     loom, NULL);
	loom_interest(loom, interest);
	w->taste = taste_new(&w->courses, loom_weave(loom, 1), interest);
	w->scratch = scratch_pool_new(n);
	free(interest);
}

static inline void whole_done(struct whole *w)
{
	recommender_free(w->recommender);
	taste_free(w->taste);
	scratch_pool_free(w->scratch);
	profiles_free(w->profiles);
	arena_done(&w->kept);
	arena_done(&w->turn);
}

/* What asking for one learner costs: the whole, and the stages alone. */
static inline void whole_ask(struct whole *w, uint32_t u, double *whole, double *stages,
			     double *items_alone)
{
	char name[32];
	struct recommend_query q = {
		.profiles = w->profiles, .max_price = -1, .count = 10, .reply_lang = STR("zh")};
	struct recommended_list list;
	struct interaction v[WHOLE_PROFILE];
	struct scratch *scratch;
	uint32_t self;
	double at;
	size_t n;

	snprintf(name, sizeof name, "user%07u", 9000000 + u);
	q.user = str_of(name);
	arena_reset(&w->turn);
	at = whole_us();
	recommend(w->recommender, &w->turn, &q, &list);
	*whole = whole_us() - at;
	self = profiles_number(w->profiles, q.user);
	n = history_one(w->profiles, self, &w->courses, v);
	arena_reset(&w->turn);
	at = whole_us();
	scratch = scratch_take(w->scratch);
	taste_score(w->taste, &w->turn, w->profiles, self, v, n, scratch);
	scratch_give(w->scratch, scratch);
	*stages = whole_us() - at;
	at = whole_us();
	scratch = scratch_take(w->scratch);
	taste_score(w->taste, &w->turn, NULL, self, v, n, scratch);
	scratch_give(w->scratch, scratch);
	*items_alone = whole_us() - at;
}

#endif

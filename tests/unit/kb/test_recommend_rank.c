#include "unit/kb/kb.h"

#include <math.h>

#include "kb/recommend.h"
#include "text/lexicon.h"

enum { COURSES = 300, LEARNERS = 120, EVENTS = 1500, COUNT = 10 };

struct shop {
	struct arena kept, turn;
	struct course v[COURSES];
	struct catalogue courses;
	struct profiles *profiles;
	struct recommender *recommender;
};

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

/* Few courses are taken by many, and most by nobody: parts of every size. */
static void open_shop(struct shop *s, uint64_t x)
{
	arena_init(&s->kept);
	arena_init(&s->turn);
	for (int i = 0; i < COURSES; i++)
		s->v[i] = (struct course){
			.id = arena_printf(&s->kept, "c%03d", i),
			.title = arena_printf(&s->kept, "subject%d part%d",
					      (int)(next_random(&x) % 40), i % 7),
			.category = arena_printf(&s->kept, "field%d", (int)(next_random(&x) % 6)),
			.language = next_random(&x) % 3 ? STR("zh-cn") : STR("en"),
			.price = (double)(next_random(&x) % 90)};
	s->courses = (struct catalogue){.courses = s->v, .n = COURSES};
	s->profiles = profiles_new();
	for (int i = 0; i < EVENTS; i++) {
		char user[16], id[16];
		uint64_t course = next_random(&x) % COURSES * (next_random(&x) % 64) / 64;
		enum event_type type = next_random(&x) % 9 ? EVENT_VIEW : EVENT_DISMISS;
		struct event e;

		snprintf(user, sizeof user, "u%d", (int)(next_random(&x) % LEARNERS));
		snprintf(id, sizeof id, "c%03d", (int)course);
		e = kb_event(user, id, type, i * 1000);
		profiles_add(s->profiles, &e);
	}
	s->recommender =
		recommender_of(&s->courses, lexicon_new(&s->kept, NULL, 0, NULL, 0), s->profiles);
}

static void close_shop(struct shop *s)
{
	recommender_free(s->recommender);
	profiles_free(s->profiles);
	arena_done(&s->kept);
	arena_done(&s->turn);
}

/* Of all scores the best, one after the other; of equal ones the smaller course. */
static void assert_best(struct shop *s, const struct recommend_query *q)
{
	static float scores[COURSES];
	struct recommended_list l;

	arena_reset(&s->turn);
	recommend_scores(s->recommender, &s->turn, q, scores);
	recommend(s->recommender, &s->turn, q, &l);
	for (size_t i = 0; i < l.n; i++) {
		size_t best = 0;

		for (size_t k = 1; k < COURSES; k++)
			best = scores[k] > scores[best] ? k : best;
		assert_ptr_equal(l.v[i].course, &s->v[best]);
		assert_true((float)l.v[i].score == scores[best]);
		scores[best] = -INFINITY;
	}
	for (size_t k = 0; k < COURSES && l.n < COUNT; k++)
		assert_true(scores[k] == -INFINITY);
}

static void a_list_is_the_best_of_all_courses_scored_one_by_one(void **state)
{
	static const struct str texts[] = {STR_INIT(""), STR_INIT("subject7"),
					   STR_INIT("part3 field2")};
	struct recommend_tuning tuning = RECOMMEND_AS_EVER;

	(void)state;
	tuning.diversity = 0;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct shop s;

		open_shop(&s, seed);
		for (int u = 0; u < LEARNERS; u++) {
			struct str like = s.v[u].title;
			struct recommend_query q = {.profiles = s.profiles,
						    .user = arena_printf(&s.kept, "u%d", u),
						    .text = texts[u % 3],
						    .max_price = u % 5 ? -1 : 40,
						    .count = COUNT,
						    .reply_lang = STR("zh"),
						    .tuning = &tuning};

			tuning.factor[PART_POPULAR] = (float)(u % 4);
			tuning.factor[PART_TASTE] = u % 7 ? 1 : 0;
			assert_best(&s, &q);
			q.text = STR_NONE;
			q.likes = &like;
			q.n_likes = 1;
			assert_best(&s, &q);
		}
		close_shop(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_the_best_of_all_courses_scored_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

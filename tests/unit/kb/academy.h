/* A small academy for the tests of the recommender, built afresh for each test. */
#ifndef UNIT_KB_ACADEMY_H
#define UNIT_KB_ACADEMY_H

#include "unit/kb/kb.h"

#include "kb/recommend.h"
#include "text/lexicon.h"

struct academy {
	struct arena arena;
	struct store *store;
	struct profiles *profiles;
	const struct lexicon *lexicon;
	const struct catalogue *courses;
	struct recommender *r;
};

static const struct {
	const char *id, *title, *category, *tags, *level, *language, *format, *description;
	double price;
} shelf[] = {
	{"py1", "Python零基础入门", "编程", "python;编程", "beginner", "zh-CN", "video",
	 "从变量到函数", 99},
	{"py2", "Python数据分析", "编程", "python;数据分析;pandas", "intermediate", "zh-CN",
	 "video", "", 199},
	{"js1", "JavaScript for Beginners", "编程", "javascript;frontend", "beginner", "en", "text",
	 "Build web pages", 49},
	{"ps1", "Photoshop修图", "设计", "设计;ps", "beginner", "zh-CN", "video", "", 0},
	{"ui1", "UI设计基础", "设计", "设计;figma", "beginner", "zh-CN", "live", "", 299},
	{"gt1", "吉他弹唱", "音乐", "吉他;音乐", "beginner", "zh-CN", "video", "", -1},
};

static inline void put_shelf(struct store *s)
{
	struct err err;

	for (size_t i = 0; i < sizeof shelf / sizeof *shelf; i++) {
		struct course c = {.id = str_of(shelf[i].id),
				   .title = str_of(shelf[i].title),
				   .category = str_of(shelf[i].category),
				   .tags = str_of(shelf[i].tags),
				   .level = str_of(shelf[i].level),
				   .language = str_of(shelf[i].language),
				   .format = str_of(shelf[i].format),
				   .description = str_of(shelf[i].description),
				   .price = shelf[i].price};

		assert_ok(course_put(s, &c, &err), err);
	}
}

static inline int open_academy(void **state)
{
	struct academy *w = calloc(1, sizeof *w);

	arena_init(&w->arena);
	w->store = kb_memory();
	w->profiles = profiles_new();
	w->lexicon = lexicon_new(&w->arena, NULL, 0, NULL, 0);
	put_shelf(w->store);
	*state = w;
	return 0;
}

static inline int close_academy(void **state)
{
	struct academy *w = *state;

	recommender_free(w->r);
	profiles_free(w->profiles);
	store_close(w->store);
	arena_done(&w->arena);
	free(w);
	return 0;
}

static inline void buy(struct academy *w, const char *user, const char *course, int64_t at)
{
	kb_put(w->store, user, course, EVENT_PURCHASE, at);
}

static inline void build(struct academy *w)
{
	struct err err;

	recommender_free(w->r);
	w->r = NULL;
	assert_ok(catalogue_read(w->store, &w->arena, &w->courses, &err), err);
	assert_ok(recommender_new(w->courses, w->lexicon, w->store, &w->r, &err), err);
	assert_ok(profiles_read(w->profiles, w->store, NULL, &err), err);
}

static inline struct recommend_query query(const struct academy *w, const char *user)
{
	return (struct recommend_query){.profiles = w->profiles,
					.user = str_of(user),
					.max_price = -1,
					.count = 10,
					.reply_lang = STR("zh")};
}

static inline void like(struct recommend_query *q, const char *course)
{
	static struct str one;

	one = str_of(course);
	q->likes = &one;
	q->n_likes = 1;
}

static inline struct recommended_list ask(struct academy *w, const struct recommend_query *q)
{
	struct recommended_list out;

	recommend(w->r, &w->arena, q, &out);
	assert_true(out.n <= q->count);
	for (size_t i = 1; i < out.n; i++)
		assert_true(out.v[i - 1].score >= out.v[i].score);
	return out;
}

static inline int place_of(const struct recommended_list *l, const char *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i].course->id, str_of(id)))
			return (int)i;
	return -1;
}

#endif

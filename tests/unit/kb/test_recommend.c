#include "unit/kb/academy.h"

static void what_others_took_next_comes_first_with_its_reason(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "py1", 1);
	buy(w, "a", "py2", 2);
	buy(w, "b", "py1", 1);
	buy(w, "b", "py2", 2);
	buy(w, "c", "ps1", 1);
	buy(w, "c", "ui1", 2);
	buy(w, "d", "ps1", 1);
	buy(w, "d", "gt1", 2);
	buy(w, "me", "py1", 3);
	build(w);
	q = query(w, "me");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "py2"), 0);
	assert_int_equal(place_of(&l, "py1"), -1);
	assert_str(l.v[0].reason, "选过《Python零基础入门》的同学也在学");
	q.reply_lang = STR("en");
	l = ask(w, &q);
	assert_str(l.v[0].reason, "Because you took Python零基础入门");
}

static void a_view_lifts_neighbours_and_a_purchase_leaves_the_list_at_once(void **state)
{
	struct academy *w = *state;
	struct event view = kb_event("new", "ps1", EVENT_VIEW, 50);
	struct event purchase = kb_event("new", "ui1", EVENT_PURCHASE, 60);
	struct recommend_query q;
	struct recommended_list l;

	for (int i = 0; i < 6; i++) {
		char user[16];

		snprintf(user, sizeof user, "p%d", i);
		buy(w, user, "py1", 1);
		buy(w, user, "py2", 2);
	}
	buy(w, "c", "ps1", 1);
	buy(w, "c", "ui1", 2);
	build(w);
	q = query(w, "new");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "py1"), 0);
	assert_str(l.v[0].reason, "很多同学在学");
	profiles_add(w->profiles, &view);
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "ui1"), 0);
	assert_str(l.v[0].reason, "看过《Photoshop修图》的同学也在学");
	profiles_add(w->profiles, &purchase);
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "ui1"), -1);
	assert_true(place_of(&l, "ps1") >= 0);
}

static void words_of_a_query_choose_and_nothing_matched_is_said(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.text = STR("我想学Python");
	l = ask(w, &q);
	assert_true(l.text_matched);
	assert_int_equal(l.n, 2);
	assert_true(place_of(&l, "py1") >= 0 && place_of(&l, "py2") >= 0);
	assert_str(l.v[0].reason, "与“Python”匹配");
	q.text = STR("数据分析");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	assert_str(l.v[0].reason, "与“数据分析”匹配");
	q.text = STR("javascripts please");
	q.reply_lang = STR("en");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), 0);
	assert_str(l.v[0].reason, "Matches “javascripts”");
	q.text = STR("量子烹饪");
	l = ask(w, &q);
	assert_false(l.text_matched);
	assert_int_equal(l.n, 0);
	q.text = STR("quantum cooking");
	l = ask(w, &q);
	assert_false(l.text_matched);
	assert_int_equal(l.n, 0);
	q.text = STR("pyhton");
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	q.text = STR("推荐一门课");
	l = ask(w, &q);
	assert_true(l.text_matched);
	assert_int_equal(l.n, 6);
}

static void taste_orders_what_matches_about_as_well(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "gt1", 1);
	buy(w, "a", "ui1", 2);
	buy(w, "me", "gt1", 1);
	build(w);
	q = query(w, "me");
	q.text = STR("设计");
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	assert_int_equal(place_of(&l, "ui1"), 0);
}

static void like_a_course_that_nothing_is_like_lists_its_category(void **state)
{
	struct academy *w = *state;
	const struct course rust = {.id = STR("rs1"),
				    .title = STR("Ownership and borrowing explained"),
				    .category = STR("编程"),
				    .tags = STR("rust;systems;memory;compilers"),
				    .description =
					    STR("Why a value has one owner, and who may look"),
				    .price = 9};
	struct recommend_query q;
	struct recommended_list l;
	struct err err;

	assert_ok(course_put(w->store, &rust, &err), err);
	buy(w, "a", "py2", 1);
	buy(w, "a", "gt1", 2);
	build(w);
	q = query(w, "me");
	like(&q, "rs1");
	l = ask(w, &q);
	assert_int_equal(l.n, 3);
	assert_int_equal(place_of(&l, "py2"), 0);
	assert_str(l.v[0].reason, "“编程”类热门课程");
	assert_string_equal(l.v[0].because, "category");
	assert_true(place_of(&l, "py1") > 0 && place_of(&l, "js1") > 0);
	assert_string_equal(l.v[1].because, "new");
	q.level = STR("intermediate");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	like(&q, "gt1"); /* has neighbours: what they are is enough */
	q.level = STR("");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	assert_int_equal(place_of(&l, "py2"), 0);
}

static void like_takes_an_id_a_title_or_words(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "ps1", 1);
	buy(w, "a", "gt1", 2);
	build(w);
	q = query(w, "");
	like(&q, "ps1");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "gt1"), 0);
	assert_str(l.v[0].reason, "学过《Photoshop修图》的同学也在学");
	assert_int_equal(place_of(&l, "ui1"), 1);
	assert_str(l.v[1].reason, "与《Photoshop修图》内容相近");
	assert_int_equal(place_of(&l, "ps1"), -1);
	assert_int_equal(place_of(&l, "js1"), -1);
	like(&q, "ＰＨＯＴＯＳＨＯＰ修图");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "gt1"), 0);
	like(&q, "吉他");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	assert_int_equal(place_of(&l, "gt1"), 0);
	like(&q, "没有这门");
	l = ask(w, &q);
	assert_false(l.text_matched);
}

static void filters_let_nothing_else_through(void **state)
{
	struct academy *w = *state;
	struct recommend_query q, all;
	struct recommended_list l;

	build(w);
	all = query(w, "");
	q = all;
	q.category = STR("设计");
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	q = all;
	q.level = STR("Intermediate");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	assert_int_equal(place_of(&l, "py2"), 0);
	q = all;
	q.lang = STR("zh");
	l = ask(w, &q);
	assert_int_equal(l.n, 5);
	q = all;
	q.format = STR("live");
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	q = all;
	q.max_price = 99;
	l = ask(w, &q);
	assert_int_equal(l.n, 3);
	assert_int_equal(place_of(&l, "gt1"), -1);
	q.max_price = 0;
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
	assert_int_equal(place_of(&l, "ps1"), 0);
	q = all;
	q.text = STR("python");
	q.category = STR("设计");
	l = ask(w, &q);
	assert_true(l.text_matched);
	assert_int_equal(l.n, 0);
}

static void a_guest_gets_what_is_popular_also_within_a_category(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	l = ask(w, &q);
	assert_int_equal(l.n, 6);
	assert_str(l.v[0].reason, "课程目录中的课程");
	assert_str(l.v[0].course->id, "gt1");
	buy(w, "a", "js1", 1);
	buy(w, "b", "js1", 1);
	buy(w, "c", "ui1", 1);
	build(w);
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), 0);
	assert_int_equal(place_of(&l, "ui1"), 1);
	q.category = STR("设计");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "ui1"), 0);
	assert_str(l.v[0].reason, "“设计”类热门课程");
	q.profiles = NULL;
	q.user = STR("a");
	assert_int_equal(ask(w, &q).n, 2);
}

static void a_course_without_learners_is_found_by_its_words(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "me", "py1", 1);
	build(w);
	q = query(w, "me");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "py2"), 0);
	assert_str(l.v[0].reason, "与你选过的《Python零基础入门》内容相近");
}

static void count_is_respected_and_an_empty_catalogue_gives_nothing(void **state)
{
	struct academy *w = *state;
	const struct catalogue empty = {0};
	struct recommender *r;
	struct recommended_list l;
	struct recommend_query q;
	struct err err;

	build(w);
	q = query(w, "");
	q.count = 2;
	assert_int_equal(ask(w, &q).n, 2);
	q.count = 0;
	assert_int_equal(ask(w, &q).n, 0);
	q.count = 3;
	assert_ok(recommender_new(&empty, w->lexicon, w->store, &r, &err), err);
	recommend(r, &w->arena, &q, &l);
	assert_int_equal(l.n, 0);
	q.text = STR("python");
	recommend(r, &w->arena, &q, &l);
	assert_false(l.text_matched);
	recommender_free(r);
	recommender_free(NULL);
}

/* Forty courses in four tastes; each learner takes eight, seven of them of one taste. The last
 * taken is kept back and must be found among ten; popularity finds a quarter at best. */
enum { TASTES = 4, SHELF = 10, LEARNERS = 200 };

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

static void make_taste_courses(struct academy *w)
{
	struct err err;

	for (int i = 0; i < TASTES * SHELF; i++) {
		char id[16];
		struct course c;

		snprintf(id, sizeof id, "t%02d", i);
		c = kb_course(id, id);
		assert_ok(course_put(w->store, &c, &err), err);
	}
}

/* The course kept back for the learner. */
static int make_learner(struct academy *w, int number, uint64_t *x)
{
	bool taken[TASTES * SHELF] = {0};
	int taste = number % TASTES, course = 0;
	char user[16], id[16];

	snprintf(user, sizeof user, "l%d", number);
	for (int i = 0; i < 8; i++) {
		do {
			course = (int)(next_random(x) % SHELF) + taste * SHELF;
			if (i == 2)
				course = (int)(next_random(x) % (TASTES * SHELF));
		} while (taken[course]);
		taken[course] = true;
		snprintf(id, sizeof id, "t%02d", course);
		if (i < 7)
			buy(w, user, id, i + 1);
	}
	return course;
}

static void tastes_are_recovered_from_what_learners_took(void **state)
{
	struct academy *w = *state;
	int kept[LEARNERS], hits = 0, popular_hits = 0;
	struct err err;
	uint64_t x = 42;

	make_taste_courses(w);
	assert_ok(store_begin(w->store, &err), err);
	for (int i = 0; i < LEARNERS; i++)
		kept[i] = make_learner(w, i, &x);
	assert_ok(store_commit(w->store, &err), err);
	build(w);
	for (int i = 0; i < LEARNERS; i++) {
		char user[16], id[16];
		struct recommend_query q;
		struct recommended_list l;

		snprintf(user, sizeof user, "l%d", i);
		snprintf(id, sizeof id, "t%02d", kept[i]);
		q = query(w, user);
		q.count = 4;
		l = ask(w, &q);
		hits += place_of(&l, id) >= 0;
		q.user = STR("guest");
		l = ask(w, &q);
		popular_hits += place_of(&l, id) >= 0;
	}
	assert_true(hits > LEARNERS * 80 / 100);
	assert_true(popular_hits < LEARNERS * 30 / 100);
}

static void the_same_question_gives_the_same_list(void **state)
{
	struct academy *w = *state;
	struct recommended_list first, again;
	struct recommend_query q;
	uint64_t x = 7;

	make_taste_courses(w);
	for (int i = 0; i < 40; i++)
		make_learner(w, i, &x);
	build(w);
	q = query(w, "l3");
	q.count = 40;
	first = ask(w, &q);
	recommender_free(w->r);
	assert_int_equal(recommender_new(w->courses, w->lexicon, w->store, &w->r, NULL), 0);
	again = ask(w, &q);
	assert_int_equal(first.n, again.n);
	for (size_t i = 0; i < first.n; i++) {
		assert_ptr_equal(first.v[i].course, again.v[i].course);
		assert_true(first.v[i].score == again.v[i].score);
		assert_true(str_eq(first.v[i].reason, again.v[i].reason));
	}
}

int main(void)
{
#define IN_ACADEMY(test) cmocka_unit_test_setup_teardown(test, open_academy, close_academy)
	const struct CMUnitTest tests[] = {
		IN_ACADEMY(what_others_took_next_comes_first_with_its_reason),
		IN_ACADEMY(a_view_lifts_neighbours_and_a_purchase_leaves_the_list_at_once),
		IN_ACADEMY(words_of_a_query_choose_and_nothing_matched_is_said),
		IN_ACADEMY(taste_orders_what_matches_about_as_well),
		IN_ACADEMY(like_a_course_that_nothing_is_like_lists_its_category),
		IN_ACADEMY(like_takes_an_id_a_title_or_words),
		IN_ACADEMY(filters_let_nothing_else_through),
		IN_ACADEMY(a_guest_gets_what_is_popular_also_within_a_category),
		IN_ACADEMY(a_course_without_learners_is_found_by_its_words),
		IN_ACADEMY(count_is_respected_and_an_empty_catalogue_gives_nothing),
		IN_ACADEMY(tastes_are_recovered_from_what_learners_took),
		IN_ACADEMY(the_same_question_gives_the_same_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

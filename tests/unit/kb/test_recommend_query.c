#include "unit/kb/academy.h"

#include "kb/store_vector.h"

static void tell(struct academy *w, const char *user, const char *course, enum event_type type,
		 int64_t at)
{
	struct event e = kb_event(user, course, type, at);

	profiles_add(w->profiles, &e);
}

static void dismiss(struct academy *w, const char *user, const char *course, int64_t at)
{
	tell(w, user, course, EVENT_DISMISS, at);
}

/* The kind of the reason that the largest part should have. */
static const char *kind_of(const struct recommended *c)
{
	static const char *const kinds[] = {
		[PART_WORDS] = "words",	   [PART_TASTE] = "taste",     [PART_ALIKE] = "alike",
		[PART_FIELD] = "category", [PART_POPULAR] = "popular", [PART_AVERSE] = "new"};
	int best = PART_AVERSE;
	float most = 0;

	for (int p = 0; p < PARTS; p++)
		if (p != PART_TONGUE && c->parts[p] > most) {
			most = c->parts[p];
			best = p;
		}
	return kinds[best];
}

static void check_reasons(const struct recommended_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		double sum = 0;

		for (int p = 0; p < PARTS; p++)
			sum += (double)l->v[i].parts[p];
		assert_true(sum > l->v[i].score - 1e-5 && sum < l->v[i].score + 1e-5);
		assert_string_equal(l->v[i].because, kind_of(&l->v[i]));
		assert_true(l->v[i].reason.n > 0);
	}
}

static int count_kinds(const struct recommended_list *l)
{
	int n = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t before = 0;

		while (before < i && strcmp(l->v[before].because, l->v[i].because) != 0)
			before++;
		n += before == i;
	}
	return n;
}

static void each_reason_is_of_the_largest_part_of_the_score(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	for (int i = 0; i < 5; i++) {
		char user[16];

		snprintf(user, sizeof user, "p%d", i);
		buy(w, user, "ps1", 1);
		if (i < 3)
			buy(w, user, "js1", 2);
	}
	buy(w, "z", "gt1", 3);
	buy(w, "me", "ps1", 9);
	buy(w, "me", "py1", 8);
	build(w);
	q = query(w, "me");
	l = ask(w, &q);
	check_reasons(&l);
	assert_int_equal(count_kinds(&l), 3);
	assert_string_equal(l.v[place_of(&l, "js1")].because, "taste");
	assert_string_equal(l.v[place_of(&l, "py2")].because, "alike");
	assert_string_equal(l.v[place_of(&l, "gt1")].because, "popular");
	q.text = STR("设计 编程");
	l = ask(w, &q);
	check_reasons(&l);
	q = query(w, "");
	like(&q, "ps1");
	l = ask(w, &q);
	check_reasons(&l);
	assert_int_equal(count_kinds(&l), 2);
	q = query(w, "");
	l = ask(w, &q);
	check_reasons(&l);
	assert_string_equal(l.v[l.n - 1].because, "new");
	assert_str(l.v[l.n - 1].reason, "新上架，来做第一位同学");
}

static void what_is_dismissed_stays_out_and_its_neighbours_move_down_a_little(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list before, after;

	buy(w, "a", "gt1", 1);
	build(w);
	q = query(w, "me");
	q.text = STR("编程");
	before = ask(w, &q);
	assert_int_equal(place_of(&before, "py1"), 0);
	dismiss(w, "me", "py1", 5);
	after = ask(w, &q);
	assert_int_equal(place_of(&after, "py1"), -1);
	assert_true(place_of(&after, "py2") >= 0);
	q.text = STR_NONE;
	after = ask(w, &q);
	assert_int_equal(place_of(&after, "py1"), -1);
	assert_true(after.v[place_of(&after, "py2")].parts[PART_AVERSE] < 0);
	assert_int_equal(place_of(&after, "py2"), (int)after.n - 1);
	assert_true(after.v[place_of(&after, "ps1")].parts[PART_AVERSE] >= 0);
}

/* Views before and between count as if nothing had been said. */
static void a_dismissal_taken_back_leaves_no_trace(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list without, with;

	buy(w, "a", "py1", 1);
	buy(w, "a", "ps1", 2);
	for (int who = 0; who < 2; who++) {
		tell(w, who ? "me" : "you", "py1", EVENT_VIEW, 3);
		if (who)
			tell(w, "me", "py1", EVENT_DISMISS, 4);
		tell(w, who ? "me" : "you", "py1", EVENT_VIEW, 5);
	}
	tell(w, "me", "py1", EVENT_UNDISMISS, 6);
	tell(w, "me", "gt1", EVENT_DISMISS, 7);
	tell(w, "me", "gt1", EVENT_UNDISMISS, 7);
	build(w);
	q = query(w, "you");
	without = ask(w, &q);
	q = query(w, "me");
	with = ask(w, &q);
	assert_true(place_of(&with, "py1") >= 0);
	assert_int_equal(with.n, without.n);
	for (size_t i = 0; i < with.n; i++) {
		assert_ptr_equal(with.v[i].course, without.v[i].course);
		assert_true(with.v[i].score == without.v[i].score);
		assert_true(str_eq(with.v[i].reason, without.v[i].reason));
	}
	dismiss(w, "me", "py1", 8);
	with = ask(w, &q);
	assert_int_equal(place_of(&with, "py1"), -1);
}

static void a_course_that_was_bought_is_a_seed_also_when_dismissed(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "ps1", 1);
	buy(w, "a", "ui1", 2);
	buy(w, "me", "ps1", 1);
	build(w);
	dismiss(w, "me", "ps1", 5);
	q = query(w, "me");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "ps1"), -1);
	assert_int_equal(place_of(&l, "ui1"), 0);
	assert_true(l.v[0].parts[PART_AVERSE] >= 0);
}

static void several_courses_may_be_liked_as_a_list_or_one_by_one(void **state)
{
	struct academy *w = *state;
	const struct str two[] = {STR_INIT("py1"), STR_INIT("Photoshop修图")};
	const struct str list[] = {STR_INIT("py1，Photoshop修图; 没有这门")};
	struct recommend_query q;
	struct recommended_list one_by_one, as_list;

	buy(w, "a", "ps1", 1);
	buy(w, "a", "gt1", 2);
	build(w);
	q = query(w, "");
	q.likes = two;
	q.n_likes = 2;
	one_by_one = ask(w, &q);
	q.likes = list;
	q.n_likes = 1;
	as_list = ask(w, &q);
	assert_int_equal(one_by_one.n, as_list.n);
	for (size_t i = 0; i < as_list.n; i++)
		assert_ptr_equal(one_by_one.v[i].course, as_list.v[i].course);
	assert_int_equal(place_of(&as_list, "py1"), -1);
	assert_int_equal(place_of(&as_list, "ps1"), -1);
	assert_str(as_list.v[place_of(&as_list, "py2")].reason, "与《Python零基础入门》内容相近");
	assert_str(as_list.v[place_of(&as_list, "gt1")].reason,
		   "学过《Photoshop修图》的同学也在学");
}

static void a_liked_course_orders_what_the_words_match(void **state)
{
	struct academy *w = *state;
	const struct str gt1 = STR_INIT("gt1");
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "gt1", 1);
	buy(w, "a", "ui1", 2);
	build(w);
	q = query(w, "");
	q.text = STR("设计");
	q.likes = &gt1;
	q.n_likes = 1;
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	assert_int_equal(place_of(&l, "ui1"), 0);
}

static void levels_and_formats_are_known_by_their_words(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;

	build(w);
	q = query(w, "");
	q.format = STR("直播课");
	assert_int_equal(ask(w, &q).n, 1);
	q.format = STR("录播");
	assert_int_equal(ask(w, &q).n, 4);
	q.format = STR("VR");
	assert_int_equal(ask(w, &q).n, 0);
	q.format = STR_NONE;
	q.text = STR("直播课");
	assert_int_equal(ask(w, &q).n, 1);
	q.text = STR("音频");
	assert_false(ask(w, &q).text_matched);
	q.format = STR("video");
	q.text = STR("直播");
	assert_int_equal(ask(w, &q).n, 0);
	q = query(w, "");
	q.level = STR("进阶");
	assert_int_equal(ask(w, &q).n, 1);
}

static void nothing_found_comes_with_the_categories_there_are(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "gt1", 1);
	build(w);
	q = query(w, "");
	assert_int_equal(ask(w, &q).n_categories, 0);
	q.text = STR("量子烹饪");
	l = ask(w, &q);
	assert_false(l.text_matched);
	assert_int_equal(l.n, 0);
	assert_int_equal(l.n_categories, 3);
	assert_str(l.categories[0], "音乐");
	assert_str(l.categories[1], "编程");
	assert_str(l.categories[2], "设计");
	q.reply_lang = STR("en");
	assert_str(ask(w, &q).categories[0], "编程"); /* the only one with a course in English */
}

static void a_learner_without_neighbours_gets_what_is_popular_in_the_category(void **state)
{
	struct academy *w = *state;
	struct course lone = kb_course("xx9", "Zzz");
	struct recommend_query q;
	struct recommended_list l;
	struct err err;

	lone.category = STR("设计");
	assert_ok(course_put(w->store, &lone, &err), err);
	for (int i = 0; i < 4; i++) {
		char user[16];

		snprintf(user, sizeof user, "p%d", i);
		buy(w, user, "js1", 1);
	}
	buy(w, "q", "ui1", 1);
	build(w);
	q = query(w, "");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), 0);
	buy(w, "me", "xx9", 1);
	build(w);
	q = query(w, "me");
	l = ask(w, &q);
	assert_true(place_of(&l, "ui1") < place_of(&l, "js1"));
	check_reasons(&l);
}

static void put_vector(struct academy *w, const char *course, const char *text)
{
	struct vector v;
	struct err err;

	assert_ok(vector_read(&w->arena, str_of(text), &v, &err), err);
	assert_ok(vector_put(w->store, str_of(course), STR("image"), &v, &err), err);
}

static void a_title_typed_whole_is_that_course_however_popular_others_are(void **state)
{
	struct academy *w = *state;
	struct course more = kb_course("py0", "Python");
	struct recommend_query q;
	struct recommended_list l;
	struct err err;

	assert_ok(course_put(w->store, &more, &err), err);
	for (int i = 0; i < 9; i++) {
		char user[16];

		snprintf(user, sizeof user, "p%d", i);
		buy(w, user, "py1", 1);
	}
	build(w);
	q = query(w, "");
	q.text = STR("python");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "py0"), 0);
	assert_true(place_of(&l, "py1") > 0);
	q.text = STR("想学python");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "py1"), 0);
}

static void a_field_of_learning_is_found_by_its_subject_too(void **state)
{
	struct academy *w = *state;
	struct course history = kb_course("hi1", "中国历史人物"),
		      study = kb_course("hi2", "历史学导论");
	struct recommend_query q;
	struct recommended_list l;
	struct err err;

	assert_ok(course_put(w->store, &history, &err), err);
	assert_ok(course_put(w->store, &study, &err), err);
	build(w);
	q = query(w, "");
	q.text = STR("历史学");
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	assert_str(l.v[0].course->id, "hi2");
	assert_str(l.v[1].reason, "与“历史学”匹配");
	q.text = STR("天文学");
	assert_false(ask(w, &q).text_matched);
}

/* No word in common: only the pictures are alike. */
static void a_new_course_is_found_by_its_picture(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "me", "gt1", 1);
	build(w);
	q = query(w, "");
	like(&q, "gt1");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), -1);
	put_vector(w, "gt1", "1 0 0.1");
	put_vector(w, "js1", "1 0.1 0");
	put_vector(w, "ps1", "-1 1 0");
	put_vector(w, "ui1", "-1 -1 0");
	build(w);
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), 0);
	assert_string_equal(l.v[0].because, "alike");
	assert_str(l.v[0].reason, "与《吉他弹唱》内容相近");
	assert_int_equal(place_of(&l, "ps1"), -1);
	q = query(w, "me");
	l = ask(w, &q);
	assert_int_equal(place_of(&l, "js1"), 0);
	assert_str(l.v[0].reason, "与你选过的《吉他弹唱》内容相近");
}

int main(void)
{
#define IN_ACADEMY(test) cmocka_unit_test_setup_teardown(test, open_academy, close_academy)
	const struct CMUnitTest tests[] = {
		IN_ACADEMY(each_reason_is_of_the_largest_part_of_the_score),
		IN_ACADEMY(what_is_dismissed_stays_out_and_its_neighbours_move_down_a_little),
		IN_ACADEMY(a_dismissal_taken_back_leaves_no_trace),
		IN_ACADEMY(a_course_that_was_bought_is_a_seed_also_when_dismissed),
		IN_ACADEMY(several_courses_may_be_liked_as_a_list_or_one_by_one),
		IN_ACADEMY(a_liked_course_orders_what_the_words_match),
		IN_ACADEMY(levels_and_formats_are_known_by_their_words),
		IN_ACADEMY(nothing_found_comes_with_the_categories_there_are),
		IN_ACADEMY(a_learner_without_neighbours_gets_what_is_popular_in_the_category),
		IN_ACADEMY(a_title_typed_whole_is_that_course_however_popular_others_are),
		IN_ACADEMY(a_field_of_learning_is_found_by_its_subject_too),
		IN_ACADEMY(a_new_course_is_found_by_its_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

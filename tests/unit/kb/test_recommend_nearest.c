/* Prices, and what is nearest to filters that no course passes. */
#include "unit/kb/academy.h"

static struct recommended_list nearest(struct academy *w, const struct recommend_query *q)
{
	struct recommended_list out;

	recommend_nearest(w->r, &w->arena, q, &out);
	assert_true(out.n <= q->count);
	return out;
}

static void expect(const struct recommended_list *l, unsigned without, size_t n,
		   const char *const *ids)
{
	assert_int_equal(l->without, without);
	assert_int_equal(l->n, n);
	for (size_t i = 0; i < n; i++)
		assert_str(l->v[i].course->id, ids[i]);
}

#define EXPECT(l, without, ...)                                                                    \
	expect(l, without, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),            \
	       (const char *const[]){__VA_ARGS__})

static void a_list_by_price_begins_with_the_cheapest_and_ends_with_the_unknown(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "ui1", 1);
	build(w);
	q = query(w, "");
	q.by_price = true;
	l = nearest(w, &q);
	EXPECT(&l, 0, "ps1", "js1", "py1", "py2", "ui1", "gt1");
	q.count = 2;
	q.min_price = 50;
	l = nearest(w, &q);
	EXPECT(&l, 0, "py1", "py2");
	q.count = 0;
	assert_int_equal(nearest(w, &q).n, 0);
}

static void a_least_price_leaves_out_the_cheaper_and_the_unknown(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.min_price = 199;
	l = ask(w, &q);
	assert_int_equal(l.n, 2);
	assert_true(place_of(&l, "py2") >= 0 && place_of(&l, "ui1") >= 0);
	q.max_price = 200;
	l = ask(w, &q);
	assert_int_equal(l.n, 1);
}

static void what_passes_the_filters_is_the_nearest_there_is(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.text = STR("python");
	q.max_price = 100;
	l = nearest(w, &q);
	EXPECT(&l, 0, "py1");
}

static void beyond_a_price_the_nearest_prices_come_first(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	buy(w, "a", "py2", 1); /* more popular than py1 */
	build(w);
	q = query(w, "");
	q.text = STR("python");
	q.max_price = 0;
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_PRICE, "py1", "py2");
	q.max_price = -1;
	q.min_price = 500;
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_PRICE, "py2", "py1");
	q.text = STR("吉他"); /* its price is not known */
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_PRICE, "gt1");
}

static void one_filter_is_given_up_and_the_others_stay(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.text = STR("设计");
	q.format = STR("vr");
	q.max_price = 100;
	l = nearest(w, &q); /* without the price no VR course; without the format one below 100 */
	EXPECT(&l, 1u << FILTER_FORMAT, "ps1");
	q.format = STR("video");
	q.level = STR("advanced");
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_LEVEL, "ps1");
	q.format = q.level = STR_NONE;
	q.lang = STR("en");
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_LANGUAGE, "ps1");
}

static void where_one_is_not_enough_all_filters_are_given_up(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.text = STR("吉他");
	q.format = STR("vr");
	q.level = STR("advanced");
	l = nearest(w, &q);
	EXPECT(&l, 1u << FILTER_FORMAT | 1u << FILTER_LEVEL, "gt1");
}

static void words_that_no_course_has_are_never_given_up(void **state)
{
	struct academy *w = *state;
	struct recommend_query q;
	struct recommended_list l;

	build(w);
	q = query(w, "");
	q.text = STR("挖掘机");
	q.max_price = 100;
	l = nearest(w, &q);
	assert_int_equal(l.n, 0);
	assert_int_equal(l.without, 0);
	assert_false(l.text_matched);
	assert_true(l.n_categories > 0);
}

#define IN_ACADEMY(f) cmocka_unit_test_setup_teardown(f, open_academy, close_academy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ACADEMY(a_list_by_price_begins_with_the_cheapest_and_ends_with_the_unknown),
		IN_ACADEMY(a_least_price_leaves_out_the_cheaper_and_the_unknown),
		IN_ACADEMY(what_passes_the_filters_is_the_nearest_there_is),
		IN_ACADEMY(beyond_a_price_the_nearest_prices_come_first),
		IN_ACADEMY(one_filter_is_given_up_and_the_others_stay),
		IN_ACADEMY(where_one_is_not_enough_all_filters_are_given_up),
		IN_ACADEMY(words_that_no_course_has_are_never_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include <math.h>

#include "kb/import.h"
#include "kb/store_change.h"
#include "kb/store_vector.h"
#include "kb/vector_index.h"
#include "kb/vectors.h"
#include "text/mem.h"

static uint64_t next_random(uint64_t *x)
{
	*x = *x * 6364136223846793005u + 1442695040888963407u;
	return *x >> 33;
}

/* Of length 1. */
static void make_vector(uint64_t *x, float *v, size_t dim)
{
	double length;

	for (size_t i = 0; i < dim; i++)
		v[i] = (float)(next_random(x) % 2001) / 1000 - 1;
	length = vector_length(v, dim);
	for (size_t i = 0; i < dim; i++)
		v[i] = (float)((double)v[i] / length);
}

static void vectors_are_read_in_several_spellings_and_scaled_to_one(void **state)
{
	static const char *const texts[] = {"3 4", "[3, 4]", "3;4", " [ 3e0,\t4.0 ] "};
	struct arena a;
	struct vector v;
	struct err err;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_ok(vector_read(&a, str_of(texts[i]), &v, &err), err);
		assert_int_equal(v.dim, 2);
		assert_true(fabsf(v.v[0] - .6f) < 1e-6f && fabsf(v.v[1] - .8f) < 1e-6f);
	}
	arena_done(&a);
}

static void what_is_no_vector_is_said(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {{"", "is empty"},
		   {"[]", "is empty"},
		   {"0 0 0", "points nowhere"},
		   {"1 x 2", "number 2 of the vector, 'x'"},
		   {"1 nan", "not a number"},
		   {"inf", "not a number"},
		   {"1e999 1", "not a number"},
		   {"[[1,2]]", "not a number"},
		   {"1e31", "not a number"}};
	struct arena a;
	struct buf many = {0};
	struct vector v;
	struct err err;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(vector_read(&a, str_of(bad[i].text), &v, &err), ERR_INVALID);
		assert_says(err, bad[i].why);
	}
	for (int i = 0; i <= VECTOR_DIM_MAX; i++)
		buf_cstr(&many, "1 ");
	assert_int_equal(vector_read(&a, buf_view(&many), &v, &err), ERR_INVALID);
	assert_says(err, "at most 4096");
	buf_done(&many);
	arena_done(&a);
}

static void names_are_plain_words(void **state)
{
	(void)state;
	assert_true(vector_name_valid(STR("image")));
	assert_true(vector_name_valid(STR("clip-vit_b32")));
	assert_false(vector_name_valid(STR("")));
	assert_false(vector_name_valid(STR("图")));
	assert_false(vector_name_valid(STR("a b")));
	assert_false(vector_name_valid(STR("abcdefghijklmnopqrstuvwxyz0123456")));
}

/* What a search finds, found by comparing with every row. */
static void check_search(const struct vector_index *x, struct arena *a, const float *q, size_t k)
{
	struct vector_hit *hits = ARENA_ARRAY(a, struct vector_hit, k);
	size_t n = vector_index_rows(x), dim = vector_index_dim(x), rows = k < n ? k : n;

	assert_int_equal(vector_index_search(x, a, q, k, hits), rows);
	for (size_t i = 0; i < rows; i++) {
		size_t better = 0;

		for (uint32_t r = 0; r < n; r++) {
			float c = vector_dot(q, vector_index_row(x, r), dim);

			better += c > hits[i].cosine || (!(c < hits[i].cosine) && r < hits[i].row);
		}
		assert_int_equal(better, i);
	}
}

static void a_search_finds_exactly_the_nearest_whatever_the_length_and_number(void **state)
{
	static const size_t dims[] = {1, 3, 16, 31, 32, 33, 100, 256};
	static const size_t counts[] = {1, 2, 50, 700};
	uint64_t random = 7;
	float v[256];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t d = 0; d < sizeof dims / sizeof *dims; d++)
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
			struct vector_index *x = vector_index_new(dims[d]);

			for (size_t i = 0; i < counts[c]; i++) {
				make_vector(&random, v, dims[d]);
				vector_index_add(x, v);
				if (i % 7 == 0) /* ties */
					vector_index_add(x, v);
			}
			vector_index_seal(x);
			for (int q = 0; q < 3; q++) {
				make_vector(&random, v, dims[d]);
				check_search(x, &a, v, 10);
				check_search(x, &a, vector_index_row(x, 0), 1000);
			}
			vector_index_free(x);
		}
	arena_done(&a);
}

static void an_empty_index_finds_nothing(void **state)
{
	struct vector_index *x = vector_index_new(4);
	const float q[] = {1, 0, 0, 0};
	struct vector_hit hit;
	struct arena a;

	(void)state;
	arena_init(&a);
	vector_index_seal(x);
	assert_int_equal(vector_index_search(x, &a, q, 1, &hit), 0);
	vector_index_free(x);
	vector_index_free(NULL);
	arena_done(&a);
}

/* ---- in the database ---- */

static void put(struct store *s, const char *course, const char *name, const char *text)
{
	struct arena a;
	struct vector v;
	struct err err;

	arena_init(&a);
	assert_ok(vector_read(&a, str_of(text), &v, &err), err);
	assert_ok(vector_check(s, str_of(name), v.dim, &err), err);
	assert_ok(vector_put(s, str_of(course), str_of(name), &v, &err), err);
	arena_done(&a);
}

static int count_names(void *arg, const struct vector_name *n)
{
	struct vector_name *last = arg;

	*last = *n;
	last->name = STR_NONE;
	return 0;
}

static void a_name_has_one_length_and_a_weight_and_can_be_dropped(void **state)
{
	struct store *s = kb_memory();
	struct vector_name last = {0};
	struct err err;

	(void)state;
	put(s, "a", "image", "1 0 0");
	put(s, "b", "image", "0 1 0");
	put(s, "b", "image", "0 0 1");
	assert_int_equal(vector_check(s, STR("image"), 2, &err), ERR_INVALID);
	assert_says(err, "vectors 'image' have 3 numbers, this one has 2");
	assert_int_equal(vector_check(s, STR("im age"), 3, &err), ERR_INVALID);
	assert_ok(vector_each_name(s, count_names, &last, &err), err);
	assert_int_equal(last.courses, 2);
	assert_int_equal(last.dim, 3);
	assert_true(last.weight > .49 && last.weight < .51);
	assert_ok(vector_weigh(s, STR("image"), 2, &err), err);
	assert_int_equal(vector_weigh(s, STR("image"), -1, &err), ERR_INVALID);
	assert_int_equal(vector_weigh(s, STR("sound"), 1, &err), ERR_NOT_FOUND);
	assert_ok(vector_each_name(s, count_names, &last, &err), err);
	assert_true(last.weight > 1.9);
	assert_int_equal(vector_drop(s, STR("sound"), &err), ERR_NOT_FOUND);
	assert_ok(vector_drop(s, STR("image"), &err), err);
	assert_ok(vector_check(s, STR("image"), 2, &err), err);
	for (int i = 0; i < VECTOR_NAMES_MAX; i++) {
		char name[8];

		snprintf(name, sizeof name, "n%c", (char)('0' + i));
		put(s, "a", name, "1 2");
	}
	assert_int_equal(vector_check(s, STR("one-more"), 2, &err), ERR_INVALID);
	assert_says(err, "8 names already");
	store_close(s);
}

static int64_t course_changes(struct store *s)
{
	struct changes changes;
	struct err err;

	assert_ok(store_changes_read(s, &changes, &err), err);
	return changes.of[CHANGE_COURSES];
}

static void to_weigh_or_drop_is_a_change_that_others_see_and_to_fail_is_none(void **state)
{
	struct store *s = kb_memory();
	int64_t before;
	struct err err;

	(void)state;
	put(s, "a", "image", "1 0 0");
	before = course_changes(s);
	assert_ok(vector_weigh(s, STR("image"), 2, &err), err);
	assert_int_equal(course_changes(s), before + 1);
	assert_int_equal(vector_weigh(s, STR("sound"), 2, &err), ERR_NOT_FOUND);
	assert_int_equal(vector_drop(s, STR("sound"), &err), ERR_NOT_FOUND);
	assert_int_equal(course_changes(s), before + 1);
	assert_ok(vector_drop(s, STR("image"), &err), err);
	assert_int_equal(course_changes(s), before + 2);
	store_close(s);
}

static void likeness_is_what_lies_above_the_mean_and_names_are_weighed(void **state)
{
	struct store *s = kb_memory();
	const struct catalogue *courses;
	const struct vector_seed seed = {0, 1};
	float sums[4] = {0}, weights[4] = {0}, sum = 0, weight = 0;
	struct vectors *v = NULL;
	struct arena a;
	struct err err;

	(void)state;
	arena_init(&a);
	for (int i = 0; i < 4; i++) {
		const char id[] = {(char)('a' + i), 0};
		struct course c = kb_course(id, id);

		assert_ok(course_put(s, &c, &err), err);
	}
	assert_ok(catalogue_read(s, &a, &courses, &err), err);
	assert_ok(vectors_read(s, courses, &v, &err), err);
	assert_null(v);
	vectors_like(NULL, &a, &seed, 1, sums, weights);
	put(s, "a", "image", "10 1");
	put(s, "b", "image", "10 2");
	put(s, "c", "image", "-10 1");
	put(s, "a", "text", "1 0 0");
	put(s, "d", "text", "0 1 0");
	put(s, "gone", "text", "0 1 0");
	assert_ok(vector_weigh(s, STR("image"), 1, &err), err);
	assert_ok(vectors_read(s, courses, &v, &err), err);
	vectors_like(v, &a, &seed, 1, sums, weights);
	assert_true(sums[0] > 1.4f && sums[0] < 1.5001f); /* itself: 1 and .5 */
	assert_true(sums[1] > .9f && sums[1] < 1);
	assert_true(sums[2] <= 0 && sums[3] <= 0);
	assert_true(weights[0] > 1.4f && weights[1] > .9f && weights[1] < 1.1f);
	assert_true(weights[2] > .9f && weights[3] < .6f);
	vectors_pair(v, 0, 1, &sum, &weight);
	assert_true(fabsf(sum - sums[1]) < 1e-5f && fabsf(weight - 1) < 1e-5f);
	vectors_free(v);
	vectors_free(NULL);
	store_close(s);
	arena_done(&a);
}

/* ---- imported ---- */

static void import(struct store *s, enum import_kind kind, const char *text,
		   enum rows_format format, struct import_report *report, struct diags *diags)
{
	struct err err;

	assert_ok(import_bytes(s, kind, STR("f"), str_of(text), format, NULL, report, diags, &err),
		  err);
}

static bool has_diag(const struct diags *d, int line, const char *words)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->items[i].mark.line == line &&
		    str_find(d->items[i].text, str_of(words), 0) != SIZE_MAX)
			return true;
	return false;
}

static void courses_bring_their_vectors_and_a_bad_one_costs_its_row(void **state)
{
	struct store *s = kb_memory();
	struct import_report report = {0};
	struct vector_name last = {0};
	struct diags diags;
	struct err err;

	(void)state;
	diags_init(&diags, false);
	import(s, IMPORT_COURSES,
	       "{\"id\":\"a\",\"title\":\"A\",\"vectors\":{\"image\":[1,0.5,-2e-1],\"text\":[1,2]}}"
	       "\n"
	       "{\"id\":\"b\",\"title\":\"B\",\"vectors\":{\"image\":[1,0]}}\n"
	       "{\"id\":\"c\",\"title\":\"C\",\"vectors\":{\"image\":[]}}\n"
	       "{\"id\":\"d\",\"title\":\"D\",\"vectors\":{\"im age\":[1]}}\n"
	       "{\"id\":\"e\",\"title\":\"E\",\"vectors\":{\"image\":[1,[2]]}}\n",
	       ROWS_JSONL, &report, &diags);
	assert_int_equal(report.saved, 2);
	assert_true(has_diag(&diags, 2, "have 3 numbers, this one has 2"));
	assert_true(has_diag(&diags, 4, "name of a vector, 'im age'"));
	assert_true(has_diag(&diags, 5, "a list in a list"));
	import(s, IMPORT_COURSES, "id,title,vectors.image\nf,F,1 2 3\ng,G,\n", ROWS_CSV, &report,
	       &diags);
	assert_int_equal(report.bad, 0);
	import(s, IMPORT_VECTORS, "id,name,vector\nz,image,\"[4,5,6]\"\n,image,1 2 3\nz,image,\n",
	       ROWS_CSV, &report, &diags);
	assert_int_equal(report.bad, 2);
	assert_true(has_diag(&diags, 3, "id is empty"));
	assert_true(has_diag(&diags, 4, "vector is empty"));
	assert_ok(vector_each_name(s, count_names, &last, &err), err);
	assert_int_equal(last.courses, 1); /* text */
	assert_ok(vector_drop(s, STR("text"), &err), err);
	assert_ok(vector_each_name(s, count_names, &last, &err), err);
	assert_int_equal(last.courses, 3); /* image of a, f, z */
	diags_done(&diags);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_read_in_several_spellings_and_scaled_to_one),
		cmocka_unit_test(what_is_no_vector_is_said),
		cmocka_unit_test(names_are_plain_words),
		cmocka_unit_test(a_search_finds_exactly_the_nearest_whatever_the_length_and_number),
		cmocka_unit_test(an_empty_index_finds_nothing),
		cmocka_unit_test(a_name_has_one_length_and_a_weight_and_can_be_dropped),
		cmocka_unit_test(to_weigh_or_drop_is_a_change_that_others_see_and_to_fail_is_none),
		cmocka_unit_test(likeness_is_what_lies_above_the_mean_and_names_are_weighed),
		cmocka_unit_test(courses_bring_their_vectors_and_a_bad_one_costs_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "unit/kb/kb.h"

#include <math.h>
#include <stdlib.h>

#include "kb/alike.h"

enum { DOCS = 400, EACH = 3, COMMON = 1 };

/* Every doc has the term COMMON, one that its ten neighbours have, too, and one of its own. */
struct texts {
	struct term terms[DOCS][EACH];
	struct bag bags[DOCS];
	struct bm25 *index;
	struct alike *alike;
	struct scratch_pool *pool;
	struct scratch *scratch;
};

static void open_texts(struct texts *t)
{
	for (uint64_t i = 0; i < DOCS; i++) {
		const uint64_t keys[EACH] = {COMMON, 1000 + i / 10, 5000 + i};

		for (int k = 0; k < EACH; k++)
			t->terms[i][k] = (struct term){keys[k], 1, BAG_WORDS};
		t->bags[i] = (struct bag){t->terms[i], EACH, EACH};
	}
	t->index = bm25_new(t->bags, DOCS);
	t->alike = alike_new(t->index, t->bags);
	t->pool = scratch_pool_new(DOCS);
	t->scratch = scratch_take(t->pool);
}

static void close_texts(struct texts *t)
{
	scratch_give(t->pool, t->scratch);
	scratch_pool_free(t->pool);
	alike_free(t->alike);
	bm25_free(t->index);
}

static void read_list(const struct sparse *s, float v[DOCS])
{
	memset(v, 0, DOCS * sizeof *v);
	for (size_t i = 0; i < s->n; i++) {
		v[s->list[i].item] = s->list[i].x;
		assert_true(s->v[s->list[i].item] == 0);
	}
}

static void a_text_is_wholly_like_itself_and_partly_like_its_neighbours(void **state)
{
	struct texts *t = calloc(1, sizeof *t);
	float like[DOCS];

	(void)state;
	open_texts(t);
	alike_reach(t->alike, 42, &t->scratch->near);
	read_list(&t->scratch->near, like);
	assert_true(fabsf(like[42] - 1) < 1e-6f);
	for (uint32_t i = 40; i < 50; i++)
		assert_true(i == 42 || (like[i] > .1f && like[i] < .9f));
	close_texts(t);
	free(t);
}

static void a_word_that_all_have_makes_nothing_alike(void **state)
{
	struct texts *t = calloc(1, sizeof *t);

	(void)state;
	open_texts(t);
	alike_reach(t->alike, 42, &t->scratch->near);
	assert_int_equal(t->scratch->near.n, 10);
	assert_true(alike_pair(t->alike, 42, 350) == 0);
	close_texts(t);
	free(t);
}

static void one_pair_is_as_alike_as_among_all(void **state)
{
	struct texts *t = calloc(1, sizeof *t);
	float like[DOCS];

	(void)state;
	open_texts(t);
	alike_reach(t->alike, 7, &t->scratch->near);
	read_list(&t->scratch->near, like);
	for (uint32_t i = 0; i < DOCS; i++)
		assert_true(fabsf(alike_pair(t->alike, 7, i) - like[i]) < 1e-6f);
	close_texts(t);
	free(t);
}

static void likeness_to_several_adds_up_by_their_weights(void **state)
{
	struct texts *t = calloc(1, sizeof *t);
	struct sparse *sum, *work;
	float most;

	(void)state;
	open_texts(t);
	sum = &t->scratch->alike;
	work = &t->scratch->near;
	most = alike_add(t->alike, 7, .5f, work, sum);
	assert_true(most == sum->v[7] && fabsf(most - .5f) < 1e-6f);
	most = alike_add(t->alike, 8, 1, work, sum);
	assert_true(most == sum->v[8]);
	assert_int_equal(sum->n, 10);
	for (uint32_t i = 0; i < DOCS; i++) {
		float want = .5f * alike_pair(t->alike, 7, i) + alike_pair(t->alike, 8, i);

		assert_true(fabsf(sum->v[i] - want) < 1e-6f);
		assert_true(work->v[i] == 0);
	}
	assert_int_equal(work->n, 0);
	close_texts(t);
	free(t);
}

static void a_text_without_words_is_like_nothing(void **state)
{
	struct term word = {COMMON, 1, BAG_WORDS};
	const struct bag bags[] = {{NULL, 0, 0}, {&word, 1, 1}};
	struct bm25 *index = bm25_new(bags, 2);
	struct alike *a = alike_new(index, bags);
	struct scratch_pool *pool = scratch_pool_new(2);
	struct scratch *s = scratch_take(pool);

	(void)state;
	alike_reach(a, 0, &s->near);
	assert_int_equal(s->near.n, 0);
	assert_true(alike_add(a, 0, 1, &s->near, &s->alike) == 0);
	assert_int_equal(s->alike.n, 0);
	assert_true(alike_pair(a, 0, 1) == 0 && alike_pair(a, 1, 0) == 0);
	assert_true(alike_pair(a, 1, 1) == 1); /* the only word is kept, however common */
	scratch_give(pool, s);
	scratch_pool_free(pool);
	alike_free(a);
	alike_free(NULL);
	bm25_free(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_wholly_like_itself_and_partly_like_its_neighbours),
		cmocka_unit_test(a_word_that_all_have_makes_nothing_alike),
		cmocka_unit_test(one_pair_is_as_alike_as_among_all),
		cmocka_unit_test(likeness_to_several_adds_up_by_their_weights),
		cmocka_unit_test(a_text_without_words_is_like_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

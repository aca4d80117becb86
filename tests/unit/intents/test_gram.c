#include "unit/unit.h"

#include "intents/common.h"
#include "intents/gram.h"
#include "text/lexicon.h"

static struct arena arena;
static const struct lexicon *lexicon;
static const struct common *common;

static int open_all(void **state)
{
	static const struct str members[] = {STR_INIT("退钱"), STR_INIT("refund"),
					     STR_INIT("money back")};
	static const struct synonym words[] = {{STR_INIT("退款"), members, 3}};

	(void)state;
	arena_init(&arena);
	lexicon = lexicon_new(&arena, words, 1, NULL, 0);
	common = common_new(&arena);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct grams read(const char *text, const struct gram_entity *entities, size_t n)
{
	struct utterance u;
	struct grams g;

	utterance_read(&arena, lexicon, str_of(text), &u);
	grams_read(&arena, common, &u, entities, n, &g);
	return g;
}

static size_t count_kind(const struct grams *g, enum gram_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->v[i].kind == kind;
	return n;
}

static const struct gram *find(const struct grams *g, uint64_t hash)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->v[i].hash == hash)
			return &g->v[i];
	}
	return NULL;
}

static void a_gram_that_comes_again_is_counted(void **state)
{
	struct grams once = read("video", NULL, 0), thrice = read("video video video", NULL, 0);

	(void)state;
	/* video; ^ video, video $; ^vi vid ide deo eo$ ^vid vide ideo deo$ */
	assert_int_equal(count_kind(&once, GRAM_WORD), 1);
	assert_int_equal(count_kind(&once, GRAM_PAIR), 2);
	assert_int_equal(count_kind(&once, GRAM_LETTERS), 9);
	assert_int_equal(once.n, 12);
	assert_int_equal(find(&thrice, once.v[0].hash)->count, 3);
	/* and video+video as a pair, ^+video and video+video with one between */
	assert_int_equal(thrice.n, 15);
}

static void synonyms_are_read_as_their_head(void **state)
{
	struct grams head = read("退款", NULL, 0);
	static const char *const members[] = {"退钱", "refund", "money back"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct grams g = read(members[i], NULL, 0);

		assert_int_equal(count_kind(&g, GRAM_LETTERS), 0);
		for (size_t k = 0; k < head.n; k++) {
			if (head.v[k].kind != GRAM_PAIR && head.v[k].kind != GRAM_CHARS)
				assert_non_null(find(&g, head.v[k].hash));
		}
	}
}

static void an_entity_stands_for_its_words(void **state)
{
	struct gram_entity course = {STR("course"), 9, 15};
	struct grams plain = read("我要退python课", NULL, 0);
	struct grams named = read("我要退python课", &course, 1);

	(void)state;
	assert_null(find(&plain, gram_entity_hash(STR("course"))));
	assert_non_null(find(&named, gram_entity_hash(STR("course"))));
	assert_true(count_kind(&plain, GRAM_LETTERS) > 0);
	assert_int_equal(count_kind(&named, GRAM_LETTERS), 0);
	assert_int_equal(count_kind(&named, GRAM_CHAR), 4); /* 我 要 退 课 */
}

static void function_words_are_common_and_topics_are_not(void **state)
{
	struct grams g = read("我要视频", NULL, 0);

	(void)state;
	assert_true(common_share(common, STR("我")) > 0.1F);
	assert_true(common_share(common, STR("how")) > 0);
	assert_true(common_share(common, STR("视频")) <= 0);
	for (size_t i = 0; i < g.n; i++)
		assert_true(g.v[i].common >= 0 && g.v[i].common < 0.5F);
}

static void grams_are_bounded(void **state)
{
	struct str text = STR("");
	struct grams g;

	(void)state;
	for (int i = 0; i < 1500; i++)
		text = arena_printf(&arena, "%.*s词%d word%d", STR_ARG(text), i, i);
	g = read(text.p, NULL, 0);
	assert_int_equal(g.n, GRAMS_MAX);
	g = read("", NULL, 0);
	assert_int_equal(g.n, 1); /* the edges meet */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gram_that_comes_again_is_counted),
		cmocka_unit_test(synonyms_are_read_as_their_head),
		cmocka_unit_test(an_entity_stands_for_its_words),
		cmocka_unit_test(function_words_are_common_and_topics_are_not),
		cmocka_unit_test(grams_are_bounded),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}

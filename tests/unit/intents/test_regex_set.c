#include "unit/unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "intents/match.h"
#include "intents/regex_set.h"
#include "text/lexicon.h"
#include "text/mem.h"

static struct diags diags;
static struct arena arena;
static const struct mark mark = {STR_INIT("t.yaml"), 3, 1};

static int open_all(void **state)
{
	(void)state;
	diags_init(&diags, false);
	arena_init(&arena);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	diags_done(&diags);
	arena_done(&arena);
	return 0;
}

static struct regex *take(struct regex_set *s, const char *pattern)
{
	return regex_set_take(s, str_of(pattern), mark, &diags);
}

static bool hits(const struct regex *r, const char *text)
{
	size_t begin, end;

	return regex_find(r, regex_run_new(&arena), str_of(text), 0, &begin, &end) == REGEX_HIT;
}

static void a_pattern_is_compiled_once_however_often_it_is_written(void **state)
{
	struct regex_set *s = regex_set_new(NULL);
	struct regex *r = take(s, "退.*款");

	(void)state;
	assert_ptr_equal(take(s, "退.*款"), r);
	assert_ptr_equal(take(s, "退.*欵"), take(s, "退.*欵"));
	assert_ptr_not_equal(take(s, "退.+款"), r);
	assert_ptr_equal(take(s, "PYTHON"), take(s, "ｐython")); /* they are normalised alike */
	regex_set_ready(s);
	assert_int_equal(regex_set_reused(s), 0);
	regex_set_free(s);
}

static void spellings_of_one_pattern_meet_whichever_was_written_before(void **state)
{
	static const char *const spellings[] = {"python.*退費", "ｐython.*退费", "python.*退费"};

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		const char *first = spellings[i / 3], *second = spellings[i % 3];
		struct regex_set *old = regex_set_new(NULL), *new;
		struct regex *r = take(old, first);

		regex_set_ready(old);
		new = regex_set_new(old);
		assert_ptr_equal(take(new, second), r);
		assert_ptr_equal(take(new, first), r);
		assert_int_equal(regex_set_count(new), 1);
		assert_int_equal(regex_set_reused(new), 1);
		regex_set_ready(new);
		regex_set_free(old);
		assert_true(hits(r, "python要退费"));
		regex_set_free(new);
	}
}

static void a_wrong_pattern_is_explained_each_time_and_never_kept(void **state)
{
	struct regex_set *s = regex_set_new(NULL);

	(void)state;
	assert_null(take(s, "退("));
	assert_null(take(s, "退("));
	assert_int_equal(diags.errors, 2);
	assert_int_equal(regex_set_count(s), 0);
	regex_set_free(s);
}

static void a_set_takes_over_what_the_one_before_had_and_outlives_it(void **state)
{
	struct regex_set *old = regex_set_new(NULL), *new;
	struct regex *kept = take(old, "(?<days>\\d+)天"), *edited = take(old, "怎么.*退");

	(void)state;
	assert_true(hits(kept, "3天") && hits(edited, "怎么退"));
	regex_set_ready(old);
	new = regex_set_new(old);
	assert_ptr_equal(take(new, "(?<days>\\d+)天"), kept);
	assert_non_null(take(new, "如何.*退"));
	regex_set_ready(new);
	assert_int_equal(regex_set_count(new), 2);
	assert_int_equal(regex_set_reused(new), 1);
	regex_set_free(old);
	assert_true(hits(kept, "12天"));
	assert_int_equal(regex_n_names(kept), 1);
	regex_set_free(new);
}

static void runs_that_gave_up_are_counted_across_reloads(void **state)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
	struct regex_set *old = regex_set_new(NULL), *new;
	struct regex *r = take(old, "^(a+)+$");

	(void)state;
	assert_false(hits(r, text));
	assert_int_equal(regex_limited(r, mark).times, 1);
	new = regex_set_new(old);
	r = take(new, "^(a+)+$");
	regex_set_free(old);
	assert_false(hits(r, text));
	assert_int_equal(regex_limited(r, mark).times, 2);
	assert_int_equal(regex_limited(r, mark).mark.line, 3);
	regex_set_free(new);
}

/* ---- reloads under load ---- */

enum { PATTERNS = 40, READERS = 3, RELOADS = 25, TURNS = 40 };

struct version {
	struct arena arena;
	struct ruleset rs;
	struct intent intents[PATTERNS];
	struct block blocks[PATTERNS];
	struct example patterns[PATTERNS];
	const struct lexicon *lexicon;
	struct matcher *matcher;
	struct diags diags;
};

/* Rule `edited` differs from that of every other version. */
static struct version *version_new(const struct version *before, int number)
{
	struct version *v = mem_zalloc(sizeof *v);

	arena_init(&v->arena);
	diags_init(&v->diags, false);
	for (uint32_t i = 0; i < PATTERNS; i++) {
		bool edited = (int)i == number % PATTERNS;

		v->patterns[i].text =
			arena_printf(&v->arena, "退.*第%u%s", i, edited ? "(?:门|号)课" : "门");
		v->blocks[i] =
			(struct block){.kind = BLOCK_REGEX, .phrases = &v->patterns[i], .n = 1};
		v->intents[i] = (struct intent){.name = STR("r"),
						.blocks = &v->blocks[i],
						.n_blocks = 1,
						.only = {.logged_in = -1},
						.index = i};
	}
	v->rs.settings = (struct rule_settings){.answer_at = .75, .ask_at = .45, .margin = .08};
	v->rs.intents = v->intents;
	v->rs.n_intents = PATTERNS;
	v->lexicon = lexicon_new(&v->arena, NULL, 0, NULL, 0);
	v->matcher = matcher_new(&v->rs, v->lexicon, before ? before->matcher : NULL, &v->diags);
	return v;
}

static void version_free(struct version *v)
{
	matcher_free(v->matcher);
	diags_done(&v->diags);
	arena_done(&v->arena);
	free(v);
}

static bool version_hits(const struct version *v, struct arena *a, unsigned rule)
{
	const struct match_state state = {.lang = STR("zh")};
	struct utterance u;
	struct matches m;

	arena_reset(a);
	utterance_read(a, v->lexicon, arena_printf(a, "想退掉第%u门课", rule), &u);
	intent_match(v->matcher, a, &u, &state, false, &m);
	for (size_t i = 0; i < m.n; i++) {
		if (m.v[i].intent->index == rule)
			return true;
	}
	return false;
}

/* One thread's turns with a version that it is the last to hold: it frees it. */
static void *match_and_free(void *arg)
{
	struct version *v = arg;
	struct arena mine;
	long missed = 0;

	arena_init(&mine);
	for (unsigned i = 0; i < TURNS; i++)
		missed += !version_hits(v, &mine, i % PATTERNS);
	arena_done(&mine);
	version_free(v);
	return (void *)missed;
}

static void turns_go_on_with_old_rules_while_new_ones_share_their_patterns(void **state)
{
	struct version *now = version_new(NULL, 0);
	pthread_t readers[READERS];
	bool busy[READERS] = {false};
	void *missed;

	(void)state;
	for (int i = 1; i <= RELOADS; i++) {
		struct version *next = version_new(now, i);
		int slot = i % READERS;

		if (busy[slot]) {
			pthread_join(readers[slot], &missed);
			assert_int_equal((long)missed, 0);
		}
		assert_int_equal(pthread_create(&readers[slot], NULL, match_and_free, now), 0);
		busy[slot] = true;
		assert_true(version_hits(next, &arena, (unsigned)i % PATTERNS));
		now = next;
	}
	for (int i = 0; i < READERS; i++) {
		pthread_join(readers[i], &missed);
		assert_int_equal((long)missed, 0);
	}
	version_free(now);
}

int main(void)
{
#define SET_TEST(f) cmocka_unit_test_setup_teardown(f, open_all, close_all)
	const struct CMUnitTest tests[] = {
		SET_TEST(a_pattern_is_compiled_once_however_often_it_is_written),
		SET_TEST(spellings_of_one_pattern_meet_whichever_was_written_before),
		SET_TEST(a_wrong_pattern_is_explained_each_time_and_never_kept),
		SET_TEST(a_set_takes_over_what_the_one_before_had_and_outlives_it),
		SET_TEST(runs_that_gave_up_are_counted_across_reloads),
		SET_TEST(turns_go_on_with_old_rules_while_new_ones_share_their_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

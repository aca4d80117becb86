#include "unit/intents/rules.h"
#include "unit/unit.h"
#include "unit/vectors_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "intents/meaning.h"

/* Dimension 0: money back; 1: pictures that move; 2: papers; 3: what all say. */
static const struct vectors_file_word words[] = {
	{"refund", {100, 0, 0, 0}, 1},	   {"退款", {100, 10, 0, 0}, 1},
	{"video", {0, 100, 0, 0}, 1},	   {"视频", {10, 100, 0, 0}, 1},
	{"movie", {0, 90, 5, 0}, 1},	   {"certificate", {0, 0, 100, 0}, 1},
	{"证书", {0, 10, 100, 0}, 1},	   {"please", {0, 0, 0, 50}, 0.1F},
	{"course", {40, 40, 40, 0}, 0.5F}, {"weather", {-50, -50, -50, 80}, 1},
};

#define INTENTS                                                                                    \
	"intents:\n"                                                                               \
	"  refund: {when: {phrases: [refund please, please refund <course>]}, answer: x}\n"        \
	"  video: {when: {phrases: [video, please the video]}, answer: x}\n"                       \
	"  certificate: {when: {phrases: [certificate]}, answer: x}\n"                             \
	"entities: {course: [math]}\n"

struct folder {
	char path[32];
	struct arena arena;
};

static void write_file(struct folder *f, const char *name, const void *bytes, size_t n)
{
	FILE *out = fopen(arena_printf(&f->arena, "%s/%s", f->path, name).p, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(out);
}

static int open_folder(void **state)
{
	static struct folder f;
	struct buf file = vectors_file(words, sizeof words / sizeof *words);

	f = (struct folder){.path = "/tmp/test_meaning_XXXXXX"};
	arena_init(&f.arena);
	assert_non_null(mkdtemp(f.path));
	write_file(&f, "words.kv", file.p, file.n);
	file.p[70] ^= 1;
	write_file(&f, "damaged.kv", file.p, file.n);
	buf_done(&file);
	*state = &f;
	return 0;
}

static int close_folder(void **state)
{
	struct folder *f = *state;

	unlink(arena_printf(&f->arena, "%s/words.kv", f->path).p);
	unlink(arena_printf(&f->arena, "%s/damaged.kv", f->path).p);
	unlink(arena_printf(&f->arena, "%s/t.yaml", f->path).p);
	rmdir(f->path);
	arena_done(&f->arena);
	return 0;
}

/* Rules with word vectors; `more` is more YAML. */
static void open_rules(struct folder *f, struct rules *r, const char *more)
{
	rules_open(r, arena_printf(&f->arena, "settings: {vectors: %s/words.kv}\n" INTENTS "%s",
				   f->path, more)
			      .p);
	assert_int_equal(r->diags.errors, 0);
}

static double score_of(struct rules *r, const char *message, const char *intent)
{
	struct matches m = rules_match(r, message);

	for (size_t i = 0; i < m.n; i++) {
		if (str_eq(m.v[i].intent->name, str_of(intent)))
			return m.v[i].score;
	}
	return 0;
}

static void a_chinese_message_meets_an_english_example(void **state)
{
	struct rules with, without;

	open_rules(*state, &with, "");
	rules_open(&without, INTENTS);
	assert_true(score_of(&with, "我要退款", "refund") > 0.9);
	assert_true(score_of(&with, "视频", "video") > 0.9);
	assert_true(score_of(&with, "证书", "certificate") > 0.9);
	assert_true(score_of(&without, "我要退款", "refund") < 0.05);
	rules_close(&with);
	rules_close(&without);
}

static void other_words_of_the_same_meaning_score(void **state)
{
	struct rules with, without;

	open_rules(*state, &with, "");
	rules_open(&without, INTENTS);
	assert_true(score_of(&with, "a movie", "video") > 0.75);
	assert_true(score_of(&without, "a movie", "video") < 0.45);
	rules_close(&with);
	rules_close(&without);
}

static void what_no_intent_means_scores_low(void **state)
{
	struct rules r;

	open_rules(*state, &r, "");
	assert_true(score_of(&r, "weather", "refund") < 0.2);
	assert_true(score_of(&r, "weather", "video") < 0.2);
	assert_true(score_of(&r, "zzz", "video") < 0.05);
	rules_close(&r);
}

static void an_faq_entry_that_means_it_rivals_the_intent_and_is_not_listed(void **state)
{
	struct rules with, without;

	open_rules(*state, &without, "");
	open_rules(*state, &with, "faq: [{id: rules, q: 退款, a: x}]\n");
	assert_true(score_of(&without, "退款", "refund") > 0.95);
	assert_true(score_of(&with, "退款", "refund") < 0.75);
	assert_true(rules_match(&with, "退款").n <= with.rs->n_intents);
	rules_close(&with);
	rules_close(&without);
}

static void the_nearest_example_is_the_reason(void **state)
{
	struct rules r;
	struct matches m;

	open_rules(*state, &r, "");
	m = rules_match(&r, "退款");
	assert_int_equal(m.v[0].source, MATCH_PHRASE);
	assert_true(m.v[0].n_reasons >= 1);
	assert_str(m.v[0].reasons[0].what, "phrases");
	assert_true(m.v[0].reasons[0].mark.line == 3);
	assert_true(str_find(m.v[0].reasons[0].detail, STR("refund"), 0) != SIZE_MAX);
	rules_close(&r);
}

/* ---- the list of scores ---- */

struct listed {
	struct arena arena;
	struct vectors *vectors;
	struct buf file;
	const struct lexicon *lexicon;
	struct phrase phrases[PHRASE_SCORES_MAX + 2];
	struct phrase_score given[PHRASE_SCORES_MAX];
	struct phrase_scores scores;
};

/* Intent 0 means a refund; the others have scores from 0.9 down. */
static void list_scores(struct listed *l, size_t n)
{
	memset(l, 0, sizeof *l);
	arena_init(&l->arena);
	l->file = vectors_file(words, sizeof words / sizeof *words);
	assert_int_equal(vectors_of(buf_view(&l->file), &l->vectors, NULL), 0);
	l->lexicon = lexicon_new(&l->arena, NULL, 0, NULL, 0);
	l->phrases[0] = (struct phrase){STR("refund"), 0, {STR("t"), 1, 1}, false};
	for (uint32_t i = 1; i <= PHRASE_SCORES_MAX; i++)
		l->phrases[i] = (struct phrase){STR("certificate"), i, {STR("t"), 1, 1}, false};
	for (uint32_t i = 0; i < n; i++)
		l->given[i] = (struct phrase_score){i + 1, 0.9 - 0.03 * i, &l->phrases[i + 1],
						    STR("certificate")};
	l->scores = (struct phrase_scores){l->given, n};
}

static void raise_scores(struct listed *l, const char *message)
{
	const struct meaning *m = meaning_new(&l->arena, l->vectors, l->lexicon, l->phrases,
					      PHRASE_SCORES_MAX + 1, PHRASE_SCORES_MAX + 1);
	struct utterance u;

	utterance_read(&l->arena, l->lexicon, str_of(message), &u);
	meaning_raise(m, &l->arena, &u, &l->scores);
}

static void free_listed(struct listed *l)
{
	vectors_close(l->vectors);
	buf_done(&l->file);
	arena_done(&l->arena);
}

static void a_full_list_takes_what_is_higher_and_stays_in_order(void **state)
{
	struct listed l;

	(void)state;
	list_scores(&l, PHRASE_SCORES_MAX);
	raise_scores(&l, "退款");
	assert_int_equal(l.scores.n, PHRASE_SCORES_MAX);
	assert_int_equal(l.scores.v[0].intent, 0);
	assert_int_equal(l.scores.v[1].intent, 1);
	for (size_t i = 1; i < l.scores.n; i++)
		assert_true(l.scores.v[i].score <= l.scores.v[i - 1].score);
	free_listed(&l);
}

static void a_score_is_never_lowered(void **state)
{
	struct listed l;

	(void)state;
	list_scores(&l, 2);
	l.given[0].intent = 0;
	l.given[0].score = 1;
	raise_scores(&l, "weather");
	assert_int_equal(l.scores.v[0].intent, 0);
	assert_true(l.scores.v[0].score == 1);
	assert_true(l.scores.v[1].score >= 0.87);
	free_listed(&l);
}

static void a_message_of_unknown_words_changes_nothing(void **state)
{
	struct listed l;

	(void)state;
	list_scores(&l, 3);
	raise_scores(&l, "zzz");
	assert_ptr_equal(l.scores.v, l.given);
	assert_int_equal(l.scores.n, 3);
	free_listed(&l);
}

/* ---- the setting ---- */

static struct str first_error(struct rules *r)
{
	assert_int_equal(r->diags.errors, 1);
	assert_str(r->diags.items[0].code, "bad-vectors");
	assert_int_equal(r->diags.items[0].mark.line, 1);
	assert_int_equal(r->diags.items[0].mark.col, 21);
	return r->diags.items[0].text;
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part), 0) != SIZE_MAX;
}

static void a_missing_file_is_an_error_with_its_place_and_the_way_out(void **state)
{
	struct rules r;
	struct str said;

	(void)state;
	rules_open(&r, "settings: {vectors: /nonexistent/w.kv}\n" INTENTS);
	said = first_error(&r);
	assert_true(holds(said, "'/nonexistent/w.kv': No such file"));
	assert_true(holds(said, "./dev vectors"));
	rules_close(&r);
}

static void a_damaged_file_is_an_error(void **state)
{
	struct folder *f = *state;
	struct rules r;

	rules_open(
		&r,
		arena_printf(&f->arena, "settings: {vectors: %s/damaged.kv}\n" INTENTS, f->path).p);
	assert_true(holds(first_error(&r), "damaged"));
	rules_close(&r);
}

static void a_value_that_is_no_name_is_an_error(void **state)
{
	struct rules r;

	(void)state;
	rules_open(&r, "settings: {vectors: [a, b]}\n" INTENTS);
	assert_int_equal(r.diags.errors, 1);
	assert_true(holds(r.diags.items[0].text, "the name of a file"));
	rules_close(&r);
}

static void the_path_is_relative_to_the_rules_file_and_watched(void **state)
{
	struct folder *f = *state;
	struct arena a;
	struct diags diags;
	struct ruleset *rs;
	const char *yaml = "settings: {vectors: words.kv}\n" INTENTS;
	struct str path = arena_printf(&f->arena, "%s/t.yaml", f->path);

	write_file(f, "t.yaml", yaml, strlen(yaml));
	arena_init(&a);
	diags_init(&diags, false);
	rs = load_file(&a, path.p, NULL, 0, &diags);
	assert_int_equal(diags.errors, 0);
	assert_str(rs->settings.vectors, arena_printf(&a, "%s/words.kv", f->path).p);
	assert_int_equal(rs->files.n, 2);
	assert_str(rs->files.v[1], rs->settings.vectors.p);
	diags_done(&diags);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chinese_message_meets_an_english_example),
		cmocka_unit_test(other_words_of_the_same_meaning_score),
		cmocka_unit_test(what_no_intent_means_scores_low),
		cmocka_unit_test(an_faq_entry_that_means_it_rivals_the_intent_and_is_not_listed),
		cmocka_unit_test(the_nearest_example_is_the_reason),
		cmocka_unit_test(a_full_list_takes_what_is_higher_and_stays_in_order),
		cmocka_unit_test(a_score_is_never_lowered),
		cmocka_unit_test(a_message_of_unknown_words_changes_nothing),
		cmocka_unit_test(a_missing_file_is_an_error_with_its_place_and_the_way_out),
		cmocka_unit_test(a_damaged_file_is_an_error),
		cmocka_unit_test(a_value_that_is_no_name_is_an_error),
		cmocka_unit_test(the_path_is_relative_to_the_rules_file_and_watched),
	};

	return cmocka_run_group_tests(tests, open_folder, close_folder);
}

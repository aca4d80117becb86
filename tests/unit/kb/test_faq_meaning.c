#include "unit/kb/kb.h"

#include <math.h>

#include "kb/faq.h"
#include "kb/faq_meaning.h"
#include "text/lexicon.h"

enum { WORDINGS = 8, MANY = 700 };

static const char *const wordings[WORDINGS] = {"cancel my membership",
					       "where is the video",
					       "how do I pay with a credit card",
					       "zzxqy",
					       "when does class begin",
					       "is there homework",
					       "the teacher was rude",
					       "上课时间"};

struct world {
	struct arena arena;
	const struct lexicon *lexicon;
};

static int begin(void **state)
{
	static struct world w;

	arena_init(&w.arena);
	w.lexicon = lexicon_new(&w.arena, NULL, 0, NULL, 0);
	*state = &w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	arena_done(&w->arena);
	return 0;
}

static struct utterance read_text(struct world *w, const char *text)
{
	struct utterance u;

	utterance_read(&w->arena, w->lexicon, str_of(text), &u);
	return u;
}

static struct faq_meaning *make(struct world *w, size_t n)
{
	struct faq_meaning *m = faq_meaning_new(n);

	for (size_t i = 0; i < n; i++) {
		struct utterance u = read_text(w, wordings[i % WORDINGS]);

		faq_meaning_add(m, &u);
	}
	return m;
}

static struct faq_index *make_index(struct world *w)
{
	static struct str questions[WORDINGS];
	static struct faq_doc docs[WORDINGS];

	for (size_t i = 0; i < WORDINGS; i++) {
		questions[i] = str_of(wordings[i]);
		docs[i] = (struct faq_doc){STR("x"), &questions[i], 1, STR_NONE};
	}
	return faq_index_new(w->lexicon, docs, WORDINGS);
}

static void a_text_is_most_like_itself(void **state)
{
	struct world *w = *state;
	struct faq_meaning *m = make(w, WORDINGS);

	for (uint32_t i = 0; i < WORDINGS; i++) {
		struct utterance u = read_text(w, wordings[i]);
		struct scored best;
		struct faq_point p;

		if (!faq_meaning_read(m, &u, &p)) {
			assert_string_equal(wordings[i], "zzxqy");
			continue;
		}
		assert_int_equal(faq_meaning_find(m, &p, &best, 1), 1);
		assert_int_equal(best.doc, i);
		assert_true(fabsf(best.score - 1) < .02f);
		assert_true(faq_meaning_like(m, &p, 3) == 0);
	}
	assert_true(faq_meaning_bytes(m) < 64 * (WORDINGS + 8));
	faq_meaning_free(m);
}

static void the_list_is_that_of_all_products_and_earlier_equals_come_first(void **state)
{
	struct world *w = *state;
	struct faq_meaning *m = make(w, MANY);
	struct utterance u = read_text(w, "the instructor of this course");
	struct scored found[20];
	struct faq_point p;
	size_t n;

	assert_true(faq_meaning_read(m, &u, &p));
	n = faq_meaning_find(m, &p, found, 20);
	assert_int_equal(n, 20);
	for (size_t i = 0; i < n; i++)
		assert_true(found[i].score == faq_meaning_like(m, &p, found[i].doc));
	for (size_t i = 1; i < n; i++)
		assert_true(
			found[i - 1].score > found[i].score ||
			(found[i - 1].score == found[i].score && found[i - 1].doc < found[i].doc));
	for (uint32_t d = 0; d < MANY; d++) {
		size_t at = 0;

		while (at < n && found[at].doc != d)
			at++;
		assert_true(at < n || faq_meaning_like(m, &p, d) <= found[n - 1].score);
	}
	faq_meaning_free(m);
}

static void a_question_is_found_that_shares_no_word_and_never_answered_for_sure(void **state)
{
	static const struct {
		const char *text;
		uint32_t doc;
	} cases[] = {{"quit the club", 0},
		     {"film clip", 1},
		     {"debit account money", 2},
		     {"impolite lecturer", 6}};
	struct world *w = *state;
	struct faq_index *f = make_index(w);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct utterance u = read_text(w, cases[i].text);
		struct faq_hit hits[3];

		assert_true(faq_search(f, &w->arena, &u, hits, 3) >= 1);
		if (hits[0].doc != cases[i].doc)
			fail_msg("%s: %s", cases[i].text, wordings[hits[0].doc]);
		assert_true(hits[0].score > 0 && hits[0].score < .75);
	}
	faq_index_free(f);
}

static void a_question_as_written_stays_first_whatever_others_mean(void **state)
{
	struct world *w = *state;
	struct faq_index *f = make_index(w);

	for (uint32_t i = 0; i < WORDINGS; i++) {
		struct utterance u = read_text(w, wordings[i]);
		struct faq_hit hits[WORDINGS];

		assert_true(faq_search(f, &w->arena, &u, hits, WORDINGS) >= 1);
		assert_int_equal(hits[0].doc, i);
		assert_true(hits[0].score > .99);
	}
	faq_index_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_most_like_itself),
		cmocka_unit_test(the_list_is_that_of_all_products_and_earlier_equals_come_first),
		cmocka_unit_test(
			a_question_is_found_that_shares_no_word_and_never_answered_for_sure),
		cmocka_unit_test(a_question_as_written_stays_first_whatever_others_mean),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

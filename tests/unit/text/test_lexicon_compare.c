/* What lexicon_compare says reads alike does: texts and lexicons at random. */
#include "unit/unit.h"

#include "text/buf.h"
#include "text/lexicon.h"
#include "text/utterance.h"

enum { LEXICONS = 40, TEXTS = 300, TERMS_MAX = 6 };

static const char *const pool[] = {
	"退款", "课",	"课程表",  "怎么开",   "Node.js", "money back", "证书查",
	"会员", "c++",	"studies", "开发",     "发票怎",  "happy",	"python课",
	"我要", "查询", "7天",	   "invoices", "不",	  "学习机",
};
static const char *const fillers[] = {"的", "我要退",  " how to ", "开发票", "程",
				      "?",  " study ", "员卡",	   "。",     "x"};

#define PICK(v) (v)[next_random(sizeof(v) / sizeof *(v))]

static uint32_t next_random(size_t n)
{
	static uint64_t state = 11;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33) % (uint32_t)n;
}

static const struct lexicon *make_lexicon(struct arena *a)
{
	struct str terms[TERMS_MAX], members[2] = {str_of(PICK(pool)), str_of(PICK(pool))};
	const struct synonym words[] = {{STR("退款"), members, 1 + next_random(2)}};
	size_t n = next_random(TERMS_MAX + 1);

	for (size_t i = 0; i < n; i++)
		terms[i] = str_of(PICK(pool));
	return lexicon_new(a, words, next_random(4) == 0, terms, n);
}

static struct str make_text(struct arena *a)
{
	struct str text = STR("");

	for (size_t n = 1 + next_random(5); n > 0; n--)
		text = arena_printf(a, "%.*s%s%s", STR_ARG(text), PICK(pool), PICK(fillers));
	return text;
}

static void assert_same_reading(struct arena *a, const struct lexicon *x, const struct lexicon *y,
				struct str text)
{
	struct utterance u, v;

	utterance_read(a, x, text, &u);
	utterance_read(a, y, text, &v);
	assert_int_equal(u.n, v.n);
	for (size_t i = 0; i < u.n; i++) {
		assert_true(str_eq(u.tokens[i].text, v.tokens[i].text));
		assert_true(str_eq(u.tokens[i].head, v.tokens[i].head));
		assert_true(str_eq(u.tokens[i].stem, v.tokens[i].stem));
		assert_int_equal(u.tokens[i].known, v.tokens[i].known);
		assert_int_equal(u.tokens[i].kind, v.tokens[i].kind);
	}
}

static void texts_without_a_changed_term_are_read_alike(void **state)
{
	size_t alike = 0, other = 0;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int i = 0; i < LEXICONS; i++) {
		const struct lexicon *x = make_lexicon(&a), *y = make_lexicon(&a);
		struct lexicon_change change;

		lexicon_compare(x, y, &change);
		for (int k = 0; k < TEXTS; k++) {
			struct str text = make_text(&a);

			if (lexicon_reads_alike(&change, normal_text(&a, text))) {
				assert_same_reading(&a, x, y, text);
				alike++;
			} else {
				other++;
			}
		}
	}
	assert_true(alike > 500 && other > 500);
	arena_done(&a);
}

static void the_same_terms_change_nothing_and_too_many_change_all(void **state)
{
	struct str terms[LEXICON_CHANGES_MAX + 1];
	struct lexicon_change change;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i <= LEXICON_CHANGES_MAX; i++)
		terms[i] = arena_printf(&a, "word%zu", i);
	lexicon_compare(lexicon_new(&a, NULL, 0, terms, 3), lexicon_new(&a, NULL, 0, terms, 3),
			&change);
	assert_false(change.all);
	assert_int_equal(change.n, 0);
	lexicon_compare(lexicon_new(&a, NULL, 0, NULL, 0),
			lexicon_new(&a, NULL, 0, terms, LEXICON_CHANGES_MAX), &change);
	assert_false(change.all);
	assert_true(lexicon_reads_alike(&change, STR("nothing of them")));
	assert_false(lexicon_reads_alike(&change, STR("say word7 here")));
	lexicon_compare(lexicon_new(&a, NULL, 0, NULL, 0),
			lexicon_new(&a, NULL, 0, terms, LEXICON_CHANGES_MAX + 1), &change);
	assert_true(change.all);
	assert_false(lexicon_reads_alike(&change, STR("nothing of them")));
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_without_a_changed_term_are_read_alike),
		cmocka_unit_test(the_same_terms_change_nothing_and_too_many_change_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

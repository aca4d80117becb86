#include "unit/unit.h"

#include "unit/intents/cases.h"

#include "intents/lint.h"
#include "intents/load.h"
#include "intents/match.h"
#include "text/lexicon.h"

static void lint_case(struct str yaml, struct diags *diags)
{
	const struct ruleset *rs;
	struct arena arena;
	struct strs terms;

	arena_init(&arena);
	rs = load_bytes(&arena, STR("t.yaml"), yaml, NULL, 0, diags);
	terms = match_terms(&arena, rs);
	lint_ruleset(rs, &arena, diags);
	lint_alike(rs, lexicon_new(&arena, rs->words, rs->n_words, terms.v, terms.n), &arena,
		   diags);
	arena_done(&arena);
}

static void every_finding_is_told_word_for_word_in_both_languages(void **state)
{
	(void)state;
	case_run_file(KEFU_SOURCE_DIR "/tests/data/intents/lints.txt", 35, lint_case);
}

static void the_contract_has_nothing_but_a_text_without_english(void **state)
{
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	lint_ruleset(load_file(&arena, KEFU_SOURCE_DIR "/tests/data/intents/contract.yaml", NULL, 0,
			       &diags),
		     &arena, &diags);
	assert_int_equal(diags.n, 1);
	assert_str(diags.items[0].code, "missing-language");
	assert_int_equal(diags.items[0].mark.line, 39);
	diags_done(&diags);
	arena_done(&arena);
}

static void a_ruleset_made_by_hand_can_be_linted(void **state)
{
	static const struct str languages[] = {{"zh", 2}};
	static const struct intent intents[] = {{.name = {"a", 1}}};
	const struct ruleset rs = {.languages = {languages, 1}, .intents = intents, .n_intents = 1};
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	lint_ruleset(&rs, &arena, &diags);
	assert_int_equal(diags.warnings, 2); /* never fires, says nothing */
	diags_done(&diags);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_is_told_word_for_word_in_both_languages),
		cmocka_unit_test(the_contract_has_nothing_but_a_text_without_english),
		cmocka_unit_test(a_ruleset_made_by_hand_can_be_linted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

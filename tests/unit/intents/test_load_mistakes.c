#include "unit/unit.h"

#include "unit/intents/cases.h"

#include "intents/load.h"

static void load_case(struct str yaml, struct diags *diags)
{
	struct arena arena;

	arena_init(&arena);
	load_bytes(&arena, STR("t.yaml"), yaml, NULL, 0, diags);
	arena_done(&arena);
}

static void every_mistake_is_told_word_for_word_in_both_languages(void **state)
{
	(void)state;
	case_run_file(KEFU_SOURCE_DIR "/tests/data/intents/mistakes.txt", 94, load_case);
}

static void the_empty_catalogue_is_told_where_it_is_recommended_from(void **state)
{
	static const struct entity_source none = {{"kb.courses", 10}, NULL, 0};
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	load_bytes(&arena, STR("t.yaml"),
		   STR("intents:\n  a:\n    when: {regex: a}\n    do: recommend\n"), &none, 1,
		   &diags);
	assert_int_equal(diags.n, 1);
	assert_int_equal(diags.items[0].level, DIAG_WARNING);
	assert_str(diags.items[0].code, "no-courses");
	assert_int_equal(diags.items[0].mark.line, 4);
	diags_done(&diags);
	arena_done(&arena);
}

static void an_unknown_source_is_told_when_the_sources_are_known(void **state)
{
	static const struct entity_source known = {{"kb.courses", 10}, NULL, 0};
	struct arena arena;
	struct diags diags;

	(void)state;
	arena_init(&arena);
	diags_init(&diags, false);
	load_bytes(&arena, STR("t.yaml"), STR("entities: {c: {from: kb.course}}\n"), &known, 1,
		   &diags);
	assert_int_equal(diags.errors, 1);
	assert_str(diags.items[0].text, "'from' in entity 'c' must be a source of values such as "
					"kb.courses, not 'kb.course'");
	diags_done(&diags);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_is_told_word_for_word_in_both_languages),
		cmocka_unit_test(the_empty_catalogue_is_told_where_it_is_recommended_from),
		cmocka_unit_test(an_unknown_source_is_told_when_the_sources_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* How many misspelt messages reach what was meant, with the rules that ship:
 *
 *	tests/data/typos/typos_en.tsv	letters swapped, left out, doubled, mistaken
 *	tests/data/typos/typos_zh.tsv	characters of the same or of nearly the same sound
 *	tests/data/typos/right.tsv	messages that are right: none may be changed
 *
 * Lines are "typed TAB intent or faq:ID TAB what was meant"; # begins a comment. */
#include "fixture.h"

#define SETS KEFU_SOURCE_DIR "/tests/data/typos/"

enum { FLOOR_PERCENT = 85 };

static struct fixture x;

static int open_shipped(void **state)
{
	(void)state;
	fixture_open(&x, NULL, KEFU_SOURCE_DIR "/intents.yaml");
	return 0;
}

static int close_shipped(void **state)
{
	(void)state;
	fixture_close(&x);
	return 0;
}

struct row {
	char line[512];
	char *typed, *expected, *meant;
};

/* The next row; false at the end. */
static bool read_row(FILE *f, struct row *r)
{
	do {
		if (!fgets(r->line, sizeof r->line, f))
			return false;
	} while (*r->line == '#');
	r->line[strcspn(r->line, "\n")] = '\0';
	r->typed = r->line;
	r->expected = strchr(r->line, '\t');
	r->meant = r->expected ? strchr(r->expected + 1, '\t') : NULL;
	if (r->meant) {
		*r->expected++ = '\0';
		*r->meant++ = '\0';
	}
	return true;
}

static FILE *open_set(const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, SETS "%s", name);
	f = fopen(path, "r");
	assert_non_null(f);
	return f;
}

/* In a conversation of its own. */
static bool reaches(const char *said, const char *expected)
{
	return str_eq(fixture_ask(&x, said)->intent, str_of(expected));
}

static void measure(const char *name, size_t least)
{
	FILE *f = open_set(name);
	size_t n = 0, typed = 0, meant = 0;
	struct row r;

	while (read_row(f, &r)) {
		assert_non_null(r.meant);
		n++;
		meant += reaches(r.meant, r.expected);
		if (reaches(r.typed, r.expected))
			typed++;
		else
			printf("  %s: not %s\n", r.typed, r.expected);
	}
	fclose(f);
	printf("%s: %zu of %zu (%.1f %%) reach what was meant; spelled right, %zu do\n", name,
	       typed, n, 100.0 * (double)typed / (double)n, meant);
	assert_true(n >= least);
	assert_true(typed * 100 >= n * FLOOR_PERCENT);
}

static void english_typos_reach_what_was_meant(void **state)
{
	(void)state;
	measure("typos_en.tsv", 100);
}

static void chinese_typos_reach_what_was_meant(void **state)
{
	(void)state;
	measure("typos_zh.tsv", 100);
}

/* 1 when a word of it is taken for a misspelt one. */
static size_t is_changed(struct str said)
{
	struct arena a;
	struct utterance u;
	struct spelling s;
	bool changed;

	arena_init(&a);
	utterance_read(&a, x.snapshot->lexicon, said, &u);
	changed = spell_correct(x.snapshot->speller, &a, &u, &s) && s.n > s.n_informal;
	if (changed)
		print_error("\"%.*s\" is read as \"%.*s\"\n", STR_ARG(said),
			    STR_ARG(s.utterance.normal.text));
	arena_done(&a);
	return changed;
}

static void what_is_spelled_right_is_never_changed(void **state)
{
	FILE *f = open_set("right.tsv");
	size_t n = 0, changed = 0;
	struct row r;

	(void)state;
	for (; read_row(f, &r); n++)
		changed += is_changed(str_of(r.typed));
	fclose(f);
	assert_true(n >= 60);
	assert_int_equal(changed, 0);
}

/* The rules' own sentences are right. */
static void no_wording_of_the_rules_is_changed(void **state)
{
	const struct ruleset *rs = x.snapshot->rules;
	size_t n = 0, changed = 0;

	(void)state;
	for (size_t i = 0; i < rs->n_intents; i++) {
		const struct intent *intent = &rs->intents[i];

		for (size_t k = 0; k < intent->n_tests; k++, n++)
			changed += is_changed(intent->tests[k].say);
		for (size_t b = 0; b < intent->n_blocks; b++)
			for (size_t k = 0; k < intent->blocks[b].n; k++, n++)
				if (intent->blocks[b].kind == BLOCK_PHRASES)
					changed += is_changed(intent->blocks[b].phrases[k].text);
	}
	for (size_t i = 0; i < rs->n_faq; i++)
		for (size_t k = 0; k < rs->faq[i].also.n; k++, n++)
			changed += is_changed(rs->faq[i].also.v[k]);
	printf("%zu of the %zu wordings of the rules are changed\n", changed, n);
	assert_true(n > 1000);
	assert_true(changed * 500 <= n); /* tests are said in words that the rules need not have */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(english_typos_reach_what_was_meant),
		cmocka_unit_test(chinese_typos_reach_what_was_meant),
		cmocka_unit_test(what_is_spelled_right_is_never_changed),
		cmocka_unit_test(no_wording_of_the_rules_is_changed),
	};

	return cmocka_run_group_tests(tests, open_shipped, close_shipped);
}

#include "fuzz/fuzz.h"

#include "intents/lint.h"
#include "intents/load.h"
#include "text/utf8.h"

/* Every mark is in the file (or, with line 0, in none), and every message is text. */
static void check_diags(const struct diags *d, struct str bytes)
{
	int lines = 1;

	/* What libyaml takes for a line break: LF, CR, NEL and the two of Unicode, by their last
	 * byte. */
	for (size_t i = 0; i < bytes.n; i++)
		lines += bytes.p[i] == '\n' || bytes.p[i] == '\r' || bytes.p[i] == '\x85' ||
			 bytes.p[i] == '\xa8' || bytes.p[i] == '\xa9';
	for (size_t i = 0; i < d->n; i++) {
		HOLDS(d->items[i].mark.line >= 0 && d->items[i].mark.line <= lines + 1);
		HOLDS(d->items[i].mark.col >= 0);
		HOLDS(d->items[i].text.n > 0);
		HOLDS(utf8_valid(d->items[i].text) == d->items[i].text.n);
	}
	HOLDS(d->errors + d->warnings >= d->n);
}

/* Whatever the file, what was loaded can be walked and looked up. */
static void check_ruleset(const struct ruleset *rs)
{
	HOLDS(rs->languages.n > 0);
	for (size_t i = 0; i < rs->n_intents; i++) {
		HOLDS(rs->intents[i].index == i);
		HOLDS(rule_intent(rs, rs->intents[i].name) != NULL);
		for (size_t k = 0; k < rs->intents[i].n_answers; k++)
			text_variants(&rs->intents[i].answers[k].text, STR("en"), rs);
	}
	for (size_t i = 0; i < rs->n_faq; i++) {
		HOLDS(rule_faq(rs, rs->faq[i].id) != NULL);
		HOLDS(text_variants(&rs->faq[i].answer, STR("zh"), rs).n > 0);
	}
	for (size_t i = 1; i < rs->fallback.n; i++)
		HOLDS(rs->fallback.after[i - 1].misses <= rs->fallback.after[i].misses);
}

static size_t load_once(struct str bytes, bool chinese)
{
	struct arena arena;
	struct diags diags;
	struct ruleset *rs;
	size_t errors;

	arena_init(&arena);
	diags_init(&diags, chinese);
	/* A folder that does not exist: relative includes find nothing. */
	rs = load_bytes(&arena, STR("/nonexistent/fuzz.yaml"), bytes, NULL, 0, &diags);
	lint_ruleset(rs, &arena, &diags);
	check_diags(&diags, bytes);
	check_ruleset(rs);
	errors = diags.errors;
	diags_done(&diags);
	arena_done(&arena);
	return errors;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};

	/* The language of the words changes nothing but the words. */
	HOLDS(load_once(bytes, false) == load_once(bytes, true));
	return 0;
}

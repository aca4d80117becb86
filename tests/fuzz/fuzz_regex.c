#include "fuzz/fuzz.h"

#include "intents/cnf.h"
#include "intents/pattern.h"
#include "intents/regex.h"
#include "text/normal.h"

/* The first line is a pattern as staff might write it, the rest a message. */

/* Items follow each other without a gap. */
static void check_items(struct str pattern)
{
	struct pattern_reader r = {.text = pattern};
	struct pattern_item item;
	size_t at = 0;

	while (pattern_next(&r, &item)) {
		HOLDS(item.from == at && item.to > item.from && item.to <= pattern.n);
		at = item.to;
	}
	HOLDS(at == pattern.n);
}

/* A message the pattern matches has a text of every clause: else the fast way would miss it. */
static void check_literals(struct arena *a, struct str pattern, struct str text)
{
	struct cnf cnf;

	cnf_read(a, pattern, &cnf);
	for (const struct cnf_clause *c = cnf.first; c; c = c->next) {
		bool met = false;

		HOLDS(c->n > 0 && c->n <= CNF_CLAUSE_MAX);
		for (size_t i = 0; i < c->n; i++) {
			HOLDS(c->v[i].n >= CNF_TEXT_MIN && c->v[i].n <= CNF_TEXT_MAX);
			met |= str_find(text, c->v[i], 0) != SIZE_MAX;
		}
		HOLDS(met);
	}
}

static void check_match(struct arena *a, const struct regex *r, struct str text)
{
	struct regex_run *run = regex_run_new(a);
	size_t begin, end;

	if (regex_find(r, run, text, 0, &begin, &end) != REGEX_HIT)
		return;
	HOLDS(begin <= end && end <= text.n);
	for (size_t i = 0; i < regex_n_names(r); i++) {
		if (regex_group(r, run, i, &begin, &end))
			HOLDS(begin <= end && end <= text.n);
	}
	check_literals(a, regex_text(r), text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	size_t line = str_find(all, STR("\n"), 0);
	struct str pattern = str_sub(all, 0, line);
	struct str message = line == SIZE_MAX ? STR("") : str_sub(all, line + 1, all.n);
	struct mark mark = {STR("fuzz"), 1, 1};
	struct diags diags;
	struct arena a;
	struct regex *r;

	arena_init(&a);
	diags_init(&diags, size % 2);
	check_items(pattern);
	r = regex_new(pattern, mark, &diags);
	HOLDS((r == NULL) == (diags.errors > 0));
	if (r) {
		check_items(regex_text(r));
		check_match(&a, r, normal_text(&a, message));
		regex_lint(r, mark, &diags);
	}
	regex_unref(r);
	diags_done(&diags);
	arena_done(&a);
	return 0;
}

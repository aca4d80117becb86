#include "intents/lint.h"

#include "intents/linter.h"
#include "text/normal.h"

/* Synonyms first, for the words of other checks read through them. */
static void learn_synonyms(struct linter *l)
{
	for (size_t i = 0; i < l->rs->n_words; i++) {
		const struct synonym *s = &l->rs->words[i];

		strmap_put(l->a, &l->heads, normal_text(l->a, s->head), (uint32_t)i);
		for (size_t k = 0; k < s->n; k++)
			strmap_put(l->a, &l->heads, normal_text(l->a, s->members[k]), (uint32_t)i);
	}
}

/* Names compared in all; about a second's work. A file of people's own never comes near. */
enum { NEAREST_MAX = 10000000 };

struct str lint_nearest(struct linter *l, struct str name, const struct str *names, size_t n)
{
	if (l->diags->n == DIAGS_MAX || n > l->nearest_left)
		return STR_NONE;
	l->nearest_left -= n;
	return str_nearest(name, names, n);
}

struct str lint_place(struct linter *l, struct mark here, struct mark there)
{
	if (!str_eq(here.file, there.file))
		return arena_printf(l->a, "%.*s:%d", STR_ARG(there.file), there.line);
	return arena_printf(l->a, l->diags->chinese ? "第 %d 行" : "line %d", there.line);
}

void lint_ruleset(const struct ruleset *rs, struct arena *a, struct diags *diags)
{
	struct linter l = {.rs = rs, .a = a, .diags = diags, .nearest_left = NEAREST_MAX};

	learn_synonyms(&l);
	lint_words(&l);
	lint_languages(&l);
	if (rs->cut_short)
		return;
	lint_slots(&l);
	lint_references(&l);
	lint_reach(&l);
	lint_experiments(&l);
}

/* What the lint*.c files share: the state of one lint, and walks over the model. */
#ifndef INTENTS_LINTER_H
#define INTENTS_LINTER_H

#include "intents/lint.h"
#include "intents/strmap.h"

struct linter {
	const struct ruleset *rs;
	struct arena *a;
	struct diags *diags;
	size_t nearest_left;			     /* names that may still be compared */
	const struct str *entity_list, *intent_list; /* names, for "did you mean" */
	struct strmap slots;	     /* every name a <capture> in an answer may have */
	const struct str *slot_list; /* the same, for "did you mean" */
	size_t n_slots;
	struct strmap heads; /* normalised synonym -> number of its group */
};

#define LINT_ERROR(l, mark, ...)   diags_add((l)->diags, DIAG_ERROR, (mark), __VA_ARGS__)
#define LINT_WARNING(l, mark, ...) diags_add((l)->diags, DIAG_WARNING, (mark), __VA_ARGS__)

/* The nearest of `names`, for "did you mean". STR_NONE too once the diagnostics are full or too
 * many names were compared, so that a hostile file costs no comparison of each wrong name with
 * each. */
struct str lint_nearest(struct linter *l, struct str name, const struct str *names, size_t n);

/* As the matcher compares, and without punctuation: "怎么退款？" is "怎么 退款". */
struct str lint_bare(struct arena *a, struct str s);

/* Where else: "line 3", or "faq/more.yaml:3" from another file. */
struct str lint_place(struct linter *l, struct mark here, struct mark there);

/* ---- walks (lint_walk.c) ---- */

/* Each string of the model that is said to a learner or given to an action, and may hold captures.
 */
typedef void lint_see_string(struct linter *l, struct str s, struct mark mark, void *ctx);
void lint_each_string(struct linter *l, lint_see_string *see, void *ctx);

/* Each text as it was written: an entry of `texts:` once, not again where it is used. */
typedef void lint_see_text(struct linter *l, const struct text *t, void *ctx);
void lint_each_text(struct linter *l, lint_see_text *see, void *ctx);

/* Each action. */
typedef void lint_see_action(struct linter *l, const struct action *act, void *ctx);
void lint_each_action(struct linter *l, lint_see_action *see, void *ctx);

/* The next `<name>` of s at or after *at, which moves behind it; false when there is none. Names
 * are letters of any script, digits, _ and -; `<b>7</b>` holds one, `a < b` and `<3` do not. */
bool lint_next_capture(struct str s, size_t *at, struct str *name);

/* The next named group of a regex: (?<name> (?P<name> (?'name'. */
bool lint_next_group(struct str pattern, size_t *at, struct str *name);

/* ---- checks, a kind a file ---- */

void lint_slots(struct linter *l);	 /* lint_slots.c: captures, questions, conditions */
void lint_references(struct linter *l);	 /* lint_names.c: intents, contexts and texts by name */
void lint_reach(struct linter *l);	 /* lint_names.c: what can never happen */
void lint_words(struct linter *l);	 /* lint_words.c: words that collide */
void lint_experiments(struct linter *l); /* lint_experiments.c */
void lint_languages(struct linter *l);	 /* lint_languages.c: texts missing in a language */

#endif

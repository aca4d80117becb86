#include "intents/match.h"

/* An empty list does not matter; else one of them must be `s`. */
static bool any_is(const struct strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i], s))
			return true;
	return list->n == 0;
}

static bool any_globs(const struct strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_glob(list->v[i], s))
			return true;
	return list->n == 0;
}

bool match_only_holds(const struct only *only, const struct match_state *state)
{
	if (only->logged_in >= 0 && (only->logged_in == 1) != state->logged_in)
		return false;
	return any_is(&only->contexts, state->context) && any_is(&only->langs, state->lang) &&
	       any_globs(&only->pages, state->page);
}

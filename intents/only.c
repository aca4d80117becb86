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

struct str match_only_against(const struct only *only, const struct match_state *state)
{
	if (only->logged_in >= 0 && only->logged_in != state->logged_in)
		return only->logged_in ? STR("logged_in: true") : STR("logged_in: false");
	if (!any_is(&only->contexts, state->context))
		return STR("context");
	if (!any_is(&only->langs, state->lang))
		return STR("lang");
	return any_globs(&only->pages, state->page) ? STR("") : STR("page");
}

bool match_only_holds(const struct only *only, const struct match_state *state)
{
	return match_only_against(only, state).n == 0;
}

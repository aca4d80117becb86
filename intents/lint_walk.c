/* Walks over every text, action and string of a ruleset. */
#include "intents/linter.h"

#include "text/utf8.h"

/* ---- actions ---- */

static void see_actions(struct linter *l, const struct actions *acts, lint_see_action *see,
			void *ctx)
{
	for (size_t i = 0; i < acts->n; i++)
		see(l, &acts->v[i], ctx);
}

void lint_each_action(struct linter *l, lint_see_action *see, void *ctx)
{
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		see_actions(l, &it->acts, see, ctx);
		for (size_t k = 0; k < it->n_answers; k++)
			see_actions(l, &it->answers[k].acts, see, ctx);
		for (size_t k = 0; k < it->n_asks; k++)
			see_actions(l, &it->asks[k].otherwise, see, ctx);
	}
	for (size_t i = 0; i < l->rs->fallback.n; i++)
		see_actions(l, &l->rs->fallback.after[i].acts, see, ctx);
}

/* ---- texts ---- */

struct text_walk {
	lint_see_text *see;
	void *ctx;
	struct strmap seen; /* by address: a text that is used by name shares its variants */
};

static void see_text(struct linter *l, struct text_walk *walk, const struct text *t)
{
	struct str address;

	if (!t->n)
		return;
	address = arena_str(l->a, (struct str){(const char *)&t->langs, sizeof t->langs});
	if (!strmap_put(l->a, &walk->seen, address, 0))
		walk->see(l, t, walk->ctx);
}

static void see_text_args(struct linter *l, const struct action *act, void *walk)
{
	for (size_t i = 0; i < act->n; i++)
		see_text(l, walk, &act->args[i].text);
}

static void see_intent_texts(struct linter *l, struct text_walk *walk, const struct intent *it)
{
	see_text(l, walk, &it->title);
	for (size_t i = 0; i < it->n_asks; i++)
		see_text(l, walk, &it->asks[i].question);
	for (size_t i = 0; i < it->n_answers; i++) {
		see_text(l, walk, &it->answers[i].text);
		see_text(l, walk, &it->answers[i].none);
	}
}

void lint_each_text(struct linter *l, lint_see_text *see, void *ctx)
{
	struct text_walk walk = {.see = see, .ctx = ctx};
	const struct ruleset *rs = l->rs;

	for (size_t i = 0; i < rs->n_texts; i++)
		see_text(l, &walk, &rs->texts[i].text);
	for (size_t i = 0; i < rs->n_intents; i++)
		see_intent_texts(l, &walk, &rs->intents[i]);
	see_text(l, &walk, &rs->fallback.text);
	for (size_t i = 0; i < rs->fallback.n; i++)
		see_text(l, &walk, &rs->fallback.after[i].text);
	lint_each_action(l, see_text_args, &walk);
	for (size_t i = 0; i < rs->n_faq; i++) {
		see_text(l, &walk, &rs->faq[i].question);
		see_text(l, &walk, &rs->faq[i].answer);
	}
}

/* ---- strings ---- */

struct string_walk {
	lint_see_string *see;
	void *ctx;
};

static void see_strs(struct linter *l, const struct strs *s, struct mark mark,
		     const struct string_walk *walk)
{
	for (size_t i = 0; i < s->n; i++)
		walk->see(l, s->v[i], mark, walk->ctx);
}

static void see_text_strings(struct linter *l, const struct text *t, void *walk)
{
	for (size_t i = 0; i < t->n; i++)
		see_strs(l, &t->langs[i].variants, t->mark, walk);
}

static void see_arg_strings(struct linter *l, const struct action *act, void *walk)
{
	for (size_t i = 0; i < act->n; i++)
		see_strs(l, &act->args[i].values, act->args[i].mark, walk);
}

void lint_each_string(struct linter *l, lint_see_string *see, void *ctx)
{
	struct string_walk walk = {see, ctx};

	lint_each_text(l, see_text_strings, &walk);
	lint_each_action(l, see_arg_strings, &walk);
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		for (size_t k = 0; k < it->n_answers; k++)
			see_strs(l, &it->answers[k].buttons, it->answers[k].mark, &walk);
	}
}

/* ---- names inside strings ---- */

/* Letters of any script are the bytes from 0x80 on; full-width signs among them do no harm, for no
 * slot has such a name. */
static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* A name from byte `from` on that ends with `close`. */
static bool read_name(struct str s, size_t from, char close, struct str *name)
{
	size_t to = from;

	while (to < s.n && is_name_byte(s.p[to]))
		to++;
	if (to == from || to == s.n || s.p[to] != close || (s.p[from] >= '0' && s.p[from] <= '9'))
		return false;
	*name = str_sub(s, from, to);
	return true;
}

/* The first c of s at or behind `from`; s.n when there is none. */
static size_t find_char(struct str s, size_t from, char c)
{
	const char *p = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;

	return p ? (size_t)(p - s.p) : s.n;
}

bool lint_next_capture(struct str s, size_t *at, struct str *name)
{
	for (size_t i = find_char(s, *at, '<'); i < s.n; i = find_char(s, i + 1, '<'))
		if (read_name(s, i + 1, '>', name)) {
			*at = i + name->n + 2;
			return true;
		}
	*at = s.n;
	return false;
}

bool lint_next_group(struct str pattern, size_t *at, struct str *name)
{
	static const struct {
		const char *open;
		char close;
	} forms[] = {{"(?<", '>'}, {"(?P<", '>'}, {"(?'", '\''}};

	for (size_t i = find_char(pattern, *at, '('); i < pattern.n;
	     i = find_char(pattern, i + 1, '('))
		for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
			struct str open = str_of(forms[k].open);

			if (str_starts(str_sub(pattern, i, pattern.n), open) &&
			    read_name(pattern, i + open.n, forms[k].close, name)) {
				*at = i + open.n + name->n;
				return true;
			}
		}
	*at = pattern.n;
	return false;
}

/* Texts that lack one of the file's languages, and `only: lang` of a language the file has not. */
#include "intents/linter.h"

static bool has_language(const struct text *t, struct str lang)
{
	for (size_t i = 0; i < t->n; i++)
		if (!t->langs[i].lang.n || str_eq(t->langs[i].lang, lang))
			return true;
	return false;
}

static void check_text(struct linter *l, const struct text *t, void *unused)
{
	const struct strs *langs = &l->rs->languages;

	(void)unused;
	for (size_t i = 0; i < langs->n; i++) {
		struct str lang = langs->v[i];

		if (has_language(t, lang))
			continue;
		LINT_WARNING(
			l, t->mark, "missing-language",
			"this text has no '%.*s'; learners of that language get '%.*s'",
			"这段文字没有“%.*s”；那种语言的学员会看到“%.*s”", STR_ARG(lang),
			STR_ARG(has_language(t, langs->v[0]) ? langs->v[0] : t->langs[0].lang));
	}
}

static bool file_has(const struct linter *l, struct str lang)
{
	for (size_t i = 0; i < l->rs->languages.n; i++)
		if (str_eq(l->rs->languages.v[i], lang))
			return true;
	return false;
}

void lint_languages(struct linter *l)
{
	lint_each_text(l, check_text, NULL);
	for (size_t i = 0; i < l->rs->n_intents; i++) {
		const struct intent *it = &l->rs->intents[i];

		for (size_t k = 0; k < it->only.langs.n; k++)
			if (!file_has(l, it->only.langs.v[k]))
				LINT_WARNING(l, it->mark, "unknown-language",
					     "intent '%.*s' is only for language '%.*s', which "
					     "is not in 'languages'",
					     "意图“%.*s”只用于语言“%.*s”，但它不在 languages 里",
					     STR_ARG(it->name), STR_ARG(it->only.langs.v[k]));
	}
}

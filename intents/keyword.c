#include "intents/keyword.h"

#include "text/buf.h"
#include "text/utf8.h"

/* Every byte belongs to a Latin word or number, or to one space or hyphen between two: nothing is
 * lost by matching the words alone. */
static bool is_words(const struct utterance *u)
{
	size_t end = 0;

	if (u->n == 0)
		return false;
	for (size_t i = 0; i < u->n; i++) {
		const struct token *t = &u->tokens[i];
		char between = i ? u->normal.text.p[end] : ' ';

		if (t->kind != TOKEN_WORD && t->kind != TOKEN_NUMBER)
			return false;
		if (t->at != end + (i > 0) || (between != ' ' && between != '-'))
			return false;
		end = t->at + t->text.n;
	}
	return end == u->normal.text.n;
}

static struct str join_stems(struct arena *a, const struct utterance *u)
{
	struct str joined = u->tokens[0].stem;

	for (size_t i = 1; i < u->n; i++)
		joined = arena_printf(a, "%.*s %.*s", STR_ARG(joined), STR_ARG(u->tokens[i].stem));
	return joined;
}

static bool is_latin_at(struct str s, size_t at)
{
	uint32_t cp;

	utf8_decode(s.p + at, s.n - at, &cp);
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || cp == '_' ||
	       (cp >= 0xc0 && cp <= 0x24f);
}

static bool has_latin_end(struct str s)
{
	size_t last = s.n - 1;

	while (last > 0 && ((unsigned char)s.p[last] & 0xc0) == 0x80)
		last--;
	return is_latin_at(s, 0) || is_latin_at(s, last);
}

bool keyword_literal(struct arena *a, struct literals *l, const struct lexicon *lexicon,
		     struct str form, uint32_t *id)
{
	struct utterance u;

	if (form.n == 0)
		return false;
	utterance_read(a, lexicon, form, &u);
	if (u.normal.text.n == 0)
		return false;
	if (is_words(&u))
		*id = literals_add(l, LITERAL_WORDS, join_stems(a, &u));
	else
		*id = literals_add(l, has_latin_end(u.normal.text) ? LITERAL_EDGES : LITERAL_BYTES,
				   u.normal.text);
	return true;
}

void keyword_read(struct arena *a, struct literals *l, const struct lexicon *lexicon,
		  struct str word, struct keyword *out)
{
	struct str text = normal_text(a, word);
	size_t n = 0, n_forms = 0;
	const struct str *forms = lexicon_synonyms(lexicon, text, &n_forms);
	uint32_t *ids;

	if (n_forms == 0) {
		forms = &text;
		n_forms = 1;
	}
	ids = ARENA_ARRAY(a, uint32_t, n_forms);
	for (size_t i = 0; i < n_forms; i++)
		n += keyword_literal(a, l, lexicon, forms[i], &ids[n]);
	*out = (struct keyword){.text = text, .ids = ids, .n = n};
}

bool keyword_seen(const struct keyword *k, const struct literal_hits *hits)
{
	for (size_t i = 0; i < k->n; i++) {
		if (literal_seen(hits, k->ids[i]))
			return true;
	}
	return false;
}

const struct literal_hit *keyword_where(const struct keyword *k, const struct literal_hits *hits)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct literal_hit *hit = literal_where(hits, k->ids[i]);

		if (hit)
			return hit;
	}
	return NULL;
}

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

		if ((t->kind != TOKEN_WORD && t->kind != TOKEN_NUMBER) ||
		    token_amount(t).n < t->text.n)
			return false;
		if (t->at != end + (i > 0) || (between != ' ' && between != '-'))
			return false;
		end = t->at + t->text.n;
	}
	return end == u->normal.text.n;
}

static struct str join_stems(struct arena *a, const struct utterance *u)
{
	size_t size = 0, n = 0;
	char *p;

	for (size_t i = 0; i < u->n; i++)
		size += u->tokens[i].stem.n + 1;
	p = arena_alloc(a, size);
	for (size_t i = 0; i < u->n; i++) {
		if (i > 0)
			p[n++] = ' ';
		for (size_t k = 0; k < u->tokens[i].stem.n; k++)
			p[n++] = u->tokens[i].stem.p[k] == '-' ? ' ' : u->tokens[i].stem.p[k];
	}
	return (struct str){p, n};
}

static bool is_latin_at(struct str s, size_t at)
{
	uint32_t cp;

	utf8_decode(s.p + at, s.n - at, &cp);
	return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || cp == '_' ||
	       (cp >= 0xc0 && cp <= 0x24f);
}

/* Chinese and Latin in one text. */
static bool is_mixed(struct str s)
{
	bool latin = false, han = false;
	uint32_t cp;

	for (size_t i = 0, step; i < s.n; i += step) {
		step = utf8_decode(s.p + i, s.n - i, &cp);
		han |= utf8_is_han(cp);
		latin |= is_latin_at(s, i);
	}
	return latin && han;
}

static bool has_latin_end(struct str s)
{
	size_t last = s.n - 1;

	while (last > 0 && ((unsigned char)s.p[last] & 0xc0) == 0x80)
		last--;
	return is_latin_at(s, 0) || is_latin_at(s, last);
}

/* A copy with one space, or none, at each border of Chinese and Latin: people write both. */
static struct str respace(struct arena *a, struct str s, bool spaced)
{
	char *p = arena_alloc(a, 2 * s.n);
	size_t n = 0;
	uint32_t last = 0, cp, next;

	for (size_t i = 0, step; i < s.n; i += step, last = cp) {
		step = utf8_decode(s.p + i, s.n - i, &cp);
		if (cp == ' ' && i + 1 < s.n) {
			utf8_decode(s.p + i + 1, s.n - i - 1, &next);
			if (utf8_is_han(last) != utf8_is_han(next)) {
				cp = last;
				continue;
			}
		}
		if (spaced && i > 0 && utf8_is_han(last) != utf8_is_han(cp))
			p[n++] = ' ';
		memcpy(p + n, s.p + i, step);
		n += step;
	}
	return (struct str){p, n};
}

enum { FORMS = 3 }; /* literals of one form at most: as written, without and with spaces */

/* Adds the literals of one normalised form to ids; returns how many. */
static size_t add_form(struct arena *a, struct literals *l, const struct lexicon *lexicon,
		       struct str form, uint32_t *ids)
{
	struct utterance u;
	struct str text, close;
	enum literal_kind kind;
	size_t n = 0;

	utterance_read(a, lexicon, form, &u);
	text = u.normal.text;
	if (text.n == 0)
		return 0;
	if (is_words(&u)) {
		ids[0] = literals_add(l, LITERAL_WORDS, join_stems(a, &u));
		return 1;
	}
	kind = has_latin_end(text) ? LITERAL_EDGES : LITERAL_BYTES;
	ids[n++] = literals_add(l, kind, text);
	if (is_mixed(text)) {
		close = respace(a, text, false);
		ids[n++] = literals_add(l, kind, close);
		ids[n++] = literals_add(l, kind, respace(a, close, true));
	}
	return n;
}

void keyword_read(struct arena *a, struct arena *scratch, struct literals *l,
		  const struct lexicon *lexicon, struct str word, struct keyword *out)
{
	struct str text = normal_text(scratch, word);
	size_t n = 0, n_forms = 0;
	const struct str *forms = lexicon_synonyms(lexicon, text, &n_forms);
	uint32_t *ids, *kept;

	if (n_forms == 0) {
		forms = &text;
		n_forms = 1;
	}
	ids = ARENA_ARRAY(scratch, uint32_t, n_forms * FORMS);
	for (size_t i = 0; i < n_forms; i++)
		n += add_form(scratch, l, lexicon, forms[i], ids + n);
	kept = ARENA_ARRAY(a, uint32_t, n);
	memcpy(kept, ids, n * sizeof *kept);
	*out = (struct keyword){.text = arena_str(a, text), .ids = kept, .n = n};
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

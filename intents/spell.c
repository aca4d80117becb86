#include "intents/spell.h"

#include "intents/match.h"
#include "intents/strmap.h"
#include "intents/typo.h"
#include "text/buf.h"
#include "text/pinyin.h"
#include "text/utf8.h"

enum { SOUNDS_LEAST = 2, SOUNDS_MOST = 6 }; /* characters of a word that is known by its sound */

struct speller {
	struct arena *arena;
	const struct lexicon *lexicon;
	struct typos *words;  /* Latin */
	struct strmap terms;  /* Chinese */
	struct strmap sounds; /* syllables -> index in `heard` */
	struct str *heard;    /* the term first added of those that sound so */
	size_t n, cap;
	int edits;
};

/* ---- sounds ---- */

/* Some characters of a text and how they sound. */
struct syllables {
	uint16_t v[SOUNDS_MOST];
	uint32_t end[SOUNDS_MOST]; /* byte behind each character */
	size_t n;
};

/* From byte `at`, as many as have a sound. */
static void listen(struct str text, size_t at, struct syllables *out)
{
	out->n = 0;
	while (at < text.n && out->n < SOUNDS_MOST) {
		uint32_t cp;
		size_t len = utf8_decode(text.p + at, text.n - at, &cp);
		uint16_t sound = pinyin_of((int32_t)cp);

		if (!sound)
			return;
		at += len;
		out->v[out->n] = sound;
		out->end[out->n++] = (uint32_t)at;
	}
}

static struct str sound_key(const struct syllables *s, size_t n)
{
	return (struct str){(const char *)s->v, n * sizeof *s->v};
}

/* ---- the vocabulary ---- */

static void add_term(struct speller *s, struct str term)
{
	struct syllables heard;
	struct str key;

	listen(term, 0, &heard);
	if (heard.n < SOUNDS_LEAST || heard.end[heard.n - 1] != term.n ||
	    strmap_put(s->arena, &s->terms, term, 0))
		return;
	key = arena_str(s->arena, sound_key(&heard, heard.n));
	if (!strmap_put(s->arena, &s->sounds, key, (uint32_t)s->n))
		ARENA_PUSH(s->arena, s->heard, s->n, s->cap, term);
}

static void add_text(struct speller *s, struct str text)
{
	struct utterance u;

	utterance_read(s->arena, s->lexicon, text, &u);
	add_term(s, u.normal.text);
	for (size_t i = 0; i < u.n; i++) {
		if (u.tokens[i].kind == TOKEN_WORD)
			typos_add(s->words, u.tokens[i].text, s->edits);
		else if (u.tokens[i].kind == TOKEN_HAN)
			add_term(s, u.tokens[i].text);
	}
}

static void add_texts(struct speller *s, struct strs texts)
{
	for (size_t i = 0; i < texts.n; i++)
		add_text(s, texts.v[i]);
}

static void add_block(struct speller *s, const struct block *b)
{
	for (size_t i = 0; b->kind == BLOCK_PHRASES && i < b->n; i++)
		add_text(s, b->phrases[i].text);
}

static void add_faq(struct speller *s, const struct faq_entry *e)
{
	for (size_t i = 0; i < e->question.n; i++)
		add_texts(s, e->question.langs[i].variants);
	add_texts(s, e->also);
}

/* What names a thing comes first: of two words that sound the same, the first is meant. */
static void add_ruleset(struct speller *s, const struct ruleset *rs)
{
	for (size_t i = 0; i < rs->n_words; i++) {
		add_text(s, rs->words[i].head);
		add_texts(s, (struct strs){rs->words[i].members, rs->words[i].n});
	}
	add_texts(s, match_terms(s->arena, rs));
	for (size_t i = 0; i < rs->n_intents; i++)
		for (size_t k = 0; k < rs->intents[i].n_blocks; k++)
			add_block(s, &rs->intents[i].blocks[k]);
	for (size_t i = 0; i < rs->n_faq; i++)
		add_faq(s, &rs->faq[i]);
}

const struct speller *speller_new(struct arena *a, const struct ruleset *rs,
				  const struct lexicon *lexicon)
{
	struct speller *s = ARENA_NEW(a, struct speller);

	*s = (struct speller){.arena = a, .lexicon = lexicon, .words = typos_new(a)};
	s->edits = rs->settings.typos == TYPOS_AUTO ? 2 : rs->settings.typos;
	if (s->edits > 0)
		add_ruleset(s, rs);
	return s;
}

/* ---- putting right ---- */

/* The word that begins at `at`: its length in *len, and the term that is written there, or that was
 * meant by its sound; the longest of either. "" and a character's length when there is none. */
static struct str term_at(const struct speller *s, struct str text, size_t at, size_t *len)
{
	struct syllables heard;

	listen(text, at, &heard);
	for (size_t n = heard.n; n >= SOUNDS_LEAST; n--) {
		struct str written = str_sub(text, at, heard.end[n - 1]);
		const uint32_t *meant = strmap_get(&s->sounds, sound_key(&heard, n));

		*len = written.n;
		if (strmap_get(&s->terms, written))
			return written;
		if (meant)
			return s->heard[*meant];
	}
	if (heard.n) {
		*len = heard.end[0] - at;
	} else {
		uint32_t cp;

		*len = utf8_decode(text.p + at, text.n - at, &cp);
	}
	return STR_NONE;
}

/* Every word of the text by its sound; false when that changes nothing. */
static bool correct_sounds(const struct speller *s, struct arena *a, struct str text,
			   struct str *out)
{
	struct buf all = {0};
	bool changed;

	for (size_t at = 0, len; at < text.n; at += len) {
		struct str term = term_at(s, text, at, &len);

		buf_str(&all, term.n ? term : str_sub(text, at, at + len));
	}
	changed = !str_eq(buf_view(&all), text);
	if (changed)
		*out = arena_str(a, buf_view(&all));
	buf_done(&all);
	return changed;
}

bool speller_correct(const struct speller *s, struct arena *a, const struct utterance *u,
		     struct str *out)
{
	struct typo_text fixed;
	bool letters = typos_correct(s->words, a, u, &fixed);
	struct str text = letters ? fixed.text : u->normal.text;

	if (correct_sounds(s, a, text, out))
		return true;
	if (letters)
		*out = text;
	return letters;
}

#include "text/spell.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "text/english.h"
#include "text/mem.h"
#include "text/spell_informal.h"
#include "text/spell_sound.h"
#include "text/spell_word.h"

struct speller {
	const struct lexicon *lexicon;
	const struct spell_words *words; /* NULL: none */
	const struct spell_sounds *sounds;
};

/* ---- the vocabulary ---- */

/* Distinct words; what is added again adds up. */
struct list {
	struct arena *scratch;
	struct spell_word *v;
	size_t n, cap;
	uint32_t *slots; /* open addressing by text: number + 1; 0 = free */
	size_t n_slots;
};

static uint32_t *find_slot(const struct list *l, struct str text)
{
	size_t i = (size_t)str_hash_quick(text) & (l->n_slots - 1);

	while (l->slots[i] && !str_eq(l->v[l->slots[i] - 1].text, text))
		i = (i + 1) & (l->n_slots - 1);
	return &l->slots[i];
}

static void make_room(struct list *l)
{
	if (2 * (l->n + 1) <= l->n_slots)
		return;
	l->n_slots = l->n_slots ? 2 * l->n_slots : 1024;
	l->slots = ARENA_ARRAY(l->scratch, uint32_t, l->n_slots);
	for (size_t i = 0; i < l->n; i++)
		*find_slot(l, l->v[i].text) = (uint32_t)i + 1;
}

static void add(struct list *l, struct str text, uint32_t weight, bool meant)
{
	uint32_t *slot;

	make_room(l);
	slot = find_slot(l, text);
	if (*slot) {
		l->v[*slot - 1].weight += weight;
		l->v[*slot - 1].meant |= meant;
		return;
	}
	text = arena_str(l->scratch, text);
	ARENA_PUSH(l->scratch, l->v, l->n, l->cap, ((struct spell_word){text, weight, meant}));
	*slot = (uint32_t)l->n;
}

static bool is_letters(struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		if ((word.p[i] < 'a' || word.p[i] > 'z') && word.p[i] != '\'')
			return false;
	}
	return true;
}

enum { FORMS_FROM = 4 }; /* letters: am gives no "ames" */

/* Its other forms, as far as they are English: account -> accounts, accounted, accounting. */
static void add_forms(struct list *l, struct str word)
{
	static const char *const endings[] = {"s", "es", "d", "ed", "ing"};
	size_t whole = word.n, bare = str_ends(word, STR("e")) ? word.n - 1 : word.n;

	for (size_t i = 0; word.n >= FORMS_FROM && i < sizeof endings / sizeof *endings; i++) {
		size_t n = *endings[i] == 'i' ? bare : whole;
		struct str form = arena_printf(l->scratch, "%.*s%s", (int)n, word.p, endings[i]);

		if (english_knows(form))
			add(l, form, 0, true);
	}
}

static void add_word(struct list *l, const struct token *t, const struct spell_text *text)
{
	bool meant = text->meant & SPELL_LATIN && is_letters(t->text);

	add(l, t->text, text->weight, meant);
	add(l, t->stem, 0, false);
}

/* Of the words that may be meant as they were before any form was added. */
static void add_all_forms(struct list *l)
{
	size_t n = 0;
	struct str *meant = ARENA_ARRAY(l->scratch, struct str, l->n);

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].meant)
			meant[n++] = l->v[i].text;
	}
	for (size_t i = 0; i < n; i++)
		add_forms(l, meant[i]);
}

/* What texts hold. */
struct gathering {
	struct list latin, han;
	struct spell_pairs said;
};

static void gathering_init(struct gathering *g, struct arena *scratch)
{
	*g = (struct gathering){.latin = {.scratch = scratch}, .han = {.scratch = scratch}};
}

/* Reads every text into Latin and Chinese words: of each only those are kept, because a text that
 * is read takes ten times its size. */
static void gather(const struct lexicon *lexicon, const struct spell_text *texts, size_t n,
		   struct gathering *g)
{
	struct arena reading;
	struct utterance u;

	arena_init(&reading);
	for (size_t i = 0; i < n; i++) {
		arena_reset(&reading);
		utterance_read(&reading, lexicon, texts[i].text, &u);
		spell_pairs_add(g->latin.scratch, &g->said, u.normal.text);
		for (size_t k = 0; k < u.n; k++) {
			const struct token *t = &u.tokens[k];

			if (t->kind == TOKEN_WORD)
				add_word(&g->latin, t, &texts[i]);
			else if (t->kind == TOKEN_HAN)
				add(&g->han, t->text, texts[i].weight, texts[i].meant & SPELL_HAN);
		}
	}
	arena_done(&reading);
}

/* ---- what spellers share ---- */

struct spell_base {
	struct arena arena;
	_Atomic unsigned owners;
	struct spell_word *latin, *han;
	size_t n_latin, n_han;
	uint64_t *said;
	size_t n_said;
};

static int by_text(const void *x, const void *y)
{
	return str_cmp(((const struct spell_word *)x)->text, ((const struct spell_word *)y)->text);
}

/* A list in the arena, by text. */
static struct spell_word *keep(const struct list *l, struct arena *a)
{
	struct spell_word *v = ARENA_ARRAY(a, struct spell_word, l->n);

	for (size_t i = 0; i < l->n; i++) {
		v[i] = l->v[i];
		v[i].text = arena_str(a, v[i].text);
	}
	if (l->n)
		qsort(v, l->n, sizeof *v, by_text);
	return v;
}

struct spell_base *spell_base_new(const struct lexicon *l, const struct spell_text *texts, size_t n)
{
	struct spell_base *b = mem_zalloc(sizeof *b);
	struct gathering g;
	struct arena scratch;

	arena_init(&scratch);
	gathering_init(&g, &scratch);
	gather(l, texts, n, &g);
	arena_init(&b->arena);
	atomic_init(&b->owners, 1);
	b->latin = keep(&g.latin, &b->arena);
	b->n_latin = g.latin.n;
	b->han = keep(&g.han, &b->arena);
	b->n_han = g.han.n;
	b->said = ARENA_ARRAY(&b->arena, uint64_t, g.said.n);
	b->n_said = g.said.n;
	if (g.said.n)
		memcpy(b->said, g.said.v, g.said.n * sizeof *b->said);
	arena_done(&scratch);
	return b;
}

struct spell_base *spell_base_ref(struct spell_base *b)
{
	atomic_fetch_add_explicit(&b->owners, 1, memory_order_relaxed);
	return b;
}

void spell_base_free(struct spell_base *b)
{
	if (!b || atomic_fetch_sub_explicit(&b->owners, 1, memory_order_acq_rel) > 1)
		return;
	arena_done(&b->arena);
	free(b);
}

static void add_base(struct gathering *g, const struct spell_base *b)
{
	for (size_t i = 0; i < b->n_latin; i++)
		add(&g->latin, b->latin[i].text, b->latin[i].weight, b->latin[i].meant);
	for (size_t i = 0; i < b->n_han; i++)
		add(&g->han, b->han[i].text, b->han[i].weight, b->han[i].meant);
	for (size_t i = 0; i < b->n_said; i++)
		spell_pairs_put(g->latin.scratch, &g->said, b->said[i]);
}

const struct speller *speller_new(struct arena *a, const struct lexicon *l,
				  const struct spell_base *base, const struct spell_text *texts,
				  size_t n, int edits)
{
	struct speller *s = ARENA_NEW(a, struct speller);
	struct arena scratch;
	struct gathering g;
	struct spell_word *words, *hans;

	arena_init(&scratch);
	gathering_init(&g, &scratch);
	if (base)
		add_base(&g, base);
	gather(l, texts, n, &g);
	add_all_forms(&g.latin);
	words = keep(&g.latin, a);
	hans = keep(&g.han, a);
	s->lexicon = l;
	s->words = spell_words_new(a, words, g.latin.n, edits);
	s->sounds = spell_sounds_new(a, lexicon_segmenter(l), hans, g.han.n, &g.said);
	arena_done(&scratch);
	return s;
}

/* ---- a message ---- */

static void fix_word(const struct speller *s, struct arena *a, const struct utterance *u,
		     const struct token *t, struct spelling *out)
{
	struct str meant;
	size_t end = t->at + t->text.n;

	if (!s->words || !is_letters(t->text) || spell_in_address(u->normal.text, t->at, end) ||
	    lexicon_knows(s->lexicon, t->text) ||
	    !spell_word_find(s->words, a, t->text, t->stem, &meant))
		return;
	out->fixes[out->n++] = (struct spell_fix){t->at, (uint32_t)end, meant};
}

/* The end of the run of Chinese that begins at tokens[i]. */
static size_t run_end(const struct utterance *u, size_t i)
{
	size_t end = u->tokens[i].at;

	while (i < u->n && u->tokens[i].kind == TOKEN_HAN && u->tokens[i].at == end)
		end += u->tokens[i++].text.n;
	return i;
}

static void fix_run(const struct speller *s, const struct utterance *u, size_t first, size_t last,
		    struct spelling *out)
{
	struct spell_sound_fix found[SPELL_FIXES_MAX];
	size_t n = spell_sounds_find(s->sounds, u, first, last, found, SPELL_FIXES_MAX - out->n);

	for (size_t i = 0; i < n; i++)
		out->fixes[out->n++] = (struct spell_fix){(uint32_t)found[i].from,
							  (uint32_t)found[i].to, found[i].meant};
}

static void find_fixes(const struct speller *s, struct arena *a, const struct utterance *u,
		       struct spelling *out)
{
	out->n = 0;
	for (size_t i = 0; i < u->n && out->n < SPELL_FIXES_MAX;) {
		size_t end = i + 1;

		if (u->tokens[i].kind == TOKEN_WORD) {
			fix_word(s, a, u, &u->tokens[i], out);
		} else if (u->tokens[i].kind == TOKEN_HAN) {
			end = run_end(u, i);
			fix_run(s, u, i, end, out);
		}
		i = end;
	}
}

/* The corrected text being written, with the way back to what was typed. */
struct writer {
	const struct normal *typed;
	char *p;
	uint32_t *at;
	size_t n;
};

static void copy(struct writer *w, size_t from, size_t to)
{
	memcpy(w->p + w->n, w->typed->text.p + from, to - from);
	memcpy(w->at + w->n, w->typed->at + from, (to - from) * sizeof *w->at);
	w->n += to - from;
}

/* Characters of the same number of bytes stand for each other; else the word for the word. */
static void replace(struct writer *w, const struct spell_fix *fix)
{
	bool alike = fix->to - fix->from == fix->meant.n && (unsigned char)fix->meant.p[0] >= 0x80;

	for (size_t i = 0; i < fix->meant.n; i++) {
		w->p[w->n] = fix->meant.p[i];
		w->at[w->n++] = w->typed->at[fix->from + (alike ? i : 0)];
	}
}

static void write_text(struct arena *a, const struct normal *typed, const struct spelling *s,
		       struct normal *out)
{
	struct writer w = {.typed = typed};
	size_t size = typed->text.n, from = 0;

	for (size_t i = 0; i < s->n; i++)
		size += s->fixes[i].meant.n;
	w.p = arena_alloc(a, size);
	w.at = ARENA_ARRAY(a, uint32_t, size + 1);
	for (size_t i = 0; i < s->n; i++) {
		copy(&w, from, s->fixes[i].from);
		replace(&w, &s->fixes[i]);
		from = s->fixes[i].to;
	}
	copy(&w, from, typed->text.n);
	w.at[w.n] = typed->at[typed->text.n];
	*out = (struct normal){.raw = typed->raw, .text = {w.p, w.n}, .at = w.at};
}

/* Reads the message with out->fixes put in. */
static bool read_fixed(const struct speller *s, struct arena *a, const struct utterance *u,
		       struct spelling *out)
{
	struct normal text;

	write_text(a, &u->normal, out, &text);
	utterance_read(a, s->lexicon, text.text, &out->utterance);
	if (!str_eq(out->utterance.normal.text, text.text))
		return false; /* the ways back would not agree */
	/* Tokens point into what was read: only the way back is put in its place. */
	out->utterance.normal.raw = text.raw;
	out->utterance.normal.at = text.at;
	return true;
}

/* The place of a fix of the second step in the message before the first; false when it touches what
 * the first one wrote. */
static bool trace_back(const struct spelling *first, struct spell_fix *fix)
{
	uint32_t from = fix->from, to = fix->to;

	for (size_t i = 0; i < first->n; i++) {
		const struct spell_fix *f = &first->fixes[i];
		uint32_t grown = (uint32_t)f->meant.n - (f->to - f->from);

		if (to <= f->from)
			break;
		if (from < f->from + f->meant.n)
			return false;
		from -= grown;
		to -= grown;
	}
	fix->from = from;
	fix->to = to;
	return true;
}

static void put_fix(struct spelling *s, struct spell_fix fix)
{
	size_t i = s->n++;

	for (; i > 0 && s->fixes[i - 1].from > fix.from; i--)
		s->fixes[i] = s->fixes[i - 1];
	s->fixes[i] = fix;
}

/* Informal words first: what stands beside them is easier to read then (咋推款 -> 怎么推款). */
bool spell_correct(const struct speller *s, struct arena *a, const struct utterance *u,
		   struct spelling *out)
{
	struct spelling first, second;

	first.n = spell_informal_find(u, first.fixes, SPELL_FIXES_MAX);
	*out = first;
	if (!first.n || !read_fixed(s, a, u, &first))
		first = (struct spelling){.utterance = *u};
	out->n = out->n_informal = first.n;
	find_fixes(s, a, &first.utterance, &second);
	for (size_t i = 0; i < second.n && out->n < SPELL_FIXES_MAX; i++) {
		if (trace_back(&first, &second.fixes[i]))
			put_fix(out, second.fixes[i]);
	}
	return out->n && read_fixed(s, a, u, out);
}

#include "kb/bag.h"

#include "text/pinyin.h"
#include "text/utf8.h"

enum { PARTS = 32 }; /* a key's part is its remainder by this */

static uint64_t term_key(enum bag_part part, struct str s)
{
	return str_hash(s) * PARTS + (uint64_t)part;
}

enum bag_part bag_part(uint64_t key)
{
	return (enum bag_part)(key % PARTS);
}

static void push(struct arena *a, struct bag *b, enum bag_part part, struct str s, float weight)
{
	ARENA_PUSH(a, b->v, b->n, b->cap, ((struct term){term_key(part, s), weight, part}));
}

static bool is_han(struct str s)
{
	uint32_t cp = 0;

	return s.n && utf8_decode(s.p, s.n, &cp) && utf8_is_han(cp);
}

static bool is_one_character(struct str s)
{
	uint32_t cp;

	return s.n && utf8_decode(s.p, s.n, &cp) == s.n;
}

static void push_han(struct arena *a, struct bag *b, struct str word, unsigned parts, float weight)
{
	size_t at = 0, before = SIZE_MAX;

	if (parts & BAG_WORDS && !is_one_character(word))
		push(a, b, BAG_WORDS, word, weight);
	while (at < word.n) {
		uint32_t cp;
		size_t n = utf8_decode(word.p + at, word.n - at, &cp);

		if (parts & BAG_CHARS)
			push(a, b, BAG_CHARS, str_sub(word, at, at + n), weight);
		if (parts & BAG_PAIRS && before != SIZE_MAX)
			push(a, b, BAG_PAIRS, str_sub(word, before, at + n), weight);
		before = at;
		at += n;
	}
}

/* Characters of " word " in windows of three. (Windows of four as well find no more, at half as
 * much again.) */
static void push_grams(struct arena *a, struct bag *b, struct str word, float weight)
{
	size_t starts[64], n = 0;
	char padded[128];
	size_t used = word.n < sizeof padded - 2 ? word.n : sizeof padded - 2;

	padded[0] = ' ';
	memcpy(padded + 1, word.p, used);
	padded[used + 1] = ' ';
	for (size_t at = 0; at < used + 2 && n < 63;) {
		uint32_t cp;

		starts[n++] = at;
		at += utf8_decode(padded + at, used + 2 - at, &cp);
	}
	starts[n] = n < 63 ? used + 2 : starts[n - 1];
	for (size_t i = 0; i + 3 <= n; i++)
		push(a, b, BAG_GRAMS, (struct str){padded + starts[i], starts[i + 3] - starts[i]},
		     weight);
}

static void push_word(struct arena *a, struct bag *b, struct str word, struct str letters,
		      unsigned parts, float weight)
{
	if (is_han(word)) {
		push_han(a, b, word, parts, weight);
		return;
	}
	if (parts & BAG_WORDS)
		push(a, b, BAG_WORDS, word, weight);
	if (parts & BAG_GRAMS && letters.n)
		push_grams(a, b, letters, weight);
}

/* A year is found with 年 and without. */
static void push_amount(struct arena *a, struct bag *b, const struct token *t, unsigned parts,
			float weight)
{
	struct str amount = token_amount(t), unit = str_sub(t->text, amount.n, t->text.n);

	push_word(a, b, amount, amount, parts, weight);
	if (is_han(unit))
		push_han(a, b, unit, parts, weight);
}

void bag_add_token(struct arena *a, struct bag *b, const struct token *t, unsigned parts,
		   float weight)
{
	bool plain = str_eq(t->head, t->stem);

	if (plain && token_amount(t).n < t->text.n)
		push_amount(a, b, t, parts, weight);
	else if (t->head.n)
		push_word(a, b, t->head, plain ? t->text : t->head, parts, weight);
}

/* Pairs across the words of one run: 退|款 when the dictionary cut it so. */
static void push_seams(struct arena *a, struct bag *b, const struct utterance *u, float weight)
{
	for (size_t i = 1; i < u->n; i++) {
		const struct token *left = &u->tokens[i - 1], *right = &u->tokens[i];
		size_t from, to;
		uint32_t cp;

		if (left->kind != TOKEN_HAN || right->kind != TOKEN_HAN ||
		    left->at + left->text.n != right->at)
			continue;
		from = right->at - 1;
		while ((u->normal.text.p[from] & 0xc0) == 0x80)
			from--;
		to = right->at + utf8_decode(right->text.p, right->text.n, &cp);
		push(a, b, BAG_PAIRS, str_sub(u->normal.text, from, to), weight);
	}
}

/* The customary reading, folded; 0 for what has none. */
static uint16_t sound_of(uint32_t cp)
{
	uint16_t readings[PINYIN_READINGS_MAX];

	return pinyin_read(cp, readings) ? pinyin_fold(readings[0]) : 0;
}

/* 退宽 as 退款: of the text itself, for a synonym's head sounds otherwise than what was typed. */
static void push_sounds(struct arena *a, struct bag *b, struct str text, float weight)
{
	uint16_t pair[2] = {0, 0};

	for (size_t at = 0; at < text.n;) {
		uint32_t cp;

		at += utf8_decode(text.p + at, text.n - at, &cp);
		pair[0] = pair[1];
		pair[1] = sound_of(cp);
		if (pair[0] && pair[1])
			push(a, b, BAG_SOUNDS, (struct str){(const char *)pair, sizeof pair},
			     weight);
	}
}

void bag_add(struct arena *a, struct bag *b, const struct utterance *u, unsigned parts,
	     float weight)
{
	for (size_t i = 0; i < u->n; i++)
		bag_add_token(a, b, &u->tokens[i], parts, weight);
	if (parts & BAG_PAIRS)
		push_seams(a, b, u, weight);
	if (parts & BAG_SOUNDS)
		push_sounds(a, b, u->normal.text, weight);
}

/* Keys are hashes: those of a message, laid into drawers by their upper bits, are nearly in order. */
enum { MESSAGE_TERMS = 192, DRAWERS = 64, DRAWER_SHIFT = 58 };

static void lay_out(struct term *v, size_t n)
{
	struct term before[MESSAGE_TERMS];
	uint8_t at[DRAWERS + 1] = {0}; /* where each drawer begins */

	for (size_t i = 0; i < n; i++) {
		before[i] = v[i];
		at[(v[i].key >> DRAWER_SHIFT) + 1]++;
	}
	for (size_t d = 1; d < DRAWERS; d++)
		at[d] = (uint8_t)(at[d] + at[d - 1]);
	for (size_t i = 0; i < n; i++)
		v[at[before[i].key >> DRAWER_SHIFT]++] = before[i];
}

/* Shell's sort with Ciura's gaps, where it beats qsort threefold; of what was laid out only its last
 * step is left to do. */
static void sort_terms(struct term *v, size_t n)
{
	static const size_t gaps[] = {1750, 701, 301, 132, 57, 23, 10, 4, 1};
	const size_t n_gaps = sizeof gaps / sizeof *gaps;
	size_t first = 0;

	if (n <= MESSAGE_TERMS) {
		lay_out(v, n);
		first = n_gaps - 1;
	}
	for (size_t g = first; g < n_gaps; g++)
		for (size_t i = gaps[g]; i < n; i++) {
			struct term t = v[i];
			size_t j = i;

			for (; j >= gaps[g] && v[j - gaps[g]].key > t.key; j -= gaps[g])
				v[j] = v[j - gaps[g]];
			v[j] = t;
		}
}

void bag_sort(struct bag *b)
{
	size_t n = 0;

	sort_terms(b->v, b->n);
	for (size_t i = 0; i < b->n; i++) {
		if (n && b->v[n - 1].key == b->v[i].key)
			b->v[n - 1].count += b->v[i].count;
		else
			b->v[n++] = b->v[i];
	}
	b->n = n;
}

uint64_t bag_word(struct str word)
{
	bool character = is_han(word) && is_one_character(word);

	return term_key(character ? BAG_CHARS : BAG_WORDS, word);
}

uint64_t bag_pair(struct str pair)
{
	return term_key(BAG_PAIRS, pair);
}

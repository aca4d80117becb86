#include "text/spell_sound.h"

#include <math.h>
#include <stdlib.h>

#include "text/pinyin.h"
#include "text/utf8.h"

enum {
	NAT = SEGMENT_SCALE,
	FIX_COST = 3 * NAT,	   /* a word was mistyped */
	CHANGE_COST = 3 * NAT,	   /* each character of it */
	NEAR_COST = 5 * NAT,	   /* if it sounds alike only folded */
	RARE_COST = NAT,	   /* it became another that exists */
	RARE_ABOVE = 13 * NAT / 8, /* ln 5: seen five times or less in jieba's 60 million words */
	SPELLINGS_MAX = 16,	   /* of a word with characters of several readings */
	RUN_MAX = SEGMENT_WORDS,   /* characters; the rest of a longer run is not looked at */
};

struct meant {
	struct str text;
	uint32_t cost;
};

struct sound {
	uint32_t word;
	bool last; /* of its key */
};

struct spell_sounds {
	const struct segmenter *segmenter;
	struct meant *words;
	struct sound *sounds; /* by key */
	uint64_t *pairs;      /* characters that stand side by side, sorted */
	size_t n_pairs;
	struct dat keys; /* readings, two bytes each -> where its sounds begin */
};

/* ---- building ---- */

struct pair {
	struct str key;
	uint32_t word;
};

struct builder {
	struct arena *arena;
	struct pair *v;
	size_t n, cap;
};

static void put_reading(char out[2], uint16_t reading)
{
	out[0] = (char)(reading / 32 + 1);
	out[1] = (char)(reading % 32 + 1);
}

static size_t read_folded(uint32_t cp, uint16_t out[PINYIN_READINGS_MAX])
{
	size_t n = pinyin_read(cp, out);

	for (size_t i = 0; i < n; i++)
		out[i] = pinyin_fold(out[i]);
	return n == 2 && out[0] == out[1] ? 1 : n;
}

/* The folded readings of each character; returns how many characters, 0 when one has none. */
static size_t read_all(struct str text, uint16_t readings[][PINYIN_READINGS_MAX], size_t counts[],
		       size_t max)
{
	size_t n = 0;
	uint32_t cp;

	for (size_t i = 0; i < text.n; n++) {
		if (n == max)
			return 0;
		i += utf8_decode(text.p + i, text.n - i, &cp);
		counts[n] = read_folded(cp, readings[n]);
		if (counts[n] == 0)
			return 0;
	}
	return n;
}

/* A key for each way to read the word, while they are few; then the customary readings. */
static void add_keys(struct builder *b, struct str text, uint32_t word)
{
	uint16_t readings[SPELL_SOUND_MAX][PINYIN_READINGS_MAX];
	size_t counts[SPELL_SOUND_MAX], ways = 1;
	size_t n = read_all(text, readings, counts, SPELL_SOUND_MAX);

	for (size_t i = 0; i < n; i++) {
		if (ways * counts[i] > SPELLINGS_MAX)
			counts[i] = 1;
		ways *= counts[i];
	}
	for (size_t way = 0; n >= SPELL_SOUND_MIN && way < ways; way++) {
		char *key = arena_alloc(b->arena, 2 * n);
		size_t rest = way;

		for (size_t i = 0; i < n; i++) {
			put_reading(key + 2 * i, readings[i][rest % counts[i]]);
			rest /= counts[i];
		}
		ARENA_PUSH(b->arena, b->v, b->n, b->cap, ((struct pair){{key, 2 * n}, word}));
	}
}

static int compare_pairs(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	int order = str_cmp(a->key, b->key);

	return order ? order : a->word < b->word ? -1 : a->word > b->word;
}

static uint32_t cost_of(const struct segmenter *s, const struct spell_word *w, double total)
{
	double share = w->weight ? w->weight / total : 1 / (total + 1);
	uint32_t here = (uint32_t)lround(-log(share) * NAT), anywhere = segment_cost(s, w->text);

	return here < anywhere ? here : anywhere;
}

static void index_keys(struct arena *a, struct spell_sounds *s, struct builder *b)
{
	struct dat_key *keys = ARENA_ARRAY(b->arena, struct dat_key, b->n);
	size_t n = 0;

	if (b->n)
		qsort(b->v, b->n, sizeof *b->v, compare_pairs);
	s->sounds = ARENA_ARRAY(a, struct sound, b->n);
	for (size_t i = 0; i < b->n; i++) {
		bool first = i == 0 || !str_eq(b->v[i].key, b->v[i - 1].key);
		bool last = i + 1 == b->n || !str_eq(b->v[i].key, b->v[i + 1].key);

		if (first)
			keys[n++] = (struct dat_key){b->v[i].key, (uint32_t)i};
		s->sounds[i] = (struct sound){b->v[i].word, last};
	}
	if (dat_build(a, keys, n, &s->keys) < 0 || n == 0)
		s->keys = (struct dat){0};
}

static uint64_t pair_of(uint32_t x, uint32_t y)
{
	return (uint64_t)x << 32 | y;
}

static uint32_t *find_pair(const struct spell_pairs *pairs, uint64_t pair)
{
	size_t i = (size_t)(pair * 0x9e3779b97f4a7c15ULL >> 32) & (pairs->n_slots - 1);

	while (pairs->slots[i] && pairs->v[pairs->slots[i] - 1] != pair)
		i = (i + 1) & (pairs->n_slots - 1);
	return &pairs->slots[i];
}

void spell_pairs_put(struct arena *a, struct spell_pairs *pairs, uint64_t pair)
{
	uint32_t *slot;

	if (2 * (pairs->n + 1) > pairs->n_slots) {
		pairs->n_slots = pairs->n_slots ? 2 * pairs->n_slots : 4096;
		pairs->slots = ARENA_ARRAY(a, uint32_t, pairs->n_slots);
		for (size_t i = 0; i < pairs->n; i++)
			*find_pair(pairs, pairs->v[i]) = (uint32_t)i + 1;
	}
	slot = find_pair(pairs, pair);
	if (*slot)
		return;
	ARENA_PUSH(a, pairs->v, pairs->n, pairs->cap, pair);
	*slot = (uint32_t)pairs->n;
}

void spell_pairs_add(struct arena *a, struct spell_pairs *pairs, struct str text)
{
	uint32_t before = 0, cp;

	for (size_t i = 0; i < text.n; before = cp) {
		i += utf8_decode(text.p + i, text.n - i, &cp);
		if (utf8_is_han(before) && utf8_is_han(cp))
			spell_pairs_put(a, pairs, pair_of(before, cp));
	}
}

static int compare_numbers(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? -1 : a > b;
}

static void keep_pairs(struct arena *a, struct spell_sounds *s, const struct spell_pairs *said)
{
	s->pairs = ARENA_ARRAY(a, uint64_t, said->n);
	s->n_pairs = said->n;
	if (!said->n)
		return;
	memcpy(s->pairs, said->v, said->n * sizeof *s->pairs);
	qsort(s->pairs, s->n_pairs, sizeof *s->pairs, compare_numbers);
}

const struct spell_sounds *spell_sounds_new(struct arena *a, const struct segmenter *segmenter,
					    const struct spell_word *v, size_t n,
					    const struct spell_pairs *said)
{
	struct spell_sounds *s = ARENA_NEW(a, struct spell_sounds);
	struct arena scratch;
	struct builder b = {.arena = &scratch};
	double total = 1;

	arena_init(&scratch);
	s->segmenter = segmenter;
	s->words = ARENA_ARRAY(a, struct meant, n);
	for (size_t i = 0; i < n; i++)
		total += v[i].meant ? v[i].weight : 0;
	for (size_t i = 0; i < n; i++) {
		if (!v[i].meant)
			continue;
		s->words[i] = (struct meant){v[i].text, cost_of(segmenter, &v[i], total)};
		add_keys(&b, v[i].text, (uint32_t)i);
	}
	index_keys(a, s, &b);
	keep_pairs(a, s, said);
	arena_done(&scratch);
	return s;
}

/* ---- finding ---- */

/* A run on its way: arrays by character, costs and ways from it to the end. */
struct run {
	const struct spell_sounds *s;
	struct str text;
	size_t n;
	uint16_t at[RUN_MAX + 1]; /* byte */
	uint16_t readings[RUN_MAX][PINYIN_READINGS_MAX];
	size_t counts[RUN_MAX];
	bool firm[RUN_MAX]; /* part of a known word of two characters and more */
	uint32_t cost[RUN_MAX + 1];
	uint16_t next[RUN_MAX];
	const struct meant *fix[RUN_MAX]; /* what the stretch up to next is read as; NULL: itself */
};

enum standing { UNKNOWN, RARE, KNOWN };

static enum standing standing_of(const struct segmenter *s, struct str word)
{
	uint32_t cost;

	if (s->terms.n && dat_get(&s->terms, word, &cost))
		return KNOWN;
	if (!dat_get(&s->dictionary, word, &cost))
		return UNKNOWN;
	return cost + RARE_ABOVE >= s->unknown ? RARE : KNOWN;
}

/* False when nothing in the run stands alone. */
static bool read_run(const struct utterance *u, size_t first, size_t last, struct run *r)
{
	size_t from = u->tokens[first].at;
	bool loose = false;
	uint32_t cp;

	r->n = 0;
	for (size_t t = first; t < last; t++) {
		const struct token *token = &u->tokens[t];
		bool firm = token->text.n > 4 && standing_of(r->s->segmenter, token->text) == KNOWN;

		for (size_t i = 0; i < token->text.n && r->n < RUN_MAX; r->n++) {
			r->at[r->n] = (uint16_t)(token->at - from + i);
			r->firm[r->n] = firm;
			i += utf8_decode(token->text.p + i, token->text.n - i, &cp);
			r->counts[r->n] = read_folded(cp, r->readings[r->n]);
			r->at[r->n + 1] = (uint16_t)(token->at - from + i);
		}
		loose |= !firm;
	}
	r->text = str_sub(u->normal.text, from, from + r->at[r->n]);
	return loose;
}

static void take(struct run *r, size_t from, size_t to, uint32_t cost, const struct meant *fix)
{
	cost += r->cost[to];
	if (cost >= r->cost[from])
		return;
	r->cost[from] = cost;
	r->next[from] = (uint16_t)to;
	r->fix[from] = fix;
}

static void try_words(struct run *r, const struct dat *d, size_t from)
{
	uint32_t node = DAT_ROOT, cost;

	for (size_t i = r->at[from], to = from + 1; i < r->text.n; i++) {
		if (!dat_step(d, &node, (unsigned char)r->text.p[i]))
			return;
		if (i + 1 < r->at[to])
			continue;
		if (dat_value(d, node, &cost))
			take(r, from, to, cost, NULL);
		to++;
	}
}

static bool sound_alike(uint32_t x, uint32_t y)
{
	uint16_t a[PINYIN_READINGS_MAX], b[PINYIN_READINGS_MAX];
	size_t n = pinyin_read(x, a), m = pinyin_read(y, b);

	for (size_t i = 0; i < n * m; i++) {
		if (a[i / m] == b[i % m])
			return true;
	}
	return false;
}

/* What it costs to have meant b and typed a; 0 when they are the same. */
static uint32_t change_cost(struct str a, struct str b)
{
	uint32_t cost = 0, x, y;

	for (size_t i = 0, k = 0; i < a.n && k < b.n;) {
		i += utf8_decode(a.p + i, a.n - i, &x);
		k += utf8_decode(b.p + k, b.n - k, &y);
		if (x != y)
			cost += sound_alike(x, y) ? CHANGE_COST : NEAR_COST;
	}
	return cost;
}

static bool all_firm(const struct run *r, size_t from, size_t to)
{
	while (from < to && r->firm[from])
		from++;
	return from == to;
}

/* Each two neighbours of the stretch stand side by side somewhere in the rules. */
static bool is_said(const struct spell_sounds *s, struct str stretch)
{
	uint32_t before = 0, cp;

	for (size_t i = 0; i < stretch.n; before = cp) {
		uint64_t pair;

		i += utf8_decode(stretch.p + i, stretch.n - i, &cp);
		pair = pair_of(before, cp);
		if (before && !bsearch(&pair, s->pairs, s->n_pairs, sizeof pair, compare_numbers))
			return false;
	}
	return true;
}

static void try_sounds(struct run *r, size_t from, size_t to, const struct sound *sound)
{
	struct str typed = str_sub(r->text, r->at[from], r->at[to]);
	enum standing standing = standing_of(r->s->segmenter, typed);
	uint32_t cost = FIX_COST + (standing == RARE ? RARE_COST : 0);

	if (standing == KNOWN || all_firm(r, from, to) || is_said(r->s, typed))
		return;
	do {
		const struct meant *m = &r->s->words[sound->word];
		uint32_t changed = change_cost(typed, m->text);

		if (changed)
			take(r, from, to, cost + changed + m->cost, m);
	} while (!sound++->last);
}

/* Words of the sound of [from, to) and on; both readings of a character are tried. */
static void walk_sounds(struct run *r, size_t from, size_t to, uint32_t node)
{
	for (size_t i = 0; to < r->n && i < r->counts[to]; i++) {
		uint32_t next = node, at;
		char key[2];

		put_reading(key, r->readings[to][i]);
		if (!dat_step(&r->s->keys, &next, (unsigned char)key[0]) ||
		    !dat_step(&r->s->keys, &next, (unsigned char)key[1]))
			continue;
		if (dat_value(&r->s->keys, next, &at))
			try_sounds(r, from, to + 1, &r->s->sounds[at]);
		walk_sounds(r, from, to + 1, next);
	}
}

static void cut(struct run *r)
{
	const struct segmenter *s = r->s->segmenter;

	r->cost[r->n] = 0;
	for (size_t i = r->n; i-- > 0;) {
		r->cost[i] = UINT32_MAX;
		take(r, i, i + 1, s->unknown, NULL);
		try_words(r, &s->dictionary, i);
		if (s->terms.n)
			try_words(r, &s->terms, i);
		walk_sounds(r, i, i, DAT_ROOT);
	}
}

size_t spell_sounds_find(const struct spell_sounds *s, const struct utterance *u, size_t first,
			 size_t last, struct spell_sound_fix *out, size_t max)
{
	size_t n = 0, from = u->tokens[first].at;
	struct run r = {.s = s};

	if (!s->keys.n || !read_run(u, first, last, &r))
		return 0;
	cut(&r);
	for (size_t i = 0; i < r.n && n < max; i = r.next[i]) {
		if (r.fix[i])
			out[n++] = (struct spell_sound_fix){from + r.at[i], from + r.at[r.next[i]],
							    r.fix[i]->text};
	}
	return n;
}
